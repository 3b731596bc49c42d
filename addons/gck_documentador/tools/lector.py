"""The process that opens files from outside, apart from Odoo's.

Run by :mod:`.extract` with limits on time, memory and output: whatever a file does to
its reader, only this process ends. Nothing here knows of Odoo.

    python lector.py SETTINGS COMMAND PATH NAME MIMETYPE [PART]
"""

import contextlib
import email.utils
import importlib
import io
import json
import re
import resource
import sys
import types
import zipfile

# One entry of a file in parts, and all that are read of one.
ENTRY_BYTES = 64 << 20
TOTAL_BYTES = 192 << 20
ENTRY_COUNT = 20_000
# Text squeezes to a twentieth; what squeezes better than this hides something.
RATIO_MAX = 200
RATIO_FREE_BYTES = 4 << 20
TEXT_BYTES = 16 << 20
NESTED_BYTES = 32 << 20
NESTED_DEPTH = 3
PDF_PAGES = 5_000
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HIDDEN_HTML = ("script", "style", "head", "noscript", "template")
TEXTS = set("txt csv tsv md log json ini cfg sql py js css yaml yml ics vcf".split())  # noqa: SIM905
NEW_LINE = ("p", "h", "br", "tr", "row", "si", "c", "li", "line-break", "cr", "title")


class Refused(ValueError):
    """The file is built to exhaust who reads it."""


# ------------------------------------------------------------
# Files of several parts
# ------------------------------------------------------------


def check_zip(archive):
    """:raises Refused: when a zip holds too much, by what it says of itself"""
    entries = archive.infolist()
    if len(entries) > ENTRY_COUNT:
        raise Refused("too many entries")
    for entry in entries:
        packed = max(entry.compress_size, 1)
        if entry.file_size > RATIO_FREE_BYTES and entry.file_size / packed > RATIO_MAX:
            raise Refused("compressed too much")


class Budget:
    """How much of a zip may still be read: what entries say of their size may lie."""

    def __init__(self):
        self.left = TOTAL_BYTES

    def take(self, archive, name):
        """Return an entry's bytes; empty when the zip has no such entry."""
        try:
            entry = archive.getinfo(name)
        except KeyError:
            return b""
        limit = min(ENTRY_BYTES, self.left)
        with archive.open(entry) as content:
            data = content.read(limit + 1)
        if len(data) > limit:
            raise Refused("larger than allowed")
        self.left -= len(data)
        return data


def xml_text(data, wanted=None):
    """Yield the text of an XML part.

    :param wanted: local names of the elements that hold text, all without it
    """
    from lxml import etree

    events = etree.iterparse(
        io.BytesIO(data),
        events=("end",),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=True,
    )
    for _event, element in events:
        if not isinstance(element.tag, str):
            continue
        name = element.tag.rpartition("}")[2]
        if element.text and (wanted is None or name in wanted):
            yield element.text
        if name in NEW_LINE:
            yield "\n"
        elif name in ("tab", "s"):
            yield " "
        if wanted is None and element.tail:
            yield element.tail
        element.clear(keep_tail=False)


def odf_text(data):
    """Yield the text of an OpenDocument part in the order of reading."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True
    )
    root = etree.fromstring(data, parser)
    if root is None:
        return
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if not isinstance(element.tag, str):
            continue
        if event == "start":
            if element.text:
                yield element.text
        else:
            name = element.tag.rpartition("}")[2]
            if name in NEW_LINE:
                yield "\n"
            elif name in ("tab", "s", "table-cell"):
                yield " "
            if element.tail:
                yield element.tail


def office_text(content):
    """Yield the text of a file of Office, of OpenDocument, or the names in a zip."""
    try:
        archive = zipfile.ZipFile(content)
    except zipfile.BadZipFile:
        return
    with archive:
        check_zip(archive)
        budget = Budget()
        names = archive.namelist()
        known = set(names)
        if "word/document.xml" in known:
            parts = [
                name
                for name in names
                if re.fullmatch(
                    r"word/(document|header\d*|footer\d*|footnotes|endnotes|comments)"
                    r"\.xml",
                    name,
                )
            ]
            wanted = {"t"}
        elif "xl/workbook.xml" in known:
            parts = [n for n in names if n == "xl/sharedStrings.xml"]
            parts += [n for n in names if re.fullmatch(r"xl/comments\d*\.xml", n)]
            wanted = {"t"}
        elif "ppt/presentation.xml" in known:
            parts = sorted(
                (
                    name
                    for name in names
                    if re.fullmatch(r"ppt/(slides|notesSlides)/\w+\.xml", name)
                ),
                key=lambda name: [int(n) for n in re.findall(r"\d+", name)] or [0],
            )
            wanted = {"t"}
        elif "content.xml" in known:
            for name in ("content.xml", "styles.xml"):
                data = budget.take(archive, name)
                if data:
                    yield from odf_text(data)
                    yield "\n"
            return
        else:
            for name in names:
                yield name + "\n"
            return
        for name in parts:
            yield from xml_text(budget.take(archive, name), wanted)
            yield "\n"
        if "xl/workbook.xml" in known:
            for name in names:
                if re.fullmatch(r"xl/worksheets/\w+\.xml", name):
                    yield from sheet_values(budget.take(archive, name))
        for name in ("docProps/core.xml",):
            yield from xml_text(
                budget.take(archive, name),
                {"title", "subject", "keywords", "description"},
            )


def sheet_values(data):
    """Yield the numbers and texts that a sheet has in its cells themselves."""
    from lxml import etree

    for _event, cell in etree.iterparse(
        io.BytesIO(data),
        events=("end",),
        tag="{*}c",
        resolve_entities=False,
        no_network=True,
        recover=True,
    ):
        if cell.get("t") != "s":
            yield "".join(cell.itertext()) + " "
        cell.clear(keep_tail=False)
    yield "\n"


# ------------------------------------------------------------
# Other files
# ------------------------------------------------------------


def pdf_text(content):
    """Yield the text of a PDF page by page: what there is when time is up counts."""
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    try:
        for number in range(min(len(document), PDF_PAGES)):
            page = document[number]
            text = page.get_textpage()
            yield text.get_text_bounded().replace("\r\n", "\n") + "\n"
            text.close()
            page.close()
    finally:
        document.close()


def decode(data):
    """Decode the bytes of a text of which nobody says how it is written."""
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        # Cut in the middle of a letter is still UTF-8.
        if error.start > len(data) - 4:
            return data[: error.start].decode("utf-8", errors="ignore")
        return data.decode("cp1252", errors="replace")


def html_text(data):
    """Yield the text of a page, without its scripts."""
    from lxml import etree, html

    text = data if isinstance(data, str) else decode(data)
    # A declaration of the encoding is of the bytes, which are decoded already.
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    if not text.strip():
        return
    parser = html.HTMLParser(no_network=True, recover=True, huge_tree=False)
    root = html.document_fromstring(text, parser=parser)
    title = root.findtext(".//title")
    if title:
        yield title + "\n"
    for name in HIDDEN_HTML:
        for element in list(root.iter(name)):
            if element.getparent() is not None:
                element.drop_tree()
    for element in list(root.iter(etree.Comment)):
        if element.getparent() is not None:
            element.drop_tree()
    for piece in root.itertext():
        yield piece + " "


def rtf_text(data):
    """Yield the text of an RTF, without its formatting."""
    text = data.decode("latin-1")
    text = re.sub(
        r"\{\\(\*|fonttbl|colortbl|stylesheet|info|pict)[^{}]*"
        r"(\{[^{}]*\}[^{}]*)*\}",
        " ",
        text,
    )
    text = re.sub(
        r"\\'([0-9a-fA-F]{2})",
        lambda match: bytes([int(match.group(1), 16)]).decode("cp1252", "replace"),
        text,
    )
    text = re.sub(
        r"\\u(-?\d+)\s?\??",
        lambda match: chr(int(match.group(1)) % 65536),
        text,
    )
    text = re.sub(r"\\(par|line|tab|cell|row)\b ?", "\n", text)
    text = re.sub(r"\\[a-zA-Z]+-?\d* ?|[{}]|\\[^a-zA-Z]", "", text)
    yield text


def old_office_text(data):
    """Yield what can be read in the binary files of old versions of Office."""
    try:
        import xlrd

        book = xlrd.open_workbook(file_contents=data, on_demand=True)
        for sheet in book.sheets():
            for number in range(sheet.nrows):
                yield " ".join(str(v) for v in sheet.row_values(number) if v != "")
                yield "\n"
        return
    except Exception:  # no sheets: a text or slides
        data = data[:NESTED_BYTES]
    letters = rb"[\x20-\x7e\xa0-\xff\r\n\t]"
    for match in re.finditer(letters + rb"{12,}", data):
        yield match.group().decode("cp1252", "replace") + "\n"
    for match in re.finditer(rb"(?:" + letters + rb"\x00){8,}", data):
        yield match.group().decode("utf-16-le", "replace") + "\n"


# ------------------------------------------------------------
# E-mails
# ------------------------------------------------------------


def load_mail_tools(settings):
    """Return the readers of e-mails of the suite, without what they need of Odoo."""
    package = types.ModuleType("gck_correo_tools")
    package.__path__ = [settings["mail_tools"]]
    sys.modules[package.__name__] = package
    return (
        importlib.import_module("gck_correo_tools.correo"),
        importlib.import_module("gck_correo_tools.outlook"),
    )


def read_mail(data, settings):
    """Return an e-mail as ``EmailMessage``; None when the bytes are none."""
    correo, outlook = load_mail_tools(settings)
    if data.startswith(OLE_MAGIC):
        try:
            return outlook.read_msg(data)
        except outlook.MsgError:
            return None
    message = correo.read_email(data)
    if message is not None:
        correo.detach_nested(message)
    return message


def part_content(part):
    """Return the bytes of a part, whatever it says of its encoding."""
    return part.get_payload(decode=True) or b""


def part_text(part):
    """Return the text of a part, whatever it says of its charset."""
    data = part_content(part)
    try:
        return data.decode(part.get_content_charset() or "utf-8")
    except (LookupError, UnicodeDecodeError):
        return decode(data)


def mail_files(message):
    """Return the parts of an e-mail that are files."""
    bodies = {id(part) for part in mail_bodies(message)}
    return [
        part
        for part in message.walk()
        if not part.is_multipart()
        and id(part) not in bodies
        and (part.get_filename() or part.get_content_maintype() != "text")
    ]


def mail_bodies(message):
    """Return the parts of an e-mail that are its text: plain and HTML."""
    found = []
    for kind in ("plain", "html"):
        try:
            part = message.get_body(preferencelist=(kind,))
        except Exception:  # structures that the standard library does not expect
            part = None
        if part is None:
            part = next(
                (
                    part
                    for part in message.walk()
                    if part.get_content_type() == f"text/{kind}"
                    and not part.get_filename()
                ),
                None,
            )
        if part is not None and not part.is_multipart():
            found.append(part)
    return found


def header(message, name):
    """Return a header as text in one line."""
    try:
        return " ".join(str(message.get(name) or "").split())
    except Exception:  # the parser of the standard library has many ways to fail
        return ""


def mail_text(data, settings, depth):
    """Yield the headers and the text of an e-mail, then those of its files."""
    message = read_mail(data, settings)
    if message is None:
        return
    for name in ("Subject", "From", "To", "Cc", "Date"):
        yield header(message, name) + "\n"
    bodies = {
        part.get_content_subtype(): part_text(part) for part in mail_bodies(message)
    }
    if bodies.get("plain", "").strip():
        yield bodies["plain"] + "\n"
    elif bodies.get("html"):
        yield from html_text(bodies["html"])
    if depth >= NESTED_DEPTH:
        return
    for part in mail_files(message):
        name = part.get_filename() or ""
        yield f"\n{name}\n"
        content = part_content(part)
        if len(content) > NESTED_BYTES:
            continue
        try:
            yield from read_text(
                content, name, part.get_content_type(), settings, depth + 1
            )
        except Refused:
            continue
        except Exception:  # one damaged file does not hide the others
            continue


def clean(text):
    """Return a text that JSON and the database take."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")


def show_mail(data, settings):
    """Return what a screen shows of an e-mail, for JSON."""
    message = read_mail(data, settings)
    if message is None:
        return {"error": "unreadable"}
    date = None
    with contextlib.suppress(TypeError, ValueError):
        date = email.utils.parsedate_to_datetime(header(message, "Date"))
    bodies = {
        part.get_content_subtype(): clean(part_text(part))
        for part in mail_bodies(message)
    }
    files = []
    for number, part in enumerate(mail_files(message)):
        content = part_content(part)
        content_id = header(part, "Content-Id").strip("<> ") or header(
            part, "cid"
        ).strip("<> ")
        files.append(
            {
                "part": number,
                "name": clean(part.get_filename() or ""),
                "mimetype": part.get_content_type(),
                "size": len(content),
                "cid": clean(content_id),
            }
        )
    return {
        "subject": clean(header(message, "Subject")),
        "from": clean(header(message, "From")),
        "to": clean(header(message, "To")),
        "cc": clean(header(message, "Cc")),
        "date": date.isoformat() if date else "",
        "message_id": clean(header(message, "Message-Id")),
        "plain": bodies.get("plain", ""),
        "html": bodies.get("html", ""),
        "files": files,
    }


# ------------------------------------------------------------
# Commands
# ------------------------------------------------------------


def get_kind(name, mimetype, head):
    """Return how a file is to be read; its beginning weighs more than its name."""
    extension = name.lower().rpartition(".")[2] if "." in name else ""
    mimetype = (mimetype or "").partition(";")[0].strip().lower()
    if head.startswith(b"%PDF") or b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "office"
    if head.startswith(OLE_MAGIC):
        if extension == "msg" or mimetype == "application/vnd.ms-outlook":
            return "mail"
        return "old_office"
    if head.startswith(b"{\\rtf"):
        return "rtf"
    if extension == "eml" or mimetype == "message/rfc822":
        return "mail"
    if extension in ("html", "htm", "xhtml") or mimetype in (
        "text/html",
        "application/xhtml+xml",
    ):
        return "html"
    if extension in ("xml", "svg", "fodt", "fods", "fodp") or mimetype.endswith("xml"):
        return "xml"
    if mimetype.startswith("text/") or extension in TEXTS:
        return "text"
    return ""


def read_text(source, name, mimetype, settings, depth=0):
    """Yield the text of a file.

    :param source: its path, or its bytes
    """
    is_path = isinstance(source, str)
    if is_path:
        with open(source, "rb") as content:
            head = content.read(1024)
    else:
        head = source[:1024]
    kind = get_kind(name, mimetype, head)

    def load(limit):
        if not is_path:
            return source[:limit]
        with open(source, "rb") as content:
            return content.read(limit)

    if kind == "pdf":
        yield from pdf_text(source)
    elif kind == "office":
        yield from office_text(source if is_path else io.BytesIO(source))
    elif kind == "mail":
        yield from mail_text(load(TOTAL_BYTES), settings, depth)
    elif kind == "old_office":
        yield from old_office_text(load(ENTRY_BYTES))
    elif kind == "rtf":
        yield from rtf_text(load(TEXT_BYTES))
    elif kind == "html":
        yield from html_text(load(TEXT_BYTES))
    elif kind == "xml":
        yield from odf_text(load(TEXT_BYTES))
    elif kind == "text":
        yield decode(load(TEXT_BYTES))


def set_limits(settings):
    """Bound what this process may take, before it opens anything."""
    for kind, value in (
        (resource.RLIMIT_CPU, settings["cpu"]),
        (resource.RLIMIT_AS, settings["memory"]),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (value, value))


def main(arguments):
    """Do one command and write its result."""
    settings = json.loads(arguments[0])
    sys.path[:] = settings["path"]
    set_limits(settings)
    command, path, name, mimetype = arguments[1:5]
    out = sys.stdout.buffer
    if command == "text":
        for piece in read_text(path, name, mimetype, settings):
            if piece:
                out.write(clean(piece).encode())
                out.flush()
        return 0
    with open(path, "rb") as content:
        data = content.read(TOTAL_BYTES)
    if command == "mail":
        out.write(json.dumps(show_mail(data, settings)).encode())
        return 0
    message = read_mail(data, settings)
    files = mail_files(message) if message is not None else []
    number = int(arguments[5])
    if number >= len(files):
        return 3
    out.write(part_content(files[number]))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Refused:
        sys.exit(4)
    except MemoryError:
        sys.exit(5)
