from odoo import fields, models


class GckProcedencia(models.Model):
    """The channel by which a notice arrived (K-6, K-8, K-9)."""

    _name = "gck.procedencia"
    _description = "Notice channel"
    _inherit = ["gck.tabla.mixin"]

    channel = fields.Selection(
        string="Kind of channel",
        selection=[
            ("call", "Phone call"),
            ("email", "E-mail"),
            ("fax", "Fax"),
            ("visit", "Visit"),
            ("web", "Web"),
            ("letter", "Letter"),
            ("internal", "Internal"),
        ],
        required=True,
        default="call",
        help="What the row means to the system: its icon, and which rows incoming "
        "mail and the phone use.",
    )
