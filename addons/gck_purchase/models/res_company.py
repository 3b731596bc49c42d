from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    gck_pending_rfq = fields.Boolean(
        string="Requests for quotation among pending matters",
        help="Requests for quotation that are not decided show among the pending "
        "matters of their buyer.",
    )
