from datetime import datetime, timezone
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from unittest.mock import patch

from odoo import SUPERUSER_ID

from .common import AvisosCase

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\n"
    b"xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n"
    b"0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n164\n%%EOF\n"
)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


class CorreoCase(AvisosCase):
    """A company with a mail domain and two addresses: avisos@ and fax@."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domain = cls.env["mail.alias.domain"].create(
            {"name": "talleres.example.com", "company_ids": [(6, 0, cls.company.ids)]}
        )
        cls.company.alias_domain_id = cls.domain
        cls.fax_channel = cls.env.ref("gck_avisos.gck_procedencia_fax")
        cls.mail_tipo, cls.fax_tipo = cls.env["gck.aviso.tipo"].create(
            [
                {
                    "name": "Correo",
                    "company_id": cls.company.id,
                    "alias_name": "prueba-avisos",
                },
                {
                    "name": "Fax",
                    "company_id": cls.company.id,
                    "alias_name": "prueba-fax",
                    "mail_procedencia_id": cls.fax_channel.id,
                },
            ]
        )
        cls.address = "prueba-avisos@talleres.example.com"
        cls.fax_address = "prueba-fax@talleres.example.com"

    @classmethod
    def new_mail(cls, body="Necesito un presupuesto.", html=None, files=(), **headers):
        """Return an e-mail from the contact; a header of None is left out."""
        mail = EmailMessage()
        values = {
            "From": '"Marta Júcar" <marta@jucar.example.com>',
            "To": cls.address,
            "Subject": "Presupuesto",
            "Date": format_datetime(datetime(2026, 3, 2, 9, 30, tzinfo=timezone.utc)),
            "Message-ID": make_msgid(domain="jucar.example.com"),
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        for name, value in values.items():
            if value is not None:
                mail[name] = value
        mail.set_content(body)
        if html:
            mail.add_alternative(html, subtype="html")
        for name, content, mime in files:
            maintype, subtype = mime.split("/")
            mail.add_attachment(
                content, maintype=maintype, subtype=subtype, filename=name
            )
        return mail

    def receive(self, mail, model=None):
        """Hand a mail to the gateway and return the notices that it made."""
        content = mail if isinstance(mail, bytes) else mail.as_bytes()
        Aviso = self.env["gck.aviso"]
        before = Aviso.search([], order="id desc", limit=1).id or 0
        with patch.object(type(self.env["mail.mail"]), "unlink", lambda self: True):
            self.env["mail.thread"].with_user(SUPERUSER_ID).message_process(
                model, content
            )
        self.track()
        return Aviso.search([("id", ">", before)])

    def emails_of(self, record):
        """Return the messages of a record that came by mail, oldest first."""
        return self.env["mail.message"].search(
            [
                ("model", "=", record._name),
                ("res_id", "=", record.id),
                ("message_type", "=", "email"),
            ],
            order="id",
        )
