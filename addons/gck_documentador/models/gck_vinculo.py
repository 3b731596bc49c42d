from odoo import api, models


class GckVinculo(models.Model):
    """Documents of the store carry links to any record (K-28)."""

    _inherit = "gck.vinculo"

    @api.model
    def _get_origin_models(self):
        return [*super()._get_origin_models(), "gck.documento"]
