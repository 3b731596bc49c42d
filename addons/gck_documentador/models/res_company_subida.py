from odoo import fields, models

# Sizes of files are kept in a column of four bytes.
UPLOAD_MAX_MB = 2047


class ResCompany(models.Model):
    """How large a file may be that comes into the store."""

    _name = "res.company"
    _inherit = ["res.company"]

    gck_upload_max_mb = fields.Integer(
        string="Largest file (MB)",
        default=1024,
        help="Larger files are refused before they are uploaded.",
    )

    _gck_upload_max_range = models.Constraint(
        f"CHECK (gck_upload_max_mb BETWEEN 1 AND {UPLOAD_MAX_MB})",
        "The largest file has from 1 to 2047 MB.",
    )


class GckParametros(models.Model):
    _name = "gck.parametros"
    _inherit = ["gck.parametros"]

    gck_upload_max_mb = fields.Integer(
        related="company_id.gck_upload_max_mb", readonly=False
    )
