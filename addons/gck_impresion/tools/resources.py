"""What a printed document may load, and where it comes from.

A document is made of templates and of texts that people wrote, so every address
in it is treated as hostile. Nothing is ever fetched over the network nor from a
path that the document names: an address is either one of the few kinds served
here, from this server's own data and with the rights of the user who prints, or
it is refused.
"""

import base64
import binascii
import io
import logging
import re
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, unquote_to_bytes, urlsplit

from PIL import Image, WebPImagePlugin
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from odoo.exceptions import UserError
from odoo.tools.image import image_process
from odoo.tools.misc import file_open

from .svg import UnsafeSvg, clean_svg

_logger = logging.getLogger(__name__)

# A photograph of a modern telephone fits; what does not is a mistake or an attack.
MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 60_000_000

# Pillow knows WebP only once its plugin is imported.
RASTER_FORMATS = ("PNG", "JPEG", "GIF", WebPImagePlugin.WebPImageFile.format)
IMAGE_EXTENSIONS = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg")
STYLE_EXTENSIONS = (".css",)
FONT_EXTENSIONS = (".ttf", ".otf", ".woff", ".woff2")

_STATIC_PATH = re.compile(r"/(?P<module>[a-z_][a-z0-9_]*)/static/(?P<rest>[^\\\0]+)")
_DATA_HEADER = re.compile(r"data:image/[a-z0-9.+-]+(;[^,]*)?,", re.IGNORECASE)
_DEFAULT_PORTS = {"http": 80, "https": 443}


class ResourceRefused(ValueError):
    """A document asked for something that it may not load.

    The message says why; it never repeats a whole ``data:`` address.
    """


def shorten(url, length=120):
    """Return ``url`` cut to ``length`` characters, fit for a log line."""
    return url if len(url) <= length else f"{url[:length]}…"


def origin_of(url):
    """Return the (scheme, host, port) of ``url``, or None if it has none."""
    parts = urlsplit(url)
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        return None
    return parts.scheme, parts.hostname, parts.port or _DEFAULT_PORTS[parts.scheme]


def read_static(path, extensions):
    """Read a file of the ``static`` folder of an addon.

    :param str path: decoded path of the address, ``/<module>/static/…``
    :param tuple extensions: the accepted file name endings, lower case
    :return: the content, as bytes
    :raises ResourceRefused: if the path leads anywhere else, or nowhere
    """
    match = _STATIC_PATH.fullmatch(path)
    if not match or {"", ".", ".."} & set(match["rest"].split("/")):
        raise ResourceRefused("not a static file of an addon")
    name = f"{match['module']}/static/{match['rest']}"
    try:
        # file_open never leaves the addons path
        with file_open(name, "rb", filter_ext=extensions) as file:
            content = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise ResourceRefused("no such static file, or of another kind") from error
    if len(content) > MAX_BYTES:
        raise ResourceRefused("too large")
    return content


def check_image(content):
    """Return ``content`` made safe to draw, and its type.

    :param bytes content: an image in any format
    :return: (content, mime type); an SVG comes back without its active parts
    :raises ResourceRefused: if it is no image, or an enormous one
    """
    if len(content) > MAX_BYTES:
        raise ResourceRefused("too large")
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<?xml", b"<svg", b"<!")):
        try:
            return clean_svg(content), "image/svg+xml"
        except UnsafeSvg as error:
            raise ResourceRefused(str(error)) from error
    try:
        # Only the header is read: the size is known before anything is decoded.
        with Image.open(io.BytesIO(content), formats=RASTER_FORMATS) as image:
            width, height, kind = *image.size, image.format
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise ResourceRefused("not an image") from error
    if width * height > MAX_PIXELS:
        raise ResourceRefused("too many pixels")
    return content, Image.MIME[kind]


@lru_cache(maxsize=1)
def _image_routes():
    """Return the addresses of ``/web/image``, as its own controller has them."""
    # Not at import: controllers may only be imported inside a loaded registry.
    from odoo.addons.web.controllers.binary import Binary

    routes = Binary.content_image.original_routing["routes"]
    return Map([Rule(route, endpoint="image") for route in routes])


class ResourceResolver:
    """Finds the resources of one document.

    :param env: environment of the user who prints. Its superuser mode is dropped:
        a document printed on somebody's behalf shows what that person may see.
    :param str base_url: address of this server; the only origin that is accepted
    """

    def __init__(self, env, base_url):
        self.env = env(su=False)
        self.origin = origin_of(base_url)
        self._refused = set()

    def resolve(self, url):
        """Return what ``url`` stands for.

        :param str url: absolute address, as WeasyPrint asks for it
        :return: (content as bytes, mime type)
        :raises ResourceRefused: when it may not be loaded; logged once per address
        """
        try:
            if url[:5].lower() == "data:":
                return self._read_data(url)
            return self._read_own(url)
        except ResourceRefused as error:
            self.refuse(url, error)
            raise

    def refuse(self, url, reason):
        """Log that ``url`` was left out of the print, once."""
        if url not in self._refused:
            self._refused.add(url)
            _logger.warning(
                "Resource left out of a print: %s (%s)", shorten(url), reason
            )

    def _read_data(self, url):
        if len(url) > MAX_BYTES * 4 // 3 + 200:
            raise ResourceRefused("too large")
        match = _DATA_HEADER.match(url[:200])
        if not match:
            raise ResourceRefused("data of another kind than an image")
        content = unquote_to_bytes(url[match.end() :])
        if (match[1] or "").lower().endswith(";base64"):
            try:
                content = base64.b64decode(content)
            except binascii.Error as error:
                raise ResourceRefused("broken data") from error
        return check_image(content)

    def _read_own(self, url):
        try:
            parts = urlsplit(url)
            own = bool(self.origin) and origin_of(url) == self.origin
        except ValueError as error:
            raise ResourceRefused("malformed address") from error
        if not own or "@" in parts.netloc:
            raise ResourceRefused("not on this server")
        path = unquote(parts.path)
        # parse_qsl decodes the values
        query = dict(parse_qsl(parts.query))
        if path.startswith("/web/image"):
            return check_image(self._read_web_image(path, query))
        if path.startswith("/report/barcode"):
            return check_image(self._read_barcode(path, query))
        if path.lower().endswith(STYLE_EXTENSIONS):
            return read_static(path, STYLE_EXTENSIONS), "text/css"
        return check_image(read_static(path, IMAGE_EXTENSIONS))

    def _read_web_image(self, path, query):
        try:
            _endpoint, args = _image_routes().bind("").match(path)
            args = {**query, **args}
            size = int(args.get("width", 0)), int(args.get("height", 0))
            record = self.env["ir.binary"]._find_record(
                args.get("xmlid"),
                args.get("model", "ir.attachment"),
                args.get("id") and int(args["id"]),
                args.get("access_token"),
                field=args.get("field", "raw"),
            )
            content = self._read_field(record, args.get("field", "raw"))
        except ResourceRefused:
            raise
        except (UserError, HTTPException, KeyError, TypeError, ValueError) as error:
            raise ResourceRefused("no such image, or not for this user") from error
        if any(size):
            check_image(content)
            content = image_process(content, size=size, crop=bool(args.get("crop")))
        return content

    def _read_field(self, record, name):
        """Return the bytes of a binary field of a record that may be read.

        What ``ir.binary`` does for a request, which a print by a scheduled action
        does not have.
        """
        record.ensure_one()
        field = record._fields[name]
        if field.type != "binary":
            raise ResourceRefused("not an image")
        record._check_field_access(field, "read")
        if record._name != "ir.attachment" and not field.attachment:
            return base64.b64decode(record[name] or b"")
        attachment = record
        if record._name != "ir.attachment":
            # sudo: the record and its field were checked, this is where it is kept
            attachment = (
                record.env["ir.attachment"]
                .sudo()
                .search(
                    [
                        ("res_model", "=", record._name),
                        ("res_id", "=", record.id),
                        ("res_field", "=", name),
                    ],
                    limit=1,
                )
            )
        # An attachment that is just a link has no content, and is not followed: that
        # would be a request made by the server on behalf of whoever wrote the text.
        if attachment.file_size > MAX_BYTES:
            raise ResourceRefused("too large")
        return attachment.raw or b""

    def _read_barcode(self, path, query):
        kind, _sep, value = (
            path.removeprefix("/report/barcode").strip("/").partition("/")
        )
        kind = kind or query.pop("barcode_type", "")
        value = value or query.pop("value", "")
        try:
            return self.env["ir.actions.report"].barcode(kind, value, **query)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ResourceRefused("cannot be made into a barcode") from error
