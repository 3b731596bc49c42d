from datetime import timedelta, timezone
from email.utils import format_datetime
from itertools import permutations

from odoo.tests import tagged

from .common_centralita import MOBILE, CentralitaCase
from .common_correo import LlamadasCorreoCase

VOICEMAIL = "Mensaje de voz de 600123456 (0:35)"


@tagged("post_install", "-at_install")
class TestBuzonCentralita(LlamadasCorreoCase, CentralitaCase):
    """A missed call and its voice message are one call (O-47, O-48)."""

    def mail(self, seconds=60, subject=VOICEMAIL, **kwargs):
        """Let the mailbox send a voice message left at a moment of the call."""
        moment = (self.start + timedelta(seconds=seconds)).replace(tzinfo=timezone.utc)
        return self.receive_call(
            self.new_voicemail(subject, Date=format_datetime(moment), **kwargs)
        )

    def calls(self, number=MOBILE):
        until = self.start + timedelta(minutes=10)
        return self.env["gck.llamada"].search(
            [
                ("phone_sanitized", "=", number),
                ("date", ">=", self.start),
                ("date", "<=", until),
            ],
            order="id",
        )

    def assertCompleted(self, call):
        """It waits to be returned once, with sound, text and what the exchange told."""
        self.assertEqual((call.state, call.canal), ("pending", "voicemail"))
        self.assertEqual(call.outcome, "voicemail")
        self.assertEqual(call.audio_ids.raw, self.wav)
        self.assertIn("Tiene un mensaje", call.description)
        self.assertAlmostEqual(call.duration, 35 / 3600, places=4)
        self.assertEqual(call.partner_id, self.customer)
        self.assertEqual((call.user_id, call.extension), (self.own, "101"))
        self.assertEqual(call.date_start, self.start)
        self.assertEqual(call.date_end, self.start + timedelta(seconds=30))
        self.assertTrue(call.date_deadline)

    def test_o48_missed_call_and_its_voice_message_are_one_call(self):
        """In every order in which exchange and mailbox may tell of it."""
        tell = {
            "ringing": lambda: self.tell("ringing", 0, call_id=self.call_id),
            "ended": lambda: self.tell("ended", 30, call_id=self.call_id),
            "mail": self.mail,
        }
        for number, order in enumerate(permutations(tell)):
            with self.subTest(order=order):
                self.call_id = f"b.{number}"
                for name in order:
                    tell[name]()
                call = self.calls()
                self.assertEqual(len(call), 1)
                self.assertEqual(call, self.call(self.call_id))
                self.assertCompleted(call)
                self.start -= timedelta(hours=1)

    def test_o48_file_of_calls_completes_the_voice_message(self):
        """One that is brought in at night, of a number that is nobody's."""
        voicemail = self.mail(subject="Mensaje de voz de 976123456")
        self.assertTrue(voicemail.sender_unknown)
        facts = self.event("ended", 30, **{"from": "976123456"})
        status, answer = self.send(facts)
        self.assertEqual((status, answer["created"]), (200, False))
        self.assertEqual(self.calls("+34976123456"), voicemail)
        self.assertEqual(voicemail.pbx_call_id, "1.1")
        self.assertTrue(voicemail.sender_unknown)
        self.send(facts)
        self.assertEqual(self.calls("+34976123456"), voicemail)

    def test_o48_unknown_caller_of_the_exchange_can_be_identified(self):
        call = self.tell("ended", 30, **{"from": "976123456"})
        self.assertFalse(self.mail(subject="Mensaje de voz de 976123456"))
        self.assertTrue(call.sender_unknown)

    def test_o48_other_calls_stay_calls_of_their_own(self):
        """Answered, of another number, long before, or later than the message."""
        for number, told in enumerate(
            (
                {"seconds": 50, "answer": self.at(1)},
                {"seconds": 30, "from": "611222333"},
                {"seconds": -3600, "start": self.at(-3700)},
                {"seconds": 400, "start": self.at(300)},
                {"seconds": 30, "direction": "out", "to": "600123456", "from": "101"},
            )
        ):
            with self.subTest(told=told):
                seconds = told.pop("seconds")
                call = self.tell("ended", seconds, call_id=f"c.{number}", **told)
                voicemail = self.mail()
                self.assertEqual(len(voicemail), 1)
                self.assertNotEqual(voicemail, call)
                self.assertEqual(call.canal, "phone")
                voicemail.phone = False

    def test_o48_two_voice_messages_belong_to_two_calls(self):
        first = self.tell("ended", 30, call_id="d.1")
        second = self.tell("ended", 150, call_id="d.2", start=self.at(120))
        self.assertFalse(self.mail(180))
        self.assertEqual((first.canal, second.canal), ("phone", "voicemail"))
        third = self.mail(185)
        self.assertFalse(third)
        self.assertEqual(first.canal, "voicemail")
        self.assertEqual(len(self.mail(190)), 1)

    def test_o48_what_a_person_made_of_the_missed_call_stays(self):
        call = self.tell("ended", 30)
        answered = self.env.ref("gck_llamadas.gck_llamada_resultado_answered")
        call.with_user(self.own).write(
            {"state": "done", "resultado_id": answered.id, "subject": "Ya hablado"}
        )
        self.assertFalse(self.mail())
        self.assertEqual((call.state, call.outcome), ("done", "answered"))
        self.assertEqual(call.subject, "Ya hablado")
        self.assertEqual(call.audio_ids.raw, self.wav)

    def test_o48_number_of_another_company_names_nobody_and_loses_no_mail(self):
        self.env["res.partner"].create(
            {
                "name": "De otros",
                "phone": "976 123 456",
                "company_id": self.other_company.id,
            }
        )
        call = self.mail(subject="Mensaje de voz de 976123456")
        self.assertEqual(len(call), 1)
        self.assertFalse(call.partner_id)
        self.assertTrue(call.sender_unknown)
        call = self.mail(subject="Mensaje de voz de 12345")
        self.assertEqual((call.phone, call.partner_id.id), ("12345", False))
