import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import (
    email_normalize,
    formataddr,
    is_html_empty,
    parse_contact_from_email,
)

_logger = logging.getLogger(__name__)

# What arrives by itself carries this object in the context of its creation.
# A client can put any value into a context, but never this object.
_INCOMING = object()
# Set on routes by mail.thread, read and taken away by ``message_new``.
MAY_ACKNOWLEDGE = "gck_may_acknowledge"
ACK_HEADERS = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}


class GckCorreoMixin(models.AbstractModel):
    """An action that may arrive by mail, at the address of its type (K-8, O-6).

    Its type inherits ``gck.alias.tipo.mixin``. A model defines ``arrival``, a selection
    with ``mail`` among its values, that says how the record came in.
    """

    _name = "gck.correo.mixin"
    _description = "GCK action that arrives by mail"
    _inherit = ["mail.thread.main.attachment"]
    _primary_email = "email_from"

    # What a type proposes and a company may not be able to take; the mail comes first.
    _incoming_proposed_fields = ("user_id", "department_id", "requester_id")
    # Field of the dialog «Who is the sender?» that holds a record of the model.
    _remitente_field = None

    email_from = fields.Char(
        string="Sender", readonly=True, copy=False, help="As the mail gives it."
    )
    email_normalized = fields.Char(
        compute="_compute_email_normalized",
        string="Sender's address",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
    sender_unknown = fields.Boolean(
        string="Unknown sender",
        compute="_compute_sender_unknown",
        store=True,
        # So that what a mail sets is kept, and written along with the rest.
        readonly=False,
        precompute=True,
        copy=False,
        help="It came in by itself from somebody who is on no file.",
    )

    _sender_unknown_idx = models.Index("(date DESC, id DESC) WHERE sender_unknown")

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.depends("email_from")
    def _compute_email_normalized(self):
        self._gck_set_by_value(
            "email_normalized",
            lambda record: email_normalize(record.email_from, strict=False),
        )

    @api.depends("partner_id")
    def _compute_sender_unknown(self):
        """Take the flag away once somebody says who it was; never set it again."""
        self._gck_set_by_value(
            "sender_unknown",
            lambda record: record.sender_unknown and not record._is_sender_known(),
        )

    def _is_sender_known(self):
        """Tell whether it is known who sent the record."""
        self.ensure_one()
        return bool(self.partner_id)

    @api.model_create_multi
    def create(self, vals_list):
        """Create records; who sent those that come with a partner is known."""
        records = super().create(vals_list)
        if any(vals.get("sender_unknown") for vals in vals_list):
            known = records.filtered(
                lambda record: record.sender_unknown and record._is_sender_known()
            )
            known.sender_unknown = False
        return records

    # ------------------------------------------------------------
    # Gateway
    # ------------------------------------------------------------

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Make a record of a mail (K-8, O-6), or of a fax that came by mail (K-9).

        What the type proposes applies where it can; a mail is never refused because
        of it.

        :param dict msg_dict: the mail, as ``message_parse`` returns it
        :param dict custom_values: values of the alias, such as the type
        """
        custom_values = dict(custom_values or {})
        acknowledge = custom_values.pop(MAY_ACKNOWLEDGE, False)
        tipo = self._get_incoming_tipo(custom_values)
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
        record = self._create_incoming(msg_dict, vals)
        if acknowledge and tipo.ack_template_id and not vals.get("requester_id"):
            record._send_acknowledgement(tipo.ack_template_id)
        return record

    @api.model
    def _get_incoming_tipo(self, custom_values):
        """Return the type whose address a mail was sent to, or none of them."""
        tipo_id = custom_values.get("tipo_id")
        return self.env[self._fields["tipo_id"].comodel_name].browse(tipo_id)

    def _create_incoming(self, msg_dict, vals):
        """Create the record; without the proposals that the company cannot take."""
        Parent = super()
        try:
            with self.env.cr.savepoint():
                return Parent.message_new(msg_dict, vals)
        except UserError as error:
            # A proposed responsible of another company, say. The mail comes first.
            _logger.warning(
                "Mail %s becomes a record of %s without proposals: %s",
                msg_dict.get("message_id"),
                self._name,
                error,
            )
        plain = {**vals, **dict.fromkeys(self._incoming_proposed_fields, False)}
        return Parent.message_new(msg_dict, plain)

    @api.model
    def _prepare_incoming_vals(self, msg_dict, tipo):
        """Return the values of the record that a mail becomes.

        :param dict msg_dict: the mail
        :param tipo: the type that it was sent to, or none
        """
        now = fields.Datetime.now()
        date = fields.Datetime.to_datetime(msg_dict.get("date")) or now
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
            # A clock that is fast must not keep the record from being closed.
            "date": min(date, now),
            "arrival": "mail",
            "requester_id": False,
            "email_from": msg_dict.get("email_from") or False,
        }
        vals.update(self._match_sender(vals["email_from"]))
        return vals

    def _send_acknowledgement(self, template):
        """Tell the sender that the mail has arrived, in a way that answers nobody.

        It stays in the conversation, so that an answer to it finds the record.
        """
        try:
            with self.env.cr.savepoint():
                # sudo: the type says that it is sent, whoever the gateway runs as.
                template.sudo().send_mail(
                    self.id,
                    email_values={
                        "headers": repr(ACK_HEADERS),
                        "email_to": self.email_from,
                        "recipient_ids": [],
                        # Whoever the gateway runs as has nothing to do with it.
                        "author_id": self.company_id.partner_id.id,
                        # Else the message would be deleted along with the mail.
                        "is_notification": True,
                    },
                )
            # sudo: as above. At once, not with the hourly run.
            cron = self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()
            cron._trigger()
        except Exception:
            # A template that fails must not lose the mail that it acknowledges.
            _logger.exception("Acknowledgement of %s could not be sent", self.name)

    def _get_acknowledgement_sender(self):
        """Return the company under the address of the type, for templates."""
        self.ensure_one()
        # sudo: name and addresses are public, whoever the gateway runs as.
        trusted = self.sudo()
        company = trusted.company_id
        address = trusted.tipo_id.alias_email or company.email
        return formataddr((company.name, address)) if address else False

    # ------------------------------------------------------------
    # Who sent it
    # ------------------------------------------------------------

    @api.model
    def _match_sender(self, email_from):
        """Find who has an address: a colleague, a contact (K-8).

        :param str email_from: as the mail gives it
        :return: values of a record
        """
        address = email_normalize(email_from, strict=False)
        name, _email = parse_contact_from_email(email_from or "")
        if not address:
            return self._prepare_unknown_vals(email_from or False, False)
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
        return self._prepare_unknown_vals(name or address, address)

    @api.model
    def _prepare_unknown_vals(self, name, address):
        """Return the values of a record whose sender is on no file.

        :param str name: how the sender calls itself, or the address
        :param str address: normalised, or False
        """
        return {"sender_unknown": True}

    @api.model
    def _prepare_partner_vals(self, partner):
        """Return the values of a record about a partner or one of its contacts."""
        company = partner.commercial_partner_id
        return {
            "partner_id": company.id,
            "contact_id": partner.id if partner != company else False,
        }

    # ------------------------------------------------------------
    # Thread
    # ------------------------------------------------------------

    def _mail_get_partners(self, introspect_fields=False):
        """Write to the person of the record, to the company when there is none."""
        # sudo: a portal user who comments may not read these fields of its own claim.
        trusted = self.sudo()
        return {
            record.id: (record.contact_id or record.partner_id).sudo(self.env.su)
            for record in trusted
        }

    def _detect_loop_sender_domain(self, email_from_normalized):
        """Count what the gateway made of a sender's mails, not files dropped here."""
        return Domain("email_normalized", "=", email_from_normalized) & Domain(
            "arrival", "=", "mail"
        )

    def _notify_get_reply_to_batch(self, defaults=None, author_ids=None):
        """Let answers come back to the address of the type, where it has one."""
        result = super()._notify_get_reply_to_batch(defaults, author_ids)
        for record in self:
            # sudo: the address is public, whoever writes the answer.
            address = record.sudo().tipo_id.alias_email
            if address:
                result[record.id] = self._notify_get_reply_to_formatted_email(
                    address, author_id=(author_ids or {}).get(record.id, False)
                )
        return result

    def _message_post_after_hook(self, message, msg_vals):
        """Show in the description the pictures of the mail that made the record."""
        result = super()._message_post_after_hook(message, msg_vals)
        if self.env.context.get("gck_incoming") is _INCOMING:
            if message.attachment_ids and "/web/image/" in (message.body or ""):
                self.description = message.body
        elif message.message_type == "email" or self._is_portal_comment(message):
            # sudo: who is told is no business of whoever answers.
            self.sudo()._notify_answer(message)
        return result

    @api.model
    def _is_portal_comment(self, message):
        """Tell whether a message was written in the portal, not by a colleague."""
        # sudo: whether the author is a colleague is read, nothing else.
        author = message.sudo().author_id
        return message.message_type == "comment" and author and author.partner_share

    def _notify_answer(self, message):
        """Tell whoever is to know that an answer came, if nobody would learn of it.

        An answer to a closed record is told even to those who follow it: it is on no
        list of theirs. It is not reopened: a manager decides.
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
        """Return the ``res.partner`` who answer for a record: as superuser."""
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
            "context": {f"default_{self._remitente_field}": self.id},
        }

    def _set_sender(self, partner):
        """Say who sent these records; messages of nobody become that person's.

        :param partner: the ``res.partner``
        """
        self._filter_pending().write(self._prepare_partner_vals(partner))
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
        """Return the pending records of the same unknown sender, these included."""
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
    # What is here already
    # ------------------------------------------------------------

    @api.model
    def _find_by_message_id(self, message_id, company=None):
        """Return the record that a mail was made of, archived texts included.

        :param str message_id: of the mail
        :param company: the only ``res.company`` whose records count; that another one
            has the mail is none of its business. Without it, those of all count.
        """
        # sudo: a mail that is on somebody else's record is there all the same.
        messages = (
            self.env["mail.message"]
            .sudo()
            .search(
                [("message_id", "=", message_id), ("model", "=", self._name)],
                order="id",
            )
        )
        # sudo: as for the messages; only the company is read.
        records = self.sudo().browse(messages.mapped("res_id")).exists()
        if company:
            records = records.filtered(lambda r: r.company_id == company)
        return records[:1].sudo(self.env.su)
