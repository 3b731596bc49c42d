import json
import random
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common_centralita import CentralitaCase

URL = "/gck/llamadas/evento"


@tagged("post_install", "-at_install")
class TestCentralitaHttp(CentralitaCase, HttpCase):
    """The endpoint as an exchange meets it (O-47)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.key = cls.new_key()
        cls.other_key = cls.new_key(cls.other_centralita)

    def post(self, data, key=None, **headers):
        """Post a body, or an event as JSON, with a key; return the response."""
        body = data if isinstance(data, str | bytes) else json.dumps(data)
        headers = {"Content-Type": "application/json", **headers}
        if key is not False:
            headers["Authorization"] = f"Bearer {key or self.key}"
        return self.url_open(URL, data=body, headers=headers)

    def assertRefused(self, response, status, code):
        self.assertEqual(
            (response.status_code, response.json()["error"]), (status, code)
        )
        self.assertNotIn("Traceback", response.text)

    def test_o47_event_by_key_becomes_a_call(self):
        response = self.post(self.event("ringing", 0))
        self.assertEqual(response.status_code, 200, response.text)
        answer = response.json()
        call = self.call()
        self.assertEqual((answer["call"], answer["created"]), (call.name, True))
        self.assertEqual(call.company_id, self.company)
        self.assertNotIn("session_id", response.headers.get("Set-Cookie", ""))

    def test_o47_wrong_keys_are_refused(self):
        for key in (
            False,
            "wrong",
            self.key[:-1] + ("A" if self.key[-1] != "A" else "B"),
            self.key.lower(),
            self.key[:12],
            "' OR 1=1 --",
        ):
            with self.subTest(key=key):
                response = self.post(self.event("ringing", 0), key=key)
                self.assertRefused(response, 401, "wrong_key")
                self.assertIn("Bearer", response.headers["WWW-Authenticate"])
        basic = {"Authorization": f"Basic {self.key}"}
        response = self.url_open(URL, data="{}", headers=basic)
        self.assertRefused(response, 401, "wrong_key")
        self.assertFalse(self.call())

    def test_o47_login_of_a_person_is_no_key(self):
        self.authenticate(self.calls_manager.login, self.calls_manager.login)
        self.assertRefused(
            self.post(self.event("ringing"), key=False), 401, "wrong_key"
        )

    def test_o47_key_of_a_company_writes_nowhere_else(self):
        """The same call id in another company is another call, of that company."""
        self.post(self.event("ringing", 0))
        response = self.post(
            self.event("ended", 9, company_id=self.company.id, direction="in"),
            key=self.other_key,
        )
        self.assertEqual(response.status_code, 200, response.text)
        mine, other = self.call(), self.call(centralita=self.other_centralita)
        self.assertEqual(mine.pbx_phase, "ringing")
        self.assertEqual(other.company_id, self.other_company)
        # Extension 101 is somebody's in the first company only.
        self.assertFalse(other.user_id)
        self.assertTrue(other.extension_unknown)
        self.assertFalse(other.with_user(self.calls_manager).has_access("read"))

    def test_o47_large_bodies_are_refused(self):
        self.centralita.body_limit = 1000
        response = self.post(self.event("ringing", 0, note="x" * 1000))
        self.assertRefused(response, 413, "too_large")
        with mute_logger("odoo.http"):
            response = self.post("x" * (1024 * 1024 + 1))
        self.assertEqual(response.status_code, 413)
        self.assertFalse(self.call())

    def test_o47_too_many_events_within_a_minute_are_refused(self):
        self.centralita.rate_limit = 3
        for number in range(3):
            response = self.post(self.event("ringing", 0, call_id=f"9.{number}"))
            self.assertEqual(response.status_code, 200)
        response = self.post(self.event("ringing", 0, call_id="9.9"))
        self.assertRefused(response, 429, "too_many")
        self.assertTrue(int(response.headers["Retry-After"]))
        response = self.post(self.event("ringing", 0), key=self.other_key)
        self.assertEqual(response.status_code, 200)

    def test_o47_what_is_no_json_is_refused_and_kept(self):
        for body in (
            " ",
            "{",
            "event=ringing",
            "NaN",
            '{"time": Infinity}',
            "[" * 9000,
        ):
            with self.subTest(body=body[:20]):
                self.assertRefused(self.post(body), 400, "not_json")
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        response = self.post(self.event("ringing", 0), **kind)
        self.assertRefused(response, 400, "not_json")
        log = self.env["gck.centralita.evento"].search([("status", "=", "refused")])
        self.assertIn("event=ringing", log.mapped("payload"))

    def test_o47_other_methods_are_refused(self):
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open(URL).status_code, 405)

    def test_o47_fuzzed_bodies_never_break(self):
        """Whatever comes is answered with JSON, and with no error of the server."""
        self.centralita.rate_limit = 100000
        rng = random.Random(47)
        values = [
            None, True, -1, 0, 1.5, 10**400, "", "\0", "\ud800", "ñ" * 300, [], {},
            [[]], "9" * 5000, "-0", "1e308", 1e308, "2026-02-30", "0000-00-00",
            "24:61:61", "\u202e", "%s%n", "';--", "ringing", "in", self.at(0),
        ]  # fmt: skip
        names = [
            "event", "call_id", "direction", "from", "to", "extension", "time", "start",
            "answer", "end", "duration", "disposition", "recording_url", "caller_name",
        ]  # fmt: skip
        good = json.dumps(self.event("ended", 9)).encode()
        for _round in range(60):
            if rng.random() < 0.3:
                body = bytearray(good)
                for _flip in range(rng.randint(1, 8)):
                    body[rng.randrange(len(body))] = rng.randrange(256)
                body = bytes(body)
            else:
                data = self.event(rng.choice(("ringing", "answered", "ended")), 5)
                for name in rng.sample(names, rng.randint(1, 5)):
                    data[name] = rng.choice(values)
                body = json.dumps(data)
            with self.subTest(body=body):
                response = self.post(body)
                self.assertIn(response.status_code, (200, 400), response.text)
                self.assertTrue(response.json())

    def test_o47_collision_is_tried_again_and_at_last_asked_for_again(self):
        original = self.registry["gck.centralita"]._receive
        tries = []

        def collide(centralita, data, body):
            tries.append(body)
            if len(tries) < 3:
                raise SerializationFailure("could not serialize access")
            return original(centralita, data, body)

        with patch.object(self.registry["gck.centralita"], "_receive", collide):
            self.assertEqual(self.post(self.event("ringing", 0)).status_code, 200)
        self.assertEqual(len(tries), 3)

        def always(centralita, data, body):
            raise SerializationFailure("could not serialize access")

        with patch.object(self.registry["gck.centralita"], "_receive", always):
            self.assertRefused(self.post(self.event("ended", 1)), 503, "busy")

    def test_o47_error_of_the_server_says_nothing_of_it(self):
        def fail(centralita, data, body):
            raise RuntimeError("secret detail")

        with (
            patch.object(self.registry["gck.centralita"], "_receive", fail),
            mute_logger("odoo.addons.gck_llamadas.controllers.centralita"),
        ):
            response = self.post(self.event("ringing", 0))
        self.assertRefused(response, 500, "internal")
        self.assertNotIn("secret", response.text)

    # ------------------------------------------------------------
    # Recordings
    # ------------------------------------------------------------

    def test_o47_recording_opens_for_who_may_read_the_call(self):
        url = "https://rec.example.com/1.wav?token=x"
        call = self.tell("ended", 5, recording_url=url)
        path = f"/gck/llamadas/grabacion/{call.id}"
        for user, status in (
            (self.own, 303),
            (self.calls_manager, 303),
            (self.outsider, 404),
            (self.foreign, 404),
            (self.nobody, 404),
            (self.portal, 404),
        ):
            with self.subTest(user=user.login):
                self.authenticate(user.login, user.login)
                response = self.url_open(path, allow_redirects=False)
                self.assertEqual(response.status_code, status)
                if status == 303:
                    self.assertEqual(response.headers["Location"], url)
        self.authenticate(self.own.login, self.own.login)
        self.assertEqual(
            self.url_open("/gck/llamadas/grabacion/999999999").status_code, 404
        )
        self.centralita.recording_hosts = "other.example.com"
        self.assertEqual(self.url_open(path, allow_redirects=False).status_code, 404)

    def test_o47_link_of_the_recording_is_for_managers(self):
        call = self.tell("ended", 5, recording_url="https://rec.example.com/1.wav")
        self.assertTrue(call.with_user(self.own).has_recording)
        self.assertNotIn("recording_url", call.with_user(self.own).fields_get())
