from odoo import models


class ResPartner(models.Model):
    """Whoever we ordered something from sells to us (O-7)."""

    _inherit = "res.partner"

    def _gck_sells_to_us(self):
        return super()._gck_sells_to_us() or self.env[
            "purchase.order"
        ]._gck_has_confirmed(self)
