from odoo import api, fields, models


class StockPicking(models.Model):
    """A transfer, where problems are seen: received, sent or returned (O-16…O-19)."""

    _name = "stock.picking"
    _inherit = ["stock.picking", "gck.reclamable.mixin"]

    gck_reclamacion_id = fields.Many2one(
        "gck.reclamacion",
        string="Claim it answers",
        copy=False,
        readonly=True,
        index="btree_not_null",
        check_company=True,
        help="The claim whose goods this transfer returns.",
    )
    gck_can_claim = fields.Boolean(
        string="May be claimed of", compute="_compute_gck_can_claim"
    )

    @api.depends("state", "return_id", "location_id.usage", "location_dest_id.usage")
    @api.depends_context("uid")
    def _compute_gck_can_claim(self):
        """Tell whether the reader may claim of it: what moved, or is to go back."""
        noted = self.env["gck.reclamacion"]._get_noted_directions()
        for picking in self:
            moved = picking.state == "done" or (
                picking.return_id and picking.state not in ("draft", "cancel")
            )
            direction = moved and noted and picking._gck_get_reclamacion_direction()
            picking.gck_can_claim = bool(
                moved and noted and (direction is None or direction in noted)
            )

    def _create_backorder_picking(self):
        """Keep the rest of a return with the claim it answers."""
        backorder = super()._create_backorder_picking()
        if self.gck_reclamacion_id:
            # sudo: whoever validates the return may have no rights on the claim.
            self.gck_reclamacion_id.sudo()._add_return(backorder)
        return backorder

    # ------------------------------------------------------------
    # What a claim takes from the transfer
    # ------------------------------------------------------------

    def _gck_prepare_reclamacion_vals(self):
        """Return the values of a claim; an address is nobody's attention."""
        return {"contact_id": False, **super()._gck_prepare_reclamacion_vals()}

    def _gck_get_reclamacion_direction(self):
        """Return whose goods they are: a vendor's or a customer's, else internal.

        A return is of whom the goods came from or went to at first. What a vendor
        sends straight to a customer may be claimed in both directions.
        """
        self.ensure_one()
        usages = {self.location_id.usage, self.location_dest_id.usage}
        if {"supplier", "customer"} <= usages:
            return None
        if "supplier" in usages:
            return "vendor"
        if "customer" in usages:
            return "customer"
        if self.return_id:
            return self.return_id._gck_get_reclamacion_direction()
        return {"incoming": "vendor", "outgoing": "customer"}.get(
            self.picking_type_id.code, "internal"
        )

    def _gck_get_reclamacion_partner(self):
        """Return who ordered the goods or sold them, else the address of the transfer.

        An address is no person: of one, its company.
        """
        self.ensure_one()
        if self._gck_get_reclamacion_direction() is None:
            return self.env["res.partner"]
        partner = self._gck_get_order_partners()[:1] or self.partner_id
        if partner.type in ("delivery", "invoice", "other"):
            return partner.commercial_partner_id
        return partner

    def _gck_get_reclamacion_claimants(self):
        """Return the companies of the orders and that of the address."""
        self.ensure_one()
        if self._gck_get_reclamacion_direction() is None:
            return self.env["res.partner"]
        partners = self._gck_get_order_partners() | self.partner_id
        return partners.commercial_partner_id

    def _gck_get_reclamacion_user(self):
        """Return the buyer or salesperson of the order, else of the partner.

        Of an internal transfer, its own responsible.
        """
        self.ensure_one()
        direction = self._gck_get_reclamacion_direction()
        partner = self._gck_get_reclamacion_partner().commercial_partner_id
        candidates = []
        # sudo: only who buys or sells is read.
        for orders in self.sudo()._gck_get_orders(direction):
            candidates += orders.mapped("user_id")
        if direction == "customer":
            candidates.append(partner.user_id)
        elif direction == "vendor" and "buyer_id" in partner._fields:
            candidates.append(partner.buyer_id)
        candidates.append(self.user_id)
        for user in candidates:
            if user and self.company_id in user.sudo().company_ids:
                return user.with_env(self.env)
        return self.env["res.users"]

    def _gck_get_reclamacion_lines(self):
        """Return what moved, less what was scrapped there."""
        self.ensure_one()
        return self.move_ids.filtered(
            lambda move: (
                move.state != "cancel" and move.location_dest_id.usage != "inventory"
            )
        )

    def _gck_get_reclamacion_documents(self):
        """Return the transfer that it returns, and its orders, those within reach."""
        self.ensure_one()
        documents = [self.return_id, *self._gck_get_orders()]
        return [
            readable
            for document in documents
            if (readable := document._filtered_access("read"))
        ]

    def _gck_get_orders(self, direction=None):
        """Return the orders of the transfer and of the one it returns.

        :param str direction: only the orders with vendors, or only with customers
        :return: one recordset for each app that has them: purchase, sale
        """
        moves = self.move_ids | self.return_id.move_ids
        names = {"vendor": "purchase_line_id", "customer": "sale_line_id"}
        return [
            moves.mapped(name).order_id
            for side, name in names.items()
            if name in moves._fields and direction in (side, None)
        ]

    def _gck_get_order_partners(self):
        """Return who the goods were bought from or sold to, nobody without orders."""
        partners = self.env["res.partner"]
        direction = self._gck_get_reclamacion_direction()
        # sudo: only who the goods were bought from or sold to is read.
        for orders in self.sudo()._gck_get_orders(direction):
            partners |= orders.partner_id
        return partners.with_env(self.env)

    def _gck_get_moves_done(self):
        """Return the moves that brought about what the transfer is about.

        Its own once done; of a return that is not, those that it takes back.
        """
        moves = self.move_ids.filtered(
            lambda move: (
                move.state == "done" and move.location_dest_id.usage != "inventory"
            )
        )
        waiting = self.filtered(lambda picking: picking.state != "done")
        origins = waiting.move_ids.origin_returned_move_id
        return moves | origins.filtered(lambda move: move.state == "done")
