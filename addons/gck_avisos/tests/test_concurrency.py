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
class TestConcurrency(common.BaseCase):
    """Two people at once, in two real transactions (K-44)."""

    def setUp(self):
        super().setUp()
        with self.transaction() as env:
            self.rule = env.company.gck_close_rule
            env.company.gck_close_rule = "block"
            aviso = env["gck.aviso"].create({"subject": "gck concurrency"})
            aviso.action_open()  # adding work to it does not change it any more
            self.aviso_id = aviso.id
        self.addCleanup(self.clean)

    def clean(self):
        """Delete what the tests committed."""
        with self.transaction() as env:
            env.company.gck_close_rule = self.rule
            aviso = env["gck.aviso"].browse(self.aviso_id)
            records = (aviso.intervencion_ids, aviso.tarea_ids, aviso)
            for record in records:
                env["mail.message"].search(
                    [("model", "=", record._name), ("res_id", "in", record.ids)]
                ).unlink()
                env["mail.followers"].search(
                    [("res_model", "=", record._name), ("res_id", "in", record.ids)]
                ).unlink()
            env.flush_all()
            for record in records:
                if record:
                    env.cr.execute(
                        f"DELETE FROM {record._table} WHERE id IN %s",  # noqa: S608
                        [tuple(record.ids)],
                    )

    @contextmanager
    def transaction(self):
        registry = Registry(common.get_db_name())
        with registry.cursor() as cr:
            env = odoo.api.Environment(cr, SUPERUSER_ID, {})
            yield env(user=env.ref("base.user_admin"), su=True)

    def race(self, first, second):
        """Let both read, then the first commit, then the second write.

        :return: what the second got when Odoo had retried it: its result or its error
        """
        tries = []

        with self.transaction() as env2:
            aviso2 = env2["gck.aviso"].browse(self.aviso_id)
            aviso2.read(["state"])  # takes its picture of the database now
            with self.transaction() as env1:
                first(env1["gck.aviso"].browse(self.aviso_id))

            def attempt():
                tries.append(1)
                try:
                    second(aviso2)
                    env2.flush_all()
                except psycopg2.errors.SerializationFailure as error:
                    tries.append(error)
                    raise

            with mute_logger("odoo.sql_db", "odoo.service.model"):
                try:
                    retrying(attempt, env2)
                except UserError as error:
                    env2.cr.rollback()
                    return tries, error
        return tries, None

    def state(self):
        with self.transaction() as env:
            aviso = env["gck.aviso"].browse(self.aviso_id)
            return aviso.state, aviso.tarea_ids.mapped("state")

    @staticmethod
    def close(aviso):
        aviso.action_close()

    @staticmethod
    def add_task(aviso):
        aviso.env["gck.tarea"].create({"subject": "otra", "aviso_id": aviso.id})

    @staticmethod
    def log(aviso):
        aviso.env["gck.intervencion"].create(
            {"description": "<p>x</p>", "aviso_id": aviso.id}
        )

    def test_k44_two_people_close_the_same_notice(self):
        """The second is retried and told that it was closed; it is logged once."""
        tries, error = self.race(self.close, self.close)
        self.assertIsInstance(tries[1], psycopg2.errors.SerializationFailure)
        self.assertIsInstance(error, UserError)
        self.assertEqual(self.state(), ("done", []))

    def test_k44_task_added_while_the_notice_is_closed(self):
        """Whoever adds the task second is refused: nothing hangs from a closed one."""
        _tries, error = self.race(self.close, self.add_task)
        self.assertIsInstance(error, UserError)
        self.assertEqual(self.state(), ("done", []))

    def test_k44_closing_while_a_task_is_added(self):
        """Whoever closes second is refused, with the new task named."""
        _tries, error = self.race(self.add_task, self.close)
        self.assertIsInstance(error, UserError)
        self.assertIn("otra", str(error))
        self.assertEqual(self.state(), ("open", ["pending"]))

    def test_k44_closing_while_a_task_is_reopened(self):
        """A task reopened meanwhile keeps the notice from closing."""
        with self.transaction() as env:
            aviso = env["gck.aviso"].browse(self.aviso_id)
            self.add_task(aviso)
            aviso.tarea_ids._do_done("Hecho")

        def reopen(aviso):
            aviso.tarea_ids.action_reopen()

        _tries, error = self.race(reopen, self.close)
        self.assertIsInstance(error, UserError)
        self.assertEqual(self.state(), ("open", ["pending"]))

    def test_k44_intervention_logged_while_the_notice_is_closed(self):
        """Work logged second on a closed notice is refused."""
        _tries, error = self.race(self.close, self.log)
        self.assertIsInstance(error, UserError)

    def test_k42_two_people_add_tasks_at_once(self):
        """Both tasks are there, with numbers of their own."""
        _tries, error = self.race(self.add_task, self.add_task)
        self.assertIsNone(error)
        self.assertEqual(self.state(), ("open", ["pending", "pending"]))
        with self.transaction() as env:
            names = env["gck.aviso"].browse(self.aviso_id).tarea_ids.mapped("name")
        self.assertEqual(len(set(names)), 2)

    def test_k1_numbers_drawn_at_once_are_different(self):
        """Two receptionists saving at the same moment get two numbers."""
        names = []
        with self.transaction() as env1, self.transaction() as env2:
            for env in (env1, env2):
                names.append(env["gck.aviso"].create({"subject": "x"}).name)
            env1.cr.rollback()
            env2.cr.rollback()
        self.assertEqual(len(set(names)), 2)
