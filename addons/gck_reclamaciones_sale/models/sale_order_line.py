from odoo import models


class SaleOrderLine(models.Model):
    """What was delivered of a line can be claimed (O-5)."""

    _name = "sale.order.line"
    _inherit = ["sale.order.line", "gck.reclamable.linea.mixin"]

    def _gck_get_moved(self):
        """Return what was delivered; what was ordered where that is what counts.

        Of a product that is invoiced as ordered nobody need note deliveries.
        """
        result = {}
        for line in self:
            quantity = line.qty_delivered
            if quantity <= 0 and line.product_id.invoice_policy == "order":
                quantity = line.product_uom_qty
            result[line.id] = (quantity, line.product_uom_id)
        return result
