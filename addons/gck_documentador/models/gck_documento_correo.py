import os
from datetime import datetime

import pytz

from odoo import api, fields, models
from odoo.tools import email_normalize

from ..tools.extract import read_mail

MAIL_EXTENSIONS = (".eml", ".msg")
# Larger ones are stored under their own name.
MAIL_BYTES = 64 << 20


class GckDocumento(models.Model):
    """E-mails that are kept as files (K-29)."""

    _name = "gck.documento"
    _inherit = ["gck.documento"]

    @api.model
    def _is_mail(self, filename):
        return (filename or "").lower().endswith(MAIL_EXTENSIONS)

    @api.model
    def _read_mail_vals(self, source, filename):
        """Return what an e-mail says of the document that it becomes.

        :param source: its path, or its bytes
        :return: dict with ``title`` (the subject), ``date`` and ``partner_id``, those
            that are known; empty for what is no e-mail
        """
        if not self._is_mail(filename):
            return {}
        is_path = isinstance(source, str)
        if (os.path.getsize(source) if is_path else len(source)) > MAIL_BYTES:
            return {}
        mail = read_mail(source, filename)
        if not mail:
            return {}
        vals = {}
        if mail["subject"]:
            vals["title"] = mail["subject"]
        date = self._parse_mail_date(mail["date"])
        if date:
            vals["date"] = date.date()
        partner = self._find_mail_partner(mail)
        if partner:
            vals["partner_id"] = partner.commercial_partner_id.id
        return vals

    @api.model
    def _parse_mail_date(self, text):
        """Return the moment of an e-mail in the user's time zone."""
        if not text:
            return None
        moment = datetime.fromisoformat(text)
        if moment.tzinfo:
            moment = moment.astimezone(pytz.utc).replace(tzinfo=None)
        return fields.Datetime.context_timestamp(self, moment)

    @api.model
    def _find_mail_partner(self, mail):
        """Return who from outside an e-mail is from, or else to."""
        addresses = [
            address
            for name in ("from", "to", "cc")
            for address in self._split_addresses(mail[name])
        ]
        if not addresses:
            return self.env["res.partner"]
        partners = self.env["res.partner"].search(
            [("email_normalized", "in", addresses), ("partner_share", "=", True)]
        )
        by_address = {}
        for partner in partners:
            by_address.setdefault(partner.email_normalized, partner)
        for address in addresses:
            if address in by_address:
                return by_address[address]
        return self.env["res.partner"]

    @api.model
    def _split_addresses(self, text):
        pieces = (text or "").split(",")
        return list(filter(None, (email_normalize(piece) for piece in pieces)))
