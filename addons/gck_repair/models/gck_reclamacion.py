from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

REPAIR_ENDED = ("done", "cancel")


class GckReclamacion(models.Model):
    """A claim has one or several repairs, and waits for them to close (O-21, O-22)."""

    _inherit = "gck.reclamacion"

    under_warranty = fields.Boolean(
        default=True,
        tracking=True,
        help="Repairs made from the claim are not charged to the customer.",
    )
    repair_ids = fields.One2many("repair.order", "reclamacion_id", string="Repairs")
    repair_count = fields.Integer(compute="_compute_counts")

    @api.model
    def _gck_get_counted(self):
        return {
            **super()._gck_get_counted(),
            "repair_count": ("repair.order", "reclamacion_id"),
        }

    @api.depends("repair_ids")
    def _compute_counts(self):
        return super()._compute_counts()

    # ------------------------------------------------------------
    # Life
    # ------------------------------------------------------------

    def _get_close_blockers(self):
        """A claim closes after its repairs, unless its company says otherwise."""
        result = super()._get_close_blockers()
        waiting = self.filtered("company_id.gck_reclamacion_repair_block")
        # sudo: an open repair out of reach keeps the claim from closing all the same.
        Repair = self.env["repair.order"].sudo()
        labels = dict(Repair._fields["state"]._description_selection(self.env))
        for repair in Repair.search(
            [
                ("reclamacion_id", "in", waiting.ids),
                ("state", "not in", REPAIR_ENDED),
            ]
        ):
            result.setdefault(self.browse(repair.reclamacion_id.id), []).append(
                self.env._(
                    "open repair: %(repair)s (%(state)s)",
                    repair=repair.name,
                    state=labels[repair.state],
                )
            )
        return result

    def _do_reopen(self, reason):
        """Bring claims back; what their repairs cost meanwhile comes in."""
        result = super()._do_reopen(reason)
        # sudo: what its repairs cost is part of the claim.
        self.sudo().repair_ids._gck_sync_reclamacion_coste()
        return result

    # ------------------------------------------------------------
    # Repairs
    # ------------------------------------------------------------

    def action_view_repairs(self):
        """Open the repairs of the claim."""
        self.ensure_one()
        action = self.repair_ids._get_records_action(
            name=self.env._("Repairs of %s", self.name)
        )
        return {**action, "context": {"create": False}}

    def action_create_repair(self):
        """Make a repair order of what is claimed; ask of what where it is not clear.

        Of one piece at once; of several lines, or of more than one piece, after
        choosing. Each click makes another one (O-21).

        :return: the window action of the repair, or of the dialog
        :raises UserError: on a claim that has ended
        :raises AccessError: without rights on repairs
        """
        self.ensure_one()
        self._check_can_repair()
        lines = self.linea_ids._get_to_repair()
        if len(lines) > 1 or lines.quantity > 1:
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Create repair"),
                "res_model": "gck.reclamacion.reparar",
                "view_mode": "form",
                "views": [(False, "form")],
                "target": "new",
                "context": {"default_reclamacion_id": self.id},
            }
        return self._create_repair(lines, lines.quantity)._get_records_action()

    def _check_can_repair(self):
        """:raises UserError: unless the user may make repairs of this claim now"""
        self._check_not_locked()
        if not self.env["repair.order"].has_access("create"):
            raise AccessError(
                self.env._(
                    "Repairs are made by whoever has rights on Inventory. Ask one of "
                    "them to do it, or an administrator for that right."
                )
            )

    def _create_repair(self, line, quantity, picking=None, **vals):
        """Make one repair order.

        :param line: what is repaired, a line of the claim; empty where none says it
        :param float quantity: how much of it, in the unit of the line
        :param picking: the return by which it came; the one that fits unless told
        :return: the ``repair.order``
        """
        self.ensure_one()
        self._check_can_repair()
        if picking is None:
            picking = self._get_return_pickings(line)[:1]
        Repair = self.env["repair.order"].with_company(self.company_id)
        return Repair.create(
            {**self._prepare_repair_vals(line, quantity, picking), **vals}
        )

    def _prepare_repair_vals(self, line, quantity, picking):
        """Return the values of a repair order made from the claim.

        :raises UserError: when the company has no warehouse that repairs
        """
        self.ensure_one()
        # sudo: whether the solver may handle repairs is read, nothing else.
        can_repair = self.solver_id.sudo().has_group("stock.group_stock_user")
        vals = {
            "reclamacion_id": self.id,
            "company_id": self.company_id.id,
            "user_id": (self.solver_id if can_repair else self.env.user).id,
            "under_warranty": self.under_warranty,
            "internal_notes": self.description or self.subject,
            "picking_type_id": self._get_repair_type(picking).id,
            # What comes from a vendor or was made here is the company's own.
            "partner_id": (
                (self.contact_id or self.partner_id).id
                if self.direction == "customer"
                else False
            ),
        }
        if line:
            vals.update(
                reclamacion_linea_id=line.id,
                product_id=line.product_id.id,
                product_qty=quantity,
                product_uom=line.product_uom_id.id or line.product_id.uom_id.id,
            )
            if "lot_id" in line._fields and line.lot_id:
                vals["lot_id"] = line.lot_id.id
        if picking:
            vals["picking_id"] = picking.id
            # What came back is repaired from where it was put.
            if picking.location_dest_id.usage == "internal":
                vals["product_location_src_id"] = picking.location_dest_id.id
        return vals

    def _get_repair_type(self, picking):
        """Return the operation type of repairs: of the warehouse of the return."""
        self.ensure_one()
        company = self.company_id
        warehouse = (
            picking.picking_type_id.warehouse_id
            or self.env.user.with_company(company)._get_default_warehouse_id()
        )
        if warehouse.company_id == company and warehouse.repair_type_id:
            return warehouse.repair_type_id
        repair_type = self.env["stock.picking.type"].search(
            [("code", "=", "repair_operation"), ("company_id", "=", company.id)],
            limit=1,
        )
        if not repair_type:
            raise UserError(
                self.env._(
                    "%s has no warehouse with repairs. Create one in Inventory.",
                    company.name,
                )
            )
        return repair_type

    def _get_return_pickings(self, line):
        """Return the transfers by which what is claimed came back, the best first.

        Those that the claim is about or has linked, and the returns of those (O-22).

        :param line: the line of the claim, empty for any product
        :return: ``stock.picking``, of those that the user may read
        """
        self.ensure_one()
        Picking = self.env["stock.picking"]
        if not Picking.has_access("read"):
            return Picking
        ids = (
            self.env["gck.vinculo"]
            ._get_of_origins(self)
            .filtered(lambda link: link.res_model == Picking._name)
            .mapped("res_id")
        )
        if self.documento_model == Picking._name:
            ids.append(self.documento_id)
        known = Domain("id", "in", ids) | Domain("return_id", "in", ids)
        # Where transfers can be made from claims, also those made from this one.
        if "gck_reclamacion_id" in Picking._fields:
            known |= Domain("gck_reclamacion_id", "=", self.id)
        domain = (
            known
            & Domain("return_id", "!=", False)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("state", "!=", "cancel")
            & Domain("location_dest_id.usage", "in", ("internal", "transit"))
        )
        if line:
            domain &= Domain("move_ids.product_id", "=", line.product_id.id)
        pickings = Picking.search(domain, order="id desc")
        lot = line.lot_id if "lot_id" in line._fields else line.browse()
        return pickings.sorted(
            lambda picking: (
                bool(lot) and lot not in picking.move_line_ids.lot_id,
                picking.state != "done",
            )
        )
