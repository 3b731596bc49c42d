import json
from unittest.mock import patch

from odoo import http
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.base.models.ir_actions_report import IrActionsReport as OdooReport

from .common import DOCUMENT, REPORT, read_pages


@tagged("post_install", "-at_install")
class TestHttp(HttpCase):
    """Printing the way the web client does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name, arch in (("report", REPORT), ("document", DOCUMENT % "")):
            key = f"gck_impresion_test.{name}"
            cls.env["ir.ui.view"].create(
                {"type": "qweb", "name": key, "key": key, "arch": arch}
            )
        cls.report = cls.env["ir.actions.report"].create(
            {
                "name": "Visit report",
                "model": "res.partner",
                "report_name": "gck_impresion_test.report",
                "print_report_name": "'Visit ' + object.ref",
                "pdf_engine": "weasyprint",
            }
        )
        cls.partners = cls.env["res.partner"].create(
            [
                {"name": f"Customer {n}", "ref": f"V-{n}", "lang": "en_US"}
                for n in (1, 2)
            ]
        )
        cls.user = new_test_user(cls.env, "gck_impresion_user", lang="en_US")

    def setUp(self):
        super().setUp()
        self.authenticate("gck_impresion_user", "gck_impresion_user")
        self.patch(OdooReport, "get_wkhtmltopdf_state", lambda self: "install")

    def download(self, records):
        ids = ",".join(map(str, records.ids))
        return self.url_open(
            "/report/download",
            data={
                "csrf_token": http.Request.csrf_token(self),
                "data": json.dumps(
                    [f"/report/pdf/{self.report.report_name}/{ids}", "qweb-pdf"]
                ),
                # a server running tests gives HTML unless it is told otherwise
                "context": json.dumps(
                    {"lang": "en_US", "force_report_rendering": True}
                ),
            },
        )

    def test_internal_user_downloads_a_pdf(self):
        response = self.download(self.partners[:1])
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.headers["Content-Type"], "application/pdf")
        self.assertIn("Visit%20V-1.pdf", response.headers["Content-Disposition"])
        [page] = read_pages(response.content)
        self.assertIn("Customer 1", page)
        self.assertTrue(page.endswith("Page 1 of 1"))

    def test_internal_user_downloads_several_records(self):
        pages = read_pages(self.download(self.partners).content)
        self.assertEqual(len(pages), 2)
        self.assertIn("V-1", pages[0])
        self.assertIn("V-2", pages[1])

    def test_preview_on_screen_keeps_working(self):
        response = self.url_open(
            f"/report/html/{self.report.report_name}/{self.partners[0].id}"
        )
        self.assertEqual(response.status_code, 200)
        self.assertIn("Customer 1", response.text)
        self.assertIn("/gck_impresion/static/src/css/print.css", response.text)
        sheet = self.url_open("/gck_impresion/static/src/css/print.css")
        self.assertEqual(sheet.status_code, 200)

    def test_state_of_wkhtmltopdf_is_told_as_before(self):
        for state in ("install", "ok"):
            with patch.object(
                OdooReport, "get_wkhtmltopdf_state", lambda self, state=state: state
            ):
                result = self.make_jsonrpc_request("/report/check_wkhtmltopdf", {})
                self.assertEqual(result, state)

    def test_client_is_told_the_engine(self):
        action = self.make_jsonrpc_request(
            "/web/action/load", {"action_id": self.report.id}
        )
        self.assertEqual(action["pdf_engine"], "weasyprint")
        action = self.report.report_action(self.partners, config=False)
        self.assertEqual(action["pdf_engine"], "weasyprint")

    def test_engine_survives_the_layout_configurator(self):
        self.env.company.external_report_layout_id = False
        action = self.report.with_user(self.env.ref("base.user_admin")).report_action(
            self.partners
        )
        self.assertEqual(action["type"], "ir.actions.act_window")
        self.assertEqual(action["context"]["report_action"]["pdf_engine"], "weasyprint")
