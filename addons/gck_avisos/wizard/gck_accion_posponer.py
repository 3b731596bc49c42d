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
        """Postpone by the hours given; many in the background."""
        return self._close_dialog(
            self._get_actions()._gck_bulk(
                "_bulk_postpone",
                {"hours": self.hours},
                title=self.env._("Postpone"),
                running=self.env._("%s actions are being postponed in the background."),
            )
        )
