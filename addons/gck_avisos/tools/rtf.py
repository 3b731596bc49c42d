"""Reading of the compressed RTF in which Outlook keeps the text of some mails.

``decompress`` follows [MS-OXRTFCP], ``to_html`` the encapsulation of [MS-OXRTFEX].
Both are tolerant: a damaged text gives what could be read of it.
"""

import html
import re
import struct

# [MS-OXRTFCP] 2.1.3.1.1: what the dictionary holds before the first byte is read.
PREBUF = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}"
    b"{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbol"
    b"ArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n"
    b"\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
DICTIONARY_SIZE = 4096
COMPRESSED = b"LZFu"
UNCOMPRESSED = b"MELA"
# More than any mail has: a damaged header must not ask for gigabytes.
MAX_SIZE = 64 * 1024 * 1024

TOKEN = re.compile(
    rb"\\'([0-9a-fA-F]{2})"  # 1: a byte of the code page
    rb"|\\([a-zA-Z]{1,32})(-?\d{1,10})? ?"  # 2, 3: a control word
    rb"|\\([^a-zA-Z])"  # 4: a control symbol
    rb"|([{}])"  # 5: a group
    rb"|[\r\n]+"
    rb"|([^\\{}\r\n]+)",  # 6: text
)
# Groups whose text is no text of the document.
DESTINATIONS = frozenset(
    b"fonttbl colortbl stylesheet info pict object themedata colorschememapping"
    b" datastore latentstyles listtable listoverridetable rsidtbl generator header"
    b" footer headerl headerr footerl footerr xmlnstbl mmathPr filetbl revtbl"
    b" pntext pntxta pntxtb fldinst".split()
)
BREAKS = {b"par": "\n", b"line": "\n", b"sect": "\n", b"page": "\n", b"tab": "\t"}
SYMBOLS = {
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
    b"bullet": "•",
    b"endash": "–",
    b"emdash": "—",
}
CHARSETS = {
    0: "cp1252",
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    134: "gb2312",
    136: "big5",
    161: "cp1253",
    162: "cp1254",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    238: "cp1250",
}


def decompress(data):
    """Return the RTF that a compressed RTF holds.

    :param bytes data: the value of the property PidTagRtfCompressed
    :raises ValueError: when it is no compressed RTF
    """
    if len(data) < 16:
        raise ValueError("not a compressed RTF")
    _compressed_size, raw_size, kind, _crc = struct.unpack("<II4sI", data[:16])
    if kind == UNCOMPRESSED:
        return data[16 : 16 + min(raw_size, MAX_SIZE)]
    if kind != COMPRESSED:
        raise ValueError("not a compressed RTF")
    return _decompress(data, min(raw_size, MAX_SIZE))


def _decompress(data, raw_size):
    dictionary = bytearray(DICTIONARY_SIZE)
    dictionary[: len(PREBUF)] = PREBUF
    end = len(PREBUF)
    output = bytearray()
    position = 16
    while position < len(data) and len(output) < raw_size:
        control = data[position]
        position += 1
        for bit in range(8):
            if control >> bit & 1:
                if position + 1 >= len(data):
                    return bytes(output)
                reference = data[position] << 8 | data[position + 1]
                position += 2
                start, length = reference >> 4, (reference & 0xF) + 2
                if start == end:  # the mark of the end
                    return bytes(output)
                piece = start, length
            else:
                if position >= len(data):
                    return bytes(output)
                dictionary[end] = data[position]
                piece = end, 1
                position += 1
            start, length = piece
            for offset in range(length):
                byte = dictionary[(start + offset) % DICTIONARY_SIZE]
                output.append(byte)
                dictionary[end] = byte
                end = (end + 1) % DICTIONARY_SIZE
    return bytes(output)


def to_html(rtf):
    """Return the HTML of an RTF: the one that it encapsulates, else its text.

    :param bytes rtf: as ``decompress`` returns it
    :return: HTML from outside, not sanitised
    """
    reader = _Reader(rtf)
    text = reader.parse()
    if reader.encapsulates == "html":
        return text
    paragraphs = text.strip("\n").split("\n")
    return "".join(f"<p>{html.escape(line) or '<br/>'}</p>" for line in paragraphs)


class _Reader:
    """One pass over an RTF, with the state that groups push and pop."""

    def __init__(self, rtf):
        self.rtf = rtf
        self.encapsulates = self._find_encapsulation()
        self.codepage = "cp1252"
        self.fonts = {}
        self.output = []
        self.bytes = bytearray()
        self.high_surrogate = None
        self.stack = []
        # What a group inherits: skipped, inside HTML tag, suppressed RTF, font, uc.
        self.skip = False
        self.in_tag = False
        self.suppress = False
        self.font = None
        self.unicode_skip = 1
        self.to_skip = 0
        self.starred = False
        self.group_start = False
        self.in_fonts = False

    def _find_encapsulation(self):
        head = self.rtf[:2000]
        if b"\\fromhtml" in head:
            return "html"
        return "text" if b"\\fromtext" in head else None

    def parse(self):
        for match in TOKEN.finditer(self.rtf):
            byte, word, number, symbol, brace, text = match.groups()
            if brace == b"{":
                self._push()
            elif brace == b"}":
                self._pop()
            elif word:
                self._word(word, int(number) if number else None)
            elif symbol:
                self._symbol(symbol)
            elif byte:
                self._bytes(bytes([int(byte, 16)]))
            elif text:
                self._bytes(text)
            self.group_start = brace == b"{"
        self._flush()
        return "".join(self.output)

    def _push(self):
        self._flush()
        self.stack.append(
            (self.skip, self.in_tag, self.suppress, self.font, self.unicode_skip,
             self.in_fonts)
        )  # fmt: skip
        self.starred = False

    def _pop(self):
        self._flush()
        if self.stack:
            (self.skip, self.in_tag, self.suppress, self.font, self.unicode_skip,
             self.in_fonts) = self.stack.pop()  # fmt: skip
        self.starred = False

    @property
    def silent(self):
        """Whether what is read now belongs to no text."""
        if self.skip:
            return True
        return self.encapsulates == "html" and self.suppress and not self.in_tag

    def _charset(self):
        return self.fonts.get(self.font) or self.codepage

    def _flush(self):
        if self.bytes:
            try:
                text = self.bytes.decode(self._charset(), errors="replace")
            except LookupError:
                text = self.bytes.decode("cp1252", errors="replace")
            self.output.append(text)
            self.bytes.clear()

    def _write(self, text):
        if not self.silent:
            self._flush()
            self.output.append(text)

    def _bytes(self, content):
        while self.to_skip and content:
            self.to_skip -= 1
            content = content[1:]
        if content and not self.silent:
            self.bytes += content

    def _symbol(self, symbol):
        if symbol == b"*":
            self.starred = True
        elif symbol in (b"\\", b"{", b"}"):
            self._bytes(symbol)
        elif symbol == b"~":
            self._write("&nbsp;" if self.encapsulates == "html" else "\xa0")
        elif symbol == b"_":
            self._write("‑")
        elif symbol in (b"\n", b"\r"):
            self._word(b"par", None)

    def _word(self, word, number):
        if word == b"htmltag" and self.starred:
            self._flush()
            self.in_tag = True
        elif word == b"mhtmltag" and self.starred:
            self.skip = True
        elif word in DESTINATIONS or (self.starred and not self.in_tag):
            if word == b"fonttbl":
                self.in_fonts = True
            self.skip = True
        elif word == b"htmlrtf":
            self._flush()
            self.suppress = number != 0
        elif word == b"u" and number is not None:
            self._unicode(number)
        elif word in BREAKS:
            self._break(word)
        elif word in SYMBOLS:
            self._write(SYMBOLS[word])
        else:
            self._setting(word, number)
        self.starred = False

    def _setting(self, word, number):
        if word == b"ansicpg" and number:
            self.codepage = f"cp{number}" if number != 65001 else "utf-8"
        elif word == b"uc" and number is not None:
            self.unicode_skip = max(0, min(number, 8))
        elif word == b"f" and number is not None:
            self._flush()
            self.font = number
        elif word == b"fcharset" and self.in_fonts and number in CHARSETS:
            # 0 is the code page of the document, whatever it is.
            self.fonts[self.font] = CHARSETS[number] if number else None
        elif word in (b"pard", b"plain") and not self.in_fonts:
            self._flush()
            self.font = None

    def _break(self, word):
        text = BREAKS[word]
        if self.encapsulates == "html" and text == "\n":
            text = "\r\n"
        self._write(text)

    def _unicode(self, number):
        """Write a UTF-16 unit and leave out the bytes that stand for it."""
        unit = number % 0x10000
        self.to_skip = self.unicode_skip
        if 0xD800 <= unit < 0xDC00:
            self.high_surrogate = unit
            return
        if 0xDC00 <= unit < 0xE000:
            if self.high_surrogate is None:
                return
            point = 0x10000 + (self.high_surrogate - 0xD800) * 0x400 + unit - 0xDC00
            self.high_surrogate = None
            self._write(chr(point))
            return
        self.high_surrogate = None
        self._write(chr(unit))
