import io
import json
from datetime import timedelta
from unittest.mock import patch

import openpyxl

from odoo import fields, http
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from odoo.addons.gck_impresion.tests.common import read_pages

from .common import ALL, AvisosCase

REPORT = "gck_avisos.action_report_gck_accion_list"


@tagged("post_install", "-at_install")
class TestAccionList(AvisosCase, HttpCase):
    """The list of actions: its counts, its print, its screen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls.new_user(
            "person", f"{ALL},base.group_allow_export", "Paula Person"
        )
        cls.now = fields.Datetime.now()
        values = {
            "date": cls.now - timedelta(days=5),
            "user_id": cls.person.id,
            "partner_id": cls.customer.id,
        }
        late = cls.now - timedelta(days=3)
        soon = cls.now + timedelta(days=3)
        cls.late = cls.new_tarea(
            **values, subject="Reclamar el pago", date_deadline=late
        )
        cls.soon = cls.new_tarea(
            **values, subject="Visitar al cliente", date_deadline=soon
        )
        cls.theirs = cls.new_tarea(
            **{**values, "user_id": cls.colleague.id},
            subject="Ajena",
            date_deadline=soon,
        )
        cls.aviso = cls.new_aviso(**values, subject="Pide precio", date_deadline=soon)
        cls.tareas = cls.late + cls.soon + cls.theirs
        cls.Accion = cls.env["gck.accion"].with_user(cls.person)
        cls.domain = [
            ("res_model", "in", ("gck.tarea", "gck.aviso")),
            ("partner_id", "=", cls.customer.id),
        ]

    # ------------------------------------------------------------
    # Screen
    # ------------------------------------------------------------

    def test_m18_list_of_a_person_kinds_and_days(self):
        """Oneself, a colleague, everybody; kinds; a day; and F5 (W-30)."""
        self.start_tour(
            "/odoo/gck-pendientes", "gck_accion_list", login=self.person.login
        )

    def test_m18_whoever_sees_only_their_own_is_offered_nobody_else(self):
        people = self.env["gck.accion"].with_user(self.own).get_people()
        self.assertEqual([person["id"] for person in people], self.own.ids)

    # ------------------------------------------------------------
    # Counts
    # ------------------------------------------------------------

    def test_m19_kinds_are_counted_in_one_request(self):
        counts = {
            kind["code"]: (kind["count"], kind["late"])
            for kind in self.Accion.get_kind_counts(self.domain)
        }
        self.assertEqual(counts, {"aviso": (1, 0), "tarea": (3, 1)})

    def test_m19_what_is_done_is_never_late(self):
        late = self.late.with_user(self.person)
        self.confirm(self.as_user(self.person, late.action_done()), text="Pagado")
        counts = self.Accion.get_kind_counts([("res_id", "=", self.late.id)])
        self.assertTrue(counts)
        self.assertFalse(any(kind["late"] for kind in counts))

    def test_m19_counts_obey_the_rights_of_the_user(self):
        Accion = self.env["gck.accion"].with_user(self.outsider)
        self.assertFalse(Accion.get_kind_counts(self.domain))
        with self.assertRaises(AccessError):
            self.env["gck.accion"].with_user(self.portal).get_kind_counts([])

    def test_m19_counts_cost_the_same_for_any_number_of_rows(self):
        def count():
            return self.count_queries(lambda: self.Accion.get_kind_counts(self.domain))

        count()  # what is read once per server
        few = count()
        for number in range(20):
            self.new_tarea(subject=f"T{number}", partner_id=self.customer.id)
        self.assertEqual(count(), few)

    # ------------------------------------------------------------
    # Excel
    # ------------------------------------------------------------

    def test_w16_excel_of_late_actions_has_their_days_late(self):
        """Columns that are computed come too, of rows of every kind (M-23)."""
        self.authenticate(self.person.login, self.person.login)
        response = self.url_open(
            "/gck/excel",
            data={
                "csrf_token": http.Request.csrf_token(self),
                "data": json.dumps(
                    {
                        "model": "gck.accion",
                        "domain": self.domain,
                        "groupby": ["kind_id"],
                        "order": "date_deadline ASC, id ASC",
                        "columns": [
                            {"name": "subject"},
                            {"name": "tercero"},
                            {"name": "late_days", "aggregate": "sum"},
                        ],
                        "context": {"lang": "en_US", "tz": "Europe/Madrid"},
                    }
                ),
            },
        )
        self.assertEqual(response.status_code, 200, response.text[:500])
        sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
        rows = list(sheet.iter_rows(min_row=2, values_only=True))
        customer = self.customer.display_name
        notice, task = (
            self.env.ref(f"gck_avisos.gck_accion_clase_{code}").name
            for code in ("aviso", "tarea")
        )
        self.assertEqual(
            rows,
            [
                (f"{notice} (1)", None, 0),
                (self.aviso.subject, customer, 0),
                (f"{task} (3)", None, 3),
                (self.late.subject, customer, 3),
                (self.soon.subject, customer, 0),
                (self.theirs.subject, customer, 0),
                ("Total", None, 3),
            ],
        )

    # ------------------------------------------------------------
    # Print
    # ------------------------------------------------------------

    def print(self, domain=None, **params):
        """Return the pages of the printed list, as texts."""
        action = self.Accion.action_print(domain or self.domain, **params)
        self.assertEqual(action["pdf_engine"], "weasyprint")
        Report = self.env["ir.actions.report"].with_user(self.person)
        return read_pages(
            Report.with_context(force_report_rendering=True)._render_qweb_pdf(
                action["report_name"], None, data=json.loads(json.dumps(action["data"]))
            )[0]
        )

    def test_m19_print_is_the_list_on_the_screen(self):
        text = " ".join(
            self.print(title="Asuntos pendientes", order="date_deadline ASC, id ASC")
        )
        self.assertIn("Asuntos pendientes", text)
        for record in (*self.tareas, self.aviso):
            self.assertIn(record.name, text)
            self.assertIn(record.subject, text)
        self.assertIn(self.person.name, text)
        self.assertLess(text.index(self.late.subject), text.index(self.soon.subject))

    def test_m23_print_of_a_person_is_grouped_as_the_screen(self):
        domain = [*self.domain, ("user_id", "=", self.person.id)]
        text = " ".join(
            self.print(domain, groupby=["kind_id"], person=self.person.name)
        )
        # Once, above the table: a column that says the same in each row is left out.
        self.assertEqual(text.count(self.person.name), 1)
        self.assertNotIn(self.theirs.subject, text)
        task = self.env.ref("gck_avisos.gck_accion_clase_tarea").name
        self.assertIn(f"{task} (2)", text)

    def test_m19_print_leaves_no_cell_out(self):
        """A row without customer has as many cells as the others."""
        self.soon.partner_id = False
        html = (
            self.env["ir.actions.report"]
            .with_user(self.person)
            ._render_qweb_html(
                "gck_avisos.report_gck_accion_list",
                None,
                data={"domain": [("res_id", "in", self.tareas.ids)]},
            )[0]
        )
        body = html.decode().split("<tbody")[1]
        cells = {row.count("<td") for row in body.split("<tr")[1:]}
        self.assertEqual(len(cells), 1, cells)

    def test_m19_print_refuses_more_than_anyone_reads(self):
        path = "odoo.addons.gck_avisos.models.gck_accion_lista.MAX_PRINTED_ROWS"
        with patch(path, 2), self.assertRaisesRegex(UserError, "Filter the list"):
            self.Accion.action_print(self.domain)
        with self.assertRaisesRegex(UserError, "nothing to print"):
            self.Accion.action_print([("id", "=", 0)])

    def test_m19_print_obeys_the_rights_of_the_user(self):
        """Whatever domain the address asks for."""
        Report = self.env["ir.actions.report"].with_user(self.outsider)
        with self.assertRaisesRegex(UserError, "nothing to print"):
            Report._render_qweb_html(
                "gck_avisos.report_gck_accion_list", None, data={"domain": self.domain}
            )
