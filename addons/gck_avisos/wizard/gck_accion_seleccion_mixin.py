from odoo import fields, models
from odoo.exceptions import UserError


class GckAccionSeleccionMixin(models.AbstractModel):
    """A dialog about some actions of one kind."""

    _name = "gck.accion.seleccion.mixin"
    _description = "GCK dialog on actions"

    res_model = fields.Char(string="Model", required=True)
    res_ids = fields.Json(string="Records", required=True)
    # Of all records of a list that has more than the client hands over as ids.
    res_domain = fields.Json(export_string_translation=False)

    def _get_actions(self):
        """Return the actions that the dialog is about, those that still exist.

        :raises UserError: when none is left, or the model is no kind of action
        """
        self.ensure_one()
        kinds = self.env.registry.descendants(["gck.accion.mixin"], "_inherit")
        if self.res_model not in kinds or self.env[self.res_model]._abstract:
            raise UserError(self.env._("Choose some actions first."))
        actions = self.env[self.res_model].browse(self.res_ids or []).exists()
        if not actions:
            raise UserError(
                self.env._("Nothing is left to change: it was deleted meanwhile.")
            )
        return actions.with_context(
            active_model=self.res_model, active_domain=self.res_domain
        )

    def _close_dialog(self, notification=False):
        """Return the action that closes the dialog, after a notification if any."""
        close = {"type": "ir.actions.act_window_close"}
        if notification:
            notification["params"]["next"] = close
        return notification or close
