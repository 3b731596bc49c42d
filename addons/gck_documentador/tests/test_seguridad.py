import json

from odoo import Command
from odoo.exceptions import AccessError, UserError

from ..models.gck_carpeta import PRIVATE
from .common import DocumentosCase


class TestSeguridad(DocumentosCase):
    """What clients send by themselves gets nobody what is not theirs."""

    @classmethod
    def setup_tables(cls):
        result = super().setup_tables()
        cls.document = cls.store()
        cls.closed = cls.new_folder("Dirección", inherit_rights=False)
        cls.secret = cls.store(
            "nomina.txt", b"nomina", user=cls.keeper, carpeta_id=cls.closed.id
        )
        return result

    def grant(self, folder, level, user):
        self.env["gck.carpeta.permiso"].create(
            {"carpeta_id": folder.id, "user_id": user.id, "level": level}
        )
        self.forget()

    # ------------------------------------------------------------
    # Versions
    # ------------------------------------------------------------

    def test_k28_nobody_makes_a_version_of_what_is_not_theirs(self):
        vals = {
            "documento_id": self.document.id,
            "number": 9,
            "filename": "x.txt",
            "attachment_id": self.secret.version_id.attachment_id.id,
        }
        for user in (self.own, self.keeper):
            Version = self.env["gck.documento.version"].with_user(user)
            with self.assertRaises(AccessError):
                Version.create(vals)
            with self.assertRaises(AccessError):
                self.document.version_id.with_user(user).unlink()

    def test_k28_defaults_of_the_client_do_not_get_into_versions(self):
        documento = self.document.with_context(
            default_attachment_id=self.secret.version_id.attachment_id.id,
            default_texto_id=1,
            default_index_state="done",
        )
        version = documento._add_version("b.txt", raw=b"nuevo")
        self.assertEqual(version.attachment_id.raw, b"nuevo")
        self.assertEqual(version.index_state, "pending")
        self.assertEqual(version.env.uid, self.own.id)
        self.assertFalse(version.env.su)

    # ------------------------------------------------------------
    # Documents
    # ------------------------------------------------------------

    def test_k28_what_the_suite_knows_of_a_document_is_not_written(self):
        Documento = self.env["gck.documento"].with_user(self.own)
        base = {"name": "x", "carpeta_id": self.folder.id}
        for name, value in (
            ("version_id", self.secret.version_id.id),
            ("version_ids", [Command.link(self.secret.version_id.id)]),
            ("version_number", 7),
            ("filename", "otro.txt"),
            ("extension", "exe"),
            ("mimetype", "text/html"),
            ("file_size", 1),
            ("sha256", "0" * 64),
            ("content_key", "0" * 64),
            ("texto_id", 1),
            ("is_warned", True),
            ("deleted_by_id", self.colleague.id),
            ("deleted_date", "2020-01-01 00:00:00"),
            ("deleted_rule", "x"),
        ):
            with self.subTest(name):
                with self.assertRaises(AccessError):
                    self.document.write({name: value})
                with self.assertRaises(AccessError):
                    Documento.create({**base, name: value})
                with self.assertRaises(AccessError):
                    Documento.with_context(**{f"default_{name}": value}).create(base)

    def test_k28_no_document_is_made_in_another_status(self):
        Documento = self.env["gck.documento"].with_user(self.own)
        base = {"name": "x", "carpeta_id": self.folder.id}
        for vals in ({"state": "bin"}, {"active": False}):
            with self.assertRaises(UserError):
                Documento.create({**base, **vals})
            with self.assertRaises(UserError):
                Documento.with_context(
                    **{f"default_{name}": value for name, value in vals.items()}
                ).create(base)
        for name in ("locked_by_id", "locked_date"):
            with self.assertRaises(AccessError):
                Documento.create({**base, name: False})
        made = Documento.create({**base, "state": "valid", "active": True})
        self.assertFalse(made.env.context.get("gck_transition"))
        self.assertFalse(self.document.env.context.get("gck_transition"))

    # ------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------

    def test_k28_rights_are_not_taken_by_a_default_of_the_client(self):
        Permiso = (
            self.env["gck.carpeta.permiso"]
            .with_user(self.own)
            .with_context(default_carpeta_id=self.closed.id)
        )
        with self.assertRaises(AccessError):
            Permiso.create({"user_id": self.own.id, "level": "manage"})
        row = Permiso.with_user(self.keeper).create(
            {"user_id": self.own.id, "level": "read"}
        )
        self.assertEqual(row.carpeta_id, self.closed)

    def test_k28_whose_rights_count_in_a_folder_is_not_written(self):
        folder = self.folder.with_user(self.own)
        for name, value in (
            ("acl_id", False),
            ("code", "memo"),
            ("name_key", "x"),
            ("complete_name", "x"),
        ):
            with self.assertRaises(AccessError):
                folder.write({name: value})
            with self.assertRaises(AccessError):
                folder.create({"name": "y", name: value})
        folder.name = "Obras"
        self.assertEqual(folder.complete_name, "Obras")

    def test_k28_a_folder_whose_rights_are_unknown_is_closed(self):
        levels = self.env["gck.carpeta"].with_user(self.own)._get_user_levels()
        self.assertIn(self.closed.id, levels)
        # Made by somebody else, which this process has not heard of yet.
        self.env.cr.execute(
            "UPDATE gck_carpeta SET acl_id = id, inherit_rights = FALSE WHERE id = %s",
            [self.folder.id],
        )
        self.folder.invalidate_recordset()
        self.assertEqual(self.folder.with_user(self.own).sudo().user_level, "none")
        self.assertEqual(self.folder.with_user(self.keeper).user_level, "manage")

    def test_k28_a_manager_makes_a_closed_folder_and_names_who_reads_it(self):
        folder = (
            self.env["gck.carpeta"]
            .with_user(self.keeper)
            .create(
                {
                    "name": "Socios",
                    "inherit_rights": False,
                    "permiso_ids": [
                        Command.create({"user_id": self.own.id, "level": "read"})
                    ],
                }
            )
        )
        self.forget()
        self.assertEqual(folder.with_user(self.own).user_level, "read")

    # ------------------------------------------------------------
    # Documents of a record
    # ------------------------------------------------------------

    def test_k28_the_documents_of_a_record_open_in_a_client(self):
        self.document._link_records(self.customer)
        Documento = self.env["gck.documento"].with_user(self.own)
        action = Documento.get_record_action("res.partner", self.customer.id)
        domain = json.loads(json.dumps(action["domain"]))
        self.assertIn(self.document, Documento.search(domain))

    # ------------------------------------------------------------
    # Destroying
    # ------------------------------------------------------------

    def test_k28_destroying_takes_the_bytes_and_the_text_away(self):
        documento = self.store("a.txt", b"uno")
        documento._add_version("a.txt", raw=b"dos")
        for version in documento.version_ids.sudo():
            version._index_text()
        texts = documento.sudo().version_ids.texto_id
        attachments = documento.sudo().version_ids.attachment_id
        self.assertEqual((len(texts), len(attachments)), (2, 2))
        kept = self.document.sudo()
        kept.version_id._index_text()
        documento.action_bin()
        documento.with_user(self.keeper).action_destroy()
        self.assertFalse(attachments.exists())
        self.env["gck.documento.texto"]._gc_unused()
        self.assertFalse(texts.exists())
        self.assertTrue(kept.texto_id.exists())
        self.assertTrue(kept.version_id.attachment_id.exists())

    def test_k28_nothing_is_deleted_but_from_the_bin(self):
        with self.assertRaises(UserError) as error:
            self.document.with_user(self.keeper).unlink()
        self.assertNames(error.exception, self.document.name, "bin")
        self.document.action_bin()
        self.document.with_user(self.keeper).unlink()
        self.assertFalse(self.document.exists())

    def test_k28_only_who_manages_the_folder_ends_a_legal_hold(self):
        held, free = self.env["gck.documento.tipo"].create(
            [{"name": "Escrituras", "legal_hold": True}, {"name": "Borrador"}]
        )
        by_type = self.store("b.txt", b"b", tipo_id=held.id)
        self.document.legal_hold = True
        for change in (
            lambda: self.document.write({"legal_hold": False}),
            lambda: by_type.write({"tipo_id": free.id}),
            lambda: by_type.write({"tipo_id": False}),
        ):
            with self.assertRaises(AccessError):
                change()
        self.document.write({"legal_hold": True, "reference": "R"})
        self.document.with_user(self.keeper).legal_hold = False
        by_type.with_user(self.keeper).tipo_id = free
        self.assertFalse(self.document.legal_hold)

    # ------------------------------------------------------------
    # Folders of the suite
    # ------------------------------------------------------------

    def test_k28_what_the_suite_files_of_its_people_is_not_for_everybody(self):
        Carpeta = self.env["gck.carpeta"].with_user(self.own)
        for code in PRIVATE:
            folder = Carpeta._get_system(code, self.company)
            below = Carpeta._get_system(code, self.company, self.customer)
            self.forget()
            for place in (folder, below):
                levels = [
                    place.with_user(user).sudo().user_level
                    for user in (self.own, self.reader, self.keeper)
                ]
                read = "none" if code == "memo" else "read"
                self.assertEqual(levels, ["none", read, "manage"], code)
            self.assertEqual(folder.sudo().is_confidential, code == "memo")
        for code in ("inbox", "procedimiento"):
            folder = Carpeta._get_system(code, self.company)
            self.assertEqual(folder.user_level, "write")
