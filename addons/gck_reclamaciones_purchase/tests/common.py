from odoo import Command

from odoo.addons.gck_reclamaciones_account.tests.common import FacturasCase

PURCHASE = "purchase.group_purchase_user"
EXPORT = "base.group_allow_export"
PURCHASE_MANAGER = "purchase.group_purchase_manager"


class ComprasCase(FacturasCase):
    """People of Purchase with no other right at all, and what they buy."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.purchaser = cls.new_user(
            "purchaser", f"{PURCHASE},{EXPORT}", "Pilar Purchaser"
        )
        cls.chief = cls.new_user("chief", f"{PURCHASE_MANAGER},{EXPORT}", "Chema Chief")

    @classmethod
    def new_order(cls, confirm=True, user=None, **vals):
        """Create an order of five compressors of the purchaser, confirmed."""
        Order = cls.env["purchase.order"].with_user(user or cls.purchaser)
        order = Order.create(
            {
                "partner_id": cls.vendor_contact.id,
                "user_id": cls.purchaser.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": cls.product.id,
                            "product_qty": 5,
                            "price_unit": 80,
                            "tax_ids": [],
                        }
                    )
                ],
                **vals,
            }
        )
        if confirm:
            order.button_confirm()
        return order

    def claim_on(self, order, user=None, **vals):
        """Raise a claim on an order, as the purchaser unless told."""
        return self.raise_claim(order, user or self.purchaser, **vals)
