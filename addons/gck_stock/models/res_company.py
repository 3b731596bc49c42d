from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    gck_score_months = fields.Integer(
        string="Months of the vendor score",
        default=12,
        required=True,
        help="How far back receipts and claims count in the score of a vendor.",
    )

    _gck_score_months_range = models.Constraint(
        "CHECK (gck_score_months BETWEEN 1 AND 120)",
        "The score of vendors looks back from one month to ten years.",
    )
