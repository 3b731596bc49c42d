from contextlib import contextmanager

import psycopg2

import odoo
from odoo import SUPERUSER_ID
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import common, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestReclamacionConcurrency(common.BaseCase):
    """Two people at once on a claim, in two real transactions (O-14, O-15)."""

    def setUp(self):
        super().setUp()
        with self.transaction() as env:
            tables = {
                name: env[f"gck.reclamacion.{name}"].create({"name": "concurrency"})
                for name in ("tipo", "categoria", "causa")
            }
            claim = env["gck.reclamacion"].create(
                {
                    "subject": "gck concurrency",
                    "direction": "internal",
                    "resolution": "Solved",
                    "evaluator_id": env.uid,
                    **{f"{name}_id": row.id for name, row in tables.items()},
                }
            )
            claim.action_open()
            self.claim_id = claim.id
            self.tables = {name: row.id for name, row in tables.items()}
        self.addCleanup(self.clean)

    def clean(self):
        """Delete what the tests committed."""
        with self.transaction() as env:
            claim = env["gck.reclamacion"].browse(self.claim_id)
            for record in (claim.accion_ids, claim):
                for model, field in (
                    ("mail.message", "model"),
                    ("mail.followers", "res_model"),
                ):
                    env[model].search(
                        [(field, "=", record._name), ("res_id", "in", record.ids)]
                    ).unlink()
                env.flush_all()
                if record:
                    env.cr.execute(
                        f"DELETE FROM {record._table} WHERE id IN %s",  # noqa: S608
                        [tuple(record.ids)],
                    )
            env.invalidate_all()
            for name, row_id in self.tables.items():
                env[f"gck.reclamacion.{name}"].browse(row_id).unlink()

    @contextmanager
    def transaction(self):
        with Registry(common.get_db_name()).cursor() as cr:
            env = odoo.api.Environment(cr, SUPERUSER_ID, {})
            yield env(user=env.ref("base.user_admin"), su=True)

    def race(self, first, second):
        """Let both read, then the first commit, then the second write.

        :return: what the second got when Odoo had retried it: None or its error
        """
        with self.transaction() as env2:
            claim2 = env2["gck.reclamacion"].browse(self.claim_id)
            claim2.read(["state"])  # takes its picture of the database now
            with self.transaction() as env1:
                first(env1["gck.reclamacion"].browse(self.claim_id))
            tries = []

            def attempt():
                tries.append(1)
                second(claim2)
                env2.flush_all()

            with mute_logger("odoo.sql_db", "odoo.service.model"):
                try:
                    retrying(attempt, env2)
                except UserError as error:
                    env2.cr.rollback()
                    return error
                except psycopg2.Error:
                    env2.cr.rollback()
                    raise
        self.assertGreater(len(tries), 1, "the two never collided")
        return None

    def state(self):
        with self.transaction() as env:
            claim = env["gck.reclamacion"].browse(self.claim_id)
            return claim.state, claim.accion_ids.mapped("state")

    @staticmethod
    def close(claim):
        claim.action_close()

    @staticmethod
    def add_action(claim):
        claim.env["gck.reclamacion.accion"].create(
            {"reclamacion_id": claim.id, "subject": "another one"}
        )

    def test_o15_two_people_close_the_same_claim(self):
        """The second is told that it was closed; it is closed once."""
        error = self.race(self.close, self.close)
        self.assertIsInstance(error, UserError)
        self.assertEqual(self.state(), ("done", []))

    def test_o14_action_added_while_the_claim_is_closed(self):
        """Whoever adds it second is refused: nothing hangs from a closed claim."""
        error = self.race(self.close, self.add_action)
        self.assertIsInstance(error, UserError)
        self.assertEqual(self.state(), ("done", []))

    def test_o15_closing_while_an_action_is_added(self):
        """Whoever closes second is refused, with the new action named."""
        error = self.race(self.add_action, self.close)
        self.assertIsInstance(error, UserError)
        self.assertIn("another one", str(error))
        self.assertEqual(self.state(), ("open", ["pending"]))
