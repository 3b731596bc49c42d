import io
import math
import wave
from unittest.mock import patch

from odoo import SUPERUSER_ID

from odoo.addons.gck_avisos.tests.common_correo import CorreoCase

from .common import ALL, LlamadasCase

MP3 = b"ID3\x03\x00\x00\x00\x00\x00\x00" + b"\xff\xfb\x90\x64" + bytes(400)
PAGE = b"<html><script>alert(document.cookie)</script></html>"


def make_wav(seconds=2, rate=8000):
    """Return the bytes of a WAV with a tone."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(rate)
        cycle = bytes(
            int(128 + 60 * math.sin(2 * math.pi * n * 440 / rate)) for n in range(rate)
        )
        sound.writeframes(cycle * seconds)
    return file.getvalue()


class LlamadasCorreoCase(LlamadasCase, CorreoCase):
    """A voice mailbox, buzon@, and a list for customers, soporte@."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.gck_llamada_retry_hours = 3
        cls.reception.group_ids += cls.env.ref(ALL)
        cls.buzon, cls.soporte = cls.env["gck.llamada.tipo"].create(
            [
                {
                    "name": name,
                    "company_id": cls.company.id,
                    "alias_name": alias,
                    "alias_domain_id": cls.domain.id,
                    "mail_canal": canal,
                }
                for name, alias, canal in (
                    ("Buzón", "prueba-buzon", "voicemail"),
                    ("Soporte", "prueba-soporte", "list"),
                )
            ]
        )
        cls.buzon_address = "prueba-buzon@talleres.example.com"
        cls.soporte_address = "prueba-soporte@talleres.example.com"
        cls.wav = make_wav()

    def new_voicemail(self, subject, body="Tiene un mensaje.", files=None, **headers):
        """Return a mail of the telephone exchange, with a WAV unless told."""
        if files is None:
            files = [("msg0004.WAV", self.wav, "audio/x-wav")]
        return self.new_mail(
            body=body,
            files=files,
            **{
                "From": "Centralita <pbx@centralita.example.com>",
                "To": self.buzon_address,
                "Subject": subject,
                **headers,
            },
        )

    def new_list_mail(self, **kwargs):
        """Return a mail of the contact to the list."""
        return self.new_mail(**{"To": self.soporte_address, **kwargs})

    def receive_call(self, mail):
        """Hand a mail to the gateway and return the calls that it made."""
        content = mail if isinstance(mail, bytes) else mail.as_bytes()
        Llamada = self.env["gck.llamada"]
        before = Llamada.search([], order="id desc", limit=1).id or 0
        with patch.object(type(self.env["mail.mail"]), "unlink", lambda self: True):
            self.env["mail.thread"].with_user(SUPERUSER_ID).message_process(
                None, content
            )
        self.track()
        return Llamada.search([("id", ">", before)])
