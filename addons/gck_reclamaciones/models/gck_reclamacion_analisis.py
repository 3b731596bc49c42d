from odoo import api, fields, models


class GckReclamacionAccion(models.Model):
    _inherit = "gck.reclamacion.accion"

    punctuality = fields.Selection(
        selection=[("on_time", "On time"), ("late", "Late")],
        compute="_compute_punctuality",
        store=True,
        help="Whether what is done was done by its deadline. Empty: it is not done, or "
        "had no deadline.",
    )

    @api.depends("state", "date_done", "date_deadline")
    def _compute_punctuality(self):
        for accion in self:
            punctuality = False
            if accion.state == "done" and accion.date_deadline and accion.date_done:
                on_time = accion.date_done <= accion.date_deadline
                punctuality = "on_time" if on_time else "late"
            accion.punctuality = punctuality


class GckReclamacionCoste(models.Model):
    _inherit = "gck.reclamacion.coste"

    product_id = fields.Many2one(
        related="reclamacion_id.product_id", store=True, index="btree_not_null"
    )

    def action_view_reclamacion(self):
        """Open the claim that had the cost."""
        self.ensure_one()
        return self.reclamacion_id._get_records_action()
