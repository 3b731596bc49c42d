from odoo import models


class SaleOrder(models.Model):
    """Customers claim about what they ordered (O-5)."""

    _name = "sale.order"
    _inherit = ["sale.order", "gck.reclamable.pedido.mixin"]
    _gck_confirmed_state = "sale"
    _gck_claim_direction = "customer"

    def _gck_get_reclamacion_lines(self):
        """Return the lines with products; of a combo, what it is made of."""
        lines = super()._gck_get_reclamacion_lines()
        return lines.filtered(lambda line: line.product_type != "combo")
