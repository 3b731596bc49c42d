import hashlib
import io
import logging
import os

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.pdf import PdfFileReader

from ..tools import correo, outlook
from .gck_correo_mixin import _INCOMING

_logger = logging.getLogger(__name__)

PDF_MAGIC = b"%PDF-"


class GckAviso(models.Model):
    """Mails and faxes that somebody drops on Reception as files (K-8, K-9)."""

    _name = "gck.aviso"
    _inherit = ["gck.aviso"]

    @api.model
    def _import_file(self, name, content):
        """Make a notice of a file, or say why not; never half a notice.

        :param str name: of the file
        :param bytes content: of the file
        :return: ``{"file", "status": "created", "duplicate" or "refused", "id",
            "notice", "reason"}``
        :raises AccessError: when the user may not create notices
        """
        self.check_access("create")
        result = {"file": name, "id": False, "notice": "", "reason": ""}
        try:
            with self.env.cr.savepoint():
                status, aviso = self._import_content(name, content)
        except (UserError, AccessError) as error:
            return {**result, "status": "refused", "reason": str(error)}
        except Exception:
            # Whatever a damaged file does to the readers, the next one goes on.
            _logger.exception("File %r could not be made a notice", name)
            reason = self.env._("It is damaged and could not be read.")
            return {**result, "status": "refused", "reason": reason}
        # A notice that is there already may be out of this user's reach.
        readable = aviso.has_access("read")
        return {
            **result,
            "status": status,
            "id": aviso.id if readable else False,
            "notice": aviso.display_name if readable else aviso.sudo().name,
        }

    @api.model
    def _import_content(self, name, content):
        """Make a notice of the bytes of a file.

        :return: ``("created", notice)`` or ``("duplicate", notice already there)``
        :raises UserError: when it cannot be read
        """
        if not content:
            raise UserError(self.env._("It is empty (0 bytes)."))
        extension = os.path.splitext(name.lower())[1]
        if extension == ".pdf":
            return self._import_pdf(name, content)
        if extension == ".msg":
            try:
                message = outlook.read_msg(content)
            except outlook.MsgError as error:
                _logger.info("File %r is no Outlook message: %s", name, error)
                raise UserError(
                    self.env._("It is not an Outlook message, or it is damaged.")
                ) from error
        elif extension == ".eml":
            message = correo.read_email(content)
            if message is None:
                raise UserError(self.env._("It is not an e-mail, or it is damaged."))
        else:
            raise UserError(
                self.env._(
                    "Only e-mails (.eml), Outlook messages (.msg) and faxes in PDF "
                    "are accepted."
                )
            )
        return self._import_email(message, name, content)

    @api.model
    def _import_email(self, message, name, content):
        """Make a notice of an e-mail, unless there is one with its Message-Id."""
        if not message.get("Message-Id"):
            message.set_raw("Message-Id", correo.content_message_id(content))
        thread = self.env["mail.thread"].with_context(gck_detach_nested=True)
        msg_dict = thread.message_parse(message)
        known = self._find_by_message_id(msg_dict["message_id"], self.env.company)
        if known:
            return "duplicate", known
        return "created", self._create_from_file(
            msg_dict, self._get_procedencia("email"), (name, content)
        )

    @api.model
    def _import_pdf(self, name, content):
        """Make a notice of a fax in PDF, unless the same file is on one (K-9)."""
        if PDF_MAGIC not in content[:1024]:
            raise UserError(self.env._("It is not a PDF, or it is damaged."))
        try:
            reader = PdfFileReader(io.BytesIO(content), strict=False)
            if not reader.is_encrypted and not len(reader.pages):
                raise ValueError("no pages")
        except Exception as error:  # the library raises whatever the damage leads to
            raise UserError(
                self.env._("It is a damaged PDF: it has no pages that can be read.")
            ) from error
        known = self._find_by_content(content)
        if known:
            return "duplicate", known
        msg_dict = {
            "subject": os.path.splitext(name)[0],
            "attachments": [self.env["mail.thread"]._Attachment(name, content, {})],
            "message_id": correo.content_message_id(content),
        }
        return "created", self._create_from_file(
            msg_dict, self._get_procedencia("fax"), match_fax=True
        )

    @api.model
    def _create_from_file(
        self, msg_dict, procedencia, original=None, match_fax=False, vals=None
    ):
        """Create the notice of a mail or fax, with what it brings.

        :param dict msg_dict: as ``message_parse`` returns it
        :param procedencia: the ``gck.procedencia``, or none
        :param tuple original: name and bytes of a file to keep besides
        :param bool match_fax: whether to look for the number of the sender
        :param dict vals: what is known better than the mail says it
        """
        incoming = self.with_context(gck_incoming=_INCOMING)
        found = incoming._prepare_incoming_vals(msg_dict, self.env["gck.aviso.tipo"])
        if match_fax:
            found.update(incoming._match_fax(msg_dict, found))
        found.update(
            {
                "procedencia_id": procedencia.id,
                "arrival": "file",
                # Whoever brings the file takes the notice, whoever wrote it.
                "requester_id": self.env.uid,
                **(vals or {}),
            }
        )
        aviso = incoming.create(found)
        msg_dict["date"] = fields.Datetime.to_string(aviso.date)
        aviso._post_incoming(msg_dict, original)
        return aviso.with_env(self.env)

    @api.model
    def _find_by_content(self, content):
        """Return the notice of this company that has the same file."""
        # sudo: as for mails; only the notice that has the file is looked for.
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("checksum", "=", hashlib.sha1(content).hexdigest()),
                    ("company_id", "in", [self.env.company.id, False]),
                ],
                limit=1,
                order="id",
            )
        )
        return self.browse(attachment.res_id).exists()
