from datetime import date, datetime

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.gck_avisos.tests.common import USER, AvisosCase

OWN_QUOTES = "sales_team.group_sale_salesman"
ALL_QUOTES = "sales_team.group_sale_salesman_all_leads"


@tagged("post_install", "-at_install")
class PresupuestoCase(AvisosCase):
    """Salespeople of two kinds, and a product to quote."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id.tz = "Europe/Madrid"
        cls.seller = cls.new_user("seller", f"{USER},{OWN_QUOTES}", "Sara Seller")
        cls.rival = cls.new_user("rival", f"{USER},{OWN_QUOTES}", "Rubén Rival")
        cls.chief = cls.new_user("chief", f"{USER},{ALL_QUOTES}", "Chelo Chief")
        cls.product = cls.env["product.product"].create({"name": "Compresor"})

    @classmethod
    def new_quote(cls, user=None, **vals):
        """Create a quotation of a salesperson, without validity unless given."""
        user = user or cls.seller
        Order = cls.env["sale.order"].with_user(user)
        Order = Order.with_context(allowed_company_ids=user.company_id.ids)
        return Order.create(
            {
                "partner_id": cls.customer.id,
                "validity_date": False,
                "order_line": [Command.create({"product_id": cls.product.id})],
                **vals,
            }
        )

    def accion(self, quote, user=None):
        """Return the row of a quotation in the union, none when it is out of reach."""
        user = user or self.seller
        self.forget()
        Accion = self.env["gck.accion"].with_user(user)
        return Accion.with_context(allowed_company_ids=user.company_id.ids).search(
            [("res_model", "=", "sale.order"), ("res_id", "=", quote.id)]
        )


class TestPresupuesto(PresupuestoCase):
    """Quotations among pending matters (M-15)."""

    def test_m15_a_quotation_reads_in_the_list_as_on_its_form(self):
        quote = self.new_quote(
            partner_id=self.contact.id, client_order_ref="Pedido 7/26"
        )
        accion = self.accion(quote)
        self.assertEqual(accion.kind_id.code, "presupuesto")
        self.assertEqual(accion.name, quote.name)
        self.assertEqual(accion.subject, "Pedido 7/26")
        self.assertEqual(accion.partner_id, self.customer)
        self.assertEqual(accion.commercial_partner_id, self.customer)
        self.assertEqual(accion.contact_id, self.contact)
        self.assertEqual(accion.user_id, self.seller)
        self.assertEqual(accion.requester_id, self.seller)
        self.assertEqual(accion.company_id, self.company)
        self.assertEqual(accion.date, quote.date_order)
        self.assertEqual(accion.accion_state, "pending")
        self.assertTrue(accion.is_pending)
        self.assertFalse(accion.date_done)
        action = accion.action_open()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("sale.order", quote.id)
        )

    def test_m15_the_subject_is_the_best_that_there_is(self):
        quote = self.new_quote()
        self.assertFalse(self.accion(quote).contact_id)
        self.assertEqual(quote.gck_subject, "Compresor")
        quote.order_line.name = "Compresor de 15 kW\nCon variador"
        self.assertEqual(quote.gck_subject, "Compresor de 15 kW")
        quote.client_order_ref = "Pedido 8/26"
        self.assertEqual(quote.gck_subject, "Pedido 8/26")
        quote.gck_reference = "Renovar la sala"
        self.assertEqual(quote.gck_subject, "Renovar la sala")
        empty = self.new_quote(order_line=[])
        self.assertFalse(empty.gck_subject)
        self.assertEqual(self.accion(empty).display_name, empty.name)

    def test_m15_confirming_it_takes_it_from_pending_matters(self):
        quote = self.new_quote()
        pending = [("is_pending", "=", True), ("user_id", "=", self.seller.id)]
        Accion = self.env["gck.accion"].with_user(self.seller)
        self.assertIn(self.accion(quote), Accion.search(pending))
        quote.action_quotation_sent()
        self.assertTrue(self.accion(quote).is_pending)
        quote.action_confirm()
        accion = self.accion(quote)
        self.assertNotIn(accion, Accion.search(pending))
        self.assertEqual(accion.accion_state, "done")
        self.assertEqual(accion.date_done, quote.date_order)

    def test_m15_a_cancelled_quotation_is_no_pending_matter(self):
        quote = self.new_quote()
        quote._action_cancel()
        self.assertEqual(self.accion(quote).accion_state, "cancel")
        quote.action_draft()
        self.assertEqual(self.accion(quote).accion_state, "pending")

    def test_m15_quotations_are_in_the_home_page_of_their_salesperson(self):
        self.new_quote(validity_date=date(2026, 1, 10))
        self.env.flush_all()
        home = self.env["gck.accion"].with_user(self.seller).get_home()
        kinds = {kind["code"]: kind for kind in home["kinds"]}
        self.assertEqual(kinds["presupuesto"]["count"], 1)
        self.assertEqual(kinds["presupuesto"]["late"], 1)
        self.assertIn("presupuesto", {kind["code"] for kind in home["create"]})

    def test_m15_each_salesperson_sees_what_sales_lets_them_see(self):
        mine, others = self.new_quote(), self.new_quote(self.rival)
        self.assertTrue(self.accion(mine))
        self.assertFalse(self.accion(others))
        self.assertTrue(self.accion(mine, self.chief))
        self.assertTrue(self.accion(others, self.chief))
        others.sudo().user_id = self.seller
        self.assertTrue(self.accion(others))

    def test_m15_without_rights_in_sales_nothing_shows_and_nothing_fails(self):
        quote = self.new_quote()
        self.new_tarea(user_id=self.own.id)
        self.assertFalse(self.accion(quote, self.own))
        Accion = self.env["gck.accion"].with_user(self.own)
        self.assertNotIn("presupuesto", {kind["code"] for kind in Accion.get_kinds()})
        self.assertTrue(Accion.get_home()["sections"])
        with self.assertRaises(AccessError):
            self.accion(quote, self.portal)

    def test_m15_quotations_of_another_company_stay_there(self):
        seller = self.new_user(
            "tajo", f"{USER},{ALL_QUOTES}", "Tomás Tajo", company=self.other_company
        )
        quote = self.new_quote(seller, company_id=self.other_company.id)
        self.assertTrue(self.accion(quote, seller))
        self.assertFalse(self.accion(quote, self.chief))

    def test_m15_one_more_kind_costs_no_more_queries_per_row(self):
        Accion = self.env["gck.accion"].with_user(self.chief)

        def read(count):
            return self.count_queries(
                lambda: Accion.search(
                    [("kind", "=", "presupuesto")], limit=count
                )._to_rows()
            )

        for _index in range(12):
            self.new_quote(self.chief)
        read(2)
        self.assertEqual(read(2), read(12))

    def test_m15_what_was_there_before_gets_its_columns(self):
        """Installing on a database in use fills company and subject at once."""
        quote = self.new_quote(partner_id=self.contact.id)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET gck_commercial_partner_id = NULL, gck_subject = NULL"
        )
        quote._gck_fill_columns()
        quote.invalidate_recordset()
        self.assertEqual(quote.gck_commercial_partner_id, self.customer)
        self.assertEqual(quote.gck_subject, "Compresor")


class TestPresupuestoLate(PresupuestoCase):
    """When a quotation is late (M-21)."""

    def late(self, quote):
        """Tell whether a quotation is late, asked in both ways."""
        accion = self.accion(quote)
        found = self.env["gck.accion"].with_user(self.seller)
        found = found.search([("is_late", "=", True), ("kind", "=", "presupuesto")])
        self.assertEqual(accion.is_late, accion in found)
        return accion.is_late

    def test_m21_late_once_the_day_of_validity_is_over_where_the_company_is(self):
        quote = self.new_quote(validity_date=date(2026, 3, 10))
        # In Madrid, in winter, the day ends at 23:00 UTC.
        self.assertEqual(quote.gck_date_deadline, datetime(2026, 3, 10, 22, 59, 59))
        with freeze_time("2026-03-10 22:30:00"):
            self.assertFalse(self.late(quote))
        with freeze_time("2026-03-10 23:30:00"):
            self.assertTrue(self.late(quote))
        quote.validity_date = date(2026, 7, 10)
        self.assertEqual(quote.gck_date_deadline, datetime(2026, 7, 10, 21, 59, 59))

    def test_m21_without_validity_the_days_of_the_company_count(self):
        quote = self.new_quote(date_order=datetime(2026, 3, 1, 23, 30))
        # It was the 2nd in Madrid; fifteen days later it is the 17th.
        self.assertEqual(quote.gck_date_deadline, datetime(2026, 3, 17, 22, 59, 59))
        quote.date_order = datetime(2026, 3, 2, 10, 0)
        self.assertEqual(quote.gck_date_deadline, datetime(2026, 3, 17, 22, 59, 59))

    def test_m21_changing_the_days_moves_the_pending_ones(self):
        start = datetime(2026, 3, 2, 10, 0)
        quote = self.new_quote(date_order=start)
        valid = self.new_quote(date_order=start, validity_date=date(2026, 3, 5))
        decided = self.new_quote(date_order=start)
        decided.action_confirm()
        before = (valid.gck_date_deadline, decided.gck_date_deadline)
        self.company.gck_quote_days = 3
        self.assertEqual(quote.gck_date_deadline, datetime(2026, 3, 5, 22, 59, 59))
        self.assertEqual((valid.gck_date_deadline, decided.gck_date_deadline), before)
        self.company.gck_quote_days = 0
        self.assertFalse(quote.gck_date_deadline)
        self.assertFalse(self.late(quote))
        self.assertEqual(valid.gck_date_deadline, before[0])

    def test_m21_the_days_belong_to_each_company(self):
        quote = self.new_quote(date_order=datetime(2026, 3, 2, 10, 0))
        before = quote.gck_date_deadline
        self.other_company.gck_quote_days = 1
        self.assertEqual(quote.gck_date_deadline, before)

    def test_m21_changing_the_days_costs_no_query_per_quotation(self):
        def change(days):
            return self.count_queries(
                lambda: self.company.write({"gck_quote_days": days})
            )

        self.new_quote()
        self.new_quote()
        change(5)
        few = change(6)
        for _index in range(40):
            self.new_quote()
        self.assertLessEqual(change(7), few + 1)

    def test_m21_senseless_days_are_refused(self):
        for days in (-1, 3651):
            with (
                self.subTest(days),
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
            ):
                self.company.gck_quote_days = days
                self.env.flush_all()

    def test_m21_a_manager_sets_the_days_among_the_parameters(self):
        Parametros = self.env["gck.parametros"].with_user(self.manager)
        Parametros.browse(self.company.id).gck_quote_days = 21
        self.assertEqual(self.company.gck_quote_days, 21)

    def test_m21_what_is_decided_is_never_late(self):
        quote = self.new_quote(validity_date=date(2026, 1, 10))
        self.assertTrue(self.late(quote))
        deadline = quote.gck_date_deadline
        quote.action_confirm()
        self.assertFalse(self.late(quote))
        self.assertEqual(quote.gck_date_deadline, deadline)


class TestPresupuestoGenerado(PresupuestoCase):
    """Quotations generated from actions, and their place in the chain (M-38, M-39)."""

    def spawn(self, origin, user=None, **vals):
        """Generate a quotation as the web client does: the form, then its save."""
        user = user or self.seller
        Accion = self.env["gck.accion"].with_user(user)
        action = Accion.get_create_action("presupuesto", origin._name, origin.id)
        self.assertEqual(action["res_model"], "sale.order")
        Order = self.env["sale.order"].with_user(user)
        return Order.with_context(**action["context"]).create(vals)

    def family(self, record, user=None):
        """Return the tree as (level, record id), in order of display."""
        self.env.flush_all()
        Accion = self.env["gck.accion"].with_user(user or self.seller)
        found = Accion.get_family(record._name, record.id)
        return [(node["level"], node["key"]) for node in found["nodes"]]

    @staticmethod
    def key(record):
        return f"{record._name},{record.id}"

    def test_m38_a_quotation_of_a_task_inherits_and_is_its_document(self):
        tarea = self.new_tarea(
            partner_id=self.customer.id,
            contact_id=self.contact.id,
            user_id=self.seller.id,
            subject="Ampliar la cámara",
        )
        quote = self.spawn(tarea)
        self.assertEqual(quote.partner_id, self.contact)
        self.assertEqual(quote.gck_subject, "Ampliar la cámara")
        self.assertEqual(quote.origin, tarea.name)
        self.assertEqual(quote.company_id, self.company)
        links = tarea.with_user(self.seller).vinculo_ids
        self.assertEqual(links.document_ref, quote)
        self.assertEqual(links.relation, "document")
        Accion = self.env["gck.accion"].with_user(self.seller)
        self.env.flush_all()
        for record, other in ((tarea, quote), (quote, tarea)):
            rows = Accion.get_document_summary(record._name, record.id)["rows"]
            self.assertEqual(
                [(row["res_model"], row["res_id"]) for row in rows],
                [(other._name, other.id)],
            )

    def test_m38_a_closed_or_foreign_action_keeps_what_came_of_it(self):
        """Whoever may read an action may quote for it, and the trace stays on it."""
        aviso = self.new_aviso(partner_id=self.customer.id)
        aviso._do_close()
        aviso.message_subscribe(self.seller.partner_id.ids)
        self.assertFalse(aviso.with_user(self.own).has_access("read"))
        quote = self.spawn(aviso, user=self.seller)
        self.assertEqual(aviso.with_user(self.seller).vinculo_ids.document_ref, quote)
        with self.assertRaises(AccessError):
            self.env["sale.order"].with_user(self.rival).with_context(
                gck_origin=["sale.order", "gck.aviso", aviso.id]
            ).create({"partner_id": self.customer.id})

    def test_m38_the_context_links_nothing_but_the_new_quotation(self):
        tarea = self.new_tarea(user_id=self.seller.id)
        Order = self.env["sale.order"].with_user(self.seller)
        for origin in (
            ["gck.tarea", "gck.tarea", tarea.id],
            ["sale.order", "gone.model", 1],
            ["sale.order", "gck.tarea", 0],
            "sale.order",
            None,
        ):
            with self.subTest(origin=origin):
                Order.with_context(gck_origin=origin).create(
                    {"partner_id": self.customer.id}
                )
        self.assertFalse(tarea.vinculo_ids)

    def test_m38_a_quotation_of_a_partner_comes_filled_and_bare(self):
        quote = self.spawn(self.contact)
        self.assertEqual(quote.partner_id, self.contact)
        self.assertFalse(quote.gck_reference)
        self.assertFalse(quote.origin)

    def test_m38_a_task_of_a_quotation_has_it_and_came_from_it(self):
        quote = self.new_quote()
        Accion = self.env["gck.accion"].with_user(self.seller)
        action = Accion.get_create_action("tarea", quote._name, quote.id)
        Tarea = self.env["gck.tarea"].with_user(self.seller)
        tarea = Tarea.with_context(**action["context"]).create({})
        self.assertEqual(tarea.partner_id, self.customer)
        self.assertEqual(tarea.vinculo_ids.document_ref, quote)
        expected = [(0, self.key(quote)), (1, self.key(tarea))]
        self.assertEqual(self.family(quote), expected)
        self.assertEqual(self.family(tarea), expected)

    def test_m38_who_cannot_sell_is_not_offered_a_quotation(self):
        tarea = self.new_tarea(user_id=self.own.id)
        Accion = self.env["gck.accion"].with_user(self.own)
        summary = Accion.get_document_summary(tarea._name, tarea.id)
        self.assertNotIn("presupuesto", {kind["code"] for kind in summary["kinds"]})
        with self.assertRaises(AccessError):
            self.spawn(tarea, user=self.own, partner_id=self.customer.id)

    def test_m39_the_cycle_shows_the_quotation_under_its_action(self):
        aviso = self.new_aviso(partner_id=self.customer.id, user_id=self.seller.id)
        tarea = self.new_tarea(aviso, user_id=self.seller.id)
        quote = self.spawn(tarea)
        expected = [
            (0, self.key(aviso)),
            (1, self.key(tarea)),
            (2, self.key(quote)),
        ]
        for record in (aviso, tarea, quote):
            self.assertEqual(self.family(record), expected)

    def test_m39_a_quotation_does_not_join_what_else_it_is_linked_to(self):
        """Two tasks that share a quotation are no family, unless it is the start."""
        first, second = (self.new_tarea(user_id=self.seller.id) for _index in range(2))
        quote = self.new_quote()
        for tarea in (first, second):
            self.env["gck.vinculo"]._link(tarea, quote)
        self.assertEqual(
            self.family(first), [(0, self.key(first)), (1, self.key(quote))]
        )
        self.assertEqual(
            {key for _level, key in self.family(quote)},
            {self.key(record) for record in (first, second, quote)},
        )

    def test_m39_a_quotation_of_an_intervention_is_its_tasks(self):
        """K-41: documents are linked at any step; the cycle finds them all."""
        aviso = self.new_aviso(user_id=self.seller.id)
        tarea = self.new_tarea(aviso, user_id=self.seller.id)
        of_task = self.new_intervencion(tarea_id=tarea.id)
        of_notice = self.new_intervencion(aviso_id=aviso.id)
        first, second = self.new_quote(), self.new_quote()
        self.env["gck.vinculo"]._link(of_task, first)
        self.env["gck.vinculo"]._link(of_notice, second)
        self.assertCountEqual(
            self.family(tarea),
            [
                (0, self.key(aviso)),
                (1, self.key(tarea)),
                (2, self.key(first)),
                (2, self.key(of_task)),
                (1, self.key(second)),
                (1, self.key(of_notice)),
            ],
        )
        found = self.family(first)
        for expected in ((0, aviso), (1, tarea), (2, first)):
            self.assertIn((expected[0], self.key(expected[1])), found)

    def test_m39_a_quotation_out_of_reach_is_not_in_the_tree(self):
        tarea = self.new_tarea(user_id=self.own.id)
        quote = self.new_quote()
        self.env["gck.vinculo"]._link(tarea, quote)
        self.assertEqual(self.family(tarea, self.own), [(0, self.key(tarea))])
        link = tarea.with_user(self.own).vinculo_ids
        self.assertNotIn(quote.name, link.document_name)
