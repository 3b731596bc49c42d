from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from odoo.addons.gck_impresion.tests.common import read_pages

from .common import STOCK, StockCase


@tagged("post_install", "-at_install")
class TestTransferencias(StockCase):
    """Claims raised from what was received, sent and moved (O-4, O-5, O-16, O-18)."""

    def test_o16_receipt_fills_a_vendor_claim(self):
        receipt = self.new_transfer(
            "incoming", (self.product, 5), user_id=self.buyer.id
        )
        claim = self.claim(receipt, self.buyer)
        self.assertEqual(claim.direction, "vendor")
        self.assertEqual(claim.partner_id, self.vendor)
        self.assertEqual(claim.evaluator_id, self.buyer)
        self.assertEqual(claim.documento_name, receipt.name)
        self.assertEqual(claim.company_id, self.company)
        line = claim.linea_ids
        self.assertEqual(
            (line.product_id, line.quantity, line.quantity_moved, line.product_uom_id),
            (self.product, 5, 5, self.product.uom_id),
        )
        self.assertIn(("stock.picking", receipt.id), self.linked(claim))
        other = self.claim(receipt, self.buyer)
        self.forget()
        self.assertEqual(receipt.with_user(self.buyer).gck_reclamacion_count, 2)
        action = receipt.with_user(self.buyer).action_view_gck_reclamaciones()
        self.assertEqual(
            self.env["gck.reclamacion"].search(action["domain"]), other | claim
        )

    def test_o18_delivery_fills_a_customer_claim(self):
        """An address is no person: the claim is of its company."""
        self.new_transfer("incoming", (self.product, 5))
        address = self.env["res.partner"].create(
            {"name": "Nave 2", "type": "delivery", "parent_id": self.customer.id}
        )
        self.customer.user_id = self.seller
        delivery = self.new_transfer("outgoing", (self.product, 2), partner=address)
        claim = self.claim(delivery, self.seller)
        self.assertEqual(claim.direction, "customer")
        self.assertEqual(
            (claim.partner_id, claim.contact_id.id), (self.customer, False)
        )
        self.assertEqual(claim.evaluator_id, self.seller)
        self.assertEqual(claim.linea_ids.quantity, 2)

    def test_o5_internal_transfer_gives_an_internal_claim(self):
        self.new_transfer("incoming", (self.product, 5))
        transfer = self.new_transfer("internal", (self.product, 1))
        claim = self.claim(transfer)
        self.assertEqual((claim.direction, claim.partner_id.id), ("internal", False))

    def test_o5_what_goes_straight_to_the_customer_takes_both_directions(self):
        transfer = self.new_transfer("incoming", (self.product, 5), done=False)
        transfer.location_dest_id = self.customers
        self.assertIsNone(transfer._gck_get_reclamacion_direction())
        for direction, partner in (
            ("vendor", self.vendor), ("customer", self.customer),
        ):  # fmt: skip
            claim = self.claim(transfer, direction=direction, partner_id=partner.id)
            self.assertEqual(claim.direction, direction)

    def test_o16_lines_come_one_per_lot(self):
        receipt = self.new_transfer(
            "incoming",
            (self.product, 4),
            (self.tracked, 6, self.lots[0]),
            (self.tracked, 3, self.lots[1]),
        )
        claim = self.claim(receipt)
        found = {
            (line.product_id, line.lot_id, line.quantity, line.quantity_moved)
            for line in claim.linea_ids
        }
        self.assertEqual(
            found,
            {
                (self.product, self.lots.browse(), 4, 4),
                (self.tracked, self.lots[0], 6, 6),
                (self.tracked, self.lots[1], 3, 3),
            },
        )

    def test_o16_quantity_above_what_was_moved_is_refused(self):
        receipt = self.new_transfer(
            "incoming",
            (self.product, 4),
            (self.tracked, 6, self.lots[0]),
            (self.tracked, 3, self.lots[1]),
        )
        claim = self.claim(receipt)
        for line, above in zip(claim.linea_ids, (4.1, 6.5, 4), strict=True):
            with self.refused(ValidationError, "moved only"):
                line.quantity = above
        for quantity in (0, -2):
            with self.violated():
                claim.linea_ids[0].quantity = quantity
                self.env.flush_all()
        # Written by hand on top of what is claimed already.
        with self.refused(ValidationError, "moved only"):
            claim.linea_ids.create(
                {"reclamacion_id": claim.id, "product_id": self.product.id}
                | {"source_model": "stock.move", "quantity": 1}
                | {"source_id": claim.linea_ids[0].source_id}
            )

    def test_o16_lines_by_hand_obey_the_transfer_as_well(self):
        receipt = self.new_transfer(
            "incoming", (self.product, 4), (self.tracked, 6, self.lots[0])
        )
        claim = self.claim(receipt, linea_ids=False)
        Line = self.env["gck.reclamacion.linea"]
        line = Line.create(
            {"reclamacion_id": claim.id, "product_id": self.product.id, "quantity": 3}
        )
        self.assertEqual(line.quantity_moved, 4)
        with self.refused(ValidationError, "moved only 4"):
            line.quantity = 5
        with self.refused(ValidationError, "has moved no Filter"):
            Line.create(
                {"reclamacion_id": claim.id, "product_id": self.other_product.id}
            )

    def test_o16_lot_of_another_product_is_refused(self):
        receipt = self.new_transfer(
            "incoming", (self.product, 4), (self.tracked, 6, self.lots[0])
        )
        claim = self.claim(receipt)
        fan, bottle = claim.linea_ids
        with self.refused(ValidationError, "Lot L1 is of Gas bottle"):
            fan.lot_id = self.lots[0]
        with self.refused(ValidationError, "did not move lot L3"):
            bottle.lot_id = self.lots[2]
        bottle.write({"lot_id": False})
        self.assertEqual(bottle.quantity_moved, 6)

    def test_o16_lot_goes_when_the_product_changes(self):
        claim = self.new_claim()
        line = self.env["gck.reclamacion.linea"].create(
            {
                "reclamacion_id": claim.id,
                "product_id": self.tracked.id,
                "lot_id": self.lots[0].id,
            }
        )
        line.product_id = self.product
        self.assertFalse(line.lot_id)

    def test_o16_units_other_than_the_product_s(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        receipt = self.new_transfer("incoming", (self.product, 24))
        claim = self.claim(receipt)
        line = claim.linea_ids
        line.write({"product_uom_id": dozen.id, "quantity": 2})
        self.assertEqual(line.quantity_moved, 2)
        with self.refused(ValidationError, "moved only 24"):
            line.quantity = 2.5
        with self.refused(ValidationError, "does not convert"):
            line.product_uom_id = self.env.ref("uom.product_uom_kgm")

    def test_o16_partly_done_receipt_and_its_backorder(self):
        """Each claims what it moved itself."""
        receipt = self.new_transfer("incoming", (self.product, 10), done=False)
        move = receipt.move_ids
        move.quantity = 6
        move.picked = True
        receipt._action_done()
        backorder = receipt.backorder_ids
        self.assertEqual(self.claim(receipt).linea_ids.quantity, 6)
        late = self.claim(backorder)
        self.assertFalse(late.linea_ids)
        with self.refused(ValidationError, "has moved no Fan"):
            late.linea_ids.create(
                {"reclamacion_id": late.id, "product_id": self.product.id}
            )
        self.validate(backorder)
        self.assertEqual(self.claim(backorder).linea_ids.quantity, 4)

    def test_o24_vendor_claim_on_a_customer_document_is_refused(self):
        self.new_transfer("incoming", (self.product, 5))
        delivery = self.new_transfer("outgoing", (self.product, 2))
        with self.refused(ValidationError, "takes claims of direction"):
            self.claim(delivery, direction="vendor", partner_id=self.vendor.id)
        with self.refused(ValidationError, "Choose that partner"):
            self.claim(delivery, partner_id=self.vendor.id)

    def test_o4_receipt_cancelled_or_deleted_after_the_claim(self):
        receipt = self.new_transfer("incoming", (self.product, 5), done=False)
        claim = self.claim(receipt, tipo_id=self.claim_tipo.id)
        claim.write({"categoria_id": self.categoria.id, "causa_id": self.causa.id})
        claim.evaluator_id = self.quality
        self.assertFalse(claim.documento_cancelled)
        receipt.action_cancel()
        self.forget()
        self.assertTrue(claim.documento_cancelled)
        claim.action_open()
        name = receipt.name
        receipt.unlink()
        self.forget()
        self.assertTrue(claim.documento_cancelled)
        self.assertEqual(claim.documento_name, name)
        claim.linea_ids = [(0, 0, {"product_id": self.product.id, "quantity": 1})]
        claim._do_done("Called off")
        self.assertEqual(claim.state, "done")

    def test_o16_another_origin_has_to_have_moved_the_goods(self):
        receipt = self.new_transfer("incoming", (self.product, 5))
        other = self.new_transfer("incoming", (self.other_product, 5))
        claim = self.claim(receipt, linea_ids=False)
        claim.linea_ids = [(0, 0, {"product_id": self.product.id, "quantity": 1})]
        with self.refused(ValidationError, "has moved no Fan"):
            claim.documento_id = other.id

    def test_o5_product_that_is_claimed_is_archived_not_deleted(self):
        self.claim(self.new_transfer("incoming", (self.product, 5)))
        with self.assertRaises(UserError):
            self.product.unlink()
        self.product.action_archive()
        self.forget()
        self.assertEqual(self.product.gck_reclamacion_count, 1)
        self.assertEqual(self.product.product_tmpl_id.gck_reclamacion_count, 1)

    def test_o5_lots_and_products_show_their_claims(self):
        receipt = self.new_transfer(
            "incoming", (self.tracked, 6, self.lots[0]), (self.tracked, 1, self.lots[1])
        )
        claim = self.claim(receipt)
        own = self.claim(
            self.lots[0], direction="customer", partner_id=self.customer.id
        )
        self.assertEqual(
            (own.linea_ids.product_id, own.linea_ids.lot_id),
            (self.tracked, self.lots[0]),
        )
        self.forget()
        lots = self.lots.with_user(self.quality)
        self.assertEqual(lots.mapped("gck_reclamacion_count"), [2, 1, 0])
        action = lots[0].action_view_gck_reclamaciones()
        self.assertEqual(
            self.env["gck.reclamacion"].search(action["domain"]), own | claim
        )
        product = self.tracked.with_user(self.quality)
        action = product.action_view_gck_reclamaciones()
        self.assertEqual(
            self.env["gck.reclamacion"].search(action["domain"]), own | claim
        )
        self.assertEqual(product.with_user(self.seller).gck_reclamacion_count, 1)

    def test_o16_lot_is_on_paper(self):
        """Also for whoever has no rights on stock."""
        receipt = self.new_transfer("incoming", (self.tracked, 6, self.lots[0]))
        claim = self.claim(receipt)
        self.buyer.group_ids -= self.env.ref(STOCK)
        for name in ("", "_8d", "_proveedor"):
            pdf, _kind = (
                self.env["ir.actions.report"]
                .with_user(self.buyer)
                .with_context(force_report_rendering=True, lang="en_US")
                ._render_qweb_pdf(
                    f"gck_reclamaciones.report_gck_reclamacion{name}", claim.ids
                )
            )
            self.assertIn(": L1", " ".join(read_pages(pdf)), name)

    def test_o5_lot_of_one_customer_is_claimed_by_that_customer(self):
        self.new_transfer("incoming", (self.tracked, 6, self.lots[0]))
        self.customer.user_id = self.seller
        lot = self.lots[0]
        self.assertEqual(self.claim(lot).direction, "vendor", "nobody got it yet")
        for _time in range(2):
            self.new_transfer("outgoing", (self.tracked, 1, lot))
        claim = self.claim(lot)
        self.assertEqual(
            (claim.direction, claim.partner_id, claim.evaluator_id),
            ("customer", self.customer, self.seller),
        )
        # Two customers have it: the vendor sent it to both.
        self.new_transfer("outgoing", (self.tracked, 1, lot), partner=self.vendor)
        claim = self.claim(lot)
        self.assertEqual((claim.direction, claim.partner_id), ("vendor", self.vendor))

    def test_o5_lot_is_claimed_in_the_area_of_who_raises_it(self):
        lot = self.lots[0]
        receipt = self.new_transfer("incoming", (self.tracked, 6, lot))
        self.new_transfer("outgoing", (self.tracked, 1, lot))
        claim = self.claim(lot, self.buyer)
        self.assertEqual((claim.direction, claim.partner_id), ("vendor", self.vendor))
        self.assertEqual(self.claim(lot, self.seller).partner_id, self.customer)
        self.assertEqual(receipt.gck_reclamacion_count, 0, "of the lot only")

    def test_o5_lot_of_several_vendors_proposes_none(self):
        lot = self.lots[0]
        for partner in (self.vendor, self.customer):
            self.new_transfer("incoming", (self.tracked, 6, lot), partner=partner)
        claim = self.claim(lot, self.buyer)
        self.assertEqual((claim.direction, claim.partner_id.id), ("vendor", False))

    def test_o7_who_sent_us_goods_is_a_vendor(self):
        """Without any bill; who got goods too may be either."""
        self.new_transfer("incoming", (self.product, 6), done=False)
        Claim = self.env["gck.reclamacion"].with_user(self.quality)
        self.assertEqual(Claim._propose_direction(self.vendor), "customer")
        self.new_transfer("incoming", (self.product, 6))
        contact = self.env["res.partner"].create(
            {"name": "Ventas", "parent_id": self.vendor.id}
        )
        for partner in (self.vendor, contact):
            self.assertEqual(Claim._propose_direction(partner), "vendor")
        self.assertEqual(
            Claim.with_user(self.seller)._propose_direction(contact),
            "customer",
            "what sales may note",
        )
        self.new_transfer("outgoing", (self.product, 1), partner=self.vendor)
        self.assertEqual(Claim._propose_direction(contact), "customer")
        self.assertEqual(
            Claim.with_user(self.buyer)._propose_direction(contact), "vendor"
        )

    def test_o5_counts_cost_the_same_for_one_and_for_many(self):
        for number in range(6):
            self.claim(self.new_transfer("incoming", (self.product, number + 1)))
        pickings = self.env["stock.picking"].search(
            [("company_id", "=", self.company.id)]
        )
        one = self.count_queries(lambda: pickings[:1].mapped("gck_reclamacion_count"))
        every = self.count_queries(lambda: pickings.mapped("gck_reclamacion_count"))
        self.assertEqual(len(pickings), 6)
        self.assertEqual(every, one)

    def test_o4_form_works_without_rights_on_claims(self):
        """A storekeeper sees the transfer, no claim and no button."""
        receipt = self.new_transfer("incoming", (self.product, 5))
        self.claim(receipt)
        self.forget()
        seen = receipt.with_user(self.storekeeper)
        self.assertEqual(seen.gck_reclamacion_count, 0)
        self.assertFalse(seen.gck_can_claim)
        with Form(seen) as form:
            self.assertEqual(form.gck_reclamacion_count, 0)
        wizard = self.return_wizard(receipt, {self.product: 1}, self.storekeeper)
        self.assertFalse(wizard.gck_can_claim)
        self.assertTrue(wizard.action_create_returns()["res_id"])

    def test_o24_each_may_claim_what_is_theirs(self):
        receipt = self.new_transfer("incoming", (self.product, 5))
        delivery = self.new_transfer("outgoing", (self.product, 2))
        waiting = self.new_transfer("incoming", (self.product, 5), done=False)
        for user, expected in (
            (self.buyer, [True, False, False]),
            (self.seller, [False, True, False]),
            (self.noter, [True, True, False]),
            (self.quality, [True, True, False]),
            (self.storekeeper, [False, False, False]),
        ):
            pickings = (receipt + delivery + waiting).with_user(user)
            self.assertEqual(pickings.mapped("gck_can_claim"), expected, user.name)
        claim = self.claim(receipt)
        self.forget()
        self.assertEqual(receipt.with_user(self.seller).gck_reclamacion_count, 0)
        self.assertEqual(receipt.with_user(self.buyer).gck_reclamacion_count, 1)
        self.assertTrue(claim.with_user(self.buyer).has_access("write"))
