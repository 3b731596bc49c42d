from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form

from odoo.addons.gck_reclamaciones.tests.common import (
    CUSTOMER,
    VENDOR,
    VENDOR_MANAGER,
)

from .common import ComprasCase


class TestClaimFromPurchaseOrder(ComprasCase):
    """Claims to vendors on what we ordered (O-5, O-23)."""

    def test_o23_claim_on_a_purchase_order_comes_filled_by_the_form(self):
        order = self.new_order()
        action = order.action_create_gck_reclamacion()
        Claim = self.env["gck.reclamacion"].with_user(self.purchaser)
        with Form(Claim.with_context(**action["context"])) as form:
            self.assertEqual(form.direction, "vendor")
            self.assertEqual(form.partner_id, self.vendor)
            self.assertEqual(form.contact_id, self.vendor_contact)
            self.assertEqual(form.evaluator_id, self.purchaser)
        claim = form.record
        self.assertEqual(claim.linea_ids.mapped("quantity"), [5])
        self.assertEqual(claim.linea_ids.quantity_moved, 5)
        self.assertEqual(self.links(claim), [order])
        self.assertEqual(order.gck_reclamacion_count, 1)
        self.assertEqual(order.action_view_gck_reclamaciones()["res_id"], claim.id)

    def test_o23_what_was_received_is_claimed_else_what_was_ordered(self):
        order = self.new_order()
        self.assertEqual(self.claim_on(order).linea_ids.quantity, 5)
        order.order_line.qty_received = 2
        claim = self.claim_on(order)
        self.assertEqual(claim.linea_ids.quantity, 2)
        with self.assertRaises(ValidationError):
            claim.linea_ids.quantity = 3

    def test_o23_requests_and_cancelled_orders_take_no_claims(self):
        request = self.new_order(confirm=False)
        with self.assertRaisesRegex(UserError, request.name):
            request.action_create_gck_reclamacion()
        request.button_confirm()
        claim = self.claim_on(request)
        request.button_cancel()
        self.forget()
        with self.assertRaisesRegex(UserError, "cancelled"):
            request.action_create_gck_reclamacion()
        self.assertTrue(claim.documento_cancelled)
        self.assertEqual(request.action_view_gck_reclamaciones()["res_id"], claim.id)

    def test_o23_an_order_takes_several_claims_none_of_a_customer(self):
        order = self.new_order()
        for _number in range(2):
            self.claim_on(order)
        self.forget()
        self.assertEqual(order.gck_reclamacion_count, 2)
        for vals in (
            {"direction": "customer", "partner_id": self.vendor.id},
            {"direction": "vendor", "partner_id": self.customer.id},
        ):
            with self.assertRaises(ValidationError):
                self.new_claim(
                    documento_model="purchase.order", documento_id=order.id, **vals
                )

    def test_o3_claim_on_a_bill_shows_on_its_order_and_goes_to_its_buyer(self):
        order = self.new_order()
        order.order_line.qty_received = 5
        bills = order.with_env(self.env).action_create_invoice()
        bill = self.env["account.move"].browse(bills["res_id"])
        bill.invoice_date = order.date_order
        bill.action_post()
        claim = self.raise_claim(bill, self.purchaser)
        self.assertEqual(claim.evaluator_id, self.purchaser)
        self.assertCountEqual(self.links(claim), [bill, order])
        self.assertEqual(order.gck_reclamacion_count, 1)
        on_order = self.claim_on(order, evaluator_id=self.biller.id)
        action = on_order.with_user(self.biller).action_create_credit_note()
        self.assertEqual(action["context"]["default_move_id"], bill.id)

    def test_o23_archived_vendor_and_buyer(self):
        order = self.new_order()
        self.vendor.active = False
        self.purchaser.active = False
        claim = self.claim_on(order, self.chief)
        self.assertEqual(claim.partner_id, self.vendor)
        self.assertNotEqual(claim.evaluator_id, self.purchaser)

    def test_o23_the_order_of_another_company_is_out_of_reach(self):
        order = self.new_order().with_env(self.env)
        stranger = self.new_user(
            "stranger",
            "purchase.group_purchase_manager",
            "Esteban Extraño",
            company=self.other_company,
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


class TestComprasAccess(ComprasCase):
    """Purchase owns the claims to vendors, and sees none of customers (O-24)."""

    def test_o24_the_groups_of_purchase_give_those_of_claims(self):
        self.assertTrue(self.purchaser.has_group(VENDOR))
        self.assertFalse(self.purchaser.has_group(VENDOR_MANAGER))
        self.assertTrue(self.chief.has_group(VENDOR_MANAGER))
        for user in (self.purchaser, self.chief):
            self.assertFalse(user.has_group(CUSTOMER))
            self.assertFalse(user.has_group("sales_team.group_sale_salesman"))

    def test_o24_the_whole_life_with_rights_in_purchase_only(self):
        """Raised, opened, worked on, evaluated, closed, reopened by the manager."""
        claim = self.claim_on(self.new_order())
        self.assertEqual(claim.requester_id, self.purchaser)
        claim.action_open()
        accion = self.env["gck.reclamacion.accion"].with_user(self.purchaser)
        accion = accion.create({"reclamacion_id": claim.id, "subject": "Devolver"})
        self.env["gck.reclamacion.coste"].with_user(self.purchaser).create(
            {"reclamacion_id": claim.id, "price_unit": 12}
        )
        claim.linea_ids.name = "Golpeado"
        tarea = self.new_tarea(user=self.purchaser, reclamacion_id=claim.id)
        self.new_intervencion(self.purchaser, tarea_id=tarea.id, duration=1)
        self.company.gck_reclamacion_hour_cost = 30
        claim.action_charge_hours()
        self.assertEqual(claim.cost_total, 42)
        tarea._do_done("Hecho")
        claim.causa_id = self.causa
        claim.action_evaluate()
        accion._do_done("Devuelto")
        claim.resolution = "Abonado"
        claim.message_post(body="El proveedor conforme")
        claim.action_close()
        self.assertEqual(claim.state, "done")
        with self.assertRaises(AccessError):
            claim.action_reopen()
        claim.with_user(self.chief)._do_reopen("Otra vez")
        self.assertEqual(claim.state, "evaluated")
        # What is read on the way: the union, the home page, the cycle, the partner.
        self.forget()
        env = self.env(user=self.purchaser)
        rows = env["gck.accion"].search([("res_model", "=", "gck.reclamacion")])
        self.assertIn(claim.id, rows.mapped("res_id"))
        env["gck.accion"].get_family("gck.reclamacion", claim.id)
        env["gck.accion"].get_document_summary("gck.reclamacion", claim.id)
        partner = env["res.partner"].browse(self.vendor.id)
        self.assertEqual(partner.gck_reclamacion_pending_count, 1)
        self.assertIn(
            claim.id,
            env["gck.reclamacion"]
            .search(partner.action_view_gck_reclamaciones()["domain"])
            .ids,
        )

    def test_o24_only_managers_delete_drafts(self):
        claim = self.claim_on(self.new_order())
        with self.assertRaises(AccessError):
            claim.unlink()
        claim.with_user(self.chief).unlink()
        self.assertFalse(claim.exists())

    def test_o24_nothing_of_a_customer_claim_shows_to_purchase(self):
        invoice = self.new_invoice()
        claim = self.raise_claim(invoice, subject="Secreto del cliente")
        claim.action_open()
        self.env["gck.reclamacion.coste"].create(
            {"reclamacion_id": claim.id, "price_unit": 5}
        )
        accion = self.env["gck.reclamacion.accion"].create(
            {"reclamacion_id": claim.id, "subject": "Cambiarlo"}
        )
        internal = self.new_claim(direction="internal", partner_id=False)
        own = self.claim_on(self.new_order())
        self.forget()
        for user in (self.purchaser, self.chief):
            env = self.env(user=user)
            for model, records in (
                ("gck.reclamacion", claim | internal),
                ("gck.reclamacion.linea", claim.linea_ids),
                ("gck.reclamacion.coste", claim.coste_ids),
                ("gck.reclamacion.accion", accion),
            ):
                self.assertTrue(records, model)
                domain = [("id", "in", records.ids)]
                self.assertFalse(env[model].search(domain), model)
                self.assertFalse(env[model]._read_group(domain, ["id"]), model)
                for record in records:
                    mine = env[model].browse(record.id)
                    for operation in (
                        lambda mine=mine: mine.read(["create_date"]),
                        lambda mine=mine: mine.write({"company_id": self.company.id}),
                        lambda mine=mine: mine.unlink(),
                        lambda mine=mine: mine.export_data(["create_date"]),
                    ):
                        with self.assertRaises(AccessError):
                            operation()
            Claim = env["gck.reclamacion"]
            self.assertFalse(Claim.name_search("Secreto"))
            self.assertTrue(Claim.name_search(own.name))
            rows = env["gck.accion"].search(
                [("res_model", "in", ("gck.reclamacion", "gck.reclamacion.accion"))]
            )
            self.assertIn(own.name, rows.mapped("name"))
            self.assertNotIn(claim.name, rows.mapped("name"))
            self.assertNotIn(accion.name, rows.mapped("name"))
            partner = env["res.partner"].browse(self.customer.id)
            self.assertEqual(partner.gck_reclamacion_count, 0)
            for call in ("get_family", "get_document_summary"):
                with self.assertRaises(AccessError):
                    getattr(env["gck.accion"], call)("gck.reclamacion", claim.id)
            for direction in ("customer", "internal"):
                with self.assertRaises(AccessError):
                    Claim.create({"subject": "X", "direction": direction})
            with self.assertRaises(AccessError):
                own.with_user(user).write(
                    {
                        "direction": "customer",
                        "documento_id": False,
                        "documento_model": False,
                        "evaluator_id": self.quality.id,
                        "solver_id": self.quality.id,
                        "requester_id": self.quality.id,
                    }
                )

    def test_o24_a_document_out_of_reach_is_not_named(self):
        """A vendor claim linked to an invoice: the buyer sees that there is one."""
        invoice = self.new_invoice()
        claim = self.claim_on(self.new_order())
        self.env["gck.vinculo"]._link(claim.with_env(self.env), invoice)
        self.forget()
        links = claim.with_user(self.purchaser).vinculo_ids
        hidden = links._find("account.move", invoice.id)
        self.assertNotIn(invoice.name, hidden.document_name)
        self.assertFalse(hidden.document_ref)

    def test_o24_people_without_purchase_do_not_see_its_menu(self):
        menu = self.env.ref("gck_reclamaciones_purchase.menu_purchase_gck_reclamacion")
        for user, seen in (
            (self.purchaser, True),
            (self.chief, True),
            (self.seller, False),
            (self.clerk, False),
        ):
            visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            self.assertEqual(menu.id in visible, seen, user.name)

    def test_o24_orders_open_without_rights_on_claims(self):
        order = self.new_order().with_user(self.clerk)
        self.assertEqual(order.gck_reclamacion_count, 0)
        self.assertNotIn("gck_reclamacion", order.get_view(view_type="form")["arch"])
        with self.assertRaises(AccessError):
            order.action_create_gck_reclamacion()

    def test_o23_notes_and_sections_are_not_claimed(self):
        order = self.new_order(
            order_line=[
                Command.create(
                    {
                        "display_type": "line_section",
                        "name": "Equipos",
                        "product_qty": 0,
                    }
                ),
                Command.create({"product_id": self.product.id, "product_qty": 1}),
            ]
        )
        self.assertEqual(len(self.claim_on(order).linea_ids), 1)

    def test_o7_who_we_ordered_from_is_a_vendor(self):
        Claim = self.env["gck.reclamacion"].with_user(self.quality)
        self.new_order(confirm=False)
        self.assertEqual(Claim._propose_direction(self.vendor), "customer")
        self.new_order()
        self.assertEqual(Claim._propose_direction(self.vendor), "vendor")
