from odoo import api, models


class GckAccion(models.Model):
    _inherit = "gck.accion"

    @api.model
    def _get_hidden_kinds(self):
        """Keep requests for quotation out of pending matters unless wanted (M-15)."""
        hidden = super()._get_hidden_kinds()
        if not self.env.company.gck_pending_rfq:
            hidden = hidden | {self.env["purchase.order"]._accion_kind}
        return hidden
