from odoo import fields, models


class GckReclamacion(models.Model):
    """A nonconformity of the workshop says at which work centre it was seen (O-20)."""

    _inherit = "gck.reclamacion"

    workcenter_id = fields.Many2one(
        "mrp.workcenter",
        string="Work centre",
        index="btree_not_null",
        check_company=True,
        tracking=True,
        help="Where in the workshop it was seen.",
    )

    def _gck_prepare_reclamacion_vals(self):
        """A claim raised from this one is about the same work centre."""
        vals = super()._gck_prepare_reclamacion_vals()
        if self.workcenter_id:
            vals["workcenter_id"] = self.workcenter_id.id
        return vals
