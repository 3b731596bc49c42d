from odoo import fields, models


class ResCompany(models.Model):
    """How calls are made again (O-46), and whether all are registered (O-47)."""

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
    gck_llamada_policy = fields.Boolean(
        string="All calls are registered",
        help="Shows days and people without calls, and calls that say too little.",
    )
    gck_llamada_policy_user_ids = fields.Many2many(
        "res.users",
        "gck_llamada_policy_user_rel",
        "company_id",
        "user_id",
        string="People who register their calls",
        domain="[('share', '=', False)]",
        help="Empty: every employee who has a user.",
    )

    _gck_llamada_positive = models.Constraint(
        "CHECK (gck_llamada_retry_hours BETWEEN 0 AND 87600"
        " AND gck_llamada_max_attempts >= 0)",
        "The hours to call again and the attempts are not negative.",
    )
