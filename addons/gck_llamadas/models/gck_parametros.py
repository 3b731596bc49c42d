from odoo import fields, models


class GckParametros(models.Model):
    _inherit = "gck.parametros"

    gck_llamada_retry_hours = fields.Float(
        related="company_id.gck_llamada_retry_hours", readonly=False
    )
    gck_llamada_max_attempts = fields.Integer(
        related="company_id.gck_llamada_max_attempts", readonly=False
    )
    gck_llamada_policy = fields.Boolean(
        related="company_id.gck_llamada_policy", readonly=False
    )
    gck_llamada_policy_user_ids = fields.Many2many(
        related="company_id.gck_llamada_policy_user_ids", readonly=False
    )
