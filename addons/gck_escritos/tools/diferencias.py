import re
from difflib import SequenceMatcher

from markupsafe import Markup, escape

from odoo.tools import html2plaintext

WORD = re.compile(r"\s+|[^\s]+")
# Comparing takes time that grows with the square of the length.
MAX_WORDS = 20_000


def compare_html(old, new):
    """Return what changes between two texts: taken out and put in, marked.

    :param str old: HTML
    :param str new: HTML
    :return: ``Markup`` with ``<del>`` and ``<ins>``, everything else escaped
    """
    before = WORD.findall(html2plaintext(old or ""))
    after = WORD.findall(html2plaintext(new or ""))
    if max(len(before), len(after)) > MAX_WORDS:
        before, after = (_get_lines(words) for words in (before, after))
    parts = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        removed, added = "".join(before[start:end]), "".join(after[new_start:new_end])
        if tag == "equal":
            parts.append(escape(removed))
            continue
        if removed:
            parts.append(Markup('<del class="text-danger">%s</del>') % removed)
        if added:
            parts.append(Markup('<ins class="text-success">%s</ins>') % added)
    text = Markup("").join(parts)
    return Markup('<div style="white-space: pre-wrap">%s</div>') % text


def _get_lines(words):
    return "".join(words).splitlines(keepends=True)
