from odoo import fields, models


class GckParametros(models.Model):
    _inherit = "gck.parametros"

    gck_pending_rfq = fields.Boolean(
        related="company_id.gck_pending_rfq", readonly=False
    )
