from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    gck_reclamacion_repair_block = fields.Boolean(
        string="Claims close after their repairs",
        default=True,
        help="A claim cannot be closed while one of its repairs is open.",
    )
