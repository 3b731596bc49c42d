from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

from odoo.exceptions import AccessError
from odoo.tests import BaseCase, Form, HttpCase, tagged
from odoo.tools import mute_logger

from ..tools import audio, buzon
from .common_correo import MP3, PAGE, LlamadasCorreoCase, make_wav


@tagged("post_install", "-at_install")
class TestBuzonTexts(BaseCase):
    """What exchanges write in the mails of their voice messages (O-48)."""

    def parse(self, subject="", body="", sender="pbx@example.com", **headers):
        mail = EmailMessage()
        mail["From"] = sender
        mail["Subject"] = subject
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(body)
        return buzon.read(mail)

    def test_o48_number_and_length_of_usual_exchanges(self):
        cases = [
            # 3CX, Spanish and English
            ("Nuevo mensaje de voz de 976123456 (0:35)", "", "976123456", 35),
            ("New voice message from 976 12 34 56 (00:01:05)", "", "976 12 34 56", 65),
            # Asterisk: the number is only in the text
            (
                "[PBX]: New message 4 in mailbox 201",
                "Dear Rosa:\n\n\tJust wanted to let you know you were just left a 0:35 "
                'long message (number 4)\nin mailbox 201 from "Juan" <976123456>, on '
                "Monday, March 02, 2026 at 09:30:00 AM so you might want to check it.",
                "976123456",
                35,
            ),
            # FreePBX
            (
                "New voicemail in mailbox 201",
                'There is a new voicemail in mailbox 201:\n\n\tFrom:\t"GIL" '
                "<+34976123456>\n\tLength:\t0:35 seconds\n\tDate:\t2026-03-02 09:30",
                "+34976123456",
                35,
            ),
            # Operators
            (
                "Tiene un mensaje de voz del 600123456",
                "Duración: 1 min 20 segundos",
                "600123456",
                80,
            ),
            ("Mensaje del 0034 600123456", "dura 48 s", "0034 600123456", 48),
        ]
        for subject, body, number, seconds in cases:
            with self.subTest(subject=subject):
                facts = self.parse(subject, body)
                self.assertIn(number, facts["numbers"])
                self.assertEqual(facts["seconds"], seconds)

    def test_o48_headers_come_first(self):
        facts = self.parse(
            "New message 4 in mailbox 201",
            X_Asterisk_CallerID="976123456",
            X_Asterisk_CallerIDName="Juan Gil",
            X_Asterisk_VM_Duration="95",
        )
        self.assertEqual(facts["numbers"][0], "976123456")
        self.assertEqual(facts["name"], "Juan Gil")
        self.assertEqual(facts["seconds"], 95)
        facts = self.parse("Mensaje", sender='"976123456" <vm@pbx.example.com>')
        self.assertEqual(facts["numbers"], ["976123456"])
        facts = self.parse("Mensaje", sender="<976123456@pbx.example.com>")
        self.assertEqual(facts["numbers"], ["976123456"])

    def test_o48_names_extensions_and_hidden_numbers(self):
        facts = self.parse("New voicemail message from Juan Gil (976123456)")
        self.assertEqual(facts["name"], "Juan Gil")
        facts = self.parse("Nuevo mensaje de voz de 215")
        self.assertEqual((facts["extension"], facts["numbers"]), ("215", []))
        self.assertFalse(self.parse("Mensaje de 35 segundos")["extension"])
        self.assertTrue(self.parse("Nuevo mensaje de voz de anónimo")["hidden"])
        facts = self.parse("Nuevo mensaje", X_Asterisk_CallerIDName="Unknown")
        self.assertFalse(facts["name"])

    def test_o48_nothing_breaks_the_reader(self):
        for text in ("", "(:)", "\x00" * 50, "de " * 5000, "9" * 5000, "0:00" * 2000):
            self.assertIn("numbers", self.parse(body=text))
        mail = message_from_bytes(
            b"Subject: =?nonsense?Q?x?=\r\nContent-Type: text/plain; "
            b"charset=nonsense\r\n\r\n\xff\xfe",
            policy=SMTP,
        )
        self.assertEqual(buzon.read(mail)["numbers"], [])

    def test_o48_sounds_are_told_by_their_bytes(self):
        self.assertEqual(audio.sniff(make_wav()), "audio/wav")
        self.assertEqual(audio.sniff(MP3), "audio/mpeg")
        self.assertEqual(audio.sniff(b"\xff\xfb\x90\x64"), "audio/mpeg")
        for content in (PAGE, b"", b"RIFF", b"<svg onload='x'/>", b"%PDF-1.4", b"\xff"):
            self.assertIsNone(audio.sniff(content), content)
        self.assertEqual(audio.wav_seconds(make_wav(3)), 3)
        streamed = make_wav(3).replace(
            (24000).to_bytes(4, "little"), b"\xff\xff\xff\xff"
        )
        self.assertEqual(audio.wav_seconds(streamed), 3)
        for broken in (make_wav()[:30], b"RIFF0000WAVE", PAGE):
            self.assertEqual(audio.wav_seconds(broken), 0)


@tagged("post_install", "-at_install")
class TestBuzon(LlamadasCorreoCase):
    """Voice messages that the exchange mails become incoming calls (O-48)."""

    def test_o48_voice_message_becomes_a_call_to_return(self):
        call = self.receive_call(
            self.new_voicemail("Nuevo mensaje de voz de 611222333 (0:35)")
        )
        self.assertEqual(len(call), 1)
        self.assertEqual((call.direction, call.canal), ("in", "voicemail"))
        self.assertEqual((call.state, call.arrival), ("pending", "mail"))
        self.assertEqual(call.phone_sanitized, "+34611222333")
        self.assertEqual(
            (call.partner_id, call.contact_id), (self.customer, self.contact)
        )
        self.assertFalse(call.sender_unknown)
        self.assertAlmostEqual(call.duration, 35 / 3600, places=4)
        self.assertEqual(str(call.date_start), "2026-03-02 09:30:00")
        self.assertEqual(call.date_deadline, call.date + timedelta(hours=3))
        self.assertEqual(call.company_id, self.company)
        self.assertEqual(call.tipo_id, self.buzon)
        self.assertFalse(call.requester_id)
        self.assertFalse(call.email_from)
        self.assertEqual(call.outcome, "voicemail")
        self.assertEqual(call.audio_ids.mapped("name"), ["msg0004.WAV"])
        self.assertEqual(call.audio_ids.raw, self.wav)
        row = self.env["gck.accion"].search(
            [("res_model", "=", call._name), ("res_id", "=", call.id)]
        )
        self.assertEqual(row.accion_state, "pending")
        call.with_user(self.reception).action_done()
        self.assertEqual((call.state, call.outcome), ("done", "voicemail"))
        self.assertAlmostEqual(call.duration, 35 / 3600, places=4)

    def test_o48_hours_of_the_type_win(self):
        self.buzon.deadline_hours = 1
        self.buzon.department_id = self.sales_department
        call = self.receive_call(self.new_voicemail("Mensaje de voz de 611222333"))
        self.assertEqual(call.date_deadline, call.date + timedelta(hours=1))
        self.assertEqual(call.department_id, self.sales_department)
        self.assertIn(call, self.env["gck.llamada"].with_user(self.own).search([]))
        self.assertEqual(call.duration, 2 / 3600)  # as the WAV says

    def test_o48_charsets(self):
        """UTF-8, Latin-1 and quoted-printable; the number is found in all."""
        for charset, cte in (
            ("utf-8", "base64"),
            ("iso-8859-1", "quoted-printable"),
            ("utf-8", "quoted-printable"),
            ("iso-8859-1", "8bit"),
        ):
            with self.subTest(charset=charset, cte=cte):
                mail = self.new_voicemail("Aviso del buzón", files=())
                mail.set_content(
                    "Mensaje de voz de: 611222333\nDuración: 0:35 €"[:-2],
                    charset=charset,
                    cte=cte,
                )
                call = self.receive_call(mail)
                self.assertEqual(call.contact_id, self.contact)
                self.assertAlmostEqual(call.duration, 35 / 3600, places=4)
                self.assertIn("Duración", call.description)

    def test_o48_unknown_number_is_kept_and_identified_later(self):
        first = self.receive_call(
            self.new_voicemail("New voicemail message from Juan Gil (976 123 456)")
        )
        second = self.receive_call(
            self.new_voicemail("Mensaje de voz de 0034976123456")
        )
        other = self.receive_call(self.new_voicemail("Mensaje de voz de 976123499"))
        noted = self.new_call(direction="in", phone="976123456", partner_id=False)
        calls = first | second
        self.assertEqual(set(calls.mapped("phone_sanitized")), {"+34976123456"})
        self.assertEqual(first.caller_name, "Juan Gil")
        self.assertEqual((calls | other).mapped("sender_unknown"), [True] * 3)
        action = first.with_user(self.reception).action_identify_sender()
        form = Form(
            self.env["gck.aviso.remitente"]
            .with_user(self.reception)
            .with_context(**action["context"])
        )
        self.assertEqual(form.phone, first.phone)
        self.assertEqual(form.name, "Juan Gil")
        self.assertFalse(form.email)
        self.assertIn(second.name, form.same_message)
        self.assertNotIn(other.name, form.same_message)
        form.partner_id = self.contact
        form.save().action_confirm()
        self.assertEqual(calls.contact_id, self.contact)
        self.assertEqual(calls.mapped("sender_unknown"), [False, False])
        self.assertEqual(noted.partner_id, self.customer)
        self.assertTrue(other.sender_unknown)

    def test_o48_hidden_number_lead_and_extension(self):
        hidden = self.receive_call(self.new_voicemail("Mensaje de voz de anónimo"))
        self.assertFalse(hidden.phone)
        self.assertTrue(hidden.caller_name)
        self.assertTrue(hidden.sender_unknown)
        lead = self.env["crm.lead"].create(
            {"name": "Obrador", "phone": "976 55 44 33", "company_id": self.company.id}
        )
        call = self.receive_call(self.new_voicemail("Mensaje de voz de 976554433"))
        self.assertEqual(call.lead_id, lead)
        self.assertFalse(call.sender_unknown)
        inside = self.receive_call(self.new_voicemail("Mensaje de voz de 215"))
        self.assertEqual(inside.phone, "215")

    def test_o48_exchange_is_nobody(self):
        """The address of the exchange names no caller, not even if it is on file."""
        self.customer.email = self.own.email = "pbx@centralita.example.com"
        call = self.receive_call(self.new_voicemail("Mensaje de voz de 976123456"))
        self.assertFalse(call.partner_id)
        self.assertFalse(call.requester_id)
        self.assertTrue(call.sender_unknown)

    def test_o48_exchange_is_not_acknowledged(self):
        template = self.env["mail.template"].create(
            {
                "name": "Recibido",
                "model_id": self.env["ir.model"]._get_id("gck.llamada"),
                "subject": "Recibido",
                "body_html": "<p>Gracias.</p>",
            }
        )
        (self.buzon | self.soporte).ack_template_id = template
        call = self.receive_call(self.new_voicemail("Mensaje de voz de 976123456"))
        mails = self.env["mail.mail"].search
        self.assertFalse(mails([("model", "=", call._name), ("res_id", "=", call.id)]))
        call = self.receive_call(self.new_list_mail())
        self.assertTrue(mails([("model", "=", call._name), ("res_id", "=", call.id)]))

    def test_o48_many_in_a_row_are_no_loop(self):
        """An exchange has one address, and more than twenty messages a morning."""
        self.env["ir.config_parameter"].sudo().set_param(
            "mail.gateway.loop.threshold", 3
        )
        for number in range(5):
            mail = self.new_voicemail(f"Mensaje de voz de 97612345{number}")
            self.assertEqual(len(self.receive_call(mail)), 1, number)

    def test_o48_the_same_mail_twice_is_one_call(self):
        mail = self.new_voicemail("Mensaje de voz de 976123456")
        call = self.receive_call(mail)
        self.assertFalse(self.receive_call(mail))
        another = self.receive_call(self.new_voicemail("Mensaje de voz de 976123456"))
        self.assertEqual(len(another), 1)
        self.assertNotEqual(another.name, call.name)

    def test_o48_big_recording(self):
        """25 MB come in whole, and looking at the call reads only their beginning."""
        big = make_wav(25 * 1024 * 1024 // 8000)
        call = self.receive_call(
            self.new_voicemail(
                "Mensaje de voz de 976123456", files=[("a.wav", big, "audio/wav")]
            )
        )
        self.assertEqual(call.audio_ids.file_size, len(big))
        self.assertGreater(call.duration, 0.5)

    def test_o48_page_that_calls_itself_wav_is_no_recording(self):
        files = [
            ("mensaje.wav", PAGE, "audio/wav"),
            ("mensaje.mp3", b"<svg onload='x()'/>", "audio/mpeg"),
            ("bueno.mp3", MP3, "audio/mpeg"),
            ("sin_nombre", self.wav, "application/octet-stream"),
        ]
        call = self.receive_call(
            self.new_voicemail("Mensaje de voz de 976123456", files=files)
        )
        self.assertEqual(len(self.emails_of(call).attachment_ids), 4)
        self.assertEqual(call.audio_ids.mapped("name"), ["bueno.mp3", "sin_nombre"])

    def test_o48_form_finds_recordings_wherever_files_are_kept(self):
        for place in ("db", "file"):
            with self.subTest(place=place):
                self.env["ir.config_parameter"].sudo().set_param(
                    "ir_attachment.location", place
                )
                call = self.receive_call(self.new_voicemail("Mensaje de 976123456"))
                self.env.flush_all()
                self.env.invalidate_all()
                form = call.with_user(self.reception).with_context(bin_size=True)
                self.assertEqual(len(form.audio_ids), 1)

    def test_o48_recordings_of_many_calls_cost_few_queries(self):
        calls = self.env["gck.llamada"]
        for number in range(4):
            calls |= self.receive_call(
                self.new_voicemail(f"Mensaje de voz de 97612345{number}")
            )
        one = self.count_queries(lambda: calls[:1].audio_ids)
        self.assertLessEqual(
            self.count_queries(lambda: calls.mapped("audio_ids")), one + 1
        )

    def test_o48_others_do_not_see_the_recording(self):
        call = self.receive_call(self.new_voicemail("Mensaje de voz de 976123456"))
        for user in (self.outsider, self.foreign, self.nobody, self.portal):
            with self.subTest(user=user.name):
                self.forget()
                with self.assertRaises(AccessError):
                    call.audio_ids.with_user(user).read(["raw"])
                with self.assertRaises(AccessError):
                    call.with_user(user).read(["audio_ids"])
                wizard = self.env["gck.aviso.remitente"].with_user(user)
                with self.assertRaises(AccessError):
                    wizard.create({"llamada_id": call.id, "choice": "link"})

    def test_o48_only_managers_give_types_an_address(self):
        self.manager.group_ids += self.env.ref("gck_llamadas.group_gck_llamada_manager")
        self.buzon.with_user(self.manager).alias_name = "otro-buzon"
        self.assertEqual(self.buzon.alias_id.alias_name, "otro-buzon")
        self.assertTrue(self.buzon.alias_id.alias_model_id.model, "gck.llamada")
        with self.assertRaises(AccessError):
            self.buzon.with_user(self.reception).alias_name = "mio"


@tagged("post_install", "-at_install")
class TestBuzonHttp(HttpCase, LlamadasCorreoCase):
    """Recordings are served only to who may read the call, and only sounds (O-48)."""

    def setUp(self):
        super().setUp()
        self.call = self.receive_call(
            self.new_voicemail(
                "Mensaje de voz de 976123456",
                files=[
                    ("a.wav", self.wav, "audio/wav"),
                    ("b.wav", PAGE, "audio/wav"),
                ],
            )
        )
        self.sound, self.page = self.emails_of(self.call).attachment_ids.sorted("name")
        self.env.flush_all()

    def get(self, user, attachment, **headers):
        self.authenticate(user and user.login, user and user.login)
        return self.url_open(
            f"/gck/llamadas/audio/{attachment.id}",
            headers=headers or None,
            allow_redirects=False,
        )

    def test_o48_recording_is_served_by_parts(self):
        response = self.get(self.reception, self.sound)
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.content, self.wav)
        self.assertEqual(response.headers["Content-Type"], "audio/wav")
        self.assertEqual(response.headers["X-Content-Type-Options"], "nosniff")
        self.assertIn("default-src 'none'", response.headers["Content-Security-Policy"])
        part = self.get(self.reception, self.sound, Range="bytes=0-99")
        self.assertEqual(part.status_code, 206)
        self.assertEqual(part.content, self.wav[:100])

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_o48_recording_is_refused(self):
        """To who may not read the call, even if the file is public; and no pages."""
        self.assertEqual(self.get(self.reception, self.page).status_code, 404)
        self.assertEqual(
            self.get(self.reception, self.env["ir.attachment"].browse(0)).status_code,
            404,
        )
        for public in (False, True):
            self.sound.public = public
            self.env.flush_all()
            for user in (self.outsider, self.foreign, self.nobody, self.portal):
                with self.subTest(user=user.name, public=public):
                    response = self.get(user, self.sound)
                    self.assertIn(response.status_code, (403, 404))
                    self.assertNotIn(self.wav[:40], response.content)
        response = self.get(None, self.sound)
        self.assertIn("/web/login", response.headers["Location"])
        elsewhere = self.env["ir.attachment"].create(
            {"name": "a.wav", "raw": self.wav, "public": True}
        )
        self.env.flush_all()
        self.assertEqual(self.get(self.reception, elsewhere).status_code, 404)
