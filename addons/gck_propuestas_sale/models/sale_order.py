from odoo import api, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.constrains("opportunity_id")
    def _check_gck_propuesta(self):
        """Refuse orders of proposals that are not validated, however they come."""
        # sudo: whoever sells may not see the opportunity; only whether it is gated.
        self.opportunity_id.sudo()._gck_filter_gated()._gck_check_may_have_customer()
