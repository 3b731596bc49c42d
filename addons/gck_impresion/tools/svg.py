"""Drawings (SVG) made harmless before they are printed.

WeasyPrint draws an SVG by walking it and whatever it refers to. A few hundred bytes
of references that double at each level would take for ever, and an ``<image>`` may
name any address: neither belongs in a letter.
"""

import re
from xml.etree import ElementTree

MAX_SVG_BYTES = 2 * 1024 * 1024
MAX_SVG_COST = 50_000

_REMOVED = {"script", "foreignobject", "iframe"}
_REFERENCE = re.compile(r"url\(\s*[\"']?#([^\"')\s]+)")
_INLINE_IMAGE = re.compile(r"data:image/(png|jpe?g|gif|webp)[;,]", re.IGNORECASE)
_HREFS = ("href", "{http://www.w3.org/1999/xlink}href")


class UnsafeSvg(ValueError):
    """The drawing would take for ever, or is no drawing."""


def _local(element):
    tag = element.tag if isinstance(element.tag, str) else ""
    return tag.rpartition("}")[2].lower()


def _cost(element, by_id, known, shared):
    """Return how many elements are drawn for ``element``, references included."""
    if id(element) in known:
        cost = known[id(element)]
        if cost is None:
            raise UnsafeSvg("a drawing that refers to itself")
        return cost
    known[id(element)] = None
    cost = 1 + shared
    targets = []
    for name, value in element.attrib.items():
        if name in _HREFS and value.startswith("#"):
            targets.append(value[1:])
        else:
            targets += _REFERENCE.findall(value)
    for target in targets:
        if target in by_id:
            cost += _cost(by_id[target], by_id, known, 0)
    cost += sum(_cost(child, by_id, known, shared) for child in element)
    if cost > MAX_SVG_COST:
        raise UnsafeSvg("a drawing with too many parts")
    known[id(element)] = cost
    return cost


def clean_svg_element(root):
    """Remove from an SVG tree what may not be printed.

    :param Element root: the ``<svg>`` element, changed in place
    :raises UnsafeSvg: if drawing it would take too long
    """
    for parent in list(root.iter()):
        for child in list(parent):
            tag = _local(child)
            href = next((child.get(name) for name in _HREFS if child.get(name)), "")
            if (
                tag in _REMOVED
                or (tag in ("image", "feimage") and not _INLINE_IMAGE.match(href))
                or (tag == "use" and not href.startswith("#"))
            ):
                parent.remove(child)
    by_id = {node.get("id"): node for node in root.iter() if node.get("id")}
    # A reference in a style sheet may apply to every element: count it for each.
    styles = " ".join(
        node.text or "" for node in root.iter() if _local(node) == "style"
    )
    known = {}
    try:
        shared = sum(
            _cost(by_id[target], by_id, known, 0)
            for target in set(_REFERENCE.findall(styles))
            if target in by_id
        )
        _cost(root, by_id, {}, shared)
    except RecursionError as error:
        raise UnsafeSvg("a drawing nested too deep") from error


def clean_svg(content):
    """Return an SVG file without what may not be printed.

    :param bytes content: the file
    :return: the cleaned file, as bytes
    :raises UnsafeSvg: if it is too large, is no SVG, or would take too long to draw
    """
    if len(content) > MAX_SVG_BYTES:
        raise UnsafeSvg("a drawing too large")
    # Entities are the other way of making a small file enormous.
    if b"<!ENTITY" in content or b"<!entity" in content:
        raise UnsafeSvg("a drawing that defines entities")
    try:
        root = ElementTree.fromstring(content)
    except (ElementTree.ParseError, ValueError, RecursionError) as error:
        raise UnsafeSvg("not a drawing") from error
    if _local(root) != "svg":
        raise UnsafeSvg("not a drawing")
    clean_svg_element(root)
    return ElementTree.tostring(root)
