from odoo import api, models


class GckVinculo(models.Model):
    """Written documents carry links: what they are about."""

    _name = "gck.vinculo"
    _inherit = ["gck.vinculo"]

    @api.model
    def _get_origin_models(self):
        return [*super()._get_origin_models(), "gck.escrito"]
