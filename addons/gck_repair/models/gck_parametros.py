from odoo import fields, models


class GckParametros(models.Model):
    _inherit = "gck.parametros"

    gck_reclamacion_repair_block = fields.Boolean(
        related="company_id.gck_reclamacion_repair_block", readonly=False
    )
