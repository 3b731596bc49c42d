import json
import random
from pathlib import Path

from odoo.tests import tagged

from .common_centralita import CentralitaCase

EVENTS = Path(__file__).parent / "data" / "asterisk_events.json"


@tagged("post_install", "-at_install")
class TestCentralitaGrabado(CentralitaCase):
    """What an Asterisk really sent, recorded by ``make test-pbx RECORD=1`` (O-47)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.events = json.loads(EVENTS.read_text())
        cls.centralita.write({"outside_prefix": "0", "max_age_days": 3650})
        cls.customer.phone = "600 100 200"

    def play(self, events):
        for event in events:
            status, answer = self.send(event)
            self.assertEqual(status, 200, answer)

    def found(self):
        """Return what became of the calls, in the order in which they began."""
        calls = self.env["gck.llamada"].search(
            [("centralita_id", "=", self.centralita.id)], order="date_start"
        )
        return [
            (
                c.direction,
                c.state,
                c.outcome,
                c.extension,
                c.partner_id,
                bool(c.duration),
            )
            for c in calls
        ]

    def expected(self):
        nobody = self.env["res.partner"]
        return [
            ("in", "done", "answered", "101", self.customer, True),
            ("in", "pending", "no_answer", "102", self.customer, False),
            ("out", "done", "busy", "101", nobody, False),
        ]

    def test_o47_what_asterisk_sent_becomes_calls(self):
        self.vendor.phone = False
        self.play(self.events)
        self.assertEqual(self.found(), self.expected())

    def test_o47_what_asterisk_sent_in_any_order_and_twice(self):
        self.vendor.phone = False
        shuffled = self.events * 2
        random.Random(47).shuffle(shuffled)
        self.play(shuffled)
        self.assertEqual(self.found(), self.expected())
