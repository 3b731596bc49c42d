from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import USER, AvisosCase

SALESMAN = "sales_team.group_sale_salesman_all_leads"


@tagged("post_install", "-at_install")
class TestLead(AvisosCase):
    """Notices on prospects that are not customers yet (K-11)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesman = cls.new_user("salesman", f"{USER},{SALESMAN}", "Sara Sales")
        cls.sales_only = cls.new_user("sales_only", SALESMAN, "Saúl Solo")
        cls.lead = cls.new_lead("Hormigones Segre")

    @classmethod
    def new_lead(cls, name, **vals):
        return cls.env["crm.lead"].create(
            {
                "name": name,
                "partner_name": name,
                "contact_name": "Sonia Segre",
                "phone": "633 444 555",
                "email_from": f"{name.split()[0].lower()}@example.com",
                "type": "lead",
                "user_id": cls.salesman.id,
                "company_id": cls.company.id,
                **vals,
            }
        )

    def convert(self, lead, user, **vals):
        """Convert through CRM's own dialog."""
        Wizard = self.env["crm.lead2opportunity.partner"].with_user(user)
        wizard = Wizard.with_context(
            active_model="crm.lead", active_id=lead.id, active_ids=lead.ids
        ).create({"name": "convert", **vals})
        wizard.action_apply()

    def test_k11_notice_on_a_lead_without_partner(self):
        """The notice takes phone and salesperson from the lead; no partner yet."""
        aviso = self.new_aviso(self.salesman, lead_id=self.lead.id)
        self.assertFalse(aviso.partner_id)
        self.assertEqual(aviso.phone, "633 444 555")
        self.assertEqual(aviso.comercial_id, self.salesman)
        lead = self.lead.with_user(self.salesman)
        self.assertEqual((lead.gck_aviso_count, lead.gck_aviso_open_count), (1, 1))
        action = lead.action_view_gck_avisos()
        Aviso = self.env["gck.aviso"].with_user(self.salesman)
        self.assertEqual(Aviso.search(action["domain"]), aviso)
        with Form(Aviso.with_context(**action["context"])) as form:
            form.description = "<p>Otra llamada</p>"
        self.assertEqual(form.record.lead_id, self.lead)

    def test_k11_conversion_shows_the_new_customer(self):
        """Converted by CRM's dialog, open and closed notices and tasks show it."""
        aviso = self.new_aviso(lead_id=self.lead.id)
        tarea = self.new_tarea(aviso)
        closed = self.new_aviso(lead_id=self.lead.id)
        closed.action_close()
        self.convert(self.lead, self.sales_only, action="create")
        self.forget()
        customer = self.lead.partner_id
        self.assertTrue(customer)
        for record in (aviso, closed, tarea):
            self.assertEqual(record.partner_id, customer)
            self.assertEqual(
                record.commercial_partner_id, customer.commercial_partner_id
            )
        self.assertEqual(closed.state, "done")

    def test_k11_conversion_to_an_existing_customer(self):
        """Linked to a customer on file, the notice shows it."""
        aviso = self.new_aviso(lead_id=self.lead.id)
        self.convert(
            self.lead, self.salesman, action="exist", partner_id=self.customer.id
        )
        self.assertEqual(aviso.partner_id, self.customer)

    def test_k11_conversion_keeps_a_partner_already_given(self):
        """A notice that names its partner keeps it."""
        aviso = self.new_aviso(lead_id=self.lead.id, partner_id=self.vendor.id)
        self.lead.partner_id = self.customer
        self.assertEqual(aviso.partner_id, self.vendor)

    def test_k11_merging_leads_keeps_their_notices(self):
        """Merged by a salesperson, the notices of all hang from the one that stays."""
        other = self.new_lead("Hormigones Segre bis")
        open_ = self.new_aviso(lead_id=self.lead.id)
        closed = self.new_aviso(lead_id=other.id)
        closed.action_close()
        leads = (self.lead | other).with_user(self.sales_only)
        merged = leads.merge_opportunity()
        self.forget()
        for aviso in (open_, closed):
            self.assertEqual(aviso.lead_id, merged.sudo())
        self.assertEqual(closed.state, "done")

    def test_k11_deleted_lead_leaves_its_name(self):
        """The notice stays and its log says who the prospect was."""
        aviso = self.new_aviso(lead_id=self.lead.id)
        closed = self.new_aviso(lead_id=self.lead.id)
        closed.action_close()
        self.lead.unlink()
        self.forget()
        for record in (aviso, closed):
            self.assertFalse(record.lead_id)
            self.assertIn("Hormigones Segre", self.log_text(record))

    def test_k11_notice_on_a_lead_deleted_meanwhile(self):
        """Saving with a lead that is gone is refused with words."""
        aviso = self.new_aviso()
        lead_id = self.lead.id
        self.lead.unlink()
        with self.assertRaises(UserError):
            self.new_aviso(lead_id=lead_id)
        with self.assertRaises(UserError):
            aviso.lead_id = lead_id

    def test_k11_salespeople_without_gck_use_crm_as_before(self):
        """Reading, copying and editing leads needs no right on notices."""
        self.new_aviso(lead_id=self.lead.id)
        lead = self.lead.with_user(self.sales_only)
        self.forget()
        lead.read()
        lead.copy()
        with Form(lead) as form:
            form.name = "Otro nombre"
        lead.with_user(self.salesman).read()
