from odoo import fields, models
from odoo.exceptions import UserError

from ..models.gck_asignable_mixin import STAFF_DOMAIN


class GckAccionReasignar(models.TransientModel):
    """Hands actions to another person or department (K-2, K-38)."""

    _name = "gck.accion.reasignar"
    _description = "Reassign actions"
    _inherit = ["gck.accion.seleccion.mixin"]

    user_id = fields.Many2one(
        "res.users", string="New responsible", domain=STAFF_DOMAIN
    )
    department_id = fields.Many2one("hr.department", string="New department")
    note = fields.Text(string="Message")

    def action_confirm(self):
        """Reassign, many in the background; the history keeps both names.

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
        if not actions._filter_pending():
            raise UserError(
                self.env._(
                    "These are closed and cannot be reassigned: %s.",
                    actions._accion_join_names(actions),
                )
            )
        return self._close_dialog(
            actions._gck_bulk(
                "_bulk_reassign",
                {"vals": vals, "note": self.note},
                title=self.env._("Reassign"),
                running=self.env._(
                    "%s actions are being reassigned in the background."
                ),
            )
        )
