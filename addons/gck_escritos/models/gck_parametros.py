from odoo import fields, models


class GckParametros(models.Model):
    _name = "gck.parametros"
    _inherit = ["gck.parametros"]

    gck_fax_gateway = fields.Char(related="company_id.gck_fax_gateway", readonly=False)
    gck_contrato_days = fields.Integer(
        related="company_id.gck_contrato_days", readonly=False
    )
