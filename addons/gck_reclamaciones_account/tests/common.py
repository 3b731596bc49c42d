from odoo import Command, fields
from odoo.tests import Form, tagged

from odoo.addons.gck_reclamaciones.tests.common import QUALITY, ReclamacionesCase

INVOICING = "account.group_account_invoice"


@tagged("post_install", "-at_install")
class FacturasCase(ReclamacionesCase):
    """A company that invoices, with a clerk and a quality manager who does too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["account.chart.template"].try_loading(
            "generic_coa", company=cls.company, install_demo=False
        )
        cls.clerk = cls.new_user("clerk", INVOICING, "Clara Clerk")
        cls.biller = cls.new_user("biller", f"{INVOICING},{QUALITY}", "Bea Biller")
        cls.uom = cls.env.ref("uom.product_uom_unit")
        cls.dozen = cls.env.ref("uom.product_uom_dozen")

    @classmethod
    def new_invoice(cls, move_type="out_invoice", post=True, **vals):
        """Create an invoice of three compressors at 100, posted unless told."""
        partner = cls.vendor if move_type.startswith("in_") else cls.customer
        invoice = cls.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": partner.id,
                "invoice_date": fields.Date.today(),
                "invoice_user_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": cls.product.id,
                            "quantity": 3,
                            "price_unit": 100,
                            "tax_ids": [],
                        }
                    )
                ],
                **vals,
            }
        )
        if post:
            invoice.action_post()
        return invoice

    def raise_claim(self, document, user=None, **vals):
        """Raise a claim as the web client does: the form, then its save."""
        user = user or self.biller
        action = document.with_user(user).action_create_gck_reclamacion()
        Claim = self.env["gck.reclamacion"].with_user(user)
        evaluator = {"evaluator_id": self.quality.id}
        claim = Claim.with_context(**action["context"]).create(
            {
                "tipo_id": self.claim_tipo.id,
                "categoria_id": self.categoria.id,
                **({} if "default_evaluator_id" in action["context"] else evaluator),
                **vals,
            }
        )
        # Without the values of the form, which other records would take.
        return Claim.browse(claim.id)

    def reverse(self, action, user=None, modify=False, **vals):
        """Fill and confirm Odoo's reversal as an action opens it."""
        self.assertEqual(action["res_model"], "account.move.reversal")
        Wizard = self.env["account.move.reversal"].with_user(user or self.biller)
        form = Form(Wizard.with_context(**action["context"]))
        for name, value in vals.items():
            form[name] = value
        wizard = form.save()
        result = wizard.modify_moves() if modify else wizard.refund_moves()
        return self.env["account.move"].browse(result["res_id"])

    def links(self, claim):
        """Return the documents linked to a claim."""
        return [link.document_ref for link in claim.with_env(self.env).vinculo_ids]
