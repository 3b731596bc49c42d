from odoo import api, fields, models
from odoo.exceptions import UserError


class GckReclamacion(models.Model):
    """From a claim its goods go back or are scrapped, and it keeps track (O-22)."""

    _inherit = "gck.reclamacion"

    return_picking_ids = fields.One2many(
        "stock.picking", "gck_reclamacion_id", string="Returns"
    )
    return_count = fields.Integer(string="Return count", compute="_compute_counts")
    scrap_ids = fields.One2many(
        "stock.scrap", "gck_reclamacion_id", string="Scrapped for it"
    )
    scrap_count = fields.Integer(string="Scrap count", compute="_compute_counts")

    # ------------------------------------------------------------
    # Computes and constraints
    # ------------------------------------------------------------

    @api.model
    def _gck_get_counted(self):
        return {
            **super()._gck_get_counted(),
            "return_count": ("stock.picking", "gck_reclamacion_id"),
            "scrap_count": ("stock.scrap", "gck_reclamacion_id"),
        }

    @api.depends("return_picking_ids", "scrap_ids")
    def _compute_counts(self):
        return super()._compute_counts()

    @api.constrains("documento_model", "documento_id")
    def _check_documento_lines(self):
        """Refuse another transfer as origin when it did not move what is claimed."""
        self.linea_ids._check_moved()

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_view_returns(self):
        """Open the transfers that return what is claimed."""
        self.ensure_one()
        return self.return_picking_ids._get_records_action(name=self.env._("Returns"))

    def action_view_scraps(self):
        """Open what was scrapped for the claim."""
        self.ensure_one()
        return self.scrap_ids._get_records_action(name=self.env._("Scrapped"))

    def action_create_return(self):
        """Open the dialog that returns what is claimed, with its quantities (O-22).

        Of goods that several transfers moved, the first that has any left: the
        button serves again for the rest.

        :return: a window action
        :raises UserError: when there is nothing left to return
        """
        self.ensure_one()
        self._check_not_locked()
        moves = self._get_return_quantities()
        if not moves:
            raise UserError(
                self.env._(
                    "There is nothing to return: no finished transfer moved what is "
                    "claimed, or it was returned already. Check the origin document "
                    "and what is claimed."
                )
            )
        picking = next(iter(moves)).picking_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Return of %s", picking.name),
            "res_model": "stock.return.picking",
            "view_mode": "form",
            "target": "new",
            "context": {
                "active_model": picking._name,
                "active_id": picking.id,
                "active_ids": picking.ids,
                "default_picking_id": picking.id,
                "default_reclamacion_id": self.id,
            },
        }

    def action_create_scrap(self):
        """Open the dialog that scraps the first line that was not scrapped (O-22).

        :return: a window action
        :raises UserError: when all that is claimed was scrapped
        """
        self.ensure_one()
        self._check_not_locked()
        left = self._get_scrap_quantities()
        if not left:
            raise UserError(
                self.env._(
                    "There is nothing to scrap: write down which goods are claimed, "
                    "unless all of them were scrapped already."
                )
            )
        return next(iter(left)).action_create_scrap()

    # ------------------------------------------------------------
    # Business
    # ------------------------------------------------------------

    def _do_reopen(self, reason):
        """Bring claims back; what was scrapped meanwhile enters their costs."""
        result = super()._do_reopen(reason)
        # sudo: what scrapping costs is part of the claim.
        self.sudo().scrap_ids._gck_add_costs()
        return result

    def _add_return(self, pickings):
        """Link transfers that return what is claimed, both ways.

        :param pickings: the transfers
        :raises UserError: when the claim has ended
        """
        self.ensure_one()
        self.env["gck.vinculo"]._link(self, pickings)
        pickings.gck_reclamacion_id = self

    def _get_transfers(self, orders=False):
        """Return the transfers that claims were raised from.

        :param bool orders: also those of the orders that claims were raised from
        :return: ``{claim: stock.picking}``, of the claims that have any
        """
        Picking = self.env["stock.picking"]
        own = self.filtered(
            lambda r: r.documento_model == Picking._name and r.documento_id
        )
        existing = Picking.browse(own.mapped("documento_id")).exists()
        result = {}
        for claim in self:
            pickings = Picking
            if claim in own:
                pickings = existing & Picking.browse(claim.documento_id)
            elif orders and claim.documento_id:
                document = claim._get_documento()
                field = document._fields.get("picking_ids")
                if field and field.comodel_name == Picking._name:
                    pickings = document.picking_ids.filtered(
                        lambda picking: picking.state == "done"
                    )
            if pickings:
                result[claim] = pickings
        return result

    def _get_return_quantities(self):
        """Return what is claimed and can still go back.

        What goes back for the claim already is not proposed again, nor what anybody
        returned.

        :return: ``{stock.move: {lot: quantity}}`` in the unit of each move, of done
            moves; the lot is empty where none is claimed
        """
        self.ensure_one()
        returned = self._get_returned_quantities()
        left, result = {}, {}
        for line, moves in self.linea_ids._get_source_moves(orders=True).items():
            rest = line.quantity
            for move in moves:
                uom = move.product_uom
                if move not in left:
                    left[move] = move._gck_get_returnable()
                wanted = line.product_uom_id._compute_quantity(rest, uom, round=False)
                back = min(wanted, returned.get(move, 0.0))
                returned[move] = returned.get(move, 0.0) - back
                rest -= uom._compute_quantity(back, line.product_uom_id, round=False)
                quantity = uom.round(min(wanted - back, left[move]))
                if uom.compare(quantity, 0) <= 0:
                    continue
                lots = result.setdefault(move, {})
                lots[line.lot_id] = lots.get(line.lot_id, 0.0) + quantity
                left[move] -= quantity
                rest -= uom._compute_quantity(
                    quantity, line.product_uom_id, round=False
                )
        return result

    def _get_returned_quantities(self):
        """Return what goes back for the claim: ``{stock.move: quantity in its unit}``.

        By its returns, and by the one it was raised from.
        """
        self.ensure_one()
        origin = self._get_transfers().get(self, self.env["stock.picking"])
        pickings = self.return_picking_ids | origin.filtered("return_id")
        result = {}
        for back in pickings.move_ids.filtered(lambda move: move.state != "cancel"):
            move = back.origin_returned_move_id
            result[move] = result.get(move, 0.0) + back.product_uom._compute_quantity(
                back.quantity if back.state == "done" else back.product_uom_qty,
                move.product_uom or back.product_uom,
                round=False,
            )
        return result

    def _get_scrap_quantities(self):
        """Return how much of each line was not scrapped: ``{line: quantity}``.

        In the unit of the line.
        """
        self.ensure_one()
        scrapped = {}
        for scrap in self.scrap_ids:
            key = (scrap.product_id, scrap.lot_id)
            quantity = scrap.product_uom_id._compute_quantity(
                scrap.scrap_qty, scrap.product_id.uom_id, round=False
            )
            scrapped[key] = scrapped.get(key, 0.0) + quantity
        result = {}
        for line in self.linea_ids.filtered(lambda r: r.product_id.type == "consu"):
            uom = line.product_id.uom_id
            key = (line.product_id, line.lot_id)
            quantity = line.product_uom_id._compute_quantity(
                line.quantity, uom, round=False
            )
            taken = min(quantity, scrapped.get(key, 0.0))
            scrapped[key] = scrapped.get(key, 0.0) - taken
            if uom.compare(quantity, taken) > 0:
                result[line] = uom._compute_quantity(
                    quantity - taken, line.product_uom_id
                )
        return result
