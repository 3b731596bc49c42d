from odoo import fields, models


class ResCompany(models.Model):
    """Whether all calls are to be registered, and by whom (O-47)."""

    _inherit = "res.company"

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
