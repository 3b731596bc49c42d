from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.gck_avisos.models.gck_correo_mixin import MAY_ACKNOWLEDGE

# Set on routes by mail.thread, read and taken away by ``message_new``.
VOICEMAIL = "gck_voicemail"


class GckLlamada(models.Model):
    """Calls that arrive by mail: voice messages and mailing lists (O-48, O-49)."""

    _name = "gck.llamada"
    _inherit = ["gck.llamada", "gck.correo.mixin"]
    _remitente_field = "llamada_id"

    arrival = fields.Selection(
        selection=[("mail", "Mail address")],
        string="Came in by",
        readonly=True,
        copy=False,
        help="Empty when somebody noted the call.",
    )
    audio_ids = fields.Many2many(
        "ir.attachment",
        string="Recordings",
        compute="_compute_audio_ids",
        help="What can be listened to: voice messages, and recordings attached.",
    )

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.depends("message_ids")
    @api.depends_context("uid")
    def _compute_audio_ids(self):
        """Find the sounds among the files, by what they are and not by their name."""
        audios = {}
        attachments = self.env["ir.attachment"].search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)], order="id"
        )
        for attachment in attachments:
            if attachment._gck_get_audio_mimetype():
                audios.setdefault(attachment.res_id, []).append(attachment.id)
        for llamada in self:
            llamada.audio_ids = attachments.browse(audios.get(llamada.id, ()))

    @api.depends("lead_id")
    def _compute_sender_unknown(self):
        return super()._compute_sender_unknown()

    def _is_sender_known(self):
        return super()._is_sender_known() or bool(self.lead_id)

    def _is_logged_by_system(self):
        """A mail came by itself: nobody was asked for its reason."""
        return bool(self.arrival) or super()._is_logged_by_system()

    def _is_number_told(self):
        """A voice message says who left it; of a mail, the number is on file."""
        voicemail = bool(self.arrival) and self.canal == "voicemail"
        return voicemail or super()._is_number_told()

    # ------------------------------------------------------------
    # Gateway
    # ------------------------------------------------------------

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Make a call of a voice message (O-48) or of a mail to a list (O-49)."""
        values = dict(custom_values or {})
        msg_dict[VOICEMAIL] = values.pop(VOICEMAIL, None)
        if self._get_incoming_tipo(values).mail_canal == "voicemail":
            # Its sender is the exchange, which reads no mail.
            values.pop(MAY_ACKNOWLEDGE, None)
        return super().message_new(msg_dict, values)

    def _create_incoming(self, msg_dict, vals):
        """Keep no sender of a voice message: it is the exchange."""
        if vals["canal"] == "voicemail":
            msg_dict = {**msg_dict, "email_from": False}
        return super()._create_incoming(msg_dict, vals)

    @api.model
    def _prepare_incoming_vals(self, msg_dict, tipo):
        """Add the channel, who called, and by when it is to be returned."""
        # Away before the mail is posted, which takes only what it knows.
        facts = msg_dict.pop(VOICEMAIL, None) or {}
        vals = super()._prepare_incoming_vals(msg_dict, tipo)
        vals.update(
            direction="in",
            canal=tipo.mail_canal or "list",
            date_start=vals["date"],
        )
        if vals["canal"] == "voicemail":
            vals.update(self._prepare_voicemail_vals(facts))
        if not tipo.deadline_hours:
            company = self.env.company
            moment = (vals["date"], company.gck_llamada_retry_hours)
            vals["date_deadline"] = company._gck_plan_hours([moment])[moment]
        return vals

    @api.model
    def _prepare_voicemail_vals(self, facts):
        """Return the values of a call that is a voice message (O-48).

        The sender of the mail is the exchange, hence of no interest: neither who it is
        nor where an answer would go.

        :param dict facts: see ``tools.buzon``
        """
        seconds = facts.get("seconds") or 0
        # What everybody reads is written in the language of the company.
        env = self.with_context(lang=self.env.company.partner_id.lang or "en_US").env
        vals = {
            "email_from": False,
            "requester_id": False,
            "duration": seconds / 3600,
            # Nobody answered it: whoever returns it leaves this as it is.
            "resultado_id": self._get_result("voicemail").id,
            "subject": env._("Voice message"),
            **self._match_number(facts),
        }
        if seconds:
            length = f"{seconds // 60}:{seconds % 60:02}"
            vals["subject"] = env._("Voice message (%(length)s)", length=length)
        if facts.get("hidden") and not vals["phone"]:
            vals["caller_name"] = env._("Hidden number")
        return vals

    @api.model
    def _match_number(self, facts):
        """Find who left a voice message by its number; keep one that nobody has."""
        number = self.env["gck.aviso"]._find_fax_number(*facts.get("numbers") or ())
        vals = {
            "phone": number or facts.get("extension") or False,
            "partner_id": False,
            "contact_id": False,
            "lead_id": False,
            "caller_name": facts.get("name") or False,
            "sender_unknown": False,
        }
        # sudo: the call only keeps whom it is about; leads open with their rights.
        callers = self.sudo()._pbx_find_callers([number] if number else [])
        partner, lead = callers.get(number, (None, None))
        if partner:
            vals.update(self._prepare_partner_vals(partner), caller_name=False)
        elif lead:
            vals.update(lead_id=lead.id, caller_name=False)
        else:
            vals["sender_unknown"] = True
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
        lead = address and self.env["gck.aviso"]._find_lead_by_email(address)
        if lead:
            return {"lead_id": lead.id}
        return {**super()._prepare_unknown_vals(name, address), "caller_name": name}

    def _get_same_sender(self):
        """Add the pending calls of the same unknown number, however they came in."""
        numbers = [number for number in self.mapped("phone_sanitized") if number]
        if not numbers:
            return super()._get_same_sender()
        same = self.search(
            self._get_unidentified_domain()
            & Domain("phone_sanitized", "in", numbers)
            & Domain("accion_state", "=", "pending")
            & Domain("company_id", "in", self.company_id.ids)
        )
        return super()._get_same_sender() | same
