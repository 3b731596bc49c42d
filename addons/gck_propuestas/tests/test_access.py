from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import PropuestasCase

OPERATIONS = {"c": "create", "r": "read", "w": "write", "u": "unlink"}
ROLES = ("seller", "validator", "manager", "nobody", "portal")
MATRIX = {
    "gck.cliente.clase": ("r", "r", "crwu", "r", ""),
    "gck.cliente.clase.documento": ("r", "r", "crwu", "r", ""),
    "gck.propuesta.documento": ("crwu", "crwu", "crwu", "", ""),
    "gck.esfuerzo": ("r", "r", "r", "", ""),
    "gck.propuesta.pedir": ("crwu", "crwu", "crwu", "", ""),
    "gck.propuesta.rechazar": ("", "crwu", "crwu", "", ""),
}


@tagged("post_install", "-at_install")
class TestPropuestaAccess(PropuestasCase):
    """Who may do what with proposals and their documents."""

    def test_each_role_has_these_rights(self):
        for model, rights in MATRIX.items():
            for role, letters in zip(ROLES, rights, strict=True):
                for letter, operation in OPERATIONS.items():
                    with self.subTest(model=model, role=role, operation=operation):
                        user = getattr(self, role)
                        self.assertEqual(
                            self.env[model].with_user(user).has_access(operation),
                            letter in letters,
                        )

    def test_sellers_see_the_documents_of_their_own_proposals(self):
        lead = self.new_propuesta()
        line = lead.gck_propuesta_line_ids[0]
        self.assertTrue(line.with_user(self.seller).has_access("write"))
        self.assertFalse(line.with_user(self.colleague).has_access("read"))
        self.assertTrue(line.with_user(self.validator).has_access("write"))
        with self.assertRaises(AccessError):
            line.with_user(self.colleague).action_receive()

    def test_another_company_sees_nothing(self):
        lead = self.new_propuesta()
        other = self.env["res.company"].create({"name": "Otra"})
        self.manager.sudo().write(
            {"company_ids": [(6, 0, other.ids)], "company_id": other.id}
        )
        line = lead.gck_propuesta_line_ids[0].with_user(self.manager)
        self.assertFalse(
            line.with_context(allowed_company_ids=other.ids).has_access("read")
        )
