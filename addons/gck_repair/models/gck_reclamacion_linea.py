from odoo import api, fields, models


class GckReclamacionLinea(models.Model):
    """What is claimed may be repaired, all of it or some, once or more (O-21)."""

    _inherit = "gck.reclamacion.linea"

    repair_ids = fields.One2many(
        "repair.order", "reclamacion_linea_id", string="Repairs"
    )

    @api.depends("product_id", "name")
    def _compute_display_name(self):
        """Call a line by its product, its lot if lines have one, and its problem."""
        has_lots = "lot_id" in self._fields
        for line in self:
            # sudo: what is claimed is part of the claim.
            trusted = line.sudo()
            lot = trusted.lot_id.name if has_lots else False
            parts = (trusted.product_id.display_name, lot, line.name)
            line.display_name = " · ".join(filter(None, parts))

    def _get_to_repair(self):
        """Return the lines whose product can be repaired: goods, not services."""
        return self.filtered(lambda line: line.product_id.type == "consu")

    def _get_repaired_quantities(self):
        """Return how much of each line is in repairs that were not called off.

        :return: ``{line id: quantity in the unit of the line}``
        """
        result = dict.fromkeys(self.ids, 0.0)
        # sudo: what is in repair counts, whoever may see those repairs.
        for repair in self.sudo().repair_ids.filtered(lambda r: r.state != "cancel"):
            line = repair.reclamacion_linea_id
            uom = repair.product_uom or line.product_uom_id
            result[line.id] += uom._compute_quantity(
                repair.product_qty, line.product_uom_id, round=False
            )
        return result
