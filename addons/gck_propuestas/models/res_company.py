from odoo import fields, models


class ResCompany(models.Model):
    """How a company admits new customers (O-30 to O-33)."""

    _inherit = "res.company"

    gck_propuesta_enabled = fields.Boolean(
        string="New-customer proposals",
        help="Opportunities can be proposals of new customers: the customer is made "
        "only once its documents are validated.",
    )
    gck_propuesta_all = fields.Boolean(
        string="Every new customer needs a proposal",
        help="An opportunity without a customer makes one only through a proposal.",
    )
    gck_propuesta_two_people = fields.Boolean(
        string="Validated by somebody else",
        default=True,
        help="Whoever proposes the customer, or brings a document, does not validate.",
    )
    gck_propuesta_validator_id = fields.Many2one(
        "res.users",
        string="Who validates proposals",
        domain="[('share', '=', False)]",
        help="Gets an activity when a proposal is to be validated.",
    )
    gck_hour_cost = fields.Monetary(
        string="Cost of an hour",
        currency_field="currency_id",
        help="What an hour of commercial work costs, for the effort report.",
    )

    _gck_hour_cost_positive = models.Constraint(
        "CHECK (gck_hour_cost >= 0)", "The cost of an hour is not negative."
    )
