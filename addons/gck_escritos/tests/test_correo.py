import email
import email.policy
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.gck_avisos.tests.smtp_sink import SmtpSink

from .common import EscritoCase


@tagged("post_install", "-at_install")
class TestCorreo(EscritoCase):
    """E-mails to customers, contacts and staff, through the own server (M-43…M-48)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sink = cls.enterClassContext(SmtpSink())
        cls.env["ir.mail_server"].search([]).active = False
        server = {
            "smtp_host": "127.0.0.1",
            "smtp_port": cls.sink.port,
            "smtp_encryption": "none",
        }
        cls.server, cls.default_server = cls.env["ir.mail_server"].create(
            [
                {**server, "name": "De la empresa", "sequence": 50},
                # Would be chosen by Odoo, and refuses every connection.
                {**server, "name": "Predeterminado", "smtp_port": 1, "sequence": 1},
            ]
        )
        cls.company = cls.writer.company_id
        cls.company.gck_mail_server_id = cls.server
        cls.contact.email = "ana@levante.example"
        cls.employee = cls.env["hr.employee"].create(
            {
                "name": "Raúl Técnico",
                "work_email": "raul@empresa.example",
                "company_id": cls.company.id,
            }
        )

    def setUp(self):
        super().setUp()
        self.sink.received.clear()
        Server = type(self.env["ir.mail_server"])
        # Odoo sends nothing during tests; here it is to, to this machine.
        self.enterContext(patch.object(Server, "_disable_send", return_value=False))

    def new_correo(self, partners=None, **vals):
        partners = self.partner if partners is None else partners
        return self._create_escrito(
            "correo",
            destinatario_ids=[
                Command.create({"partner_id": partner.id}) for partner in partners
            ],
            **vals,
        )

    def sent_to(self):
        return [recipients for _sender, recipients, _content in self.sink.received]

    def last_sent(self):
        content = self.sink.received[-1][2]
        return email.message_from_bytes(content, policy=email.policy.default)

    def pick(self, correo, **picked):
        action = correo.action_choose_recipients()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.writer)
            .with_context(**action["context"])
            .create({})
        )
        wizard.write(
            {name: [Command.set(records.ids)] for name, records in picked.items()}
        )
        wizard.action_confirm()

    # ------------------------------------------------------------
    # Recipients
    # ------------------------------------------------------------

    def test_m43_m46_customers_contacts_and_staff_are_picked(self):
        """Three sources; the address shows before sending; nobody comes in twice."""
        correo = self.Escrito.create({"clase": "correo", "subject": "Aviso"})
        employee = self.env["hr.employee.public"].browse(self.employee.id)
        for _again in range(2):
            self.pick(
                correo,
                customer_ids=self.partner,
                contact_ids=self.contact,
                employee_ids=employee,
            )
        self.assertEqual(
            [(line.origin, line.email) for line in correo.destinatario_ids],
            [
                ("partner", "info@levante.example"),
                ("contact", "ana@levante.example"),
                ("staff", "raul@empresa.example"),
            ],
        )
        self.assertEqual(correo.partner_id, self.partner)

    def test_m46_address_follows_the_file_until_it_is_sent(self):
        correo = self.new_correo()
        self.partner.email = "nuevo@levante.example"
        self.assertEqual(correo.destinatario_ids.email, "nuevo@levante.example")
        correo.action_issue()
        self.partner.email = "despues@levante.example"
        self.assertEqual(correo.destinatario_ids.email, "nuevo@levante.example")
        self.assertEqual(self.sent_to(), [["nuevo@levante.example"]])

    def test_m44_who_lacks_an_address_is_named(self):
        """All of them at once; nothing is sent to the others either."""
        bad = self.env["res.partner"].create(
            [
                {"name": "Sin Correo"},
                {"name": "Mal Correo", "email": "sin arroba"},
                {"name": "Dado de Baja", "email": "b@x.example", "active": False},
                {"name": "Borrado", "email": "c@x.example"},
            ]
        )
        correo = self.new_correo(self.partner | bad)
        bad[3].unlink()
        for send in (correo.action_preview, correo.action_issue):
            with self.assertRaises(UserError) as refused:
                send()
            for name in ("Sin Correo", "sin arroba", "Dado de Baja", "Borrado"):
                self.assertIn(name, str(refused.exception))
            self.assertNotIn("Frutas", str(refused.exception))
        self.assertEqual(correo.state, "draft")
        self.assertFalse(self.sink.received)

    def test_m44_no_recipient_at_all(self):
        correo = self.new_correo(self.env["res.partner"])
        with self.assertRaisesRegex(UserError, "no recipients"):
            correo.action_issue()

    # ------------------------------------------------------------
    # Server
    # ------------------------------------------------------------

    def test_m45_goes_through_the_companys_server(self):
        """The default server, which would come first, is left out."""
        self.server.from_filter = "otro.example"
        correo = self.new_correo(self.partner | self.contact)
        correo.action_issue()
        self.assertEqual(
            sorted(self.sent_to()), [["ana@levante.example"], ["info@levante.example"]]
        )
        self.assertEqual(correo.mail_message_id.mail_server_id, self.server)
        self.assertEqual(correo.mail_server_name, "De la empresa")
        self.assertEqual(correo.state, "sent")
        self.assertIn("EM/", correo.name)

    def test_m45_sent_once(self):
        """On a double click, and when somebody else sends the same."""
        correo = self.new_correo()
        correo.action_issue()
        correo.action_issue()
        correo.with_user(self.manager).action_issue()
        self.assertEqual(len(self.sink.received), 1)

    # ------------------------------------------------------------
    # Content
    # ------------------------------------------------------------

    def test_m47_subject_and_body_are_required(self):
        correo = self.new_correo(subject=" ", body="<p><br></p>")
        with self.assertRaises(UserError) as refused:
            correo.action_issue()
        self.assertIn("subject", str(refused.exception))
        self.assertIn("text", str(refused.exception))

    def test_m47_attachments_from_disk_and_store(self):
        documento = self.env["gck.documento"]._store_files(
            [{"name": "tarifa.txt", "raw": b"precios"}],
            carpeta_id=self.env["gck.carpeta"]._get_system("inbox").id,
        )
        attachment = (
            self.env["ir.attachment"]
            .with_user(self.writer)
            .create({"name": "plano.txt", "raw": b"plano"})
        )
        correo = self.new_correo(
            attachment_ids=[Command.link(attachment.id)],
            documento_ids=[Command.link(documento.id)],
        )
        correo.action_issue()
        files = {
            part.get_filename(): part.get_content()
            for part in self.last_sent().iter_attachments()
        }
        self.assertEqual(files, {"plano.txt": "plano", "tarifa.txt": "precios"})

    def test_m47_html_and_line_breaks_in_the_subject(self):
        """They are text, and add no header."""
        subject = "Oferta <b>5 %</b>\nBcc: otro@x.example"
        correo = self.new_correo(subject=subject)
        correo.action_issue()
        message = self.last_sent()
        self.assertEqual(message["Subject"], "Oferta <b>5 %</b> Bcc: otro@x.example")
        self.assertFalse(message["Bcc"])
        self.assertEqual(self.sent_to(), [["info@levante.example"]])

    def test_m47_attachment_too_big_for_the_server(self):
        self.server.max_email_size = 0.001
        attachment = (
            self.env["ir.attachment"]
            .with_user(self.writer)
            .create({"name": "grande.bin", "raw": b"x" * 2000})
        )
        correo = self.new_correo(attachment_ids=[Command.link(attachment.id)])
        with self.assertRaisesRegex(UserError, "at most"):
            correo.action_issue()
        self.assertFalse(self.sink.received)

    # ------------------------------------------------------------
    # Preview, copy, delivery
    # ------------------------------------------------------------

    def open_view(self, action):
        vista = self.env[action["res_model"]].with_user(self.writer)
        return vista.browse(action["res_id"])

    def test_m48_preview_is_what_arrives(self):
        """The same headers and body as are sent; looking sends and leaves nothing."""
        correo = self.new_correo(body="<p>Cámara <b>nº 3</b></p>")
        messages = correo.message_ids
        vista = self.open_view(correo.action_preview())
        self.assertTrue(vista.is_draft)
        shown = (vista.email_from, vista.email_to, vista.subject, vista.reply_to)
        body = vista.body
        self.assertFalse(self.sink.received)
        self.assertEqual(correo.message_ids, messages)
        self.assertEqual(correo.destinatario_ids.state, "draft")
        vista.action_send()
        sent = self.last_sent()
        self.assertEqual(
            shown, (sent["From"], sent["To"], sent["Subject"], sent["Reply-To"])
        )
        self.assertEqual(body.split(), sent.get_body(("html",)).get_content().split())
        self.assertIn("<b>nº 3</b>", body)

    def test_m48_exact_copy_is_filed(self):
        """Byte for byte what left, in the Documentador, linked to the e-mail."""
        correo = self.new_correo()
        correo.action_issue()
        # sudo: the folder of the copies need not be open to who sends.
        copy = correo.copy_documento_id.sudo()
        self.assertEqual(copy.version_id.attachment_id.raw, self.sink.received[0][2])
        self.assertEqual(copy.carpeta_id.code, "correo")
        self.assertTrue(copy.version_id.filename.endswith(".eml"))
        vista = self.open_view(correo.action_view_copy())
        self.assertFalse(vista.is_draft)
        self.assertIn("revisión", vista.body)

    def test_m48_delivery_of_each_recipient(self):
        """Sent, failed with its reason, and sent again to the corrected address."""
        correo = self.new_correo(self.partner | self.contact)
        Server = type(self.env["ir.mail_server"])
        send = Server.send_email

        def fail_for_ana(server, message, *args, **kwargs):
            if "ana@" in message["To"]:
                raise OSError("550 no such user")
            return send(server, message, *args, **kwargs)

        with (
            patch.object(Server, "send_email", fail_for_ana),
            mute_logger("odoo.addons.mail.models.mail_mail"),
        ):
            correo.action_issue()
        states = {line.partner_id: line for line in correo.destinatario_ids}
        self.assertEqual(states[self.partner].state, "sent")
        self.assertTrue(states[self.partner].date_sent)
        failed = states[self.contact]
        self.assertEqual(failed.state, "failed")
        self.assertIn("550 no such user", failed.reason)
        self.assertEqual(correo.failed_count, 1)
        self.contact.email = "ana.soler@levante.example"
        correo.action_retry_failed()
        self.assertEqual(failed.state, "sent")
        self.assertEqual(self.sent_to()[-1], ["ana.soler@levante.example"])
        correo.action_retry_failed()
        self.assertEqual(len(self.sink.received), 2)

    def test_m48_bounce_is_told(self):
        """A mail that comes back marks its recipient."""
        correo = self.new_correo(self.partner | self.contact)
        correo.action_issue()
        self.env["mail.thread"]._routing_handle_bounce(
            None,
            {
                "bounced_email": "ana@levante.example",
                "bounced_partner": self.contact,
                "bounced_msg_ids": [correo.mail_message_id.message_id],
                "bounced_message": correo.mail_message_id,
                "body": "mailbox full",
                "email_from": "mailer-daemon@x.example",
                "to": "bounce@x.example",
                "message_id": "<b1@x.example>",
            },
        )
        states = {line.partner_id: line.state for line in correo.destinatario_ids}
        self.assertEqual(states, {self.partner: "sent", self.contact: "bounced"})

    def test_m48_answer_joins_the_e_mail(self):
        correo = self.new_correo()
        correo.action_issue()
        sent = self.last_sent()
        self.env["mail.thread"].message_process(
            "gck.escrito",
            (
                "From: info@levante.example\r\nTo: x@y.example\r\n"
                f"Subject: Re: x\r\nMessage-ID: <r1@levante.example>\r\n"
                f"In-Reply-To: {sent['Message-Id']}\r\n\r\nDe acuerdo\r\n"
            ).encode(),
        )
        self.assertIn("De acuerdo", correo.message_ids[0].body)

    def test_m48_recipients_of_what_was_sent_are_fixed(self):
        """Neither added, taken off nor marked by hand."""
        correo = self.new_correo()
        line = correo.destinatario_ids
        for vals in ({"state": "sent"}, {"reason": "x"}, {"mail_id": 1}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                line.write(vals)
        correo.action_issue()
        for change in (
            line.unlink,
            lambda: line.write({"partner_id": self.contact.id}),
            lambda: line.copy({"partner_id": self.contact.id}),
        ):
            with self.assertRaises(UserError):
                change()
        self.partner.with_context(active_test=False).name = "Otro nombre"
        self.assertEqual(line.name, "Frutas Levante, S.L.")

    def test_m48_form_of_the_e_mail(self):
        form = Form(self.Escrito.with_context(default_clase="correo"))
        form.subject = "Aviso"
        form.body = "<p>Hola</p>"
        self.assertEqual(form.save().clase, "correo")
