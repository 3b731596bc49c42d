from odoo import models


class PurchaseOrder(models.Model):
    """We claim from vendors about what we ordered (O-5, O-23)."""

    _name = "purchase.order"
    _inherit = ["purchase.order", "gck.reclamable.pedido.mixin"]
    _gck_confirmed_state = "purchase"
    _gck_claim_direction = "vendor"
