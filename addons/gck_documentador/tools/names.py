import re
import unicodedata

# Bytes that a file name may have where it is kept: what file systems take.
NAME_BYTES = 240
# What stays of the extension of a name that is cut.
EXTENSION_CHARS = 16
RESERVED = re.compile(r'[<>:"|?*]')


def clean_filename(name, default="file"):
    """Return a name that can be stored, sent and shown safely.

    Path parts go (``../../etc/passwd`` becomes ``passwd``), as do control characters
    and the marks that turn the direction of the text, with which ``exe.fdp`` is made to
    look like another type. Letters of every script and emoji stay. A name that is too
    long is cut before its extension.

    :param str name: as somebody gave it
    :param str default: what is used when nothing is left
    """
    name = unicodedata.normalize("NFC", str(name or ""))
    name = name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    # Cc control, Cf format (marks of direction, zero width), Cs lone halves, Zl, Zp;
    # the joiner of composed emoji and the selector of their look are kept.
    name = "".join(
        " " if char in "\t\n\r\u2028\u2029" else char
        for char in name
        if char == "\u200d"
        or char in "\t\n\r\u2028\u2029"
        or unicodedata.category(char) not in ("Cc", "Cf", "Cs")
    )
    name = RESERVED.sub("_", name)
    name = re.sub(r"\s+", " ", name).strip(" .") or default
    if len(name.encode()) <= NAME_BYTES:
        return name
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension) > EXTENSION_CHARS:
        stem, dot, extension = name, "", ""
    room = NAME_BYTES - len((dot + extension).encode())
    stem = stem.encode()[:room].decode(errors="ignore").rstrip()
    return stem + dot + extension


def clean_title(title):
    """Return a title as a name that can be that of a file, the whole of it.

    A slash in a title is no path: ``Oferta 12/2026`` stays in one piece, with a dash.
    """
    return clean_filename(str(title or "").replace("/", "-").replace("\\", "-"))


def get_extension(filename):
    """Return the extension of a file's name in lower case, without the dot."""
    stem, _dot, extension = (filename or "").rpartition(".")
    if not stem or len(extension) > EXTENSION_CHARS:
        return ""
    return extension.lower()


def get_name_key(name):
    """Return a name as names are compared: without accents, case or extra spaces."""
    text = unicodedata.normalize("NFKD", str(name or "").casefold())
    text = "".join(char for char in text if not unicodedata.combining(char))
    return " ".join(text.split())
