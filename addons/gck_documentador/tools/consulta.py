"""What people type to find text, as PostgreSQL asks for it."""

import re

# Endings that lose their accent in the plural, and by it their common stem: both are
# looked for, and kept, as the plural.
SINGULAR = re.compile(r"(?<=\w)([cs])i[oó]n\b", re.IGNORECASE)
PLURAL = re.compile(r"(?<=\w)([cs])iones\b", re.IGNORECASE)
# Of what joins the words of a file's name.
JOINTS = re.compile(r"[._/\\]+")
OPERATORS = re.compile(r'["\-]|\bor\b|\bOR\b')
WORD = re.compile(r"\w+", re.UNICODE)
# Shorter beginnings of words would be found in everything.
PREFIX_CHARS = 3


def to_plural(text):
    """Return a text with the words in -ción and -sión in the plural."""
    return SINGULAR.sub(r"\1iones", text)


def to_singular(text):
    """Return a text with the words in -ciones and -siones in the singular."""
    return PLURAL.sub(r"\1ion", text)


def get_prefix_query(text):
    """Return plain words as a query whose last word may be unfinished.

    :return: text for ``to_tsquery``, None when there is something for
        ``websearch_to_tsquery`` in it: quotes, ``or``, a minus
    """
    if OPERATORS.search(text):
        return None
    words = WORD.findall(text)
    if not words or len(words[-1]) < PREFIX_CHARS or words[-1].isdigit():
        return None
    return " & ".join([*words[:-1], f"{words[-1]}:*"])
