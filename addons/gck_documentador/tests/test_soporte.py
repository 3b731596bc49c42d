from odoo.exceptions import UserError
from odoo.tests import Form

from .common import DocumentosCase


class TestSoporte(DocumentosCase):
    """Types of action ask for documents, and folders go when they are empty."""

    @classmethod
    def setup_tables(cls):
        result = super().setup_tables()
        cls.dni, cls.poder = cls.env["gck.documento.tipo"].create(
            [{"name": "DNI"}, {"name": "Poder"}]
        )
        cls.tipo.soporte_tipo_ids = cls.dni | cls.poder
        return result

    def test_w25_an_action_says_which_documents_are_missing(self):
        aviso = self.new_aviso(user=self.own, tipo_id=self.tipo.id)
        self.assertEqual(aviso.soporte_missing, "DNI, Poder")
        documento = self.store(tipo_id=self.dni.id)
        documento._link_records(aviso)
        aviso.invalidate_recordset()
        self.assertEqual(aviso.soporte_missing, "Poder")
        documento.action_bin()
        aviso.invalidate_recordset()
        self.assertEqual(aviso.soporte_missing, "DNI, Poder")
        self.assertFalse(self.new_aviso(user=self.own).soporte_missing)

    def test_w25_the_model_of_a_missing_document_is_attached(self):
        aviso = self.new_aviso(
            user=self.own, tipo_id=self.tipo.id, partner_id=self.customer.id
        )
        self.assertFalse(aviso.can_attach_soporte)
        with self.assertRaises(UserError):
            aviso.action_attach_soporte()
        self.dni.plantilla_id = self.store("modelo.odt", b"modelo")
        aviso.invalidate_recordset()
        self.assertTrue(aviso.can_attach_soporte)
        aviso.action_attach_soporte()
        aviso.invalidate_recordset()
        self.assertEqual(aviso.soporte_missing, "Poder")

    def test_w25_every_kind_shows_it(self):
        for model, tipo in (
            ("gck.aviso", "gck.aviso.tipo"),
            ("gck.tarea", "gck.tarea.tipo"),
        ):
            arch = (
                self.env[model].with_user(self.own).get_view(view_type="form")["arch"]
            )
            self.assertIn("soporte_missing", arch)
            for view_type in ("list", "form"):
                arch = self.env[tipo].get_view(view_type=view_type)["arch"]
                self.assertIn("soporte_tipo_ids", arch, (tipo, view_type))
        aviso = self.new_aviso(user=self.own, tipo_id=self.tipo.id)
        with Form(aviso.with_user(self.own)) as form:
            self.assertEqual(form.soporte_missing, "DNI, Poder")

    def test_k28_only_an_empty_folder_is_deleted_or_archived(self):
        below = self.new_folder("Obra", self.folder)
        documento = self.store(carpeta_id=below.id)
        for folder in (self.folder, below):
            for change in (folder.unlink, folder.with_user(self.keeper).action_archive):
                with self.assertRaises(UserError) as error:
                    change()
                self.assertNames(error.exception, folder.name)
        documento.action_bin()
        with self.assertRaises(UserError):
            below.unlink()
        documento.with_user(self.keeper).action_destroy()
        below.with_user(self.own).unlink()
        self.folder.with_user(self.keeper).action_archive()
        self.assertFalse(self.folder.active)
