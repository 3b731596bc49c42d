from odoo import Command
from odoo.tests import tagged

from odoo.addons.gck_reclamaciones.tests.common import (
    CUSTOMER,
    QUALITY,
    ReclamacionesCase,
)

STOCK = "stock.group_stock_user"


@tagged("post_install", "-at_install")
class ReparacionesCase(ReclamacionesCase):
    """The people and products of claims, and a workshop that repairs."""

    @classmethod
    def setup_people(cls):
        result = super().setup_people()
        cls.technician = cls.new_user("technician", f"{QUALITY},{STOCK}", "Tom Tech")
        cls.storekeeper = cls.new_user("storekeeper", STOCK, "Stan Store")
        cls.shop = cls.new_user("shop", f"{CUSTOMER},{STOCK}", "Sue Shop")
        return result

    @classmethod
    def setup_tables(cls):
        result = super().setup_tables()
        cls.product.type = "consu"
        cls.fan, cls.part, cls.service = cls.env["product.product"].create(
            [
                {"name": "Fan", "type": "consu"},
                {
                    "name": "Seal",
                    "type": "consu",
                    "is_storable": True,
                    "standard_price": 12.5,
                },
                {"name": "Start-up", "type": "service"},
            ]
        )
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.env["stock.quant"]._update_available_quantity(
            cls.part, cls.warehouse.lot_stock_id, 100
        )
        return result

    @classmethod
    def new_claim_of(cls, *lines, **vals):
        """Create an open claim of some products: pairs of product and quantity."""
        claim = cls.new_claim(
            linea_ids=[
                Command.create({"product_id": product.id, "quantity": quantity})
                for product, quantity in lines
            ],
            **vals,
        )
        claim.action_open()
        return claim

    def repair(self, claim, user=None, **vals):
        """Press «Create repair», answer its dialog if there is one.

        :return: the repair, as the user
        """
        action = claim.with_user(user or self.technician).action_create_repair()
        if action.get("target") == "new":
            action = self.confirm(self.as_user(user or self.technician, action), **vals)
        repair = self.env["repair.order"].browse(action["res_id"])
        return repair.with_user(user or self.technician)

    def finish(self, repair, quantity=2):
        """Carry a repair out, with some of the part."""
        if quantity:
            repair.write(
                {
                    "move_ids": [
                        Command.create(
                            {
                                "product_id": self.part.id,
                                "product_uom_qty": quantity,
                                "repair_line_type": "add",
                            }
                        )
                    ]
                }
            )
        repair.action_validate()
        repair.action_repair_start()
        for move in repair.move_ids:
            move.quantity = move.product_uom_qty
        repair.action_repair_end()
        self.assertEqual(repair.state, "done")
