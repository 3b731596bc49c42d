from odoo import models
from odoo.exceptions import UserError


class PurchaseOrder(models.Model):
    """We claim from vendors about what we ordered (O-5, O-23)."""

    _name = "purchase.order"
    _inherit = ["purchase.order", "gck.reclamable.mixin"]

    def _gck_get_reclamacion_direction(self):
        self.ensure_one()
        return "vendor"

    def _gck_get_reclamacion_partner(self):
        self.ensure_one()
        return self.partner_id

    def _gck_get_reclamacion_user(self):
        """Return the buyer."""
        self.ensure_one()
        return self.user_id

    def _gck_get_reclamacion_lines(self):
        """Return the lines with products."""
        self.ensure_one()
        return self.order_line.filtered(
            lambda line: (
                line.product_id and not line.display_type and not line.is_downpayment
            )
        )

    def _gck_check_reclamable(self):
        """Refuse claims on requests for quotation and on cancelled orders."""
        result = super()._gck_check_reclamable()
        requests = self.filtered(lambda order: order.state != "purchase")
        if requests:
            raise UserError(
                self.env._(
                    "%s is not confirmed: there is nothing to claim about it yet.",
                    requests[0].display_name,
                )
            )
        return result
