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

    @api.model
    def _link_generated(self, origin, records):
        """Take a notice out of Recepción once a claim was raised from it (K-6)."""
        result = super()._link_generated(origin, records)
        if (origin._name, records._name) == ("gck.aviso", "gck.reclamacion"):
            origin._on_reclamacion_created()
        return result
