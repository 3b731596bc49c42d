from odoo import models


class AccountMoveLine(models.Model):
    """What was invoiced of a line can be claimed (O-3)."""

    _name = "account.move.line"
    _inherit = ["account.move.line", "gck.reclamable.linea.mixin"]

    def _gck_get_moved(self):
        return {line.id: (line.quantity, line.product_uom_id) for line in self}
