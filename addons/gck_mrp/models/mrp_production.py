from odoo import models
from odoo.tools import float_is_zero

# Serial numbers of one order that make a line each; with more of them there is one
# line, whose number is chosen by whoever notes the nonconformity.
LOTS_SHOWN = 20


class MrpProduction(models.Model):
    """Nonconformities are raised from manufacturing orders (O-20).

    The order is also the line that is claimed: so much of its product.
    """

    _name = "mrp.production"
    _inherit = [
        "mrp.production",
        "gck.reclamable.fabricacion.mixin",
        "gck.reclamable.linea.mixin",
    ]

    def _gck_get_workcenter(self):
        workcenters = self.workorder_ids.workcenter_id
        return workcenters if len(workcenters) == 1 else workcenters.browse()

    def _gck_get_moved(self):
        """Return how much was made; of an order that is not done, how much will be."""
        return {
            order.id: (
                order.qty_produced
                if order.state == "done"
                else max(order.product_qty, order.qty_produced),
                order.product_uom_id,
            )
            for order in self
        }

    def _gck_prepare_linea_vals(self):
        """Return a line for each order, or for each lot that it made."""
        result = []
        has_lots = "lot_id" in self.env["gck.reclamacion.linea"]._fields
        for vals in super()._gck_prepare_linea_vals():
            order = self.browse(vals["source_id"])
            lots = order._gck_get_lots(vals["quantity"]) if has_lots else {}
            result += [
                {**vals, "lot_id": lot.id, "quantity": quantity}
                for lot, quantity in lots.items()
            ] or [vals]
        return result

    def _gck_get_lots(self, total):
        """Return how much there is of each lot of the order.

        :param float total: how much the order makes, in its unit
        :return: ``{lot: quantity}``, empty when there is none or there are too many
        """
        self.ensure_one()
        lots = self.lot_producing_ids
        if not lots or len(lots) > LOTS_SHOWN:
            return {}
        if len(lots) == 1:
            return {lots: total}
        made = dict.fromkeys(lots, 0.0)
        for move_line in self.finished_move_line_ids:
            if move_line.lot_id in made:
                made[move_line.lot_id] += move_line.product_uom_id._compute_quantity(
                    move_line.quantity, self.product_uom_id, round=False
                )
        share = total / len(lots)
        return {
            lot: share if float_is_zero(quantity, precision_digits=6) else quantity
            for lot, quantity in made.items()
        }
