"""Put a .pot file into a stable form and merge it into the .po files beside it.

Run by the virtual environment's Python: merge_translations.py MODULE.pot LANGUAGE…
Translations that exist are kept, terms that are gone are dropped, nothing is guessed.
The first language's file is made when it is missing, and has every term; the others
hold only what they say differently.
"""

import sys
from pathlib import Path

import polib

UNSTABLE = ("POT-Creation-Date", "PO-Revision-Date", "Last-Translator", "Language-Team")


def stable(file):
    """Drop from a file's header what changes with every export."""
    for name in UNSTABLE:
        file.metadata.pop(name, None)
    return file


def merge(pot, path, language, complete):
    """Return the .po file of a language with the terms of the .pot file.

    :param complete: whether terms without a translation are listed as well
    """
    merged = polib.POFile(wrapwidth=78)
    merged.header = pot.header
    merged.metadata = {**pot.metadata, "Language": language}
    before = polib.pofile(str(path)) if path.exists() else []
    known = {
        (entry.msgctxt, entry.msgid): entry
        for entry in before
        if not entry.obsolete and not entry.fuzzy
    }
    for term in pot:
        old = known.get((term.msgctxt, term.msgid))
        if not complete and not (old and old.msgstr):
            continue
        entry = polib.POEntry(
            msgctxt=term.msgctxt,
            msgid=term.msgid,
            msgstr=old.msgstr if old else "",
            comment=term.comment,
            tcomment=old.tcomment if old else "",
            occurrences=term.occurrences,
            flags=term.flags,
        )
        merged.append(entry)
    return merged


def save(file, path):
    """Write a file when its content changed."""
    text = f"{file}".rstrip("\n") + "\n"
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def main(template, *languages):
    """Merge one addon's template into its translations; print what is missing."""
    template = Path(template)
    pot = stable(polib.pofile(str(template), wrapwidth=78))
    if not len(pot):
        template.unlink()
        print(f"  {template.stem}: no terms")
        return
    save(pot, template)
    for index, language in enumerate(languages):
        path = template.with_name(f"{language}.po")
        if index and not path.exists():
            continue
        file = merge(pot, path, language, complete=not index)
        save(file, path)
        missing = len(file.untranslated_entries())
        print(
            f"  {template.stem}: {path.name}, {len(file)} terms, {missing} untranslated"
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
