from odoo import models


class AccountMove(models.Model):
    """A claim on an invoice shows on its orders too."""

    _inherit = "account.move"

    def _gck_get_reclamacion_documents(self):
        documents = super()._gck_get_reclamacion_documents()
        # sudo: only which orders; those out of reach drop out.
        orders = self.sudo().line_ids.sale_line_ids.order_id.with_env(self.env)
        return [*documents, *orders._filtered_access("read")]
