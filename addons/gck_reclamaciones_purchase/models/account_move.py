from odoo import models


class AccountMove(models.Model):
    """A claim on a bill shows on its purchase orders too, and their buyer takes it."""

    _inherit = "account.move"

    def _gck_get_reclamacion_documents(self):
        documents = super()._gck_get_reclamacion_documents()
        # sudo: only which orders; those out of reach drop out.
        orders = self.sudo().line_ids.purchase_line_id.order_id.with_env(self.env)
        return [*documents, *orders._filtered_access("read")]

    def _gck_get_reclamacion_user(self):
        """Return the buyer of what is billed; bills have no salesperson."""
        # sudo: only who bought it is read.
        orders = self.sudo().line_ids.purchase_line_id.order_id
        buyer = orders.user_id[:1].with_env(self.env)
        return buyer or super()._gck_get_reclamacion_user()
