from odoo import api, fields, models


class GckParametros(models.Model):
    """The company's outgoing mail server, which needs no authentication (M-7)."""

    _name = "gck.parametros"
    _inherit = ["gck.parametros"]

    gck_mail_server_id = fields.Many2one(
        related="company_id.gck_mail_server_id", readonly=False
    )
    gck_mail_server_user = fields.Char(
        string="User of the outgoing server", compute="_compute_gck_mail_server_user"
    )

    @api.depends("gck_mail_server_id")
    def _compute_gck_mail_server_user(self):
        for parametros in self:
            parametros.gck_mail_server_user = (
                parametros.company_id._gck_get_mail_server_user()
            )

    def action_test_mail_server(self):
        """Send a real message to the user through the server, and tell the result.

        :raises UserError: saying what is missing, or what the server answered
        """
        self.ensure_one()
        self._check_current()
        address = self.company_id._gck_send_test_mail()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.env._("Message sent"),
                "message": self.env._(
                    "The server took the message for %s. Look whether it arrived.",
                    address,
                ),
                "sticky": True,
            },
        }
