from odoo import fields, models


class GckParametros(models.Model):
    _inherit = "gck.parametros"

    gck_llamada_policy = fields.Boolean(
        related="company_id.gck_llamada_policy", readonly=False
    )
    gck_llamada_policy_user_ids = fields.Many2many(
        related="company_id.gck_llamada_policy_user_ids", readonly=False
    )
