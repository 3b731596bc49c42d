from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    gck_llamada_retry_hours = fields.Float(
        string="Hours to call again",
        default=2.0,
        help="A call that nobody answered is planned again after so many hours.",
    )
    gck_llamada_max_attempts = fields.Integer(
        string="Attempts",
        default=5,
        help="After so many attempts without an answer the call ends. Zero: never.",
    )

    _gck_llamada_positive = models.Constraint(
        "CHECK (gck_llamada_retry_hours BETWEEN 0 AND 87600"
        " AND gck_llamada_max_attempts >= 0)",
        "The hours to call again and the attempts are not negative.",
    )
