from odoo import api, fields, models


class StockScrap(models.Model):
    """What is scrapped for a claim is linked to it, and its cost counts there."""

    _inherit = "stock.scrap"

    gck_reclamacion_id = fields.Many2one(
        "gck.reclamacion",
        string="Claim it answers",
        copy=False,
        index="btree_not_null",
        check_company=True,
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Create scraps, linked to the claims that they are made for."""
        scraps = super().create(vals_list)
        for claim, group in scraps.grouped("gck_reclamacion_id").items():
            if claim:
                self.env["gck.vinculo"]._link(claim, group)
        return scraps

    def do_scrap(self):
        """Scrap, and count in the claims what it costs."""
        result = super().do_scrap()
        self._gck_add_costs()
        return result

    def _gck_add_costs(self):
        """Add to the claims, those that have not ended, the cost of what is lost."""
        vals_list = []
        # sudo: whoever scraps may have no rights on the claim.
        for scrap in self.sudo().filtered("gck_reclamacion_id"):
            product = scrap.product_id.with_company(scrap.company_id)
            price = product.uom_id._compute_price(
                product.standard_price, scrap.product_uom_id
            )
            if price > 0 and not scrap.gck_reclamacion_id.is_locked:
                vals_list.append(
                    {
                        "reclamacion_id": scrap.gck_reclamacion_id.id,
                        "concepto": "material",
                        "name": self.env._(
                            "%(scrap)s: %(product)s scrapped",
                            scrap=scrap.name,
                            product=product.display_name,
                        ),
                        "quantity": scrap.scrap_qty,
                        "price_unit": price,
                        "res_model": scrap._name,
                        "res_id": scrap.id,
                    }
                )
        # sudo: as above.
        self.env["gck.reclamacion.coste"].sudo().create(vals_list)
