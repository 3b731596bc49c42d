from markupsafe import Markup

from odoo import SUPERUSER_ID, api, fields, models


class MailGroupMessage(models.Model):
    """Messages of a mailing list that is registered as calls (O-49)."""

    _inherit = "mail.group.message"

    gck_llamada_id = fields.Many2one(
        "gck.llamada",
        string="Call",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="gck_llamadas.group_gck_llamada_user",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Create messages; those that need no moderation are registered at once."""
        messages = super().create(vals_list)
        messages._gck_register()
        return messages

    def write(self, vals):
        """Write values; what a moderator accepts is registered then."""
        result = super().write(vals)
        if vals.get("moderation_status") == "accepted":
            self._gck_register()
        return result

    def _gck_register(self):
        """Make calls of messages from outside; answers go to the call they are about.

        Automatic replies make none.
        """
        if self.env.context.get("gck_automatic_reply"):
            return
        # sudo: the list says that it is registered, whoever writes to it.
        for message in self.with_user(SUPERUSER_ID).filtered(
            lambda message: message.moderation_status == "accepted"
        ):
            tipo = message.mail_group_id.gck_llamada_tipo_id
            if not tipo.active or message.gck_llamada_id:
                continue
            llamada = message.group_message_parent_id.gck_llamada_id
            made = None if llamada else message._gck_find_made()
            if made is not None:
                message.gck_llamada_id = made
                continue
            if not llamada and not message._gck_is_from_colleague():
                llamada = message._gck_create_llamada(tipo)
            if llamada:
                message._gck_post_on(llamada)

    def _gck_find_made(self):
        """Return the call that the same mail is already, by another of its addresses.

        :return: a ``gck.llamada``, empty where the mail is an action of another kind;
            None where it is none yet
        """
        self.ensure_one()
        message_id = self.mail_message_id.message_id
        Llamada = self.env["gck.llamada"]
        elsewhere = self.search(
            [
                ("mail_message_id.message_id", "=", message_id),
                ("gck_llamada_id", "!=", False),
            ],
            limit=1,
        )
        if elsewhere:
            return elsewhere.gck_llamada_id
        for kind in self.env["mail.thread"]._gck_get_incoming_models():
            found = self.env[kind]._find_by_message_id(message_id)
            if found:
                return found if kind == Llamada._name else Llamada
        return None

    def _gck_is_from_colleague(self):
        """Tell whether somebody of the company wrote the message."""
        self.ensure_one()
        users = self.author_id.user_ids
        return any(not user.share for user in users)

    def _gck_create_llamada(self, tipo):
        """Return a new call made of the message, as one that was mailed to the type.

        :param tipo: one ``gck.llamada.tipo``
        """
        self.ensure_one()
        return self.env["gck.llamada"].message_new(
            {
                "subject": self.subject,
                "body": self.body,
                "email_from": self.email_from,
                "date": fields.Datetime.to_string(self.mail_message_id.date),
                "message_id": self.mail_message_id.message_id,
                "attachments": [(file.name,) for file in self.attachment_ids],
            },
            {"tipo_id": tipo.id},
        )

    def _gck_post_on(self, llamada):
        """Keep the message, with its files, in the chatter of a call."""
        self.ensure_one()
        self.gck_llamada_id = llamada
        files = [
            file.copy({"res_model": llamada._name, "res_id": llamada.id}).id
            for file in self.attachment_ids
        ]
        llamada.with_context(
            mail_create_nosubscribe=True, mail_post_autofollow_author_skip=True
        ).message_post(
            body=Markup(self.body or ""),
            subject=self.subject,
            author_id=self.author_id.id,
            email_from=self.email_from,
            message_type="email",
            date=self.mail_message_id.date,
            attachment_ids=files,
            subtype_xmlid="mail.mt_note",
        )
