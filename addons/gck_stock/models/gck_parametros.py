from odoo import fields, models


class GckParametros(models.Model):
    _inherit = "gck.parametros"

    gck_score_months = fields.Integer(
        related="company_id.gck_score_months", readonly=False
    )
