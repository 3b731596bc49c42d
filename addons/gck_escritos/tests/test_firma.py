import base64
import hashlib
import io
from datetime import timedelta

from PIL import Image, ImageDraw

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools.pdf import PdfFileReader

from .common import EscritoCase


def draw():
    image = Image.new("RGBA", (200, 80))
    ImageDraw.Draw(image).line((5, 5, 190, 70), fill="black", width=3)
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return base64.b64encode(stream.getvalue()).decode()


@tagged("post_install", "-at_install")
class TestFirma(EscritoCase, HttpCase):
    """Contracts that the customer signs by a link (M-58…M-62)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact.write({"email": "ana@levante.example", "lang": "en_US"})
        cls.contract = cls._create_escrito(
            "contrato", title="Mantenimiento", contact_id=cls.contact.id
        )
        cls.contract.action_issue()
        cls.picture = draw()

    def request_signature(self, **vals):
        action = self.contract.action_request_signature()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.writer)
            .with_context(**action["context"])
            .create(vals)
        )
        wizard.action_confirm()
        return self.contract.firma_ids.filtered(lambda f: f.state == "waiting").sudo()

    def mails_to(self, address):
        return self.env["mail.mail"].search([("email_to", "ilike", address)])

    def post(self, firma, what, **params):
        return self.make_jsonrpc_request(
            f"/gck/firma/{firma.access_token}/{what}", params
        )

    def test_m62_customer_signs_in_the_portal(self):
        """Name, time, address and hash; a new version, and the issued one stays."""
        firma = self.request_signature()
        issued = self.contract.version_id.sudo()
        raw = issued.attachment_id.raw
        self.assertEqual(firma.partner_id, self.contact)
        [mail] = self.mails_to("ana@levante.example")
        self.assertIn(firma.access_token, mail.body_html)
        page = self.url_open(f"/gck/firma/{firma.access_token}")
        self.assertEqual(page.status_code, 200, page.text[-4000:])
        self.assertIn(firma.sha256, page.text)
        shown = self.url_open(f"/gck/firma/{firma.access_token}/documento.pdf")
        self.assertEqual(shown.content, raw)
        self.assertEqual(hashlib.sha256(raw).hexdigest(), firma.sha256)
        self.post(firma, "acepto")
        done = self.post(firma, "firmar", name="Ana  Soler", signature=self.picture)
        self.assertTrue(done["force_refresh"])
        self.assertEqual(firma.state, "signed")
        self.assertEqual(firma.signed_name, "Ana Soler")
        self.assertTrue(firma.date_signed and firma.ip)
        documento = self.contract.documento_id.sudo()
        self.assertEqual(len(documento.version_ids), 2)
        self.assertEqual(self.contract.version_id, issued)
        self.assertEqual(issued.attachment_id.raw, raw)
        signed = documento.version_id.attachment_id.raw
        pages = PdfFileReader(io.BytesIO(signed), strict=False).pages
        self.assertEqual(len(pages), self.contract.page_count + 1)
        self.assertIn(firma.sha256[:20], pages[-1].extract_text().replace("\n", ""))
        self.assertEqual(self.contract.signature_state, "signed")
        self.assertEqual(len(self.mails_to("ana@levante.example")), 2)

    def test_m62_signed_once(self):
        firma = self.request_signature()
        self.post(firma, "acepto")
        self.post(firma, "firmar", name="Ana Soler", signature=self.picture)
        again = self.post(firma, "firmar", name="Otra", signature=self.picture)
        self.assertIn("already", again["error"])
        self.assertEqual(firma.signed_name, "Ana Soler")
        self.assertEqual(len(self.contract.documento_id.sudo().version_ids), 2)
        with self.assertRaises(UserError):
            self.contract.action_request_signature()

    def test_m62_bad_signatures_are_refused(self):
        """Nothing is half-written."""
        firma = self.request_signature()
        empty = Image.new("RGBA", (50, 50))
        stream = io.BytesIO()
        empty.save(stream, "PNG")
        blank = base64.b64encode(stream.getvalue()).decode()
        not_accepted = self.post(firma, "firmar", name="Ana", signature=self.picture)
        self.assertIn("Tick", not_accepted["error"])
        self.post(firma, "acepto")
        for name, signature in (
            ("", self.picture),
            ("Ana", ""),
            ("Ana", "no es una imagen"),
            ("Ana", base64.b64encode(b"<svg/>").decode()),
            ("Ana", blank),
        ):
            with self.subTest(name=name, signature=signature[:20]):
                result = self.post(firma, "firmar", name=name, signature=signature)
                self.assertTrue(result["error"])
        self.assertEqual(firma.state, "waiting")
        self.assertEqual(len(self.contract.documento_id.sudo().version_ids), 1)

    def test_m62_expired_cancelled_and_unknown_links(self):
        firma = self.request_signature()
        firma.date_limit = fields.Datetime.now() - timedelta(days=1)
        self.assertIn("expired", self.post(firma, "acepto")["error"])
        url = f"/gck/firma/{firma.access_token}"
        self.assertEqual(self.url_open(f"{url}/documento.pdf").status_code, 404)
        firma.with_user(self.writer).action_resend()
        self.assertFalse(firma.is_expired)
        firma.with_user(self.writer).action_cancel()
        self.assertIn("no longer", self.post(firma, "acepto")["error"])
        self.assertEqual(self.url_open("/gck/firma/inventado").status_code, 404)

    def test_m62_refusal_with_a_reason(self):
        """Told to the sender; the contract can be sent again."""
        firma = self.request_signature()
        with self.assertRaises(UserError):
            firma._refuse("  ", "127.0.0.1")
        firma._refuse("El precio no es el acordado", "127.0.0.1")
        self.assertEqual(self.contract.signature_state, "refused")
        told = self.env["mail.message"].search(
            [
                ("res_id", "=", self.contract.id),
                ("notified_partner_ids", "in", self.writer.partner_id.ids),
            ]
        )
        self.assertIn("precio", told[:1].body)
        self.assertTrue(self.request_signature())

    def test_m62_both_sides_sign(self):
        """The company's own signer too; both are on the last version."""
        self.manager.email = "carmen@empresa.example"
        firmas = self.request_signature(user_id=self.manager.id)
        self.assertEqual(set(firmas.mapped("role")), {"customer", "company"})
        for firma in firmas:
            firma._accept()
            firma._sign(firma.signer_name, self.picture, "10.0.0.1")
        self.assertEqual(self.contract.signature_state, "signed")
        documento = self.contract.documento_id.sudo()
        self.assertEqual(len(documento.version_ids), 3)
        text = (
            PdfFileReader(
                io.BytesIO(documento.version_id.attachment_id.raw), strict=False
            )
            .pages[-1]
            .extract_text()
        )
        for name in ("Ana Soler", "Carmen Ruiz"):
            self.assertIn(name, text)

    def test_m62_signer_without_an_address_is_named(self):
        self.contact.email = False
        with self.assertRaisesRegex(UserError, "Ana Soler"):
            self.request_signature()

    def test_m62_nobody_writes_signatures(self):
        firma = self.request_signature().with_user(self.manager)
        with self.assertRaises(AccessError):
            firma.write({"state": "signed"})
        with self.assertRaises(AccessError):
            firma.read(["access_token"])
