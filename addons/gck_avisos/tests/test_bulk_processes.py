import os
import signal
import subprocess
import sys
import textwrap
from contextlib import contextmanager
from datetime import timedelta

import psycopg2

import odoo
from odoo import SUPERUSER_ID, fields
from odoo.modules.registry import Registry
from odoo.tests import common, tagged
from odoo.tools import config

RECORDS, CHUNK = 120, 5
TIMEOUT = 120

# What each process runs: it says «ready», waits for «go», works, and says what it did.
PROGRAM = """
import sys, threading
import odoo
from odoo.tools import config
config.parse_config(sys.argv[2:], setup_logging=False)
from odoo.modules.registry import Registry
registry = Registry(sys.argv[1])
threading.current_thread().dbname = sys.argv[1]

def say(*words):
    print("SAID", *words, flush=True)

with registry.cursor() as cr:
    env = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {{}})
    say("ready")
    sys.stdin.readline()
{body}
"""
WORK = """
import time
done = []
original = registry["gck.lote"]._do_chunk
def count(lote, limit=None):
    time.sleep(0.05)  # so that no process is through before the other has begun
    number = original(lote, limit)
    done.append(number)
    return number
registry["gck.lote"]._do_chunk = count
env["gck.lote"]._cron_process()
say("did", sum(done))
"""
# Stops in its third chunk: the work is done, the lines are not marked yet.
HANG = """
import time
chunks = []
original = registry["gck.lote"]._mark_lines
def hang(lote, *args):
    chunks.append(lote)
    if len(chunks) == 3:
        env.flush_all()
        say("hanging")
        time.sleep(600)
    return original(lote, *args)
registry["gck.lote"]._mark_lines = hang
env["gck.lote"]._cron_process()
"""
REMIND = """
sent = []
original = registry["gck.tarea"]._send_reminder
def note(tareas, user):
    sent.append(user.id)
    return original(tareas, user)
registry["gck.tarea"]._send_reminder = note
registry["gck.tarea"]._filter_at_work = lambda self, users: users
env["gck.tarea"]._cron_remind_late()
say("did", len(sent))
"""


@tagged("post_install", "-at_install")
class TestBulkProcesses(common.BaseCase):
    """Real server processes on one database: each thing is done once (design §2)."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self.clean)
        with self.transaction() as env:
            planned = fields.Datetime.now() + timedelta(days=2)
            self.planned = planned
            tareas = env["gck.tarea"].create(
                [
                    {"subject": f"gck process {n}", "date_deadline": planned}
                    for n in range(RECORDS)
                ]
            )
            self.tarea_ids = tareas.ids
        with self.transaction() as env:
            self.logged = self.count_messages(env)

    def clean(self):
        """Delete what the tests committed."""
        with self.transaction() as env:
            ids = tuple(self.tarea_ids)
            lotes = env["gck.lote"].search([("res_model", "=", "gck.tarea")])
            env["mail.message"].search(
                [
                    "|",
                    *("&", ("model", "=", "gck.tarea"), ("res_id", "in", ids)),
                    *("&", ("model", "=", "gck.lote"), ("res_id", "in", lotes.ids)),
                ]
            ).unlink()
            lotes.unlink()
            env["mail.followers"].search(
                [("res_model", "=", "gck.tarea"), ("res_id", "in", ids)]
            ).unlink()
            env.flush_all()
            env.cr.execute("DELETE FROM gck_tarea WHERE id IN %s", [ids])
            env.cr.execute("DELETE FROM ir_cron_trigger")

    @contextmanager
    def transaction(self):
        registry = Registry(common.get_db_name())
        with registry.cursor() as cr:
            env = odoo.api.Environment(cr, SUPERUSER_ID, {})
            admin = env.ref("base.user_admin")
            yield env(user=admin, su=True, context={"tz": "UTC"})

    @contextmanager
    def process(self, body):
        """Start a server process on the tests' database, ended in any case."""
        program = PROGRAM.format(body=textwrap.indent(body, "    "))
        options = [f"--addons-path={','.join(config['addons_path'])}"]
        options += [
            f"--{name}={config[name]}"
            for name in ("db_host", "db_port", "db_user", "data_dir")
            if config[name]
        ]
        options = [option.replace("--data_dir", "--data-dir") for option in options]
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        if config["db_password"]:
            env["PGPASSWORD"] = config["db_password"]
        child = subprocess.Popen(
            [sys.executable, "-c", program, common.get_db_name(), *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=env,
        )
        try:
            yield child
        finally:
            child.kill()
            child.communicate()

    def wait_for(self, child, word):
        """Return what a process says after a word; fail with its error if it ends."""
        for line in child.stdout:
            said = line.split()
            if said[:2] == ["SAID", word]:
                return said[2:]
        child.wait()
        return self.fail(child.stderr.read())

    def go(self, child):
        child.stdin.write("go\n")
        child.stdin.flush()

    def new_lote(self, chunk_size=CHUNK):
        with self.transaction() as env:
            return (
                env["gck.lote"]
                ._create_over(
                    "gck.tarea",
                    [("id", "in", self.tarea_ids)],
                    "_bulk_postpone",
                    {"hours": 5},
                    chunk_size=chunk_size,
                )
                .id
            )

    def count_messages(self, env):
        domain = [("model", "=", "gck.tarea"), ("res_id", "in", self.tarea_ids)]
        return dict(env["mail.message"]._read_group(domain, ["res_id"], ["__count"]))

    def check_done_once(self, lote_id):
        """Check that each deadline moved once and says so once."""
        with self.transaction() as env:
            lote = env["gck.lote"].browse(lote_id)
            self.assertEqual((lote.state, lote.done_count), ("done", RECORDS))
            tareas = env["gck.tarea"].browse(self.tarea_ids)
            moved = self.planned.replace(microsecond=0) + timedelta(hours=5)
            self.assertEqual(set(tareas.mapped("date_deadline")), {moved})
            now = self.count_messages(env)
            logs = {now[res_id] - count for res_id, count in self.logged.items()}
            self.assertEqual(logs, {1})

    # ------------------------------------------------------------
    # Two processes
    # ------------------------------------------------------------

    def test_two_processes_share_a_job_and_do_each_record_once(self):
        """Both work, and together they do exactly what there is."""
        lote_id = self.new_lote()
        with self.process(WORK) as first, self.process(WORK) as second:
            for child in (first, second):
                self.wait_for(child, "ready")
            for child in (first, second):
                self.go(child)
            did = [int(self.wait_for(child, "did")[0]) for child in (first, second)]
        self.assertEqual(sum(did), RECORDS)
        self.assertTrue(all(did), did)
        self.check_done_once(lote_id)

    def test_killed_process_loses_and_doubles_nothing(self):
        """SIGKILL between the work and its mark: that chunk is done again, once."""
        lote_id = self.new_lote()
        with self.process(HANG) as child:
            self.wait_for(child, "ready")
            self.go(child)
            self.wait_for(child, "hanging")
            with self.transaction() as env:
                lote = env["gck.lote"].browse(lote_id)
                self.assertEqual((lote.state, lote.done_count), ("running", 2 * CHUNK))
            child.send_signal(signal.SIGKILL)
            child.wait(TIMEOUT)
        with self.process(WORK) as child:
            self.wait_for(child, "ready")
            self.go(child)
            (did,) = self.wait_for(child, "did")
        self.assertEqual(int(did), RECORDS - 2 * CHUNK)
        self.check_done_once(lote_id)

    def test_two_processes_remind_nobody_twice(self):
        """One digest for each person, whichever process sends it (M-22)."""
        with self.transaction() as env:
            tareas = env["gck.tarea"].browse(self.tarea_ids)
            users = env["res.users"].search([("share", "=", False)])
            if not users.filtered("email"):
                users.partner_id.email = "alguien@gck.example.com"
            tareas.date = fields.Datetime.now() - timedelta(days=2)
            tareas.date_deadline = fields.Datetime.now() - timedelta(days=1)
            tareas.user_id = env.user
            before = env["mail.message"].search([], limit=1).id
            partner = env.user.partner_id
        with self.process(REMIND) as first, self.process(REMIND) as second:
            for child in (first, second):
                self.wait_for(child, "ready")
            for child in (first, second):
                self.go(child)
            for child in (first, second):
                self.wait_for(child, "did")
        with self.transaction() as env:
            messages = env["mail.message"].search(
                [("id", ">", before), ("notified_partner_ids", "in", partner.ids)]
            )
            found = messages.filtered(lambda m: "gck process 1" in m.body)
            tareas = env["gck.tarea"].browse(self.tarea_ids)
            reminded = all(tareas.mapped("date_reminded"))
            env["mail.mail"].search([("mail_message_id", "in", messages.ids)]).unlink()
            messages.unlink()
        self.assertEqual(len(found), 1)
        self.assertTrue(reminded)

    # ------------------------------------------------------------
    # Two transactions
    # ------------------------------------------------------------

    def test_what_another_worker_holds_is_skipped_without_waiting(self):
        """The second claims the next records while the first still works."""
        lote_id = self.new_lote()
        with self.transaction() as env:
            env["gck.lote"]._start_waiting()
        with self.transaction() as first, self.transaction() as second:
            second.cr.execute("SET LOCAL lock_timeout = '2s'")
            self.assertEqual(first["gck.lote"].browse(lote_id)._do_chunk(), CHUNK)
            try:
                done = second["gck.lote"].browse(lote_id)._do_chunk()
            except psycopg2.errors.LockNotAvailable:
                self.fail("The second worker waited for the first.")
            self.assertEqual(done, CHUNK)
        with self.transaction() as env:
            self.assertEqual(env["gck.lote"].browse(lote_id).done_count, 2 * CHUNK)

    def test_only_one_of_two_workers_ends_a_job(self):
        """Who finds it over second is sent back, and sees that it has ended."""
        lote_id = self.new_lote(chunk_size=RECORDS)
        with self.transaction() as env:
            env["gck.lote"]._start_waiting()
        with self.transaction() as env:
            env["gck.lote"].browse(lote_id)._do_chunk()
        with self.transaction() as first, self.transaction() as second:
            for env in (first, second):
                env["gck.lote"].browse(lote_id).read(["state"])
            first["gck.lote"].browse(lote_id)._do_chunk()
            first.cr.commit()
            with (
                self.assertRaises(psycopg2.errors.SerializationFailure),
                odoo.tools.mute_logger("odoo.sql_db"),
            ):
                second["gck.lote"].browse(lote_id)._do_chunk()
            second.cr.rollback()
            self.assertEqual(second["gck.lote"].browse(lote_id)._do_chunk(), 0)
        self.check_done_once(lote_id)
