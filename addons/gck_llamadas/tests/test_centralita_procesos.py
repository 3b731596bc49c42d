import json
from datetime import timedelta

from odoo import fields
from odoo.tests import common, tagged

from odoo.addons.gck_avisos.tests import test_bulk_processes

# Reads and writes within one transaction, as the endpoint does; tried again like there.
POST = """
import json, random, time
from psycopg2 import IntegrityError, OperationalError
from odoo.exceptions import ConcurrencyError
statuses = []
for event in json.loads({events!r}):
    for attempt in range(10):
        try:
            centralita = env["gck.centralita"].browse({centralita})
            centralita = centralita.with_company(centralita.company_id)
            status, answer = centralita._receive(event, json.dumps(event))
            cr.commit()
            statuses.append(status)
            break
        except (IntegrityError, OperationalError, ConcurrencyError):
            cr.rollback()
            env.transaction.reset()
            time.sleep(random.uniform(0, 0.05))
say("did", *statuses)
"""


@tagged("post_install", "-at_install")
class TestCentralitaProcesos(common.BaseCase):
    """Two server processes told of the same calls at once: one record each (O-47)."""

    CALLS = 12
    process = test_bulk_processes.TestBulkProcesses.process
    wait_for = test_bulk_processes.TestBulkProcesses.wait_for
    go = test_bulk_processes.TestBulkProcesses.go
    transaction = test_bulk_processes.TestBulkProcesses.transaction

    def setUp(self):
        super().setUp()
        self.addCleanup(self.clean)
        with self.transaction() as env:
            self.centralita_id = (
                env["gck.centralita"].create({"name": "gck two processes"}).id
            )

    def clean(self):
        """Delete what the test committed."""
        with self.transaction() as env:
            calls = env["gck.llamada"].search(
                [("centralita_id", "=", self.centralita_id)]
            )
            ids = calls.ids
            for model in ("mail.message", "mail.followers"):
                key = "model" if model == "mail.message" else "res_model"
                env[model].search(
                    [(key, "=", "gck.llamada"), ("res_id", "in", ids)]
                ).unlink()
            env.flush_all()
            env.cr.execute("DELETE FROM gck_llamada WHERE id = ANY(%s)", [ids])
            env.invalidate_all()
            env["gck.centralita"].browse(self.centralita_id).unlink()

    def events(self, seconds, phases):
        start = fields.Datetime.now() - timedelta(hours=1)
        return json.dumps(
            [
                {
                    "event": phase,
                    "call_id": f"call {number}",
                    "direction": "in",
                    "from": "600999111",
                    "time": (start + timedelta(seconds=seconds)).isoformat() + "Z",
                }
                for number in range(self.CALLS)
                for phase in phases
            ]
        )

    def test_o47_two_processes_at_once_write_one_record_for_each_call(self):
        programs = [
            POST.format(events=events, centralita=self.centralita_id)
            for events in (
                self.events(0, ["ringing", "answered"]),
                self.events(60, ["ended", "ended"]),
            )
        ]
        with self.process(programs[0]) as first, self.process(programs[1]) as second:
            for child in (first, second):
                self.wait_for(child, "ready")
            for child in (first, second):
                self.go(child)
            for child in (first, second):
                did = self.wait_for(child, "did")
                self.assertEqual(did, ["200"] * 2 * self.CALLS)
        with self.transaction() as env:
            calls = env["gck.llamada"].search(
                [("centralita_id", "=", self.centralita_id)]
            )
            self.assertEqual(len(calls), self.CALLS)
            self.assertEqual(set(calls.mapped("state")), {"done"})
            self.assertEqual({round(c.duration * 3600) for c in calls}, {60})
