from odoo import fields, models


class GckParametros(models.Model):
    _inherit = "gck.parametros"

    gck_documento_bin_days = fields.Integer(
        related="company_id.gck_documento_bin_days", readonly=False
    )
