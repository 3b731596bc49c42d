from odoo import models


class GckEtiqueta(models.Model):
    """A free label on any action."""

    _name = "gck.etiqueta"
    _description = "Action tag"
    _inherit = ["gck.tabla.mixin"]
