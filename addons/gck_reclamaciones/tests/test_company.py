from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ReclamacionesCase


@tagged("post_install", "-at_install")
class TestClaimCompany(ReclamacionesCase):
    """What a claim names is of its company, also among many."""

    def test_one_of_many_that_names_another_company_is_refused(self):
        categoria = self.env["gck.reclamacion.categoria"].create(
            {"name": "Theirs", "company_id": self.other_company.id}
        )
        vals = {"subject": "It leaks", "categoria_id": self.categoria.id}
        for position in (0, 3, 5):
            vals_list = [dict(vals) for _n in range(6)]
            vals_list[position]["categoria_id"] = categoria.id
            with self.assertRaisesRegex(UserError, "Theirs"):
                self.env["gck.reclamacion"].create(vals_list)
        claims = self.env["gck.reclamacion"].create([vals] * 3)
        with self.assertRaisesRegex(UserError, "Theirs"):
            claims[1:].write({"categoria_id": categoria.id})
