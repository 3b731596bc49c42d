from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    gck_pending_rfq = fields.Boolean(
        related="company_id.gck_pending_rfq", readonly=False
    )
