from odoo import Command
from odoo.tests import tagged

from odoo.addons.gck_llamadas.tests.common import LlamadasPersonasCase

INVOICING = "account.group_account_invoice"


@tagged("post_install", "-at_install")
class TestAccountMove(LlamadasPersonasCase):
    """Call lists of what customers have not paid (K-7, O-45)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["account.chart.template"].try_loading(
            "generic_coa", company=cls.company, install_demo=False
        )
        cls.reception.group_ids += cls.env.ref(INVOICING)
        cls.customer.phone = "976 123 456"
        cls.campana = cls.env["gck.llamada.campana"].create(
            {
                "name": "Impagados de marzo",
                "motivo_id": cls.motivo.id,
                "user_ids": [Command.set(cls.own.ids)],
            }
        )

    @classmethod
    def new_invoice(cls, partner=None, move_type="out_invoice", post=True):
        """Create an invoice of 100, posted unless told."""
        invoice = cls.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": (partner or cls.customer).id,
                "invoice_date": "2026-03-02",
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Revisión", "price_unit": 100, "tax_ids": False}
                    )
                ],
            }
        )
        if post:
            invoice.action_post()
        return invoice

    def generate(self, invoices):
        """Confirm the dialog as it opens from the list of invoices."""
        self.forget()
        wizard = (
            self.env["gck.llamada.campana.generar"]
            .with_user(self.reception)
            .with_context(active_model="account.move", active_ids=invoices.ids)
            .create({"campana_id": self.campana.id})
        )
        return wizard, wizard.action_confirm()

    def calls(self):
        return self.env["gck.llamada"].search([("campana_id", "=", self.campana.id)])

    def documents(self, call):
        links = self.env["gck.vinculo"]._get_of_origins(call)
        return {(link.res_model, link.res_id) for link in links}

    def test_k7_each_debtor_is_called_once_for_all_invoices(self):
        invoices = self.new_invoice() + self.new_invoice()
        _wizard, notification = self.generate(invoices)
        self.assertEqual(notification["params"]["type"], "success")
        self.assertEqual(len(notification["params"]["message"].splitlines()), 1)
        call = self.calls()
        self.assertEqual(len(call), 1)
        self.assertEqual(call.partner_id, self.customer)
        self.assertEqual(call.phone, "976 123 456")
        self.assertEqual(
            self.documents(call), {("account.move", i.id) for i in invoices}
        )
        later = self.new_invoice()
        self.generate(later)
        self.assertEqual(self.calls(), call)
        self.assertIn(("account.move", later.id), self.documents(call))

    def test_k7_debtor_in_the_list_as_a_customer_gets_no_second_call(self):
        self.campana._add_calls(self.customer)
        invoice = self.new_invoice()
        self.generate(invoice)
        self.assertEqual(len(self.calls()), 1)
        self.assertEqual(self.documents(self.calls()), {("account.move", invoice.id)})

    def test_k7_what_nobody_owes_is_left_out_and_named(self):
        unpaid = self.new_invoice()
        draft = self.new_invoice(post=False)
        bill = self.new_invoice(self.vendor, "in_invoice")
        silent = self.new_invoice(
            self.env["res.partner"].create({"name": "Sin Teléfono, S.L."})
        )
        wizard, notification = self.generate(unpaid + draft + bill + silent)
        self.assertEqual(self.calls().partner_id, self.customer)
        self.assertEqual(wizard.unreachable_count, 1)
        message = notification["params"]["message"]
        self.assertIn(bill.name, message)
        self.assertIn(silent.name, message)
