import io
import os
import tempfile
import time
import zipfile
from email.message import EmailMessage
from unittest.mock import patch

from odoo.tests import BaseCase, tagged

from odoo.addons.gck_avisos.tests.msg_writer import msg

from ..tools import extract

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
DOCX = (
    f"<w:document {W}><w:body><w:p><w:r><w:t>Contrato de la </w:t></w:r>"
    "<w:r><w:t>cámara frigorífica</w:t></w:r></w:p></w:body></w:document>"
)


def make_zip(parts, compression=zipfile.ZIP_DEFLATED):
    """Return the bytes of a zip with some parts."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", compression) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return content.getvalue()


def make_pdf(pages):
    """Return the bytes of a PDF whose pages say their number."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>", ""]
    objects.append("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
    kids = []
    for number in range(1, pages + 1):
        stream = f"BT /F1 12 Tf 72 720 Td (Pagina {number} del plano) Tj ET"
        objects.append(f"<</Length {len(stream)}>>stream\n{stream}\nendstream")
        objects.append(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]"
            f"/Resources<</Font<</F1 3 0 R>>>>/Contents {len(objects)} 0 R>>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<</Type/Pages/Count {pages}/Kids[{' '.join(kids)}]>>"
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for number, text in enumerate(objects, 1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n{text}\nendobj\n".encode())
    table = out.tell()
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    out.write("".join(f"{place:010d} 00000 n \n" for place in places).encode())
    out.write(
        f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\n"
        f"startxref\n{table}\n%%EOF".encode()
    )
    return out.getvalue()


def make_eml(**values):
    """Return the bytes of an e-mail with a file."""
    message = EmailMessage()
    message["Subject"] = values.get("subject", "Pedido de puertas correderas")
    message["From"] = values.get("sender", "Ana Gil <ana@frutas.example>")
    message["To"] = "pedidos@frio.example"
    message["Date"] = "Fri, 06 Mar 2026 10:30:00 +0100"
    message["Message-Id"] = "<uno@frutas.example>"
    message.set_content("Adjunto el pedido firmado.")
    if values.get("html"):
        message.add_alternative(values["html"], subtype="html")
    for name, data in values.get("files", {}).items():
        message.add_attachment(
            data, maintype="application", subtype="octet-stream", filename=name
        )
    return message.as_bytes()


@tagged("post_install", "-at_install")
class TestExtract(BaseCase):
    """Reading of files in a process of its own."""

    def test_k28_text_of_office_and_opendocument(self):
        """The words of Word, Excel, PowerPoint and OpenDocument are found."""
        sheet = f'<worksheet {S}><sheetData><row><c t="s"><v>0</v></c><c><v>4711</v>'
        sheet += "</c></row></sheetData></worksheet>"
        xlsx = {
            "xl/workbook.xml": "<workbook/>",
            "xl/sharedStrings.xml": f"<sst {S}><si><t>Burletes</t></si></sst>",
            "xl/worksheets/sheet1.xml": sheet,
        }
        drawing = "http://schemas.openxmlformats.org/drawingml/2006/main"
        pptx = {
            "ppt/presentation.xml": "<p/>",
            "ppt/slides/slide1.xml": f'<a:p xmlns:a="{drawing}"><a:t>Plan</a:t></a:p>',
        }
        odt = {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": '<o xmlns:t="urn:t"><t:p>Uno <t:span>dos</t:span> tres</t:p>'
            "<t:p>Otro</t:p></o>",
        }
        for name, parts, expected in (
            (
                "a.docx",
                {"word/document.xml": DOCX},
                "Contrato de la cámara frigorífica",
            ),
            ("a.xlsx", xlsx, "Burletes"),
            ("a.xlsx", xlsx, "4711"),
            ("a.pptx", pptx, "Plan"),
            ("a.odt", odt, "Uno dos tres\nOtro"),
            ("a.zip", {"planos/nave.dwg": "x"}, "planos/nave.dwg"),
        ):
            self.assertIn(expected, extract.extract_text(make_zip(parts), name), name)

    def test_k28_text_files_keep_accents(self):
        """UTF-8, Western and UTF-16 texts, pages without their scripts."""
        text = "Facturación de señalización"
        for name, data in (
            ("a.txt", text.encode()),
            ("a.csv", text.encode("cp1252")),
            ("a.txt", text.encode("utf-16")),
            ("a.html", f"<script>alert(1)</script><p>{text}</p>".encode()),
            ("a.rtf", rb"{\rtf1\ansi Facturaci\'f3n de se\'f1alizaci\'f3n\par}"),
        ):
            found = extract.extract_text(data, name)
            self.assertIn(text, found, name)
            self.assertNotIn("alert", found)

    def test_k28_email_with_its_attachments(self):
        """Headers, text and attachments of .eml and .msg are found."""
        docx = make_zip({"word/document.xml": DOCX})
        eml = extract.extract_text(make_eml(files={"c.docx": docx}), "a.eml")
        outlook = msg(
            subject="Pedido de puertas correderas",
            body="Adjunto el pedido firmado.",
            sender="ana@frutas.example",
            attachments=[("c.docx", docx)],
        )
        for found in (eml, extract.extract_text(outlook, "a.msg")):
            self.assertIn("Pedido de puertas correderas", found)
            self.assertIn("pedido firmado", found)
            self.assertIn("cámara frigorífica", found)

    def test_k29_what_an_email_shows(self):
        """Sender, subject, date and files of an e-mail, and the bytes of each file."""
        content = make_eml(
            html="<p>Hola</p>", files={"a.pdf": b"%PDF-", "b.bin": b"\0"}
        )
        mail = extract.read_mail(content, "a.eml")
        self.assertEqual(mail["subject"], "Pedido de puertas correderas")
        self.assertEqual(mail["from"], "Ana Gil <ana@frutas.example>")
        self.assertEqual(mail["date"], "2026-03-06T10:30:00+01:00")
        self.assertIn("Hola", mail["html"])
        self.assertEqual([file["name"] for file in mail["files"]], ["a.pdf", "b.bin"])
        self.assertEqual(extract.read_mail_part(content, "a.eml", 1), b"\0")
        self.assertIsNone(extract.read_mail_part(content, "a.eml", 2))
        self.assertIsNone(extract.read_mail(b"\0\1\2", "a.eml"))

    def test_bad_input_zip_bomb_is_refused(self):
        """What unfolds into gigabytes is not unfolded."""
        bomb = make_zip({"word/document.xml": b"<a>" + b" " * (80 << 20)})
        self.assertEqual(extract.extract(bomb, "a.docx"), ("", "refused"))
        # The size that the entry claims is a lie.
        lie = bytearray(make_zip({"word/document.xml": b" " * (80 << 20)}))
        place = lie.rfind(b"PK\x01\x02")
        lie[place + 24 : place + 28] = (1000).to_bytes(4, "little")
        text, status = extract.extract(bytes(lie), "a.docx")
        self.assertEqual(text, "")
        self.assertIn(status, ("refused", "failed"))
        many = make_zip(dict.fromkeys(map(str, range(20_001)), b""))
        self.assertEqual(extract.extract(many, "a.zip")[1], "refused")

    def test_bad_input_xml_entities_are_not_followed(self):
        """No file of the server comes in, no text is blown up."""
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as secret:
            secret.write("clave secreta")
            secret.flush()
            document = (
                f'<!DOCTYPE d [<!ENTITY x SYSTEM "file://{secret.name}">]>'
                f"<w:document {W}><w:p><w:t>Antes &x;</w:t></w:p></w:document>"
            )
            found = extract.extract_text(
                make_zip({"word/document.xml": document}), "a.docx"
            )
        self.assertNotIn("secreta", found)

    def test_bad_input_large_pdf_is_read_in_part(self):
        """Ten thousand pages give what could be read within the limits."""
        start = time.monotonic()
        text, status = extract.extract(make_pdf(10_000), "a.pdf", wall=8, chars=20_000)
        self.assertLess(time.monotonic() - start, 15)
        self.assertIn("Pagina 1 del plano", text)
        self.assertEqual((len(text) <= 20_000, status), (True, "cut"))

    def test_bad_input_reader_that_hangs_is_ended(self):
        """Time on the clock ends the reader; what is damaged gives nothing."""
        with tempfile.NamedTemporaryFile("w", suffix=".py") as script:
            script.write("import time\nprint('algo', flush=True)\ntime.sleep(60)")
            script.flush()
            with patch.object(extract, "READER", script.name):
                found = extract.extract(b"x", "a.txt", wall=1)
        self.assertEqual(found, ("algo", "timeout"))
        for name, content in (
            ("a.pdf", b"%PDF-1.4 nada"),
            ("a.docx", b"PK\x03\x04nada"),
            ("a.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1nada"),
            ("a.xyz", os.urandom(1000)),
            ("a.txt", b""),
        ):
            self.assertIsInstance(extract.extract_text(content, name), str, name)
