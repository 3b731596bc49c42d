from odoo import api, fields, models


class StockReturnPicking(models.TransientModel):
    """Returning goods raises a claim about them, or answers one (O-17, O-19)."""

    _inherit = "stock.return.picking"

    reclamacion_id = fields.Many2one("gck.reclamacion", string="Claim it answers")
    gck_can_claim = fields.Boolean(
        string="May be claimed of", compute="_compute_gck_can_claim"
    )

    @api.depends("picking_id", "reclamacion_id")
    @api.depends_context("uid")
    def _compute_gck_can_claim(self):
        """Offer to claim what is returned, unless the return answers a claim."""
        for wizard in self:
            wizard.gck_can_claim = (
                not wizard.reclamacion_id and wizard.picking_id.gck_can_claim
            )

    @api.depends("reclamacion_id")
    def _compute_moves_locations(self):
        """Propose the quantities that the claim is about."""
        result = super()._compute_moves_locations()
        for wizard in self.filtered("reclamacion_id"):
            claimed = wizard.reclamacion_id._get_return_quantities()
            for line in wizard.product_return_moves:
                line.quantity = sum(claimed.get(line.move_id._origin, {}).values())
        return result

    def action_create_returns_and_claim(self):
        """Return, and open a new claim about what is returned (O-17, O-19).

        Linked to the return, the original transfer and the order once it is saved.

        :return: a window action
        """
        self.ensure_one()
        picking = self.env["stock.picking"].browse(
            self.action_create_returns()["res_id"]
        )
        return picking.action_create_gck_reclamacion()

    def _create_return(self):
        """Return the goods; what answers a claim is linked to it, with its lots."""
        claimed = {}
        if self.reclamacion_id:
            self.reclamacion_id._check_not_locked()
            claimed = self.reclamacion_id._get_return_quantities()
        picking = super()._create_return()
        if self.reclamacion_id:
            self.reclamacion_id._add_return(picking)
            for move in picking.move_ids:
                move._gck_take_lots(claimed.get(move.origin_returned_move_id, {}))
        return picking

    def _create_exchange(self, return_picking):
        """Exchange the goods; the new transfer is linked to the claim as well."""
        picking = super()._create_exchange(return_picking)
        if self.reclamacion_id:
            self.reclamacion_id._add_return(picking)
        return picking
