from odoo import api, models


class GckVinculo(models.Model):
    """Claims and their actions carry links to documents."""

    _inherit = "gck.vinculo"

    @api.model
    def _get_origin_models(self):
        return [
            *super()._get_origin_models(),
            "gck.reclamacion",
            "gck.reclamacion.accion",
        ]
