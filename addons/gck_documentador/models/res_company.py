from odoo import fields, models

BIN_DAYS = 30


class ResCompany(models.Model):
    """How long the bin keeps documents."""

    _inherit = "res.company"

    gck_documento_bin_days = fields.Integer(
        string="Days in the bin",
        default=BIN_DAYS,
        help="So long documents can be restored. Zero: the bin is never emptied by "
        "itself.",
    )

    _gck_documento_bin_positive = models.Constraint(
        "CHECK (gck_documento_bin_days BETWEEN 0 AND 3650)",
        "The days in the bin go from zero to ten years.",
    )
