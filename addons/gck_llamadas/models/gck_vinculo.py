from odoo import api, models


class GckVinculo(models.Model):
    """Calls carry links to documents."""

    _inherit = "gck.vinculo"

    @api.model
    def _get_origin_models(self):
        return [*super()._get_origin_models(), "gck.llamada"]
