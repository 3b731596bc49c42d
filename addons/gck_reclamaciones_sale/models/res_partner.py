from odoo import models


class ResPartner(models.Model):
    """Whoever ordered something buys from us (O-7)."""

    _inherit = "res.partner"

    def _gck_buys_from_us(self):
        return super()._gck_buys_from_us() or self.env["sale.order"]._gck_has_confirmed(
            self
        )
