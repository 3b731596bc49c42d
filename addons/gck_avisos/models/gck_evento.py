from odoo import models


class GckEvento(models.Model):
    """Classifies tasks by what set them off (M-11): not a calendar event."""

    _name = "gck.evento"
    _description = "Event (classification)"
    _inherit = ["gck.tabla.mixin"]
