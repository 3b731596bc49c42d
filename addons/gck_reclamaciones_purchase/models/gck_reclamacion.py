from odoo import models


class GckReclamacion(models.Model):
    """A claim on an order is refunded on the bills of the order."""

    _inherit = "gck.reclamacion"

    def _get_credit_invoices(self, document):
        if document._name == "purchase.order":
            return document.invoice_ids
        return super()._get_credit_invoices(document)
