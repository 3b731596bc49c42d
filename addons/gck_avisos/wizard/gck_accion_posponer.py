from odoo import fields, models


class GckAccionPosponer(models.TransientModel):
    """Asks by how many hours actions are postponed."""

    _name = "gck.accion.posponer"
    _description = "Postpone actions"
    _inherit = ["gck.accion.seleccion.mixin"]

    hours = fields.Float(
        required=True,
        default=24.0,
        help="Counted from the later of now and the planned moment.",
    )

    def action_confirm(self):
        """Postpone by the hours given."""
        self._get_actions().action_postpone(self.hours)
        return {"type": "ir.actions.act_window_close"}
