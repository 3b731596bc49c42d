from odoo import models


class GckTareaTipo(models.Model):
    """Classifies tasks; proposes who does them and by when (M-33)."""

    _name = "gck.tarea.tipo"
    _description = "Task type"
    _inherit = ["gck.accion.tipo.mixin"]
