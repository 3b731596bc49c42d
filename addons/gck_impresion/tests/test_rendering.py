import io
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

import pypdf

from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools.misc import file_path

from odoo.addons.base.models.ir_actions_report import IrActionsReport as OdooReport
from odoo.addons.gck_impresion.tools import engine

from .common import PrintCase, png, read_pages


@tagged("post_install", "-at_install")
class TestRendering(PrintCase):
    def test_report_keeps_odoo_engine_by_default(self):
        report = self.env["ir.actions.report"].create(
            {"name": "R", "model": "res.partner", "report_name": "gck_impresion_test.x"}
        )
        self.assertEqual(report.pdf_engine, "odoo")

    def test_engine_is_chosen_in_the_form_of_the_report(self):
        with Form(self.report) as form:
            form.pdf_joined = True
            form.pdf_engine = "odoo"
        self.assertEqual(self.report.pdf_engine, "odoo")

    def test_odoo_report_goes_to_wkhtmltopdf(self):
        self.report.pdf_engine = "odoo"
        with (
            patch.object(OdooReport, "get_wkhtmltopdf_state", lambda self: "ok"),
            patch.object(
                OdooReport, "_run_wkhtmltopdf", autospec=True, return_value=b"core"
            ) as run,
            patch.object(type(self.report), "_run_weasyprint") as ours,
        ):
            self.assertEqual(self.render(), b"core")
        run.assert_called_once()
        ours.assert_not_called()

    def test_odoo_report_without_wkhtmltopdf_fails_as_before(self):
        self.report.pdf_engine = "odoo"
        with (
            patch.object(OdooReport, "get_wkhtmltopdf_state", lambda self: "install"),
            self.assertRaisesRegex(UserError, "Wkhtmltopdf"),
        ):
            self.render()

    def test_odoo_report_inside_a_weasyprint_one_keeps_its_engine(self):
        report = self.report.copy({"pdf_engine": "odoo"})
        inner = self.env["ir.actions.report"].with_context(
            gck_pdf_engine="weasyprint", gck_print_ids=(), gck_print_current=[]
        )
        with (
            patch.object(OdooReport, "get_wkhtmltopdf_state", lambda self: "ok"),
            patch.object(
                OdooReport, "_run_wkhtmltopdf", autospec=True, return_value=b"core"
            ),
        ):
            pdf = inner._render_qweb_pdf(report.id, self.partners[:1].ids)[0]
        self.assertEqual(pdf, b"core")

    def test_weasyprint_does_without_wkhtmltopdf(self):
        with (
            patch.object(OdooReport, "get_wkhtmltopdf_state", lambda self: "install"),
            patch.object(OdooReport, "_run_wkhtmltopdf", autospec=True) as run,
        ):
            pdf = self.render()
        run.assert_not_called()
        self.assertTrue(pdf.startswith(b"%PDF-"))

    def test_without_forcing_tests_get_html(self):
        report = self.env["ir.actions.report"].with_context(
            force_report_rendering=False
        )
        content, kind = report._render_qweb_pdf(self.report, self.partners[:1].ids)
        self.assertEqual(kind, "html")
        self.assertIn("Customer 1", str(content, "utf-8"))

    def test_every_record_numbers_its_own_pages(self):
        self.partners[1].comment = "<p>long</p>" * 150
        pages = self.pages(self.partners)
        numbers = [page[page.index("Page ") :] for page in pages]
        total = len(pages) - 2
        self.assertGreaterEqual(total, 3)
        self.assertEqual(numbers[0], "Page 1 of 1")
        self.assertEqual(
            numbers[1:-1], [f"Page {n} of {total}" for n in range(1, total + 1)]
        )
        self.assertEqual(numbers[-1], "Page 1 of 1")
        self.assertEqual(
            [name for name in ("V-1", "V-3") if name in pages[0] + pages[-1]],
            ["V-1", "V-3"],
        )

    def test_one_stream_per_record(self):
        streams = self.env["ir.actions.report"]._render_qweb_pdf_prepare_streams(
            self.report, {}, res_ids=self.partners.ids
        )
        self.assertEqual(list(streams), self.partners.ids)
        for record in self.partners:
            [page] = read_pages(streams[record.id]["stream"].getvalue())
            self.assertIn(record.ref, page)

    def test_record_asked_twice_is_printed_twice_in_order(self):
        first, second = self.partners[:2]
        ids = [first.id, first.id, second.id]
        pdf = self.env["ir.actions.report"]._render_qweb_pdf(self.report, ids)[0]
        refs = [page.split("Visit report ")[1][:3] for page in read_pages(pdf)]
        self.assertEqual(refs, ["V-1", "V-1", "V-2"])

    def test_joined_report_is_one_document(self):
        self.report.pdf_joined = True
        self.set_report(
            """
            <t t-call="gck_impresion.html">
            <t t-call="gck_impresion.layout">
            <p t-foreach="docs" t-as="doc" t-out="doc.ref"/>
            </t></t>
            """
        )
        [page] = self.pages(self.partners)
        self.assertIn("V-1 V-2 V-3", page)

    def test_report_without_records(self):
        self.set_report(
            """
            <t t-call="gck_impresion.html">
            <t t-call="gck_impresion.layout">
            <p t-out="note"/></t></t>
            """
        )
        pdf = self.env["ir.actions.report"]._render_qweb_pdf(
            self.report, None, data={"note": "from a wizard"}
        )[0]
        self.assertIn("from a wizard", read_pages(pdf)[0])

    def test_records_are_read_together(self):
        self.pages(self.partners)
        many = self.env["res.partner"].create(
            [{"name": f"Many {n}", "ref": f"M-{n}"} for n in range(12)]
        )
        counts = []
        for records in (many[:2], many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["ir.actions.report"]._render_qweb_pdf_prepare_streams(
                self.report, {}, res_ids=records.ids
            )
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1] - counts[0], 2, counts)

    # === Attachments ===

    def attachments(self):
        return self.env["ir.attachment"].search(
            [("res_model", "=", "res.partner"), ("res_id", "in", self.partners.ids)],
            order="res_id",
        )

    def test_each_record_keeps_its_own_attachment(self):
        self.report.attachment = "object.ref + '.pdf'"
        self.render(self.partners)
        kept = self.attachments()
        self.assertEqual(kept.mapped("name"), ["V-1.pdf", "V-2.pdf", "V-3.pdf"])
        for record, attachment in zip(self.partners, kept, strict=True):
            [page] = read_pages(attachment.raw)
            self.assertIn(record.ref, page)

    def test_attachment_is_printed_again(self):
        self.report.write({"attachment": "object.ref + '.pdf'", "attachment_use": True})
        self.render(self.partners)
        self.partners[0].name = "Renamed"
        self.assertIn("Customer 1", self.pages()[0])
        self.assertEqual(len(self.attachments()), 3)

    def test_attachment_is_not_reused_unless_asked(self):
        self.report.attachment = "object.ref + '.pdf'"
        self.render(self.partners)
        self.partners[0].name = "Renamed"
        self.assertIn("Renamed", self.pages()[0])

    # === Odoo's own layouts ===

    def test_odoo_layout_gets_header_footer_and_numbers(self):
        self.set_report(
            """
            <t t-call="web.html_container">
            <t t-foreach="docs" t-as="o"><t t-call="web.external_layout">
            <div class="page">
            <p t-foreach="range(90)" t-as="n">Row <t t-out="n"/></p></div>
            </t></t></t>
            """
        )
        self.company.report_footer = "<p>Foot note</p>"
        with self.assertNoLogs("odoo.addons.gck_impresion"):
            pages = self.pages()
        self.assertGreater(len(pages), 1)
        for number, page in enumerate(pages, 1):
            self.assertIn("Ebro", page)
            self.assertIn("Foot note", page)
            self.assertIn(f"Page {number} / {len(pages)}", page)

    # === The library ===

    def test_missing_library_says_what_to_install(self):
        engine.load_library.cache_clear()
        engine.forget_engines()
        self.addCleanup(engine.load_library.cache_clear)
        with (
            patch.dict(sys.modules, {"weasyprint": None}),
            self.assertLogs("odoo.addons.gck_impresion", "ERROR"),
            self.assertRaisesRegex(UserError, "pip install weasyprint"),
        ):
            self.render()

    def test_missing_pango_says_what_to_install(self):
        engine.load_library.cache_clear()
        engine.forget_engines()
        self.addCleanup(engine.load_library.cache_clear)

        class Broken:
            def __getattr__(self, name):
                raise OSError("cannot load library 'libpango-1.0-0'")

        with (
            patch.dict(sys.modules, {"weasyprint.text.fonts": Broken()}),
            self.assertLogs("odoo.addons.gck_impresion", "ERROR"),
            self.assertRaisesRegex(UserError, "libpango"),
        ):
            self.render()

    def test_library_is_not_loaded_before_it_is_needed(self):
        # in a process of its own: here a print has loaded it already
        addons = str(Path(file_path("gck_impresion")).parent)
        code = (
            f"import sys; sys.path[:] = {sys.path!r}; import odoo.addons; "
            f"odoo.addons.__path__.append({addons!r}); "
            "import odoo.addons.gck_impresion.models; "
            "sys.exit('weasyprint' in sys.modules)"
        )
        process = subprocess.run([sys.executable, "-c", code], check=False)
        self.assertEqual(process.returncode, 0)

    def test_engine_is_kept_warm_and_renewed(self):
        engine.forget_engines()
        with engine.borrow_engine() as first:
            pass
        with engine.borrow_engine() as second:
            self.assertIs(second, first)
            with engine.borrow_engine() as third:
                self.assertIsNot(third, first, "two prints never share an engine")
            second.uses = engine.MAX_USES
        with engine.borrow_engine() as fourth:
            self.assertIs(fourth, third)

    def test_engine_is_dropped_after_an_error(self):
        engine.forget_engines()
        with self.assertRaises(ZeroDivisionError), engine.borrow_engine() as first:
            _ = 1 / 0
        with engine.borrow_engine() as second:
            self.assertIsNot(second, first)

    def test_large_photograph_is_reduced(self):
        photo = self.env["ir.attachment"].create(
            {"name": "photo.png", "raw": png(4000, 3000), "public": True}
        )
        self.partners[
            0
        ].comment = f'<img src="/web/image/{photo.id}" style="width: 4cm">'
        [page] = pypdf.PdfReader(io.BytesIO(self.render())).pages
        [image] = page.images
        # 4 cm at 220 dots per inch
        self.assertLess(image.image.width, 360)
