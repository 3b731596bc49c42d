from odoo import models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """Customers claim about what they ordered (O-5)."""

    _name = "sale.order"
    _inherit = ["sale.order", "gck.reclamable.mixin"]

    def _gck_get_reclamacion_direction(self):
        self.ensure_one()
        return "customer"

    def _gck_get_reclamacion_partner(self):
        self.ensure_one()
        return self.partner_id

    def _gck_get_reclamacion_user(self):
        """Return the salesperson."""
        self.ensure_one()
        return self.user_id

    def _gck_get_reclamacion_lines(self):
        """Return the lines with products; of a combo, what it is made of."""
        self.ensure_one()
        return self.order_line.filtered(
            lambda line: (
                line.product_id
                and not line.display_type
                and not line.is_downpayment
                and line.product_type != "combo"
            )
        )

    def _gck_check_reclamable(self):
        """Refuse claims on quotations and on cancelled orders."""
        result = super()._gck_check_reclamable()
        quotations = self.filtered(lambda order: order.state != "sale")
        if quotations:
            raise UserError(
                self.env._(
                    "%s is not confirmed: there is nothing to claim about it yet.",
                    quotations[0].display_name,
                )
            )
        return result
