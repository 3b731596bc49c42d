"""From the HTML of a report to its PDF: cleaning, page geometry, drawing."""

import re
from collections import namedtuple
from xml.etree import ElementTree

from .resources import ResourceRefused
from .svg import UnsafeSvg, clean_svg_element

STYLESHEET = "/gck_impresion/static/src/css/print.css"
ODOO_STYLESHEET = "/gck_impresion/static/src/css/odoo_layout.css"

# Distances in millimetres of the suite's layout.
EDGE = 12  # from the paper's edge to the header and the footer
GAP = 6  # between header or footer and the text
RUNNING_HEAD = 7  # height of the short header from the second page on
SIDE = 20  # side margins when the paper format leaves them to the stylesheet
ODOO_SIDE = 11  # the same in Odoo's own stylesheet

MAX_SPAN = 200

_FORBIDDEN = {"script", "base", "iframe", "frame", "object", "embed", "applet"}
_LINK_SCHEMES = ("http:", "https:", "mailto:", "tel:", "#", "/")
_SVG = "{http://www.w3.org/2000/svg}svg"

PageSetup = namedtuple("PageSetup", "width height top right bottom left css_margins")
PageSetup.__doc__ = """Paper size and margins, in millimetres."""

A4 = PageSetup(210.0, 297.0, 40.0, 0.0, 25.0, 0.0, True)


def has_class(element, name):
    """Return whether ``element`` has the CSS class ``name``."""
    return name in (element.get("class") or "").split()


def find_class(root, name):
    """Return the first element below ``root`` that has the CSS class ``name``."""
    return next((node for node in root.iter() if has_class(node, name)), None)


def clean_document(root):
    """Remove from a parsed document what a print has no use for.

    Anything active or that embeds files goes; sizes and links are brought within
    reason. What remains may still ask for images and styles, but only through the
    resolver of the document.

    :param Element root: the ``<html>`` element, changed in place
    :return: addresses of the stylesheets that the document links to
    """
    stylesheets = []
    for parent in list(root.iter()):
        rich = has_class(parent, "gck-rich")
        if rich:
            # user texts: no styles of their own that would reach the whole page
            for node in list(parent.iter()):
                for child in node.findall("style"):
                    _remove(node, child)
        for child in list(parent):
            tag = child.tag
            if not isinstance(tag, str) or tag in _FORBIDDEN:
                _remove(parent, child)
            elif tag == "link":
                if (child.get("rel") or "").strip().lower() == "stylesheet":
                    stylesheets.append(child.get("href") or "")
                _remove(parent, child)
            elif tag == _SVG:
                try:
                    clean_svg_element(child)
                except UnsafeSvg:
                    _remove(parent, child)
            elif tag in ("a", "area"):
                # rel="attachment" would put the file into the PDF
                child.attrib.pop("rel", None)
                href = (child.get("href") or "").strip().lower()
                if not href.startswith(_LINK_SCHEMES):
                    child.attrib.pop("href", None)
            else:
                _limit_spans(child)
    return stylesheets


def _remove(parent, child):
    """Remove ``child``, keeping the text that follows it."""
    if child.tail:
        index = list(parent).index(child)
        if index:
            parent[index - 1].tail = (parent[index - 1].tail or "") + child.tail
        else:
            parent.text = (parent.text or "") + child.tail
    parent.remove(child)


def _limit_spans(element):
    """Keep a cell from spanning a million columns, which would take for ever."""
    for name in ("colspan", "rowspan", "span"):
        match = re.match(r"\s*\+?0*(\d+)", element.get(name) or "")
        if match and (len(match[1]) > 9 or int(match[1]) > MAX_SPAN):
            element.set(name, str(MAX_SPAN))


def page_setup(paperformat, landscape=False):
    """Return the page of a paper format.

    :param paperformat: ``report.paperformat`` record, maybe empty (A4 then)
    :param bool landscape: turn the paper, whatever the format says
    """
    setup = A4
    if paperformat:
        setup = PageSetup(
            paperformat.print_page_width or A4.width,
            paperformat.print_page_height or A4.height,
            paperformat.margin_top,
            paperformat.margin_right,
            paperformat.margin_bottom,
            paperformat.margin_left,
            paperformat.css_margins,
        )
    if landscape and setup.width < setup.height:
        setup = setup._replace(width=setup.height, height=setup.width)
    return setup


def _float(text):
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(?:mm)?\s*", text or "")
    return float(match[1]) if match else None


def _height(engine, root, name, width, sheets):
    """Return the height of the element of class ``name``, in millimetres; 0 if none.

    Headers and footers stand in the margins of the page, which do not grow with them.
    """
    element = find_class(root, name)
    if element is None:
        return 0
    html = ElementTree.tostring(element, encoding="unicode", method="html")
    return engine.height(html, width, sheets)


def _suite_page(engine, root, sheets, setup):
    """Return the page rules of a document made with ``gck_impresion.layout``."""
    side = SIDE if setup.css_margins else 0
    left, right = setup.left + side, setup.right + side
    footer = _height(engine, root, "gck-footer", setup.width - left - right, sheets)
    bottom = max(0 if setup.css_margins else setup.bottom, EDGE + footer + GAP)
    head = EDGE + RUNNING_HEAD + GAP
    # The first page's header stands in the text, so that it may be of any height;
    # it is made at least so high that the text starts at the format's top margin.
    first_head = max(setup.top - EDGE, 0)
    return f"""
        @page {{
            size: {setup.width}mm {setup.height}mm;
            margin: {head}mm {right}mm {bottom}mm {left}mm;
            @top-left {{
                content: element(gck-running-head); width: 100%;
                vertical-align: top; padding-top: {EDGE}mm;
            }}
            @bottom-left {{
                content: element(gck-footer); width: 100%;
                vertical-align: bottom; padding-bottom: {EDGE}mm;
            }}
        }}
        @page :first {{ margin-top: {EDGE}mm; @top-left {{ content: none }} }}
        .gck-head {{ min-height: {first_head}mm }}
    """


def _odoo_page(engine, root, sheets, setup):
    """Return the page rules of a document made with Odoo's own layouts."""
    top = _float(root.get("data-report-margin-top"))
    bottom = _float(root.get("data-report-margin-bottom"))
    side = ODOO_SIDE if setup.css_margins else 0
    width = setup.width - setup.left - setup.right - 2 * side
    top = setup.top if top is None else top
    bottom = setup.bottom if bottom is None else bottom
    header = _height(engine, root, "header", width, sheets)
    footer = _height(engine, root, "footer", width, sheets)
    # wkhtmltopdf lets a tall header or footer cover the text
    top = max(top, header + side) if header else top
    bottom = max(bottom, footer + side) if footer else bottom
    return f"""
        @page {{
            size: {setup.width}mm {setup.height}mm;
            margin: {top}mm {setup.right}mm {bottom}mm {setup.left}mm;
            @top-left {{
                content: element(odoo-header); width: 100%; vertical-align: top;
            }}
            @bottom-left {{
                content: element(odoo-footer); width: 100%; vertical-align: bottom;
            }}
        }}
        body {{ padding: 0 {side}mm !important }}
        div.header {{ padding: {side}mm {side}mm 0 !important }}
        div.footer {{ padding: 0 {side}mm {side}mm !important }}
    """


def _move_odoo_header(root):
    """Put headers and footers before the text, where the first page needs them."""
    for parent in list(root.iter()):
        if not any(has_class(node, "article") for node in parent):
            continue
        for child in reversed(list(parent)):
            if has_class(child, "footer") or has_class(child, "header"):
                _remove(parent, child)
                parent.insert(0, child)


def _set_metadata(root, document):
    """Give the PDF the title and language of the document that it holds."""
    root.set("lang", document.get("lang") or root.get("lang") or "en")
    title = next(root.iter("title"), None)
    if title is not None and document.get("data-gck-title"):
        title.text = document.get("data-gck-title")


def make_pdf(
    engine, html, *, base_url, resolver, bundle_sheet, paperformat_of, landscape=False
):
    """Return the PDF of the HTML of a report.

    :param Engine engine: borrowed from :func:`~.engine.borrow_engine`
    :param str html: a whole HTML document
    :param str base_url: address of this server, for the links in the document
    :param resolver: :class:`~.resources.ResourceResolver` of who prints
    :param bundle_sheet: function (engine, address) that returns the stylesheet of
        one of Odoo's asset bundles, or None if the address is no bundle
    :param paperformat_of: function from the id of the company that the document
        belongs to (None if it does not say) to its ``report.paperformat``
    :param bool landscape: turn the paper
    :return: the PDF, as bytes
    """
    document = engine.parse(html, base_url, resolver.resolve)
    root = document.etree_element
    links = clean_document(root)
    suite = find_class(root, "gck-document")
    sheets = [engine.static_sheet(STYLESHEET if suite is not None else ODOO_STYLESHEET)]
    for address in links:
        path = address.partition("?")[0]
        sheet = bundle_sheet(engine, path)
        if sheet is None and path != STYLESHEET:
            try:
                sheet = engine.static_sheet(path)
            except ResourceRefused as error:
                resolver.refuse(address, error)
        if sheet is not None:
            sheets.append(sheet)
    if suite is not None:
        company = suite.get("data-gck-company") or ""
        setup = page_setup(
            paperformat_of(int(company) if company.isdigit() else None), landscape
        )
        _set_metadata(root, suite)
        page = _suite_page(engine, root, sheets, setup)
    else:
        turned = landscape or bool(root.get("data-report-landscape"))
        setup = page_setup(paperformat_of(None), turned)
        _move_odoo_header(root)
        page = _odoo_page(engine, root, sheets, setup)
    return engine.draw(document, [*sheets, engine.page_sheet(page)])
