from odoo import fields, models


class GckDocumentoTipo(models.Model):
    """A type of document: what it must say, when it expires, how long it is kept."""

    _name = "gck.documento.tipo"
    _description = "Document type"
    _inherit = ["gck.tabla.mixin"]

    description = fields.Text(translate=True)
    expiry_months = fields.Integer(
        string="Expires after (months)",
        help="Proposed expiry, in months from the date of the document. Zero: none.",
    )
    warning_days = fields.Integer(
        string="Warn (days before)",
        default=30,
        help="How many days before it expires somebody is told.",
    )

    _months_positive = models.Constraint(
        "CHECK (expiry_months BETWEEN 0 AND 1200)",
        "The months to the expiry go from zero to a hundred years.",
    )
    _warning_positive = models.Constraint(
        "CHECK (warning_days BETWEEN 0 AND 3650)",
        "The days of warning go from zero to ten years.",
    )
