from odoo import api, models


class StockMove(models.Model):
    """A line of a transfer, of which what it moved can be claimed (O-16…O-19)."""

    _name = "stock.move"
    _inherit = ["stock.move", "gck.reclamable.linea.mixin"]

    def _gck_get_moved(self):
        """Return how much each done move moved: ``{id: (quantity, uom.uom)}``.

        What was returned later counts as well: it is claimed just for that.
        """
        return {
            move.id: (move.quantity, move.product_uom)
            for move in self
            if move.state == "done"
        }

    def _gck_get_lots(self):
        """Return how much of each lot the moves have, in the unit of the product.

        :return: ``{move id: {lot: quantity}}``, of those with lots; reserved
            quantities where a move is not done yet
        """
        result = {}
        for move, lot, quantity in self.env["stock.move.line"]._read_group(
            [("move_id", "in", self.ids), ("lot_id", "!=", False)],
            ["move_id", "lot_id"],
            ["quantity_product_uom:sum"],
        ):
            if quantity > 0:
                result.setdefault(move.id, {})[lot] = quantity
        return result

    def _gck_get_returnable(self):
        """Return how much of a done move no return takes back yet, in its own unit."""
        self.ensure_one()
        returned = sum(
            move.product_uom._compute_quantity(
                move.quantity if move.state == "done" else move.product_uom_qty,
                self.product_uom,
                round=False,
            )
            for move in self.returned_move_ids
            if move.state != "cancel"
        )
        return max(self.quantity - returned, 0.0)

    def _gck_prepare_linea_vals(self):
        """Return the lines of a claim on these moves, one for each lot (O-16).

        Of a return that is not done yet, what is to be returned of its origin: that
        is what moved already.
        """
        lots = self._gck_get_lots()
        moved = self._gck_get_moved()
        result = []
        for move in self:
            source = move
            if move.id not in moved:
                source = move.origin_returned_move_id
                moved[move.id] = (move.product_uom_qty, move.product_uom)
            quantity, uom = moved[move.id]
            if not source or source.state != "done" or quantity <= 0:
                continue
            shares = move._gck_share_lots(lots.get(move.id, {}), quantity, uom)
            result += [
                {
                    "product_id": move.product_id.id,
                    "lot_id": lot.id,
                    "quantity": share,
                    "product_uom_id": uom.id,
                    "source_model": source._name,
                    "source_id": source.id,
                }
                for lot, share in shares
            ]
        return result

    @api.model
    def _gck_share_lots(self, lots, quantity, uom):
        """Share a quantity out among lots; what no lot takes comes last, without one.

        :param dict lots: ``{lot: quantity in the unit of the product}``
        :param float quantity: in the unit ``uom``
        :return: a list of ``(lot, quantity in uom)``, the lot empty for the rest
        """
        shares = []
        rest = quantity
        for lot, lot_quantity in lots.items():
            share = lot.product_id.uom_id._compute_quantity(
                lot_quantity, uom, round=False
            )
            share = min(uom.round(share), rest)
            if uom.compare(share, 0) > 0:
                shares.append((lot, share))
                rest -= share
        if uom.compare(rest, 0) > 0:
            shares.append((self.env["stock.lot"], uom.round(rest)))
        return shares

    def _gck_take_lots(self, lots):
        """Reserve the lots that are claimed, before any others.

        :param dict lots: ``{lot: quantity in the unit of the move}``
        """
        self.ensure_one()
        lots = {lot: quantity for lot, quantity in lots.items() if lot}
        if not lots or self.state in ("done", "cancel"):
            return
        self._do_unreserve()
        rest = self.product_uom_qty
        for lot, claimed in lots.items():
            quantity = min(claimed, rest)
            if self._should_bypass_reservation():
                vals = self._prepare_move_line_vals()
                vals.update(lot_id=lot.id, quantity=quantity)
                self.env["stock.move.line"].create(vals)
            else:
                self._update_reserved_quantity(
                    self.product_uom._compute_quantity(quantity, lot.product_uom_id),
                    self.location_id,
                    lot_id=lot,
                    strict=False,
                )
            rest -= quantity
        if self.product_uom.compare(rest, 0) > 0:
            self._action_assign()
        self._recompute_state()
