from odoo import fields, models


class GckCentralitaClave(models.AbstractModel):
    """Shows the new key of an exchange, once; it is stored nowhere (O-47)."""

    _name = "gck.centralita.clave"
    _description = "Key of a telephone exchange"

    # The form asks for it.
    id = fields.Id()
    key = fields.Char(readonly=True)
