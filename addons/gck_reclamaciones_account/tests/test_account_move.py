from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form

from odoo.addons.gck_reclamaciones.tests.common import CUSTOMER

from .common import INVOICING, FacturasCase


class TestClaimFromInvoice(FacturasCase):
    """Claims raised from invoices (O-3)."""

    def test_o3_claim_of_a_customer_on_an_invoice_comes_filled(self):
        invoice = self.new_invoice(
            partner_id=self.contact.id, invoice_user_id=self.seller.id
        )
        claim = self.raise_claim(invoice)
        self.assertEqual(claim.direction, "customer")
        self.assertEqual(claim.partner_id, self.customer)
        self.assertEqual(claim.contact_id, self.contact)
        self.assertEqual(claim.evaluator_id, self.seller)
        self.assertIn(invoice.name, claim.subject)
        self.assertEqual(claim.linea_ids.product_id, self.product)
        self.assertEqual(claim.linea_ids.quantity, 3)
        self.assertEqual(claim.linea_ids.quantity_moved, 3)
        self.assertEqual(self.links(claim), [invoice])
        self.assertEqual(claim.action_view_documento()["res_id"], invoice.id)

    def test_o3_claim_to_a_vendor_on_a_bill_comes_filled(self):
        bill = self.new_invoice("in_invoice")
        claim = self.raise_claim(bill)
        self.assertEqual((claim.direction, claim.partner_id), ("vendor", self.vendor))
        self.assertEqual(claim.linea_ids.quantity, 3)

    def test_o3_claim_keeps_the_unit_of_the_invoice(self):
        self.env.user.group_ids += self.env.ref("uom.group_uom")
        invoice = self.new_invoice(post=False)
        invoice.invoice_line_ids.write({"product_uom_id": self.dozen.id, "quantity": 2})
        invoice.action_post()
        action = invoice.action_create_gck_reclamacion()
        Claim = self.env["gck.reclamacion"].with_context(**action["context"])
        form = Form(Claim, "gck_reclamaciones.view_gck_reclamacion_form")
        form.tipo_id = self.claim_tipo
        claim = form.save()
        line = claim.linea_ids
        self.assertEqual((line.quantity, line.product_uom_id), (2, self.dozen))
        self.assertEqual(line.quantity_moved, 2)
        line.write({"product_uom_id": self.uom.id, "quantity": 24})
        with self.assertRaises(ValidationError):
            line.quantity = 25

    def test_o3_no_more_is_claimed_than_was_invoiced(self):
        claim = self.raise_claim(self.new_invoice())
        claim.linea_ids.quantity = 1
        with self.assertRaisesRegex(ValidationError, "Compressor"):
            claim.linea_ids.quantity = 4

    def test_o3_an_invoice_has_several_claims_and_counts_them(self):
        invoice = self.new_invoice()
        self.assertFalse(invoice.gck_reclamacion_count)
        first = self.raise_claim(invoice)
        action = invoice.with_user(self.biller).action_view_gck_reclamaciones()
        self.assertEqual(action["res_id"], first.id)
        second = self.raise_claim(invoice)
        self.forget()
        self.assertEqual(invoice.gck_reclamacion_count, 2)
        action = invoice.action_view_gck_reclamaciones()
        found = self.env["gck.reclamacion"].search(action["domain"])
        self.assertEqual(found, (first | second).sorted())

    def test_o3_only_posted_invoices_can_be_claimed(self):
        draft = self.new_invoice(post=False)
        cancelled = self.new_invoice()
        cancelled.button_cancel()
        refund = self.new_invoice("out_refund")
        entry = self.env["account.move"].create({"move_type": "entry"})
        for move, word in (
            (draft, "draft"),
            (cancelled, "cancelled"),
            (refund, "credit note"),
            (entry, "no invoice"),
        ):
            with self.assertRaisesRegex(UserError, word):
                move.action_create_gck_reclamacion()
            # Nor past the button.
            with self.assertRaisesRegex(UserError, word):
                self.new_claim(documento_model=move._name, documento_id=move.id)
            move.action_view_gck_reclamaciones()

    def test_o3_claim_stays_when_its_invoice_is_cancelled(self):
        invoice = self.new_invoice()
        claim = self.raise_claim(invoice)
        invoice.button_cancel()
        self.forget()
        self.assertTrue(claim.documento_cancelled)
        claim.write({"subject": "Still so", "partner_ref": "R-1"})
        self.assertEqual(invoice.gck_reclamacion_count, 1)
        action = invoice.action_view_gck_reclamaciones()
        self.assertEqual(action["res_id"], claim.id)

    def test_o3_vendor_claim_on_a_customer_invoice_is_refused(self):
        invoice, bill = self.new_invoice(), self.new_invoice("in_invoice")
        for document, direction, partner in (
            (invoice, "vendor", self.customer),
            (bill, "customer", self.vendor),
            (invoice, "customer", self.vendor),
        ):
            with self.assertRaises(ValidationError):
                self.new_claim(
                    documento_model="account.move",
                    documento_id=document.id,
                    direction=direction,
                    partner_id=partner.id,
                )
        self.new_claim(
            documento_model="account.move",
            documento_id=invoice.id,
            direction="internal",
        )

    def test_o3_archived_partner_still_claims(self):
        invoice = self.new_invoice()
        self.customer.active = False
        claim = self.raise_claim(invoice)
        self.assertEqual(claim.partner_id, self.customer)

    def test_o3_invoices_of_another_company_stay_there(self):
        env = self.env["base"].with_company(self.other_company).env
        journal = env["account.journal"].create(
            {"name": "Ventas", "code": "VTJ", "type": "general"}
        )
        move = env["account.move"].create({"journal_id": journal.id})
        self.assertEqual(move.company_id, self.other_company)
        with self.assertRaises(AccessError):
            move.with_user(self.biller).action_create_gck_reclamacion()

    def test_o24_invoicing_without_claims_works_as_ever(self):
        """No count, no button, no error; and posting moves costs all the same."""
        invoice = self.new_invoice()
        claim = self.raise_claim(invoice)
        seen = invoice.with_user(self.clerk)
        self.assertEqual(seen.gck_reclamacion_count, 0)
        arch = seen.get_view(view_type="form")["arch"]
        self.assertNotIn("gck_reclamacion", arch)
        with self.assertRaises(UserError):
            seen.action_create_gck_reclamacion()
        wizard = self.env["account.move.reversal"].with_user(self.clerk)
        context = {"active_model": "account.move", "active_ids": invoice.ids}
        refund = self.reverse(
            {"res_model": wizard._name, "context": context}, self.clerk
        )
        self.assertNotIn(refund, self.links(claim))
        for groups in (INVOICING, f"{INVOICING},{CUSTOMER}"):
            user = self.new_user(f"form{len(groups)}", groups, "Fina Form")
            with Form(seen.with_user(user)) as form:
                form.ref = "Checked"

    def test_o24_sellers_claim_on_invoices_and_not_on_bills(self):
        seller = self.new_user("seller2", f"{CUSTOMER},{INVOICING}", "Sita Seller")
        claim = self.raise_claim(self.new_invoice(), seller)
        self.assertEqual(claim.requester_id, seller)
        with self.assertRaises(AccessError):
            self.raise_claim(self.new_invoice("in_invoice"), seller)

    def test_o3_lists_of_invoices_count_claims_in_few_queries(self):
        invoices = self.env["account.move"]
        for _number in range(3):
            invoices |= self.new_invoice()
        for invoice in invoices:
            self.raise_claim(invoice)
        one = self.count_queries(lambda: invoices[:1].mapped("gck_reclamacion_count"))
        three = self.count_queries(lambda: invoices.mapped("gck_reclamacion_count"))
        self.assertEqual(one, three)

    def test_o3_lines_without_product_are_left_out(self):
        invoice = self.new_invoice(
            invoice_line_ids=[
                Command.create({"name": "Portes", "price_unit": 20}),
                Command.create({"display_type": "line_note", "name": "Gracias"}),
                Command.create({"product_id": self.product.id, "quantity": 2}),
            ]
        )
        self.assertEqual(self.raise_claim(invoice).linea_ids.mapped("quantity"), [2])
