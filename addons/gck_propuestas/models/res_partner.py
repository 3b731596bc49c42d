from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    gck_cliente_clase_id = fields.Many2one(
        "gck.cliente.clase",
        string="Customer class",
        index="btree_not_null",
        groups="gck_avisos.group_gck_aviso_user",
        help="Of the proposal that made it a customer.",
    )
