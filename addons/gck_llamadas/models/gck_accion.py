from odoo import api, models
from odoo.fields import Domain


class GckAccion(models.Model):
    """Calls among all actions."""

    _inherit = "gck.accion"

    @api.model
    def _get_intervencion_domain(self):
        """Leave out what calls logged: the call itself is there (K-40)."""
        return super()._get_intervencion_domain() & Domain("llamada_id", "=", False)
