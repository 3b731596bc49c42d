from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from odoo.addons.gck_reclamaciones.tests.common import VENDOR

from .common import INVOICING, FacturasCase


class TestCreditNote(FacturasCase):
    """Credit notes of claims, and what they cost them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls.new_invoice()

    def credit(self, claim, post=True, **vals):
        """Credit the invoice of a claim as the biller does."""
        refund = self.reverse(
            claim.with_user(self.biller).action_create_credit_note(), **vals
        )
        if post:
            refund.with_user(self.biller).action_post()
        return refund

    def test_o3_credit_note_says_why_and_is_linked_both_ways(self):
        claim = self.raise_claim(self.invoice, subject="Leaks <b>oil</b>")
        action = claim.with_user(self.biller).action_create_credit_note()
        self.assertEqual(action["context"]["active_ids"], self.invoice.ids)
        Wizard = self.env["account.move.reversal"].with_user(self.biller)
        form = Form(Wizard.with_context(**action["context"]))
        self.assertEqual(form.gck_reclamacion_id, claim)
        self.assertEqual(form.reason, f"{claim.name} · Leaks <b>oil</b>")
        refund = self.env["account.move"].browse(form.save().refund_moves()["res_id"])
        self.assertEqual(refund.move_type, "out_refund")
        self.assertEqual(refund.reversed_entry_id, self.invoice)
        self.assertIn(claim.name, refund.ref)
        self.assertIn(refund, self.links(claim))
        self.assertEqual(refund.with_user(self.biller).gck_reclamacion_count, 1)
        self.assertFalse(claim.coste_ids, "a draft costs nothing yet")

    def test_o3_cost_follows_the_credit_note(self):
        claim = self.raise_claim(self.invoice)
        claim.action_open()
        refund = self.credit(claim)
        coste = claim.coste_ids
        self.assertEqual(coste.concepto, "credit_note")
        self.assertEqual((coste.res_model, coste.res_id), ("account.move", refund.id))
        self.assertEqual(claim.cost_total, 300)
        refund.button_draft()
        self.assertFalse(claim.coste_ids)
        refund.invoice_line_ids.quantity = 1
        refund.action_post()
        self.assertEqual(claim.coste_ids.mapped("amount"), [100])
        refund.button_cancel()
        self.assertFalse(claim.coste_ids)
        self.assertEqual(claim.cost_total, 0)

    def test_o3_what_a_vendor_refunds_is_recovered(self):
        bill = self.new_invoice("in_invoice")
        claim = self.raise_claim(bill)
        refund = self.credit(claim, post=False)
        self.assertEqual(refund.move_type, "in_refund")
        refund.invoice_line_ids.price_unit = 40
        refund.action_post()
        self.assertEqual(claim.coste_ids.concepto, "recovery")
        self.assertEqual(claim.cost_total, -120)

    def test_o3_cost_is_untaxed_and_in_the_currency_of_the_company(self):
        tax = self.env["account.tax"].create({"name": "21 %", "amount": 21})
        currency = self.env["res.currency"].create({"name": "GCK", "symbol": "g"})
        today = fields.Date.today()
        self.env["res.currency.rate"].create(
            [
                {
                    "currency_id": currency.id,
                    "company_id": self.company.id,
                    "name": date,
                    "rate": rate,
                }
                for date, rate in (
                    (fields.Date.subtract(today, days=40), 4),
                    (fields.Date.subtract(today, days=10), 2),
                )
            ]
        )
        invoice = self.new_invoice(currency_id=currency.id)
        claim = self.raise_claim(invoice)
        refund = self.credit(claim, False, date=fields.Date.subtract(today, days=20))
        refund.invoice_line_ids.tax_ids = [Command.set(tax.ids)]
        refund.action_post()
        self.assertEqual(refund.amount_untaxed, 300)
        self.assertGreater(refund.amount_total, 300)
        self.assertEqual(claim.coste_ids.currency_id, self.company.currency_id)
        self.assertEqual(claim.cost_total, 75, "at the rate of the credit note's date")

    def test_o3_reversal_with_a_new_invoice_links_both(self):
        claim = self.raise_claim(self.invoice)
        action = claim.with_user(self.biller).action_create_credit_note()
        new = self.reverse(action, modify=True)
        refund = self.invoice.reversal_move_ids
        self.assertEqual((new.move_type, refund.state), ("out_invoice", "posted"))
        self.assertCountEqual(self.links(claim), [self.invoice, refund, new])
        self.assertEqual(claim.cost_total, 300)

    def test_o3_a_credit_note_linked_by_hand_counts_once(self):
        first, second = (self.raise_claim(self.invoice) for _n in "ab")
        refund = self.new_invoice("out_refund")
        Vinculo = self.env["gck.vinculo"]
        Vinculo._link(first, refund)
        Vinculo._link(second, refund)
        self.assertEqual((first.cost_total, second.cost_total), (300, 0))
        refund.button_draft()
        refund.action_post()
        self.assertEqual((first.cost_total, second.cost_total), (300, 0))
        first.vinculo_ids._find("account.move", refund.id).action_unlink()
        self.assertEqual((first.cost_total, second.cost_total), (0, 300))
        # That of a vendor says nothing of what a customer costs.
        Vinculo._link(first, self.new_invoice("in_refund"))
        self.assertFalse(first.coste_ids)

    def test_o3_deleting_a_credit_note_deletes_its_cost(self):
        claim = self.raise_claim(self.invoice)
        refund = self.credit(claim)
        refund.with_context(force_delete=True).unlink()
        self.assertFalse(claim.coste_ids)

    def close(self, claim):
        claim = claim.with_env(self.env)
        if claim.state == "draft":
            claim.action_open()
        claim.write({"causa_id": self.causa.id, "resolution": "Credited"})
        claim.action_close()

    def test_o15_closed_claim_keeps_its_costs_and_is_told(self):
        claim = self.raise_claim(self.invoice)
        refund = self.credit(claim, post=False)
        self.close(claim)
        refund.with_user(self.clerk).action_post()
        self.assertEqual(refund.state, "posted")
        self.assertFalse(claim.coste_ids)
        self.assertIn(refund.name, self.log_text(claim))
        # Reopened, it counts.
        claim.with_user(self.claim_manager)._do_reopen("It was credited late")
        self.assertEqual(claim.cost_total, 300)
        self.assertIn(refund.name, claim.coste_ids.name)
        self.close(claim)
        refund.button_draft()
        self.assertEqual(claim.cost_total, 300)
        self.assertIn("stays among the costs", self.log_text(claim))
        refund.with_context(force_delete=True).unlink()
        self.assertEqual(claim.cost_total, 300)
        self.assertIn("deleted", self.log_text(claim))

    def test_o3_cost_goes_where_the_claim_is_merged_into(self):
        claim, other = (self.raise_claim(self.invoice) for _n in "ab")
        refund = self.credit(other, post=True)
        other.with_env(self.env)._merge_into(claim.with_env(self.env))
        self.assertEqual((claim.cost_total, other.cost_total), (300, 0))
        refund.button_draft()
        self.assertFalse(claim.coste_ids)
        refund.action_post()
        self.assertEqual((claim.cost_total, other.cost_total), (300, 0))

    def test_o15_closed_claim_is_not_credited(self):
        claim = self.raise_claim(self.invoice)
        action = claim.with_user(self.biller).action_create_credit_note()
        self.close(claim)
        with self.assertRaises(UserError):
            claim.with_user(self.biller).action_create_credit_note()
        # Nor by whoever had the dialog open.
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.reverse(action)
        self.assertFalse(self.invoice.reversal_move_ids)

    def test_o3_without_an_invoice_it_is_asked_which(self):
        claim = self.new_claim()
        action = claim.with_user(self.biller).action_create_credit_note()
        self.assertFalse(action["context"]["default_move_id"])
        wizard = self.open_dialog(
            self.as_user(self.biller, action)
            | {"context": {**action["context"], "default_move_id": self.invoice.id}}
        )
        found = self.env["account.move"].search(wizard.selectable_domain)
        self.assertEqual(found, self.invoice)
        reversal = wizard.action_confirm()
        self.assertEqual(reversal["context"]["active_ids"], self.invoice.ids)
        self.reverse(reversal).action_post()
        self.assertEqual(claim.cost_total, 300)
        wizard.move_id = self.new_invoice("in_invoice")
        with self.assertRaisesRegex(UserError, self.customer.name):
            wizard.action_confirm()
        # What is linked is proposed.
        self.new_invoice()
        other = self.new_claim()
        self.env["gck.vinculo"]._link(other, self.invoice)
        action = other.with_user(self.biller).action_create_credit_note()
        self.assertEqual(action["context"]["default_move_id"], self.invoice.id)

    def test_o3_nothing_to_credit_is_said(self):
        nobody = self.new_claim(partner_id=False)
        stranger = self.new_claim(partner_id=self.vendor.id)
        internal = self.new_claim(direction="internal")
        for claim in (nobody, stranger, internal):
            with self.assertRaises(UserError):
                claim.with_user(self.biller).action_create_credit_note()

    def test_o24_crediting_needs_rights_on_both(self):
        claim = self.raise_claim(self.invoice)
        vendor_biller = self.new_user("vb", f"{INVOICING},{VENDOR}", "Vera Vendor")
        action = claim.with_user(self.biller).action_create_credit_note()
        for user in (vendor_biller, self.clerk):
            with self.assertRaises(AccessError):
                claim.with_user(user).action_create_credit_note()
            # Nor by naming the claim in the reversal.
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self.reverse(action, user)
        with self.assertRaises(AccessError):
            claim.with_user(self.quality).action_create_credit_note()
        arch = claim.with_user(self.quality).get_view(view_type="form")["arch"]
        self.assertNotIn("action_create_credit_note", arch)

    def test_o24_the_dialog_is_of_who_invoices(self):
        Wizard = self.env["gck.reclamacion.abono"]
        for user, allowed in (
            (self.biller, True),
            (self.quality, False),
            (self.seller, False),
            (self.portal, False),
        ):
            for operation in ("read", "write", "create", "unlink"):
                self.assertEqual(
                    Wizard.with_user(user).has_access(operation), allowed, user.name
                )

    def test_o3_posting_many_credit_notes_costs_few_queries(self):
        """The costs of a batch are searched and made together."""
        claim = self.new_claim()
        refunds = [self.new_invoice("out_refund", post=False) for _n in range(5)]
        moves = self.env["account.move"].union(*refunds)
        self.env["gck.vinculo"]._link(claim, moves)
        moves.state = "posted"
        claim.coste_ids.unlink()
        one = self.count_queries(moves[:1]._gck_update_reclamacion_costes)
        five = self.count_queries(moves._gck_update_reclamacion_costes)
        self.assertEqual(len(claim.coste_ids), 5)
        self.assertLess(five, one + 12)
