"""Files of calls as exchanges write them: encodings, separators, columns.

No record is touched here.
"""

import codecs
import csv
import re
import unicodedata

SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t"}
SAMPLE_LINES = 30
# In this order, as cdr_csv writes them; the last two only where it was told to.
ASTERISK_COLUMNS = (
    ("accountcode", None),
    ("src", "source"),
    ("dst", "target"),
    ("dcontext", None),
    ("clid", "caller_name"),
    ("channel", "channel"),
    ("dstchannel", "target_channel"),
    ("lastapp", None),
    ("lastdata", None),
    ("start", "start"),
    ("answer", "answer"),
    ("end", "end"),
    ("duration", None),
    ("billsec", "duration"),
    ("disposition", "outcome"),
    ("amaflags", None),
    ("uniqueid", "uid"),
    ("userfield", None),
)
# Words that columns are called by, without accents; whole names.
NAMES = {
    "uid": "uniqueid linkedid callid call_id id idllamada identificador uuid",
    "start": "start calldate starttime date datetime fecha fechahora fechayhora "
    "inicio fechainicio horainicio comienzo",
    "time": "time hora",
    "answer": "answer answertime respuesta contestada horarespuesta",
    "end": "end endtime fin final horafin",
    "duration": "billsec duration duracion segundos talktime conversacion tiempo",
    "source": "src source from caller callerid origen llamante desde",
    "target": "dst destination to callee called destino llamado marcado hacia",
    "outcome": "disposition result resultado status estado",
    "direction": "direction sentido direccion tipo",
    "extension": "extension ext agente interno anexo",
    "caller_name": "clid callername name nombre",
    "channel": "channel canal",
    "target_channel": "dstchannel canaldestino",
    "recording": "recordingurl recording grabacion recordingfile",
}


def decode(content, encoding="auto"):
    """Return the text of a file.

    :param bytes content: the file
    :param str encoding: ``utf-8``, ``latin-1``, or ``auto``
    :raises UnicodeDecodeError: when it is not in the encoding that was chosen
    """
    if encoding == "auto":
        if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return content.decode("utf-16").replace("\0", "")
        try:
            return decode(content, "utf-8")
        except UnicodeDecodeError:
            return decode(content, "latin-1")
    if encoding == "latin-1":
        # What Windows calls Latin-1 has a few characters more.
        return content.decode("cp1252", "replace").replace("\0", "")
    return content.decode("utf-8-sig").replace("\0", "")


def guess_separator(text):
    """Return the separator that splits the first lines into most columns, evenly."""
    lines = [line for line in text.splitlines()[:SAMPLE_LINES] if line.strip()]

    def quality(separator):
        widths = [len(split(line, separator) or ()) for line in lines]
        common = max(widths, key=widths.count, default=1)
        return (common > 1 and widths.count(common), common)

    return max(SEPARATORS.values(), key=quality)


def split(line, separator):
    """Return the cells of one line, None when its quotes do not match."""
    try:
        rows = list(csv.reader([line], delimiter=separator, strict=True))
    except csv.Error:
        return None
    return [cell.strip() for cell in rows[0]] if rows else []


def read_rows(text, separator):
    """Yield the number and the cells of each line that is not empty.

    Line by line: quotes that do not match spoil one call, not the rest of the file.
    The cells of such a line are None.
    """
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            yield number, split(line, separator)


def has_header(cells):
    """Tell whether the cells of the first line are names and not a call."""
    named = sum(1 for cell in cells if guess_meaning(cell))
    return named >= 2 and not any(re.search(r"\d{4,}", cell) for cell in cells)


def guess_meaning(name):
    """Return what a column holds, by its name; None when it tells nothing."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    word = re.sub(r"[^a-z]", "", plain.lower())
    for meaning, names in NAMES.items():
        if word in names.replace("_", "").split():
            return meaning
    return None
