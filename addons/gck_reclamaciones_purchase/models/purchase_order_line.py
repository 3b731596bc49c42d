from odoo import models


class PurchaseOrderLine(models.Model):
    """What was received of a line can be claimed; before that, what was ordered."""

    _name = "purchase.order.line"
    _inherit = ["purchase.order.line", "gck.reclamable.linea.mixin"]

    def _gck_get_moved(self):
        """Return what was received; all that was ordered while nothing was."""
        return {
            line.id: (
                line.qty_received if line.qty_received > 0 else line.product_qty,
                line.product_uom_id,
            )
            for line in self
        }
