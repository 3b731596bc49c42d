import io
import re
import zipfile
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from ..tools import office
from .common import DocumentosCase
from .test_extract import make_eml, make_pdf

BMP = bytes.fromhex(
    "424d3a000000000000003600000028000000010000000100000001001800000000000400000000"
    "00000000000000000000000000000000ff00"
)


class WebCase(DocumentosCase, HttpCase):
    """Documents over HTTP."""

    def as_user(self, user):
        """Open the session of a person."""
        self.authenticate(user.login, user.login)

    def get(self, url, **kwargs):
        """Get an address of the server."""
        return self.url_open(url, allow_redirects=False, **kwargs)

    def deny(self, user):
        """Take every right on the common folder from a person."""
        self.env["gck.carpeta.permiso"].create(
            {"carpeta_id": self.folder.id, "user_id": user.id, "level": "none"}
        )


@tagged("post_install", "-at_install")
class TestDescarga(WebCase):
    """Downloads and previews."""

    def test_k29_every_type_byte_identical(self):
        """What is downloaded is what was stored, to be saved and never to be run."""
        self.as_user(self.own)
        for name, data in (
            ("a.docx", b"PK\x03\x04docx"),
            ("a.xlsx", b"PK\x03\x04xlsx"),
            ("a.pdf", make_pdf(1)),
            ("a.bmp", BMP),
            ("a.eml", make_eml()),
            ("a.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
            ("a.zip", b"PK\x05\x06" + b"\0" * 18),
            ("a.html", b"<script>alert(1)</script>"),
            ("a.svg", b"<svg onload='alert(1)'/>"),
            ("a.xml", b"<?xml version='1.0'?><a/>"),
            ("ñandú 🧊.bin", b"\0\1\2"),
        ):
            documento = self.store(name, data)
            response = self.get(documento.version_id._get_download_url())
            self.assertEqual(response.content, data, name)
            headers = response.headers
            self.assertTrue(
                headers["Content-Disposition"].startswith("attachment"), name
            )
            self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
            self.assertIn("default-src 'none'", headers["Content-Security-Policy"])

    def test_k29_previews(self):
        """PDF and bitmap are shown; what a browser would run is shown as text."""
        self.as_user(self.own)
        for name, data, kind, mimetype in (
            ("a.pdf", make_pdf(1), "pdf", "application/pdf"),
            ("a.bmp", BMP, "image", "image/bmp"),
            ("a.txt", "ñ".encode("cp1252"), "text", "text/plain; charset=utf-8"),
            ("a.html", b"<b>x</b>", "text", "text/plain; charset=utf-8"),
            ("a.svg", b"<svg/>", "text", "text/plain; charset=utf-8"),
            ("a.mp3", b"ID3", "audio", "audio/mpeg"),
            ("a.mp4", b"mp4", "video", "video/mp4"),
        ):
            version = self.store(name, data).version_id
            preview = version.with_user(self.own).get_preview()
            self.assertEqual(preview["kind"], kind, name)
            response = self.get(preview["url"])
            self.assertEqual(response.headers["Content-Type"], mimetype, name)
            self.assertIn("sandbox", response.headers["Content-Security-Policy"])
        # Nothing is shown as something else.
        self.assertEqual(
            self.get(f"/gck/documento/vista/{version.id}/image").status_code, 404
        )
        unknown = self.store("a.xyz", b"?").version_id
        self.assertEqual(unknown.with_user(self.own).get_preview()["kind"], "none")

    def test_k29_email_shows_sender_subject_and_safe_text(self):
        """No script, no picture from elsewhere until asked; files are downloaded."""
        html = (
            '<p onclick="x()">Hola</p><script>alert(1)</script>'
            '<img src="https://espia.example/x.png"><form action="https://x"></form>'
        )
        content = make_eml(html=html, files={"pedido.pdf": b"%PDF-1.4 pedido"})
        version = self.store("a.eml", content).version_id
        mail = version.with_user(self.own).get_preview()["mail"]
        self.assertEqual(mail["subject"], "Pedido de puertas correderas")
        self.assertEqual(mail["from"], "Ana Gil <ana@frutas.example>")
        self.assertEqual(mail["date"], "06/03/2026 10:30")
        self.assertTrue(mail["has_remote"])
        self.as_user(self.own)
        response = self.get(mail["body_url"])
        for forbidden in ("<script", "onclick", "<form"):
            self.assertNotIn(forbidden, response.text)
        self.assertIn("Hola", response.text)
        policy = response.headers["Content-Security-Policy"]
        self.assertIn("img-src data:;", policy)
        self.assertNotIn("allow-scripts", policy)
        policy = self.get(mail["body_url"] + "?images=1").headers[
            "Content-Security-Policy"
        ]
        self.assertIn("img-src data: https: http:", policy)
        (file,) = mail["files"]
        response = self.get(file["url"])
        self.assertEqual(response.content, b"%PDF-1.4 pedido")
        self.assertTrue(
            response.headers["Content-Disposition"].startswith("attachment")
        )

    def test_k29_office_becomes_pdf_once(self):
        """With LibreOffice a file of Office is shown as PDF, which is made once."""
        version = self.store("a.docx", b"PK docx").version_id.with_user(self.own)
        with patch.object(office, "get_program", return_value=None):
            self.assertEqual(version.get_preview()["kind"], "none")
        self.as_user(self.own)
        with (
            patch.object(office, "get_program", return_value="soffice"),
            patch.object(office, "to_pdf", return_value=make_pdf(1)) as convert,
        ):
            preview = version.get_preview()
            self.assertEqual(preview["kind"], "office")
            self.assertEqual(self.get(preview["url"]).status_code, 404)
            self.assertEqual(version.prepare_office_preview(), "done")
            self.assertEqual(version.prepare_office_preview(), "done")
            self.assertEqual(convert.call_count, 1)
            response = self.get(preview["url"])
            self.assertEqual(response.content, make_pdf(1))
            self.assertEqual(response.headers["Content-Type"], "application/pdf")
        other = self.store("b.docx", b"PK otro").version_id
        with (
            patch.object(office, "get_program", return_value="soffice"),
            patch.object(office, "to_pdf", side_effect=office.ConversionError),
        ):
            self.assertEqual(other.prepare_office_preview(), "failed")

    def test_k28_rights_of_the_folder(self):
        """Without a right on the folder no address gives anything."""
        version = self.store("a.eml", make_eml()).version_id
        self.deny(self.colleague)
        self.as_user(self.colleague)
        for url in (
            version._get_download_url(),
            f"/gck/documento/vista/{version.id}/text",
            f"/gck/documento/correo/{version.id}/cuerpo",
            f"/gck/documento/correo/{version.id}/0",
            f"/gck/documento/zip?ids={version.documento_id.id}",
            f"/gck/documento/zip?carpeta_id={self.folder.id}",
        ):
            self.assertIn(self.get(url).status_code, (403, 404), url)

    def test_k28_zip_keeps_the_tree(self):
        """A folder as a zip: its tree, names made unique, only what may be read."""
        inner = self.new_folder("Planos", self.folder)
        secret = self.new_folder("Dirección", self.folder)
        self.env["gck.carpeta.permiso"].create(
            {"carpeta_id": secret.id, "user_id": self.own.id, "level": "none"}
        )
        self.store("a.txt", b"uno")
        self.store("a.txt", b"dos")
        self.store("a.txt", b"tres", carpeta_id=inner.id)
        self.store("s.txt", b"secreto", user=self.keeper, carpeta_id=secret.id)
        self.as_user(self.own)
        action = self.folder.with_user(self.own).action_export_zip()
        response = self.get(action["url"])
        self.assertEqual(response.headers["Content-Type"], "application/zip")
        with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
            self.assertIsNone(archive.testzip())
            contents = {name: archive.read(name) for name in archive.namelist()}
        self.assertEqual(set(contents), {"a.txt", "a (2).txt", "Planos/a.txt"})
        self.assertEqual({contents["a.txt"], contents["a (2).txt"]}, {b"uno", b"dos"})
        self.assertEqual(contents["Planos/a.txt"], b"tres")


@tagged("post_install", "-at_install")
class TestCompartir(WebCase):
    """Links and the portal."""

    def share(self, user=None, **vals):
        """Make a link as a person."""
        Enlace = self.env["gck.documento.enlace"].with_user(user or self.own)
        return Enlace.create(vals)

    def path(self, link):
        """Return the address of a link without the server."""
        return "/documentos/" + link.sudo().token

    def test_k28_link_to_a_folder(self):
        """Who has the link reads the folder and what is below it, and nothing else."""
        inner = self.new_folder("Planos", self.folder)
        outside = self.new_folder("Otra")
        documento = self.store("plano.txt", b"plano", carpeta_id=inner.id)
        other = self.store("otro.txt", b"otro", carpeta_id=outside.id)
        link = self.share(carpeta_id=self.folder.id)
        path = self.path(link)
        page = self.get(path)
        self.assertEqual(page.status_code, 200)
        self.assertIn("Planos", page.text)
        page = self.get(f"{path}/carpeta/{inner.id}")
        self.assertIn("plano.txt", page.text)
        file = self.get(f"{path}/fichero/{documento.id}")
        self.assertEqual(file.content, b"plano")
        self.assertTrue(file.headers["Content-Disposition"].startswith("attachment"))
        self.assertEqual(link.download_count, 1)
        with zipfile.ZipFile(io.BytesIO(self.get(f"{path}/zip").content)) as archive:
            self.assertEqual(archive.namelist(), ["Planos/plano.txt"])
        for url in (
            f"{path}/fichero/{other.id}",
            f"{path}/carpeta/{outside.id}",
            "/documentos/inventado",
        ):
            response = self.get(url)
            self.assertEqual(response.status_code, 404, url)
            self.assertNotIn("otro", response.text)

    def test_k28_link_ends(self):
        """Expired, revoked, or its maker lost the right: a page that says so."""
        documento = self.store("plano.txt", b"plano")
        for end in ("expire", "revoke", "deny"):
            link = self.share(documento_id=documento.id)
            path = self.path(link)
            self.assertEqual(self.get(path).status_code, 200)
            if end == "expire":
                link.date_expiry = fields.Datetime.now() - timedelta(minutes=1)
            elif end == "revoke":
                link.action_revoke()
            else:
                self.deny(self.own)
            for url in (path, f"{path}/fichero/{documento.id}"):
                response = self.get(url)
                self.assertEqual(response.status_code, 404, (end, url))
                self.assertIn("fa-chain-broken", response.text)

    def test_k28_link_with_password(self):
        """The password is asked for, and kept by nobody."""
        documento = self.store("plano.txt", b"plano")
        link = self.share(documento_id=documento.id, password="frío")
        self.assertNotIn("frío", link.sudo().password_hash)
        self.assertFalse(link.password)
        path = self.path(link)
        page = self.get(path)
        self.assertNotIn("plano.txt", page.text)
        self.assertEqual(self.get(f"{path}/fichero/{documento.id}").status_code, 404)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text).group(1)
        wrong = self.get(path, data={"csrf_token": token, "password": "calor"})
        self.assertEqual(wrong.status_code, 403)
        right = self.get(path, data={"csrf_token": token, "password": "frío"})
        self.assertIn("plano.txt", right.text)
        file = self.get(f"{path}/fichero/{documento.id}")
        self.assertEqual(file.content, b"plano")

    def test_k28_sharing_needs_the_right_to_write(self):
        """Who only reads gives nothing away; links are their maker's."""
        documento = self.store()
        self.env["gck.carpeta.permiso"].create(
            {
                "carpeta_id": self.folder.id,
                "user_id": self.colleague.id,
                "level": "read",
            }
        )
        for vals in ({"documento_id": documento.id}, {"carpeta_id": self.folder.id}):
            with self.assertRaises(AccessError):
                self.share(user=self.colleague, **vals)
        link = self.share(user=self.keeper, documento_id=documento.id)
        with self.assertRaises(AccessError):
            link.with_user(self.colleague).read(["url"])
        with self.assertRaises(UserError):
            link.documento_id = self.store("b.txt", b"b")
        self.assertGreaterEqual(len(link.sudo().token), 43)

    def test_k28_portal_lists_what_is_shared_with_the_partner(self):
        """Users of the partner see it in their portal, others do not."""
        company = self.env["res.partner"].create({"name": "A", "is_company": True})
        people = [
            new_test_user(self.env, login=login, groups="base.group_portal")
            for login in ("gck_portal_a", "gck_portal_b")
        ]
        people[0].partner_id.parent_id = company
        documento = self.store("plano.txt", b"plano")
        self.share(documento_id=documento.id, partner_id=company.id)
        for user, seen in zip(people, (True, False), strict=True):
            self.authenticate(user.login, user.login)
            page = self.get("/my/documents")
            self.assertEqual(page.status_code, 200)
            self.assertEqual("plano.txt" in page.text, seen)
            with self.assertRaises(AccessError):
                self.env["gck.documento.enlace"].with_user(user).search([])


@tagged("post_install", "-at_install")
class TestAdjuntos(DocumentosCase):
    """Attachments of chatters in the store."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.env["res.partner"].create({"name": "Frutas Gil"})
        cls.attachment = cls.env["ir.attachment"].create(
            {
                "name": "oferta.txt",
                "raw": b"oferta",
                "res_model": "res.partner",
                "res_id": cls.partner.id,
            }
        )
        cls.Adjunto = cls.env["gck.adjunto"].with_user(cls.own)

    def enable(self, model="res.partner"):
        """Show the attachments of a model."""
        Modelo = self.env["gck.vinculo.modelo"].with_context(active_test=False)
        row = Modelo.search([("model", "=", model)])
        if not row:
            row = Modelo.create({"model_id": self.env["ir.model"]._get_id(model)})
        row.show_files = True

    def test_k28_shown_where_enabled_and_readable(self):
        """By setting, and with the rights of the record."""
        domain = [("id", "=", self.attachment.id)]
        self.assertFalse(self.Adjunto.search(domain))
        self.enable()
        (adjunto,) = self.Adjunto.search(domain)
        self.assertEqual(adjunto.record_name, "Frutas Gil")
        self.env["ir.rule"].create(
            {
                "name": "Hidden",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {self.partner.id})]",
                "perm_write": False,
                "perm_create": False,
                "perm_unlink": False,
            }
        )
        self.env.registry.clear_cache()
        self.assertFalse(self.Adjunto.search(domain))
        with self.assertRaises(AccessError):
            adjunto.action_download()

    def test_k28_filed_without_a_copy(self):
        """A document of an attachment shares its bytes, is linked, and filed once."""
        self.enable()
        adjunto = self.Adjunto.browse(self.attachment.id)
        self.assertFalse(adjunto.is_filed)
        path = "odoo.addons.base.models.ir_attachment.IrAttachment._file_write"
        with patch(path, side_effect=AssertionError):
            action = adjunto.action_file()
        documento = self.env["gck.documento"].browse(action["res_id"])
        attachment = documento.version_id.attachment_id
        self.assertEqual(attachment.store_fname, self.attachment.store_fname)
        self.assertEqual(attachment.raw, b"oferta")
        self.assertEqual(documento.partner_id, self.partner)
        linked = self.env["gck.documento"]._get_linked_to_domain(self.partner)
        self.assertIn(documento, self.env["gck.documento"].search(linked))
        adjunto.invalidate_recordset()
        self.assertTrue(adjunto.is_filed)
        self.assertEqual(adjunto.action_file()["res_id"], documento.id)
