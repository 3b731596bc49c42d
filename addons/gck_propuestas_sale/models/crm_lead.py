from odoo import models


class CrmLead(models.Model):
    """No quotation for a proposal that is not validated (O-32)."""

    _inherit = "crm.lead"

    def action_sale_quotations_new(self):
        """Refuse quotations of proposals that are not validated."""
        self._gck_check_may_have_customer()
        return super().action_sale_quotations_new()

    def action_new_quotation(self):
        """Refuse quotations of proposals that are not validated."""
        self._gck_check_may_have_customer()
        return super().action_new_quotation()
