import json
from datetime import timedelta
from itertools import permutations

from lxml import etree
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from .common_centralita import MOBILE, CentralitaCase


@tagged("post_install", "-at_install")
class TestCentralita(CentralitaCase):
    """What the exchange tells becomes calls (O-47)."""

    # ------------------------------------------------------------
    # A call from beginning to end
    # ------------------------------------------------------------

    def test_o47_answered_call_is_on_record_with_its_duration(self):
        call = self.tell("ringing", 0)
        self.assertEqual((call.state, call.pbx_phase), ("pending", "ringing"))
        self.assertEqual(call.partner_id, self.customer)
        self.assertEqual(call.phone_sanitized, MOBILE)
        self.assertEqual(call.user_id, self.own)
        self.assertFalse(call.requester_id)
        self.tell("answered", 10)
        self.assertEqual((call.state, call.pbx_phase), ("pending", "answered"))
        self.tell("ended", 100)
        self.assertEqual((call.state, call.outcome), ("done", "answered"))
        self.assertEqual(round(call.duration * 3600), 90)
        self.assertEqual(call.date_start, self.start)
        self.assertEqual(call.date_done, self.start + timedelta(seconds=100))
        self.assertEqual(call.done_user_id, self.own)
        self.assertEqual(len(self.call()), 1)

    def test_o47_missed_call_waits_to_be_returned(self):
        self.tell("ringing", 0)
        call = self.tell("ended", 30)
        self.assertEqual((call.state, call.outcome), ("pending", "no_answer"))
        self.assertFalse(call.duration)
        self.assertEqual(
            call.date_deadline, self.start + timedelta(seconds=30, hours=2)
        )
        mine = self.env["gck.accion"].search(
            [("res_model", "=", "gck.llamada"), ("res_id", "=", call.id)]
        )
        self.assertEqual(mine.accion_state, "pending")

    def test_o47_missed_call_is_closed_by_speaking_with_that_number(self):
        self.tell("ringing", 0)
        missed = self.tell("ended", 30)
        other = self.tell("ended", 31, call_id="1.9", **{"from": "611 999 888"})
        back = self.tell(
            "ended",
            200,
            call_id="1.2",
            direction="out",
            duration=60,
            **{"from": "102", "to": "0034600123456", "extension": "102"},
        )
        self.assertEqual(back.state, "done")
        self.assertEqual(missed.state, "done")
        self.assertEqual(missed.done_user_id, self.outsider)
        self.assertIn(back.name, self.log_text(missed))
        self.assertEqual(other.state, "pending")

    def test_o47_missed_call_that_waits_is_left_to_people(self):
        """When it is to be returned, and what was tried, though more is told of it."""
        call = self.tell("ended", 30)
        tomorrow = fields.Datetime.now() + timedelta(days=1)
        call.with_user(self.own).date_deadline = tomorrow
        self.tell("ringing", 0)
        self.tell("ended", 33, recording_url="https://rec.example.com/1.wav")
        self.assertEqual((call.state, call.date_deadline), ("pending", tomorrow))
        self.assertEqual(call.date_end, self.start + timedelta(seconds=33))
        self.assertTrue(call.has_recording)

    def test_o47_missed_call_is_done_when_it_is_returned(self):
        """It rang when it rang, and nobody answered it then."""
        self.start -= timedelta(days=2)
        call = self.tell("ended", 30, start=self.at(0))
        call.with_user(self.own).action_done()
        self.assertGreater(call.date_done, fields.Datetime.now() - timedelta(hours=1))
        self.assertEqual(call.date_start, self.start)
        self.assertEqual(call.outcome, "no_answer")

    def test_o46_no_answer_when_a_missed_call_is_returned(self):
        self.company.gck_llamada_max_attempts = 2
        call = self.tell("ended", 30, start=self.at(0), disposition="BUSY")
        call.with_user(self.own).action_no_answer()
        self.assertEqual((call.state, call.attempts), ("pending", 1))
        self.assertGreater(call.date_deadline, fields.Datetime.now())
        call.with_user(self.own).action_no_answer()
        self.assertEqual((call.state, call.attempts), ("done", 2))
        self.assertEqual((call.outcome, call.date_start), ("busy", self.start))

    def test_o47_missed_call_stays_where_the_exchange_says_so(self):
        self.centralita.close_returned = False
        missed = self.tell("ended", 30)
        self.tell("ended", 200, call_id="1.2", duration=60)
        self.assertEqual(missed.state, "pending")

    def test_o47_unanswered_outgoing_call_is_an_attempt(self):
        for number, disposition, outcome in (
            ("1.1", "BUSY", "busy"),
            ("1.2", "NO ANSWER", "no_answer"),
            ("1.3", None, "no_answer"),
        ):
            with self.subTest(disposition=disposition):
                call = self.tell(
                    "ended",
                    30,
                    call_id=number,
                    direction="out",
                    disposition=disposition,
                    **{"from": "101", "to": "600123456"},
                )
                self.assertEqual((call.state, call.outcome), ("done", outcome))
                self.assertEqual((call.attempts, call.duration), (1, 0))
                self.assertFalse(call.motivo_id)

    def test_o47_any_order_gives_the_same_call(self):
        events = (("ringing", 0), ("answered", 10), ("ended", 100))
        for number, order in enumerate(permutations(events)):
            with self.subTest(order=order):
                call_id = f"2.{number}"
                for event, seconds in order:
                    call = self.tell(event, seconds, call_id=call_id)
                self.assertEqual((call.state, call.outcome), ("done", "answered"))
                self.assertEqual(round(call.duration * 3600), 90)
                self.assertEqual(call.date_start, self.start)
                self.assertEqual(call.date_done, self.start + timedelta(seconds=100))

    def test_o47_late_answer_corrects_an_outgoing_attempt(self):
        out = {"direction": "out", "from": "101", "to": "600123456"}
        call = self.tell("ended", 100, **out)
        self.assertEqual(call.outcome, "no_answer")
        self.tell("answered", 10, **out)
        self.assertEqual((call.outcome, call.attempts), ("answered", 0))
        self.assertEqual(round(call.duration * 3600), 90)

    def test_o47_repeated_event_changes_nothing(self):
        for _time in range(2):
            self.tell("ringing", 0)
        call = self.tell("ended", 30)
        before = call.read()[0]
        status, answer = self.send(self.event("ended", 30))
        self.assertEqual((status, answer["created"]), (200, False))
        self.assertTrue(answer["repeated"])
        self.env.invalidate_all()
        after = call.read()[0]
        self.assertEqual(before, after)
        log = self.env["gck.centralita.evento"].search([("llamada_id", "=", call.id)])
        self.assertEqual(log.mapped("status"), ["repeated", "ok", "repeated", "ok"])

    def test_o47_what_a_person_made_of_the_call_stays(self):
        call = self.tell("ringing", 0)
        call.with_user(self.calls_manager).write(
            {"user_id": self.reception.id, "partner_id": self.vendor.id}
        )
        call.with_user(self.calls_manager).action_cancel()
        self.tell("answered", 5, extension="102")
        self.tell("ended", 65)
        self.assertEqual(call.state, "cancel")
        self.assertEqual(call.user_id, self.reception)
        self.assertEqual(call.partner_id, self.vendor)
        self.assertEqual(call.date_end, self.start + timedelta(seconds=65))

    def test_o47_call_belongs_to_who_answers(self):
        self.tell("ringing", 0)
        self.tell("ringing", 1, extension="102")
        call = self.call()
        self.assertEqual(call.user_id, self.own)
        self.assertTrue(call.with_user(self.outsider).has_access("read"))
        self.tell("answered", 5, extension="102")
        self.assertEqual(call.user_id, self.outsider)
        self.assertEqual(call.extension, "102")

    # ------------------------------------------------------------
    # Numbers
    # ------------------------------------------------------------

    def test_o47_numbers_match_in_every_usual_form(self):
        forms = (
            "600123456",
            "+34600123456",
            "0034600123456",
            "+34 600-123-456",
            "sip:+34600123456@10.0.0.7;user=phone",
            '"Marta" <600123456>',
            34600123456,
        )
        for number, form in enumerate(forms):
            with self.subTest(form=form):
                call = self.tell("ringing", 0, call_id=f"3.{number}", **{"from": form})
                if isinstance(form, int):
                    continue
                self.assertEqual(call.phone_sanitized, MOBILE)
                self.assertEqual(call.partner_id, self.customer)

    def test_o47_contact_brings_its_company(self):
        call = self.tell("ringing", 0, **{"from": "0034611222333"})
        self.assertEqual(call.partner_id, self.customer)
        self.assertEqual(call.contact_id, self.contact)

    def test_o47_number_that_called_stays_whoever_it_was(self):
        """Correcting the customer is no reason to lose the number to call back."""
        call = self.tell("ended", 30)
        view = self.env.ref("gck_llamadas.view_gck_llamada_form")
        with Form(call.with_user(self.own), view=view) as form:
            form.partner_id = self.vendor
        self.assertEqual(call.partner_id, self.vendor)
        self.assertEqual(call.phone_sanitized, MOBILE)

    def found_by(self, name):
        """Return the calls that a filter of the search finds."""
        Llamada = self.env["gck.llamada"]
        arch = etree.fromstring(Llamada.get_view(view_type="search")["arch"])
        domain = arch.find(f".//filter[@name='{name}']").get("domain")
        return Llamada.search(safe_eval(domain, {"uid": self.env.uid}))

    def test_o47_strange_numbers_are_kept_as_text(self):
        for number, form in enumerate(("anonymous", "*99#", "112", "1" * 40)):
            with self.subTest(form=form):
                call = self.tell("ended", 5, call_id=f"4.{number}", **{"from": form})
                self.assertEqual(call.phone, form)
                self.assertFalse(call.partner_id)
                self.assertIn(call, self.found_by("anonymous"))
        call = self.tell("ended", 5, call_id="4.9", **{"from": None})
        self.assertFalse(call.phone)

    def test_o47_open_lead_is_proposed_where_nobody_else_is(self):
        lead, won = self.env["crm.lead"].create(
            [
                {"name": "Cámara nueva", "phone": "622 111 000"},
                {"name": "Ganada", "phone": "622 111 001"},
            ]
        )
        won.action_set_won()
        self.assertEqual(self.tell("ringing", 0, **{"from": "622111000"}).lead_id, lead)
        call = self.tell("ringing", 0, call_id="5.2", **{"from": "622111001"})
        self.assertFalse(call.lead_id)

    def test_o47_partner_of_another_company_is_never_proposed(self):
        self.customer.company_id = self.other_company
        self.contact.company_id = self.other_company
        self.assertFalse(self.tell("ringing", 0).partner_id)

    def test_o47_number_of_two_companies_is_nobodys(self):
        self.vendor.phone = "600123456"
        self.assertFalse(self.tell("ringing", 0).partner_id)

    def test_o47_prefix_of_the_outside_line_is_left_out(self):
        self.centralita.outside_prefix = "0"
        call = self.tell(
            "ended", 5, direction=None, **{"from": "101", "to": "0600123456"}
        )
        self.assertEqual((call.direction, call.phone), ("out", "600123456"))
        self.assertEqual(call.partner_id, self.customer)

    # ------------------------------------------------------------
    # Extensions
    # ------------------------------------------------------------

    def test_o47_unknown_extension_is_kept_and_flagged(self):
        status, answer = self.send(self.event("ended", 5, extension="199"))
        self.assertEqual(status, 200)
        self.assertTrue(answer["warnings"])
        call = self.call()
        self.assertTrue(call.extension_unknown)
        self.assertFalse(call.user_id)
        self.assertEqual(self.centralita.unknown_count, 1)
        self.env["gck.extension"].with_user(self.calls_manager).create(
            {
                "centralita_id": self.centralita.id,
                "number": " 199 ",
                "user_id": self.colleague.id,
            }
        )
        self.assertFalse(call.extension_unknown)
        self.assertEqual(call.user_id, self.colleague)
        self.assertFalse(self.messages_to(self.colleague, call))

    def test_o47_archived_user_gets_no_calls(self):
        self.own.active = False
        call = self.tell("ended", 5)
        self.assertFalse(call.user_id)
        self.assertFalse(call.extension_unknown)

    def test_o47_exchange_can_be_duplicated(self):
        copy = self.centralita.with_user(self.calls_manager).copy()
        self.assertIn(self.centralita.name, copy.name)
        self.assertFalse(copy.key_prefix)

    def test_o47_extensions_are_unique_in_their_exchange(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.extension.copy()

    def test_o47_direction_follows_from_the_extensions(self):
        both = {"direction": None, "extension": None}
        ends = {"from": "600123456", "to": "101"}
        call = self.tell("ringing", 0, **both, **ends)
        self.assertEqual((call.direction, call.extension), ("in", "101"))
        ends = {"from": "102", "to": "600123456"}
        call = self.tell("ringing", 0, call_id="6.2", **both, **ends)
        self.assertEqual((call.direction, call.user_id), ("out", self.outsider))
        ends = {"from": "600123456", "to": "911000000"}
        status, answer = self.send(
            self.event("ringing", 0, call_id="6.3", **both, **ends)
        )
        self.assertEqual((status, answer["error"]), (400, "unknown_direction"))

    def test_o47_call_between_extensions_is_no_call_of_a_customer(self):
        event = self.event("ringing", 0, direction=None, **{"from": "101", "to": "102"})
        status, answer = self.send(event)
        self.assertEqual((status, answer["status"]), (200, "ignored"))
        self.assertFalse(self.call())

    # ------------------------------------------------------------
    # Bad input
    # ------------------------------------------------------------

    def test_o47_nonsense_is_refused_with_its_reason(self):
        good = self.event("ended", 10)
        year_ago = (fields.Datetime.now() - timedelta(days=400)).isoformat()
        for wrong, code in (
            ({"event": "exploded"}, "unknown_event"),
            ({"event": ["ended"]}, "unknown_event"),
            ({"event": None}, "unknown_event"),
            ({"call_id": ""}, "missing"),
            ({"call_id": "\u0000 "}, "missing"),
            ({"call_id": "x" * 129}, "too_long"),
            ({"call_id": {"a": 1}}, "not_text"),
            ({"from": ["600123456"]}, "not_text"),
            ({"direction": "sideways"}, "unknown_direction"),
            ({"time": "yesterday"}, "not_a_moment"),
            ({"time": 10**30}, "not_a_moment"),
            ({"time": True}, "not_a_moment"),
            ({"time": "0001-01-01T00:00:00+14:00"}, "not_a_moment"),
            ({"time": "1981-01-01T00:00:00Z"}, "too_old"),
            ({"time": year_ago}, "too_old"),
            ({"time": "2999-01-01T00:00:00Z"}, "in_future"),
            ({"start": self.at(60), "end": self.at(0)}, "end_before_start"),
            ({"answer": self.at(60), "end": self.at(0)}, "end_before_answer"),
            (
                {"start": self.at(60), "answer": self.at(0), "end": self.at(90)},
                "answer_before_start",
            ),
            ({"duration": -3}, "not_a_duration"),
            ({"duration": "long"}, "not_a_duration"),
            ({"duration": []}, "not_a_duration"),
        ):
            with self.subTest(wrong=wrong):
                status, answer = self.send({**good, **wrong})
                self.assertEqual((status, answer["error"]), (400, code))
                self.assertTrue(answer["message"])
        for data in ([], "text", 3, None, True):
            status, answer = self.send(json.dumps(data))
            self.assertEqual((status, answer["error"]), (400, "not_an_object"))
        self.assertFalse(self.call())
        log = self.env["gck.centralita.evento"].search(
            [("centralita_id", "=", self.centralita.id)]
        )
        self.assertEqual(set(log.mapped("status")), {"refused"})

    def test_o47_event_of_long_ago_completes_a_call_on_record(self):
        """A call that is known takes what comes, however late."""
        self.start -= timedelta(days=20)
        call = self.tell("ringing", 0)
        self.centralita.max_age_days = 5
        self.tell("ended", 40, duration=30)
        self.assertEqual(call.state, "done")

    def test_o47_clocks_that_differ_a_little_are_put_right(self):
        call = self.tell("ended", start=self.at(3), end=self.at(0))
        self.assertEqual(call.date_start, call.date_end)

    def test_o47_start_that_comes_later_than_the_end_is_corrected(self):
        self.tell("ended", 10)
        call = self.tell("ringing", 500)
        self.assertEqual(call.date_start, call.date_end)
        self.assertEqual(call.pbx_phase, "ended")

    def test_o47_moments_without_zone_are_of_the_exchange(self):
        day = (fields.Datetime.now() - timedelta(days=2)).date()
        call = self.tell("ended", time=f"{day}T12:00:00")
        self.assertIn(call.date_end.hour, (10, 11))
        self.centralita.tz = "Atlantic/Canary"
        other = self.tell("ended", call_id="7.2", time=f"{day}T12:00:00")
        self.assertEqual(other.date_end - call.date_end, timedelta(hours=1))

    def test_o47_endless_call_lasts_no_more_than_a_day(self):
        self.start -= timedelta(days=3)
        call = self.tell("ended", 3 * 86400, start=self.at(0), answer=self.at(0))
        self.assertEqual(call.duration, 24)

    def test_o47_endless_duration_while_it_lasts_is_cut(self):
        self.tell("ringing", 0)
        call = self.tell("answered", 5, duration=10**8)
        self.assertEqual(call.duration, 24)

    def test_o47_html_stays_text(self):
        evil = "<img src=x onerror=alert(1)>"
        call = self.tell("ended", 5, caller_name=evil, **{"from": evil})
        self.assertNotIn("<img", self.log_text(call))

    # ------------------------------------------------------------
    # Keeping
    # ------------------------------------------------------------

    def test_o47_events_are_kept_for_a_while_only(self):
        call = self.tell("ringing", 0)
        log = self.env["gck.centralita.evento"].search([("llamada_id", "=", call.id)])
        self.assertEqual(json.loads(log.payload)["call_id"], "1.1")
        log.date = fields.Datetime.now() - timedelta(days=31)
        self.env["gck.centralita.evento"]._gc_eventos()
        self.assertFalse(log.exists())
        self.assertTrue(call.exists())

    def test_o47_fields_of_the_exchange_are_not_written_by_people(self):
        call = self.tell("ringing", 0)
        for vals in (
            {"pbx_call_id": "x"},
            {"centralita_id": False},
            {"extension": "1"},
        ):
            with self.assertRaises(UserError):
                call.with_user(self.calls_manager).write(vals)
        with self.assertRaises(UserError):
            self.env["gck.llamada"].with_user(self.calls_manager).create(
                {"direction": "out", "centralita_id": self.centralita.id}
            )

    def test_o47_key_is_shown_once_and_kept_as_a_digest(self):
        action = self.centralita.with_user(self.calls_manager).action_new_key()
        key = action["context"]["default_key"]
        stored = self.centralita.sudo().read()[0]
        self.assertNotIn(key, repr(stored))
        Centralita = self.env["gck.centralita"].sudo()
        self.assertEqual(Centralita._find_by_key(key), self.centralita)
        self.assertFalse(Centralita._find_by_key(key[:-1] + "!"))
        self.assertFalse(Centralita._find_by_key(key[:12]))
        self.assertFalse(Centralita._find_by_key("ñ" * 43))
        self.assertFalse(Centralita._find_by_key(""))
        newer = self.new_key()
        self.assertFalse(Centralita._find_by_key(key))
        self.centralita.active = False
        self.assertFalse(Centralita._find_by_key(newer))

    def test_o47_recording_hosts_are_hosts(self):
        for wrong in ("https://rec.example.com", "rec.example.com/path", "a@b.com"):
            with self.assertRaises(ValidationError):
                self.centralita.recording_hosts = wrong

    def test_o47_only_recordings_of_listed_hosts_are_kept(self):
        for number, (url, kept) in enumerate(
            (
                ("https://rec.example.com/1.wav?token=x", True),
                ("https://REC.example.com:443/1.wav", True),
                ("https://pbx.example.com:8443/1.wav", True),
                ("https://pbx.example.com/1.wav", False),
                ("http://rec.example.com/1.wav", False),
                ("https://evil.example.com/1.wav", False),
                ("https://rec.example.com@evil.example.com/1.wav", False),
                ("https://evil.example.com\\@rec.example.com/1.wav", False),
                ("https://rec.example.com.evil.example.com/1.wav", False),
                ("https://rec.example.com:x/1.wav", False),
                ("javascript:alert(1)//rec.example.com", False),
                ("//rec.example.com/1.wav", False),
            )
        ):
            with self.subTest(url=url):
                call = self.tell("ended", 5, call_id=f"8.{number}", recording_url=url)
                self.assertEqual(call.has_recording, kept)
