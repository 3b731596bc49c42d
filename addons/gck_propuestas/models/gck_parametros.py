from odoo import fields, models


class GckParametros(models.Model):
    _inherit = "gck.parametros"

    currency_id = fields.Many2one(related="company_id.currency_id")
    gck_propuesta_enabled = fields.Boolean(
        related="company_id.gck_propuesta_enabled", readonly=False
    )
    gck_propuesta_all = fields.Boolean(
        related="company_id.gck_propuesta_all", readonly=False
    )
    gck_propuesta_two_people = fields.Boolean(
        related="company_id.gck_propuesta_two_people", readonly=False
    )
    gck_propuesta_validator_id = fields.Many2one(
        related="company_id.gck_propuesta_validator_id", readonly=False
    )
    gck_hour_cost = fields.Monetary(
        related="company_id.gck_hour_cost",
        currency_field="currency_id",
        readonly=False,
    )
