import re
from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError

from odoo.addons.gck_impresion.tests.common import read_pages

from .common import ReclamacionesCase

REPORT = "gck_reclamaciones.report_gck_reclamacion"


class TestInformes(ReclamacionesCase):
    """Claims on paper: the record, the 8D report and the letters (O-25)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.company.partner_id.city = "Zaragoza"
        cls.vendor.write({"street": "Calle del Duero 5", "city": "Soria"})
        (cls.vendor | cls.customer | cls.contact).lang = "en_US"
        cls.claim = cls.new_claim(
            subject="Chapas <b>rayadas</b> & «torcidas»",
            direction="vendor",
            partner_id=cls.vendor.id,
            partner_ref="SU-77",
            severity="critical",
            demand="replacement",
            answer_deadline="2031-03-09",
            description="<p>Guarded words: <b>our fault</b></p>",
            letter_text="<p>The pallet came open.</p><script>alert(1)</script>",
            solver_id=cls.buyer.id,
            team_ids=[Command.set(cls.own.ids)],
            linea_ids=[
                Command.create(
                    {"product_id": cls.product.id, "name": "Dent", "quantity": 2.5}
                ),
                Command.create({"product_id": cls.product.id, "quantity": 3}),
            ],
        )
        cls.claim.action_open()
        cls.claim.write(
            {
                "causa_id": cls.causa.id,
                "causa_text": "<p>Blas Buyer chose them badly</p>",
            }
        )
        cls.env["gck.reclamacion.coste"].create(
            [
                {"reclamacion_id": cls.claim.id, "price_unit": 1234, "name": "Rework"},
                {
                    "reclamacion_id": cls.claim.id,
                    "concepto": "recovery",
                    "price_unit": 34,
                },
            ]
        )
        cls.acciones = cls.env["gck.reclamacion.accion"].create(
            [
                {"reclamacion_id": cls.claim.id, "subject": subject, "tipo": tipo}
                for subject, tipo in (
                    ("Set the lot apart", "immediate"),
                    ("Ask for corner guards", "corrective"),
                    ("Check the other vendors", "preventive"),
                )
            ]
        )

    def print_html(self, name, claims=None, user=None):
        """Return the HTML of a report, as its reader gets it."""
        claims = self.claim if claims is None else claims
        return (
            self.env["ir.actions.report"]
            .with_user(user or self.quality)
            .with_context(lang="en_US")
            ._render_qweb_html(f"{REPORT}{name}", claims.ids)[0]
            .decode()
        )

    def print_pages(self, name, claims=None):
        """Return the text of each page of a report."""
        claims = self.claim if claims is None else claims
        pdf, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.quality)
            .with_context(force_report_rendering=True, lang="en_US")
            ._render_qweb_pdf(f"{REPORT}{name}", claims.ids)
        )
        return read_pages(pdf)

    def find_reports(self, claims):
        """Return the names of the reports that the Print menu offers for claims."""
        reports = self.env["ir.actions.report"].search(
            [("model", "=", "gck.reclamacion"), ("binding_model_id", "!=", False)]
        )
        valid = reports.get_valid_action_reports("gck.reclamacion", claims.ids)
        names = reports.browse(valid).mapped("report_name")
        return {name.removeprefix(REPORT) for name in names}

    def test_o25_claim_is_printed_with_all_that_is_kept(self):
        text = " ".join(self.print_pages(""))
        for part in (
            self.claim.name,
            "Chapas <b>rayadas</b> & «torcidas»",
            "Aceros Duero",
            "SU-77",
            "Critical",
            "Replacement",
            "our fault",
            "Compressor",
            "Dent",
            "2.50 Units",
            "3 Units",
            "Mistake",
            "Blas Buyer chose them badly",
            "Ask for corner guards",
            "Quique Quality",
            "Not solved yet.",
        ):
            self.assertIn(part, text)
        self.assertNotIn("3.00 Units", text)

    def test_o3_claim_without_document_names_none(self):
        self.assertFalse(self.claim.documento_name)
        self.assertNotIn("Origin document", self.print_html(""))

    def test_o25_costs_are_only_in_the_internal_print(self):
        self.assertNotIn("Rework", self.print_html(""))
        self.assertNotIn("1,234", self.print_html("_8d"))
        internal = " ".join(self.print_pages("_interna"))
        for part in ("Rework", "1,234.00", "-34.00", "1,200.00"):
            self.assertIn(part, internal)

    def test_o25_8d_report_has_its_eight_disciplines_filled(self):
        self.acciones[1]._do_done("Since order 12")
        self.acciones[1]._do_check_efficacy("effective", "No dent in a month")
        text = " ".join(self.print_pages("_8d"))
        for part in (
            "D1 Team Name Role E-mail",
            "Quique Quality Evaluates",
            "Blas Buyer Solves",
            "Olga Own Team",
            "D2 Problem",
            "our fault",
            "D3 Containment",
            "D4 Root cause",
            "Mistake",
            "D5 Corrective actions chosen",
            "Since order 12 Effective",
            "No dent in a month",
            "D7 Prevention",
            "D8 Closure Not closed yet.",
        ):
            self.assertIn(part, text)
        sections = re.split(r" D\d ", text)
        for number, action in (
            (3, "Set the lot apart"),
            (5, "Ask for corner guards"),
            (6, "Ask for corner guards"),
            (7, "Check the other vendors"),
        ):
            self.assertIn(action, sections[number], number)

    def test_o25_8d_report_says_what_is_missing(self):
        claim = self.new_claim(direction="internal", partner_id=False)
        claim.write({"evaluator_id": False, "solver_id": False})
        text = " ".join(self.print_pages("_8d", claim))
        for part in ("Evaluated by", "Closed by", "Rejected by"):
            self.assertNotIn(part, text)
        for part in (
            "Nobody has been named yet.",
            "No product is claimed.",
            "No immediate action was planned.",
            "The cause is not known yet.",
            "No corrective action was chosen.",
            "No corrective action has been carried out yet.",
            "No preventive action was planned.",
            "Not closed yet.",
        ):
            self.assertIn(part, text)

    def test_o25_8d_report_ends_with_how_it_was_closed(self):
        for accion in self.acciones:
            accion._do_done("Done")
        self.claim.with_user(self.claim_manager)._do_done("They sent new ones")
        text = " ".join(self.print_pages("_8d"))
        closure = text.split("D8 Closure")[1]
        self.assertIn("They sent new ones", closure)
        self.assertIn("Closed by Marta Manager", closure)

    def test_o25_8d_report_names_who_rejected_it(self):
        self.claim.with_user(self.claim_manager)._do_reject("They proved it")
        text = " ".join(self.print_pages("_8d"))
        closure = text.split("D8 Closure")[1]
        self.assertIn("Rejected by Marta Manager", closure)
        self.assertNotIn("Closed by", closure)

    def test_o25_letter_says_what_is_claimed_and_asked_for(self):
        text = " ".join(self.print_pages("_proveedor"))
        for part in (
            "Aceros Duero",
            "Calle del Duero 5",
            "Zaragoza, ",
            self.claim.name,
            "SU-77",
            "The pallet came open.",
            "Compressor",
            "Dent",
            "replace what is claimed",
            "March 9, 2031",
        ):
            self.assertIn(part, text)
        self.assertNotIn("issue a credit note", text)

    def test_o25_letter_tells_nothing_internal(self):
        html = self.print_html("_proveedor")
        for part in (
            "our fault",
            "Blas Buyer chose",
            "Mistake",
            "Rework",
            "1,234",
            "Ask for corner guards",
            "<script>",
        ):
            self.assertNotIn(part, html)
        self.assertIn("&lt;b&gt;rayadas&lt;/b&gt; &amp; «torcidas»", html)

    def test_o25_letter_speaks_the_language_of_the_vendor(self):
        self.env["res.lang"]._activate_lang("es_ES")
        template = self.env.ref(
            "gck_reclamaciones.report_gck_reclamacion_proveedor_document"
        )
        template.update_field_translations(
            "arch_db", {"es_ES": {"Dear Sir or Madam,": "Muy señores nuestros:"}}
        )
        self.vendor.lang = "es_ES"
        text = " ".join(self.print_pages("_proveedor"))
        self.assertIn("Muy señores nuestros:", text)
        self.assertIn("9 de marzo de 2031", text)
        self.vendor.lang = "en_US"
        self.assertIn("Dear Sir or Madam,", " ".join(self.print_pages("_proveedor")))

    def test_o25_letter_gives_no_day_that_has_passed(self):
        now = fields.Datetime.now()
        self.claim.write(
            {"answer_deadline": False, "resolution_deadline": now - timedelta(days=2)}
        )
        self.assertIn("as soon as possible", self.print_html("_proveedor"))
        self.claim.resolution_deadline = now + timedelta(days=2)
        self.assertNotIn("as soon as possible", self.print_html("_proveedor"))

    def test_o25_letter_names_the_reference_of_the_vendor(self):
        other = self.env["res.partner"].create({"name": "Another", "is_company": True})
        self.product.product_tmpl_id.seller_ids = [
            Command.create({"partner_id": other.id, "product_code": "OTHER-1"}),
            Command.create({"partner_id": self.vendor.id, "product_code": "AD-1"}),
        ]
        html = self.print_html("_proveedor", user=self.buyer)
        self.assertIn("AD-1", html)
        self.assertNotIn("OTHER-1", html)

    def test_o25_each_print_is_offered_where_it_makes_sense(self):
        customer = self.new_claim()
        internal = self.new_claim(direction="internal", partner_id=False)
        kept = {"", "_interna"}
        self.assertEqual(self.find_reports(customer), kept)
        self.assertEqual(self.find_reports(internal), kept)
        self.assertEqual(self.find_reports(self.claim), {*kept, "_8d", "_proveedor"})
        customer._do_reject("Not ours")
        self.assertEqual(self.find_reports(customer), {*kept, "_8d", "_cliente"})

    def test_o25_letters_of_a_mixed_selection_are_those_of_vendors(self):
        customer = self.new_claim()
        html = self.print_html("_proveedor", self.claim | customer)
        self.assertIn(self.claim.name, html)
        self.assertNotIn(customer.name, html)
        with self.assertRaisesRegex(UserError, "no letter to write"):
            self.print_html("_proveedor", customer)
        with self.assertRaisesRegex(UserError, "no letter to write"):
            self.print_html("_cliente", customer | self.claim)

    def test_o25_answer_tells_the_customer_how_it_ended(self):
        claim = self.new_claim(
            description="<p>Guarded words</p>",
            linea_ids=[Command.create({"product_id": self.product.id})],
        )
        claim.action_open()
        claim.causa_id = self.causa
        claim._do_done("A new one was sent\nfree of charge")
        html = self.print_html("_cliente", claim)
        self.assertIn("A new one was sent\nfree of charge", html)
        self.assertNotIn("Guarded words", html)
        self.assertNotIn("Mistake", html)
        self.assertIn("Cerámicas Júcar", " ".join(self.print_pages("_cliente", claim)))

    def test_o25_answer_to_a_rejected_claim_gives_the_reason(self):
        claim = self.new_claim(letter_text="<p>The warranty had <b>ended</b>.</p>")
        claim._do_reject("He is a nuisance")
        html = self.print_html("_cliente", claim)
        self.assertIn("The warranty had <b>ended</b>.", html)
        self.assertNotIn("nuisance", html)
        plain = self.new_claim()
        plain._do_reject("Out of warranty")
        self.assertIn("Out of warranty", self.print_html("_cliente", plain))

    def test_o25_several_claims_print_in_one_file(self):
        many = self.claim.copy()
        many.linea_ids = [
            Command.create({"product_id": self.product.id, "name": f"Dent {number}"})
            for number in range(60)
        ]
        pages = self.print_pages("", self.claim | many)
        first = [page for page in pages if self.claim.name in page]
        second = [page for page in pages if many.name in page]
        self.assertEqual(pages, first + second)
        self.assertGreaterEqual(len(second), 3)
        for document in (first, second):
            count = len(document)
            self.assertIn(f"Page {count} of {count}", document[-1])
        self.assertIn("Dent 59", " ".join(second))

    def test_o25_files_are_named_after_the_claim(self):
        for name, expected in (
            ("", "%s"),
            ("_interna", "%s (internal)"),
            ("_8d", "8D %s"),
            ("_proveedor", "Claim %s"),
            ("_cliente", "Answer to %s"),
        ):
            report = self.env.ref(
                f"gck_reclamaciones.action_report_gck_reclamacion{name}"
            ).with_context(lang="en_US")
            self.assertEqual(
                self.env["mail.template"]
                .with_context(lang="en_US")
                ._render_template(
                    f"{{{{ {report.print_report_name} }}}}",
                    "gck.reclamacion",
                    self.claim.ids,
                )[self.claim.id],
                expected % self.claim.name.replace("/", "-"),
            )

    def test_o24_print_obeys_the_rights(self):
        for name in ("", "_8d", "_proveedor"):
            with self.assertRaises(AccessError):
                self.print_html(name, user=self.seller)
            with self.assertRaises(AccessError):
                self.print_html(name, user=self.portal)
            self.assertIn(self.claim.name, self.print_html(name, user=self.buyer))

    # ------------------------------------------------------------
    # By e-mail
    # ------------------------------------------------------------

    def compose(self, claim, user):
        """Return the mail that the button opens, as the person who sends it."""
        action = claim.with_user(user).action_send_letter()
        self.assertEqual(action["res_model"], "mail.compose.message")
        return (
            self.env["mail.compose.message"]
            .with_user(user)
            .with_context(**action["context"], force_report_rendering=True)
            .create({})
        )

    def test_o25_letter_goes_by_mail_to_the_vendor(self):
        self.vendor.email = "calidad@duero.example.com"
        composer = self.compose(self.claim, self.buyer)
        self.assertEqual(composer.partner_ids, self.vendor)
        self.assertIn(self.claim.name, composer.subject)
        self.assertEqual(
            composer.attachment_ids.mapped("name"),
            [f"Claim {self.claim.name.replace('/', '-')}.pdf"],
        )
        composer.action_send_mail()
        message = self.claim.message_ids[0]
        self.assertEqual(message.partner_ids, self.vendor)
        self.assertEqual(len(message.attachment_ids), 1)
        body = self.read_mail(message)
        self.assertNotIn("Your Claim", body, "it is ours")
        self.assertIn("/mail/view?access_token=", body)

    def read_mail(self, message):
        """Return what the vendor reads of a message."""
        mails = self.env["mail.mail"].search([("mail_message_id", "=", message.id)])
        return mails.filtered(lambda m: self.vendor in m.recipient_ids).body_html

    def test_o25_letter_of_a_draft_opens_nothing(self):
        """Nobody outside sees drafts: the button of the mail would lead nowhere."""
        self.vendor.email = "calidad@duero.example.com"
        claim = self.new_claim(direction="vendor", partner_id=self.vendor.id)
        self.compose(claim, self.buyer).action_send_mail()
        body = self.read_mail(claim.message_ids[0])
        self.assertIn("Dear Sir or Madam", body)
        self.assertNotIn("/mail/view", body)

    def test_o25_answer_goes_by_mail_once_the_claim_has_ended(self):
        claim = self.new_claim(contact_id=self.contact.id)
        with self.assertRaisesRegex(UserError, "no letter to write"):
            claim.with_user(self.seller).action_send_letter()
        claim._do_reject("Out of warranty")
        composer = self.compose(claim, self.seller)
        self.assertEqual(composer.partner_ids, self.contact)
        composer.action_send_mail()
        self.assertTrue(claim.message_ids[0].attachment_ids)

    def test_o25_internal_claims_have_no_letter(self):
        claim = self.new_claim(direction="internal", partner_id=False)
        self.assertFalse(claim.letter_kind)
        with self.assertRaisesRegex(UserError, "no letter to write"):
            claim.action_send_letter()
