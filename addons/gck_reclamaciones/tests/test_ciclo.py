from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ReclamacionesCase

# Odoo writes rows a hundred at a time: one batch, and ten of them.
FEW, MANY = 100, 1000
QUERIES_MAX = 60
# Claims, their messages, and followers of both kinds; nothing for a single claim.
QUERIES_PER_BATCH = 5


@tagged("post_install", "-at_install")
class TestReclamacionCiclo(ReclamacionesCase):
    """The life of a claim, and what people do wrong in it (O-8…O-15)."""

    def new_action(self, claim, **vals):
        return self.env["gck.reclamacion.accion"].create(
            {"reclamacion_id": claim.id, "subject": "Replace it", **vals}
        )

    def new_open(self, **vals):
        claim = self.new_claim(**vals)
        claim.action_open()
        return claim

    # ------------------------------------------------------------
    # Open
    # ------------------------------------------------------------

    def test_o2_type_asks_for_what_it_needs_to_open(self):
        """Document, products and evidence, all named in one message."""
        self.claim_tipo.write(
            {
                "require_document": True,
                "require_lines": True,
                "require_evidence": True,
            }
        )
        claim = self.new_claim()
        with self.assertRaises(UserError) as caught:
            claim.action_open()
        self.assertNames(
            caught.exception, "Origin document", "What is claimed", "A file as evidence"
        )
        self.assertEqual(claim.state, "draft")

    def test_o10_a_file_is_evidence(self):
        self.claim_tipo.require_evidence = True
        claim = self.new_claim()
        claim.message_post(body="Photo", attachments=[("photo.txt", b"broken")])
        claim.action_open()
        self.assertEqual(claim.state, "open")

    def test_o11_internal_claim_needs_no_partner(self):
        claim = self.new_claim(direction="internal", partner_id=False)
        claim.action_open()
        self.assertEqual(claim.state, "open")

    def test_o11_several_incomplete_are_all_named(self):
        claims = self.new_claim() | self.new_claim(partner_id=False)
        claims |= self.new_claim(categoria_id=False)
        with self.assertRaises(UserError) as caught:
            claims.action_open()
        self.assertNames(caught.exception, claims[1].name, claims[2].name)
        self.assertNotIn(claims[0].name, str(caught.exception))
        self.assertEqual(set(claims.mapped("state")), {"draft"})

    def test_o11_opened_twice_is_refused(self):
        """A second click says so; the date of the first stays."""
        claim = self.new_open()
        opened = claim.date_open
        with self.assertRaisesRegex(UserError, claim.name):
            claim.action_open()
        self.assertEqual(claim.date_open, opened)

    def test_o11_nothing_chosen_is_said(self):
        Claim = self.env["gck.reclamacion"]
        for method in ("action_open", "action_evaluate", "action_close"):
            with self.subTest(method), self.assertRaises(UserError):
                getattr(Claim, method)()

    def test_o11_deleted_meanwhile(self):
        claim = self.new_claim()
        stale = claim.with_user(self.quality)
        claim.unlink()
        with self.assertRaises(UserError):
            stale.action_open()

    def test_o11_state_is_not_written(self):
        claim = self.new_claim()
        with self.assertRaises(UserError):
            claim.with_user(self.quality).write({"state": "done"})
        with self.assertRaises(UserError):
            self.new_claim(state="done")
        with self.assertRaises(UserError):
            claim.with_user(self.quality).write({"date_open": fields.Datetime.now()})

    # ------------------------------------------------------------
    # Evaluate
    # ------------------------------------------------------------

    def test_o13_evaluation_without_cause_is_refused(self):
        self.claim_tipo.require_cause_text = True
        claim = self.new_open()
        with self.assertRaises(UserError) as caught:
            claim.action_evaluate()
        self.assertNames(caught.exception, "Root cause", "Analysis")
        claim.write({"causa_id": self.causa.id, "causa_text": "<p><br></p>"})
        with self.assertRaisesRegex(UserError, "Analysis"):
            claim.action_evaluate()
        claim.causa_text = "<p>Nobody looked</p>"
        claim.action_evaluate()
        self.assertTrue(claim.date_evaluated)

    def test_o13_draft_is_not_evaluated(self):
        claim = self.new_claim(causa_id=self.causa.id)
        with self.assertRaisesRegex(UserError, claim.name):
            claim.action_evaluate()

    # ------------------------------------------------------------
    # Close
    # ------------------------------------------------------------

    def test_o15_all_that_is_missing_in_one_message(self):
        """Cause, action and task, each with its responsible, and two claims."""
        one, two = self.new_open(), self.new_open(causa_id=self.causa.id)
        action = self.new_action(one, user_id=self.seller.id)
        task = self.env["gck.tarea"].create(
            {"reclamacion_id": two.id, "subject": "Call", "user_id": self.own.id}
        )
        with self.assertRaises(UserError) as caught:
            (one | two).action_close()
        self.assertNames(
            caught.exception,
            one.name,
            two.name,
            "Root cause",
            action.name,
            task.name,
            self.seller.name,
            self.own.name,
        )

    def test_o14_action_and_effectiveness_asked_for_by_the_type(self):
        self.claim_tipo.write({"require_accion": True, "require_efficacy": True})
        claim = self.new_open(causa_id=self.causa.id, resolution="Solved")
        with self.assertRaisesRegex(UserError, "no solution action is done"):
            claim.action_close()
        action = self.new_action(claim)
        action._do_done("Replaced")
        with self.assertRaisesRegex(UserError, "effectiveness not checked"):
            claim.action_close()
        action._do_check_efficacy("effective", "No case since")
        claim.action_close()
        self.assertEqual(claim.state, "done")

    def test_o14_immediate_action_has_no_effect_to_check(self):
        self.claim_tipo.require_efficacy = True
        claim = self.new_open(causa_id=self.causa.id, resolution="Solved")
        self.new_action(claim, tipo="immediate")._do_done("Replaced")
        claim.action_close()
        self.assertEqual(claim.state, "done")

    def test_o15_closed_twice_is_refused(self):
        claim = self.new_open(causa_id=self.causa.id, resolution="Solved")
        claim.action_close()
        with self.assertRaisesRegex(UserError, claim.name):
            claim.action_close()

    def test_o15_closing_data_is_of_the_server(self):
        claim = self.new_open(causa_id=self.causa.id, resolution="Solved")
        claim.with_user(self.quality).action_close()
        self.assertEqual(claim.done_user_id, self.quality)
        self.assertEqual(claim.closing_text, "Solved")
        self.assertTrue(claim.date_done)
        self.assertAlmostEqual(claim.days_to_close, 0, places=1)

    def test_o15_rejected_calls_its_work_off(self):
        claim = self.new_open()
        action = self.new_action(claim)
        self.confirm(claim.action_reject(), text="Not our product")
        self.assertEqual((claim.state, action.state), ("rejected", "cancel"))
        self.assertEqual(claim.closing_text, "Not our product")
        with self.assertRaises(UserError):
            claim.action_reject()

    def test_o15_rejecting_needs_a_reason(self):
        claim = self.new_open()
        with self.assertRaises(UserError):
            self.confirm(claim.action_reject(), text="  ")

    def test_o15_reopening_is_of_managers(self):
        """Of the direction: purchase managers reopen no customer claim."""
        claim = self.new_open(causa_id=self.causa.id, resolution="Solved")
        claim.action_close()
        for user in (self.seller, self.quality, self.buyer, self.purchase_manager):
            with self.subTest(user.login), self.assertRaises(AccessError):
                claim.with_user(user)._do_reopen("Again")
        action = claim.with_user(self.sales_manager).action_reopen()
        self.confirm(self.as_user(self.sales_manager, action), text="Again")
        self.assertEqual((claim.state, claim.reopen_count), ("evaluated", 1))
        self.assertFalse(claim.date_done)
        self.assertIn("Again", self.log_text(claim))

    def test_o15_what_was_opened_is_not_deleted(self):
        claim = self.new_open()
        with self.assertRaisesRegex(ValidationError, claim.name):
            claim.with_user(self.claim_manager).unlink()
        draft = self.new_claim()
        draft.with_user(self.claim_manager).unlink()
        self.assertFalse(draft.exists())

    # ------------------------------------------------------------
    # Solution actions
    # ------------------------------------------------------------

    def test_o14_action_done_twice_is_refused(self):
        action = self.new_action(self.new_open())
        action._do_done("Replaced")
        with self.assertRaisesRegex(UserError, action.name):
            action._do_done("Replaced again")
        self.assertEqual(action.closing_text, "Replaced")

    def test_o14_action_is_not_done_tomorrow(self):
        action = self.new_action(self.new_open())
        with self.assertRaises(UserError):
            action._do_done("Will be", date_done=self.hours_from_now(5))

    def test_o14_effectiveness_is_planned_and_checked(self):
        """Its checker is reminded on the day; the claim says what came out."""
        claim = self.new_open()
        day = fields.Date.today() + timedelta(days=9)
        action = self.new_action(claim, date_efficacy=day)
        with self.assertRaises(UserError):
            action.action_check_efficacy()
        action._do_done("Replaced")
        self.assertEqual(action.activity_ids.user_id, self.quality)
        self.assertEqual(action.activity_ids.date_deadline, day)
        dialog = action.with_user(self.quality).action_check_efficacy()
        self.env[dialog["res_model"]].with_user(self.quality).with_context(
            **dialog["context"]
        ).create({"efficacy": "ineffective", "text": "It came back"}).action_confirm()
        self.assertEqual(action.efficacy, "ineffective")
        self.assertEqual(action.efficacy_user_id, self.quality)
        self.assertFalse(action.activity_ids)
        self.assertIn("It came back", self.log_text(claim))
        with self.assertRaises(UserError):
            action.with_user(self.quality).write({"efficacy": "effective"})

    def test_m38_actions_show_where_their_responsible_looks(self):
        """In the systray and in the list of all actions, nobody else's."""
        Accion = self.env["gck.reclamacion.accion"]
        before = Accion.with_user(self.seller)._accion_systray_counts()
        action = self.new_action(
            self.new_open(),
            user_id=self.seller.id,
            date_deadline=self.hours_from_now(-1),
        )
        after = Accion.with_user(self.seller)._accion_systray_counts()
        self.assertEqual(after["overdue_count"], before["overdue_count"] + 1)
        self.env.flush_all()
        rows = (
            self.env["gck.accion"]
            .with_user(self.seller)
            .search([("res_model", "=", Accion._name), ("res_id", "=", action.id)])
        )
        self.assertEqual(rows.kind, "accion_solucion")
        self.assertTrue(rows.is_late)
        self.assertFalse(
            self.env["gck.accion"]
            .with_user(self.buyer)
            .search_count([("id", "=", rows.id)])
        )

    # ------------------------------------------------------------
    # Bad input
    # ------------------------------------------------------------

    def test_o12_html_is_text(self):
        """What people type is never run, in messages or in the description."""
        bad = "<script>alert(1)</script>"
        claim = self.new_claim(subject=bad, description=bad + "<b>x</b>")
        self.assertNotIn("<script", claim.description)
        claim.action_open()
        action = self.new_action(claim, subject=bad)
        action._do_done(bad)
        action._do_check_efficacy("effective", bad)
        claim.with_user(self.quality)._do_reject(bad)
        self.assertNotIn("<script", self.log_text(claim) + self.log_text(action))
        self.assertIn("&lt;script", self.log_text(claim))

    def test_o8_archived_people_are_refused(self):
        self.seller.active = False
        with self.assertRaisesRegex(ValidationError, self.seller.name):
            self.new_claim(evaluator_id=self.seller.id)

    def test_o8_archived_proposals_are_not_taken(self):
        self.claim_tipo.write({"user_id": self.seller.id, "solver_id": self.buyer.id})
        (self.seller | self.buyer).active = False
        claim = self.env["gck.reclamacion"].create(
            {"subject": "X", "tipo_id": self.claim_tipo.id}
        )
        self.assertFalse(claim.evaluator_id | claim.solver_id)

    def test_o9_archived_partner_and_type_stay_on_their_claims(self):
        claim = self.new_claim()
        self.customer.active = False
        self.claim_tipo.active = False
        claim.action_open()
        self.assertEqual(claim.state, "open")
        self.assertFalse(
            self.env["gck.reclamacion.tipo"].search([("id", "=", self.claim_tipo.id)])
        )

    def test_o16_a_claimed_product_is_archived_not_deleted(self):
        claim = self.new_claim(
            linea_ids=[Command.create({"product_id": self.product.id})]
        )
        for record in (self.product, self.product.product_tmpl_id):
            with self.assertRaisesRegex(UserError, self.product.name):
                record.unlink()
        self.product.action_archive()
        self.assertEqual(claim.product_id, self.product)

    def test_o16_a_line_claims_something(self):
        claim = self.new_claim()
        for quantity in (0, -1):
            with (
                self.subTest(quantity),
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
                self.cr.savepoint(),
            ):
                self.env["gck.reclamacion.linea"].create(
                    {
                        "reclamacion_id": claim.id,
                        "product_id": self.product.id,
                        "quantity": quantity,
                    }
                )

    def test_o6_copy_is_a_new_draft(self):
        claim = self.new_open(
            causa_id=self.causa.id,
            resolution="Solved",
            linea_ids=[Command.create({"product_id": self.product.id, "quantity": 2})],
        )
        self.new_action(claim)._do_done("Replaced")
        claim.action_close()
        copy = claim.copy()
        self.assertEqual(copy.state, "draft")
        self.assertNotEqual(copy.name, claim.name)
        self.assertFalse(
            copy.causa_id or copy.resolution or copy.accion_ids or copy.date_open
        )
        self.assertEqual(copy.linea_ids.quantity, 2)
        self.assertEqual(copy.evaluator_id, self.quality)

    def test_o6_name_create_takes_the_subject(self):
        claim_id, name = self.env["gck.reclamacion"].name_create("Leaks")
        claim = self.env["gck.reclamacion"].browse(claim_id)
        self.assertEqual(claim.subject, "Leaks")
        self.assertIn(claim.name, name)

    def test_o6_manager_imports_closed_claims(self):
        """With their numbers, states and dates; nobody else sets a state."""
        vals = {
            "name": "RE/2019/7",
            "subject": "Old",
            "state": "done",
            "date": "2019-05-01 08:00:00",
            "date_open": "2019-05-01 08:00:00",
            "date_done": "2019-05-03 08:00:00",
        }
        Claim = self.env["gck.reclamacion"].with_context(import_file=True)
        with self.assertRaises(UserError):
            Claim.with_user(self.quality).create(dict(vals))
        claim = Claim.with_user(self.claim_manager).create(dict(vals))
        self.assertEqual((claim.name, claim.state), ("RE/2019/7", "done"))
        self.assertEqual(claim.days_to_close, 2)

    # ------------------------------------------------------------
    # Many at once
    # ------------------------------------------------------------

    def test_o11_o15_a_thousand_in_a_constant_number_of_queries(self):
        vals = {
            "subject": "It leaks",
            "direction": "customer",
            "partner_id": self.customer.id,
            "tipo_id": self.claim_tipo.id,
            "categoria_id": self.categoria.id,
            "evaluator_id": self.quality.id,
            "causa_id": self.causa.id,
            "resolution": "Solved",
        }
        Claim = self.env["gck.reclamacion"].with_user(self.claim_manager)
        self.new_claim()  # what is cached once and for all
        costs = {}
        for size in (FEW, MANY):
            made = []
            costs["create", size] = self.count_queries(
                lambda size=size, made=made: made.append(
                    Claim.create([dict(vals) for _index in range(size)])
                )
            )
            claims = made[0]
            costs["open", size] = self.count_queries(claims.action_open)
            costs["close", size] = self.count_queries(claims.action_close)
            self.assertEqual(set(claims.mapped("state")), {"done"})
        batches = MANY // FEW - 1
        for step in ("create", "open", "close"):
            with self.subTest(step, costs=costs):
                self.assertLessEqual(costs[step, FEW], QUERIES_MAX)
                self.assertLessEqual(
                    costs[step, MANY],
                    costs[step, FEW] + QUERIES_PER_BATCH * batches,
                )
