import email
import email.policy
import re
import smtplib
import subprocess
import sys
import xmlrpc.client
from unittest.mock import patch

from odoo.tests import HttpCase, tagged
from odoo.tools import file_path

from .common_correo import CorreoCase
from .smtp_sink import SmtpSink

MAILGATE = "mail/static/scripts/odoo-mailgate.py"


@tagged("post_install", "-at_install")
class TestMailSmtp(CorreoCase, HttpCase):
    """Mail goes through real SMTP and Odoo's own entry for mail servers (K-4, K-8)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gateway = cls.env.ref("base.user_admin")
        cls.gateway.password = "admin-de-prueba"

    def setUp(self):
        super().setUp()
        self.sink = self.enterContext(SmtpSink())

    def send(self, mail, recipient=None):
        """Deliver a mail to the sink; return the bytes that arrived there."""
        content = mail if isinstance(mail, bytes) else mail.as_bytes()
        with smtplib.SMTP("127.0.0.1", self.sink.port, timeout=60) as client:
            client.sendmail(
                "marta@jucar.example.com", recipient or self.address, content
            )
        return self.sink.received[-1][2]

    def mailgate(self, content):
        """Run Odoo's script as a mail server would; return the new notices."""
        before = self.env["gck.aviso"].search([], order="id desc", limit=1).id or 0
        command = [
            sys.executable, file_path(MAILGATE),
            "--host", "127.0.0.1", "--port", str(self.http_port()),
            "-d", self.env.cr.dbname, "-u", str(self.gateway.id),
            "-p", "admin-de-prueba",
        ]  # fmt: skip
        self.env.flush_all()
        with self.allow_requests(all_requests=True):
            done = subprocess.run(
                command, input=content, capture_output=True, timeout=120, check=False
            )
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        self.env.invalidate_all()
        return self.env["gck.aviso"].search([("id", ">", before)])

    def call_gateway(self, content):
        """Call over XML-RPC what Odoo's script calls; return the new notices."""
        before = self.env["gck.aviso"].search([], order="id desc", limit=1).id or 0
        self.env.flush_all()
        with self.allow_requests(all_requests=True):
            url = f"{self.base_url()}/xmlrpc/2/object"
            with xmlrpc.client.ServerProxy(url, allow_none=True) as models:
                models.execute_kw(
                    self.env.cr.dbname,
                    self.gateway.id,
                    "admin-de-prueba",
                    "mail.thread",
                    "message_process",
                    [False, xmlrpc.client.Binary(content)],
                )
        self.env.invalidate_all()
        return self.env["gck.aviso"].search([("id", ">", before)])

    def deliver(self, mail):
        return self.mailgate(self.send(mail))

    def test_k8_mail_delivered_by_smtp_becomes_a_notice(self):
        """Whoever the mail server logs in as, the notice is the sender's."""
        mail = self.new_mail(Subject="Avería en la cámara nº 3")
        aviso = self.deliver(mail)
        self.assertEqual(len(aviso), 1)
        self.assertEqual(aviso.subject, "Avería en la cámara nº 3")
        self.assertEqual(aviso.contact_id, self.contact)
        self.assertEqual(aviso.company_id, self.company)
        self.assertFalse(aviso.requester_id)
        self.assertFalse(self.deliver(mail), "the same message again")

    def test_k8_twenty_megabytes_by_smtp(self):
        content = b"\x01\x02\x03" * 7_000_000
        mail = self.new_mail(files=[("grande.bin", content, "application/zip")])
        aviso = self.deliver(mail)
        file = self.emails_of(aviso).attachment_ids
        self.assertEqual(file.mapped("name"), ["grande.bin"])
        self.assertEqual(file.raw, content)

    def test_k8_broken_mail_by_smtp(self):
        """Bytes that nobody declared, in headers and text.

        Odoo's script reads its input as text, so that it takes UTF-8 only; the entry
        that it calls takes anything.
        """
        text = "Señor Ñáñez: se oyó un ruido"
        for encoding in ("utf-8", "cp1252"):
            with self.subTest(encoding):
                mail = (
                    f"To: {self.address}\r\nFrom: José <jose@x.example>\r\n"
                    f"Subject: {text}\r\nMessage-ID: <{encoding}@x.example>\r\n"
                    f"Content-Type: text/plain; charset=x-nadie\r\n\r\n{text}\r\n"
                )
                content = self.send(mail.encode(encoding))
                gate = self.mailgate if encoding == "utf-8" else self.call_gateway
                aviso = gate(content)
                self.assertEqual(aviso.subject, text)
                self.assertIn(text, aviso.description)
                self.assertTrue(aviso.sender_unknown)

    def test_k4_answer_goes_out_by_smtp_and_comes_back_to_the_notice(self):
        """Through a real mail server, there and back."""
        aviso = self.deliver(self.new_mail())
        self.env["ir.mail_server"].search([]).active = False
        self.env["ir.mail_server"].create(
            {
                "name": "Prueba",
                "smtp_host": "127.0.0.1",
                "smtp_port": self.sink.port,
                "smtp_encryption": "none",
            }
        )
        Server = type(self.env["ir.mail_server"])
        with (
            # Odoo sends nothing during tests; here it is to, to this machine.
            patch.object(Server, "_disable_send", return_value=False),
        ):
            aviso.with_user(self.reception).message_post(
                body="Se lo envío hoy",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=self.contact.ids,
            )
            self.track()
        sent = [
            content
            for _sender, recipients, content in self.sink.received
            if "marta@jucar.example.com" in recipients
        ]
        self.assertEqual(len(sent), 1)
        mail = email.message_from_bytes(sent[0], policy=email.policy.default)
        self.assertIn(self.address, mail["Reply-To"])
        self.assertRegex(mail["Message-Id"], r"^<.+@.+>$")
        answer = self.new_mail(
            body="Gracias, lo espero",
            To=mail["Reply-To"],
            Subject=f"RE: {mail['Subject']}",
            In_Reply_To=re.sub(r"\s", "", mail["Message-Id"]),
        )
        self.assertFalse(self.deliver(answer))
        last = self.emails_of(aviso)[-1]
        self.assertIn("lo espero", last.body)
        self.assertEqual(last.author_id, self.contact)
