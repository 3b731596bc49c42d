import io
import json
from datetime import datetime, timedelta
from unittest.mock import patch

import lxml.html
import openpyxl

from odoo import fields, http
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import USER, AvisosCase

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SUBJECT = {"name": "subject"}
DEADLINE = {"name": "date_deadline", "widget": "gck_deadline"}
STATE = {"name": "state", "label": "Situación"}


@tagged("post_install", "-at_install")
class TestExcel(AvisosCase, HttpCase):
    """A list as a workbook, as it is on the screen (W-16)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.exporter = cls.new_user(
            "exporter",
            f"{USER},base.group_allow_export",
            "Eva Exporter",
        )
        cls.plain = cls.new_user("plain", USER, "Pedro Plain")
        cls.plain.group_ids -= cls.env.ref("base.group_allow_export")
        cls.due = datetime(2026, 1, 15, 23, 30)
        cls.urgent, cls.formula, cls.third = (
            cls.new_tarea(user=cls.exporter, user_id=cls.exporter.id, **vals)
            for vals in (
                {
                    "subject": "Llamar al taller",
                    "date_deadline": cls.due,
                    "priority": "2",
                    "partner_id": cls.customer.id,
                },
                {
                    "subject": '=HYPERLINK("http://evil.example.com";"Ver")',
                    "date_deadline": cls.due + timedelta(days=1),
                },
                {
                    "subject": "+34 600 111 222",
                    "date_deadline": cls.due - timedelta(days=30),
                },
            )
        )
        cls.tareas = cls.urgent + cls.formula + cls.third

    def setUp(self):
        super().setUp()
        self.authenticate(self.exporter.login, self.exporter.login)

    def post(self, **params):
        return self.url_open(
            "/gck/excel",
            data={
                "data": json.dumps(
                    {
                        "model": "gck.tarea",
                        "columns": [SUBJECT],
                        "domain": [("id", "in", self.tareas.ids)],
                        "context": {"tz": "Europe/Madrid", "lang": "en_US"},
                        **params,
                    }
                ),
                "csrf_token": http.Request.csrf_token(self),
            },
        )

    def export(self, **params):
        """Return the sheet that a request gives."""
        response = self.post(**params)
        self.assertEqual(response.status_code, 200, response.text[:500])
        self.assertEqual(response.headers["Content-Type"], EXCEL)
        return openpyxl.load_workbook(io.BytesIO(response.content)).active

    def rows(self, **params):
        """Return the cells that a request gives, row by row, the header first."""
        return [list(row) for row in self.export(**params).iter_rows(values_only=True)]

    def refusal(self, **params):
        """Return the error that a request ends with."""
        response = self.post(**params)
        self.assertEqual(response.status_code, 500)
        text = lxml.html.fromstring(response.content).findtext(".//p")
        return json.loads(text)["data"]

    def test_w16_excel_has_the_columns_and_the_order_of_the_screen(self):
        rows = self.rows(
            columns=[STATE, SUBJECT, {"name": "partner_id", "label": "Señores"}],
            order="date_deadline DESC, id DESC",
        )
        self.assertEqual(rows[0], ["Situación", "Subject", "Señores"])
        self.assertEqual(
            rows[1:],
            [
                ["Pending", self.formula.subject, None],
                ["Pending", self.urgent.subject, "Cerámicas Júcar"],
                ["Pending", self.third.subject, None],
            ],
        )

    def test_w16_excel_has_dates_of_the_user_as_dates(self):
        sheet = self.export(columns=[SUBJECT, DEADLINE], order="id")
        # 23:30 in UTC is the next day in Madrid.
        self.assertEqual(sheet["B2"].value, datetime(2026, 1, 16, 0, 30))
        self.assertTrue(sheet["B2"].is_date)
        self.assertIn("yyyy", sheet["B2"].number_format)

    def test_w16_excel_never_takes_text_for_a_formula(self):
        sheet = self.export(order="id")
        for cell, tarea in zip(("A2", "A3", "A4"), self.tareas, strict=True):
            self.assertEqual(sheet[cell].data_type, "s")
            self.assertEqual(sheet[cell].value, tarea.subject)
            self.assertIsNone(sheet[cell].hyperlink)

    def test_w16_excel_exports_all_rows_or_those_selected(self):
        self.assertEqual(len(self.rows()), 4)
        rows = self.rows(ids=self.third.ids, domain=[("id", "=", 0)])
        self.assertEqual(rows[1:], [[self.third.subject]])

    def test_w16_excel_keeps_the_groups_of_the_screen(self):
        rows = self.rows(
            columns=[SUBJECT, {"name": "intervencion_hours", "widget": "float_time"}],
            groupby=["priority", "date_deadline:year"],
            order="subject",
        )
        titles = [row[0] for row in rows[1:]]
        self.assertEqual(
            titles,
            [
                "Normal (2)",
                "    2025 (1)",
                self.third.subject,
                "    2026 (1)",
                self.formula.subject,
                "Urgent (1)",
                "    2026 (1)",
                self.urgent.subject,
            ],
        )

    def test_w16_excel_adds_up_hours_as_hours(self):
        now = fields.Datetime.now()
        for tarea, hours in ((self.urgent, 1.5), (self.third, 2)):
            self.new_intervencion(
                user=self.exporter,
                tarea_id=tarea.id,
                date_start=now - timedelta(hours=9),
                date_end=now - timedelta(hours=9 - hours),
            )
        sheet = self.export(
            model="gck.intervencion",
            domain=[("tarea_id", "in", self.tareas.ids)],
            columns=[
                {"name": "tarea_id"},
                {"name": "duration", "widget": "float_time", "aggregate": "sum"},
            ],
            order="id",
        )
        self.assertEqual(sheet["A4"].value, "Total")
        self.assertEqual(sheet["B4"].value, timedelta(hours=3.5))
        self.assertEqual(sheet["B2"].number_format, "[h]:mm")

    def test_w16_excel_speaks_the_language_of_the_user(self):
        self.env["res.lang"]._activate_lang("es_ES")
        context = {"tz": "Europe/Madrid", "lang": "es_ES"}
        sheet = self.export(columns=[SUBJECT, DEADLINE], context=context)
        self.assertTrue(sheet["B2"].number_format.startswith("dd/mm/yyyy"))

    def test_w16_excel_obeys_the_rights_of_the_user(self):
        """Rows out of reach do not come, whatever is asked for."""
        foreign = self.new_tarea(user=self.outsider, subject="De otro")
        rows = self.rows(domain=[("id", "in", (self.third + foreign).ids)])
        self.assertEqual(rows[1:], [[self.third.subject]])
        rows = self.rows(ids=foreign.ids)
        self.assertEqual(rows[1:], [])

    def test_w16_excel_leaves_out_fields_out_of_reach(self):
        """A field kept for other groups does not come, nor one that does not exist."""
        field = self.env["gck.tarea"]._fields["subject"]
        with patch.object(field, "groups", "base.group_no_one,base.group_system"):
            rows = self.rows(columns=[SUBJECT, {"name": "nothing"}, STATE])
        self.assertEqual(rows[0], ["Situación"])

    def test_w16_excel_needs_the_right_to_export(self):
        self.authenticate(self.plain.login, self.plain.login)
        error = self.refusal()
        self.assertEqual(error["name"], "odoo.exceptions.AccessError")

    def test_w16_excel_needs_access_to_the_model(self):
        error = self.refusal(model="ir.config_parameter", columns=[{"name": "value"}])
        self.assertEqual(error["name"], "odoo.exceptions.AccessError")

    def test_w16_excel_is_not_for_the_portal(self):
        self.portal.group_ids += self.env.ref("base.group_allow_export")
        self.authenticate(self.portal.login, self.portal.login)
        error = self.refusal()
        self.assertEqual(error["name"], "odoo.exceptions.AccessError")

    def test_w16_excel_says_when_there_are_too_many_rows(self):
        with patch("odoo.addons.gck_avisos.tools.excel.MAX_ROWS", 2):
            error = self.refusal()
        self.assertEqual(error["name"], "odoo.exceptions.UserError")
        self.assertIn("Filter the list", error["message"])

    def test_w16_excel_of_an_empty_list_has_its_header(self):
        self.assertEqual(self.rows(domain=[("id", "=", 0)]), [["Subject"]])
        rows = self.rows(domain=[("id", "=", 0)], groupby=["priority"])
        self.assertEqual(rows, [["Subject"]])

    def test_w16_excel_refuses_a_post_from_another_site(self):
        response = self.url_open("/gck/excel", data={"data": "{}"})
        self.assertEqual(response.status_code, 400)

    def test_w16_excel_reads_many_rows_with_few_queries(self):
        """The number of queries does not grow with the rows."""
        from ..tools.excel import ExcelList

        columns = [SUBJECT, STATE, DEADLINE, {"name": "partner_id"}, {"name": "name"}]
        more = self.env["gck.tarea"].create(
            [
                {"subject": f"Tarea {n}", "partner_id": self.customer.id}
                for n in range(60)
            ]
        )

        def count(tareas):
            shown = ExcelList(self.env["gck.tarea"], columns, ids=tareas.ids)
            return self.count_queries(lambda: shown.rows)

        count(self.tareas)  # what is read once per server
        self.assertEqual(count(more), count(more[:20]))

    def test_w16_excel_joins_the_names_of_tags(self):
        tags = self.env["gck.etiqueta"].create([{"name": "Obra"}, {"name": "Zaragoza"}])
        self.urgent.tag_ids = [Command.set(tags.ids)]
        rows = self.rows(columns=[{"name": "tag_ids"}], ids=self.urgent.ids)
        self.assertEqual(rows[1:], [["Obra, Zaragoza"]])
