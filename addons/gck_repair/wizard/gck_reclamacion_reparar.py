from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class GckReclamacionReparar(models.TransientModel):
    """Ask which line of a claim is repaired, and how much of it (O-21)."""

    _name = "gck.reclamacion.reparar"
    _description = "Create the repair of a claim"

    reclamacion_id = fields.Many2one(
        "gck.reclamacion", string="Claim", required=True, ondelete="cascade"
    )
    line_domain_ids = fields.Many2many(
        "gck.reclamacion.linea", compute="_compute_line_domain_ids"
    )
    linea_id = fields.Many2one(
        "gck.reclamacion.linea",
        string="What is repaired",
        required=True,
        ondelete="cascade",
        domain="[('id', 'in', line_domain_ids)]",
        compute="_compute_linea_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    quantity = fields.Float(
        digits="Product Unit",
        compute="_compute_quantity",
        store=True,
        readonly=False,
        precompute=True,
        help="What is not in another repair yet.",
    )
    quantity_claimed = fields.Float(related="linea_id.quantity")
    product_uom_id = fields.Many2one(related="linea_id.product_uom_id")
    return_domain_ids = fields.Many2many(
        "stock.picking", compute="_compute_return_domain_ids"
    )
    picking_id = fields.Many2one(
        "stock.picking",
        string="Return",
        domain="[('id', 'in', return_domain_ids)]",
        compute="_compute_picking_id",
        store=True,
        readonly=False,
        precompute=True,
        help="The transfer by which the customer sent it back.",
    )
    under_warranty = fields.Boolean(
        compute="_compute_under_warranty", store=True, readonly=False, precompute=True
    )
    repair_id = fields.Many2one("repair.order", readonly=True, ondelete="set null")

    @api.depends("reclamacion_id")
    def _compute_line_domain_ids(self):
        for wizard in self:
            wizard.line_domain_ids = wizard.reclamacion_id.linea_ids._get_to_repair()

    @api.depends("reclamacion_id")
    def _compute_linea_id(self):
        """Propose the first line of which some is not in repair yet."""
        for wizard in self:
            lines = wizard.reclamacion_id.linea_ids._get_to_repair()
            repaired = lines._get_repaired_quantities()
            left = lines.filtered(
                lambda line, repaired=repaired: repaired[line.id] < line.quantity
            )
            wizard.linea_id = (left or lines)[:1]

    @api.depends("linea_id")
    def _compute_quantity(self):
        """Propose what is left to repair, or all of it once more."""
        for wizard in self:
            line = wizard.linea_id
            repaired = line._get_repaired_quantities().get(line.id, 0.0)
            wizard.quantity = (
                line.quantity - repaired if repaired < line.quantity else line.quantity
            )

    @api.depends("linea_id")
    def _compute_return_domain_ids(self):
        for wizard in self:
            wizard.return_domain_ids = wizard.reclamacion_id._get_return_pickings(
                wizard.linea_id
            )

    @api.depends("linea_id")
    def _compute_picking_id(self):
        for wizard in self:
            wizard.picking_id = wizard.reclamacion_id._get_return_pickings(
                wizard.linea_id
            )[:1]

    @api.depends("reclamacion_id")
    def _compute_under_warranty(self):
        for wizard in self:
            wizard.under_warranty = wizard.reclamacion_id.under_warranty

    def action_confirm(self):
        """Make the repair order; pressed twice, the same one.

        :return: the window action of the repair
        :raises UserError: when the line is of another claim, or the claim has ended
        :raises ValidationError: when more is repaired than is claimed
        """
        self.ensure_one()
        line, claim = self.linea_id, self.reclamacion_id
        if not self.repair_id:
            # Of two at once the second waits here, is retried, and finds the repair.
            claim._check_can_repair()
            claim._lock_for_change()
            if line.reclamacion_id != claim:
                raise UserError(self.env._("Choose a line of %s.", claim.name))
            rounding = line.product_uom_id.rounding or 0.01
            if not 0 < self.quantity <= line.quantity + rounding / 2:
                raise ValidationError(
                    self.env._(
                        "%(product)s: %(claimed)s are claimed. Repair at least "
                        "something and at most that.",
                        product=line.product_id.display_name,
                        claimed=f"{line.quantity:g}",
                    )
                )
            self.repair_id = claim._create_repair(
                line,
                self.quantity,
                picking=self.picking_id,
                under_warranty=self.under_warranty,
            )
        return self.repair_id._get_records_action()
