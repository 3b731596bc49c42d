import io
import json
import os
from unittest.mock import patch

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from odoo.addons.gck_avisos.tests.msg_writer import msg

from ..models import gck_documento_subida
from .common import DocumentosCase
from .test_extract import make_eml


class SubidaCase(DocumentosCase):
    """Uploads without a browser."""

    def upload(self, files, user=None, target=None):
        """Upload some files and return their documents and the answers.

        :param files: ``{name, or path with slashes: bytes}``
        """
        Subida = self.env["gck.documento.subida"].with_user(user or self.own)
        described = []
        for name, data in files.items():
            path, _slash, filename = name.rpartition("/")
            described.append({"name": filename, "size": len(data), "path": path})
        answers = Subida.open_sessions(described, target or {})
        results = []
        for answer, data in zip(answers, files.values(), strict=True):
            if "error" in answer:
                results.append(answer)
                continue
            session = Subida.browse(answer["id"])
            session._append(io.BytesIO(data), 0)
            results.append(session.action_finish())
        ids = [result["documento_id"] for result in results if "error" not in result]
        return self.env["gck.documento"].browse(ids), results

    def target(self, **values):
        """Return a target, the common folder unless told."""
        return {"carpeta_id": self.folder.id, **values}


@tagged("post_install", "-at_install")
class TestSubida(SubidaCase):
    """Files that come into the store in pieces."""

    def test_k28_pieces_become_a_document(self):
        """What came in pieces is what was sent, stored once."""
        data = os.urandom(300_000)
        Subida = self.env["gck.documento.subida"].with_user(self.own)
        (answer,) = Subida.open_sessions(
            [{"name": "nave.bin", "size": len(data)}], self.target()
        )
        session = Subida.browse(answer["id"])
        self.assertEqual(session._append(io.BytesIO(data[:100_000]), 0), 100_000)
        # The same piece again, and one from further on, are not taken.
        self.assertEqual(session._append(io.BytesIO(data[:100_000]), 0), 100_000)
        self.assertEqual(session._append(io.BytesIO(b"x"), 200_000), 100_000)
        with self.assertRaisesRegex(UserError, "not complete"):
            session.action_finish()
        session._append(io.BytesIO(data[100_000:]), 100_000)
        result = session.action_finish()
        documento = self.env["gck.documento"].browse(result["documento_id"])
        attachment = documento.version_id.attachment_id
        self.assertEqual(attachment.raw, data)
        self.assertEqual(attachment.checksum, attachment._compute_checksum(data))
        self.assertEqual((documento.file_size, documento.name), (300_000, "nave.bin"))
        self.assertEqual(documento.user_id, self.own)
        self.assertEqual(session.action_finish(), result)

    def test_k28_content_is_never_loaded(self):
        """The file becomes one of the file store without passing through memory."""
        path = "odoo.addons.base.models.ir_attachment.IrAttachment"
        with (
            patch(f"{path}._file_write", side_effect=AssertionError),
            patch(f"{path}._file_read", side_effect=AssertionError),
        ):
            documentos, _results = self.upload({"a.bin": os.urandom(1000)})
        self.assertEqual(documentos.file_size, 1000)

    def test_k28_contents_in_the_database(self):
        """Where contents are kept in the database, they get there."""
        self.env["ir.config_parameter"].set_param("ir_attachment.location", "db")
        documento, _results = self.upload({"a.bin": b"bytes", "vacio.txt": b""})
        attachments = documento.version_id.attachment_id
        self.assertEqual(attachments.mapped("store_fname"), [False, False])
        self.assertEqual(documento[0].version_id.attachment_id.raw, b"bytes")

    def test_k28_folder_keeps_its_tree(self):
        """A folder that is dropped comes with its folders; those there are used."""
        plans = self.new_folder("Planos", self.folder)
        files = {
            "Obra/planos/a.txt": b"a",
            "Obra/b.txt": b"b",
            "PLÁNOS/c.txt": b"c",
            "../../etc/d.txt": b"d",
            "e.txt": b"e",
        }
        documentos, _results = self.upload(files, target=self.target())
        self.assertEqual(
            documentos.mapped("carpeta_id.complete_name"),
            [
                "Proyectos / Obra / planos",
                "Proyectos / Obra",
                "Proyectos / Planos",
                "Proyectos / etc",
                "Proyectos",
            ],
        )
        self.assertEqual(documentos[2].carpeta_id, plans)

    def test_k28_interrupted_upload_goes_on(self):
        """The same file dropped again goes on where it was."""
        Subida = self.env["gck.documento.subida"].with_user(self.own)
        file = {"name": "a.bin", "size": 10, "modified": "1700000000000"}
        (first,) = Subida.open_sessions([file], self.target())
        Subida.browse(first["id"])._append(io.BytesIO(b"12345"), 0)
        (again,) = Subida.open_sessions([file], self.target())
        self.assertEqual((again["id"], again["offset"]), (first["id"], 5))
        (other,) = Subida.open_sessions([{**file, "modified": "1"}], self.target())
        self.assertNotEqual(other["id"], first["id"])
        (theirs,) = Subida.with_user(self.keeper).open_sessions([file], self.target())
        self.assertNotEqual(theirs["id"], first["id"])

    def test_k28_refused_before_anything_is_sent(self):
        """Too large, no right, somebody else's check-out: said at once."""
        self.env.company.gck_upload_max_mb = 1
        _documentos, results = self.upload({"a.bin": b"x" * (2 << 20), "b.bin": b"b"})
        self.assertIn("1 MB", results[0]["error"])
        self.assertNotIn("error", results[1])
        self.env["gck.carpeta.permiso"].create(
            {"carpeta_id": self.folder.id, "user_id": self.own.id, "level": "read"}
        )
        with self.assertRaises(AccessError):
            self.upload({"a.bin": b"a"}, target=self.target())

    def test_k28_new_version_of_a_document(self):
        """A file dropped on a document is its new version, with its reason."""
        documento = self.store()
        target = {"documento_id": documento.id, "reason": "Firmado"}
        self.upload({"firmado.pdf": b"%PDF-1.4"}, target=target)
        self.assertEqual(documento.version_ids.mapped("number"), [2, 1])
        self.assertEqual(documento.version_id.reason, "Firmado")
        with self.assertRaises(UserError):
            self.upload({"a": b"a", "b": b"b"}, target=target)
        documento.with_user(self.keeper).action_lock()
        with self.assertRaisesRegex(UserError, "Marta Manager"):
            self.upload({"a": b"a"}, target=target)

    def test_k28_same_file_twice_is_told(self):
        """Of two who upload the same file the second is told, and nothing doubles."""
        first, _results = self.upload({"a.txt": b"igual"}, target=self.target())
        second, results = self.upload(
            {"b.txt": b"igual"}, user=self.keeper, target=self.target()
        )
        self.assertEqual(second, first)
        self.assertTrue(results[0]["duplicate"])
        self.assertEqual(len(first.version_ids), 1)

    def test_k28_names_from_outside(self):
        """Parts of paths, marks of direction and emoji do no harm."""
        names = {
            "..\\..\\x.txt": b"1",
            "factura\u202efdp.exe": b"2",
            "🧊 cámara.txt": b"3",
        }
        documentos, _results = self.upload(names)
        self.assertEqual(
            documentos.mapped("name"), ["x.txt", "facturafdp.exe", "🧊 cámara.txt"]
        )

    def test_k28_abandoned_uploads_are_removed(self):
        """What nobody finishes goes, from the table and from the disk."""
        Subida = self.env["gck.documento.subida"].with_user(self.own)
        (answer,) = Subida.open_sessions([{"name": "a", "size": 10}], self.target())
        session = Subida.browse(answer["id"])
        session._append(io.BytesIO(b"123"), 0)
        path = session._get_path()
        with patch.object(gck_documento_subida, "KEEP_DAYS", -1):
            self.env["gck.documento.subida"]._gc_abandoned()
        self.assertFalse(os.path.exists(path))
        self.assertFalse(session.exists())

    def test_k28_sessions_belong_to_their_user(self):
        """Nobody touches the upload of somebody else."""
        Subida = self.env["gck.documento.subida"].with_user(self.own)
        (answer,) = Subida.open_sessions([{"name": "a", "size": 1}], self.target())
        theirs = Subida.browse(answer["id"]).with_user(self.keeper)
        for method in ("action_finish", "action_cancel"):
            with self.assertRaises(AccessError):
                getattr(theirs, method)()

    def test_k29_email_becomes_a_linked_document(self):
        """Dropped on a notice: subject, date, partner, and the link."""
        partner = self.env["res.partner"].create(
            {"name": "Frutas Gil", "is_company": True, "email": "ana@frutas.example"}
        )
        aviso = self.env["gck.aviso"].create(
            {
                "partner_id": partner.id,
                "subject": "Puerta que no cierra",
                "user_id": self.own.id,
            }
        )
        outlook = msg(subject="Presupuesto", sender="ana@frutas.example", body="Hola")
        for name, content, subject in (
            ("a.eml", make_eml(), "Pedido de puertas correderas"),
            ("b.msg", outlook, "Presupuesto"),
        ):
            documento, _results = self.upload(
                {name: content}, target={"res_model": aviso._name, "res_id": aviso.id}
            )
            self.assertEqual((documento.name, documento.filename), (subject, name))
            self.assertEqual(documento.partner_id, partner)
            self.assertEqual(documento.carpeta_id.code, "inbox")
            domain = self.env["gck.documento"]._get_linked_to_domain(aviso)
            self.assertIn(documento, self.env["gck.documento"].search(domain))
        documento = self.env["gck.documento"].search([("filename", "=", "a.eml")])
        self.assertEqual(str(documento.date), "2026-03-06")
        # On nothing: whoever wrote it.
        documento, _results = self.upload(
            {"c.eml": make_eml(subject="Otro")}, target=self.target()
        )
        self.assertEqual(documento.partner_id, partner)

    def test_k28_documents_of_a_partner(self):
        """The button counts those of the company, its people, and those linked."""
        company = self.env["res.partner"].create({"name": "A", "is_company": True})
        person = self.env["res.partner"].create({"name": "B", "parent_id": company.id})
        other = self.env["res.partner"].create({"name": "C", "is_company": True})
        self.store("1.txt", b"1", partner_id=company.id)
        self.store("2.txt", b"2", partner_id=person.id)
        linked = self.store("3.txt", b"3", partner_id=other.id)
        linked._link_records(company)
        people = (company + person + other).with_user(self.own)
        self.assertEqual(people.mapped("gck_documento_count"), [3, 2, 1])
        action = company.with_user(self.own).action_view_gck_documentos()
        # The client gets it as JSON.
        domain = json.loads(json.dumps(action["domain"]))
        found = self.env["gck.documento"].search(domain)
        self.assertEqual(len(found), 3)
        # What is made there belongs there.
        Documento = self.env["gck.documento"].with_user(self.own)
        made = Documento.with_context(**action["context"]).create(
            {"name": "Llave", "carpeta_id": self.folder.id, "is_physical": True}
        )
        self.assertEqual(made.partner_id, company)
        self.assertIn(made, self.env["gck.documento"].search(action["domain"]))

    def test_k28_partner_counts_need_no_query_each(self):
        """The queries do not grow with the partners."""
        partners = self.env["res.partner"].create([{"name": str(i)} for i in range(20)])
        for partner in partners:
            self.store("a.txt", partner.name.encode(), partner_id=partner.id)

        def count(records):
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            records.with_user(self.own).mapped("gck_documento_count")
            return self.env.cr.sql_log_count - start

        count(partners)
        self.assertLessEqual(count(partners), count(partners[:2]) + 1)


@tagged("post_install", "-at_install")
class TestSubidaHttp(SubidaCase, HttpCase):
    """The route of the pieces."""

    def post(self, session_id, offset, data):
        """Send one piece."""
        return self.url_open(
            f"/gck/documento/subida/{session_id}?offset={offset}"
            f"&csrf_token={http.Request.csrf_token(self)}",
            data=data,
            headers={"Content-Type": "application/octet-stream"},
        )

    def test_k28_pieces_over_http(self):
        """Pieces append; one that belongs elsewhere says where to go on."""
        self.authenticate(self.own.login, self.own.login)
        Subida = self.env["gck.documento.subida"].with_user(self.own)
        (answer,) = Subida.open_sessions([{"name": "a.bin", "size": 6}], self.target())
        response = self.post(answer["id"], 0, b"abc")
        self.assertEqual((response.status_code, response.json()), (200, {"offset": 3}))
        response = self.post(answer["id"], 5, b"f")
        self.assertEqual((response.status_code, response.json()), (409, {"offset": 3}))
        response = self.post(answer["id"], 3, b"defgh")
        self.assertEqual(response.status_code, 422)
        self.assertIn("a.bin", response.json()["error"])
        self.assertEqual(self.post(answer["id"] + 1000, 0, b"abc").status_code, 404)
