import base64
import io

import pypdf

from odoo.tests import tagged

from odoo.addons.gck_impresion.models.res_company import _luminance

from .common import PrintCase, count_images, png


@tagged("post_install", "-at_install")
class TestLayout(PrintCase):
    def test_letterhead_without_logo_shows_the_name_and_contact(self):
        [page] = self.pages()
        self.assertTrue(page.startswith("Talleres Ebro"))
        self.assertIn("info@example.com", page)

    def test_logo_is_printed(self):
        self.assertEqual(count_images(self.render()), 0)
        self.company.partner_id.image_1920 = base64.b64encode(png(40, 20))
        self.assertEqual(count_images(self.render()), 1)

    def test_company_details_replace_the_address(self):
        self.company.company_details = "<p>Our own words</p>"
        [page] = self.pages()
        self.assertIn("Our own words", page)
        self.assertNotIn("info@example.com", page)

    def test_footer_on_every_page(self):
        self.company.report_footer = "<p>Foot note</p>"
        pages = self.pages(lines=120)
        self.assertGreater(len(pages), 2)
        for number, page in enumerate(pages, 1):
            self.assertIn("Foot note", page)
            self.assertIn("ESB99286320", page)
            self.assertEqual(page[-11:], f"Page {number} of {len(pages)}")

    def test_legal_line_does_not_repeat_the_footer(self):
        self.company.report_footer = "<p>Talleres Ebro, VAT ESB99286320</p>"
        [page] = self.pages()
        self.assertEqual(page.count("ESB99286320"), 1)

    def test_long_footer_does_not_cover_the_text(self):
        short = len(self.pages(lines=120))
        self.company.report_footer = "<p>Foot</p>" * 20
        pages = self.pages(lines=120)
        self.assertGreater(len(pages), short)
        lines = [f"Line {n} " for n in range(120)]
        for page in pages:
            # the text of a page stands before its footer
            body, _sep, footer = page.partition("Foot ")
            self.assertFalse([line for line in lines if line in footer])
            self.assertEqual(footer.count("Foot "), 19)

    def test_title_and_short_header_on_following_pages(self):
        pages = self.pages(lines=80)
        self.assertIn("Visit report V-1", pages[0])
        for page in pages[1:]:
            self.assertIn("Visit report V-1", page)
            self.assertIn("Heading", page, "the head of the table is repeated")
            self.assertNotIn("info@example.com", page)

    def test_language_of_the_record(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.env["ir.module.module"].search(
            [("name", "=", "gck_impresion")]
        )._update_translations(["es_ES"])
        self.partners[1].lang = "es_ES"
        pages = self.pages(self.partners[:2])
        self.assertEqual(pages[0][-11:], "Page 1 of 1")
        self.assertEqual(pages[1][-13:], "Página 1 de 1")

    def test_letterhead_of_the_company_of_the_record(self):
        other = self.env["res.company"].create({"name": "Otra Empresa"})
        self.env.user.company_ids |= other
        self.partners[0].company_id = other
        self.assertTrue(self.pages()[0].startswith("Otra Empresa"))

    def test_header_and_footer_can_be_left_out(self):
        self.company.report_footer = "<p>Foot note</p>"
        self.set_values(
            """<t t-set="doc_header" t-value="False"/>
            <t t-set="doc_footer" t-value="False"/>"""
        )
        [page] = self.pages()
        self.assertNotIn("Talleres Ebro", page)
        self.assertNotIn("Foot note", page)
        self.assertEqual(page[-11:], "Page 1 of 1")

    def test_document_may_have_its_own_footer(self):
        self.company.report_footer = "<p>Foot note</p>"
        self.set_values("""<t t-set="doc_footer_html">Other foot</t>""")
        [page] = self.pages()
        self.assertIn("Other foot", page)
        self.assertNotIn("Foot note", page)

    def test_address_names_the_country_only_abroad(self):
        spain, france = self.env.ref("base.es"), self.env.ref("base.fr")
        self.company.country_id = spain
        for country, named in ((spain, False), (france, True)):
            self.partners[0].write({"country_id": country.id, "city": "Zaragoza"})
            with self.subTest(country=country.code):
                [page] = self.pages()
                address = page.partition("Customer 1")[2].partition("Visit report")[0]
                self.assertIn("Zaragoza", address)
                self.assertEqual(country.name in address, named)

    # === Paper ===

    def media(self, **values):
        page = pypdf.PdfReader(io.BytesIO(self.render(**values))).pages[0]
        return tuple(round(float(size) / 72 * 25.4) for size in page.mediabox[2:])

    def test_paper_of_the_report_then_of_the_company_then_a4(self):
        letter = self.env.ref("base.paperformat_us")
        self.company.paperformat_id = False
        self.assertEqual(self.media(), (210, 297))
        self.company.paperformat_id = letter
        self.assertEqual(self.media(), (216, 279))
        self.report.paperformat_id = self.env["report.paperformat"].create(
            {"name": "A5", "format": "A5", "orientation": "Landscape"}
        )
        self.assertEqual(self.media(), (210, 148))

    def test_paper_of_the_company_of_the_record(self):
        other = self.env["res.company"].create(
            {
                "name": "Otra Empresa",
                "paperformat_id": self.env.ref("base.paperformat_us").id,
            }
        )
        self.env.user.company_ids |= other
        self.partners[0].company_id = other
        self.assertEqual(self.media(), (216, 279))

    def test_landscape_can_be_asked_for(self):
        report = self.env["ir.actions.report"].with_context(landscape=True)
        pdf = report._render_qweb_pdf(self.report, self.partners[:1].ids)[0]
        box = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].mediabox
        self.assertGreater(box.width, box.height)

    def test_text_starts_at_the_top_margin_at_the_earliest(self):
        def top_of(text):
            found = []
            page = pypdf.PdfReader(io.BytesIO(self.render())).pages[0]

            def visit(part, outer, inner, _font, _size):
                if text in part:
                    y = inner[4] * outer[1] + inner[5] * outer[3] + outer[5]
                    found.append((float(page.mediabox.height) - y) / 72 * 25.4)

            page.extract_text(visitor_text=visit)
            return found[0]

        self.set_values("""<t t-set="doc_partner" t-value="False"/>""")
        self.assertGreater(top_of("Visit"), 52)
        self.assertLess(top_of("Visit"), 62)

    # === Colours ===

    def test_palette_is_always_readable(self):
        for color in (False, "red;}", "#FFFF00", "#ffffff", "#000000", "#0f766e"):
            with self.subTest(color=color):
                self.company.primary_color = color
                palette = self.company._get_print_palette()
                for value in palette.values():
                    self.assertRegex(value, r"^#[0-9A-F]{6}$")
                rgb = [int(palette["text"][i : i + 2], 16) for i in (1, 3, 5)]
                self.assertGreaterEqual(1.05 / (_luminance(rgb) + 0.05), 4.4)

    def test_pdf_carries_title_and_language(self):
        reader = pypdf.PdfReader(io.BytesIO(self.render()))
        self.assertEqual(reader.metadata.title, "Visit report V-1")
        self.assertEqual(reader.trailer["/Root"]["/Lang"], "en-US")
