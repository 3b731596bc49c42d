from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    gck_impresora_id = fields.Many2one(
        "gck.impresora",
        string="My printer",
        help="Where your prints go, whatever their kind. Empty: the printer of each "
        "kind or report; where there is none, the PDF opens. Choose one of the kind "
        "Browser to always open the PDF.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return super().SELF_READABLE_FIELDS + ["gck_impresora_id"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return super().SELF_WRITEABLE_FIELDS + ["gck_impresora_id"]
