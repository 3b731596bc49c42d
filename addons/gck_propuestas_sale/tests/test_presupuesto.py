from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.gck_propuestas.tests.common import PropuestasCase


@tagged("post_install", "-at_install")
class TestPresupuesto(PropuestasCase):
    """No quotation before the validation (O-32), and Odoo's own otherwise (O-33)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.known = cls.env["res.partner"].create({"name": "Un Contacto"})

    def test_o32_no_quotation_before_the_validation(self):
        lead = self.new_propuesta()
        with self.assertRaisesRegex(UserError, "CIF"):
            lead.action_sale_quotations_new()
        with self.assertRaisesRegex(UserError, "CIF"):
            lead.action_new_quotation()
        wizard = (
            self.env["crm.quotation.partner"]
            .with_user(self.seller)
            .with_context(active_model="crm.lead", active_id=lead.id)
        )
        for action in ("create", "exist", "nothing"):
            with self.assertRaisesRegex(UserError, "CIF"), self.cr.savepoint():
                wizard.create(
                    {"action": action, "partner_id": self.known.id}
                ).action_apply()
        self.assertFalse(lead.partner_id)

    def test_o32_an_order_is_refused_however_it_comes(self):
        lead = self.new_propuesta()
        vals = {"partner_id": self.known.id, "opportunity_id": lead.id}
        with self.assertRaisesRegex(UserError, "CIF"):
            self.env["sale.order"].with_user(self.seller).create(vals)

    def test_o33_without_the_setting_quotations_are_made_as_always(self):
        lead = self.new_propuesta()
        self.company.gck_propuesta_enabled = False
        action = lead.action_sale_quotations_new()
        self.assertEqual(action["res_model"], "crm.quotation.partner")
        order = self.env["sale.order"].create(
            {"partner_id": self.known.id, "opportunity_id": lead.id}
        )
        self.assertTrue(order)
