from odoo import models


class GckMotivo(models.Model):
    """Why somebody addressed the company (K-35)."""

    _name = "gck.motivo"
    _description = "Notice reason"
    _inherit = ["gck.tabla.mixin"]
