from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .lote_common import REFUSAL, LotesCase

POSTPONE = {"hours": 5}
SLACK = 25


@tagged("post_install", "-at_install")
class TestBulkEngine(LotesCase):
    """A job does each record once, whatever becomes of the others (design §2)."""

    # ------------------------------------------------------------
    # Life of a job
    # ------------------------------------------------------------

    def test_job_does_every_record_once_and_tells_who_launched_it(self):
        """Chunk after chunk, with the rights, language and company of the person."""
        self.reception.lang = "en_US"
        tareas = self.new_tareas(12)
        before = tareas.mapped("date_deadline")
        lote = self.new_lote(tareas, "_bulk_postpone", POSTPONE, chunk_size=5)
        self.assertEqual((lote.state, lote.total, lote.progress), ("pending", 12, 0))
        with patch.object(self.registry["res.users"], "_bus_send") as bus:
            self.work()
        self.assertEqual((lote.state, lote.done_count), ("done", 12))
        self.assertEqual(lote.progress, 100)
        self.assertTrue(lote.date_start and lote.date_end)
        moved = [moment + timedelta(hours=5) for moment in before]
        self.assertEqual(tareas.mapped("date_deadline"), moved)
        message = tareas[0].message_ids[0]
        self.assertEqual(message.author_id, self.reception.partner_id)
        ended, told = bus.call_args_list
        self.assertEqual(ended.args, ("gck_lote_end", {"res_model": "gck.tarea"}))
        self.assertEqual(told.args[0], "simple_notification")
        self.assertIn("12", bus.call_args.args[1]["message"])
        self.assertFalse(self.messages_to(self.reception))

    def test_one_failing_record_does_not_stop_the_rest(self):
        """It is named to who launched the job, and on the record itself."""
        tareas = self.new_tareas(12)
        bad = tareas[7]
        before = bad.date_deadline
        lote = self.new_lote(tareas, "_bulk_postpone", POSTPONE, chunk_size=6)
        with self.failing("gck.tarea", "action_postpone", bad):
            self.work()
        self.assertEqual((lote.done_count, lote.failed_count), (11, 1))
        self.assertEqual(self.lines(lote)[bad.id], ("failed", REFUSAL))
        self.assertEqual(bad.date_deadline, before)
        self.assertIn(REFUSAL, self.log_text(bad))
        self.assertEqual(lote.linea_ids[0].res_id, bad.id)
        message = self.messages_to(self.reception)
        self.assertNames(message.body, bad.name, REFUSAL)
        self.assertNames(message.subject, lote.name)

    def test_what_failed_is_tried_again_and_nothing_else(self):
        """«Retry» does the failed ones; the others are not done a second time."""
        tareas = self.new_tareas(6)
        before = tareas[0].date_deadline
        lote = self.new_lote(tareas, "_bulk_postpone", POSTPONE)
        with self.failing("gck.tarea", "action_postpone", tareas[2]):
            self.work()
        lote.with_user(self.reception).action_retry()
        self.assertEqual((lote.state, lote.failed_count), ("pending", 0))
        self.work()
        self.assertEqual((lote.state, lote.done_count), ("done", 6))
        moved = before + timedelta(hours=5)
        self.assertEqual(set(tareas.mapped("date_deadline")), {moved})

    def test_database_errors_of_one_record_are_isolated(self):
        """A constraint of the database fails one record, in words."""
        tareas = self.new_tareas(4)
        bad = tareas[1]
        original = self.registry["gck.tarea"].action_postpone

        def violate(records, hours):
            if bad in records:
                records.env.company.sudo().gck_reminder_days = 0
            return original(records, hours)

        lote = self.new_lote(tareas, "_bulk_postpone", POSTPONE)
        with (
            patch.object(self.registry["gck.tarea"], "action_postpone", violate),
            mute_logger("odoo.sql_db"),
        ):
            self.work()
        self.assertEqual(lote.done_count, 3)
        self.assertIn("365", self.lines(lote)[bad.id][1])
        self.assertEqual(self.company.gck_reminder_days, 1)

    def test_records_deleted_meanwhile(self):
        """They are noted; the job ends."""
        tareas = self.new_tareas(4)
        lote = self.new_lote(tareas, "_bulk_postpone", POSTPONE)
        gone = tareas[3]
        gone_id = gone.id
        gone.with_user(self.manager).unlink()
        self.work()
        self.assertEqual((lote.state, lote.done_count), ("done", 4))
        state, message = self.lines(lote)[gone_id]
        self.assertEqual(state, "done")
        self.assertTrue(message)
        line = lote.linea_ids.filtered(lambda line: line.res_id == gone_id)
        self.assertFalse(line.action_open_record())
        self.assertIn(str(gone_id), line.record_name)

    def test_collisions_are_tried_again(self):
        """Somebody else's commit costs a retry, not the chunk."""
        lote = self.new_lote(self.new_tareas(4), "_bulk_postpone", POSTPONE)
        original = self.registry["gck.lote"]._mark_lines
        collisions = [SerializationFailure, ConcurrencyError]

        def collide(lote, *args):
            if collisions:
                raise collisions.pop()("otro")
            return original(lote, *args)

        with (
            patch.object(self.registry["gck.lote"], "_mark_lines", collide),
            patch("odoo.addons.gck_avisos.models.gck_lote_trabajo.time.sleep"),
        ):
            self.work()
        self.assertFalse(collisions)
        self.assertEqual((lote.state, lote.done_count), ("done", 4))
        logs = lote.linea_ids.mapped("res_id")
        bodies = [self.log_text(self.env["gck.tarea"].browse(i)) for i in logs]
        self.assertEqual({body.count("→") for body in bodies}, {1})

    def test_stopping_and_going_on(self):
        """A stopped job does nothing more until somebody lets it go on."""
        tareas = self.new_tareas(6)
        lote = self.new_lote(tareas, "_bulk_postpone", POSTPONE, chunk_size=2)
        with self.committing() as env:
            job = env["gck.lote"]._start_waiting()
            job._process_chunk()
        lote.with_user(self.reception).action_cancel()
        self.work()
        self.assertEqual((lote.state, lote.done_count), ("cancel", 2))
        lote.with_user(self.reception).action_resume()
        self.work()
        self.assertEqual((lote.state, lote.done_count), ("done", 6))

    def test_jobs_take_turns(self):
        """A small job does not wait for the end of a big one."""
        big = self.new_lote(self.new_tareas(6), "_bulk_postpone", POSTPONE, 1)
        small = self.new_lote(self.new_tareas(1), "_bulk_postpone", POSTPONE, 1)
        order = []
        original = self.registry["gck.lote"]._do_chunk

        def note(lote, limit=None):
            order.append(lote.id)
            return original(lote, limit)

        with patch.object(self.registry["gck.lote"], "_do_chunk", note):
            self.work()
        self.assertIn(small.id, order[:2])
        self.assertEqual((big.state, small.state), ("done", "done"))

    def test_empty_job_ends_at_once(self):
        """Nothing to do is done."""
        lote = self.new_lote(self.env["gck.tarea"], "_bulk_postpone", POSTPONE)
        self.work()
        self.assertEqual((lote.state, lote.total, lote.progress), ("done", 0, 100))

    def test_workers_are_woken_and_there_are_three(self):
        """Creating a job triggers every worker; each runs the same method."""
        Trigger = self.env["ir.cron.trigger"]
        before = Trigger.search_count([])
        self.new_lote(self.new_tareas(1), "_bulk_postpone", POSTPONE)
        self.assertEqual(Trigger.search_count([]) - before, 3)
        cron = self.env.ref("gck_avisos.ir_cron_gck_lote_2")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(self.last_lote().state, "done")

    # ------------------------------------------------------------
    # Creation
    # ------------------------------------------------------------

    def test_same_key_is_one_job(self):
        """A double click, or a second tick of a cron, gets the job that is open."""
        tareas = self.new_tareas(2)
        first = self.new_lote(tareas, "_bulk_postpone", POSTPONE, key="mañana")
        again = self.new_lote(tareas, "_bulk_postpone", POSTPONE, key="mañana")
        self.assertEqual(first, again)
        self.work()
        later = self.new_lote(tareas, "_bulk_postpone", POSTPONE, key="mañana")
        self.assertNotEqual(first, later)

    def test_same_key_committed_by_another_meanwhile(self):
        """What this transaction cannot see is left to Odoo's retry."""
        tareas = self.new_tareas(2)
        self.new_lote(tareas, "_bulk_postpone", POSTPONE, key="mañana")
        none = self.env["gck.lote"]
        with (
            patch.object(self.registry["gck.lote"], "_find_open", lambda *a: none),
            mute_logger("odoo.sql_db"),
            self.assertRaises(ConcurrencyError),
        ):
            self.new_lote(tareas, "_bulk_postpone", POSTPONE, key="mañana")

    def test_records_are_those_that_the_person_sees(self):
        """A domain is searched with the rights of who launches the job."""
        mine = self.new_tareas(2)
        self.new_tareas(3, user_id=self.outsider.id)
        Lote = self.env["gck.lote"].with_user(self.own)
        lote = Lote._create_over("gck.tarea", [], "_bulk_postpone", POSTPONE)
        self.assertTrue(set(mine.ids) <= set(self.lines(lote)))
        self.assertEqual(lote.total, len(self.lines(lote)))
        seen = self.env["gck.tarea"].with_user(self.own).search_count([])
        self.assertEqual(lote.total, seen)

    def test_creation_costs_the_same_for_any_number(self):
        """The database copies the ids; none comes to Python."""
        costs = []
        for count in (10, 200):
            tareas = self.new_tareas(count)
            costs.append(
                self.count_queries(
                    lambda tareas=tareas: self.new_lote(tareas, "_bulk_postpone")
                )
            )
        self.assertLessEqual(costs[1], costs[0] + 2, costs)

    def test_chunk_costs_the_same_for_any_number(self):
        """200 records in a chunk cost the queries of 10."""
        costs = []
        for count in (10, 10, 200):  # the first fills what a worker loads once
            lote = self.new_lote(
                self.new_tareas(count), "_bulk_postpone", POSTPONE
            ).sudo()
            lote.state = "running"
            costs.append(self.count_queries(lote._do_chunk))
            self.assertEqual(lote.done_count, count)
        self.assertLessEqual(costs[2], costs[1] + SLACK, costs)

    def test_one_failure_among_200_costs_little(self):
        """The failing record is found by halves, not by trying each."""
        tareas = self.new_tareas(200)
        calls = []
        original = self.registry["gck.tarea"].action_postpone

        def fail(records, hours):
            calls.append(len(records))
            if tareas[137] in records:
                raise UserError(REFUSAL)
            return original(records, hours)

        with patch.object(self.registry["gck.tarea"], "action_postpone", fail):
            failures, _error = tareas._gck_run_isolated("_bulk_postpone", POSTPONE)
        self.assertEqual(list(failures), tareas[137].ids)
        self.assertLess(len(calls), 20)

    # ------------------------------------------------------------
    # Who may
    # ------------------------------------------------------------

    def test_only_declared_methods_run(self):
        """Neither at creation nor when a row was tampered with."""
        tareas = self.new_tareas(2)
        for method in ("unlink", "_write", "action_cancel", "_do_cancel"):
            with self.assertRaises(UserError):
                self.new_lote(tareas, method)
        with self.assertRaises(UserError):
            self.env["gck.lote"]._create_over("res.partner", [], "unlink")
        lote = self.new_lote(tareas, "_bulk_postpone")
        lote.sudo().method = "unlink"
        self.work()
        self.assertEqual(len(tareas.exists()), 2)
        self.assertEqual((lote.state, lote.failed_count), ("done", 2))
        self.assertIn("unlink", lote.message)

    def test_jobs_are_made_and_changed_by_nobody_directly(self):
        """Over RPC there is no creating, writing or deleting, not for managers."""
        lote = self.new_lote(self.new_tareas(1), "_bulk_postpone", POSTPONE)
        for user in (self.reception, self.manager, self.nobody, self.portal):
            job = lote.with_user(user)
            with self.assertRaises(AccessError):
                job.write({"params": {"hours": 1}})
            with self.assertRaises(AccessError):
                job.unlink()
            with self.assertRaises(AccessError):
                job.create({"name": "x", "res_model": "gck.tarea", "method": "unlink"})
            with self.assertRaises(AccessError):
                job.env["gck.lote.linea"].create({"lote_id": lote.id, "res_id": 1})

    def test_others_neither_see_nor_run_ones_job(self):
        """Colleague, portal and another company are refused; a manager is not."""
        lote = self.new_lote(self.new_tareas(2), "_bulk_postpone", POSTPONE)
        for user in (self.own, self.nobody, self.portal, self.foreign):
            job = lote.with_user(user).with_context(
                allowed_company_ids=user.company_ids.ids
            )
            with self.subTest(user=user.login):
                self.forget()
                with self.assertRaises(AccessError):
                    job.read(["name", "params"])
                for action in ("action_cancel", "action_retry", "action_resume"):
                    with self.assertRaises(AccessError):
                        getattr(job, action)()
                with self.assertRaises(AccessError):
                    job.env["gck.lote.linea"].browse(lote.linea_ids.ids).read(
                        ["message"]
                    )
        # Being able to read a job, for whatever reason, is not enough.
        with self.assertRaises(AccessError):
            lote.with_user(self.own).sudo().action_cancel()
        self.assertEqual(lote.state, "pending")
        lote.with_user(self.manager).action_cancel()
        self.assertEqual(lote.state, "cancel")

    def test_names_of_records_out_of_reach_are_not_told(self):
        """A line shows a number where its reader may not see the record."""
        tareas = self.new_tareas(1, user_id=self.outsider.id)
        lote = self.new_lote(tareas, "_bulk_postpone", POSTPONE)
        lote.sudo().user_id = self.colleague
        line = lote.with_user(self.colleague).linea_ids
        self.forget()
        self.assertEqual(line.record_name, f"#{tareas.id}")
        self.assertIn("Tarea 0", line.with_user(self.reception).sudo().record_name)

    def test_rights_are_those_of_who_launched_it(self):
        """What the person may no longer write fails, and is not done as superuser."""
        mine, lost = self.new_tareas(2)
        lote = self.new_lote(
            (mine | lost).with_user(self.own), "_bulk_postpone", POSTPONE
        )
        lost.sudo().write(
            {"user_id": self.outsider.id, "requester_id": self.outsider.id}
        )
        lost.sudo().message_unsubscribe(self.own.partner_id.ids)
        before = lost.date_deadline
        with mute_logger("odoo.addons.base.models.ir_rule"):
            self.work()
        self.assertEqual(self.lines(lote)[mine.id][0], "done")
        self.assertEqual(self.lines(lote)[lost.id][0], "failed")
        self.assertEqual(lost.date_deadline, before)

    def test_job_of_an_archived_user_fails_and_blocks_nobody(self):
        """It says why; the others go on."""
        orphan = self.new_lote(self.new_tareas(3), "_bulk_postpone", POSTPONE)
        other = self.new_lote(
            self.new_tareas(1).with_user(self.manager), "_bulk_postpone", POSTPONE
        )
        self.reception.active = False
        self.work()
        self.assertEqual((orphan.state, orphan.failed_count), ("done", 3))
        self.assertIn("Rosa Reception", orphan.message)
        self.assertEqual(other.done_count, 1)

    def test_job_of_an_uninstalled_model_fails(self):
        """A model that is gone, and a company that the person left."""
        lote = self.new_lote(self.new_tareas(1), "_bulk_postpone", POSTPONE)
        lote.sudo().res_model = "gck.no.existe"
        left = self.new_lote(self.new_tareas(1), "_bulk_postpone", POSTPONE)
        left.sudo().company_ids = self.other_company.ids
        self.work()
        self.assertIn("gck.no.existe", lote.message)
        self.assertEqual(lote.linea_ids.record_name, f"#{lote.linea_ids.res_id}")
        self.assertEqual((left.state, left.failed_count), ("done", 1))

    # ------------------------------------------------------------
    # Housekeeping
    # ------------------------------------------------------------

    def test_old_jobs_are_deleted_open_ones_are_kept(self):
        """After 90 days, with their lines."""
        old = self.new_lote(self.new_tareas(1), "_bulk_postpone", POSTPONE)
        self.work()
        still_open = self.new_lote(self.new_tareas(1), "_bulk_postpone", POSTPONE)
        long_ago = fields.Datetime.now() - timedelta(days=91)
        (old | still_open).sudo().date_end = long_ago
        lines = old.linea_ids
        self.env["gck.lote"]._gc_lotes()
        self.assertFalse(old.exists() or lines.exists())
        self.assertTrue(still_open.exists())
