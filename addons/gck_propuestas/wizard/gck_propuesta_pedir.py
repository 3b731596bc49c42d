from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty


class GckPropuestaPedir(models.TransientModel):
    """The mail that asks a prospect for its documents (O-31)."""

    _name = "gck.propuesta.pedir"
    _description = "Ask for documents"

    lead_id = fields.Many2one("crm.lead", required=True, ondelete="cascade")
    email = fields.Char(related="lead_id.email_from", string="To")
    subject = fields.Char(required=True)
    body = fields.Html(string="Message", required=True)

    def action_send(self):
        """Send the mail; the documents count as asked for."""
        self.ensure_one()
        self.lead_id.check_access("write")
        if is_html_empty(self.body):
            raise UserError(self.env._("Write the message first."))
        self.lead_id._gck_post_request(self.lead_id, self.subject, self.body)
        return {"type": "ir.actions.act_window_close"}
