from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import StockCase


@tagged("post_install", "-at_install")
class TestDevoluciones(StockCase):
    """Returns raise claims and answer them; scraps answer them (O-17, O-19, O-22)."""

    def test_o17_return_of_a_receipt_offers_a_vendor_claim(self):
        receipt = self.new_transfer(
            "incoming", (self.product, 5), (self.tracked, 6, self.lots[0])
        )
        wizard = self.return_wizard(
            receipt, {self.product: 2, self.tracked: 1}, self.buyer
        )
        self.assertTrue(wizard.gck_can_claim)
        claim = self.fill(wizard.action_create_returns_and_claim(), self.buyer)
        back = receipt.return_ids
        self.assertEqual((claim.direction, claim.partner_id), ("vendor", self.vendor))
        self.assertEqual(claim.documento_name, back.name)
        self.assertLessEqual(
            {("stock.picking", receipt.id), ("stock.picking", back.id)},
            self.linked(claim),
        )
        found = {
            (line.product_id, line.lot_id, line.quantity, line.quantity_moved)
            for line in claim.linea_ids
        }
        self.assertEqual(
            found,
            {
                (self.product, self.lots.browse(), 2, 5),
                (self.tracked, self.lots[0], 1, 6),
            },
        )
        for picking in (receipt, back):
            self.assertEqual(picking.with_user(self.buyer).gck_reclamacion_count, 1)

    def test_o19_return_of_a_delivery_offers_a_customer_claim(self):
        self.new_transfer("incoming", (self.product, 5))
        delivery = self.new_transfer("outgoing", (self.product, 3))
        wizard = self.return_wizard(delivery, {self.product: 1}, self.seller)
        claim = self.fill(wizard.action_create_returns_and_claim(), self.seller)
        self.assertEqual(
            (claim.direction, claim.partner_id, claim.linea_ids.quantity),
            ("customer", self.customer, 1),
        )
        self.assertIn(("stock.picking", delivery.id), self.linked(claim))

    def test_o19_claim_from_a_return_done_earlier(self):
        """The button on the return offers the same as the dialog did."""
        self.new_transfer("incoming", (self.product, 5))
        delivery = self.new_transfer("outgoing", (self.product, 3))
        wizard = self.return_wizard(delivery, {self.product: 2})
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        self.assertTrue(back.with_user(self.seller).gck_can_claim)
        self.validate(back)
        claim = self.claim(back, self.seller)
        self.assertEqual((claim.direction, claim.linea_ids.quantity), ("customer", 2))
        self.assertEqual(claim.linea_ids.source_id, back.move_ids.id)
        self.assertIn(("stock.picking", delivery.id), self.linked(claim))

    def test_o17_direction_of_a_return_within_the_warehouse(self):
        """Goods sent back to another place of the company are still the vendor's."""
        receipt = self.new_transfer("incoming", (self.product, 5))
        back = self.new_transfer(
            "internal", (self.product, 1), return_id=receipt.id, partner=self.vendor
        )
        self.assertEqual(self.claim(back).direction, "vendor")

    def test_o17_returned_goods_still_can_be_claimed(self):
        receipt = self.new_transfer("incoming", (self.product, 5))
        wizard = self.return_wizard(receipt, {self.product: 5})
        wizard.action_create_returns()
        self.validate(receipt.return_ids)
        self.assertEqual(self.claim(receipt).linea_ids.quantity, 5)

    # ------------------------------------------------------------
    # From the claim
    # ------------------------------------------------------------

    def open_return(self, claim, user=None):
        """Open the dialog of the button «Create return», as the web client does."""
        action = claim.with_user(user or self.quality).action_create_return()
        model = self.env[action["res_model"]].with_user(user or self.quality)
        return Form(model.with_context(**action["context"])).save()

    def test_o22_return_of_what_is_claimed(self):
        receipt = self.new_transfer(
            "incoming",
            (self.product, 5),
            (self.tracked, 6, self.lots[0]),
            (self.tracked, 3, self.lots[1]),
        )
        claim = self.claim(receipt)
        fan = claim.linea_ids.filtered(lambda r: r.product_id == self.product)
        fan.quantity = 2
        claim.linea_ids.filtered(lambda r: r.lot_id == self.lots[0]).unlink()
        wizard = self.open_return(claim)
        self.assertFalse(wizard.gck_can_claim)
        self.assertEqual(
            {r.product_id: r.quantity for r in wizard.product_return_moves},
            {self.product: 2, self.tracked: 3},
        )
        wizard.action_create_returns()
        back = receipt.return_ids
        self.assertEqual(back.gck_reclamacion_id, claim)
        self.assertIn(("stock.picking", back.id), self.linked(claim))
        lines = back.move_line_ids.filtered(lambda r: r.product_id == self.tracked)
        self.assertEqual(lines.mapped("lot_id"), self.lots[1])
        self.assertEqual(sum(lines.mapped("quantity")), 3)
        self.forget()
        self.assertEqual(claim.with_user(self.quality).return_count, 1)
        self.assertEqual(back.with_user(self.quality).gck_reclamacion_count, 1)
        self.assertEqual(claim.action_view_returns()["res_id"], back.id)

    def test_o22_several_returns_until_nothing_is_left(self):
        receipt = self.new_transfer("incoming", (self.product, 5))
        claim = self.claim(receipt)
        for quantity, left in ((2, 3), (3, 0)):
            wizard = self.open_return(claim)
            wizard.product_return_moves.quantity = quantity
            wizard.action_create_returns()
            self.assertEqual(
                sum(
                    sum(lots.values())
                    for lots in claim._get_return_quantities().values()
                ),
                left,
            )
        with self.refused(UserError, "nothing to return"):
            claim.action_create_return()
        self.forget()
        self.assertEqual(claim.return_count, 2)

    def test_o22_no_more_is_returned_than_is_claimed(self):
        """However much more was received."""
        receipt = self.new_transfer("incoming", (self.product, 10))
        claim = self.claim(receipt)
        claim.linea_ids.quantity = 4
        for quantity, left in ((3, 1), (1, 0)):
            wizard = self.open_return(claim)
            wizard.product_return_moves.quantity = quantity
            wizard.action_create_returns()
            self.forget()
            moves = claim._get_return_quantities()
            self.assertEqual(sum(sum(lots.values()) for lots in moves.values()), left)
        with self.refused(UserError, "nothing to return"):
            claim.action_create_return()

    def test_o22_what_came_back_before_the_claim_is_not_returned_again(self):
        self.new_transfer("incoming", (self.product, 10))
        delivery = self.new_transfer("outgoing", (self.product, 5))
        wizard = self.return_wizard(delivery, {self.product: 2})
        claim = self.fill(wizard.action_create_returns_and_claim(), self.quality)
        self.assertEqual(claim.linea_ids.quantity, 2)
        with self.refused(UserError, "nothing to return"):
            claim.action_create_return()

    def test_o22_return_of_a_customer_with_lots(self):
        self.new_transfer(
            "incoming", (self.tracked, 6, self.lots[0]), (self.tracked, 3, self.lots[1])
        )
        delivery = self.new_transfer(
            "outgoing", (self.tracked, 2, self.lots[0]), (self.tracked, 2, self.lots[1])
        )
        claim = self.claim(delivery)
        claim.linea_ids.filtered(lambda r: r.lot_id == self.lots[0]).unlink()
        self.open_return(claim).action_create_returns()
        lines = delivery.return_ids.move_line_ids
        self.assertEqual((lines.lot_id, lines.quantity), (self.lots[1], 2))

    def test_o22_rest_of_a_return_stays_with_the_claim(self):
        receipt = self.new_transfer("incoming", (self.product, 5))
        claim = self.claim(receipt)
        self.open_return(claim).action_create_returns()
        back = receipt.return_ids
        back.move_ids.write({"quantity": 2, "picked": True})
        back.with_user(self.storekeeper)._action_done()
        self.assertEqual(claim.return_picking_ids, back | back.backorder_ids)

    def test_o22_nothing_to_return(self):
        claim = self.claim(self.new_transfer("incoming", (self.product, 5), done=False))
        with self.refused(UserError, "nothing to return"):
            claim.action_create_return()

    def test_o22_closed_claim_takes_no_return(self):
        receipt = self.new_transfer("incoming", (self.product, 5))
        claim = self.claim(receipt)
        wizard = self.open_return(claim)
        claim._do_reject("Our mistake")
        with self.assertRaises(UserError):
            claim.action_create_return()
        with self.assertRaises(UserError), self.cr.savepoint():
            wizard.action_create_returns()

    def test_o22_scrap_of_what_is_claimed(self):
        receipt = self.new_transfer(
            "incoming", (self.product, 5), (self.tracked, 6, self.lots[0])
        )
        claim = self.claim(receipt)
        fan, bottle = claim.linea_ids
        fan.quantity = 2
        action = claim.with_user(self.quality).action_create_scrap()
        Scrap = self.env["stock.scrap"].with_user(self.quality)
        form = Form(
            Scrap.with_context(**action["context"]), view="stock.stock_scrap_form_view2"
        )
        self.assertEqual((form.product_id, form.scrap_qty), (self.product, 2))
        scrap = form.save()
        self.assertEqual(scrap.location_id, receipt.location_dest_id)
        scrap.action_validate()
        self.assertEqual((scrap.state, scrap.gck_reclamacion_id), ("done", claim))
        self.assertIn(("stock.scrap", scrap.id), self.linked(claim))
        cost = claim.coste_ids
        self.assertEqual((cost.concepto, cost.amount), ("material", 40))
        self.forget()
        self.assertEqual(claim.with_user(self.quality).scrap_count, 1)
        # What was scrapped there is not what the transfer moved.
        self.assertEqual(sum(self.claim(receipt).linea_ids.mapped("quantity")), 11)
        with self.refused(UserError, "scrapped already"):
            fan.action_create_scrap()
        context = claim.action_create_scrap()["context"]
        self.assertEqual(context["default_lot_id"], self.lots[0].id)
        Scrap.with_context(**context).create({}).action_validate()
        with self.refused(UserError, "nothing to scrap"):
            claim.action_create_scrap()
        claim._do_reject("Our mistake")
        with self.assertRaises(UserError):
            bottle.action_create_scrap()

    def test_o22_scrapped_after_the_end_is_told_and_counts_once_reopened(self):
        receipt = self.new_transfer("incoming", (self.product, 5))
        claim = self.claim(receipt)
        context = claim.action_create_scrap()["context"]
        scrap = self.env["stock.scrap"].with_context(**context).create({})
        claim._do_reject("Ours")
        scrap.action_validate()
        self.assertEqual(scrap.state, "done")
        self.assertFalse(claim.coste_ids)
        self.assertIn(scrap.name, self.log_text(claim))
        claim.with_user(self.claim_manager)._do_reopen("It was theirs")
        self.assertEqual(claim.coste_ids.res_id, scrap.id)
        claim._do_reject("Ours")
        claim.with_user(self.claim_manager)._do_reopen("Again")
        self.assertEqual(len(claim.coste_ids), 1)

    def test_o24_nobody_scraps_for_a_claim_out_of_reach(self):
        receipt = self.new_transfer("incoming", (self.product, 5))
        claim = self.claim(receipt)
        scrap = (
            self.env["stock.scrap"]
            .with_user(self.storekeeper)
            .create({"product_id": self.product.id, "scrap_qty": 1})
        )
        with self.assertRaises(AccessError):
            scrap.gck_reclamacion_id = claim.id
            self.env.flush_all()

    def test_o22_counts_never_raise(self):
        """Whoever sees the claim and no stock sees zeros."""
        receipt = self.new_transfer("incoming", (self.product, 5))
        claim = self.claim(receipt)
        self.open_return(claim).action_create_returns()
        self.buyer.group_ids -= self.env.ref("stock.group_stock_user")
        self.forget()
        seen = claim.with_user(self.buyer)
        self.assertEqual((seen.return_count, seen.scrap_count), (0, 0))
        with Form(seen) as form:
            self.assertEqual(form.return_count, 0)
        line = claim.linea_ids.with_user(self.buyer)
        self.assertEqual(line.quantity_moved, 5)

    def test_o5_claims_with_lots_are_read_without_rights_on_stock(self):
        receipt = self.new_transfer("incoming", (self.tracked, 6, self.lots[0]))
        claim = self.claim(receipt)
        self.buyer.group_ids = [
            Command.unlink(self.env.ref("stock.group_stock_user").id)
        ]
        self.forget()
        line = claim.with_user(self.buyer).linea_ids
        self.assertEqual(line.lot_id.name, "L1")
        self.assertFalse(self.lots.with_user(self.buyer).has_access("write"))
