from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import groupby


class GckReclamacionLinea(models.Model):
    """What is claimed: a product and how much of it (O-16…O-20).

    A line that comes from a document knows how much was moved there, and claims no
    more than that.
    """

    _name = "gck.reclamacion.linea"
    _description = "Line of a claim"
    _inherit = ["gck.reclamacion.parte.mixin"]
    _order = "reclamacion_id, sequence, id"
    _check_company_auto = True

    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        related="reclamacion_id.company_id", store=True, precompute=True
    )
    product_id = fields.Many2one(
        "product.product",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )
    name = fields.Char(string="Problem", help="What is wrong with it, in a few words.")
    quantity = fields.Float(
        string="Quantity claimed", default=1.0, digits="Product Unit", required=True
    )
    product_uom_id = fields.Many2one(
        "uom.uom",
        string="Unit",
        compute="_compute_product_uom_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    source_model = fields.Char(string="Model of the document's line")
    source_id = fields.Many2oneReference(
        string="Line of the document", model_field="source_model"
    )
    quantity_moved = fields.Float(
        string="Quantity moved",
        compute="_compute_quantity_moved",
        store=True,
        precompute=True,
        digits="Product Unit",
        help="How much the document moved, in the unit of the line.",
    )
    partner_id = fields.Many2one(related="reclamacion_id.partner_id")
    direction = fields.Selection(related="reclamacion_id.direction")
    state = fields.Selection(related="reclamacion_id.state")

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "The quantity claimed has to be more than zero."
    )
    _source_idx = models.Index("(source_model, source_id) WHERE source_id IS NOT NULL")

    @api.depends("product_id")
    def _compute_product_uom_id(self):
        for line in self:
            if not line.product_uom_id or line.product_id != line._origin.product_id:
                line.product_uom_id = line.product_id.uom_id or line.product_uom_id

    @api.depends("source_model", "source_id", "product_uom_id")
    def _compute_quantity_moved(self):
        self.quantity_moved = 0.0
        for model_name, group in groupby(self, lambda line: line.source_model):
            model = self.env.get(model_name or "")
            if model is None or not hasattr(model, "_gck_get_moved"):
                continue
            lines = self.browse().union(*group)
            # sudo: how much was moved is part of the claim.
            sources = model.sudo().browse(lines.mapped("source_id")).exists()
            moved = sources._gck_get_moved()
            for line in lines:
                quantity, uom = moved.get(line.source_id, (0.0, None))
                if uom and line.product_uom_id:
                    quantity = uom._compute_quantity(
                        quantity, line.product_uom_id, round=False
                    )
                line.quantity_moved = quantity

    @api.constrains("quantity", "product_uom_id", "source_id")
    def _check_quantity(self):
        """Refuse to claim more than the document moved (O-16)."""
        for line in self.filtered("source_id"):
            rounding = line.product_uom_id.rounding or 0.01
            if line.quantity > line.quantity_moved + rounding / 2:
                raise ValidationError(
                    self.env._(
                        "%(product)s: %(claimed)s are claimed and only %(moved)s "
                        "%(unit)s were moved. Claim at most that.",
                        product=line.product_id.display_name,
                        claimed=f"{line.quantity:g}",
                        moved=f"{line.quantity_moved:g}",
                        unit=line.product_uom_id.name or "",
                    )
                )

    def _get_vendor_code(self):
        """Return how the vendor of the claim calls the product, or an empty text."""
        self.ensure_one()
        vendor = self.partner_id.commercial_partner_id
        # sudo: the vendor's own reference goes to the vendor, and no price with it.
        sellers = self.product_id.sudo().seller_ids.filtered(
            lambda seller: (
                seller.partner_id.commercial_partner_id == vendor
                and seller.product_id in (self.env["product.product"], self.product_id)
            )
        )
        return sellers.filtered("product_code")[:1].product_code or ""
