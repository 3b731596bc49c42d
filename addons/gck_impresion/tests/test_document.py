import contextlib
import io
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pypdf
from markupsafe import Markup

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.gck_impresion.tools import document, engine, resources

from .common import PrintCase, count_images, data_url, png, read_pages

LOGGER = "odoo.addons.gck_impresion.tools.resources"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{}</svg>'


class _Recorder(BaseHTTPRequestHandler):
    """Redirects everything to a local file, and remembers that it was asked."""

    def do_GET(self):
        self.server.asked.append(self.path)
        self.send_response(302)
        self.send_header("Location", "file:///etc/hostname")
        self.end_headers()

    def log_message(self, *args):
        """Say nothing on the console."""


@tagged("post_install", "-at_install")
class TestDocument(PrintCase):
    """Hostile documents: nothing leaks, and the print comes out all the same."""

    def assertHarmless(self, html, logged=True):
        """Check that ``html`` in a document neither stops the print nor adds to it.

        :param str html: put into the document unescaped
        :param bool logged: whether something in it is refused, and so logged
        """
        watch = (
            self.assertLogs(LOGGER, "WARNING") if logged else self.assertNoLogs(LOGGER)
        )
        with self.subTest(html=html[:90]):
            with watch:
                pdf = self.render(raw=Markup(f"{html}<p>the end</p>"))
            self.assertIn("the end", " ".join(read_pages(pdf)))
            self.assertEqual(count_images(pdf), 0)
            reader = pypdf.PdfReader(io.BytesIO(pdf))
            self.assertFalse(reader.attachments)
            # a page may link to this server, but neither run nor hold anything
            for page in reader.pages:
                for note in page.get("/Annots", ()):
                    self.assertEqual(note.get_object()["/Subtype"], "/Link")
                    self.assertRegex(note.get_object()["/A"]["/URI"], "^https?://")

    def test_own_image_is_printed(self):
        pdf = self.render(raw=Markup(f'<img src="{data_url(png())}">'))
        self.assertEqual(count_images(pdf), 1)
        pdf = self.render(
            raw=Markup('<img src="/gck_impresion/static/description/icon.png">')
        )
        self.assertEqual(count_images(pdf), 1)

    def test_files_and_hosts_are_not_loaded(self):
        for url in (
            "file:///etc/hostname",
            "http://other.example.com/x",
            "//x.example/y",
        ):
            for html in (
                f'<img src="{url}">',
                f'<p style="background: url({url})">x</p>',
                f'<ul style="list-style-image: url({url})"><li>x</li></ul>',
                f"<style>p::after {{content: url({url})}}</style>",
                f'<style>@import "{url}";</style>',
                f"<style>@import url({url}) print;</style>",
                f"<style>@font-face {{font-family: X; src: url({url})}}</style>",
                f'<svg xmlns="http://www.w3.org/2000/svg"><style>@font-face'
                f"{{font-family: X; src: url({url})}}</style><text>x</text></svg>",
                f"<style>@color-profile --x {{src: url({url})}}</style>",
                f'<link rel="stylesheet" href="{url}">',
                f'<link rel="stylesheet" href="{url}.css">',
            ):
                self.assertHarmless(html)

    def test_active_and_embedded_things_are_removed(self):
        for html in (
            "<script>document.body.textContent = 'x'</script>",
            '<iframe src="file:///etc/hostname"></iframe>',
            '<object data="file:///etc/hostname"></object>',
            '<embed src="file:///etc/hostname">',
            '<link rel="attachment" href="file:///etc/hostname">',
            '<link rel="ATTACHMENT stylesheet" href="/web/static/img/placeholder.png">',
            '<link rel="attachment" href="/gck_impresion/static/description/icon.png">',
            '<a rel="attachment" href="/web/static/img/placeholder.png">x</a>',
            '<a href="javascript:alert(1)">x</a>',
            SVG.format('<image href="file:///etc/hostname"/>'),
            SVG.format('<use href="file:///etc/x.svg#a"/>'),
            SVG.format("<script>1</script>"),
        ):
            self.assertHarmless(html, logged=False)

    def test_base_does_not_move_the_addresses(self):
        icon = '<img src="/gck_impresion/static/description/icon.png">'
        pdf = self.render(raw=Markup(f'<base href="file:///etc/">{icon}'))
        self.assertEqual(count_images(pdf), 1)

    def test_markup_in_a_text_is_only_text(self):
        self.partners[0].name = '<img src="file:///etc/hostname"><script>x</script>'
        with self.assertNoLogs(LOGGER):
            pages = self.pages()
        self.assertIn("<script>x</script>", pages[0])

    def test_html_field_cannot_restyle_the_document(self):
        self.partners[0].comment = Markup("<p>text</p>")
        self.patch(type(self.env["res.partner"]).comment, "sanitize", False)
        self.partners[0].comment = Markup(
            "<p>rich</p><style>body {display: none}</style><script>x</script>"
            '<img src="file:///etc/hostname">'
        )
        with self.assertLogs(LOGGER, "WARNING"):
            [page] = self.pages()
        self.assertIn("rich", page)
        self.assertIn("Talleres Ebro", page)

    def test_redirect_is_not_followed(self):
        server = HTTPServer(("127.0.0.1", 0), _Recorder)
        server.asked = []
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        self.addCleanup(server.server_close)
        self.addCleanup(thread.join)
        self.addCleanup(server.shutdown)
        origin = f"http://127.0.0.1:{server.server_port}"
        self.assertHarmless(f'<img src="{origin}/web/image/1">')
        # nor when that is the very address of this server: nothing goes over HTTP
        self.env["ir.config_parameter"].set_param("web.base.url", origin)
        self.assertHarmless(f'<img src="{origin}/redirected.png">')
        self.assertHarmless('<img src="/redirected.png">')
        self.assertEqual(server.asked, [])

    def test_private_image_is_not_printed_for_others(self):
        secret = self.env["ir.attachment"].create({"name": "s.png", "raw": png()})
        reader = new_test_user(
            self.env, "gck_impresion_reader", company_id=self.company.id
        )
        html = Markup(f'<img src="/web/image/{secret.id}">')
        self.assertEqual(count_images(self.render(raw=html)), 1)
        for su in (False, True):
            report = self.env["ir.actions.report"].with_user(reader).sudo(su)
            with self.subTest(su=su), self.assertLogs(LOGGER, "WARNING"):
                pdf = report._render_qweb_pdf(
                    self.report, self.partners[:1].ids, data={"raw": html}
                )[0]
            self.assertEqual(count_images(pdf), 0)

    def test_refused_resource_is_logged_once(self):
        html = '<img src="file:///etc/hostname">' * 3
        with self.assertLogs(LOGGER, "WARNING") as logs:
            self.render(raw=Markup(html))
        self.assertEqual(len(logs.records), 1)

    def test_links_lead_to_this_server(self):
        self.env["ir.config_parameter"].set_param(
            "web.base.url", "https://erp.example.com"
        )
        pdf = self.render(raw=Markup('<a href="/odoo/contacts">x</a>'))
        [page] = pypdf.PdfReader(io.BytesIO(pdf)).pages
        links = [note.get_object()["/A"]["/URI"] for note in page["/Annots"]]
        self.assertEqual(links, ["https://erp.example.com/odoo/contacts"])

    # === Limits ===

    @contextlib.contextmanager
    def assertQuick(self, seconds=5):
        start = time.monotonic()
        yield
        self.assertLess(time.monotonic() - start, seconds)

    def test_enormous_things_do_not_hang_the_print(self):
        doubling = "".join(
            f'<g id="a{n}"><use href="#a{n - 1}"/><use href="#a{n - 1}"/></g>'
            for n in range(1, 40)
        )
        bomb = SVG.format(
            f'<g id="a0"><rect width="1" height="1"/></g>{doubling}<use href="#a39"/>'
        )
        self.render()
        for html, logged in (
            ('<table><tr><td colspan="99999999">x</td></tr></table>', False),
            ('<table><tr><td colspan="+99999999">x</td></tr></table>', False),
            ('<table><tr><td rowspan="99999999">x</td></tr></table>', False),
            ('<table><colgroup span="99999999"/><tr><td>x</td></tr></table>', False),
            ('<table><col span="99999999"/><tr><td>x</td></tr></table>', False),
            ('<p style="height: 100000000mm">x</p>', False),
            (bomb, False),
            (f'<img src="{data_url(bomb.encode(), "image/svg+xml")}">', True),
            (f'<img src="data:image/png;base64,{"A" * resources.MAX_BYTES}">', True),
            (f'<img src="{data_url(png(9000, 9000))}">', True),
        ):
            with self.assertQuick():
                self.assertHarmless(html, logged)

    def test_text_nested_too_deep_is_a_clear_error(self):
        with self.assertRaisesRegex(UserError, "nested too deeply"):
            self.render(raw=Markup("<div>" * 5000))

    def test_print_needs_no_base_url(self):
        self.patch(type(self.report), "get_base_url", lambda self: "")
        html = '<img src="/gck_impresion/static/description/icon.png">'
        self.assertEqual(count_images(self.render(raw=Markup(html))), 1)

    # === Stylesheets ===

    def test_stylesheet_of_an_addon_is_parsed_once(self):
        with engine.borrow_engine() as kept:
            sheet = kept.static_sheet(document.STYLESHEET)
            self.assertIs(kept.static_sheet(document.STYLESHEET), sheet)

    def test_stylesheet_is_parsed_again_when_its_file_changes(self):
        with engine.borrow_engine() as kept:
            sheet = kept.static_sheet(document.STYLESHEET)
            version, _sheet = kept._static_sheets[document.STYLESHEET]
            stale = (version[0] - 1, version[1]), sheet
            kept._static_sheets[document.STYLESHEET] = stale
            self.assertIsNot(kept.static_sheet(document.STYLESHEET), sheet)

    def test_fonts_are_loaded_from_stylesheets_of_addons(self):
        [page] = pypdf.PdfReader(io.BytesIO(self.render())).pages
        fonts = page["/Resources"]["/Font"].values()
        names = {font.get_object()["/BaseFont"] for font in fonts}
        self.assertTrue(all("GCK-Sans" in name for name in names), names)

    def test_fonts_of_a_document_are_refused(self):
        font = "/web/static/fonts/google/Roboto/Roboto-Regular.ttf"
        for url in (font, "data:font/ttf;base64,AAEAAAA="):
            self.assertHarmless(
                f"<style>@font-face {{font-family: Own; src: url({url})}}"
                "p {font-family: Own}</style>"
            )
