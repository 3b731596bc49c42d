import email
import email.policy
import logging
from contextlib import closing

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, human_size

_logger = logging.getLogger(__name__)

# Header that tells the copy of a mail apart when it leaves.
COPY_HEADER = "X-GCK-Escrito"
# More recipients than these are left to Odoo's queue, in batches.
SEND_AT_ONCE = 50
# Attachments grow by a third on their way, and a message has more than these.
ENCODED_SIZE = 4 / 3


class GckEscrito(models.Model):
    """E-mails: sent once, one message to each recipient (M-43…M-48)."""

    _name = "gck.escrito"
    _inherit = ["gck.escrito"]

    destinatario_ids = fields.One2many(
        "gck.escrito.destinatario", "escrito_id", string="Recipients", copy=True
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        relation="gck_escrito_adjunto_rel",
        string="Attachments",
        bypass_search_access=True,
    )
    documento_ids = fields.Many2many(
        "gck.documento",
        relation="gck_escrito_documento_rel",
        string="Files of the Documentador",
        check_company=True,
    )
    mail_message_id = fields.Many2one(
        "mail.message",
        string="Message sent",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    mail_server_name = fields.Char(string="Sent through", readonly=True, copy=False)
    copy_documento_id = fields.Many2one(
        "gck.documento",
        string="Exact copy",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )
    delivery_summary = fields.Char(
        string="Delivery", compute="_compute_delivery_summary"
    )
    failed_count = fields.Integer(compute="_compute_delivery_summary")

    @api.depends("destinatario_ids.state")
    def _compute_delivery_summary(self):
        """Count the recipients by what became of their message."""
        labels = dict(
            self.env["gck.escrito.destinatario"]
            ._fields["state"]
            ._description_selection(self.env)
        )
        counts = {}
        for escrito, state, count in self.env["gck.escrito.destinatario"]._read_group(
            [("escrito_id", "in", self.ids)], ["escrito_id", "state"], ["__count"]
        ):
            counts.setdefault(escrito.id, {})[state] = count
        for escrito in self:
            own = counts.get(escrito.id, {})
            escrito.delivery_summary = ", ".join(
                f"{labels[state]}: {own[state]}" for state in labels if own.get(state)
            )
            escrito.failed_count = own.get("failed", 0) + own.get("bounced", 0)

    # ------------------------------------------------------------
    # Attachments
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Create documents, to which the files added before belong from now on."""
        escritos = super().create(vals_list)
        escritos._own_attachments(escritos.attachment_ids)
        return escritos

    def write(self, vals):
        """Write values; the files that are added belong to the document."""
        before = self.attachment_ids if "attachment_ids" in vals else None
        result = super().write(vals)
        if before is not None:
            self._own_attachments(self.attachment_ids - before)
        return result

    def _own_attachments(self, added):
        """Take the files that were uploaded before the document had an id.

        :param added: ``ir.attachment`` put on these documents just now
        """
        # sudo: of what was added, only what the user uploaded and nothing owns.
        loose = added.sudo().filtered(
            lambda file: not file.res_id and file.create_uid == self.env.user
        )
        for escrito in self if loose else ():
            own = escrito.sudo().attachment_ids & loose
            own.write({"res_model": self._name, "res_id": escrito.id})
            loose -= own

    def copy_data(self, default=None):
        """Give each copy files of its own."""
        vals_list = super().copy_data(default)
        if "attachment_ids" in (default or {}):
            return vals_list
        for escrito, vals in zip(self, vals_list, strict=True):
            # sudo: who may read the document may read its files. The copies are the
            # user's, until the new document takes them.
            files = escrito.sudo().attachment_ids.copy(
                {"res_model": self._name, "res_id": 0}
            )
            vals["attachment_ids"] = [fields.Command.set(files.ids)]
        return vals_list

    # ------------------------------------------------------------
    # Recipients
    # ------------------------------------------------------------

    def action_choose_recipients(self):
        """Open the picker of customers, contacts and staff (M-46)."""
        self.ensure_one()
        self._check_pending()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add recipients"),
            "res_model": "gck.escrito.elegir",
            "view_mode": "form",
            "target": "new",
            "context": {"default_escrito_id": self.id},
        }

    def _add_recipients(self, partners, origin):
        """Add partners to the recipients, leaving out those who are there."""
        self.ensure_one()
        new = partners - self.destinatario_ids.partner_id
        self.env["gck.escrito.destinatario"].create(
            [
                {"escrito_id": self.id, "partner_id": partner.id, "origin": origin}
                for partner in new
            ]
        )
        if origin != "staff" and new and not self.partner_id:
            first = new[0]
            company = first.commercial_partner_id
            self.partner_id = company
            if first != company:
                self.contact_id = first

    # ------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------

    def _get_issue_problems(self):
        problems = super()._get_issue_problems()
        if self.clase == "correo":
            problems += self._get_mail_problems()
        return problems

    def _get_mail_problems(self):
        """Return what an e-mail lacks to be sent, as sentences (M-44, M-47)."""
        problems = []
        if not (self.subject or "").strip():
            problems.append(self.env._("It has no subject. Write one."))
        if not self.destinatario_ids:
            problems.append(
                self.env._("It has no recipients. Add customers, contacts or staff.")
            )
        wrong = list(filter(None, (d._get_problem() for d in self.destinatario_ids)))
        if wrong:
            problems.append(
                self.env._(
                    "These recipients have no valid e-mail address: %s. Correct it on "
                    "their file, or take them off.",
                    ", ".join(wrong),
                )
            )
        if self.user_id and not email_normalize(self.user_id.email):
            problems.append(
                self.env._(
                    "The sender, %s, has no valid e-mail address.", self.user_id.name
                )
            )
        # sudo: only the limit of the server is read.
        server = self.company_id._gck_get_mail_server() or self.env["ir.mail_server"]
        limit = server.sudo()._get_max_email_size() * 1024 * 1024
        size = sum(
            file.file_size for files in self._get_mail_files() for file in files.sudo()
        )
        if size * ENCODED_SIZE > limit:
            problems.append(
                self.env._(
                    "The attachments take %(size)s, and the server sends messages of "
                    "%(limit)s at most. Take some off, or share them by a link.",
                    size=human_size(size),
                    limit=human_size(limit),
                )
            )
        return problems

    def _get_mail_files(self):
        """Return the files that go with the e-mail: attachments and documents."""
        self.documento_ids.check_access("read")
        return self.attachment_ids, self.documento_ids

    def _prepare_mail_attachments(self):
        """Return the attachments of the e-mail, those of the Documentador included.

        Equal contents share one file on the disk, however many attachments have it.
        """
        attachments, documentos = self._get_mail_files()
        # sudo: the sender reads the documents, as was just checked.
        for version in documentos.sudo().version_id:
            attachments |= version.attachment_id.copy(
                {
                    "name": version.filename,
                    "res_model": self._name,
                    "res_id": self.id,
                    "res_field": False,
                }
            ).sudo(self.env.su)
        return attachments

    def _get_mail_subject(self):
        """Return the subject as a header takes it: in one line."""
        return " ".join((self._get_final()["subject"] or "").split())

    def _do_after_issue(self):
        result = super()._do_after_issue()
        correos = self.filtered(lambda escrito: escrito.clase == "correo")
        if correos:
            mails = correos._create_mails()
            correos.action_sent()
            correos._send_mails(mails)
        return result

    def _create_mails(self):
        """Create the message of each e-mail, and a mail for each recipient.

        :return: the ``mail.mail``, as superuser
        """
        mails = self.env["mail.mail"].sudo()
        for escrito in self:
            server = escrito.company_id._gck_get_mail_server()
            # The folder of the copy, made here, where a collision is tried again.
            escrito._get_copy_folder()
            message = escrito._post_mail(server)
            mails |= escrito._create_recipient_mails(message, escrito.destinatario_ids)
            escrito._write_sent(
                {
                    "mail_message_id": message.id,
                    "mail_server_name": server.name or self.env._("Default server"),
                }
            )
        return mails

    def _write_sent(self, vals):
        """Note what became of an e-mail that was issued."""
        # sudo: what the system notes of what left is no change of the document.
        models.Model.write(self.sudo(), vals)

    def _post_mail(self, server):
        """Put the e-mail on the record, where its answers will join it."""
        self.ensure_one()
        author = self.user_id.partner_id
        # sudo: the sender need not be who sends; nobody is notified by this.
        message = self.sudo().message_post(
            body=Markup(self._get_final()["body"] or ""),
            subject=self._get_mail_subject(),
            author_id=author.id,
            email_from=self.user_id.email_formatted,
            message_type="email_outgoing",
            subtype_xmlid="mail.mt_note",
            mail_server_id=server.id,
        )
        message.attachment_ids = self._prepare_mail_attachments()
        return message

    def _create_recipient_mails(self, message, destinatarios):
        """Create a mail for each recipient, and what tells its delivery.

        :return: the ``mail.mail``, as superuser
        """
        # sudo: nobody has rights on the mails in the queue.
        mails = (
            self.env["mail.mail"]
            .sudo()
            .create(
                [
                    {
                        "mail_message_id": message.id,
                        "is_notification": True,
                        "auto_delete": False,
                        "body_html": message.body,
                        "email_to": destinatario._get_formatted(),
                        "headers": repr({COPY_HEADER: str(self.id)}),
                        "state": "outgoing",
                    }
                    for destinatario in destinatarios
                ]
            )
        )
        # sudo: as for the mails.
        notifications = (
            self.env["mail.notification"]
            .sudo()
            .create(
                [
                    {
                        "mail_message_id": message.id,
                        "mail_mail_id": mail.id,
                        "author_id": message.author_id.id,
                        "res_partner_id": destinatario.partner_id.id,
                        "mail_email_address": email_normalize(destinatario.email),
                        "notification_type": "email",
                        "notification_status": "ready",
                        "is_read": True,
                    }
                    for destinatario, mail in zip(destinatarios, mails, strict=True)
                ]
            )
        )
        for destinatario, mail, notification in zip(
            destinatarios, mails, notifications, strict=True
        ):
            destinatario._write_delivery(
                {"mail_id": mail.id, "notification_id": notification.id}
            )
        return mails

    def _send_mails(self, mails):
        """Send once the transaction is committed, many by the queue."""
        if len(mails) > SEND_AT_ONCE:
            # sudo: any sender may wake the queue.
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        else:
            mails.send_after_commit()

    def action_retry_failed(self):
        """Send again what failed, to the addresses as they are now.

        :raises UserError: naming those that still have no valid address
        """
        self.check_access("write")
        self.lock_for_update()
        self.destinatario_ids.invalidate_recordset()
        failed = self.destinatario_ids.filtered(
            lambda line: line.state in ("failed", "bounced")
        )
        for destinatario in failed.filtered("partner_id"):
            # sudo: the address is the partner's, corrected meanwhile.
            partner = destinatario.partner_id.sudo()
            if partner.email and partner.email != destinatario.email:
                destinatario._write_delivery({"email": partner.email})
        wrong = list(filter(None, (line._get_problem() for line in failed)))
        if wrong:
            raise UserError(
                self.env._(
                    "These recipients have no valid e-mail address: %s. Correct it on "
                    "their file, then try again.",
                    ", ".join(wrong),
                )
            )
        mails = self.env["mail.mail"].sudo()
        # sudo: mails and notifications are the system's; only their delivery changes.
        for destinatario in failed.sudo():
            mail, notification = destinatario.mail_id, destinatario.notification_id
            if not mail.exists() or not notification.exists():
                continue
            server = destinatario.escrito_id.company_id._gck_get_mail_server()
            mail.write(
                {
                    "email_to": destinatario._get_formatted(),
                    "mail_server_id": server.id,
                    "state": "outgoing",
                    "failure_reason": False,
                    "failure_type": False,
                }
            )
            notification.write(
                {
                    "mail_email_address": email_normalize(destinatario.email),
                    "notification_status": "ready",
                    "failure_reason": False,
                    "failure_type": False,
                }
            )
            mails |= mail
        self._send_mails(mails)
        return True

    # ------------------------------------------------------------
    # Preview and copy
    # ------------------------------------------------------------

    def action_preview(self):
        """Show the message as it arrives at its recipient, without sending it (M-48).

        :raises UserError: naming what it lacks to be sent
        """
        self.ensure_one()
        self._check_issue()
        vista = self.env["gck.escrito.vista"].create({"escrito_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("As it arrives"),
            "res_model": vista._name,
            "res_id": vista.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_view_copy(self):
        """Show the exact copy of what was sent."""
        self.ensure_one()
        if not self.copy_documento_id:
            raise UserError(
                self.env._("Nothing was sent yet: there is no copy of the message.")
            )
        vista = self.env["gck.escrito.vista"].create({"escrito_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Copy of what was sent"),
            "res_model": vista._name,
            "res_id": vista.id,
            "view_mode": "form",
            "target": "new",
        }

    def _build_preview(self):
        """Return the bytes of the message to the first recipient, as they would leave.

        Everything is done as for sending, and undone.
        """
        self.ensure_one()
        savepoint = self.env.cr.savepoint(flush=True)
        with closing(savepoint):
            server = self.company_id._gck_get_mail_server()
            message = self._post_mail(server)
            mail = self._create_recipient_mails(message, self.destinatario_ids[:1])
            values = mail._prepare_outgoing_list(mail_server=server)[0]
            # sudo: the message is only built, not sent.
            Server = self.env["ir.mail_server"].sudo()
            built = Server._build_email__(
                email_from=mail.email_from,
                email_to=values["email_to"],
                subject=values["subject"],
                body=values["body"],
                body_alternative=values["body_alternative"],
                reply_to=values["reply_to"],
                attachments=values["attachments"],
                message_id=values["message_id"],
                references=values["references"],
                object_id=values["object_id"],
                subtype="html",
                subtype_alternative="plain",
                headers=values["headers"],
            )
            content = built.as_bytes(policy=email.policy.SMTP)
        self.env.invalidate_all()
        return content

    def _keep_copy(self, content):
        """Keep the bytes of the first message that left, as they left."""
        self.ensure_one()
        if self.copy_documento_id:
            return
        # sudo: who may send the e-mail was checked; the folder of its copy is for
        # managers.
        documento = (
            self.env["gck.documento"]
            .sudo()
            ._store_files(
                [
                    {
                        "name": self.name.replace("/", "-") + ".eml",
                        "raw": content,
                        "records": [self],
                    }
                ],
                carpeta_id=self._get_copy_folder().id,
                partner_id=self.partner_id.id,
                user_id=self.user_id.id,
                description=self._get_mail_subject(),
            )
        )
        self._write_sent({"copy_documento_id": documento.id})

    def _get_copy_folder(self):
        """Return the folder of the Documentador that keeps what was sent."""
        return self.env["gck.carpeta"]._get_system("correo", self.company_id)
