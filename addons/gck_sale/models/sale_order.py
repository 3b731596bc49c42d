from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    gck_aviso_count = fields.Integer(
        string="Notices count",
        compute="_compute_gck_aviso_count",
        groups="gck_avisos.group_gck_aviso_user",
    )

    def _compute_gck_aviso_count(self):
        """Count the notices that each order is linked to, at any step (K-3)."""
        avisos = self.env["gck.vinculo"]._get_avisos_by_document(self)
        for order in self:
            order.gck_aviso_count = len(avisos.get(order.id, ()))

    def action_view_gck_avisos(self):
        """Open the notices of the order."""
        self.ensure_one()
        avisos = self.env["gck.vinculo"]._get_avisos_by_document(self)
        return self.env["gck.aviso"]._get_list_action(
            [("id", "in", list(avisos.get(self.id, ())))],
            {"default_partner_id": self.partner_id.id},
        )
