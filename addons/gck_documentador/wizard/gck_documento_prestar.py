from odoo import fields, models
from odoo.exceptions import UserError


class GckDocumentoPrestar(models.TransientModel):
    """The dialog that notes down who takes a physical document, until when."""

    _name = "gck.documento.prestar"
    _description = "Lend a document"

    documento_id = fields.Many2one(
        "gck.documento", string="Document", required=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Given to",
        required=True,
        domain="[('share', '=', False)]",
        default=lambda self: self.env.user,
    )
    date_return = fields.Date(
        string="Back on", help="That day whoever has it is reminded to give it back."
    )
    note = fields.Char()

    def action_confirm(self):
        """Note down who has the document, and remind them of the day to return it."""
        self.ensure_one()
        documento = self.documento_id
        documento.check_access("write")
        documento._check_not_locked()
        if not documento.is_physical:
            raise UserError(
                self.env._(
                    "«%s» is a file: check it out instead of lending it.",
                    documento.name,
                )
            )
        if self.date_return and self.date_return < fields.Date.context_today(self):
            raise UserError(self.env._("The day to give it back has passed already."))
        documento._lock_for(self.user_id)
        documento._message_log(
            body=self.env._(
                "Given to %(user)s. %(note)s",
                user=self.user_id.name,
                note=self.note or "",
            )
        )
        if self.date_return:
            documento.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=self.date_return,
                summary=self.env._("Give «%s» back", documento.name),
                user_id=self.user_id.id,
            )
        return {"type": "ir.actions.act_window_close"}
