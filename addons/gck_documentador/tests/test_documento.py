from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tools import mute_logger

from ..tools.names import clean_filename
from .common import DocumentosCase


class TestDocumento(DocumentosCase):
    """Files are kept, and found again."""

    def test_k29_any_file_comes_back_byte_for_byte(self):
        raw = bytes(range(256)) * 40
        documento = self.store("señal ñ.bin", raw)
        version = documento.version_id
        self.assertEqual(version.attachment_id.raw, raw)
        self.assertEqual(version.file_size, len(raw))
        self.assertEqual(documento.filename, "señal ñ.bin")
        self.assertEqual(version.number, 1)
        self.assertEqual(version.user_id, self.own)

    def test_k29_files_are_stored_in_the_order_given(self):
        files = [{"name": f"{n}.txt", "raw": b"%d" % n} for n in (3, 1, 2)]
        documentos = (
            self.env["gck.documento"]
            .with_user(self.own)
            ._store_files(files, carpeta_id=self.folder.id)
        )
        self.assertEqual(documentos.mapped("name"), ["3.txt", "1.txt", "2.txt"])

    def test_k28_an_attachment_that_nothing_owns_becomes_a_document(self):
        attachment = (
            self.env["ir.attachment"]
            .with_user(self.own)
            .create({"name": "a.txt", "raw": b"hola"})
        )
        documento = (
            self.env["gck.documento"]
            .with_user(self.own)
            ._store_files(
                [{"name": "a.txt", "attachment_id": attachment.id}],
                carpeta_id=self.folder.id,
            )
        )
        self.assertEqual(documento.version_id.attachment_id, attachment)
        self.assertEqual(documento.version_id.attachment_id.raw, b"hola")

    def test_k28_the_same_content_of_a_folder_is_one_document(self):
        first = self.store("a.txt", b"igual")
        second, duplicates = (
            self.env["gck.documento"]
            .with_user(self.colleague)
            ._store_files_report(
                [{"name": "b.txt", "raw": b"igual"}, {"name": "c", "raw": b"otro"}],
                carpeta_id=self.folder.id,
            )
        )
        self.assertEqual(second[0], first)
        self.assertEqual(list(duplicates), [0])
        self.assertNotEqual(second[1], first)

    @mute_logger("odoo.sql_db")
    def test_k28_folders_of_one_place_have_different_names(self):
        with self.assertRaises(UniqueViolation), self.cr.savepoint():
            self.new_folder("PROYÉCTOS")

    def test_k28_a_folder_does_not_go_into_itself(self):
        child = self.new_folder("Obra", self.folder)
        with self.assertRaises(ValidationError) as error:
            self.folder.parent_id = child
        self.assertNames(error.exception, "into itself")

    def test_k28_the_folder_of_the_suite_is_made_once(self):
        Carpeta = self.env["gck.carpeta"].with_user(self.own)
        inbox = Carpeta._get_system("inbox", self.company)
        self.assertEqual(Carpeta._get_system("inbox", self.company), inbox)
        own = Carpeta._get_system("contacto", self.company, self.contact)
        self.assertEqual(own.partner_id, self.customer)
        self.assertEqual(own.name, "Cerámicas Júcar")
        self.assertEqual(
            own, Carpeta._get_system("contacto", self.company, self.customer)
        )

    def test_k28_a_document_is_linked_to_several_records(self):
        aviso = self.new_aviso(user=self.own)
        documento = self.store()
        documento._link_records(self.customer)
        documento._link_records(aviso)
        self.assertEqual(len(documento.vinculo_ids), 2)
        found = self.env["gck.documento"].search(
            self.env["gck.documento"]._get_linked_to_domain(self.customer)
        )
        self.assertEqual(found, documento)

    def test_k28_names_lose_what_is_dangerous(self):
        for given, kept in (
            ("../../etc/passwd", "passwd"),
            ("C:\\temp\\nómina.pdf", "nómina.pdf"),
            ("factura\u202efdp.exe", "facturafdp.exe"),
            ("plano 📐.dwg", "plano 📐.dwg"),
            ("a\x00b\n.txt", "ab .txt"),
            ("", "file"),
            ("..", "file"),
        ):
            self.assertEqual(clean_filename(given), kept)
        long = clean_filename("ñ" * 300 + ".pdf")
        self.assertLessEqual(len(long.encode()), 240)
        self.assertTrue(long.endswith(".pdf"))

    def test_k28_a_title_with_slashes_is_kept_whole(self):
        documento = (
            self.env["gck.documento"]
            .with_user(self.own)
            ._store_files(
                [{"name": "dir/a.pdf", "title": "Oferta 12/2026", "raw": b"x"}],
                carpeta_id=self.folder.id,
            )
        )
        self.assertEqual(documento.name, "Oferta 12-2026")
        self.assertEqual(documento.filename, "a.pdf")
        documento.name = "Pedido 3/4\\5"
        self.assertEqual(documento.name, "Pedido 3-4-5")

    def test_k28_a_new_version_keeps_the_old(self):
        documento = self.store("a.txt", b"uno")
        documento._add_version("a2.txt", raw=b"dos!", reason="Corregido")
        self.assertEqual(documento.version_ids.mapped("number"), [2, 1])
        self.assertEqual(documento.version_id.number, 2)
        self.assertEqual(documento.file_size, 4)
        old = documento.version_ids[1]
        self.assertEqual(old.attachment_id.raw, b"uno")

    def test_k28_a_checked_out_document_names_its_holder(self):
        documento = self.store()
        documento.action_lock()
        with self.assertRaises(UserError) as error:
            documento.with_user(self.colleague)._add_version("a.txt", raw=b"x")
        self.assertNames(error.exception, "Olga Own")
