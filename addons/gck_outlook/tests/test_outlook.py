import base64
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged

USER = "gck_avisos.group_gck_aviso_user"
ALL = "gck_avisos.group_gck_aviso_all"
SCOPE = "odoo.plugin.outlook"


@tagged("post_install", "-at_install")
class TestOutlook(HttpCase):
    """The panel of the mail client and the notices (K-4), with real keys."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        context = {"no_reset_password": True}
        people = {"reception": ALL, "own": USER, "nobody": "base.group_user"}
        for login, groups in people.items():
            user = new_test_user(
                cls.env, login=f"gck_outlook_{login}", groups=groups, context=context
            )
            setattr(cls, login, user)
        cls.customer = cls.env["res.partner"].create(
            {"name": "Cerámicas Júcar", "is_company": True}
        )
        cls.contact = cls.env["res.partner"].create(
            {
                "name": "Marta Júcar",
                "parent_id": cls.customer.id,
                "email": "marta@jucar.example.com",
            }
        )
        Aviso = cls.env["gck.aviso"].with_user(cls.reception)
        cls.aviso, cls.closed = Aviso.create(
            [
                {"subject": "Pide un presupuesto", "partner_id": cls.customer.id},
                {"subject": "Ya está cerrado", "partner_id": cls.customer.id},
            ]
        )
        cls.closed.action_close()

    def key(self, user, scope=SCOPE, days=1):
        """Return a real API key of a user."""
        keys = self.env["res.users.apikeys"].with_user(user)
        expires = fields.Datetime.now() + timedelta(days=days)
        return keys._generate(scope, "Outlook", expires)

    def call(self, route, user, key=None, **params):
        """Call a route as the panel does; return the whole answer."""
        key = key or self.key(user)
        body = {"jsonrpc": "2.0", "method": "call", "id": 1, "params": params}
        with patch(
            "odoo.addons.mail_plugin.controllers.mail_plugin.MailPluginController"
            "._iap_enrich",
            lambda self, domain: {},
        ):
            response = self.url_open(
                f"/mail_plugin/{route}", json=body, headers={"Authorization": key}
            )
        self.env.invalidate_all()
        return response.json()

    def ask(self, route, user, **params):
        """Call a route that is to work; return its result."""
        answer = self.call(route, user, **params)
        self.assertNotIn("error", answer)
        return answer["result"]

    def mail(self, **params):
        return {
            "email_subject": "Pedido 7",
            "email_body": "<p>Cien piezas<script>x()</script></p>",
            "email_from": '"Marta" <marta@jucar.example.com>',
            "message_id": "<siete@jucar.example.com>",
            "timestamp": "2026-03-02T10:30:00+01:00",
            "attachments": [
                ["plano.pdf", base64.b64encode(b"%PDF plano").decode()],
                ["x.html", base64.b64encode(b"<script/>").decode()],
            ],
            **params,
        }

    # ------------------------------------------------------------
    # Keys
    # ------------------------------------------------------------

    def test_k4_key_of_another_scope_or_out_of_date_is_refused(self):
        before = self.env["gck.aviso"].search_count([])
        for key in ("x" * 40, self.key(self.reception, scope="rpc")):
            answer = self.call("gck_aviso/create", self.reception, key, **self.mail())
            self.assertIn("error", answer)
        self.assertEqual(self.env["gck.aviso"].search_count([]), before)

    # ------------------------------------------------------------
    # The panel
    # ------------------------------------------------------------

    def test_k4_panel_shows_the_open_notices_of_the_sender(self):
        """Of the contact's company, without the closed ones."""
        result = self.ask(
            "partner/get",
            self.reception,
            email="marta@jucar.example.com",
            name="Marta",
        )
        names = [values["name"] for values in result["gck_avisos"]]
        self.assertEqual(names, [self.aviso.name])
        self.assertIn(f"/{self.aviso.id}", result["gck_avisos"][0]["url"])

    def test_k4_panel_shows_only_notices_within_reach(self):
        """Other people's are not shown; who has no role gets no section."""
        params = {"email": "marta@jucar.example.com", "name": "Marta"}
        self.assertEqual(self.ask("partner/get", self.own, **params)["gck_avisos"], [])
        self.assertNotIn("gck_avisos", self.ask("partner/get", self.nobody, **params))

    def test_k4_notices_are_searched(self):
        """By number, subject and customer; only open ones within reach."""
        for term in (self.aviso.name, "presupuesto", "Júcar"):
            found = self.ask(
                "gck_aviso/search",
                self.reception,
                search_term=term,
                partner_id=self.contact.id,
            )
            ids = [values["aviso_id"] for values in found["avisos"]]
            self.assertEqual(ids, [self.aviso.id])
        result = self.ask("gck_aviso/search", self.own, search_term="presupuesto")
        self.assertNotIn(
            self.aviso.id, [values["aviso_id"] for values in result["avisos"]]
        )
        answer = self.call("gck_aviso/search", self.nobody, search_term="x")
        self.assertIn("error", answer)

    # ------------------------------------------------------------
    # A notice of the open mail
    # ------------------------------------------------------------

    def test_k4_notice_is_made_of_the_open_mail(self):
        """With its sender, date, text and files; never a second one."""
        result = self.ask("gck_aviso/create", self.reception, **self.mail())
        self.assertTrue(result["is_new"])
        aviso = self.env["gck.aviso"].browse(result["aviso_id"])
        self.assertEqual(aviso.subject, "Pedido 7")
        self.assertEqual(aviso.partner_id, self.customer)
        self.assertEqual(aviso.contact_id, self.contact)
        self.assertEqual(str(aviso.date), "2026-03-02 09:30:00")
        self.assertEqual(aviso.arrival, "outlook")
        self.assertEqual(aviso.requester_id, self.reception)
        self.assertEqual(aviso.procedencia_id.channel, "email")
        self.assertNotIn("script", aviso.description)
        files = {file.name: file for file in aviso.message_ids.attachment_ids}
        self.assertEqual(files["plano.pdf"].raw, b"%PDF plano")
        self.assertEqual(files["x.html"].mimetype, "text/plain")
        again = self.ask("gck_aviso/create", self.reception, **self.mail())
        self.assertFalse(again["is_new"])
        self.assertEqual(again["aviso_id"], aviso.id)
        hidden = self.ask("gck_aviso/create", self.own, **self.mail())
        self.assertEqual(hidden, {"error": "access_denied", "name": aviso.name})

    def test_k4_mail_of_another_company_is_a_notice_here_too(self):
        """Its number is not told, and the mail is dealt with in both."""
        first = self.ask("gck_aviso/create", self.reception, **self.mail())
        other = self.env["res.company"].create({"name": "Talleres Tajo"})
        foreign = new_test_user(
            self.env,
            login="gck_outlook_foreign",
            groups=ALL,
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
            context={"no_reset_password": True},
        )
        result = self.ask("gck_aviso/create", foreign, **self.mail())
        self.assertTrue(result["is_new"])
        self.assertNotEqual(result["aviso_id"], first["aviso_id"])
        aviso = self.env["gck.aviso"].browse(result["aviso_id"])
        self.assertEqual(aviso.company_id, other)

    def test_k4_contact_of_the_panel_wins_over_the_address(self):
        mail = self.mail(
            email_from="otra@direccion.example", partner_id=self.contact.id
        )
        result = self.ask("gck_aviso/create", self.reception, **mail)
        aviso = self.env["gck.aviso"].browse(result["aviso_id"])
        self.assertEqual(aviso.contact_id, self.contact)
        self.assertFalse(aviso.sender_unknown)

    def test_k4_open_mail_of_an_unknown_sender_is_flagged(self):
        mail = self.mail(email_from="ana@obrador.example", timestamp="ayer")
        result = self.ask("gck_aviso/create", self.reception, **mail)
        self.assertTrue(self.env["gck.aviso"].browse(result["aviso_id"]).sender_unknown)

    def test_k4_bad_requests_make_no_notice(self):
        before = self.env["gck.aviso"].search_count([])
        result = self.ask(
            "gck_aviso/create", self.reception, **self.mail(partner_id=999999999)
        )
        self.assertEqual(result, {"error": "partner_not_found"})
        for params in ({"attachments": [["a", "ñ"]]}, {"attachments": [["a"]]}):
            answer = self.call(
                "gck_aviso/create", self.reception, **self.mail(**params)
            )
            self.assertIn("error", answer)
        answer = self.call("gck_aviso/create", self.nobody, **self.mail())
        self.assertIn("error", answer)
        self.assertEqual(self.env["gck.aviso"].search_count([]), before)

    # ------------------------------------------------------------
    # Logging the open mail
    # ------------------------------------------------------------

    def log(self, record, user, **params):
        return self.call(
            "log_mail_content",
            user,
            model=record._name,
            res_id=record.id,
            **{"message": "<p>Hola<script>x()</script></p>", **params},
        )

    def test_k4_open_mail_is_logged_on_a_notice_and_on_a_task(self):
        tarea = (
            self.env["gck.tarea"]
            .with_user(self.reception)
            .create({"subject": "Enviarlo", "aviso_id": self.aviso.id})
        )
        page = [["x.html", base64.b64encode(b"<script/>").decode()]]
        for record in (self.aviso, tarea):
            before = record.message_ids
            answer = self.log(record, self.reception, attachments=page)
            self.assertTrue(answer.get("result"), answer)
            message = record.message_ids - before
            self.assertEqual(len(message), 1)
            self.assertIn("Hola", message.body)
            self.assertNotIn("script", message.body)
            self.assertEqual(message.attachment_ids.mimetype, "text/plain")

    def test_k4_mail_is_not_logged_out_of_reach(self):
        """Others' notices, users without the role, and what was deleted."""
        before = self.aviso.message_ids
        self.assertIn("error", self.log(self.aviso, self.own))
        self.assertIn("error", self.log(self.aviso, self.nobody))
        gone = self.env["gck.aviso"].browse(999999999)
        self.assertIn("error", self.log(gone, self.reception))
        tipo = self.env.ref("gck_avisos.gck_aviso_tipo_enquiry")
        self.assertIn("error", self.log(tipo, self.reception))
        self.assertEqual(self.aviso.message_ids, before)
