from odoo import fields, models


class GckParametros(models.Model):
    _inherit = "gck.parametros"

    gck_quote_days = fields.Integer(related="company_id.gck_quote_days", readonly=False)
