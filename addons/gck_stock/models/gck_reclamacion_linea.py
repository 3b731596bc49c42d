from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class GckReclamacionLinea(models.Model):
    """What is claimed of a transfer: of a lot, and no more than it moved (O-16).

    What counts is what the origin transfer moved of the product, or of the lot,
    whether a return took some of it back or not: goods are returned because they are
    claimed, and the claim still is about them. Lines of one claim count together.
    """

    _inherit = "gck.reclamacion.linea"

    lot_id = fields.Many2one(
        "stock.lot",
        string="Lot/Serial",
        compute="_compute_lot_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        domain="[('product_id', '=?', product_id)]",
    )
    tracking = fields.Selection(related="product_id.tracking")
    can_scrap = fields.Boolean(compute="_compute_can_scrap")

    # ------------------------------------------------------------
    # Computes and constraints
    # ------------------------------------------------------------

    @api.depends("product_id")
    def _compute_lot_id(self):
        """Drop the lot of another product when the product changes."""
        for line in self:
            line.lot_id = line.lot_id.filtered(
                lambda lot, line=line: lot.product_id == line.product_id
            )

    @api.depends("product_id.type", "reclamacion_id.is_locked")
    def _compute_can_scrap(self):
        for line in self:
            line.can_scrap = (
                line.product_id.type == "consu" and not line.reclamacion_id.is_locked
            )

    @api.depends(
        "lot_id",
        "product_id",
        "reclamacion_id.documento_model",
        "reclamacion_id.documento_id",
    )
    def _compute_quantity_moved(self):
        """Count what the transfer moved, of the lot where one is claimed."""
        result = super()._compute_quantity_moved()
        # sudo: how much was moved is part of the claim.
        sources = self.sudo()._get_source_moves()
        lots = self.env["stock.move"].union(*sources.values()).sudo()._gck_get_lots()
        for line, moves in sources.items():
            unit = line.product_id.uom_id
            if line.lot_id:
                quantity = sum(
                    lots.get(move.id, {}).get(line.lot_id._origin, 0.0)
                    for move in moves
                )
            else:
                quantity = sum(
                    move.product_uom._compute_quantity(move.quantity, unit, round=False)
                    for move in moves
                )
            line.quantity_moved = unit._compute_quantity(
                quantity, line.product_uom_id or unit, round=False
            )
        return result

    @api.onchange("lot_id")
    def _onchange_lot_id(self):
        """Take the product of a lot that was chosen first."""
        if self.lot_id and not self.product_id:
            self.product_id = self.lot_id.product_id

    @api.constrains("product_id", "product_uom_id")
    def _check_product_uom_id(self):
        """Refuse units in which the product cannot be measured."""
        for line in self.filtered(lambda r: r.product_id and r.product_uom_id):
            unit = line.product_id.uom_id
            if not unit._has_common_reference(line.product_uom_id):
                raise ValidationError(
                    self.env._(
                        "%(product)s is measured in %(unit)s, which does not convert "
                        "into %(other)s.",
                        product=line.product_id.display_name,
                        unit=unit.name,
                        other=line.product_uom_id.name,
                    )
                )

    @api.constrains("lot_id", "product_id")
    def _check_lot_id(self):
        """Refuse the lot of another product."""
        for line in self.filtered("lot_id"):
            if line.lot_id.product_id != line.product_id:
                raise ValidationError(
                    self.env._(
                        "Lot %(lot)s is of %(product)s, not of %(other)s.",
                        lot=line.lot_id.name,
                        product=line.lot_id.product_id.display_name,
                        other=line.product_id.display_name or self.env._("nothing"),
                    )
                )

    @api.constrains(
        "quantity",
        "product_uom_id",
        "source_id",
        "product_id",
        "lot_id",
        "source_model",
    )
    def _check_quantity(self):
        """Refuse more than was moved, of all the lines of a claim together (O-16)."""
        # sudo: only which document they are of.
        transfers = self.browse(line.id for line in self.sudo()._get_source_moves())
        result = super(GckReclamacionLinea, self - transfers)._check_quantity()
        transfers._check_moved()
        return result

    def _check_moved(self):
        """Refuse lots and quantities that the transfers did not move.

        :raises ValidationError: naming product, lot and quantities
        """
        # sudo: how much was moved is part of the claim.
        claimed = self.sudo().reclamacion_id.linea_ids
        totals = {}
        for line in claimed._get_source_moves():
            key = (line.reclamacion_id, line.source_id, line.product_id, line.lot_id)
            totals.setdefault(key, []).append(line)
        for (claim, _source, product, lot), lines in totals.items():
            unit = product.uom_id
            quantity = sum(
                line.product_uom_id._compute_quantity(line.quantity, unit, round=False)
                for line in lines
            )
            moved = lines[0].product_uom_id._compute_quantity(
                lines[0].quantity_moved, unit, round=False
            )
            if unit.compare(quantity, moved) <= 0:
                continue
            values = {
                "document": claim.documento_name or claim.name,
                "product": product.display_name,
                "lot": lot.name,
                "claimed": f"{quantity:g}",
                "moved": f"{moved:g}",
                "unit": unit.name,
            }
            if unit.is_zero(moved):
                raise ValidationError(self._get_unmoved_message(values))
            raise ValidationError(
                self.env._(
                    "%(product)s: %(claimed)s %(unit)s are claimed and %(document)s "
                    "moved only %(moved)s%(of_lot)s. Claim at most that.",
                    of_lot=self.env._(" of lot %s", lot.name) if lot else "",
                    **values,
                )
            )

    @api.model
    def _get_unmoved_message(self, values):
        """Return why nothing of a product or lot can be claimed of a document."""
        if values["lot"]:
            return self.env._(
                "%(document)s did not move lot %(lot)s of %(product)s. Choose a lot "
                "that it moved, or another origin document.",
                **values,
            )
        return self.env._(
            "%(document)s has moved no %(product)s. Choose a product that it moved, "
            "or another origin document.",
            **values,
        )

    # ------------------------------------------------------------
    # Actions and business
    # ------------------------------------------------------------

    def action_create_scrap(self):
        """Open the dialog that scraps what the line claims (O-22).

        :return: a window action
        :raises UserError: when it was scrapped already
        """
        self.ensure_one()
        claim = self.reclamacion_id
        claim._check_not_locked()
        quantity = claim._get_scrap_quantities().get(self)
        if not quantity:
            raise UserError(
                self.env._(
                    "%s cannot be scrapped, or was scrapped already.",
                    self.product_id.display_name or self.name or "",
                )
            )
        context = {
            "default_company_id": claim.company_id.id,
            "default_product_id": self.product_id.id,
            "default_product_uom_id": self.product_uom_id.id,
            "default_scrap_qty": quantity,
            "default_lot_id": self.lot_id.id,
            "default_origin": claim.name,
            "default_gck_reclamacion_id": claim.id,
            "product_ids": self.product_id.ids,
        }
        # Where the goods are now, if the transfer brought them in.
        moves = self._get_source_moves(orders=True).get(self, self.env["stock.move"])
        picking = moves.picking_id[:1]
        if picking.state == "done" and picking.location_dest_id.usage == "internal":
            context["default_picking_id"] = picking.id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Scrap"),
            "res_model": "stock.scrap",
            "views": [(self.env.ref("stock.stock_scrap_form_view2").id, "form")],
            "target": "new",
            "context": context,
        }

    def _get_source_moves(self, orders=False):
        """Return the done moves that brought about what lines claim.

        That which the line was taken from, else those of its product and lot on the
        transfer that the claim was raised from.

        :param bool orders: also look at the transfers of an order it was raised from
        :return: ``{line: stock.move}``, of the lines that a transfer is behind
        """
        Move = self.env["stock.move"]
        lines = self.filtered("product_id")
        taken = lines.filtered(lambda line: line.source_model == Move._name)
        existing = Move.browse(taken.mapped("source_id")).exists()
        transfers = lines.reclamacion_id._get_transfers(orders)
        moved = {
            claim: pickings._gck_get_moves_done()
            for claim, pickings in transfers.items()
        }
        result = {}
        for line in lines:
            if line in taken:
                moves = existing & Move.browse(line.source_id)
                result[line] = moves.filtered(lambda move: move.state == "done")
            elif line.reclamacion_id in moved:
                moves = moved[line.reclamacion_id].filtered(
                    lambda move, line=line: move.product_id == line.product_id
                )
                if line.lot_id:
                    moves = moves.filtered(
                        lambda move, line=line: line.lot_id._origin in move.lot_ids
                    )
                result[line] = moves
        return result

    @api.model
    def _get_claims_by(self, name, records):
        """Return the claims with lines about records, those within reach.

        :param str name: the field of the line that points at the records
        :return: ``{record id: set of claim ids}``
        """
        if not records.ids or not self.has_access("read"):
            return {}
        return {
            record.id: set(ids)
            for record, ids in self._read_group(
                [(name, "in", records.ids)], [name], ["reclamacion_id:array_agg"]
            )
        }
