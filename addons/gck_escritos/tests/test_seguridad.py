import base64
import io

from PIL import Image

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, new_test_user, tagged

from .common import EscritoCase


@tagged("post_install", "-at_install")
class TestSeguridad(EscritoCase, HttpCase):
    """What no client may do to written documents, whatever it sends."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = new_test_user(
            cls.env, "esc_other", "base.group_user,gck_avisos.group_gck_aviso_user"
        )
        cls.tipo = cls.env["gck.procedimiento.tipo"].create({"name": "Calidad"})

    def _close_folder(self, clase):
        folder = self.env["gck.carpeta"]._get_system(clase, self.writer.company_id)
        folder.sudo().inherit_rights = False
        self.env.flush_all()
        self.env.invalidate_all()
        return folder

    def _create_procedure(self, **vals):
        return self._create_escrito(
            "procedimiento",
            **{
                "code": "PC-9",
                "partner_id": False,
                "procedimiento_tipo_id": self.tipo.id,
                **vals,
            },
        )

    def _create_valid_procedure(self):
        procedure = self._create_procedure()
        procedure.action_submit()
        procedure.with_user(self.manager).action_approve()
        return procedure

    # ------------------------------------------------------------

    def test_m57_own_pdf_is_read_whatever_the_folder_allows(self):
        """Issue, open and print work where the folder is for managers only."""
        self._close_folder("carta")
        carta = self._create_escrito()
        carta.action_issue()
        self.env.flush_all()
        self.assertFalse(carta.documento_id.has_access("read"))
        raw = carta._get_pdf()
        url = carta.action_open_documento()["url"]
        self.authenticate(self.writer.login, self.writer.login)
        self.assertEqual(self.url_open(url).content, raw)
        self.authenticate(self.colleague.login, self.colleague.login)
        self.assertEqual(self.url_open(url).status_code, 404)
        with self.assertRaises(AccessError):
            carta.with_user(self.colleague).action_open_documento()
