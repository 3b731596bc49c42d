from psycopg2.extras import Json

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged

from odoo.addons.gck_avisos.tests.common import take_suite_from
from odoo.addons.gck_sale import post_init_hook


@tagged("post_install", "-at_install")
class TestSaleOrder(TransactionCase):
    """Quotations and notices know of each other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = new_test_user(
            cls.env,
            login="gck_sale_seller",
            name="Marcos",
            email="marcos@example.com",
            groups="gck_avisos.group_gck_aviso_all,sales_team.group_sale_salesman_all_leads",
        )
        cls.customer = cls.env["res.partner"].create(
            {"name": "Talleres Ruiz", "email": "ruiz@example.com"}
        )
        cls.order = cls.env["sale.order"].create({"partner_id": cls.customer.id})
        cls.aviso = cls.env["gck.aviso"].create(
            {"partner_id": cls.customer.id, "subject": "Presupuesto no recibido"}
        )
        cls.tarea = cls.env["gck.tarea"].create(
            {**cls.aviso._prepare_tarea_vals(), "user_id": cls.seller.id}
        )

    def _link(self, origin):
        return (
            self.env["gck.vinculo"]
            .with_user(self.seller)
            ._link(origin.with_user(self.seller), self.order.with_user(self.seller))
        )

    def test_k3_order_shows_the_notices_it_is_linked_to(self):
        """A link made on the notice or on its task counts the notice once."""
        order = self.order.with_user(self.seller)
        self.assertEqual(order.gck_aviso_count, 0)
        self._link(self.tarea)
        self._link(self.aviso)
        order.invalidate_recordset()
        self.assertEqual(order.gck_aviso_count, 1)
        action = order.action_view_gck_avisos()
        found = self.env["gck.aviso"].search(action["domain"])
        self.assertEqual(found, self.aviso)

    def test_k3_a_new_notice_of_an_order_is_filled_and_linked(self):
        """«New» in the list of an order's notices gives one that belongs there."""
        order = self.order.with_user(self.seller)
        context = order.action_view_gck_avisos()["context"]
        aviso = self.env["gck.aviso"].with_user(self.seller).with_context(**context)
        aviso = aviso.create({"subject": "Pregunta por la entrega"})
        self.assertEqual(aviso.partner_id, self.customer)
        self.assertEqual(aviso.vinculo_ids.document_ref, order)
        self.assertEqual(order.gck_aviso_count, 1)

    def test_k3_order_counts_only_notices_within_reach(self):
        """Who sees only their own notices does not count other people's."""
        self._link(self.tarea)
        stranger = new_test_user(
            self.env,
            login="gck_sale_stranger",
            groups="gck_avisos.group_gck_aviso_user,sales_team.group_sale_salesman_all_leads",
        )
        self.assertEqual(self.order.with_user(stranger).gck_aviso_count, 0)

    def test_k3_order_without_the_group_has_no_count(self):
        """Who does not use notices opens orders as ever."""
        take_suite_from(self.env, "sales_team.group_sale_salesman")
        outsider = new_test_user(
            self.env,
            login="gck_sale_outsider",
            groups="sales_team.group_sale_salesman_all_leads",
        )
        order = self.order.with_user(outsider)
        self.assertNotIn("gck_aviso_count", order.fields_get())
        with self.assertRaises(AccessError):
            order.read(["gck_aviso_count"])

    def test_k40_mailing_a_quotation_logs_it_with_its_files(self):
        """Sending the linked quotation from the task logs one intervention."""
        link = self._link(self.tarea)
        action = link.action_send()
        self.assertEqual(action["res_model"], "mail.compose.message")
        composer = (
            self.env["mail.compose.message"]
            .with_user(self.seller)
            .with_context(**action["context"])
            .create({})
        )
        composer.action_send_mail()

        self.assertEqual(self.order.state, "sent")
        intervencion = self.tarea.intervencion_ids
        self.assertEqual(len(intervencion), 1)
        self.assertEqual(intervencion.category, "email")
        self.assertEqual(intervencion.direction, "out")
        self.assertEqual(intervencion.user_id, self.seller)
        self.assertIn("ruiz@example.com", intervencion.result)
        self.assertTrue(intervencion.attachment_ids, "the quotation is kept with it")

    def test_k40_quotations_can_be_mailed_in_spanish(self):
        """The broken subject of Odoo's first Spanish catalogue is mended."""
        self.env["res.lang"]._activate_lang("es_ES")
        template = self.env.ref("sale.email_template_edi_sale")
        # Odoo loads catalogues past the check of what people write into a template.
        broken = "{{ object.state in ('draft, 'sent') and 'Presupuesto' or 'Pedido' }}"
        self.env.cr.execute(
            "UPDATE mail_template SET subject = subject || %s WHERE id = %s",
            [Json({"es_ES": broken}), template.id],
        )
        template.invalidate_recordset()
        post_init_hook(self.env)
        rendered = template.with_context(lang="es_ES")._render_field(
            "subject", self.order.ids
        )
        self.assertEqual(rendered[self.order.id], "Presupuesto")

    def test_k40_a_foreign_task_in_the_context_logs_nothing(self):
        """Naming somebody else's task in the context of a mailing has no effect."""
        stranger = new_test_user(
            self.env,
            login="gck_sale_stranger",
            email="stranger@example.com",
            groups="gck_avisos.group_gck_aviso_user,sales_team.group_sale_salesman_all_leads",
        )
        self.order.with_user(stranger).with_context(
            gck_tarea_id=self.tarea.id
        ).message_post(
            body="Hola",
            partner_ids=self.customer.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertFalse(self.tarea.intervencion_ids)
