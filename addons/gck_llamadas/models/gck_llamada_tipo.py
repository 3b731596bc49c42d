from odoo import models


class GckLlamadaTipo(models.Model):
    """Classifies calls; proposes who makes them and by when (M-40)."""

    _name = "gck.llamada.tipo"
    _description = "Call type"
    _inherit = ["gck.accion.tipo.mixin"]
