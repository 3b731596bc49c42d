"""WeasyPrint, loaded when first needed and kept warm.

Importing the library and parsing the stylesheets and fonts costs seconds; drawing a
letter costs hundredths. So the library is imported by the first print of a worker,
and fonts and parsed stylesheets are kept in engines that prints borrow one by one:
neither fonts nor stylesheets may be shared by two threads at once.
"""

import atexit
import contextlib
import logging
import os
import threading
import types
from functools import lru_cache

from odoo.tools.misc import file_path

from .resources import (
    FONT_EXTENSIONS,
    IMAGE_EXTENSIONS,
    STYLE_EXTENSIONS,
    ResourceRefused,
    check_image,
    read_static,
)

_logger = logging.getLogger(__name__)

# Fonts and layouts that documents used stay in the engine: renew it in time.
MAX_USES = 500
MAX_ENGINES = 4

# Photographs are reduced to what a good printer can show.
IMAGE_DPI = 220

# Where trusted stylesheets are read from; the host exists only inside this file.
_STATIC_ORIGIN = "http://static.invalid"
_MIME = {".css": "text/css", ".svg": "image/svg+xml"}


class EngineMissing(Exception):
    """WeasyPrint, or one of the libraries that it draws with, is not installed.

    ``missing`` tells which: "weasyprint" (the Python package, or a version older
    than 68) or "pango" (the shared libraries).
    """

    def __init__(self, missing, detail):
        super().__init__(detail)
        self.missing = missing


@lru_cache(maxsize=1)
def load_library():
    """Import WeasyPrint.

    :return: a namespace with what is used of the library
    :raises EngineMissing: if it cannot be used on this machine
    """
    try:
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher, URLFetcherResponse, URLFetchingError
    except ImportError as error:
        raise EngineMissing("weasyprint", str(error)) from error
    except OSError as error:
        # what cffi raises for a shared library that is not there
        raise EngineMissing("pango", str(error)) from error

    class Fetcher(URLFetcher):
        """Gives WeasyPrint what ``resolve`` finds, and nothing else."""

        def __init__(self, resolve):
            super().__init__(allowed_protocols=(), allow_redirects=False)
            self._resolve = resolve

        def fetch(self, url, headers=None):
            content, mime = self._resolve(url)
            return URLFetcherResponse(url, content, {"Content-Type": mime})

    # Every unknown CSS property is a warning and every refused resource an error
    # there; what matters is logged here. A log level set by hand is respected.
    for name in ("weasyprint", "fontTools"):
        logger = logging.getLogger(name)
        if logger.level == logging.NOTSET:
            logger.setLevel(logging.CRITICAL)
    return types.SimpleNamespace(
        HTML=weasyprint.HTML,
        CSS=weasyprint.CSS,
        Fetcher=Fetcher,
        FontConfiguration=FontConfiguration,
        URLFetchingError=URLFetchingError,
    )


def _resolve_static(url):
    """Serve what a stylesheet of an addon refers to: fonts and images of addons."""
    if not url.startswith(f"{_STATIC_ORIGIN}/"):
        raise ResourceRefused("not on this server")
    path = url.removeprefix(_STATIC_ORIGIN).partition("?")[0].partition("#")[0]
    extension = os.path.splitext(path)[1].lower()
    if extension in IMAGE_EXTENSIONS:
        return check_image(read_static(path, IMAGE_EXTENSIONS))
    content = read_static(path, STYLE_EXTENSIONS + FONT_EXTENSIONS)
    return content, _MIME.get(extension, "application/octet-stream")


class Engine:
    """The fonts and the parsed stylesheets of one print at a time."""

    def __init__(self):
        self.library = load_library()
        self.fonts = self.library.FontConfiguration()
        self.uses = 0
        self._static_sheets = {}
        self._bundle_sheets = {}
        self._heights = {}

    def static_sheet(self, path):
        """Return a stylesheet of an addon, parsed again only when the file changed.

        :param str path: ``/<module>/static/….css``
        :raises ResourceRefused: if there is no such stylesheet
        """
        content = read_static(path, STYLE_EXTENSIONS)
        info = os.stat(file_path(path.lstrip("/")))
        version = info.st_mtime_ns, info.st_size
        known = self._static_sheets.get(path)
        if not known or known[0] != version:
            known = version, self._parse(content.decode(), path)
            self._static_sheets[path] = known
        return known[1]

    def bundle_sheet(self, name, checksum, read):
        """Return a bundle of Odoo's, parsed again only when its content changed.

        :param str name: name of the bundle
        :param str checksum: of its content
        :param read: function that returns the content, as text
        """
        known = self._bundle_sheets.get(name)
        if not known or known[0] != checksum:
            known = checksum, self._parse(read(), "/web/static/bundle.css")
            self._bundle_sheets[name] = known
        return known[1]

    def page_sheet(self, text):
        """Return a stylesheet made for one document. It refers to no file."""
        return self.library.CSS(string=text, font_config=self.fonts)

    def _parse(self, text, path):
        # Heights were measured with the stylesheet that this one replaces.
        self._heights.clear()
        return self.library.CSS(
            string=text,
            base_url=_STATIC_ORIGIN + path,
            url_fetcher=self.library.Fetcher(_resolve_static),
            font_config=self.fonts,
        )

    def parse(self, html, base_url, resolve):
        """Return the parsed document; nothing is loaded before it is drawn.

        :param str html: the document
        :param str base_url: what relative links are relative to
        :param resolve: function from an address to (content, mime type)
        """
        document = self.library.HTML(
            string=html, base_url=base_url, url_fetcher=self.library.Fetcher(resolve)
        )
        # A <base> written in a text must not move the addresses of the whole print.
        document.base_url = base_url
        return document

    def draw(self, document, sheets):
        """Return the PDF of a parsed document.

        :param document: from :meth:`parse`
        :param list sheets: parsed stylesheets
        :return: the PDF, as bytes
        """
        options = {
            "stylesheets": sheets,
            "font_config": self.fonts,
            "presentational_hints": True,
            "dpi": IMAGE_DPI,
        }
        try:
            return document.write_pdf(**options)
        except self.library.URLFetchingError:
            # Everywhere but in @color-profile WeasyPrint itself goes on without the
            # refused resource. No style that needs one is worth losing the print.
            for parent in list(document.etree_element.iter()):
                for child in parent.findall("style"):
                    parent.remove(child)
            return document.write_pdf(**options)

    def height(self, html, width, sheets):
        """Measure a piece of a document laid out alone.

        :param str html: the piece
        :param float width: millimetres available
        :param list sheets: parsed stylesheets
        :return: its height, in millimetres
        """
        # The sheets are kept by the engine as long as this key may refer to them.
        key = html, width, tuple(map(id, sheets))
        if key not in self._heights:
            if len(self._heights) > 1000:
                self._heights.clear()
            page = f"@page {{ size: {width}mm 2000mm; margin: 0 }}"
            document = self.parse(
                f'<body class="gck-measure"><div>{html}</div><div id="gck-end"></div>',
                _STATIC_ORIGIN,
                _resolve_static,
            )
            pages = document.render(
                stylesheets=[*sheets, self.page_sheet(page)], font_config=self.fonts
            ).pages
            # 96 CSS pixels make an inch
            self._heights[key] = pages[0].anchors["gck-end"][1] * 25.4 / 96
        return self._heights[key]


_idle = []
_idle_lock = threading.Lock()


@contextlib.contextmanager
def borrow_engine():
    """Lend an engine to the caller, who has it alone meanwhile.

    :raises EngineMissing: if WeasyPrint cannot be used on this machine
    """
    with _idle_lock:
        engine = _idle.pop() if _idle else None
    engine = engine or Engine()
    engine.uses += 1
    # After an error the engine is dropped: its state is unknown.
    yield engine
    if engine.uses < MAX_USES:
        with _idle_lock:
            if len(_idle) < MAX_ENGINES:
                _idle.append(engine)


def forget_engines():
    """Drop the engines kept warm, as if the worker had just started."""
    with _idle_lock:
        _idle.clear()


# Fonts remove their temporary files when dropped; at the interpreter's very end what
# they need for it is gone.
atexit.register(forget_engines)
