from odoo import api, fields, models


class GckReclamacionParteMixin(models.AbstractModel):
    """A part of a claim: nothing of it changes once the claim has ended (O-15)."""

    _name = "gck.reclamacion.parte.mixin"
    _description = "Part of a claim"

    # Fields that may change in a claim that has ended.
    _parte_free_fields = frozenset()

    reclamacion_id = fields.Many2one(
        "gck.reclamacion",
        string="Claim",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Add parts to claims that have not ended.

        :raises UserError: naming the claims that have
        """
        parts = super().create(vals_list)
        parts.reclamacion_id._on_part_changed()
        return parts

    def write(self, vals):
        """Change parts of claims that have not ended.

        :raises AccessError: when they are moved to a claim out of the user's reach
        :raises UserError: naming the claims that have ended
        """
        if vals.get("reclamacion_id"):
            # Rules look at the claim that they come from only.
            target = self.env["gck.reclamacion"].browse(vals["reclamacion_id"])
            target.check_access("write")
        if vals.keys() <= self._parte_free_fields:
            return super().write(vals)
        self.reclamacion_id._on_part_changed()
        result = super().write(vals)
        if "reclamacion_id" in vals:
            self.reclamacion_id._on_part_changed()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ended(self):
        self.reclamacion_id._on_part_changed()
