import logging

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import email_normalize, is_html_empty, parse_contact_from_email

from ..tools import correo

_logger = logging.getLogger(__name__)

# Notices that arrive by themselves carry this object in the context of their creation.
# A client can put any value into a context, but never this object.
_INCOMING = object()
# Set on routes by mail.thread, read and taken away by ``message_new``.
MAY_ACKNOWLEDGE = "gck_may_acknowledge"
ACK_HEADERS = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}


class GckAviso(models.Model):
    """Notices that arrive by mail: who sent them, and what becomes of answers (K-8)."""

    _name = "gck.aviso"
    _inherit = ["gck.aviso", "mail.thread.main.attachment"]
    _primary_email = "email_from"

    email_from = fields.Char(
        string="Sender", readonly=True, copy=False, help="As the mail gives it."
    )
    email_normalized = fields.Char(
        compute="_compute_email_normalized",
        string="Sender's address",
        store=True,
        index="btree_not_null",
    )
    arrival = fields.Selection(
        selection=[("mail", "Mail address"), ("file", "File"), ("outlook", "Outlook")],
        string="Came in by",
        readonly=True,
        copy=False,
        help="Empty when somebody wrote the notice.",
    )
    sender_unknown = fields.Boolean(
        string="Unknown sender",
        compute="_compute_sender_unknown",
        store=True,
        readonly=True,
        copy=False,
        help="It came in by itself from somebody who is on no file.",
    )

    _sender_unknown_idx = models.Index("(date DESC, id DESC) WHERE sender_unknown")

    # ------------------------------------------------------------
    # Computes and constraints
    # ------------------------------------------------------------

    @api.depends("email_from")
    def _compute_email_normalized(self):
        for aviso in self:
            aviso.email_normalized = email_normalize(aviso.email_from, strict=False)

    @api.depends("partner_id", "lead_id")
    def _compute_sender_unknown(self):
        """Take the flag away once somebody says who it was; never set it again."""
        for aviso in self:
            known = aviso.partner_id or aviso.lead_id
            aviso.sender_unknown = aviso.sender_unknown and not known

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
    def message_new(self, msg_dict, custom_values=None):
        """Make a notice of a mail (K-8) or of a fax that came by mail (K-9).

        It waits in Reception. What the type proposes applies where it can; a mail is
        never refused because of it.

        :param dict msg_dict: the mail, as ``message_parse`` returns it
        :param dict custom_values: values of the alias, such as the type
        """
        custom_values = dict(custom_values or {})
        acknowledge = custom_values.pop(MAY_ACKNOWLEDGE, False)
        tipo = self.env["gck.aviso.tipo"].browse(custom_values.get("tipo_id"))
        company = self.env["res.company"].browse(custom_values.get("company_id"))
        if not company:
            company = tipo._get_mail_company() if tipo else self.env.company
        self = self.with_company(company).with_context(gck_incoming=_INCOMING)
        vals = {
            **self._prepare_incoming_vals(msg_dict, tipo.with_env(self.env)),
            **custom_values,
            "company_id": company.id,
            "name": "/",
        }
        msg_dict["date"] = fields.Datetime.to_string(vals["date"])
        aviso = self._create_incoming(msg_dict, vals)
        if acknowledge and tipo.ack_template_id and not vals.get("requester_id"):
            aviso._send_acknowledgement(tipo.ack_template_id)
        return aviso

    def _create_incoming(self, msg_dict, vals):
        """Create the notice; without the proposals that the company cannot take."""
        Parent = super()
        try:
            with self.env.cr.savepoint():
                return Parent.message_new(msg_dict, vals)
        except UserError as error:
            # A proposed responsible of another company, say. The mail comes first.
            _logger.warning(
                "Mail %s becomes a notice without proposals: %s",
                msg_dict.get("message_id"),
                error,
            )
        plain = {
            **vals,
            "user_id": False,
            "department_id": False,
            "comercial_id": False,
            "requester_id": False,
        }
        return Parent.message_new(msg_dict, plain)

    @api.model
    def _prepare_incoming_vals(self, msg_dict, tipo):
        """Return the values of the notice that a mail becomes.

        :param dict msg_dict: the mail
        :param tipo: the ``gck.aviso.tipo`` that it was sent to, or none
        """
        company = self.env.company
        now = fields.Datetime.now()
        date = fields.Datetime.to_datetime(msg_dict.get("date")) or now
        procedencia = tipo._get_mail_procedencia(company)
        body = msg_dict.get("body") or ""
        subject = " ".join((msg_dict.get("subject") or "").split())
        if is_html_empty(body):
            body = False
        if not subject and not self._get_first_line(body):
            names = [attachment[0] for attachment in msg_dict.get("attachments") or ()]
            subject = names[0] if names else self.env._("Mail without text")
        vals = {
            "subject": subject or False,
            "description": body,
            # A clock that is fast must not keep the notice from being closed.
            "date": min(date, now),
            "procedencia_id": procedencia.id,
            "arrival": "mail",
            "requester_id": False,
            "email_from": msg_dict.get("email_from") or False,
        }
        vals.update(self._match_sender(vals["email_from"]))
        if procedencia.channel == "fax":
            vals.update(self._match_fax(msg_dict, vals))
        return vals

    def _send_acknowledgement(self, template):
        """Tell the sender that the mail has arrived, in a way that answers nobody."""
        try:
            with self.env.cr.savepoint():
                # sudo: the type says that it is sent, whoever the gateway runs as.
                template.sudo().send_mail(
                    self.id,
                    email_values={
                        "headers": repr(ACK_HEADERS),
                        "email_to": self.email_from,
                        "recipient_ids": [],
                    },
                )
        except Exception:
            # A template that fails must not lose the mail that it acknowledges.
            _logger.exception("Acknowledgement of %s could not be sent", self.name)

    # ------------------------------------------------------------
    # Who sent it
    # ------------------------------------------------------------

    @api.model
    def _match_sender(self, email_from):
        """Find who has an address: a colleague, a contact, a prospect (K-8).

        :param str email_from: as the mail gives it
        :return: values of a notice
        """
        address = email_normalize(email_from, strict=False)
        name, _email = parse_contact_from_email(email_from or "")
        if not address:
            return {"sender_unknown": True, "caller_name": email_from or False}
        company = self.env.company
        # sudo: which colleague has an address is read, nothing else.
        users = self.env["res.users"].sudo()
        user = users.search(
            [
                ("email_normalized", "=", address),
                ("share", "=", False),
                ("company_ids", "in", company.ids),
            ],
            limit=1,
        )
        if user:
            return {"requester_id": user.id}
        partner = self.env["res.partner"]._gck_find_by_email(address, company)
        if partner:
            return self._prepare_partner_vals(partner)
        lead = self._find_lead_by_email(address)
        if lead:
            return {"lead_id": lead.id}
        return {"sender_unknown": True, "caller_name": name or address}

    @api.model
    def _prepare_partner_vals(self, partner):
        """Return the values of a notice about a partner or one of its contacts."""
        company = partner.commercial_partner_id
        return {
            "partner_id": company.id,
            "contact_id": partner.id if partner != company else False,
        }

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
        partner = self.env["res.partner"]._gck_find_by_phone(number)
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
    # Thread
    # ------------------------------------------------------------

    def _mail_get_partners(self, introspect_fields=False):
        """Write to the person of the notice, to the company when there is none."""
        return {aviso.id: aviso.contact_id or aviso.partner_id for aviso in self}

    def _detect_loop_sender_domain(self, email_from_normalized):
        """Count what the gateway made of a sender's mails, not files dropped here."""
        return Domain("email_normalized", "=", email_from_normalized) & Domain(
            "arrival", "=", "mail"
        )

    def _notify_get_reply_to_batch(self, defaults=None, author_ids=None):
        """Let answers come back to the address of the type, where it has one."""
        result = super()._notify_get_reply_to_batch(defaults, author_ids)
        for aviso in self:
            # sudo: the address is public, whoever writes the answer.
            address = aviso.sudo().tipo_id.alias_email
            if address:
                result[aviso.id] = self._notify_get_reply_to_formatted_email(
                    address, author_id=(author_ids or {}).get(aviso.id, False)
                )
        return result

    def _message_post_after_hook(self, message, msg_vals):
        """Show in the description the pictures of the mail that made the notice."""
        result = super()._message_post_after_hook(message, msg_vals)
        if self.env.context.get("gck_incoming") is _INCOMING:
            if message.attachment_ids and "/web/image/" in (message.body or ""):
                self.description = message.body
        elif message.message_type == "email":
            self._notify_answer(message)
        return result

    def _notify_answer(self, message):
        """Tell whoever is to know that an answer came, if nobody would learn of it.

        An answer to a closed notice is told even to those who follow it: it is on no
        list of theirs. The notice is not reopened: a manager decides.
        """
        # sudo: addresses of colleagues are read, nothing else.
        partners = self.sudo()._get_answer_partners() - message.sudo().author_id
        if not partners:
            return
        if self.is_locked:
            self._accion_notify(
                partners,
                lambda env: env._("An answer has come to %s, which is closed"),
            )
        elif not self.user_id and not self.message_partner_ids.user_ids:
            self._accion_notify(partners, lambda env: env._("An answer has come to %s"))

    def _get_answer_partners(self):
        """Return the ``res.partner`` who answer for a notice: as superuser."""
        self.ensure_one()
        if self.user_id.active:
            return self.user_id.partner_id
        manager = self.department_id.manager_id.user_id
        if manager.active:
            return manager.partner_id
        followers = self.message_partner_ids.filtered(lambda p: not p.partner_share)
        if followers:
            return followers
        members = self.department_id.member_ids.user_id
        return members.filtered("active").partner_id

    # ------------------------------------------------------------
    # Unknown senders
    # ------------------------------------------------------------

    def action_identify_sender(self):
        """Open the dialog that makes a contact of the sender, or chooses one."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Who is the sender?"),
            "res_model": "gck.aviso.remitente",
            "view_mode": "form",
            "target": "new",
            "context": {"default_aviso_id": self.id},
        }

    def _set_sender(self, partner):
        """Say who sent these notices; messages of nobody become that person's.

        :param partner: the ``res.partner``
        """
        vals = self._prepare_partner_vals(partner)
        self._filter_pending().write({**vals, "lead_id": False})
        # sudo: messages have no author because nobody was known; the text stays.
        messages = self.env["mail.message"].sudo()
        addresses = set(self.mapped("email_normalized")) - {False}
        found = messages.search(
            [
                ("model", "=", self._name),
                ("res_id", "in", self.ids),
                ("message_type", "=", "email"),
                ("author_id", "=", False),
            ]
        )
        found.filtered(
            lambda message: email_normalize(message.email_from) in addresses
        ).author_id = partner

    def _get_same_sender(self):
        """Return the pending notices of the same unknown sender, these included."""
        addresses = [address for address in self.mapped("email_normalized") if address]
        same = self.search(
            [
                ("email_normalized", "in", addresses),
                ("sender_unknown", "=", True),
                ("accion_state", "=", "pending"),
                ("company_id", "in", self.company_id.ids),
            ]
        )
        return self | same

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
