from odoo import fields, models


class GckLlamadaResultado(models.Model):
    """What came of a call: answered, no answer, busy… (O-46)."""

    _name = "gck.llamada.resultado"
    _description = "Call result"
    _inherit = ["gck.tabla.mixin"]

    outcome = fields.Selection(
        selection=[
            ("answered", "Answered"),
            ("no_answer", "No answer"),
            ("busy", "Busy"),
            ("voicemail", "Voicemail"),
            ("wrong", "Wrong number"),
        ],
        string="Means",
        default="answered",
        required=True,
        help="What the result means to the system: the answered share, and which "
        "calls are made again.",
    )
