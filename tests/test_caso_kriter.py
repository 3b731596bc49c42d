from odoo.tests import new_test_user, tagged

from .common import SuiteHttpCase


@tagged("post_install", "-at_install")
class TestCasoKriter(SuiteHttpCase):
    """The worked example of the suite, in a browser and in Spanish."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env["res.partner"].create(
            {
                "name": "Talleres Ruiz",
                "is_company": True,
                "phone": "+34 600 123 456",
                "country_id": cls.spain.id,
            }
        )
        groups = (
            "gck_avisos.group_gck_aviso_all,sales_team.group_sale_salesman_all_leads,"
            "base.group_partner_manager"
        )
        cls.user = new_test_user(
            cls.env,
            login="comercial_caso",
            name="Comercial Caso",
            groups=groups,
            lang="es_ES",
            tz="Europe/Madrid",
        )
        # Work is given to the people with an employee file.
        cls.env["hr.employee"].create({"name": cls.user.name, "user_id": cls.user.id})
        cls.quotation = cls.env["sale.order"].create(
            {"name": "KRITER-1", "partner_id": cls.customer.id}
        )

    def test_k32_caso_kriter(self):
        """Call → notice → task → intervention → quotation linked → all closed."""
        self.start_tour("/odoo/gck-recepcion", "caso_kriter", login="comercial_caso")

        aviso = self.env["gck.aviso"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual(len(aviso), 1)
        self.assertEqual(aviso.state, "done")
        self.assertEqual(aviso.done_user_id, self.user)
        self.assertEqual(aviso.phone_sanitized, "+34600123456")
        self.assertEqual(aviso.contact_id.name, "Marta Gil")
        self.assertEqual(aviso.contact_id.parent_id, self.customer)
        self.assertEqual(aviso.contact_id.phone, "0034 600 123 456")
        self.assertEqual(aviso.tarea_ids.state, "done")
        self.assertEqual(aviso.intervencion_ids.direction, "out")
        self.assertEqual(aviso.vinculo_ids._get_document(), self.quotation)
        self.assertEqual(
            self.quotation.with_user(self.user).gck_aviso_count,
            1,
            "the quotation knows its notice",
        )
