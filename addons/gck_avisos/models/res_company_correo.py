import smtplib

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import config, email_normalize

from odoo.addons.base.models.ir_mail_server import MailDeliveryException


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["res.company"]

    gck_mail_server_id = fields.Many2one(
        "ir.mail_server",
        string="Outgoing mail server",
        # A personal server only sends its owner's mails.
        domain=[("owner_user_id", "=", False)],
        ondelete="restrict",
        help="The company's e-mails of GCK go out through it, whatever the default "
        "server is. Empty: the default server.",
    )

    def _gck_get_mail_server(self):
        """Return the server that the company's e-mails of the suite go through (M-7).

        :return: an ``ir.mail_server`` as superuser, empty when Odoo is to choose
        :raises UserError: when the chosen one was archived meanwhile
        """
        self.ensure_one()
        # sudo: only administrators read servers; whoever writes mails uses them.
        server = self.sudo().gck_mail_server_id
        if server and not server.active:
            raise UserError(
                self.env._(
                    "The outgoing mail server «%s» is archived: choose another one in "
                    "the parameters of GCK.",
                    server.name,
                )
            )
        return server

    def _gck_get_mail_server_user(self):
        """Return the user that the company's server logs in with, if any."""
        self.ensure_one()
        # sudo: as above; the password is never read.
        server = self.sudo().gck_mail_server_id
        if server.smtp_authentication == "cli":
            return config.get("smtp_user") or ""
        return server.smtp_user or ""

    def _gck_send_test_mail(self):
        """Send a real message to the user through the company's server.

        :return: the address that it was sent to
        :raises UserError: saying what is missing, or what the server answered
        """
        self.ensure_one()
        server = self._gck_get_mail_server()
        if not server:
            raise UserError(
                self.env._("Choose the outgoing mail server first, then test it.")
            )
        address = email_normalize(self.env.user.email)
        if not address:
            raise UserError(
                self.env._(
                    "You have no valid e-mail address to send the test to. Put it in "
                    "your preferences."
                )
            )
        message = server._build_email__(
            email_from=self.env.user.email_formatted,
            email_to=[address],
            subject=self.env._("Test of the outgoing mail server of %s", self.name),
            body=self.env._(
                "This message left through «%(server)s». E-mails of GCK can be sent.",
                server=server.name,
            ),
        )
        try:
            server.send_email(message, mail_server_id=server.id)
        except (MailDeliveryException, smtplib.SMTPException, OSError) as error:
            reason = " ".join(str(argument) for argument in error.args)
            raise UserError(
                self.env._(
                    "The message could not be sent through «%(server)s» "
                    "(%(host)s:%(port)s). Check address, port and encryption. The "
                    "answer was: %(reason)s",
                    server=server.name,
                    host=server.smtp_host or "",
                    port=server.smtp_port,
                    reason=reason,
                )
            ) from error
        return address
