from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError

from .common import ReclamacionesCase


class TestReclamacion(ReclamacionesCase):
    def test_o6_each_class_has_its_own_numbers(self):
        claims = self.env["gck.reclamacion"].create(
            [
                {"subject": "A", "clase": clase}
                for clase in ("claim", "incident", "nonconformity", "claim")
            ]
        )
        prefixes = [name.split("/")[0] for name in claims.mapped("name")]
        self.assertEqual(prefixes, ["RE", "INC", "NC", "RE"])
        self.assertEqual(int(claims[3].name[-5:]), int(claims[0].name[-5:]) + 1)

    def test_o8_solver_defaults_to_evaluator_and_turn_passes(self):
        claim = self.new_claim()
        self.assertEqual(claim.solver_id, self.quality)
        claim.solver_id = self.seller
        claim.action_open()
        self.assertEqual(claim.user_id, self.quality)
        claim.causa_id = self.causa
        claim.action_evaluate()
        self.assertEqual(claim.user_id, self.seller)
        claim.user_id = self.claim_manager
        self.assertEqual(claim.solver_id, self.claim_manager)
        self.assertEqual(claim.evaluator_id, self.quality)

    def test_o11_opening_lists_all_that_is_missing(self):
        claim = self.env["gck.reclamacion"].create({"subject": "Something"})
        claim.write({"evaluator_id": False, "solver_id": False})
        with self.assertRaises(UserError) as caught:
            claim.action_open()
        text = str(caught.exception)
        for label in ("Customer or vendor", "Evaluator", "Type", "Category"):
            self.assertIn(label, text)
        self.assertEqual(claim.state, "draft")

    def test_o13_o14_o15_life_of_a_claim(self):
        claim = self.new_claim()
        claim.action_open()
        self.assertTrue(claim.date_open)
        with self.assertRaisesRegex(UserError, "Root cause"):
            claim.action_close()
        claim.causa_id = self.causa
        action = self.env["gck.reclamacion.accion"].create(
            {"reclamacion_id": claim.id, "subject": "Replace it"}
        )
        self.assertEqual(action.user_id, self.quality)
        with self.assertRaisesRegex(UserError, action.name):
            claim.action_close()
        action._do_done("Replaced")
        self.assertEqual(claim.accion_progress, "1/1")
        dialog = claim.action_close()
        self.assertEqual(dialog["res_model"], "gck.accion.transicion")
        self.assertEqual(claim.state, "open")
        wizard = self.env["gck.accion.transicion"].browse(dialog["res_id"])
        wizard.text = "A new one was sent"
        wizard.action_confirm()
        self.assertEqual(claim.state, "done")
        self.assertEqual(claim.resolution, "A new one was sent")
        self.assertTrue(claim.date_evaluated)
        self.assertEqual(claim.done_user_id, self.env.user)

    def test_o15_closed_claim_is_immutable(self):
        claim = self.new_claim(
            linea_ids=[Command.create({"product_id": self.product.id})],
            resolution="Solved",
            causa_id=self.causa.id,
        )
        claim.action_open()
        action = self.env["gck.reclamacion.accion"].create(
            {"reclamacion_id": claim.id, "subject": "Replace it"}
        )
        action._do_done("Replaced")
        claim.action_close()
        for change in (
            lambda: claim.write({"subject": "Other"}),
            lambda: claim.write({"tag_ids": [Command.clear()]}),
            lambda: claim.linea_ids.write({"quantity": 2}),
            lambda: claim.linea_ids.unlink(),
            lambda: action.write({"subject": "Other"}),
            lambda: action._do_reopen("Again"),
            lambda: self.env["gck.reclamacion.accion"].create(
                {"reclamacion_id": claim.id, "subject": "Late"}
            ),
            lambda: self.env["gck.reclamacion.coste"].create(
                {"reclamacion_id": claim.id, "price_unit": 3}
            ),
            lambda: self.env["gck.tarea"].create(
                {"reclamacion_id": claim.id, "subject": "Late"}
            ),
        ):
            with self.assertRaises(UserError):
                change()
        claim.message_post(body="The customer is happy")
        action.with_user(self.quality)._do_check_efficacy("effective", "No case since")
        self.assertEqual(action.efficacy, "effective")
        with self.assertRaises(AccessError):
            claim.with_user(self.quality).action_reopen()
        claim.with_user(self.sales_manager)._do_reopen("Not solved")
        self.assertEqual((claim.state, claim.reopen_count), ("evaluated", 1))

    def test_o14_action_before_the_opening_is_refused(self):
        claim = self.new_claim()
        claim.action_open()
        with self.assertRaises(ValidationError):
            self.env["gck.reclamacion.accion"].create(
                {
                    "reclamacion_id": claim.id,
                    "subject": "Early",
                    "date": fields.Datetime.now() - timedelta(days=1),
                }
            )

    def test_o24_directions_are_of_their_managers(self):
        customer = self.new_claim()
        vendor = self.new_claim(direction="vendor", partner_id=self.vendor.id)
        internal = self.new_claim(direction="internal", partner_id=False)
        Claim = self.env["gck.reclamacion"]
        every = customer | vendor | internal
        for user, seen in (
            (self.seller, customer),
            (self.sales_manager, customer),
            (self.buyer, vendor),
            (self.purchase_manager, vendor),
            (self.quality, every),
            (self.noter, Claim),
        ):
            found = Claim.with_user(user).search([("id", "in", every.ids)])
            self.assertEqual(found.ids, seen.sorted().ids, user.name)
        with self.assertRaises(AccessError):
            Claim.with_user(self.buyer).create(
                {"subject": "X", "direction": "customer"}
            )
        self.assertTrue(
            Claim.with_user(self.buyer).create({"subject": "X", "direction": "vendor"})
        )

    def test_m38_claim_is_part_of_the_list_of_actions(self):
        claim = self.new_claim()
        rows = self.env["gck.accion"].search([("res_model", "=", claim._name)])
        self.assertIn(claim.id, rows.mapped("res_id"))
        self.assertFalse(
            self.env["gck.accion"]
            .with_user(self.buyer)
            .search_count([("id", "=", rows[0].id)])
        )
