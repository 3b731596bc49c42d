from odoo import api, models


class GckVinculo(models.Model):
    _inherit = "gck.vinculo"

    @api.model
    def _get_send_action(self, document):
        """Send an order as Purchase does: its template, its PDF, marked as sent."""
        if document._name == "purchase.order":
            is_request = document.state in ("draft", "sent")
            return document.with_context(send_rfq=is_request).action_rfq_send()
        return super()._get_send_action(document)
