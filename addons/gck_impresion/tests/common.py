import base64
import io

import pypdf
from PIL import Image

from odoo.tests import TransactionCase

DOCUMENT = """
    <t t-name="gck_impresion_test.document">
        <t t-set="doc" t-value="doc.with_context(lang=env.lang)"/>
        <t t-call="gck_impresion.layout">
            <t t-set="doc_title" t-value="title or 'Visit report'"/>
            <t t-set="doc_number" t-value="doc.ref"/>
            <t t-set="doc_partner" t-value="doc"/>
            %s
            <div class="gck-rich" t-out="doc.comment"/>
            <t t-out="raw"/>
            <table class="gck-table" t-if="lines">
                <thead><tr><th>Heading</th></tr></thead>
                <tbody>
                    <tr t-foreach="range(lines)" t-as="i">
                        <td>Line <t t-out="i"/></td>
                    </tr>
                </tbody>
            </table>
        </t>
    </t>
"""

REPORT = """
    <t t-name="gck_impresion_test.report">
        <t t-call="gck_impresion.html">
            <t t-foreach="docs" t-as="doc">
                <t t-call="gck_impresion_test.document" t-lang="doc.lang or env.lang"/>
            </t>
        </t>
    </t>
"""


def png(width=4, height=4, color="red"):
    """Return a PNG image, as bytes."""
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), color).save(buffer, "PNG")
    return buffer.getvalue()


def data_url(content, mime="image/png"):
    """Return ``content`` as a ``data:`` address."""
    return f"data:{mime};base64,{base64.b64encode(content).decode()}"


def read_pages(pdf):
    """Return the text of each page of a PDF, with single spaces."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def count_images(pdf):
    """Return how many images the pages of a PDF hold."""
    return sum(len(page.images) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


class PrintCase(TransactionCase):
    """A report on partners, made with the layout of the suite."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context={**cls.env.context, "lang": "en_US", "force_report_rendering": True}
        )
        cls.company = cls.env["res.company"].create(
            {
                "name": "Talleres Ebro",
                "vat": "ESB99286320",
                "email": "info@example.com",
                "paperformat_id": cls.env.ref("base.paperformat_euro").id,
                "primary_color": False,
                "company_details": False,
                "report_footer": False,
                "logo": False,
            }
        )
        cls.company.partner_id.image_1920 = False
        cls.env.user.company_ids |= cls.company
        cls.env = cls.env(
            context={**cls.env.context, "allowed_company_ids": cls.company.ids}
        )
        cls.company = cls.company.with_env(cls.env)
        cls.add_view("report", REPORT)
        cls.document_view = cls.add_view("document", DOCUMENT % "")
        cls.report = cls.env["ir.actions.report"].create(
            {
                "name": "Visit report",
                "model": "res.partner",
                "report_name": "gck_impresion_test.report",
                "pdf_engine": "weasyprint",
            }
        )
        cls.partners = cls.env["res.partner"].create(
            [
                {"name": f"Customer {n}", "ref": f"V-{n}", "lang": "en_US"}
                for n in (1, 2, 3)
            ]
        )

    @classmethod
    def add_view(cls, name, arch):
        """Create the template ``gck_impresion_test.<name>``."""
        key = f"gck_impresion_test.{name}"
        return cls.env["ir.ui.view"].create(
            {"type": "qweb", "name": key, "key": key, "arch": arch}
        )

    def set_values(self, values):
        """Give the document of the test report more ``t-set`` lines."""
        self.document_view.arch = DOCUMENT % values

    def set_report(self, body):
        """Replace the test report, layout and all, by ``body``."""
        key = "gck_impresion_test.report"
        view = self.env["ir.ui.view"].search([("key", "=", key)])
        view.arch = f'<t t-name="{key}">{body}</t>'

    def render(self, records=None, report=None, **values):
        """Return the PDF of ``records`` (the first partner)."""
        records = self.partners[:1] if records is None else records
        report = report or self.report
        return self.env["ir.actions.report"]._render_qweb_pdf(
            report, records.ids, data=values
        )[0]

    def pages(self, records=None, **values):
        """Return the texts of the pages of ``records`` (the first partner)."""
        return read_pages(self.render(records, **values))
