import logging
from email.generator import BytesGenerator
from io import BytesIO

from odoo import models

from .gck_escrito_correo import COPY_HEADER

_logger = logging.getLogger(__name__)


class IrMailServer(models.Model):
    _name = "ir.mail_server"
    _inherit = ["ir.mail_server"]

    def send_email(self, message, *args, **kwargs):
        """Keep a copy of the e-mails of the suite exactly as they left (M-48)."""
        escrito_id = message[COPY_HEADER]
        if escrito_id:
            # Gives the parts their boundaries, which would be drawn at random again.
            self._gck_flatten(message)
        result = super().send_email(message, *args, **kwargs)
        if escrito_id:
            self._gck_keep_copy(int(escrito_id), message)
        return result

    def _gck_keep_copy(self, escrito_id, message):
        """Keep a message that left; it left, whatever happens to its copy."""
        # sudo: the header was set by the suite; whoever runs the queue keeps the copy.
        escrito = self.env["gck.escrito"].sudo().browse(escrito_id).exists()
        try:
            with self.env.cr.savepoint():
                if escrito:
                    escrito._keep_copy(self._gck_flatten(message))
        except Exception:
            # A mail that left must not be taken for one that failed, and sent again.
            _logger.exception("The copy of an e-mail could not be kept")

    def _gck_flatten(self, message):
        """Return the bytes of a message, as ``smtplib`` makes them."""
        stream = BytesIO()
        BytesGenerator(stream).flatten(message, linesep="\r\n")
        return stream.getvalue()
