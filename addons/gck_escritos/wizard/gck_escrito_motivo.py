from odoo import fields, models
from odoo.exceptions import UserError


class GckEscritoMotivo(models.TransientModel):
    """Asks why a procedure is sent back or withdrawn."""

    _name = "gck.escrito.motivo"
    _description = "Reason of a change of a procedure"

    escrito_id = fields.Many2one("gck.escrito", required=True, ondelete="cascade")
    transition = fields.Selection(
        selection=[("send_back", "Send back"), ("withdraw", "Withdraw")], required=True
    )
    reason = fields.Text()

    def action_confirm(self):
        """Do it, with the reason.

        :raises UserError: without one
        """
        self.ensure_one()
        reason = (self.reason or "").strip()
        if not reason:
            raise UserError(self.env._("Write the reason."))
        methods = {
            "send_back": self.escrito_id._do_send_back,
            "withdraw": self.escrito_id._do_withdraw,
        }
        methods[self.transition](reason)
        return {"type": "ir.actions.act_window_close"}
