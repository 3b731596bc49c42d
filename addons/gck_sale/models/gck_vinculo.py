from odoo import api, models


class GckVinculo(models.Model):
    _inherit = "gck.vinculo"

    @api.model
    def _get_send_action(self, document):
        """Send a quotation as Sales does: its template, its PDF, marked as sent."""
        if document._name == "sale.order":
            return document.action_quotation_send()
        return super()._get_send_action(document)
