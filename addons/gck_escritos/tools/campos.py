"""Merge fields in a text: where they are, and whether they are written well.

A merge field is a path of names between braces: ``{cliente}``, ``{cliente.ciudad}``.
Nothing of it is ever evaluated.
"""

import re
import unicodedata

from markupsafe import Markup

# What stands between braces; the editor may have put tags into the middle of it.
FIELD = re.compile(r"\{((?:[^{}<>]|<[^<>]*>)*)\}")
TAG = re.compile(r"<[^<>]*>")
PATH = re.compile(r"[^\W\d_]\w*(?:\.[^\W\d_]\w*)*")
DOUBLE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\$\{.*?\}", re.DOTALL)
DIRECTIVE = re.compile(r"<[^<>]*?\s(t-[a-z][\w.-]*\s*=\s*(?:\"[^\"]*\"|'[^']*'))", re.I)
ELEMENT = re.compile(r"<t(?:\s[^<>]*)?>", re.I)
BLANKS = re.compile(r"[\s\u00a0\u200b\ufeff]+")


def normalize(name):
    """Return a name as it is compared: no accents, lower case, blanks as ``_``."""
    text = unicodedata.normalize("NFKD", name)
    text = "".join(char for char in text if not unicodedata.combining(char))
    return re.sub(r"\W+", "_", text.lower()).strip("_")


def clean(inner):
    """Return what a person wrote between braces, without the editor's tags."""
    text = Markup(TAG.sub("", inner)).unescape()
    return BLANKS.sub(" ", text).strip()


def find_paths(html):
    """Return the merge fields of a text, each once, in their order."""
    found = (clean(match[1]) for match in FIELD.finditer(html or ""))
    return list(dict.fromkeys(path for path in found if path))


def find_refused(html):
    """Return what a text holds that no merge field may be: code of any language."""
    html = html or ""
    refused = [match[0] for match in DOUBLE.finditer(html)]
    refused += [match[1] for match in DIRECTIVE.finditer(html)]
    if not refused:
        refused += [match[0] for match in ELEMENT.finditer(html)]
    rest = DOUBLE.sub("", html)
    refused += [f"{{{path}}}" for path in find_paths(rest) if not PATH.fullmatch(path)]
    return list(dict.fromkeys(Markup(TAG.sub("", text) or text) for text in refused))


def replace(html, get_value):
    """Return a text with its merge fields replaced.

    :param str html: the text
    :param get_value: given a path, returns what stands in its place, as Markup; None
        leaves the field as it is
    """

    def put(match):
        path = clean(match[1])
        value = get_value(path) if path else None
        return match[0] if value is None else str(value)

    return Markup(FIELD.sub(put, str(html or "")))
