from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import Form, tagged

from .common import AvisosCase

SPANISH_NUMBERS = st.tuples(
    st.sampled_from(("61", "65", "68", "91", "93", "96")), st.integers(0, 9_999_999)
).map(lambda parts: f"{parts[0]}{parts[1]:07d}")
FORMS = ("600123456", "+34 600 123 456", "0034600123456", "600-12.34/56")


@tagged("post_install", "-at_install")
class TestLookup(AvisosCase):
    """Who is calling (K-33, K-34)."""

    def find(self, text, user=None):
        Partner = self.env["res.partner"].with_user(user or self.reception)
        found = Partner.with_context(gck_search_phone=True).name_search(text)
        return Partner.browse(id_ for id_, _name in found)

    def who(self, number, user=None):
        Partner = self.env["res.partner"].with_user(user or self.reception)
        return Partner._gck_find_by_phone(number, self.company)

    def test_k33_every_form_of_a_number_finds_the_customer(self):
        """National, +34 and 0034 forms, with any separators, are one number."""
        for number in FORMS:
            with self.subTest(number):
                self.assertEqual(self.find(number), self.customer)
                self.assertEqual(self.who(number), self.customer)

    def test_k33_whole_number_is_no_part_of_a_longer_one(self):
        """A foreign number that ends in the same digits is another number."""
        self.env["res.partner"].create({"name": "Rhein", "phone": "+49 1600123456"})
        self.assertEqual(self.who("600123456"), self.customer)
        self.assertEqual(self.find("600123456"), self.customer)

    def test_k33_part_of_a_number_finds_the_customer(self):
        """Five digits of the number are enough for the list, wherever they are."""
        for digits in ("600123", "600 12 3", "+34 600 12", "23456"):
            with self.subTest(digits):
                self.assertIn(self.customer, self.find(digits))

    def test_k33_name_and_vat_find_the_customer(self):
        """The same field takes the name or the tax number."""
        self.customer.vat = "ESB12345674"
        for text in ("cerámicas", "B12345674", "ESB12345674"):
            with self.subTest(text):
                self.assertIn(self.customer, self.find(text))

    def test_k33_other_fields_of_odoo_search_as_before(self):
        """Without the context, a number is no name."""
        Partner = self.env["res.partner"].with_user(self.reception)
        self.assertFalse(Partner.name_search("600123456"))

    def test_k33_shared_number_is_not_guessed(self):
        """A number of two companies proposes neither and lists both."""
        twin = self.env["res.partner"].create(
            {"name": "Otra", "is_company": True, "phone": "600123456"}
        )
        self.assertFalse(self.who("600123456"))
        self.assertEqual(self.find("600123456"), self.customer | twin)

    def test_k33_number_shared_inside_a_company_proposes_it(self):
        """Contacts on the switchboard's number give the company."""
        self.contact.phone = "600123456"
        self.assertEqual(self.who("600123456"), self.customer)

    def test_k33_anonymous_caller_finds_nobody(self):
        """Hidden, empty or too short numbers propose nobody and break nothing."""
        self.env["res.partner"].create({"name": "Sin teléfono"})
        for number in ("", "anonymous", "Oculto", "+", "0", "600", "()", "%", "_____"):
            with self.subTest(number):
                self.assertFalse(self.who(number))
                self.find(number)

    def test_k33_archived_and_foreign_partners_are_not_proposed(self):
        """Neither an archived customer nor one of another company answers."""
        self.customer.active = False
        self.assertFalse(self.who("600123456"))
        self.vendor.company_id = self.other_company
        self.assertFalse(self.who("911222333"))

    def test_k33_form_proposes_who_is_calling(self):
        """Typing the number fills the customer, and the contact when it is his."""
        Aviso = self.env["gck.aviso"].with_user(self.reception)
        with Form(Aviso) as form:
            form.phone = "0034 611 222 333"
            self.assertEqual(form.partner_id, self.customer)
            self.assertEqual(form.contact_id, self.contact)
            form.description = "<p>x</p>"
        self.assertEqual(form.record.phone_sanitized, "+34611222333")
        form = Form(Aviso)
        form.phone = "600123456"
        self.assertEqual(form.partner_id, self.customer)
        self.assertFalse(form.contact_id)

    def test_k33_form_keeps_the_choice_already_made(self):
        """A number typed later does not overrule the customer."""
        form = Form(self.env["gck.aviso"].with_user(self.reception))
        form.partner_id = self.vendor
        form.phone = "600123456"
        self.assertEqual(form.partner_id, self.vendor)

    def test_k34_contact_first_brings_its_company(self):
        """Choosing the person fills the company, on the screen and when saved."""
        form = Form(self.env["gck.aviso"].with_user(self.reception))
        form.contact_id = self.contact
        self.assertEqual(form.partner_id, self.customer)
        form.description = "<p>x</p>"
        aviso = form.save()
        self.assertEqual(aviso.contact_id, self.contact)
        self.assertEqual(aviso.phone, "611 222 333")

    def test_k34_quick_created_caller_keeps_company_and_phone(self):
        """The context of the field gives the new contact its company and phone."""
        view = self.env["gck.aviso"].get_view(view_type="form")
        self.assertIn("'default_parent_id': partner_id", view["arch"])
        self.assertIn("'default_phone': phone", view["arch"])
        Partner = self.env["res.partner"].with_context(
            default_parent_id=self.customer.id, default_phone="622 333 444"
        )
        caller_id, _name = Partner.name_create("Nuevo Contacto")
        aviso = self.new_aviso(partner_id=self.customer.id, contact_id=caller_id)
        self.assertEqual(aviso.contact_id.parent_id, self.customer)
        self.assertEqual(self.who("622333444").id, caller_id)

    def test_k34_caller_that_is_nobody_on_file(self):
        """The name of a stranger is written down and found again."""
        aviso = self.new_aviso(caller_name="Un señor de Teruel", phone="978 123 123")
        self.assertFalse(aviso.partner_id)
        self.assertEqual(aviso.phone_sanitized, "+34978123123")

    @settings(max_examples=20, deadline=None, database=None)
    @given(number=SPANISH_NUMBERS)
    def test_k33_any_spanish_number_in_three_forms(self, number):
        """Every Spanish number is one and the same in its three forms."""
        with self.env.cr.savepoint():
            partner = self.env["res.partner"].create(
                {"name": "Al azar", "phone": f"{number[:3]} {number[3:6]} {number[6:]}"}
            )
            for form in (number, f"+34 {number}", f"0034{number}"):
                self.assertIn(partner, self.find(form, self.manager))
                aviso = self.env["gck.aviso"].new({"phone": form})
                self.assertEqual(aviso.phone_sanitized, f"+34{number}")
            partner.unlink()
