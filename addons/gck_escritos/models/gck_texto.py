from odoo import fields, models

# The classes of written documents; the codes are those of their kinds of action.
CLASES = [
    ("carta", "Letter"),
    ("fax", "Fax"),
    ("contrato", "Contract"),
    ("memo", "Memo"),
    ("procedimiento", "Procedure"),
    ("correo", "E-mail"),
]


class GckTexto(models.Model):
    """A standard text, of which written documents are made (M-50, M-51, M-52)."""

    _name = "gck.texto"
    _description = "Standard text"
    _inherit = ["gck.tabla.mixin"]
    _order = "clase, sequence, name, id"

    clase = fields.Selection(
        selection=CLASES, string="Class", required=True, default="carta", index=True
    )
    code = fields.Char(required=True)
    subject = fields.Char(
        translate=True,
        help="Reference, title or subject that the written documents start with.",
    )
    body = fields.Html(string="Text", translate=True)
