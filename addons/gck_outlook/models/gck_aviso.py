import base64
import binascii

from dateutil import parser
from pytz import UTC

from odoo import api, fields, models
from odoo.exceptions import UserError


class GckAviso(models.Model):
    _inherit = "gck.aviso"

    @api.model
    def _create_from_panel(
        self, body, subject, partner, email_from, message_id, timestamp, attachments
    ):
        """Make a notice of the mail that is open in a mail client (K-4).

        :param Markup body: sanitised
        :param partner: the ``res.partner`` that the panel shows, or none
        :param str message_id: of the mail; if the company has a notice of it, that one
            is returned
        :param str timestamp: of the mail
        :param list attachments: pairs of name and content in base64
        :return: the notice, and whether it is a new one
        :raises UserError: when a file cannot be read
        """
        self.check_access("create")
        company = self.env.company
        known = message_id and self._find_by_message_id(message_id, company)
        if known:
            return known, False
        Attachment = self.env["mail.thread"]._Attachment
        try:
            files = [
                Attachment(name, base64.b64decode(content), {})
                for name, content in attachments or ()
            ]
        except (TypeError, ValueError, binascii.Error) as error:
            raise UserError(
                self.env._("A file of the mail is damaged. Send it without files.")
            ) from error
        msg_dict = {
            "subject": subject,
            "body": body,
            "email_from": email_from or partner.email_formatted or False,
            "message_id": message_id or False,
            "date": self._parse_panel_date(timestamp),
            "attachments": files,
        }
        vals = {"arrival": "outlook"}
        if partner:
            vals.update(self._prepare_partner_vals(partner))
            vals.update(sender_unknown=False, lead_id=False, caller_name=False)
        procedencia = self._get_procedencia("email")
        return self._create_from_file(msg_dict, procedencia, vals=vals), True

    @api.model
    def _parse_panel_date(self, timestamp):
        """Return a moment as the server keeps it; none when it is not understood."""
        try:
            moment = parser.parse(timestamp or "")
        except (TypeError, ValueError, OverflowError):
            return False
        if moment.tzinfo:
            moment = moment.astimezone(UTC).replace(tzinfo=None)
        return fields.Datetime.to_string(moment)
