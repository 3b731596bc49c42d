from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .lote_common import ReclamacionesLotesCase

LOGGER = "odoo.addons.gck_avisos.models.gck_reparto_mixin"


@tagged("post_install", "-at_install")
class TestEscalation(ReclamacionesLotesCase):
    """Late claims are told to somebody above, once for each deadline."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.gck_reclamacion_escalation_user_id = cls.claim_manager
        cls.people = (
            cls.claim_manager | cls.sales_manager | cls.purchase_manager
            | cls.quality | cls.seller | cls.dispatcher | cls.own
        )  # fmt: skip

    def late(self, hours=1, **vals):
        return self.new_claim(
            date=fields.Datetime.now() - timedelta(days=30),
            evaluation_deadline=fields.Datetime.now() - timedelta(hours=hours),
            **vals,
        )

    def run_cron(self, method="_cron_escalate", model="gck.reclamacion"):
        """Run a cron; return the messages that each of our people got."""
        before = self.env["mail.message"].search([])
        with self.committing() as env:
            getattr(env[model], method)()
        self.env.invalidate_all()
        found = {user: self.messages_to(user) - before for user in self.people}
        return {user: messages for user, messages in found.items() if messages}

    def test_one_message_for_each_person_and_once(self):
        claims = self.late() | self.late() | self.late()
        intime = self.late(hours=-5)
        found = self.run_cron()
        self.assertEqual(set(found), {self.claim_manager})
        message = found[self.claim_manager]
        self.assertEqual(len(message), 1)
        self.assertNames(message.body, *claims.mapped("name"))
        self.assertNotIn(intime.name, message.body)
        self.assertTrue(all(claims.mapped("date_escalated")))
        self.assertFalse(intime.date_escalated)
        self.assertIn(self.claim_manager.partner_id, claims[0].message_partner_ids)
        self.assertIn(self.claim_manager.name, self.log_text(claims[0]))
        self.assertFalse(self.run_cron())

    def test_escalated_again_when_the_deadline_moves(self):
        claim = self.late()
        self.run_cron()
        claim.action_open()  # the same deadline: it was told already
        self.assertTrue(claim.date_escalated)
        self.assertFalse(self.run_cron())
        claim.action_postpone(5)
        self.assertFalse(claim.date_escalated)
        self.assertFalse(self.run_cron())
        with freeze_time(fields.Datetime.now() + timedelta(hours=6)):
            self.assertEqual(set(self.run_cron()), {self.claim_manager})

    def test_only_after_the_hours_of_the_company(self):
        self.company.gck_reclamacion_escalation_hours = 24
        early, due = self.late(hours=20), self.late(hours=30)
        found = self.run_cron()
        self.assertFalse(early.date_escalated)
        self.assertTrue(due.date_escalated)
        self.assertEqual(set(found), {self.claim_manager})

    def test_type_goes_before_the_company(self):
        self.claim_tipo.escalation_user_id = self.sales_manager
        self.late()
        self.assertEqual(set(self.run_cron()), {self.sales_manager})

    def test_whoever_left_is_skipped(self):
        """An archived person, or one without access, is passed over."""
        self.claim_tipo.escalation_user_id = self.sales_manager
        self.sales_manager.active = False
        self.company.gck_reclamacion_escalation_user_id = self.outsider
        self.dispatcher.group_ids += self.env.ref(
            "gck_reclamaciones.group_gck_reclamacion_user"
        )
        claim = self.late(department_id=self.admin_department.id)
        self.assertEqual(set(self.run_cron()), {self.dispatcher})
        # As a follower, who is told may open it.
        self.assertTrue(claim.with_user(self.dispatcher).subject)

    def test_without_anybody_the_managers_of_the_direction(self):
        self.company.gck_reclamacion_escalation_user_id = False
        mine = self.late()
        vendor = self.late(direction="vendor", partner_id=self.vendor.id)
        found = self.run_cron()
        self.assertEqual(
            set(found), {self.sales_manager, self.purchase_manager, self.claim_manager}
        )
        self.assertIn(mine.name, found[self.sales_manager].subject)
        self.assertIn(vendor.name, found[self.purchase_manager].subject)
        self.assertEqual(len(found[self.claim_manager]), 1)
        self.assertNames(found[self.claim_manager].body, mine.name, vendor.name)
        self.assertNotIn(vendor.name, found[self.sales_manager].body)
        self.assertFalse(self.run_cron())

    def test_whoever_is_late_is_not_their_own_superior(self):
        claim = self.late(evaluator_id=self.claim_manager.id)
        found = self.run_cron()
        self.assertNotIn(self.claim_manager, found)
        self.assertIn(self.sales_manager, found)
        self.assertTrue(claim.date_escalated)

    def test_one_that_fails_does_not_stop_the_rest(self):
        claims = self.late() | self.late() | self.late()
        bad = claims[1]
        original = type(claims)._get_digest_item

        def fail(record, user):
            if record.id == bad.id:
                raise ValueError("no text")
            return original(record, user)

        with (
            patch.object(type(claims), "_get_digest_item", fail),
            mute_logger(LOGGER),
        ):
            self.run_cron()
        self.assertFalse(bad.date_escalated)
        self.assertTrue(all((claims - bad).mapped("date_escalated")))
        self.assertEqual(set(self.run_cron()), {self.claim_manager})

    def test_ended_and_foreign_ones_are_left(self):
        ended = self.late()
        ended._do_reject("No")
        self.assertFalse(self.run_cron())
        self.assertFalse(ended.date_escalated)

    def test_nobody_writes_it(self):
        claim = self.late()
        for name in ("date_escalated", "escalated_deadline"):
            with self.assertRaises(UserError):
                claim.with_user(self.quality).write({name: fields.Datetime.now()})

    def test_it_is_no_change_of_the_claim(self):
        claim = self.late()
        written = claim.write_date, claim.write_uid
        self.run_cron()
        self.assertEqual((claim.write_date, claim.write_uid), written)

    def test_many_cost_what_a_few_do(self):
        def cost(count):
            claims = self.new_claim()
            for _n in range(count):
                claims |= self.late()
            claims -= claims[0]
            return self.count_queries(
                lambda: claims._escalate(self.claim_manager, claims.ids)
            )

        cost(2)
        few, many = cost(2), cost(30)
        self.assertLessEqual(many, few + 3)

    def test_o14_late_solution_actions_are_reminded(self):
        """Their responsible gets one message, the next day another."""
        claim = self.new_claim(date=fields.Datetime.now() - timedelta(days=9))
        action = self.env["gck.reclamacion.accion"].create(
            {
                "reclamacion_id": claim.id,
                "subject": "Replace <b>it</b>",
                "user_id": self.seller.id,
                "date_deadline": "2026-03-02 09:00:00",
            }
        )
        call = ("_cron_remind_late", "gck.reclamacion.accion")
        with freeze_time("2026-03-04 06:00:00"):
            found = self.run_cron(*call)
            self.assertEqual(set(found), {self.seller})
            self.assertIn(action.name, found[self.seller].subject)
            self.assertIn("&lt;b&gt;it", found[self.seller].body)
            self.assertFalse(self.run_cron(*call))
        with freeze_time("2026-03-05 06:00:00"):
            self.assertEqual(set(self.run_cron(*call)), {self.seller})
        action._do_done("Done")
        with freeze_time("2026-03-06 06:00:00"):
            self.assertFalse(self.run_cron(*call))
