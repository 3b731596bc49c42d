from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form

from odoo.addons.gck_reclamaciones.tests.common import VENDOR
from odoo.addons.gck_reclamaciones_account.tests.common import FacturasCase

SALES = "sales_team.group_sale_salesman"
EXPORT = "base.group_allow_export"
ALL_SALES = "sales_team.group_sale_salesman_all_leads"


class TestClaimFromSaleOrder(FacturasCase):
    """Claims of customers on their orders (O-5, O-24)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesman = cls.new_user("salesman", f"{SALES},{EXPORT}", "Sergio Salesman")
        cls.sales_all = cls.new_user("sales_all", ALL_SALES, "Silvia Sales")
        cls.product.invoice_policy = "order"

    @classmethod
    def new_order(cls, confirm=True, user=None, **vals):
        """Create an order of five compressors of the salesman, confirmed."""
        Order = cls.env["sale.order"].with_user(user or cls.salesman)
        order = Order.create(
            {
                "partner_id": cls.contact.id,
                "user_id": cls.salesman.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": cls.product.id,
                            "product_uom_qty": 5,
                            "price_unit": 100,
                            "tax_ids": [],
                        }
                    )
                ],
                **vals,
            }
        )
        if confirm:
            order.action_confirm()
        return order

    def claim_on(self, order, user=None, **vals):
        return self.raise_claim(order, user or self.salesman, **vals)

    def test_o5_claim_on_an_order_comes_filled_by_the_form(self):
        order = self.new_order()
        action = order.action_create_gck_reclamacion()
        self.assertEqual(action["res_model"], "gck.reclamacion")
        Claim = self.env["gck.reclamacion"].with_user(self.salesman)
        with Form(Claim.with_context(**action["context"])) as form:
            self.assertEqual(form.direction, "customer")
            self.assertEqual(form.partner_id, self.customer)
            self.assertEqual(form.contact_id, self.contact)
            self.assertEqual(form.evaluator_id, self.salesman)
            self.assertEqual(len(form.linea_ids), 1)
        claim = form.record
        self.assertEqual(claim.requester_id, self.salesman)
        self.assertEqual(claim.linea_ids.quantity, 5)
        self.assertEqual(claim.linea_ids.source_id, order.order_line.id)
        self.assertEqual(claim.documento_name, order.display_name)
        self.assertEqual(self.links(claim), [order])
        self.assertEqual(order.gck_reclamacion_count, 1)
        self.assertEqual(order.action_view_gck_reclamaciones()["res_id"], claim.id)

    def test_o5_what_was_delivered_is_claimed_else_what_was_ordered(self):
        order = self.new_order()
        line = order.order_line
        self.assertEqual(line._gck_get_moved()[line.id][0], 5)
        line.qty_delivered = 2
        self.assertEqual(line._gck_get_moved()[line.id][0], 2)
        claim = self.claim_on(order)
        self.assertEqual(claim.linea_ids.quantity, 2)
        with self.assertRaises(ValidationError):
            claim.linea_ids.quantity = 3
        # Invoiced on delivery: nothing delivered, nothing to claim.
        self.product.invoice_policy = "delivery"
        line.qty_delivered = 0
        self.assertFalse(self.claim_on(order).linea_ids)

    def test_o5_notes_sections_and_advances_are_not_claimed(self):
        order = self.new_order(
            order_line=[
                Command.create({"display_type": "line_section", "name": "Equipos"}),
                Command.create({"product_id": self.product.id, "product_uom_qty": 1}),
                Command.create(
                    {
                        "product_id": self.product.id,
                        "product_uom_qty": 1,
                        "is_downpayment": True,
                    }
                ),
            ]
        )
        self.assertEqual(len(self.claim_on(order).linea_ids), 1)

    def test_o5_quotations_and_cancelled_orders_take_no_claims(self):
        quotation = self.new_order(confirm=False)
        with self.assertRaisesRegex(UserError, quotation.name):
            quotation.action_create_gck_reclamacion()
        with self.assertRaises(UserError):
            self.new_claim(documento_model="sale.order", documento_id=quotation.id)
        quotation.action_confirm()
        claim = self.claim_on(quotation)
        quotation._action_cancel()
        self.forget()
        with self.assertRaisesRegex(UserError, "cancelled"):
            quotation.action_create_gck_reclamacion()
        self.assertTrue(claim.documento_cancelled)
        claim.write({"partner_ref": "R-7", "direction": "customer"})
        self.assertEqual(quotation.action_view_gck_reclamaciones()["res_id"], claim.id)

    def test_o5_an_order_takes_several_claims_none_of_a_vendor(self):
        order = self.new_order()
        for _number in range(2):
            self.claim_on(order)
        self.forget()
        self.assertEqual(order.gck_reclamacion_count, 2)
        for vals in (
            {"direction": "vendor"},
            {"direction": "vendor", "partner_id": self.vendor.id},
            {"partner_id": self.vendor.id},
        ):
            with self.assertRaises(ValidationError):
                self.new_claim(
                    documento_model="sale.order", documento_id=order.id, **vals
                )

    def test_o5_archived_customer_and_salesperson(self):
        order = self.new_order()
        self.customer.active = False
        self.salesman.active = False
        claim = self.claim_on(order, self.sales_all)
        self.assertEqual(claim.partner_id, self.customer)
        self.assertNotEqual(claim.evaluator_id, self.salesman)

    def test_o3_claim_on_an_invoice_shows_on_its_order(self):
        order = self.new_order()
        invoice = order.with_env(self.env)._create_invoices()
        invoice.action_post()
        claim = self.raise_claim(invoice, self.sales_all)
        self.assertCountEqual(self.links(claim), [invoice, order])
        self.assertEqual(order.with_user(self.sales_all).gck_reclamacion_count, 1)

    def test_o3_credit_note_of_an_order_proposes_its_invoice(self):
        order = self.new_order()
        invoice = order.with_env(self.env)._create_invoices()
        invoice.action_post()
        self.new_invoice()
        claim = self.claim_on(order)
        action = claim.with_user(self.biller).action_create_credit_note()
        self.assertEqual(action["context"]["default_move_id"], invoice.id)

    def test_o24_sales_users_deal_with_claims_of_customers_only(self):
        """Nothing of a vendor claim shows anywhere."""
        bill = self.new_invoice("in_invoice")
        claim = self.raise_claim(bill, subject="Secreto del proveedor")
        claim.action_open()
        self.env["gck.reclamacion.coste"].create(
            {"reclamacion_id": claim.id, "price_unit": 5}
        )
        accion = self.env["gck.reclamacion.accion"].create(
            {"reclamacion_id": claim.id, "subject": "Devolver"}
        )
        own = self.claim_on(self.new_order())
        self.forget()
        env = self.env(user=self.salesman)
        self.assertFalse(self.salesman.has_group(VENDOR))
        for model, records in (
            ("gck.reclamacion", claim),
            ("gck.reclamacion.linea", claim.linea_ids),
            ("gck.reclamacion.coste", claim.coste_ids),
            ("gck.reclamacion.accion", accion),
        ):
            self.assertTrue(records, model)
            domain = [("id", "in", records.ids)]
            self.assertFalse(env[model].search(domain), model)
            self.assertFalse(env[model]._read_group(domain, ["id"]), model)
            with self.assertRaises(AccessError):
                env[model].browse(records.ids).read(["id", "create_date"])
        Claim = env["gck.reclamacion"]
        self.assertFalse(Claim.name_search("Secreto"))
        self.assertTrue(Claim.name_search(own.name))
        with self.assertRaises(AccessError):
            claim.with_user(self.salesman).export_data(["name"])
        rows = env["gck.accion"].search([("res_model", "=like", "gck.reclamacion%")])
        self.assertIn(own.id, rows.mapped("res_id"))
        self.assertNotIn(accion.id, rows.filtered("subject").mapped("res_id"))
        self.assertNotIn("Secreto del proveedor", rows.mapped("subject"))
        self.assertEqual(
            env["res.partner"].browse(self.vendor.id).gck_reclamacion_count, 0
        )
        with self.assertRaises(AccessError):
            env["gck.accion"].get_family("gck.reclamacion", claim.id)
        with self.assertRaises(AccessError):
            Claim.create({"subject": "X", "direction": "vendor"})

    def test_o24_the_menu_is_of_who_sells(self):
        menu = self.env.ref("gck_reclamaciones_sale.menu_sale_gck_reclamacion")
        for user, seen in ((self.salesman, True), (self.buyer, False)):
            visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            self.assertEqual(menu.id in visible, seen, user.name)

    def test_o24_orders_open_without_rights_on_claims(self):
        """As whoever invoices an order, with no right on claims."""
        order = self.new_order().with_user(self.clerk)
        self.assertEqual(order.gck_reclamacion_count, 0)
        self.assertNotIn("gck_reclamacion", order.get_view(view_type="form")["arch"])
        with self.assertRaises(AccessError):
            order.action_create_gck_reclamacion()

    def test_o24_the_order_of_another_company_is_out_of_reach(self):
        order = self.new_order().with_env(self.env)
        stranger = self.new_user(
            "stranger", ALL_SALES, "Esteban Extraño", company=self.other_company
        )
        with self.assertRaises(AccessError):
            order.with_user(stranger).with_context(
                allowed_company_ids=self.other_company.ids
            ).action_create_gck_reclamacion()
        claim = self.claim_on(order)
        self.assertFalse(
            self.env["gck.reclamacion"]
            .with_user(stranger)
            .with_context(allowed_company_ids=self.other_company.ids)
            .search_count([("id", "=", claim.id)])
        )

    def test_k6_the_gck_button_of_the_chatter_fills_the_same(self):
        order = self.new_order()
        action = (
            self.env["gck.accion"]
            .with_user(self.salesman)
            .get_create_action("reclamacion", "sale.order", order.id)
        )
        own = order.action_create_gck_reclamacion()
        self.assertEqual(action["context"], own["context"])
        self.assertEqual(len(action["context"]["default_linea_ids"]), 1)

    def test_o7_who_ordered_from_us_is_no_mere_vendor(self):
        self.customer.supplier_rank = 1
        self.assertTrue(self.contact._gck_is_only_vendor())
        self.new_order(confirm=False)
        self.assertTrue(self.contact._gck_is_only_vendor())
        self.new_order()
        self.assertFalse(self.contact._gck_is_only_vendor())
