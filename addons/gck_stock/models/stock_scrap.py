from odoo import api, fields, models
from odoo.tools import format_amount


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
        """Create scraps, linked to the claims that they are made for.

        :raises AccessError: when a claim is out of the user's reach
        :raises UserError: when it has ended
        """
        scraps = super().create(vals_list)
        scraps._gck_join_reclamacion()
        return scraps

    def write(self, vals):
        """Write values; a claim given later is linked as well.

        :raises AccessError: when it is out of the user's reach
        :raises UserError: when it has ended
        """
        joining = self.filtered(
            lambda scrap: (
                scrap.gck_reclamacion_id.id
                != vals.get("gck_reclamacion_id", scrap.gck_reclamacion_id.id)
            )
        )
        result = super().write(vals)
        joining._gck_join_reclamacion()
        return result

    def _gck_join_reclamacion(self):
        """Link scraps to the claims that they are made for."""
        for claim, group in self.grouped("gck_reclamacion_id").items():
            if claim:
                self.env["gck.vinculo"]._link(claim, group)

    def do_scrap(self):
        """Scrap, and count in the claims what it costs."""
        result = super().do_scrap()
        self._gck_add_costs()
        return result

    def _gck_add_costs(self):
        """Add to the claims the cost of what is lost, once.

        A claim that has ended keeps its costs; it is told, and takes them in when it
        is reopened.
        """
        # sudo: whoever scraps may have no rights on the claim.
        scraps = self.sudo().filtered(
            lambda scrap: scrap.gck_reclamacion_id and scrap.state == "done"
        )
        known = (
            self.env["gck.reclamacion.coste"]
            # sudo: as above.
            .sudo()
            .search([("res_model", "=", self._name), ("res_id", "in", scraps.ids)])
            .mapped("res_id")
        )
        vals_list = []
        for scrap in scraps.filtered(lambda scrap: scrap.id not in known):
            claim = scrap.gck_reclamacion_id
            product = scrap.product_id.with_company(scrap.company_id)
            price = product.uom_id._compute_price(
                product.standard_price, scrap.product_uom_id
            )
            if price > 0 and claim.is_locked:
                scrap._gck_log_ended(price * scrap.scrap_qty)
            elif price > 0:
                vals_list.append(
                    {
                        "reclamacion_id": claim.id,
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

    def _gck_log_ended(self, amount):
        """Tell a claim that has ended what scrapping for it has cost since.

        :param float amount: in the currency of its company
        """
        self.ensure_one()
        claim = self.gck_reclamacion_id
        claim._message_log(
            body=self.env._(
                "%(scrap)s of %(amount)s was scrapped after the end, and is not among "
                "the costs. Reopened, the claim takes it in.",
                scrap=self.name,
                amount=format_amount(self.env, amount, claim.currency_id),
            ),
            author_id=self.env.user.partner_id.id,
        )
