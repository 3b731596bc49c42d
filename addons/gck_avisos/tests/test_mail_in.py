from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_correo import PDF, PNG, CorreoCase


@tagged("post_install", "-at_install")
class TestMailIn(CorreoCase):
    """What is mailed to the address of a type becomes a notice (K-4, K-8)."""

    # ------------------------------------------------------------
    # The notice
    # ------------------------------------------------------------

    def test_k8_mail_becomes_a_notice_in_reception(self):
        """With its sender, date, text, type and channel; taken by nobody."""
        aviso = self.receive(self.new_mail())
        self.assertEqual(len(aviso), 1)
        self.assertEqual(aviso.state, "new")
        self.assertEqual(aviso.subject, "Presupuesto")
        self.assertIn("Necesito un presupuesto", aviso.description)
        self.assertEqual(aviso.tipo_id, self.mail_tipo)
        self.assertEqual(aviso.company_id, self.company)
        self.assertEqual(aviso.procedencia_id.channel, "email")
        self.assertEqual(aviso.partner_id, self.customer)
        self.assertEqual(aviso.contact_id, self.contact)
        self.assertEqual(str(aviso.date), "2026-03-02 09:30:00")
        self.assertFalse(aviso.requester_id)
        self.assertFalse(aviso.sender_unknown)
        self.assertEqual(aviso.arrival, "mail")
        self.assertEqual(aviso.email_normalized, "marta@jucar.example.com")
        self.assertRegex(aviso.name, r"^AV/")
        message = self.emails_of(aviso)
        self.assertEqual(len(message), 1)
        self.assertEqual(message.author_id, self.contact)

    def test_k8_subject_of_a_mail_without_one(self):
        """The first line of the text, else the first file, else it says so."""
        aviso = self.receive(self.new_mail(body="Hola\nadiós", Subject=None))
        self.assertEqual(aviso.subject, "Hola")
        files = [("plano.pdf", PDF, "application/pdf")]
        aviso = self.receive(self.new_mail(body="", Subject=None, files=files))
        self.assertEqual(aviso.subject, "plano.pdf")
        aviso = self.receive(self.new_mail(body="", Subject=None))
        self.assertTrue(aviso.subject)

    def test_k8_long_subject_loses_nothing(self):
        """What a subject cannot hold opens the description."""
        aviso = self.receive(self.new_mail(Subject="muy largo " * 60))
        self.assertLessEqual(len(aviso.subject), 255)
        self.assertIn("muy largo " * 50, aviso.description)

    def test_k8_date_in_the_future_or_broken_is_now(self):
        """So that the notice can be closed."""
        for date in ("Fri, 01 Jan 2100 10:00:00 +0000", "ayer por la tarde", None):
            with self.subTest(date):
                aviso = self.receive(self.new_mail(Date=date))
                gap = fields.Datetime.now() - aviso.date
                self.assertLess(abs(gap), timedelta(minutes=2))
                aviso.with_user(self.reception).action_close()
                self.assertEqual(aviso.state, "done")

    def test_k8_html_is_sanitised_and_pictures_are_shown(self):
        """No script survives; a picture of the text points to its file."""
        mail = self.new_mail(html='<p>Hola<script>x()</script><img src="cid:a"/></p>')
        rich = mail.get_payload()[1]
        rich.add_related(PNG, "image", "png", cid="<a>", filename="foto.png")
        aviso = self.receive(mail)
        self.assertNotIn("script", aviso.description)
        self.assertNotIn("cid:", aviso.description)
        self.assertIn("/web/image/", aviso.description)

    def test_k8_attachments_are_kept_and_html_is_never_a_page(self):
        """They hang from the notice; a page from outside is served as text."""
        files = [
            ("plano.pdf", PDF, "application/pdf"),
            ("malo.html", b"<script>x()</script>", "application/octet-stream"),
            ("malo.svg", b"<svg onload='x()'/>", "image/svg+xml"),
        ]
        aviso = self.receive(self.new_mail(files=files))
        attachments = self.emails_of(aviso).attachment_ids
        self.assertEqual(
            set(attachments.mapped("name")), {"plano.pdf", "malo.html", "malo.svg"}
        )
        self.assertEqual(set(attachments.mapped("res_model")), {"gck.aviso"})
        self.assertEqual(set(attachments.mapped("res_id")), {aviso.id})
        by_name = {attachment.name: attachment for attachment in attachments}
        self.assertEqual(by_name["malo.html"].mimetype, "text/plain")
        self.assertEqual(by_name["malo.svg"].mimetype, "text/plain")
        self.assertEqual(by_name["plano.pdf"].raw, PDF)
        self.assertEqual(aviso.message_main_attachment_id, by_name["plano.pdf"])

    def test_k8_proposals_of_the_type_apply(self):
        """Responsible, department and deadline; the responsible is told."""
        self.mail_tipo.write(
            {
                "user_id": self.own.id,
                "department_id": self.sales_department.id,
                "deadline_hours": 8,
            }
        )
        aviso = self.receive(self.new_mail())
        self.assertEqual(aviso.user_id, self.own)
        self.assertEqual(aviso.department_id, self.sales_department)
        self.assertEqual(aviso.date_deadline, aviso.date + timedelta(hours=8))
        self.assertTrue(self.messages_to(self.own, aviso))

    def test_k8_proposal_that_the_company_cannot_take_loses_no_mail(self):
        """A type of all companies that proposes somebody of another one."""
        self.mail_tipo.write({"company_id": False, "user_id": self.foreign.id})
        aviso = self.receive(self.new_mail())
        self.assertEqual(len(aviso), 1)
        self.assertFalse(aviso.user_id)
        self.assertEqual(aviso.company_id, self.company)

    def test_k8_required_reason_refuses_no_mail(self):
        """Nobody can ask a mail for its reason; whoever deals with it gives it."""
        self.company.gck_motivo_required = True
        aviso = self.receive(self.new_mail())
        self.assertEqual(len(aviso), 1)
        with self.assertRaises(UserError):
            self.new_aviso(motivo_id=False)

    def test_k8_mail_to_the_type_of_another_company(self):
        """The notice is of the company of the type, whoever fetches the mail."""
        self.other_company.alias_domain_id = self.env["mail.alias.domain"].create(
            {"name": "tajo.example.com"}
        )
        self.env["gck.aviso.tipo"].create(
            {
                "name": "Correo del Tajo",
                "company_id": self.other_company.id,
                "alias_name": "avisos-tajo",
            }
        )
        self.contact.company_id = self.customer.company_id = self.company
        aviso = self.receive(self.new_mail(To="avisos-tajo@tajo.example.com"))
        self.assertEqual(aviso.company_id, self.other_company)
        self.assertFalse(aviso.partner_id)
        self.assertTrue(aviso.sender_unknown)

    def test_k8_address_without_a_mail_domain(self):
        """Mail comes in by the local part, and the type says what is missing."""
        self.company.alias_domain_id = False
        tipo = self.env["gck.aviso.tipo"].create({"name": "Web"})
        tipo.write({"alias_name": "web-sin-dominio", "alias_domain_id": False})
        self.assertTrue(tipo.alias_hint)
        aviso = self.receive(self.new_mail(To="web-sin-dominio@cualquiera.example"))
        self.assertEqual(aviso.tipo_id, tipo)
        tipo.alias_domain_id = self.domain
        self.assertFalse(tipo.alias_hint)
        self.assertFalse(tipo.alias_id.alias_incoming_local)

    def test_k8_only_managers_change_addresses(self):
        """And deleting the type takes its address away."""
        with self.assertRaises(AccessError):
            self.mail_tipo.with_user(self.reception).alias_name = "otra"
        tipo = self.mail_tipo.with_user(self.manager)
        tipo.alias_name = "otra"
        self.assertEqual(tipo.alias_email, "otra@talleres.example.com")
        alias = self.mail_tipo.alias_id
        tipo.unlink()
        self.assertFalse(alias.exists())

    # ------------------------------------------------------------
    # The sender
    # ------------------------------------------------------------

    def test_k8_unknown_sender_is_flagged_not_lost(self):
        """With name and address, and found by the filter."""
        aviso = self.receive(self.new_mail(From='"Ana Gil" <ana@obrador.example>'))
        self.assertTrue(aviso.sender_unknown)
        self.assertEqual(aviso.caller_name, "Ana Gil")
        self.assertEqual(aviso.tercero, "Ana Gil")
        self.assertEqual(aviso.email_from, '"Ana Gil" <ana@obrador.example>')
        found = self.env["gck.aviso"].search([("sender_unknown", "=", True)])
        self.assertIn(aviso, found)
        aviso.with_user(self.reception).partner_id = self.customer
        self.assertFalse(aviso.sender_unknown)

    def test_k8_address_is_compared_without_case(self):
        aviso = self.receive(self.new_mail(From="MARTA@Jucar.Example.COM"))
        self.assertEqual(aviso.contact_id, self.contact)

    def test_k8_mail_of_the_company_itself(self):
        """No contact: it is the company that writes."""
        aviso = self.receive(self.new_mail(From="info@jucar.example.com"))
        self.assertEqual(aviso.partner_id, self.customer)
        self.assertFalse(aviso.contact_id)

    def test_k8_archived_partner_is_not_matched(self):
        self.contact.active = False
        aviso = self.receive(self.new_mail())
        self.assertTrue(aviso.sender_unknown)

    def test_k8_shared_address_goes_to_the_partner_with_most_evidence(self):
        """Several partners with the address: the one with notices, then messages."""
        one, two, three = self.env["res.partner"].create(
            [{"name": name, "email": "todos@grupo.example"} for name in "ABC"]
        )
        self.new_aviso(partner_id=two.id)
        mail = self.new_mail(From="todos@grupo.example")
        self.assertEqual(self.receive(mail).partner_id, two)
        three.message_post(body="x", author_id=three.id)
        self.new_aviso(partner_id=three.id)
        self.new_aviso(partner_id=three.id)
        mail = self.new_mail(From="todos@grupo.example")
        self.assertEqual(self.receive(mail).partner_id, three)
        self.assertTrue(one.active)

    def test_k8_partner_with_several_addresses_in_one_field(self):
        self.vendor.email = "ventas@duero.example, pedidos@duero.example"
        aviso = self.receive(self.new_mail(From="pedidos@duero.example"))
        self.assertEqual(aviso.partner_id, self.vendor)

    def test_k8_prospect_is_matched_to_its_open_lead(self):
        """A lost one is nobody; an open one is the notice's."""
        lost, lead = self.env["crm.lead"].create(
            [
                {"name": "Vieja", "email_from": "leo@nuevo.example"},
                {"name": "Nueva", "email_from": "leo@nuevo.example"},
            ]
        )
        lost.action_set_lost()
        aviso = self.receive(self.new_mail(From="Leo <leo@nuevo.example>"))
        self.assertEqual(aviso.lead_id, lead)
        self.assertFalse(aviso.sender_unknown)
        lead.action_set_lost()
        aviso = self.receive(self.new_mail(From="Leo <leo@nuevo.example>"))
        self.assertFalse(aviso.lead_id)
        self.assertTrue(aviso.sender_unknown)

    def test_k13_mail_of_a_colleague_is_an_internal_notice(self):
        """It asks for it; there is no customer and nothing unknown."""
        aviso = self.receive(self.new_mail(From=self.own.email))
        self.assertEqual(aviso.requester_id, self.own)
        self.assertFalse(aviso.partner_id)
        self.assertFalse(aviso.sender_unknown)

    # ------------------------------------------------------------
    # Who is it?
    # ------------------------------------------------------------

    def identify(self, aviso, user, **vals):
        action = aviso.with_user(user).action_identify_sender()
        wizard = self.env[action["res_model"]].with_user(user)
        wizard = wizard.with_context(**action["context"]).create(vals)
        wizard.action_confirm()
        return wizard

    def test_k8_contact_is_created_from_the_sender(self):
        """The other notices of the address follow, and so do their messages."""
        self.reception.group_ids += self.env.ref("base.group_partner_manager")
        mails = [self.new_mail(From='"Ana Gil" <ana@obrador.example>') for _ in "12"]
        first, second = (self.receive(mail) for mail in mails)
        stranger = self.receive(self.new_mail(From="otro@otro.example"))
        action = first.with_user(self.reception).action_identify_sender()
        wizard = self.env[action["res_model"]].with_user(self.reception)
        wizard = wizard.with_context(**action["context"])
        wizard = wizard.create({"parent_id": self.customer.id})
        self.assertIn(second.name, wizard.same_message)
        alone = stranger.with_user(self.reception).action_identify_sender()
        alone = self.env[alone["res_model"]].with_context(**alone["context"]).create({})
        self.assertFalse(alone.same_message)
        self.assertNotIn(stranger.name, wizard.same_message)
        wizard.action_confirm()
        partner = first.contact_id
        self.assertEqual(partner.name, "Ana Gil")
        self.assertEqual(partner.email, "ana@obrador.example")
        self.assertEqual((first | second).partner_id, self.customer)
        self.assertFalse((first | second).filtered("sender_unknown"))
        self.assertTrue(stranger.sender_unknown)
        self.assertEqual(self.emails_of(first).author_id, partner)

    def test_k8_sender_is_no_secret_that_the_dialog_tells(self):
        """What is computed of a notice is of one that the user may read."""
        aviso = self.receive(self.new_mail(From='"Ana Gil" <ana@obrador.example>'))
        wizard = self.env["gck.aviso.remitente"].with_user(self.outsider)
        vals = {"aviso_id": aviso.id, "choice": "link"}
        self.forget()
        with self.assertRaises(AccessError):
            wizard.create(vals)
        with self.assertRaises(AccessError):
            wizard.onchange(vals, [], {"name": {}, "email": {}, "phone": {}})

    def test_k8_sender_is_somebody_on_file(self):
        """Without rights on contacts one is chosen; an empty address is filled in."""
        aviso = self.receive(self.new_mail(From="victor@casa.example"))
        wizard = self.env["gck.aviso.remitente"].with_user(self.reception)
        form = Form(wizard.with_context(default_aviso_id=aviso.id))
        self.assertEqual(form.choice, "link")
        form.partner_id = self.vendor_contact
        self.assertFalse(form.keep_email)
        form.save().action_confirm()
        self.assertEqual(aviso.partner_id, self.vendor)
        self.assertEqual(aviso.contact_id, self.vendor_contact)
        self.assertFalse(self.vendor_contact.email)
        self.reception.group_ids += self.env.ref("base.group_partner_manager")
        aviso = self.receive(self.new_mail(From="victor@casa.example"))
        self.identify(
            aviso, self.reception, choice="link", partner_id=self.vendor_contact.id
        )
        self.assertEqual(self.vendor_contact.email, "victor@casa.example")

    def test_k8_contact_made_meanwhile_is_proposed(self):
        """As by answering from the chatter, which makes one."""
        aviso = self.receive(self.new_mail(From="ana@obrador.example"))
        partner = self.env["res.partner"].create(
            {"name": "Ana", "email": "ana@obrador.example"}
        )
        wizard = self.identify(aviso, self.reception)
        self.assertEqual(wizard.partner_id, partner)
        self.assertEqual(aviso.partner_id, partner)

    def test_k8_creating_the_contact_needs_the_right_to(self):
        aviso = self.receive(self.new_mail(From="ana@obrador.example"))
        with self.assertRaises(AccessError):
            self.identify(aviso, self.reception, choice="create")
        self.assertTrue(aviso.sender_unknown)
