from markupsafe import Markup

from odoo import models
from odoo.fields import Command
from odoo.tools import groupby

EVENTS = ("open", "done", "rejected", "reopened")


class GckReclamacion(models.Model):
    """Who is told that a claim was opened, closed, rejected or reopened (O-12)."""

    _name = "gck.reclamacion"
    _inherit = ["gck.reclamacion"]

    def _accion_transition(self, state, values=None, reason=None):
        """Change the state; who asked for it and who is outside learn of it."""
        reopened = self.filtered("is_locked")
        result = super()._accion_transition(state, values, reason)
        if state in self._accion_done_states + self._accion_cancel_states:
            self._tell_requester(state)
        reopened._tell_outside("reopened")
        if state in EVENTS:
            (self - reopened)._tell_outside(state)
        return result

    def _accion_ask(self, transition, message=None):
        """Say who else reads the resolution, or why a claim is rejected."""
        if transition in ("done", "reject") and self._filter_shown_outside():
            outside = self.env._("The customer or vendor reads what you write here.")
            message = f"{message}\n{outside}" if message else outside
        return super()._accion_ask(transition, message)

    def _tell_requester(self, state):
        """Tell each colleague who asked for some of these claims that they ended.

        One message for each person, however many the claims are.
        """
        for user, group in groupby(self, lambda r: r.requester_id):
            # sudo: whether a colleague is still here is read, and the partner.
            trusted = user.sudo()
            if user and user != self.env.user and trusted.active and not trusted.share:
                self.browse(r.id for r in group)._accion_notify(
                    trusted.partner_id,
                    lambda env: (
                        env._("%s has been rejected")
                        if state == "rejected"
                        else env._("%s has been closed")
                    ),
                    get_details=lambda r: r._format_told_resolution(),
                )

    def _format_told_resolution(self):
        """Return how a claim was solved, or why not, in HTML."""
        self.ensure_one()
        text = self.portal_resolution
        return Markup('<p style="white-space: pre-wrap">%s</p>') % text if text else ""

    # ------------------------------------------------------------
    # Customers and vendors
    # ------------------------------------------------------------

    def _filter_shown_outside(self):
        """Return the claims that their customer or vendor may know of.

        Internal ones never; drafts only where the customer sent them in.
        """
        return self.filtered(
            lambda r: (
                r.direction != "internal"
                and (r.date_open or (r.direction == "customer" and r.arrival))
            )
        )

    def _get_told_recipients(self):
        """Return who outside is told of each claim, as its company wants.

        :return: ``{claim: (res.partner, address of an unknown sender or False)}``
        """
        result = {}
        for reclamacion in self._filter_shown_outside():
            mode = reclamacion.company_id.gck_reclamacion_notify_partner
            if mode == "none":
                continue
            partners = reclamacion.message_partner_ids.filtered("partner_share")
            if mode == "partner" or reclamacion.arrival:
                partners |= reclamacion.contact_id or reclamacion.partner_id
            partners = partners.filtered(lambda p: p.active and p.email)
            address = reclamacion.sender_unknown and reclamacion.email_normalized
            if partners or address:
                result[reclamacion] = (partners, address)
        return result

    def _tell_outside(self, event):
        """Mail to customers and vendors what became of their claims.

        One template for each event, in the language of the person; all the mails in
        one batch. Answers thread back, and the mail stays in the conversation.

        :param str event: one of ``EVENTS``
        """
        # sudo: the company says that they are told, whoever changes the state.
        recipients = self.sudo()._get_told_recipients()
        template = self.env.ref(
            f"gck_reclamaciones.mail_template_reclamacion_{event}",
            raise_if_not_found=False,
        )
        if not recipients or not template:
            return
        reclamaciones = self.sudo().browse(r.id for r in recipients)
        # sudo: as above; the template reads nothing that is not to be told.
        template = template.sudo()
        reclamaciones._ensure_tokens()
        env = reclamaciones.env
        messages = env["mail.message"].create(
            reclamaciones._prepare_told_messages(template, recipients)
        )
        mails = env["mail.mail"].create(
            [
                reclamacion._prepare_told_mail(template, message, recipients)
                for reclamacion, message in zip(reclamaciones, messages, strict=True)
            ]
        )
        env["mail.notification"].create(
            [
                {
                    "author_id": message.author_id.id,
                    "mail_message_id": message.id,
                    "mail_mail_id": mail.id,
                    "res_partner_id": partner.id,
                    "notification_type": "email",
                    "notification_status": "ready",
                    "is_read": True,
                }
                for message, mail in zip(messages, mails, strict=True)
                for partner in message.partner_ids
            ]
        )
        # At once, not with the hourly run.
        env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _ensure_tokens(self):
        """Give a token to those that have none yet: as superuser, in one batch."""
        for reclamacion in self.with_context(mail_notrack=True):
            if not reclamacion.access_token:
                reclamacion.access_token = reclamacion._new_token()

    def _get_told_author(self):
        """Return the ``res.partner`` who signs: whoever is acting, else the company."""
        self.ensure_one()
        user = self.env.user
        return self.company_id.partner_id if user._is_superuser() else user.partner_id

    def _prepare_told_messages(self, template, recipients):
        subjects = template._render_field("subject", self.ids, compute_lang=True)
        bodies = template._render_field("body_html", self.ids, compute_lang=True)
        authors = {
            reclamacion.id: reclamacion._get_told_author() for reclamacion in self
        }
        # Not one by one, as each message would.
        reply_to = self._notify_get_reply_to_batch(
            defaults={key: author.email_formatted for key, author in authors.items()},
            author_ids={key: author.id for key, author in authors.items()},
        )
        subtype_id = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment")
        return [
            {
                "model": self._name,
                "res_id": reclamacion.id,
                "message_type": "auto_comment",
                "subtype_id": subtype_id,
                "author_id": authors[reclamacion.id].id,
                "email_from": authors[reclamacion.id].email_formatted
                or reclamacion.company_id.email_formatted,
                "reply_to": reply_to[reclamacion.id],
                "subject": subjects[reclamacion.id],
                "body": bodies[reclamacion.id],
                "partner_ids": [Command.set(recipients[reclamacion][0].ids)],
                "record_company_id": reclamacion.company_id.id,
            }
            for reclamacion in self
        ]

    def _prepare_told_mail(self, template, message, recipients):
        self.ensure_one()
        partners, address = recipients[self]
        lang = (self.contact_id or self.partner_id).lang or self.env.lang
        localized = self.with_context(lang=lang)
        body = template.with_context(lang=lang)._render_encapsulate(
            "mail.mail_notification_layout",
            message.body,
            add_context={
                "company": self.company_id,
                "model_description": localized.env._("Claim"),
                "record_name": self.name,
                "subtitles": [self.display_name],
                "lang": lang,
                "has_button_access": True,
                "button_access": {
                    "url": self.get_base_url() + self.get_portal_url(),
                    "title": localized.env._("View the claim"),
                },
                "email_notification_allow_header": True,
                "email_notification_force_header": True,
                "email_notification_allow_footer": False,
                "email_notification_force_footer": False,
            },
            context_record=localized,
        )
        return {
            "mail_message_id": message.id,
            "body_html": body,
            "recipient_ids": [Command.set(partners.ids)],
            "email_to": address if not partners else False,
            "is_notification": True,
            "auto_delete": True,
        }
