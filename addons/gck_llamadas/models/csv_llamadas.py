"""Files of calls as exchanges write them: encodings, separators, columns.

No record is touched here.
"""

import codecs
import csv
import io
import re
import unicodedata

SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t"}
SAMPLE_LINES = 30
# A cell that goes on for more lines than this has lost its closing quotes.
ROW_LINES = 50
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
    sample = "\n".join(text.splitlines()[:SAMPLE_LINES])

    def quality(separator):
        widths = [len(cells or ()) for _number, cells in read_rows(sample, separator)]
        common = max(widths, key=widths.count, default=1)
        return (common > 1 and widths.count(common), common)

    return max(SEPARATORS.values(), key=quality)


def read_rows(text, separator):
    """Yield the number of the first line and the cells of each row that is not empty.

    A cell in quotes may go on in the next lines. Quotes that do not match spoil one
    line, not the rest of the file: its cells are None.
    """
    lines = list(io.StringIO(text, newline=None))
    index, width = 0, None
    while index < len(lines):
        used = 1
        if lines[index].strip():
            cells, used = _read_row(lines[index : index + ROW_LINES], separator)
            if used > 1 and width:
                ends = (lines[index], lines[index + used - 1])
                rows = [line for line in ends if line.count(separator) == width - 1]
                if len(cells) != width or len(rows) == 2:
                    # Two quotes too many, which swallow what is between them.
                    cells, used = None, 1
            width = width or (cells and len(cells))
            yield index + 1, cells
        index += used


def _read_row(lines, separator):
    """Return the cells of the row that some lines begin with, and how many it takes."""
    reader = csv.reader(lines, delimiter=separator, strict=True)
    try:
        cells = next(reader)
    except csv.Error:
        return None, 1
    return [cell.strip() for cell in cells], reader.line_num


def has_header(cells):
    """Tell whether the cells of the first line are names and not a call."""
    named = sum(1 for cell in cells if guess_meaning(cell))
    return named >= 2 and not any(re.search(r"\d{4,}", cell) for cell in cells)


def is_asterisk(cells):
    """Tell whether the cells of the first line are of Asterisk, names or a call."""
    names = [name for name, _meaning in ASTERISK_COLUMNS]
    if has_header(cells):
        return {cell.lower() for cell in cells} <= set(names)
    return len(names) - 2 <= len(cells) <= len(names)


def guess_meaning(name):
    """Return what a column holds, by its name; None when it tells nothing."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    word = re.sub(r"[^a-z]", "", plain.lower())
    for meaning, names in NAMES.items():
        if word in names.replace("_", "").split():
            return meaning
    return None
