import struct
from datetime import datetime, timezone

from odoo import http
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from ..tools import outlook, rtf
from . import msg_writer
from .common_correo import PDF, PNG, CorreoCase

DATE = datetime(2026, 3, 2, 9, 30, tzinfo=timezone.utc)
ENCAPSULATED = (
    rb"{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\fonttbl{\f0\fswiss Arial;}}"
    rb"{\*\htmltag64 <p>}\htmlrtf \par \htmlrtf0 Se\'f1or \u8364? "
    rb"{\*\htmltag84 <b>}fuerte{\*\htmltag92 </b>}{\*\htmltag72 </p>}}"
)


class FilesCase(CorreoCase):
    """Somebody at reception with files."""

    def drop(self, name, content, user=None):
        user = user or self.reception
        Aviso = self.env["gck.aviso"].with_user(user)
        Aviso = Aviso.with_context(allowed_company_ids=user.company_ids.ids)
        result = Aviso._import_file(name, content)
        aviso = self.env["gck.aviso"].browse(result["id"] or [])
        return result, aviso

    def created(self, name, content, user=None):
        result, aviso = self.drop(name, content, user)
        self.assertEqual(result["status"], "created", result["reason"])
        return aviso

    def assertRefused(self, name, content, words=""):
        """Check that a file is refused with a reason, and that nothing is left."""
        before = self.env["gck.aviso"].search_count([])
        files = self.env["ir.attachment"].search_count([])
        result, aviso = self.drop(name, content)
        self.assertEqual(result["status"], "refused")
        self.assertTrue(result["reason"])
        self.assertIn(words, result["reason"])
        self.assertFalse(aviso)
        self.assertEqual(self.env["gck.aviso"].search_count([]), before)
        self.assertEqual(self.env["ir.attachment"].search_count([]), files)

    def new_msg(self, **values):
        return msg_writer.msg(
            **{
                "subject": "Pedido ñ",
                "body": "Cien piezas",
                "sender_name": "Marta Júcar",
                "sender": "marta@jucar.example.com",
                "message_id": "<uno@jucar.example.com>",
                "date": DATE,
                "recipients": [(1, "Recepción", "info@talleres.example.com")],
                **values,
            }
        )


@tagged("post_install", "-at_install")
class TestMailFiles(FilesCase):
    """Files dropped on Reception become notices (K-8, K-9)."""

    # ------------------------------------------------------------
    # E-mails
    # ------------------------------------------------------------

    def test_k8_eml_becomes_a_notice(self):
        """Sender, date, text, attachments; the file itself is kept too."""
        mail = self.new_mail(files=[("plano.pdf", PDF, "application/pdf")])
        content = mail.as_bytes()
        aviso = self.created("pedido.eml", content)
        self.assertEqual(aviso.subject, "Presupuesto")
        self.assertEqual(aviso.contact_id, self.contact)
        self.assertEqual(str(aviso.date), "2026-03-02 09:30:00")
        self.assertEqual(aviso.procedencia_id.channel, "email")
        self.assertEqual(aviso.requester_id, self.reception)
        self.assertEqual(aviso.state, "new")
        self.assertEqual(aviso.arrival, "file")
        message = self.emails_of(aviso)
        self.assertEqual(message.author_id, self.contact)
        self.assertTrue(message.subtype_id.internal)
        by_name = {file.name: file for file in message.attachment_ids}
        self.assertEqual(set(by_name), {"plano.pdf", "pedido.eml"})
        self.assertEqual(by_name["pedido.eml"].raw, content)
        self.assertEqual(aviso.message_main_attachment_id, by_name["plano.pdf"])

    def test_k8_eml_of_an_unknown_sender_is_flagged(self):
        aviso = self.created("a.eml", self.new_mail(From="x@y.example").as_bytes())
        self.assertTrue(aviso.sender_unknown)

    def test_k8_same_mail_twice_says_where_it_is(self):
        """Dropped twice, or dropped after it came by mail; with or without an id."""
        mail = self.new_mail()
        aviso = self.receive(mail)
        result, found = self.drop("a.eml", mail.as_bytes())
        self.assertEqual(result["status"], "duplicate")
        self.assertEqual(found, aviso)
        self.assertIn(aviso.name, result["notice"])
        content = self.new_mail(**{"Message-ID": None}).as_bytes()
        self.created("b.eml", content)
        self.assertEqual(self.drop("c.eml", content)[0]["status"], "duplicate")

    def test_k8_duplicate_out_of_reach_is_named_not_opened(self):
        mail = self.new_mail()
        aviso = self.receive(mail)
        result, found = self.drop("a.eml", mail.as_bytes(), self.own)
        self.assertEqual(result["status"], "duplicate")
        self.assertEqual(result["notice"], aviso.name)
        self.assertFalse(found)

    def test_k8_mail_of_another_company_is_a_notice_here_too(self):
        """Each company keeps its own: neither is told of the other's."""
        content = self.new_mail().as_bytes()
        theirs = self.created("a.eml", content, self.foreign)
        self.assertEqual(theirs.company_id, self.other_company)
        ours = self.created("a.eml", content)
        self.assertEqual(ours.company_id, self.company)
        for user, aviso in ((self.foreign, theirs), (self.reception, ours)):
            result, found = self.drop("a.eml", content, user)
            self.assertEqual(result["status"], "duplicate")
            self.assertEqual(found, aviso)

    def test_k8_answer_that_is_dropped_is_a_notice(self):
        """Whoever drops it on Reception wants a notice, whatever it answers."""
        aviso = self.receive(self.new_mail())
        mail = self.new_mail(In_Reply_To=self.emails_of(aviso).message_id)
        self.assertNotEqual(self.created("re.eml", mail.as_bytes()), aviso)

    def test_k8_attached_mail_is_kept_as_a_file(self):
        mail = self.new_mail(body="Fuera")
        mail.add_attachment(self.new_mail(body="Dentro", Subject="Otro"))
        aviso = self.created("a.eml", mail.as_bytes())
        self.assertNotIn("Dentro", aviso.description)
        names = self.emails_of(aviso).attachment_ids.mapped("name")
        self.assertEqual(set(names), {"Otro.eml", "a.eml"})

    def test_k8_pages_from_outside_are_served_as_text(self):
        mail = self.new_mail(files=[("x.html", b"<script/>", "application/zip")])
        admin = self.env.ref("base.user_admin")
        admin.company_ids += self.company
        admin.company_id = self.company
        aviso = self.created("a.eml", mail.as_bytes(), admin)
        page = self.emails_of(aviso).attachment_ids.filtered(
            lambda file: file.name == "x.html"
        )
        self.assertEqual(page.mimetype, "text/plain")

    def test_k8_required_reason_refuses_no_file(self):
        self.company.gck_motivo_required = True
        self.created("a.eml", self.new_mail().as_bytes())

    # ------------------------------------------------------------
    # Outlook
    # ------------------------------------------------------------

    def test_k8_msg_becomes_a_notice(self):
        """The same as the e-mail that it was."""
        content = self.new_msg(
            html="<p>Cien <b>piezas</b> ñ</p>".encode(),
            codepage=65001,
            attachments=[("plano.pdf", PDF), ("grande.bin", b"x" * 20000)],
        )
        aviso = self.created("pedido.msg", content)
        self.assertEqual(aviso.subject, "Pedido ñ")
        self.assertEqual(aviso.contact_id, self.contact)
        self.assertEqual(str(aviso.date), "2026-03-02 09:30:00")
        self.assertIn("<b>piezas</b> ñ", aviso.description)
        files = {file.name: file.raw for file in self.emails_of(aviso).attachment_ids}
        self.assertEqual(files["plano.pdf"], PDF)
        self.assertEqual(files["grande.bin"], b"x" * 20000)
        self.assertEqual(files["pedido.msg"], content)
        result, found = self.drop("otra copia.msg", content)
        self.assertEqual(result["status"], "duplicate")
        self.assertEqual(found, aviso)

    def test_k8_msg_and_eml_of_the_same_mail_are_one(self):
        mail = self.new_mail(**{"Message-ID": "<uno@jucar.example.com>"})
        self.created("a.eml", mail.as_bytes())
        self.assertEqual(self.drop("a.msg", self.new_msg())[0]["status"], "duplicate")

    def test_k8_msg_with_its_text_in_rtf_only(self):
        """The page that the RTF wraps, or the text of a plain RTF."""
        for source, text in (
            (ENCAPSULATED, "Señor € <b>fuerte</b>"),
            (
                rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}Hola \b se\'f1or\par Fin}",
                "Hola señor",
            ),
        ):
            content = self.new_msg(
                body=None,
                rtf=msg_writer.compressed_rtf(source),
                message_id=f"<{len(source)}@x.example>",
            )
            aviso = self.created("a.msg", content)
            self.assertIn(text, aviso.description)
            self.assertNotIn("Arial", aviso.description)

    def test_k8_msg_with_a_damaged_rtf_keeps_the_rest(self):
        aviso = self.created("a.msg", self.new_msg(body="Queda", rtf=b"LZFuLZFu"))
        self.assertIn("Queda", aviso.description)

    def test_k8_compressed_rtf_of_the_specification(self):
        """The two examples of [MS-OXRTFCP] 3.1 and what a damaged one gives."""
        simple = bytes.fromhex(
            "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af320"
            "68656c090020627705b06c647d0a800fa0"
        )
        self.assertEqual(
            rtf.decompress(simple),
            b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n",
        )
        crossing = bytes.fromhex(
            "1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0"
        )
        self.assertEqual(rtf.decompress(crossing), b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}")
        for end in range(16, len(simple)):
            rtf.decompress(simple[:end])
        huge = struct.pack("<II4sI", 30, 0xFFFFFFFF, b"LZFu", 0) + simple[16:]
        self.assertLess(len(rtf.decompress(huge)), 1000)
        for wrong in (b"", b"x" * 15, b"x" * 40):
            with self.assertRaises(ValueError):
                rtf.decompress(wrong)

    def test_k8_msg_inside_a_msg_is_kept_as_an_eml(self):
        inner = {
            "subject": "Dentro: pedido",
            "body": "Texto de dentro",
            "sender": "ana@x.example",
        }
        content = self.new_msg(attachments=[("Dentro", inner)])
        aviso = self.created("a.msg", content)
        self.assertNotIn("Texto de dentro", aviso.description)
        files = {file.name: file.raw for file in self.emails_of(aviso).attachment_ids}
        self.assertEqual(set(files), {"Dentro.eml", "a.msg"})
        self.assertIn(b"Texto de dentro", files["Dentro.eml"])
        self.assertIn(b"ana@x.example", files["Dentro.eml"])

    def test_k8_picture_in_the_text_of_a_msg(self):
        content = self.new_msg(
            html=b'<p><img src="cid:foto1"/></p>',
            codepage=65001,
            attachments=[("foto.png", PNG, "foto1")],
        )
        aviso = self.created("a.msg", content)
        self.assertIn("/web/image/", aviso.description)

    def test_k8_msg_of_exchange_without_smtp_address(self):
        """An X.500 name is no address: the name is what is known."""
        content = self.new_msg(sender="/O=EMPRESA/CN=JOSE", sender_name="José")
        aviso = self.created("a.msg", content)
        self.assertTrue(aviso.sender_unknown)
        self.assertIn("José", aviso.caller_name)
        self.assertFalse(aviso.email_normalized)

    def test_k8_damaged_msg_is_refused(self):
        """Cut anywhere, or another OLE file: no crash, no half a notice."""
        content = self.new_msg(attachments=[("plano.pdf", PDF * 30)])
        self.assertRefused("a.msg", b"no es de Outlook")
        self.assertRefused("a.msg", outlook.OLE_MAGIC + b"\0" * 2000)
        self.assertRefused("hoja.msg", msg_writer._compound({"Workbook": b"x" * 5000}))
        for size in range(8, len(content), 1500):
            result, _aviso = self.drop(f"{size}.msg", content[:size])
            self.assertIn(result["status"], ("refused", "created", "duplicate"))

    # ------------------------------------------------------------
    # Faxes
    # ------------------------------------------------------------

    def test_k9_pdf_becomes_a_fax(self):
        """With its number, the customer who has it, and the file to be looked at."""
        aviso = self.created("Fax 600 123 456.pdf", PDF)
        self.assertEqual(aviso.procedencia_id.channel, "fax")
        self.assertEqual(aviso.phone_sanitized, "+34600123456")
        self.assertEqual(aviso.partner_id, self.customer)
        self.assertFalse(aviso.sender_unknown)
        self.assertEqual(aviso.subject, "Fax 600 123 456")
        self.assertEqual(aviso.message_main_attachment_id.raw, PDF)
        self.assertEqual(aviso.message_main_attachment_id.mimetype, "application/pdf")
        self.assertEqual(aviso.requester_id, self.reception)

    def test_k9_pdf_without_number_is_of_an_unknown_sender(self):
        aviso = self.created("escaneado_20260302.pdf", PDF)
        self.assertFalse(aviso.phone)
        self.assertTrue(aviso.sender_unknown)
        wizard = self.env["gck.aviso.remitente"].with_user(self.reception)
        wizard = wizard.create(
            {
                "aviso_id": aviso.id,
                "choice": "link",
                "partner_id": self.vendor.id,
            }
        )
        wizard.action_confirm()
        self.assertEqual(aviso.partner_id, self.vendor)
        self.assertFalse(aviso.sender_unknown)

    def test_k9_same_pdf_twice_says_where_it_is(self):
        aviso = self.created("uno.pdf", PDF)
        result, found = self.drop("dos.pdf", PDF)
        self.assertEqual(result["status"], "duplicate")
        self.assertEqual(found, aviso)

    # ------------------------------------------------------------
    # Refusals
    # ------------------------------------------------------------

    def test_k8_files_that_are_refused(self):
        """Each with its reason."""
        self.assertRefused("a.eml", b"")
        self.assertRefused("a.msg", b"")
        self.assertRefused("a.pdf", b"")
        self.assertRefused("a.eml", bytes(range(256)) * 20)
        self.assertRefused("a.eml", b"Hola, esto es un texto\n\ncualquiera")
        self.assertRefused("a.pdf", b"no es un PDF")
        self.assertRefused("a.pdf", b"%PDF-1.4\n" + bytes(range(256)) * 8)
        for name in ("a.docx", "a.zip", "a.eml.exe", "pdf", "", "a.PDF.html"):
            self.assertRefused(name, PDF, ".eml")

    def test_k8_names_in_capitals_and_with_paths(self):
        self.created("CARPETA/../FAX.PDF", PDF)

    def test_k8_who_may_not_create_notices_imports_nothing(self):
        for user in (self.nobody, self.portal):
            with self.assertRaises(AccessError):
                self.drop("a.pdf", PDF, user)

    def test_k8_failure_of_one_file_leaves_nothing_of_it(self):
        """An error of ours is told as damage, logged, and undone."""
        self.patch(
            type(self.env["gck.aviso"]),
            "_post_incoming",
            lambda *args, **kwargs: 1 / 0,
        )
        with self.assertLogs("odoo.addons.gck_avisos", "ERROR"):
            self.assertRefused("a.pdf", PDF)


@tagged("post_install", "-at_install")
class TestMailFilesHttp(FilesCase, HttpCase):
    """The same over HTTP and in the browser."""

    def upload(self, name, content, **data):
        response = self.url_open(
            "/gck_avisos/recepcion/fichero",
            data={"csrf_token": http.Request.csrf_token(self), **data},
            files={"ufile": (name, content, "application/octet-stream")},
        )
        return response

    def login(self, user):
        user.password = user.login
        self.authenticate(user.login, user.login)

    def test_k8_upload_makes_a_notice_in_the_company_on_top(self):
        self.reception.company_ids += self.other_company
        self.login(self.reception)
        for company in (self.other_company, self.company):
            mail = self.new_mail()
            response = self.upload("a.eml", mail.as_bytes(), company_id=company.id)
            result = response.json()
            self.assertEqual(result["status"], "created")
            aviso = self.env["gck.aviso"].browse(result["id"])
            self.assertEqual(aviso.company_id, company)
        foreign = self.upload(
            "a.eml", self.new_mail().as_bytes(), company_id=999999
        ).json()
        aviso = self.env["gck.aviso"].browse(foreign["id"])
        self.assertEqual(aviso.company_id, self.company)

    def test_k8_upload_without_rights_or_session(self):
        before = self.env["gck.aviso"].search_count([])
        self.login(self.portal)
        self.assertFalse(self.upload("a.pdf", PDF).ok)
        self.authenticate(None, None)
        response = self.upload("a.pdf", PDF)
        self.assertNotIn("created", response.text)
        self.assertEqual(self.env["gck.aviso"].search_count([]), before)

    def test_k8_upload_larger_than_the_limit(self):
        self.env["ir.config_parameter"].set_param("web.max_file_upload_size", 2000)
        self.login(self.reception)
        self.assertEqual(self.upload("a.pdf", b"x" * 5000).status_code, 413)

    def test_k8_twenty_megabytes(self):
        content = b"\x01\x02\x03" * 7_000_000
        mail = self.new_mail(files=[("grande.bin", content, "application/zip")])
        self.login(self.reception)
        result = self.upload("grande.eml", mail.as_bytes()).json()
        self.assertEqual(result["status"], "created", result["reason"])
        aviso = self.env["gck.aviso"].browse(result["id"])
        files = {file.name: file for file in self.emails_of(aviso).attachment_ids}
        self.assertEqual(files["grande.bin"].file_size, len(content))

    def test_k8_files_dropped_on_reception_in_the_browser(self):
        """Three at once on the list, then one by the button of the kanban."""
        self.login(self.reception)
        self.start_tour(
            "/odoo/gck-recepcion", "gck_recepcion_files", login=self.reception.login
        )
        found = self.env["gck.aviso"].search(
            [("arrival", "=", "file"), ("requester_id", "=", self.reception.id)]
        )
        self.assertEqual(
            set(found.mapped("subject")),
            {"fax 600123456", "Desde el navegador", "Por el botón"},
        )
        fax = found.filtered(lambda aviso: aviso.subject == "fax 600123456")
        self.assertEqual(fax.partner_id, self.customer)
