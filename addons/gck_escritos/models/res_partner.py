from odoo import fields, models


class ResPartner(models.Model):
    """The fax number, which Odoo's contacts have none of (M-49)."""

    _name = "res.partner"
    _inherit = ["res.partner"]

    fax = fields.Char(help="Number that faxes to this contact go to.")
