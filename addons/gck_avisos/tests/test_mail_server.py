import email
import email.policy
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import AvisosCase
from .smtp_sink import SmtpSink


@tagged("post_install", "-at_install")
class TestMailServer(AvisosCase):
    """The company's own outgoing mail server, without authentication (M-7)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sink = cls.enterClassContext(SmtpSink())
        cls.server = cls.env["ir.mail_server"].create(
            {
                "name": "Correo de la empresa",
                "smtp_host": "127.0.0.1",
                "smtp_port": cls.sink.port,
                "smtp_encryption": "none",
                # Of another domain than anybody's: chosen all the same.
                "from_filter": "otro.example.com",
            }
        )

    def setUp(self):
        super().setUp()
        self.sink.received.clear()
        Server = type(self.env["ir.mail_server"])
        # Odoo sends nothing during tests; here it is to, to this machine.
        self.enterContext(patch.object(Server, "_disable_send", return_value=False))

    def page(self, user=None):
        Parametros = self.env["gck.parametros"].with_user(user or self.manager)
        return Parametros.with_context(allowed_company_ids=self.company.ids).browse(
            self.company.id
        )

    def test_m7_manager_chooses_a_server_of_their_company(self):
        with Form(self.page()) as form:
            form.gck_mail_server_id = self.server.with_user(self.manager)
        self.assertEqual(self.company.gck_mail_server_id, self.server)
        self.assertFalse(self.other_company.gck_mail_server_id)
        self.assertFalse(self.page().gck_mail_server_user)

    def test_m7_test_sends_a_message_without_authentication(self):
        """The server offers no AUTH; the result is shown to whoever tests."""
        self.company.gck_mail_server_id = self.server
        action = self.page().action_test_mail_server()
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual(action["params"]["type"], "success")
        self.assertIn("manager@gck.example.com", action["params"]["message"])
        [(_sender, recipients, content)] = self.sink.received
        self.assertEqual(recipients, ["manager@gck.example.com"])
        message = email.message_from_bytes(content, policy=email.policy.default)
        self.assertIn(self.company.name, message["Subject"])
        self.assertIn("Mario Manager", message["From"])

    def test_m7_server_with_a_user_is_warned_of_and_accepted(self):
        """Nobody is stopped; only that this server asks for a login is told."""
        self.server.smtp_user = "correo@gck.example.com"
        self.page().gck_mail_server_id = self.server
        self.assertEqual(self.company.gck_mail_server_id, self.server)
        self.assertEqual(self.page().gck_mail_server_user, "correo@gck.example.com")
        with self.assertRaises(UserError) as refused:
            self.page().action_test_mail_server()
        self.assertNames(refused.exception, "Correo de la empresa", "AUTH")

    def test_m7_failed_test_says_why(self):
        self.page().gck_mail_server_id = self.server
        # A port that nobody listens on.
        with SmtpSink() as closed:
            self.server.smtp_port = closed.port
        with self.assertRaises(UserError) as refused:
            self.page().action_test_mail_server()
        self.assertNames(refused.exception, "127.0.0.1", str(self.server.smtp_port))
        self.company.gck_mail_server_id = False
        with self.assertRaises(UserError):
            self.page().action_test_mail_server()

    def test_m7_test_needs_an_address_of_the_user(self):
        self.company.gck_mail_server_id = self.server
        self.manager.partner_id.email = "sin arroba"
        with self.assertRaises(UserError) as refused:
            self.page().action_test_mail_server()
        self.assertNames(refused.exception, "e-mail address")
        self.assertFalse(self.sink.received)

    def test_m7_only_managers_test(self):
        self.company.gck_mail_server_id = self.server
        for user in (self.own, self.reception, self.nobody, self.portal):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.page(user).action_test_mail_server()
        self.assertFalse(self.sink.received)

    def test_m7_managers_read_servers_but_no_login(self):
        """Whoever chooses a server learns neither user nor password of it."""
        server = self.server.with_user(self.manager)
        self.assertEqual(server.name, "Correo de la empresa")
        for name in ("smtp_user", "smtp_pass"):
            with self.subTest(name), self.assertRaises(AccessError):
                server.read([name])
        with self.assertRaises(AccessError):
            server.name = "x"

    def test_m7_server_in_use_is_not_archived(self):
        """An administrator is told which company still sends through it."""
        self.company.gck_mail_server_id = self.server
        with self.assertRaises(UserError) as refused:
            self.server.action_archive()
        self.assertNames(refused.exception, "Talleres Ebro")
        self.company.gck_mail_server_id = False
        self.server.action_archive()
        self.assertFalse(self.server.active)
