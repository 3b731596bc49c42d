from odoo import api, fields, models
from odoo.tools import float_compare, format_amount, groupby


class RepairOrder(models.Model):
    """A repair may come from a claim, which bears its cost (O-21, O-22).

    Claims are raised from repairs too (O-5): what is claimed is what was repaired.
    """

    _name = "repair.order"
    _inherit = ["repair.order", "gck.reclamable.mixin", "gck.reclamable.linea.mixin"]

    reclamacion_id = fields.Many2one(
        "gck.reclamacion",
        string="Claim",
        index="btree_not_null",
        check_company=True,
        copy=False,
        ondelete="set null",
        tracking=True,
        help="The claim that this repair solves. It does not close before the repair, "
        "and bears its cost.",
    )
    reclamacion_linea_id = fields.Many2one(
        "gck.reclamacion.linea",
        string="Line of the claim",
        index="btree_not_null",
        check_company=True,
        copy=False,
        ondelete="set null",
    )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Create repairs; those of a claim are linked to it.

        :raises UserError: naming the claims that have ended
        """
        repairs = super().create(vals_list)
        repairs._gck_join_reclamacion()
        return repairs

    def write(self, vals):
        """Write values; the claim knows of its repairs, and of what they cost.

        :raises UserError: naming the claims that have ended
        """
        moved = self.browse()
        if "reclamacion_id" in vals:
            moved = self.filtered(
                lambda r: r.reclamacion_id.id != (vals["reclamacion_id"] or False)
            )
            moved._gck_leave_reclamacion()
        result = super().write(vals)
        # A line of the former claim is not repaired any more, unless it moved along.
        moved.filtered(
            lambda r: r.reclamacion_linea_id.reclamacion_id != r.reclamacion_id
        ).reclamacion_linea_id = False
        moved._gck_join_reclamacion()
        if moved or "state" in vals:
            self._gck_sync_reclamacion_coste()
        return result

    def unlink(self):
        """Delete repairs; a claim keeps no link to what is gone."""
        # Cancelling, which deleting does, takes their cost off the claims.
        result = super().unlink()
        self.env["gck.vinculo"]._unlink_of(self)
        return result

    def _gck_join_reclamacion(self):
        """Link repairs to their claims, which have not ended.

        :raises AccessError: when a claim is out of the user's reach
        """
        repairs = self.filtered("reclamacion_id")
        if not repairs:
            return
        repairs.reclamacion_id._on_part_changed()
        self.env["gck.vinculo"].create(
            [
                {
                    "origin_model": repair.reclamacion_id._name,
                    "origin_id": repair.reclamacion_id.id,
                    "res_model": repair._name,
                    "res_id": repair.id,
                }
                for repair in repairs - repairs._gck_filter_linked()
            ]
        )

    def _gck_leave_reclamacion(self):
        """Remove the links to claims that these repairs are about to leave."""
        self.reclamacion_id._on_part_changed()
        self._gck_get_reclamacion_links().unlink()

    def _gck_filter_linked(self):
        """Return the repairs that are linked to their claim already."""
        return self.browse(self._gck_get_reclamacion_links().mapped("res_id"))

    def _gck_get_reclamacion_links(self):
        """Return the links of repairs with the claim that each was made from."""
        links = self.env["gck.vinculo"].search(
            [
                ("origin_model", "=", "gck.reclamacion"),
                ("origin_id", "in", self.reclamacion_id.ids),
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("relation", "=", "document"),
            ]
        )
        return links.filtered(
            lambda link: self.browse(link.res_id).reclamacion_id.id == link.origin_id
        )

    # ------------------------------------------------------------
    # Cost
    # ------------------------------------------------------------

    def _gck_get_parts_cost(self):
        """Return what the parts put into each repair cost the company.

        :return: ``{repair: amount}``, at the cost of each product in its company
        """
        result = {}
        for company, repairs in groupby(self, lambda r: r.company_id):
            for repair in repairs:
                parts = repair.move_ids.filtered(
                    lambda m: m.repair_line_type == "add" and m.state == "done"
                )
                result[repair] = sum(
                    part.product_uom._compute_quantity(
                        part.quantity, part.product_id.uom_id, round=False
                    )
                    * part.product_id.with_company(company).standard_price
                    for part in parts
                )
        return result

    def _gck_sync_reclamacion_coste(self):
        """Make the costs of claims say what their repairs cost (O-22).

        One cost for each repair that is done, none for those that are not. A closed
        claim keeps its costs: its log tells what they would be.
        """
        # sudo: whoever ends a repair may have no rights on claims nor their costs.
        repairs = self.sudo()
        costes = self.env["gck.reclamacion.coste"].sudo()
        known = costes.search(
            [("res_model", "=", self._name), ("res_id", "in", repairs.ids)]
        )
        done = repairs.filtered(lambda r: r.reclamacion_id and r.state == "done")
        wanted = {
            (repair.reclamacion_id, repair.id): (repair, amount)
            for repair, amount in done._gck_get_parts_cost().items()
            if not repair.company_id.currency_id.is_zero(amount)
        }
        gone, late, new = costes, [], []
        for coste in known:
            repair, amount = wanted.pop(
                (coste.reclamacion_id, coste.res_id), (None, 0.0)
            )
            digits = coste.currency_id.decimal_places
            if repair and not float_compare(coste.amount, amount, digits):
                continue
            if coste.reclamacion_id.is_locked:
                late.append((coste.reclamacion_id, coste.res_id, amount))
            elif repair:
                coste.write({"quantity": 1.0, "price_unit": amount})
            else:
                gone |= coste
        gone.unlink()
        for (reclamacion, repair_id), (repair, amount) in wanted.items():
            if reclamacion.is_locked:
                late.append((reclamacion, repair_id, amount))
            else:
                new.append(repair._gck_prepare_coste_vals(amount))
        costes.create(new)
        for reclamacion, repair_id, amount in late:
            reclamacion.message_post(
                body=self.env._(
                    "The repair %(repair)s costs %(amount)s now. The claim has ended "
                    "and keeps its costs; reopened, it takes this one in.",
                    repair=repairs.browse(repair_id).name,
                    amount=format_amount(self.env, amount, reclamacion.currency_id),
                )
            )

    def _gck_prepare_coste_vals(self, amount):
        """Return the values of the cost of a claim that the repair makes."""
        self.ensure_one()
        return {
            "reclamacion_id": self.reclamacion_id.id,
            "concepto": "repair",
            "name": " · ".join(filter(None, (self.name, self.product_id.display_name))),
            "quantity": 1.0,
            "price_unit": amount,
            "res_model": self._name,
            "res_id": self.id,
        }

    # ------------------------------------------------------------
    # Claims raised from a repair
    # ------------------------------------------------------------

    def _gck_get_reclamacion_direction(self):
        """Of the customer whose thing it is; of the company's own, any will do."""
        return "customer" if self.partner_id else None

    def _gck_get_reclamacion_user(self):
        return self.user_id

    def _gck_get_reclamacion_lines(self):
        return self.filtered("product_id")

    def _gck_get_reclamacion_documents(self):
        """Return the order and the return that the repair comes from."""
        documents = (self.sale_order_id, self.picking_id)
        return [d._filtered_access("read") for d in documents if d]

    def _gck_prepare_reclamacion_vals(self):
        """Return the values of a claim on the repair; its own claim is its origin."""
        vals = super()._gck_prepare_reclamacion_vals()
        parent = self.reclamacion_id._filtered_access("read")
        if parent:
            vals["parent_id"] = parent.id
        if not self.partner_id:
            vals["direction"] = "internal"
        return vals

    def _gck_get_moved(self):
        """Return how much of the product each repair is about."""
        return {repair.id: (repair.product_qty, repair.product_uom) for repair in self}

    def _gck_prepare_linea_vals(self):
        """Return a line for what was repaired, with its lot."""
        result = super()._gck_prepare_linea_vals()
        if "lot_id" in self.env["gck.reclamacion.linea"]._fields:
            for vals in result:
                vals["lot_id"] = self.browse(vals["source_id"]).lot_id.id
        return result
