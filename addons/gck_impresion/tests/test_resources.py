import base64
import io
from urllib.parse import quote

from PIL import Image

from odoo.tests import TransactionCase, new_test_user, tagged

from odoo.addons.gck_impresion.tools import resources, svg
from odoo.addons.gck_impresion.tools.resources import ResourceRefused, ResourceResolver

from .common import data_url, png

ICON = "/gck_impresion/static/description/icon.png"
LOGGER = "odoo.addons.gck_impresion.tools.resources"


@tagged("post_install", "-at_install")
class TestResources(TransactionCase):
    """What the resolver gives to a document, address by address."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.base = "https://erp.example.com"
        cls.user = new_test_user(cls.env, "gck_impresion_reader")
        cls.resolver = ResourceResolver(cls.env(user=cls.user.id), cls.base)
        Attachment = cls.env["ir.attachment"]
        cls.secret = Attachment.create({"name": "s.png", "raw": png()})
        cls.public = Attachment.create({"name": "p.png", "raw": png(), "public": True})

    def resolve(self, path):
        return self.resolver.resolve(self.base + path)

    def assertRefused(self, url, resolver=None):
        resolver = resolver or ResourceResolver(self.env(user=self.user.id), self.base)
        with (
            self.subTest(url=url[:80]),
            self.assertLogs(LOGGER, "WARNING") as logs,
            self.assertRaises(ResourceRefused),
        ):
            resolver.resolve(url)
        self.assertEqual(len(logs.records), 1)
        self.assertLess(len(logs.output[0]), 400, "a log line, not a whole image")

    # === Served ===

    def test_static_image_of_an_addon(self):
        content, mime = self.resolve(ICON + "?unique=1")
        self.assertEqual(mime, "image/png")
        self.assertTrue(content.startswith(b"\x89PNG"))

    def test_static_stylesheet_of_an_addon(self):
        content, mime = self.resolve("/gck_impresion/static/src/css/print.css")
        self.assertEqual(mime, "text/css")
        self.assertIn(b"gck-table", content)

    def test_data_image(self):
        self.assertEqual(self.resolver.resolve(data_url(png())), (png(), "image/png"))
        drawing = quote('<svg xmlns="http://www.w3.org/2000/svg"/>')
        content, mime = self.resolver.resolve(f"data:image/svg+xml,{drawing}")
        self.assertEqual(mime, "image/svg+xml")
        self.assertIn(b"svg", content)

    def test_image_of_a_record(self):
        partner = self.env["res.partner"].create({"name": "P", "image_1920": None})
        partner.image_1920 = base64.b64encode(png(300, 200))
        for path in (
            f"/web/image/res.partner/{partner.id}/image_1920",
            f"/web/image?model=res.partner&id={partner.id}&field=image_1920",
            f"/web/image/res.partner/{partner.id}/image_1920/logo.png",
            f"/web/image/{self.public.id}",
            f"/web/image/{self.public.id}-abcdef/p.png",
        ):
            with self.subTest(path=path):
                self.assertEqual(self.resolve(path)[1], "image/png")

    def test_image_is_resized_as_its_address_says(self):
        big = self.public.copy({"raw": png(300, 200)})
        content, _mime = self.resolve(f"/web/image/{big.id}/30x20")
        self.assertEqual(Image.open(io.BytesIO(content)).size, (30, 20))

    def test_image_with_its_access_token(self):
        token = self.secret.generate_access_token()[0]
        content, _mime = self.resolve(
            f"/web/image/{self.secret.id}?access_token={token}"
        )
        self.assertEqual(content, png())

    def test_barcode(self):
        asked = []

        def barcode(self, kind, value, **options):
            asked.append((kind, value, options))
            return png()

        self.patch(type(self.env["ir.actions.report"]), "barcode", barcode)
        size = {"width": "80", "height": "80"}
        for path, options in (
            ("/report/barcode/QR/GCK/1", {}),
            ("/report/barcode/?barcode_type=QR&value=GCK/1&width=80&height=80", size),
        ):
            self.assertEqual(self.resolve(path), (png(), "image/png"))
            self.assertEqual(asked.pop(), ("QR", "GCK/1", options))

    # === Refused ===

    def test_other_schemes_are_refused(self):
        for url in (
            "file:///etc/hostname",
            "FILE:/etc/hostname",
            "file://localhost/etc/hostname",
            "ftp://erp.example.com/x.png",
            "gopher://erp.example.com/",
            "javascript:alert(1)",
            "jar:file:///x!/y",
            "/etc/hostname",
            "",
        ):
            self.assertRefused(url)

    def test_other_hosts_are_refused(self):
        for url in (
            "http://other.example.com/x.png",
            "https://other.example.com/web/image/1",
            "//other.example.com/x.png",
            "http://127.0.0.1/x.png",
            "http://169.254.169.254/latest/meta-data/",
            "http://[::1]/x.png",
            "https://erp.example.com.evil.example/x.png",
        ):
            self.assertRefused(url)

    def test_other_ports_schemes_and_logins_of_this_host_are_refused(self):
        for url in (
            f"http://erp.example.com{ICON}",
            f"http://erp.example.com:443{ICON}",
            f"https://erp.example.com:8443{ICON}",
            f"https://erp.example.com:99999{ICON}",
            f"https://erp.example.com:x{ICON}",
            f"https://user@erp.example.com{ICON}",
            f"https://user:pass@erp.example.com{ICON}",
            f"https://evil.example@erp.example.com{ICON}",
            f"https://erp.example.com@evil.example{ICON}",
        ):
            self.assertRefused(url)

    def test_default_port_is_the_same_origin(self):
        url = f"https://ERP.example.com:443{ICON}"
        self.assertEqual(self.resolver.resolve(url)[1], "image/png")

    def test_traversal_is_refused(self):
        for path in (
            "/gck_impresion/static/../__manifest__.py",
            "/gck_impresion/static/%2e%2e/static/description/icon.png",
            "/gck_impresion/static/%252e%252e/static/description/icon.png",
            "/gck_impresion/static/..%2f..%2f..%2f..%2f..%2f..%2fetc/passwd",
            "/gck_impresion/static/..%5c..%5cetc/passwd.png",
            "/gck_impresion/static//etc/x.png",
            "/gck_impresion/static/./description/icon.png",
            "/gck_impresion/static/description/icon.png%00.css",
            "/gck_impresion//static/description/icon.png",
            "//gck_impresion/static/description/icon.png",
            "/../gck_impresion/static/description/icon.png",
            "/%2e%2e/gck_impresion/static/description/icon.png",
        ):
            self.assertRefused(self.base + path)

    def test_files_that_are_not_for_print_are_refused(self):
        for path in (
            "/gck_impresion/__manifest__.py",
            "/gck_impresion/tests/common.py",
            "/gck_impresion/static/src/js/report_handler.js",
            "/gck_impresion/static/description",
            "/gck_impresion/static/",
            "/gck_impresion/static/no/such.png",
            "/no_such_addon/static/x.png",
            "/web/static/fonts/google/Roboto/Roboto-Regular.ttf",
        ):
            self.assertRefused(self.base + path)

    def test_file_of_another_kind_is_not_read(self):
        path = "/gck_impresion/static/src/js/report_handler.js"
        for extensions in (resources.IMAGE_EXTENSIONS, resources.STYLE_EXTENSIONS):
            with self.assertRaises(ResourceRefused):
                resources.read_static(path, extensions)

    def test_other_routes_are_refused(self):
        for path in (
            "/",
            "/web",
            "/web/login",
            "/web/imagesque/1",
            "/web/content/1",
            f"/web/content/{self.public.id}",
            "/web/session/get_session_info",
            "/report/pdf/base.report_irmodulereference/1",
            "/report/barcode/Nothing/1",
        ):
            self.assertRefused(self.base + path)

    def test_image_that_the_user_may_not_read_is_refused(self):
        path = f"{self.base}/web/image/{self.secret.id}"
        self.assertRefused(path)
        self.assertRefused(f"{path}?access_token=wrong")
        owner = ResourceResolver(
            self.env(user=self.env.ref("base.user_admin").id), self.base
        )
        self.assertEqual(owner.resolve(path)[0], png())

    def test_superuser_mode_is_dropped(self):
        env = self.env(user=self.user.id, su=True)
        self.assertRefused(
            f"{self.base}/web/image/{self.secret.id}", ResourceResolver(env, self.base)
        )

    def test_fields_that_are_no_images_are_refused(self):
        text = self.env["ir.attachment"].create(
            {"name": "t.txt", "raw": b"secret text", "public": True}
        )
        for path in (
            f"/web/image/{text.id}",
            f"/web/image/res.partner/{self.user.partner_id.id}/name",
            f"/web/image/res.users/{self.user.id}/password",
            f"/web/image/res.partner/{self.user.partner_id.id}/nothing",
            "/web/image/no.such.model/1/image",
            "/web/image/999999999",
            "/web/image/base.no_such",
            "/web/image?id=x",
        ):
            self.assertRefused(self.base + path)

    def test_attachment_that_is_a_link_is_not_followed(self):
        for target in ("http://127.0.0.1:1/x.png", "file:///etc/hostname"):
            link = self.env["ir.attachment"].create(
                {"name": "l.png", "type": "url", "url": target, "public": True}
            )
            self.assertRefused(f"{self.base}/web/image/{link.id}")

    def test_other_data_is_refused(self):
        for url in (
            "data:text/css,body{}",
            "data:text/html,<b>x</b>",
            "data:,x",
            "data:font/ttf;base64,AAEAAAA=",
            "data:image/png;base64,AAAA",
            "data:image/png;base64,A",
            "data:image/png,%89PN",
            "data:image/svg+xml,<html/>",
            "data:image/png",
            data_url(b"%!PS-Adobe-3.0 EPSF-3.0", "image/png"),
        ):
            self.assertRefused(url)

    # === Limits ===

    def test_enormous_image_is_refused(self):
        self.assertRefused("data:image/png;base64," + "A" * (resources.MAX_BYTES * 2))
        # a small file that would take gigabytes to decode
        self.patch(resources, "MAX_PIXELS", 99)
        self.assertRefused(data_url(png(10, 10)))

    def test_enormous_attachment_is_refused(self):
        self.patch(resources, "MAX_BYTES", 20)
        self.assertRefused(self.base + ICON)
        # neither read nor decoded to find it out
        Attachment = type(self.env["ir.attachment"])
        self.patch(Attachment, "_file_read", self.fail)
        self.patch(resources.base64, "b64decode", self.fail)
        self.env.invalidate_all()
        self.assertRefused(f"{self.base}/web/image/{self.public.id}")
        self.assertRefused(data_url(png(99, 99)))

    def test_refusal_is_logged_once(self):
        with self.assertLogs(LOGGER, "WARNING") as logs:
            for _time in range(3):
                with self.assertRaises(ResourceRefused):
                    self.resolver.resolve("file:///etc/once")
        self.assertEqual(len(logs.records), 1)


@tagged("post_install", "-at_install")
class TestSvg(TransactionCase):
    def clean(self, body, head=""):
        return svg.clean_svg(
            f'{head}<svg xmlns="http://www.w3.org/2000/svg" '
            f'xmlns:xlink="http://www.w3.org/1999/xlink">{body}</svg>'.encode()
        ).decode()

    def test_drawing_is_kept(self):
        body = '<defs><g id="a"><path d="M0 0"/></g></defs><use href="#a"/>'
        cleaned = self.clean(body, '<?xml version="1.0"?><!-- made by hand -->')
        for part in ("path", "use", 'href="#a"'):
            self.assertIn(part, cleaned)

    def test_inline_image_is_kept(self):
        self.assertIn("data:image", self.clean(f'<image href="{data_url(png())}"/>'))

    def test_references_to_files_are_removed(self):
        for body in (
            '<image href="file:///etc/hostname"/>',
            '<image xlink:href="http://127.0.0.1/x.png"/>',
            '<image href="/web/image/1"/>',
            '<image href="data:image/svg+xml,x"/>',
            '<filter><feImage href="file:///etc/hostname"/></filter>',
            '<use href="file:///etc/x.svg#a"/>',
            '<use xlink:href="/web/image/1#a"/>',
            "<script>1</script>",
            '<foreignObject><iframe src="x"/></foreignObject>',
        ):
            with self.subTest(body=body):
                cleaned = self.clean(body)
                for part in (
                    "image",
                    "mage ",
                    "use",
                    "script",
                    "foreign",
                    "etc",
                    "href=",
                ):
                    self.assertNotIn(part, cleaned)

    def test_bombs_are_refused(self):
        doubling = "".join(
            f'<g id="a{n}"><use href="#a{n - 1}"/><use href="#a{n - 1}"/></g>'
            for n in range(1, 40)
        )
        patterns = "".join(
            f'<pattern id="a{n}"><rect fill="url(#a{n - 1})"/>'
            f"<rect style=\"fill: url('#a{n - 1}')\"/></pattern>"
            for n in range(1, 40)
        )
        for body in (
            f'<g id="a0"><path/></g>{doubling}<use href="#a39"/>',
            f'<pattern id="a0"/>{patterns}<rect fill="url(#a39)"/>',
            '<style>rect {fill: url(#a39)}</style><pattern id="a0"/>'
            f"{patterns}<rect/>",
            '<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>',
            '<g id="a"><use href="#a"/></g>',
            "<g>" * 5000 + "</g>" * 5000,
            "<g/>" * (svg.MAX_SVG_COST + 1),
        ):
            with self.subTest(body=body[:60]), self.assertRaises(svg.UnsafeSvg):
                self.clean(body)

    def test_entities_are_refused(self):
        bomb = '<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
        with self.assertRaises(svg.UnsafeSvg):
            self.clean("<text>&b;</text>", bomb)

    def test_what_is_no_drawing_is_refused(self):
        for content in (b"<html/>", b"<svg", b"", b"<svg>" + b" " * svg.MAX_SVG_BYTES):
            with self.subTest(content=content[:20]), self.assertRaises(svg.UnsafeSvg):
                svg.clean_svg(content)
