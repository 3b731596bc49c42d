from contextlib import contextmanager
from datetime import timedelta

import psycopg2

import odoo
from odoo import SUPERUSER_ID, fields
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import common, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestConcurrentClaims(common.BaseCase):
    """Two people, or two processes, at once on a claim: two real transactions."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self.clean)
        self.ids = {}
        with self.transaction() as env:
            tipo = env["gck.reclamacion.tipo"].create({"name": "gck concurrency"})
            categoria = env["gck.reclamacion.categoria"].create({"name": "gck conc."})
            causa = env["gck.reclamacion.causa"].create({"name": "gck conc."})
            partner = env["res.partner"].create({"name": "gck concurrency"})
            claims = env["gck.reclamacion"].create(
                [
                    {
                        "subject": "gck concurrency",
                        "direction": "customer",
                        "partner_id": partner.id,
                        "tipo_id": tipo.id,
                        "categoria_id": categoria.id,
                        "evaluator_id": env.uid,
                        "causa_id": causa.id,
                        "resolution": "Hecho",
                    }
                    for _n in range(2)
                ]
            )
            self.ids = {
                records._name: records.ids
                for records in (claims, tipo, categoria, causa, partner)
            }

    def clean(self):
        """Delete what the tests committed."""
        with self.transaction() as env:
            if not self.ids:
                return
            claims = env["gck.reclamacion"].browse(self.ids["gck.reclamacion"])
            acciones = claims.accion_ids
            for records in (acciones, claims):
                messages = env["mail.message"].search(
                    [("model", "=", records._name), ("res_id", "in", records.ids)]
                )
                env["mail.mail"].search(
                    [("mail_message_id", "in", messages.ids)]
                ).unlink()
                messages.unlink()
                env["mail.followers"].search(
                    [("res_model", "=", records._name), ("res_id", "in", records.ids)]
                ).unlink()
            env.flush_all()
            for records in (acciones, claims):
                if records:
                    env.cr.execute(
                        f"DELETE FROM {records._table} WHERE id IN %s",  # noqa: S608
                        [tuple(records.ids)],
                    )
            env.invalidate_all()
            for name, ids in self.ids.items():
                if name != "gck.reclamacion":
                    env[name].browse(ids).unlink()

    @contextmanager
    def transaction(self):
        registry = Registry(common.get_db_name())
        with registry.cursor() as cr:
            env = odoo.api.Environment(cr, SUPERUSER_ID, {})
            yield env(user=env.ref("base.user_admin"), su=True)

    def claims(self, env):
        return env["gck.reclamacion"].browse(self.ids["gck.reclamacion"])

    def race(self, first, second):
        """Let both read, then the first commit, then the second write.

        :return: the errors that the second met, the last being what it ended with
        """
        errors = []
        with self.transaction() as env2:
            claims = self.claims(env2)
            claims.read(["state"])  # takes its picture of the database now
            with self.transaction() as env1:
                first(self.claims(env1))

            def attempt():
                try:
                    second(claims)
                    env2.flush_all()
                except Exception as error:
                    errors.append(error)
                    raise

            with mute_logger("odoo.sql_db", "odoo.service.model"):
                try:
                    retrying(attempt, env2)
                except UserError:
                    env2.cr.rollback()
        return errors

    def states(self):
        with self.transaction() as env:
            return self.claims(env).mapped("state")

    @staticmethod
    def open_all(claims):
        claims.action_open()

    @staticmethod
    def close_first(claims):
        claims[0].action_close()

    @staticmethod
    def add_action(claims):
        claims.env["gck.reclamacion.accion"].create(
            {"reclamacion_id": claims[0].id, "subject": "otra"}
        )

    def opened(self):
        with self.transaction() as env:
            self.open_all(self.claims(env))

    def assert_refused(self, errors, *texts):
        """Check that the second collided, was tried again, and then refused."""
        self.assertIsInstance(errors[0], psycopg2.errors.SerializationFailure)
        self.assertIsInstance(errors[-1], UserError)
        for text in texts:
            self.assertIn(text, str(errors[-1]))

    def test_double_click_on_open(self):
        """The second is told that it is no draft any more; it is logged once."""
        self.assert_refused(self.race(self.open_all, self.open_all))
        self.assertEqual(self.states(), ["open", "open"])
        with self.transaction() as env:
            claim = self.claims(env)[0]
            logs = claim.message_ids.filtered(lambda m: "→" in (m.body or ""))
            self.assertEqual(len(logs), 1)

    def test_o15_action_added_while_the_claim_is_closed(self):
        self.opened()
        self.assert_refused(self.race(self.close_first, self.add_action))
        self.assertEqual(self.states(), ["done", "open"])

    def test_o14_closing_while_an_action_is_added(self):
        """Whoever closes second is refused, with the new action named."""
        self.opened()
        self.assert_refused(self.race(self.add_action, self.close_first), "otra")
        self.assertEqual(self.states(), ["open", "open"])

    def test_o15_two_people_close_it(self):
        self.opened()
        self.assert_refused(self.race(self.close_first, self.close_first))

    def test_merging_while_one_is_closed(self):
        self.opened()
        errors = self.race(
            self.close_first, lambda claims: claims._merge_into(claims[0])
        )
        self.assert_refused(errors)
        self.assertEqual(self.states(), ["done", "open"])

    def test_an_action_added_to_a_claim_that_is_merged(self):
        self.opened()
        errors = self.race(
            lambda claims: claims._merge_into(claims[1]), self.add_action
        )
        self.assert_refused(errors)
        self.assertEqual(self.states(), ["rejected", "open"])

    # ------------------------------------------------------------
    # Two workers that escalate
    # ------------------------------------------------------------

    def late(self):
        with self.transaction() as env:
            env.user.partner_id.email = env.user.email or "admin@gck.example.com"
            claims = self.claims(env)
            env.company.gck_reclamacion_escalation_user_id = False
            claims.write(
                {
                    "date": fields.Datetime.now() - timedelta(days=9),
                    "evaluator_id": False,
                    "evaluation_deadline": fields.Datetime.now() - timedelta(days=1),
                }
            )
            claims.tipo_id.escalation_user_id = env.uid

    def count_told(self):
        with self.transaction() as env:
            claim = self.claims(env)[0]
            return len(
                env["mail.message"].search(
                    [
                        ("notified_partner_ids", "in", env.user.partner_id.ids),
                        ("body", "like", claim.name),
                        ("message_type", "=", "user_notification"),
                    ]
                )
            )

    @staticmethod
    def escalate(claims):
        # As the cron does: nobody is told of what they sent themselves.
        cron = claims.with_user(SUPERUSER_ID)
        cron._escalate(claims.env.user.with_env(cron.env), claims.ids)

    def test_two_workers_escalate_once(self):
        """The second, whose picture is older, collides and finds it told."""
        self.late()
        before = self.count_told()
        errors = self.race(self.escalate, self.escalate)
        self.assertIsInstance(errors[0], psycopg2.errors.SerializationFailure)
        self.assertEqual(len(errors), 1)
        self.assertEqual(self.count_told() - before, 1)

    def test_a_worker_does_not_wait_for_another(self):
        """While one is at it, the other leaves these people to it."""
        self.late()
        before = self.count_told()
        with self.transaction() as env1, self.transaction() as env2:
            env2.cr.execute("SET LOCAL lock_timeout = '2s'")
            self.escalate(self.claims(env1))
            self.escalate(self.claims(env2))
        self.assertEqual(self.count_told() - before, 1)
        with self.transaction() as env:
            self.assertTrue(all(self.claims(env).mapped("date_escalated")))
