from datetime import datetime

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.gck_avisos.tests.common import (
    ALL,
    USER,
    AvisosCase,
    take_suite_from,
)

BUYER = "purchase.group_purchase_user"


@tagged("post_install", "-at_install")
class PurchaseCase(AvisosCase):
    """A buyer without any rights in Sales, and a product to buy."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id.tz = "Europe/Madrid"
        cls.buyer = cls.new_user("buyer", f"{USER},{BUYER}", "Berta Buyer")
        cls.product = cls.env["product.product"].create({"name": "Contactor"})

    @classmethod
    def new_request(cls, user=None, **vals):
        """Create a request for quotation of a buyer."""
        user = user or cls.buyer
        Order = cls.env["purchase.order"].with_user(user)
        Order = Order.with_context(allowed_company_ids=user.company_id.ids)
        return Order.create(
            {
                "partner_id": cls.vendor.id,
                "order_line": [Command.create({"product_id": cls.product.id})],
                **vals,
            }
        )

    def accion(self, request, user=None):
        """Return the row of a request in the union, none when out of reach."""
        user = user or self.buyer
        self.forget()
        Accion = self.env["gck.accion"].with_user(user)
        return Accion.with_context(allowed_company_ids=user.company_id.ids).search(
            [("res_model", "=", "purchase.order"), ("res_id", "=", request.id)]
        )


class TestPurchaseNotices(PurchaseCase):
    """Orders and notices know of each other."""

    def test_k3_order_shows_the_notices_it_is_linked_to(self):
        """A link made on the notice or on its task counts the notice once."""
        request = self.new_request()
        aviso = self.new_aviso(partner_id=self.vendor.id, user_id=self.buyer.id)
        tarea = self.new_tarea(aviso, user_id=self.buyer.id)
        self.assertEqual(request.gck_aviso_count, 0)
        for record in (aviso, tarea):
            self.env["gck.vinculo"]._link(record, request)
        request.invalidate_recordset()
        self.assertEqual(request.gck_aviso_count, 1)
        action = request.action_view_gck_avisos()
        self.assertEqual(self.env["gck.aviso"].search(action["domain"]), aviso)

    def test_k14_a_buyer_without_rights_in_sales_takes_a_vendor_notice(self):
        """From the order's button: about the vendor, its contact, and linked."""
        self.assertFalse(self.buyer.has_group("sales_team.group_sale_salesman"))
        request = self.new_request(partner_id=self.vendor_contact.id)
        action = request.action_view_gck_avisos()
        Aviso = self.env["gck.aviso"].with_user(self.buyer)
        aviso = Aviso.with_context(**action["context"]).create({})
        self.assertEqual(aviso.partner_id, self.vendor)
        self.assertEqual(aviso.contact_id, self.vendor_contact)
        self.assertEqual(aviso.vinculo_ids.document_ref, request)
        self.assertEqual(request.gck_aviso_count, 1)

    def test_k3_order_counts_only_notices_within_reach(self):
        request = self.new_request()
        self.env["gck.vinculo"]._link(self.new_aviso(), request)
        self.forget()
        self.assertEqual(request.gck_aviso_count, 0)

    def test_k3_order_without_the_group_has_no_count(self):
        """Who does not use notices opens orders as ever."""
        take_suite_from(self.env, "purchase.group_purchase_user")
        outsider = self.new_user("clerk", BUYER, "Clara Clerk")
        request = self.new_request(outsider).with_user(outsider)
        self.assertNotIn("gck_aviso_count", request.fields_get())
        with self.assertRaises(AccessError):
            request.read(["gck_aviso_count"])

    def test_k40_mailing_a_request_logs_it_with_its_files(self):
        """Sending the linked request from the task logs one intervention."""
        self.vendor.email = "aceros@example.com"
        tarea = self.new_tarea(user_id=self.buyer.id)
        request = self.new_request()
        Vinculo = self.env["gck.vinculo"].with_user(self.buyer)
        link = Vinculo._link(tarea.with_user(self.buyer), request)
        action = link.action_send()
        template = self.env.ref("purchase.email_template_edi_purchase")
        self.assertEqual(action["context"]["default_template_id"], template.id)
        Composer = self.env["mail.compose.message"].with_user(self.buyer)
        Composer.with_context(**action["context"]).create({}).action_send_mail()

        self.assertEqual(request.state, "sent")
        intervencion = tarea.intervencion_ids
        self.assertEqual(len(intervencion), 1)
        self.assertEqual(intervencion.category, "email")
        self.assertIn("aceros@example.com", intervencion.result)
        self.assertTrue(intervencion.attachment_ids, "the request is kept with it")

    def test_k40_a_confirmed_order_is_mailed_as_an_order(self):
        request = self.new_request()
        request.button_confirm()
        action = self.env["gck.vinculo"]._get_send_action(request)
        template = self.env.ref("purchase.email_template_edi_purchase_done")
        self.assertEqual(action["context"]["default_template_id"], template.id)


class TestSolicitudCompra(PurchaseCase):
    """Requests for quotation among actions (M-15)."""

    def test_m15_a_request_reads_in_the_list_as_on_its_form(self):
        request = self.new_request(
            partner_id=self.vendor_contact.id,
            date_order=datetime(2026, 3, 10, 9, 0),
            priority="1",
        )
        accion = self.accion(request)
        self.assertEqual(accion.kind_id.code, "solicitud_compra")
        self.assertEqual(accion.name, request.name)
        self.assertEqual(accion.subject, "Contactor")
        self.assertEqual(accion.partner_id, self.vendor)
        self.assertEqual(accion.contact_id, self.vendor_contact)
        self.assertEqual(accion.user_id, self.buyer)
        self.assertEqual(accion.accion_state, "pending")
        self.assertEqual(accion.priority, "1")
        self.assertEqual(accion.action_open()["res_id"], request.id)

    def test_m15_requests_are_pending_matters_by_setting(self):
        request = self.new_request()
        accion = self.accion(request)
        self.assertFalse(accion.is_pending)
        Parametros = self.env["gck.parametros"].with_user(self.manager)
        Parametros.browse(self.company.id).gck_pending_rfq = True
        self.assertTrue(self.company.gck_pending_rfq)
        accion.invalidate_recordset()
        self.assertTrue(accion.is_pending)
        Accion = self.env["gck.accion"].with_user(self.buyer)
        self.assertIn(accion, Accion.search([("is_pending", "=", True)]))
        self.company.gck_pending_rfq = False
        self.assertNotIn(accion, Accion.search([("is_pending", "=", True)]))

    def test_m15_a_request_is_done_when_it_is_an_order(self):
        self.company.po_double_validation = "two_step"
        self.company.po_double_validation_amount = 0
        request = self.new_request()
        request.order_line.price_unit = 100
        request.button_confirm()
        self.assertEqual(request.state, "to approve")
        self.assertEqual(self.accion(request).accion_state, "pending")
        request.with_env(self.env).button_approve()
        accion = self.accion(request)
        self.assertEqual(accion.accion_state, "done")
        self.assertEqual(accion.date_done, request.date_approve)
        cancelled = self.new_request()
        cancelled.button_cancel()
        self.assertEqual(self.accion(cancelled).accion_state, "cancel")

    def test_m15_a_request_is_late_once_the_day_of_its_deadline_is_over(self):
        request = self.new_request(date_order=datetime(2026, 3, 10, 9, 0))
        self.assertEqual(request.gck_date_deadline, datetime(2026, 3, 10, 22, 59, 59))
        accion = self.accion(request)
        for moment, late in (
            ("2026-03-10 20:00:00", False),
            ("2026-03-10 23:30:00", True),
        ):
            with self.subTest(moment), freeze_time(moment):
                accion.invalidate_recordset()
                self.assertEqual(accion.is_late, late)

    def test_m15_without_rights_in_purchase_nothing_shows_and_nothing_fails(self):
        request = self.new_request()
        for user in (self.own, self.foreign):
            self.assertFalse(self.accion(request, user))
        Accion = self.env["gck.accion"].with_user(self.own)
        codes = {kind["code"] for kind in Accion.get_kinds()}
        self.assertNotIn("solicitud_compra", codes)
        with self.assertRaises(AccessError):
            self.accion(request, self.portal)

    def test_m15_requests_of_another_company_stay_there(self):
        foreigner = self.new_user(
            "far", f"{ALL},{BUYER}", "Félix Far", company=self.other_company
        )
        request = self.new_request(foreigner, company_id=self.other_company.id)
        self.assertTrue(self.accion(request, foreigner))
        self.assertFalse(self.accion(request))

    def test_m38_a_request_of_a_task_is_its_document_and_hangs_from_it(self):
        tarea = self.new_tarea(
            partner_id=self.vendor.id, subject="Pedir contactor", user_id=self.buyer.id
        )
        request = self.spawn(tarea)
        self.assertEqual(request.partner_id, self.vendor)
        self.assertEqual(request.gck_subject, "Pedir contactor")
        self.assertEqual(request.origin, tarea.name)
        self.assertEqual(tarea.with_user(self.buyer).vinculo_ids.document_ref, request)
        self.env.flush_all()
        Accion = self.env["gck.accion"].with_user(self.buyer)
        nodes = Accion.get_family(tarea._name, tarea.id)["nodes"]
        self.assertEqual(
            [node["res_model"] for node in nodes], ["gck.tarea", "purchase.order"]
        )

    def test_m38_what_is_bought_for_a_customer_is_not_asked_of_the_customer(self):
        self.customer.customer_rank = 1
        tarea = self.new_tarea(partner_id=self.customer.id, user_id=self.buyer.id)
        request = self.spawn(tarea, partner_id=self.vendor.id)
        self.assertEqual(request.partner_id, self.vendor)
        Accion = self.env["gck.accion"].with_user(self.buyer)
        context = Accion.get_create_action("solicitud_compra", "gck.tarea", tarea.id)
        self.assertNotIn("default_partner_id", context["context"])

    def spawn(self, origin, **vals):
        """Generate a request as the web client does: the form, then its save."""
        Accion = self.env["gck.accion"].with_user(self.buyer)
        action = Accion.get_create_action("solicitud_compra", origin._name, origin.id)
        Order = self.env["purchase.order"].with_user(self.buyer)
        return Order.with_context(**action["context"]).create(vals)
