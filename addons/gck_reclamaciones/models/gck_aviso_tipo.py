from odoo import fields, models


class GckAvisoTipo(models.Model):
    """Says which notices are complaints: these offer to create a claim (K-6)."""

    _inherit = "gck.aviso.tipo"

    reclamacion = fields.Boolean(
        string="Becomes a claim",
        help="Notices of the type show the button «Create claim».",
    )
