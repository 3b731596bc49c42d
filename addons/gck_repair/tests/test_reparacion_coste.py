from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ReparacionesCase


@tagged("post_install", "-at_install")
class TestReparacionCoste(ReparacionesCase):
    """What a repair costs is a cost of its claim (O-22)."""

    @classmethod
    def setup_tables(cls):
        result = super().setup_tables()
        cls.claim = cls.new_claim_of(
            (cls.product, 1), causa_id=cls.causa.id, resolution="Repaired"
        )
        return result

    def close(self):
        self.company.gck_reclamacion_repair_block = False
        self.claim.action_close()

    def test_o22_a_finished_repair_costs_its_parts(self):
        repair = self.repair(self.claim)
        self.assertFalse(self.claim.coste_ids)
        self.finish(repair, 2)
        coste = self.claim.coste_ids
        self.assertEqual(coste.concepto, "repair")
        self.assertEqual(coste.amount, 25)
        self.assertEqual((coste.res_model, coste.res_id), (repair._name, repair.id))
        self.assertIn(repair.name, coste.name)
        second = self.repair(self.claim)
        self.finish(second, 4)
        self.assertEqual(self.claim.cost_total, 75)

    def test_o22_only_added_parts_count_in_their_unit(self):
        repair = self.repair(self.claim)
        dozen = self.env.ref("uom.product_uom_dozen")
        line = {"product_id": self.part.id, "product_uom_qty": 1}
        repair.write(
            {
                "move_ids": [
                    Command.create(
                        {**line, "repair_line_type": "add", "product_uom": dozen.id}
                    ),
                    Command.create({**line, "repair_line_type": "remove"}),
                    Command.create({**line, "repair_line_type": "recycle"}),
                ]
            }
        )
        self.finish(repair, 0)
        self.assertEqual(self.claim.cost_total, 150)

    def test_o22_a_repair_without_parts_costs_nothing(self):
        self.finish(self.repair(self.claim), 0)
        self.assertFalse(self.claim.coste_ids)

    def test_o22_the_cost_follows_corrections(self):
        repair = self.repair(self.claim)
        self.finish(repair, 2)
        coste = self.claim.coste_ids
        lines = repair.sudo().move_ids.move_line_ids
        lines.quantity = 3
        self.assertEqual(self.claim.coste_ids, coste)
        self.assertEqual(coste.amount, 37.5)
        repair._gck_sync_reclamacion_coste()
        self.assertEqual(len(self.claim.coste_ids), 1)

    def test_o22_the_cost_goes_with_the_repair(self):
        repair = self.repair(self.claim)
        self.finish(repair, 2)
        other = self.new_claim_of((self.product, 1))
        repair.reclamacion_id = other
        self.assertFalse(self.claim.coste_ids)
        self.assertEqual(other.cost_total, 25)
        repair.sudo().state = "cancel"
        self.assertFalse(other.coste_ids)

    def test_o22_a_closed_claim_keeps_its_costs_and_logs(self):
        repair = self.repair(self.claim)
        self.close()
        self.finish(repair.with_user(self.storekeeper), 2)
        self.assertFalse(self.claim.coste_ids)
        text = self.log_text(self.claim)
        self.assertIn(repair.name, text)
        self.assertRegex(text, "25[.,]00")
        self.claim.with_user(self.claim_manager)._do_reopen("It came back")
        self.assertEqual(self.claim.cost_total, 25)

    def test_o22_corrections_after_closing_are_logged(self):
        repair = self.repair(self.claim)
        self.finish(repair, 2)
        self.close()
        repair.sudo().move_ids.move_line_ids.quantity = 1
        self.assertEqual(self.claim.cost_total, 25)
        self.assertRegex(self.log_text(self.claim), "12[.,]50")
        with self.assertRaises(UserError):
            repair.reclamacion_id = False

    def test_o22_costs_are_at_the_cost_of_the_company(self):
        self.part.with_company(self.other_company).standard_price = 99
        repair = self.repair(self.claim)
        self.finish(repair, 1)
        far = repair.with_company(self.other_company).sudo()
        far._gck_sync_reclamacion_coste()
        self.assertEqual(self.claim.cost_total, 12.5)

    def test_o22_ending_many_repairs_costs_the_same(self):
        claims = self.env["gck.reclamacion"].union(
            *(self.new_claim_of((self.product, 1)) for _n in range(12))
        )
        for claim in claims:
            self.finish(self.repair(claim), 1)
        claims.coste_ids.unlink()
        repairs = self.env["repair.order"].browse(claims.repair_ids.ids)
        few, many = (
            self.count_queries(some._gck_sync_reclamacion_coste)
            for some in (repairs[:2], repairs[2:])
        )
        self.assertEqual(claims.mapped("cost_total"), [12.5] * 12)
        self.assertLessEqual(many, few)
