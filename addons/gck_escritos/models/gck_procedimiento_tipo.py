from odoo import models


class GckProcedimientoTipo(models.Model):
    """A type of procedure (M-66)."""

    _name = "gck.procedimiento.tipo"
    _description = "Type of procedure"
    _inherit = ["gck.tabla.mixin"]
