from odoo import fields, models
from odoo.exceptions import UserError


class GckAccionReasignar(models.TransientModel):
    """Hands actions to another person or department (K-2, K-38)."""

    _name = "gck.accion.reasignar"
    _description = "Reassign actions"
    _inherit = ["gck.accion.seleccion.mixin"]

    user_id = fields.Many2one(
        "res.users", string="New responsible", domain=[("share", "=", False)]
    )
    department_id = fields.Many2one("hr.department", string="New department")
    note = fields.Text(string="Message")

    def action_confirm(self):
        """Reassign; the history keeps both names.

        :raises UserError: when neither person nor department was chosen
        """
        actions = self._get_actions()
        vals = {}
        if self.department_id:
            vals["department_id"] = self.department_id.id
        if self.user_id or self.department_id:
            # A department alone: its manager hands the work out.
            vals["user_id"] = self.user_id.id
        if not vals:
            raise UserError(self.env._("Choose a person or a department."))
        pending = actions._filter_pending()
        if not pending:
            raise UserError(
                self.env._(
                    "These are closed and cannot be reassigned: %s.",
                    actions._accion_join_names(actions),
                )
            )
        pending._accion_write_logged([(pending, vals)], self.note)
        return {"type": "ir.actions.act_window_close"}
