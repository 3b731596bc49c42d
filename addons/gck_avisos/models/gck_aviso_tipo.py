from odoo import models


class GckAvisoTipo(models.Model):
    """Classifies notices; proposes who answers them and by when (K-30)."""

    _name = "gck.aviso.tipo"
    _description = "Notice type"
    _inherit = ["gck.accion.tipo.mixin"]
