from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import email_normalize

from ..tools import correo
from .gck_correo_mixin import _INCOMING


class GckAviso(models.Model):
    """Notices that arrive by mail: who sent them, and what becomes of answers (K-8)."""

    _name = "gck.aviso"
    _inherit = ["gck.aviso", "gck.correo.mixin"]
    _incoming_proposed_fields = (
        "user_id",
        "department_id",
        "comercial_id",
        "requester_id",
    )
    _remitente_field = "aviso_id"

    arrival = fields.Selection(
        selection=[("mail", "Mail address"), ("file", "File"), ("outlook", "Outlook")],
        string="Came in by",
        readonly=True,
        copy=False,
        help="Empty when somebody wrote the notice.",
    )

    @api.depends("lead_id")
    def _compute_sender_unknown(self):
        return super()._compute_sender_unknown()

    def _is_sender_known(self):
        return super()._is_sender_known() or bool(self.lead_id)

    @api.constrains("motivo_id", "company_id")
    def _check_motivo_id(self):
        """Let in what arrives by itself: whoever deals with it gives the reason."""
        if self.env.context.get("gck_incoming") is _INCOMING:
            return None
        return super()._check_motivo_id()

    # ------------------------------------------------------------
    # Gateway
    # ------------------------------------------------------------

    @api.model
    def _prepare_incoming_vals(self, msg_dict, tipo):
        """Add the channel, and who it is where a fax says it by its number (K-9)."""
        vals = super()._prepare_incoming_vals(msg_dict, tipo)
        procedencia = tipo._get_mail_procedencia(self.env.company)
        vals["procedencia_id"] = procedencia.id
        if procedencia.channel == "fax":
            vals.update(self._match_fax(msg_dict, vals))
        return vals

    # ------------------------------------------------------------
    # Who sent it
    # ------------------------------------------------------------

    @api.model
    def _prepare_partner_vals(self, partner):
        return {**super()._prepare_partner_vals(partner), "lead_id": False}

    @api.model
    def _prepare_unknown_vals(self, name, address):
        """Look among the prospects too; else keep how the sender calls itself."""
        lead = address and self._find_lead_by_email(address)
        if lead:
            return {"lead_id": lead.id}
        return {**super()._prepare_unknown_vals(name, address), "caller_name": name}

    @api.model
    def _find_lead_by_email(self, address):
        """Return the open lead that has an address, the latest of several."""
        # sudo: the notice only keeps whom it is about; leads open with their rights.
        Lead = self.env["crm.lead"].sudo()
        domain = [
            ("email_normalized", "=", address),
            ("won_status", "=", "pending"),
            ("company_id", "in", [self.env.company.id, False]),
        ]
        return Lead.search(domain, limit=1, order="id desc").sudo(False)

    @api.model
    def _match_fax(self, msg_dict, vals):
        """Find who sent a fax by its number (K-9).

        The number wins over the address, which is the gateway's.

        :return: values of a notice, none where no number is recognised
        """
        names = [attachment[0] for attachment in msg_dict.get("attachments") or ()]
        number = self._find_fax_number(
            msg_dict.get("subject"), vals.get("email_from"), *names
        )
        if not number:
            return {}
        partner = self.env["res.partner"]._gck_find_by_phone(number, self.env.company)
        if partner:
            return {
                **self._prepare_partner_vals(partner),
                "phone": number,
                "lead_id": False,
                "caller_name": False,
                "sender_unknown": False,
            }
        return {
            "phone": number,
            "partner_id": False,
            "contact_id": False,
            "lead_id": False,
            "caller_name": False,
            "sender_unknown": True,
        }

    @api.model
    def _find_fax_number(self, *texts):
        """Return the first valid number that some texts hold, in national form."""
        country = self.env.company.country_id
        for candidate in correo.phone_candidates(*texts):
            number = self.env["res.partner"]._phone_format(
                number=candidate, country=country, force_format="INTERNATIONAL"
            )
            if number:
                return number
        return False

    # ------------------------------------------------------------
    # Files
    # ------------------------------------------------------------

    def _post_incoming(self, msg_dict, original=None):
        """Put on the notice the mail or fax that it was made of, as a note.

        :param dict msg_dict: as ``message_parse`` returns it
        :param tuple original: name and bytes of the file, kept as it is
        """
        self.ensure_one()
        attachments = [*(msg_dict.get("attachments") or ())]
        if original:
            attachments.append(original)
        author = self.contact_id or self.partner_id
        address = email_normalize(msg_dict.get("email_from") or "")
        if not address or author.email_normalized != address:
            author = self.env["res.partner"]
        # Mails from outside never become pages of this server.
        thread = self.with_context(
            attachments_mime_plainxml=True,
            mail_create_nosubscribe=True,
            mail_post_autofollow_author_skip=True,
        )
        return thread.message_post(
            body=Markup(msg_dict.get("body") or ""),
            subject=msg_dict.get("subject"),
            author_id=author.id,
            email_from=msg_dict.get("email_from") or False,
            message_type="email",
            message_id=msg_dict.get("message_id"),
            date=msg_dict.get("date"),
            attachments=attachments,
            incoming_email_to=msg_dict.get("to_filtered") or False,
            incoming_email_cc=msg_dict.get("cc_filtered") or False,
            subtype_xmlid="mail.mt_note",
        )
