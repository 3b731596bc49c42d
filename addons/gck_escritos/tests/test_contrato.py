from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common import EscritoCase


@tagged("post_install", "-at_install")
class TestContratoFax(EscritoCase):
    """Contracts (M-58…M-62) and faxes (M-49)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(
            patch.object(
                type(cls.env["gck.escrito"]),
                "_render_pdf",
                lambda self, *args, **kwargs: b"%PDF-1.4 fake",
            )
        )

    def _create_contrato(self, **vals):
        return self._create_escrito(
            "contrato",
            **{
                "title": "Contrato de mantenimiento",
                "date_document": "2026-01-01",
                "date_start": "2026-01-01",
                "date_renewal": "2026-11-30",
                "date_expiry": "2026-12-31",
                **vals,
            },
        )

    def test_m58_contracts_have_their_menu_and_texts(self):
        """M-58: Contracts among the actions; their texts are those of the class."""
        menu = self.env.ref("gck_escritos.menu_gck_escrito_contrato")
        self.assertEqual(menu.parent_id, self.env.ref("gck_avisos.menu_gck_acciones"))
        letter = self.env["gck.texto"].create(
            {"name": "Aviso", "code": "m58", "clase": "carta"}
        )
        with self.assertRaises(ValidationError):
            self._create_contrato(texto_id=letter.id)

    def test_m59_folder_opens_the_text_to_define_it(self):
        """M-59: the yellow folder of the table opens the text itself."""
        texto = self.env["gck.texto"].create(
            {"name": "Mantenimiento", "code": "m59", "clase": "contrato"}
        )
        action = texto.action_define()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("gck.texto", texto.id)
        )
        arch = self.env["gck.texto"].get_view(view_type="list")["arch"]
        self.assertIn("action_define", arch)

    def test_m60_data_of_a_contract(self):
        """M-60: customer, contact, reference, title and date."""
        with Form(
            self.Escrito.with_context(default_clase="contrato"),
            view="gck_escritos.view_gck_escrito_form",
        ) as form:
            form.partner_id = self.partner
            form.contact_id = self.contact
            form.subject = "Cámaras"
            form.title = "Contrato de mantenimiento"
            form.date_document = "2026-03-02"
        contrato = form.save()
        self.assertEqual(contrato.title, "Contrato de mantenimiento")
        self.assertEqual(contrato.contact_id, self.contact)

    def test_m61_created_with_the_text_chosen(self):
        """M-61: the text of the table fills the contract, and stays editable."""
        texto = self.env["gck.texto"].create(
            {
                "name": "Mantenimiento",
                "code": "m61",
                "clase": "contrato",
                "body": "<p>Entre {empresa} y {cliente}</p>",
            }
        )
        with Form(
            self.Escrito.with_context(default_clase="contrato"),
            view="gck_escritos.view_gck_escrito_form",
        ) as form:
            form.partner_id = self.partner
            form.texto_id = texto
        contrato = form.save()
        self.assertIn("{cliente}", contrato.body)
        self.assertIn("Frutas Levante", contrato.preview)
        contrato.body = "<p>Otro texto</p>"
        self.assertEqual(contrato.body, "<p>Otro texto</p>")

    def test_m60_dates_are_in_order(self):
        """A contract neither ends before it begins nor is renewed outside."""
        for vals in (
            {"date_expiry": "2025-12-31", "date_renewal": False},
            {"date_renewal": "2027-01-31"},
        ):
            with self.subTest(vals=vals), self.assertRaises(ValidationError):
                self._create_contrato(**vals)

    def test_reminder_once_and_in_time(self):
        """The sender gets one activity, as many days before as the company says."""
        contrato = self._create_contrato()
        contrato.action_issue()
        Escrito = self.env["gck.escrito"]
        with patch.object(type(self.env["ir.cron"]), "_commit_progress"):
            with freeze_time("2026-10-20"):
                Escrito._cron_remind_contracts()
                self.assertFalse(contrato.sudo().activity_ids)
            with freeze_time("2026-11-05"):
                Escrito._cron_remind_contracts()
                Escrito._cron_remind_contracts()
        activity = contrato.sudo().activity_ids
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, self.writer)
        self.assertEqual(str(activity.date_deadline), "2026-11-30")

    def test_renewal_moves_the_dates(self):
        """Renewing writes a draft for as long again, which names the old one."""
        contrato = self._create_contrato()
        with self.assertRaises(UserError):
            contrato.action_renew()
        contrato.action_issue()
        renewed = self.Escrito.browse(contrato.action_renew()["res_id"])
        self.assertEqual(str(renewed.date_start), "2027-01-01")
        self.assertEqual(str(renewed.date_expiry), "2027-12-31")
        self.assertEqual(str(renewed.date_renewal), "2027-11-30")
        self.assertEqual(renewed.previous_id, contrato)
        self.assertEqual(contrato.action_renew()["res_id"], renewed.id)
        self.assertFalse(contrato.replaced_by_id)

    # ------------------------------------------------------------
    # Fax
    # ------------------------------------------------------------

    def test_m49_number_of_the_contact_or_the_company(self):
        """M-49: the fax number is proposed, and what was typed is kept."""
        self.partner.fax = "963 11 22 33"
        fax = self._create_escrito("fax")
        self.assertEqual(fax.fax, "963 11 22 33")
        self.contact.fax = "963 44 55 66"
        fax.contact_id = self.contact
        self.assertEqual(fax.fax, "963 44 55 66")
        fax.fax = "600 00 00 00"
        fax.contact_id = False
        self.assertEqual(fax.fax, "600 00 00 00")
        self.assertFalse(self._create_escrito().fax)

    def test_m49_gateway_is_checked(self):
        """An address that no fax could be sent to is refused."""
        company = self.env.company
        for wrong in ("fax", "@", "x@fax.example.com", "{numero}{numero}@fax.es"):
            with self.subTest(wrong=wrong), self.assertRaises(ValidationError):
                company.gck_fax_gateway = wrong
        company.gck_fax_gateway = "{numero}@fax.example.com"
        self.assertEqual(
            company._gck_get_fax_address("+34 963 11 22 33"),
            "0034963112233@fax.example.com",
        )
        company.gck_fax_gateway = "fax.example.com"
        self.assertEqual(
            company._gck_get_fax_address("963-112233"), "963112233@fax.example.com"
        )

    def test_m49_sent_by_mail_to_the_service(self):
        """M-49: sending mails the PDF to the service; without one it says so."""
        fax = self._create_escrito("fax", fax="963 11 22 33")
        fax.action_issue()
        with self.assertRaisesRegex(UserError, "no fax service"):
            fax.action_send_fax()
        self.env.company.gck_fax_gateway = "{numero}@fax.example.com"
        fax.action_send_fax()
        mail = fax.sudo().fax_mail_id
        self.assertEqual(fax.state, "sent")
        self.assertEqual(mail.email_to, "963112233@fax.example.com")
        self.assertEqual(mail.attachment_ids.raw, fax._get_pdf())
        fax.action_send_fax()
        self.assertEqual(fax.sudo().fax_mail_id, mail)
