from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    gck_quote_days = fields.Integer(related="company_id.gck_quote_days", readonly=False)
