from contextlib import contextmanager

from psycopg2 import IntegrityError

from odoo import Command
from odoo.tools import mute_logger

from odoo.addons.gck_reclamaciones.tests.common import ReclamacionesCase

STOCK = "stock.group_stock_user"


class StockCase(ReclamacionesCase):
    """The company of the claims, with a warehouse, its people, goods and lots."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.stock = cls.warehouse.lot_stock_id
        cls.vendors = cls.env.ref("stock.stock_location_suppliers")
        cls.customers = cls.env.ref("stock.stock_location_customers")
        lot_group = cls.env.ref("stock.group_production_lot")
        lot_group.user_ids |= (
            cls.env.ref("base.user_root") | cls.quality | cls.storekeeper
        )

    @classmethod
    def setup_people(cls):
        result = super().setup_people()
        cls.storekeeper = cls.new_user("storekeeper", STOCK, "Simón Storekeeper")
        for user in (
            cls.buyer, cls.seller, cls.quality, cls.noter, cls.purchase_manager,
        ):  # fmt: skip
            user.group_ids |= cls.env.ref(STOCK)
        return result

    @classmethod
    def setup_tables(cls):
        result = super().setup_tables()
        Product = cls.env["product.product"]
        cls.product = Product.create(
            {"name": "Fan", "is_storable": True, "standard_price": 20}
        )
        cls.other_product = Product.create({"name": "Filter", "is_storable": True})
        cls.tracked = Product.create(
            {"name": "Gas bottle", "is_storable": True, "tracking": "lot"}
        )
        cls.lots = cls.env["stock.lot"].create(
            [
                {"name": f"L{number}", "product_id": cls.tracked.id}
                for number in (1, 2, 3)
            ]
        )
        return result

    @classmethod
    def new_transfer(cls, code, *lines, done=True, partner=None, **vals):
        """Create a transfer: a receipt, a delivery or an internal one.

        :param str code: ``incoming``, ``outgoing`` or ``internal``
        :param lines: ``(product, quantity)`` or ``(product, quantity, lot)``
        """
        picking_type = {
            "incoming": cls.warehouse.in_type_id,
            "outgoing": cls.warehouse.out_type_id,
            "internal": cls.warehouse.int_type_id,
        }[code]
        places = {
            "incoming": (cls.vendors, cls.stock),
            "outgoing": (cls.stock, cls.customers),
            "internal": (cls.stock, cls.stock),
        }[code]
        partners = {"incoming": cls.vendor, "outgoing": cls.customer}
        picking = cls.env["stock.picking"].create(
            {
                "picking_type_id": picking_type.id,
                "location_id": places[0].id,
                "location_dest_id": places[1].id,
                "partner_id": (partner or partners.get(code, cls.vendor.browse())).id,
                **vals,
            }
        )
        by_product = {}
        for product, quantity, *lot in lines:
            by_product.setdefault(product, []).append((quantity, *lot))
        for product, parts in by_product.items():
            move = cls.env["stock.move"].create(
                {
                    "picking_id": picking.id,
                    "product_id": product.id,
                    "product_uom_qty": sum(part[0] for part in parts),
                    "location_id": places[0].id,
                    "location_dest_id": places[1].id,
                }
            )
            if done:
                move.move_line_ids = [
                    Command.create(
                        {
                            "product_id": product.id,
                            "quantity": part[0],
                            "lot_id": part[1].id if len(part) > 1 else False,
                            "picking_id": picking.id,
                            "location_id": places[0].id,
                            "location_dest_id": places[1].id,
                        }
                    )
                    for part in parts
                ]
                move.picked = True
        picking.action_confirm()
        if done:
            picking._action_done()
        return picking

    def fill(self, action, user=None, **vals):
        """Create the claim that an action opens, as a person."""
        model = self.env[action["res_model"]].with_user(user or self.env.user)
        return model.with_context(**action["context"]).create(
            {"subject": "It leaks", **vals}
        )

    def claim(self, document, user=None, **vals):
        """Create a claim from a document, as its button does."""
        user = user or self.quality
        action = document.with_user(user).action_create_gck_reclamacion()
        return self.fill(action, user, **vals)

    def return_wizard(self, picking, quantities, user=None, **context):
        """Open the dialog that returns some quantities: ``{product: quantity}``."""
        wizard = (
            self.env["stock.return.picking"]
            .with_user(user or self.quality)
            .with_context(active_model=picking._name, active_id=picking.id, **context)
            .create({"picking_id": picking.id})
        )
        for line in wizard.product_return_moves:
            line.quantity = quantities.get(line.product_id, 0)
        return wizard

    @contextmanager
    def refused(self, error, text):
        """Check that something is refused with a text, and undo what it began."""
        with self.assertRaisesRegex(error, text), self.cr.savepoint():
            yield
            self.env.flush_all()
        self.env.invalidate_all()

    @contextmanager
    def violated(self):
        """Check that the database refuses something, and undo what it began."""
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.cr.savepoint(),
        ):
            yield
            self.env.flush_all()
        self.env.invalidate_all()

    def linked(self, claim):
        """Return the documents of a claim as a set of ``(model, id)``."""
        links = self.env["gck.vinculo"].search(
            [("origin_model", "=", claim._name), ("origin_id", "=", claim.id)]
        )
        return {(link.res_model, link.res_id) for link in links}

    def validate(self, picking):
        """Finish a transfer with all that it demands."""
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty
            move.picked = True
        picking._action_done()
