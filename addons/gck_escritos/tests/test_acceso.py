from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import EscritoCase

# Of whom each operation is allowed: read, write, create, unlink.
MATRIX = {
    "gck.escrito": {"writer": "rwc", "manager": "rwcu", "portal": ""},
    "gck.texto": {"writer": "r", "manager": "rwcu", "portal": ""},
    "gck.escrito.envio": {"writer": "rwc", "manager": "rwcu", "portal": ""},
    "gck.escrito.envio.linea": {"writer": "rwcu", "manager": "rwcu", "portal": ""},
    "gck.escrito.imprimir": {"writer": "rwcu", "manager": "rwcu", "portal": ""},
}
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}


@tagged("post_install", "-at_install")
class TestAcceso(EscritoCase):
    """Who may do what with written documents, texts and bulk letters."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = new_test_user(cls.env, "esc_portal", "base.group_portal")
        cls.colleague = new_test_user(
            cls.env, "esc_colleague", "base.group_user,gck_avisos.group_gck_aviso_user"
        )

    def test_matrix(self):
        """Each group has the operations of the matrix on each model, and no other."""
        for model, rights in MATRIX.items():
            for name, letters in rights.items():
                records = self.env[model].with_user(getattr(self, name))
                for letter, operation in OPERATIONS.items():
                    with self.subTest(model=model, user=name, operation=operation):
                        self.assertEqual(
                            records.has_access(operation), letter in letters
                        )

    def test_own_and_all(self):
        """A colleague sees neither the letter nor its action; a manager does."""
        carta = self._create_escrito()
        self.env.flush_all()
        for user, seen in (
            (self.writer, True),
            (self.manager, True),
            (self.colleague, False),
        ):
            with self.subTest(user=user.login):
                found = self.env["gck.escrito"].with_user(user).search([])
                self.assertEqual(carta in found, seen)
        rows = self.env["gck.accion"].with_user(self.colleague)
        self.assertFalse(rows.search([("partner_id", "=", self.partner.id)]))
        with self.assertRaises(AccessError):
            carta.with_user(self.colleague)._get_pdf()

    def test_other_company(self):
        """Nobody sees the letters of a company that they do not work in."""
        other = self.env["res.company"].create({"name": "Otra empresa"})
        carta = self.env["gck.escrito"].create(
            {"clase": "carta", "company_id": other.id, "user_id": False}
        )
        found = self.env["gck.escrito"].with_user(self.manager)
        self.assertNotIn(carta, found.search([]))

    def test_m56_four_combinations_differ(self):
        """M-56: with and without logo, with and without signature block."""
        carta = self._create_escrito()
        report = self.env["ir.actions.report"]
        pages = {}
        for logo in (True, False):
            for signature in (True, False):
                html = report._render_qweb_html(
                    "gck_escritos.report_gck_escrito",
                    carta.ids,
                    {"with_logo": logo, "with_signature": signature},
                )[0].decode()
                pages[logo, signature] = html
                self.assertEqual("gck-head-details" in html, logo)
                self.assertEqual("gck-letter-signature" in html, signature)
        self.assertEqual(len(set(pages.values())), 4)
