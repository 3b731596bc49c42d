from odoo import api, models


class GckAccion(models.Model):
    _inherit = "gck.accion"

    @api.model
    def _get_hidden_by_kind(self):
        """Keep requests for quotation out of pending matters unless wanted (M-15)."""
        hidden = self.env.companies.filtered(lambda c: not c.gck_pending_rfq)
        kind = self.env["purchase.order"]._accion_kind
        return {**super()._get_hidden_by_kind(), kind: hidden}
