import email
import email.policy

from odoo import api, fields, models
from odoo.tools import html_escape


class GckEscritoVista(models.TransientModel):
    """An e-mail as its recipient gets it, before it leaves or after (M-48)."""

    _name = "gck.escrito.vista"
    _description = "E-mail as it arrives"

    escrito_id = fields.Many2one("gck.escrito", required=True, ondelete="cascade")
    is_draft = fields.Boolean(compute="_compute_message")
    email_from = fields.Char(string="From", compute="_compute_message")
    email_to = fields.Char(string="To", compute="_compute_message")
    recipients = fields.Char(string="Sent to each of", compute="_compute_message")
    reply_to = fields.Char(string="Answers to", compute="_compute_message")
    subject = fields.Char(compute="_compute_message")
    date = fields.Char(compute="_compute_message")
    files = fields.Char(string="Attachments", compute="_compute_message")
    server = fields.Char(string="Through", compute="_compute_message")
    body = fields.Text(compute="_compute_message")

    @api.depends("escrito_id")
    def _compute_message(self):
        for vista in self:
            escrito = vista.escrito_id
            # sudo: the copy belongs to the e-mail, which the reader reads.
            copy = escrito.copy_documento_id.sudo().version_id.attachment_id
            content = copy.raw if copy else escrito._build_preview()
            message = email.message_from_bytes(content, policy=email.policy.default)
            part = message.get_body(preferencelist=("html", "plain"))
            text = part.get_content() if part else ""
            if part and part.get_content_type() == "text/plain":
                text = f"<pre>{html_escape(text)}</pre>"
            vista.is_draft = not escrito.is_locked
            vista.email_from = message["From"]
            vista.email_to = message["To"]
            vista.recipients = ", ".join(
                line._get_formatted() for line in escrito.destinatario_ids
            )
            vista.reply_to = message["Reply-To"]
            vista.subject = message["Subject"]
            vista.date = message["Date"]
            vista.files = ", ".join(
                attachment.get_filename() or ""
                for attachment in message.iter_attachments()
            )
            server = escrito.company_id._gck_get_mail_server()
            vista.server = escrito.mail_server_name or (
                server.name or self.env._("Default server")
            )
            vista.body = text

    def action_send(self):
        """Send what was looked at."""
        self.ensure_one()
        self.escrito_id.action_issue()
        return {"type": "ir.actions.act_window_close"}
