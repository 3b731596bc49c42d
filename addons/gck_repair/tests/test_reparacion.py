from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import ReparacionesCase


@tagged("post_install", "-at_install")
class TestReparacion(ReparacionesCase):
    """Repairs of claims, and claims of repairs (O-5, O-21, O-22)."""

    # ------------------------------------------------------------
    # From the claim
    # ------------------------------------------------------------

    def test_o21_each_click_makes_a_repair_filled_from_the_claim(self):
        claim = self.new_claim_of((self.product, 1), contact_id=self.contact.id)
        first, second = self.repair(claim), self.repair(claim)
        self.assertNotEqual(first, second)
        self.assertEqual(claim.repair_ids, first | second)
        self.assertEqual(claim.with_user(self.technician).repair_count, 2)
        self.assertEqual(first.product_id, self.product)
        self.assertEqual(first.product_qty, 1)
        self.assertEqual(first.partner_id, self.contact)
        self.assertTrue(first.under_warranty)
        self.assertIn("It leaks", first.internal_notes)
        self.assertEqual(first.company_id, self.company)
        self.assertEqual(first.picking_type_id, self.warehouse.repair_type_id)
        self.assertEqual(first.reclamacion_linea_id, claim.linea_ids)

    def test_o21_several_lines_are_chosen_from(self):
        claim = self.new_claim_of((self.product, 1), (self.fan, 3), (self.service, 1))
        action = self.as_user(
            self.technician, claim.with_user(self.technician).action_create_repair()
        )
        wizard = self.open_dialog(action)
        self.assertEqual(wizard.line_domain_ids, claim.linea_ids[:2])
        self.assertEqual(wizard.linea_id, claim.linea_ids[0])
        form = Form(wizard)
        form.linea_id = claim.linea_ids[1]
        self.assertEqual(form.quantity, 3)
        form.quantity = 2
        wizard = form.save()
        wizard.action_confirm()
        repair = claim.repair_ids
        self.assertEqual((repair.product_id, repair.product_qty), (self.fan, 2))
        second = self.repair(claim)
        self.assertEqual(second.product_id, self.product)
        third = self.repair(claim)
        self.assertEqual((third.product_id, third.product_qty), (self.fan, 1))
        fourth = self.repair(claim)
        self.assertEqual(fourth.product_id, self.product, "all over again")

    def test_o21_the_dialog_pressed_twice_makes_one_repair(self):
        claim = self.new_claim_of((self.product, 2))
        action = self.as_user(
            self.technician, claim.with_user(self.technician).action_create_repair()
        )
        wizard = self.open_dialog(action)
        self.assertEqual(wizard.action_confirm(), wizard.action_confirm())
        self.assertEqual(len(claim.repair_ids), 1)

    def test_o21_quantity_above_the_claim_is_refused(self):
        claim = self.new_claim_of((self.product, 2))
        for quantity in (3, 0, -1):
            with self.assertRaises(ValidationError):
                self.repair(claim, quantity=quantity)
        other = self.new_claim_of((self.fan, 2))
        with self.assertRaises(UserError):
            self.repair(claim, linea_id=other.linea_ids.id, quantity=1)
        self.assertFalse(claim.repair_ids)

    def test_o21_a_claim_without_lines_has_a_repair_without_product(self):
        claim = self.new_claim_of()
        repair = self.repair(claim)
        self.assertFalse(repair.product_id)
        self.assertEqual(repair.partner_id, self.customer)

    def test_o21_the_lot_of_the_line_is_repaired(self):
        claim = self.new_claim_of((self.product, 1))
        if "lot_id" not in claim.linea_ids._fields:
            return
        self.product.write({"is_storable": True, "tracking": "serial"})
        lot = self.env["stock.lot"].create({"product_id": self.product.id, "name": "A"})
        claim.linea_ids.lot_id = lot
        self.assertEqual(self.repair(claim).lot_id, lot)

    def test_o21_who_solves_the_claim_repairs_it_if_they_may(self):
        claim = self.new_claim_of((self.product, 1), solver_id=self.quality.id)
        self.assertEqual(self.repair(claim).user_id, self.technician)
        claim.solver_id = self.storekeeper
        self.assertEqual(self.repair(claim).user_id, self.storekeeper)

    def test_o21_both_lead_to_the_other(self):
        claim = self.new_claim_of((self.product, 1))
        repair = self.repair(claim)
        self.assertEqual(repair.gck_reclamacion_count, 1)
        self.assertEqual(repair.action_view_gck_reclamaciones()["res_id"], claim.id)
        action = claim.with_user(self.technician).action_view_repairs()
        self.assertEqual(action["res_id"], repair.id)
        self.assertIn(repair._name, claim.vinculo_ids.mapped("res_model"))

    def test_o21_claims_close_after_their_repairs(self):
        claim = self.new_claim_of(
            (self.product, 1), causa_id=self.causa.id, resolution="Repaired"
        )
        first, second = self.repair(claim), self.repair(claim)
        with self.assertRaises(UserError) as caught:
            claim.with_user(self.quality).action_close()
        self.assertNames(caught.exception, first.name, second.name)
        first.action_repair_cancel()
        with self.assertRaises(UserError) as caught:
            claim.with_user(self.quality).action_close()
        self.assertNotIn(first.name, str(caught.exception))
        self.finish(second)
        claim.with_user(self.quality).action_close()
        self.assertEqual(claim.state, "done")

    def test_o21_with_the_setting_off_claims_do_not_wait(self):
        self.assertTrue(self.company.gck_reclamacion_repair_block)
        self.company.gck_reclamacion_repair_block = False
        claim = self.new_claim_of(
            (self.product, 1), causa_id=self.causa.id, resolution="Repaired"
        )
        repair = self.repair(claim)
        claim.action_close()
        self.assertEqual((claim.state, repair.state), ("done", "draft"))

    def test_o21_a_deleted_repair_keeps_nothing_from_closing(self):
        claim = self.new_claim_of(
            (self.product, 1), causa_id=self.causa.id, resolution="Repaired"
        )
        self.repair(claim).unlink()
        self.assertEqual(claim.with_user(self.technician).repair_count, 0)
        self.assertFalse(claim.vinculo_ids)
        claim.action_close()
        self.assertEqual(claim.state, "done")

    def test_o21_a_closed_claim_takes_no_repair(self):
        claim = self.new_claim_of(
            (self.product, 1), causa_id=self.causa.id, resolution="Nothing to do"
        )
        claim.action_close()
        with self.assertRaises(UserError):
            self.repair(claim)
        free = self.env["repair.order"].create({"product_id": self.product.id})
        for change in (
            lambda: free.write({"reclamacion_id": claim.id}),
            lambda: free.create({"reclamacion_id": claim.id}),
        ):
            with self.assertRaises(UserError):
                change()

    def test_o21_a_repair_made_before_joins_and_leaves_a_claim(self):
        claim, other = (self.new_claim_of((self.product, 1)) for _n in range(2))
        repair = self.env["repair.order"].with_user(self.technician)
        repair = repair.create({"product_id": self.product.id})
        repair.reclamacion_id = claim.id
        self.assertEqual(claim.vinculo_ids.res_id, repair.id)
        repair.reclamacion_id = other.id
        self.assertFalse(claim.vinculo_ids)
        self.assertEqual(other.vinculo_ids.res_id, repair.id)
        repair.reclamacion_linea_id = other.linea_ids
        other.linea_ids.reclamacion_id = claim
        repair.reclamacion_id = claim
        self.assertEqual(repair.reclamacion_linea_id, claim.linea_ids[1], "came along")
        repair.reclamacion_id = other.id
        self.assertFalse(repair.reclamacion_linea_id)
        repair.reclamacion_id = False
        self.assertFalse(other.vinculo_ids)
        self.assertFalse(repair.copy().reclamacion_id)

    # ------------------------------------------------------------
    # Rights and companies
    # ------------------------------------------------------------

    def test_o21_without_rights_on_repairs_there_is_no_error(self):
        claim = self.new_claim_of((self.product, 1))
        self.repair(claim)
        seller = claim.with_user(self.seller)
        self.assertEqual(seller.repair_count, 0)
        with self.assertRaisesRegex(AccessError, "Inventory"):
            seller.action_create_repair()
        view = self.env.ref("gck_reclamaciones.view_gck_reclamacion_form")
        for user, shown in ((self.seller, False), (self.shop, True)):
            model = self.env["gck.reclamacion"].with_user(user)
            arch = model.get_view(view.id, "form")["arch"]
            self.assertEqual("action_create_repair" in arch, shown)
            self.assertEqual('name="repair_ids"' in arch, shown)

    def test_o21_the_storekeeper_without_claims_ends_the_repair(self):
        claim = self.new_claim_of((self.product, 1))
        repair = self.repair(claim).with_user(self.storekeeper)
        self.forget()
        self.finish(repair)
        self.assertEqual(repair.gck_reclamacion_count, 0)
        self.assertEqual(claim.cost_total, 25)
        view = self.env.ref("repair.view_repair_order_form")
        arch = repair.get_view(view.id, "form")["arch"]
        for name in ("reclamacion_id", "action_create_gck_reclamacion"):
            self.assertNotIn(f'name="{name}"', arch)
        with self.assertRaises(AccessError):
            repair.copy().write({"reclamacion_id": claim.id})

    def test_o21_a_repair_of_another_company_is_refused(self):
        claim = self.new_claim_of((self.product, 1))
        Repair = self.env["repair.order"].with_company(self.other_company)
        repair = Repair.create({"product_id": self.product.id})
        with self.assertRaises(UserError):
            repair.reclamacion_id = claim

    def test_o21_the_repair_is_of_the_company_of_the_claim(self):
        both = self.company | self.other_company
        user = self.technician
        user.write({"company_ids": both.ids})
        claim = self.new_claim_of((self.product, 1))
        far = claim.with_user(user).with_context(
            allowed_company_ids=(self.other_company | self.company).ids
        )
        action = far.action_create_repair()
        repair = self.env["repair.order"].browse(action["res_id"])
        self.assertEqual(repair.company_id, self.company)
        self.assertEqual(repair.picking_type_id.company_id, self.company)

    def test_o21_a_company_without_warehouse_is_told_so(self):
        self.warehouse.repair_type_id.active = False
        self.warehouse.repair_type_id = False
        claim = self.new_claim_of((self.product, 1))
        with self.assertRaisesRegex(UserError, "warehouse"):
            self.repair(claim)

    # ------------------------------------------------------------
    # Returns and warranty
    # ------------------------------------------------------------

    def deliver_and_return(self, product, quantity):
        """Deliver some to the customer and take it back.

        :return: the delivery and its return
        """
        warehouse = self.warehouse
        delivery = self.env["stock.picking"].create(
            {
                "picking_type_id": warehouse.out_type_id.id,
                "partner_id": self.customer.id,
                "location_id": warehouse.lot_stock_id.id,
                "location_dest_id": self.customer.property_stock_customer.id,
                "move_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "location_id": warehouse.lot_stock_id.id,
                            "location_dest_id": (
                                self.customer.property_stock_customer.id
                            ),
                        },
                    )
                ],
            }
        )
        delivery.action_confirm()
        delivery.move_ids.quantity = quantity
        delivery.move_ids.picked = True
        delivery._action_done()
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=delivery.id, active_model="stock.picking")
            .create({})
        )
        wizard.product_return_moves.quantity = quantity
        back = wizard._create_return()
        back.move_ids.quantity = quantity
        back.move_ids.picked = True
        back._action_done()
        return delivery, back

    def test_o22_the_repair_is_made_of_the_return_of_the_delivery(self):
        delivery, back = self.deliver_and_return(self.product, 2)
        self.deliver_and_return(self.fan, 1)
        for document in (delivery, back):
            claim = self.new_claim_of((self.product, 2))
            self.env["gck.vinculo"]._link(claim, document)
            repair = self.repair(claim, quantity=1)
            self.assertEqual(repair.picking_id, back)
            self.assertEqual(repair.product_qty, 1)
            self.assertEqual(repair.product_location_src_id, back.location_dest_id)
            self.assertIn(repair, back.repair_ids)
        claim = self.new_claim_of(
            (self.product, 1),
            documento_model=delivery._name,
            documento_id=delivery.id,
        )
        self.assertEqual(self.repair(claim).picking_id, back)
        self.assertFalse(self.repair(self.new_claim_of((self.fan, 1))).picking_id)

    def test_o22_another_product_of_the_claim_did_not_come_back(self):
        delivery, back = self.deliver_and_return(self.product, 1)
        claim = self.new_claim_of((self.product, 1), (self.fan, 1))
        self.env["gck.vinculo"]._link(claim, delivery)
        self.assertEqual(self.repair(claim).picking_id, back)
        self.assertFalse(self.repair(claim).picking_id)

    def test_o22_parts_leave_the_stock(self):
        stock = self.part.with_context(location=self.warehouse.lot_stock_id.id)
        self.assertEqual(stock.qty_available, 100)
        claim = self.new_claim_of((self.product, 1))
        self.finish(self.repair(claim), 3)
        stock.invalidate_recordset()
        self.assertEqual(stock.qty_available, 97)

    def test_o22_the_warranty_of_the_claim_is_kept(self):
        claim = self.new_claim_of((self.product, 2), under_warranty=False)
        self.assertFalse(self.repair(claim).under_warranty)
        claim.under_warranty = True
        self.assertTrue(self.repair(claim, quantity=1).under_warranty)
        self.assertFalse(self.repair(claim, under_warranty=False).under_warranty)

    def test_o22_what_is_our_own_has_no_customer(self):
        for direction, partner in (("vendor", self.vendor), ("internal", None)):
            claim = self.new_claim_of(
                (self.product, 1),
                direction=direction,
                partner_id=partner.id if partner else False,
            )
            self.assertFalse(self.repair(claim).partner_id)

    # ------------------------------------------------------------
    # From the repair
    # ------------------------------------------------------------

    def raise_from(self, repair, user):
        action = repair.with_user(user).action_create_gck_reclamacion()
        Claim = self.env["gck.reclamacion"].with_user(user)
        return Form(Claim.with_context(**action["context"])).save()

    def test_o5_a_claim_is_raised_from_a_repair(self):
        repair = self.env["repair.order"].create(
            {
                "product_id": self.product.id,
                "product_qty": 2,
                "partner_id": self.contact.id,
                "user_id": self.technician.id,
            }
        )
        claim = self.raise_from(repair, self.shop)
        self.assertEqual(claim.direction, "customer")
        self.assertEqual(claim.partner_id, self.customer)
        self.assertEqual(claim.contact_id, self.contact)
        self.assertEqual(claim.evaluator_id, self.technician)
        self.assertEqual(claim.linea_ids.product_id, self.product)
        self.assertEqual(claim.linea_ids.quantity, 2)
        self.assertEqual(repair.with_user(self.shop).gck_reclamacion_count, 1)
        with self.assertRaises(ValidationError):
            claim.linea_ids.quantity = 3
        self.assertFalse(repair.reclamacion_id, "it solves no claim")

    def test_o5_a_claim_of_a_claims_repair_comes_from_it(self):
        claim = self.new_claim_of((self.product, 1))
        repair = self.repair(claim)
        second = self.raise_from(repair, self.shop)
        self.assertEqual(second.parent_id, claim)
        self.assertEqual(repair.with_user(self.shop).gck_reclamacion_count, 2)

    def test_o5_a_cancelled_repair_is_not_claimed(self):
        repair = self.env["repair.order"].create({"product_id": self.product.id})
        repair.action_repair_cancel()
        with self.assertRaisesRegex(UserError, "cancelled"):
            repair.with_user(self.shop).action_create_gck_reclamacion()

    # ------------------------------------------------------------
    # Access and queries
    # ------------------------------------------------------------

    def test_o24_access_of_the_dialog(self):
        for user, rights in (
            (self.technician, True),
            (self.seller, True),
            (self.storekeeper, False),
            (self.nobody, False),
            (self.portal, False),
        ):
            model = self.env["gck.reclamacion.reparar"].with_user(user)
            for operation in ("read", "write", "create", "unlink"):
                self.assertEqual(model.has_access(operation), rights, user.name)

    def test_o24_a_claim_out_of_reach_is_not_repaired(self):
        claim = self.new_claim_of(
            (self.product, 2), direction="vendor", partner_id=self.vendor.id
        )
        self.forget()
        with self.assertRaises(AccessError):
            claim.with_user(self.shop).action_create_repair()
        Wizard = self.env["gck.reclamacion.reparar"].with_user(self.shop)
        with self.assertRaises(AccessError):
            Wizard.create({"reclamacion_id": claim.id}).action_confirm()
        self.assertFalse(claim.repair_ids)

    def test_o21_closing_many_claims_costs_no_more_for_their_repairs(self):
        claims = self.env["gck.reclamacion"].union(
            *(
                self.new_claim_of(
                    (self.product, 1), causa_id=self.causa.id, resolution="Repaired"
                )
                for _n in range(50)
            )
        )
        for claim in claims:
            self.repair(claim)
        few, many = (
            self.count_queries(some._get_close_blockers)
            for some in (claims[:5], claims)
        )
        self.assertEqual(len(claims._get_close_blockers()), 50)
        self.assertLessEqual(many, few)
        claims.repair_ids.action_repair_cancel()
        few, many = (
            self.count_queries(some.action_close) for some in (claims[:5], claims[5:])
        )
        self.assertEqual(set(claims.mapped("state")), {"done"})
        self.assertLessEqual(many, few + 5)

    def test_o21_counting_repairs_of_many_claims_costs_the_same(self):
        claims = self.env["gck.reclamacion"].union(
            *(self.new_claim_of((self.product, 1)) for _n in range(12))
        )
        for claim in claims:
            self.repair(claim)
        few, many = (
            self.count_queries(
                lambda some=some: some.with_user(self.technician).mapped("repair_count")
            )
            for some in (claims[:2], claims)
        )
        self.assertLessEqual(many, few)
