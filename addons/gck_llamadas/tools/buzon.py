"""Reading of the mails in which telephone exchanges send voice messages (O-48).

Asterisk, FreePBX, 3CX and the mailboxes of operators, in English and Spanish. Nothing
here knows of Odoo; numbers are judged by the caller.
"""

import re

from odoo.addons.gck_avisos.tools import correo

from . import audio

# What is written before the number in texts where other numbers may stand too.
_FROM = (
    r"(?:\bfrom|\bde(?:sde|l)?|\bcaller(?:[ -]?id)?|\bllamante|\bn[uú]mero|\bnumber)"
)
# Ahead, so that of «de voz de 976…» the second is found too.
FROM_LINE = re.compile(_FROM + r"\b\s*:?\s*(?=(?P<rest>[^\n]{0,120}))", re.IGNORECASE)
# A header that an exchange adds to say who called.
NUMBER_HEADER = re.compile(
    r"^x-(?!.*name).*(caller|calling|callerid|cid[-_]?num)|^x-cid$", re.IGNORECASE
)
NAME_HEADER = re.compile(r"^x-.*(caller|cid).*name$", re.IGNORECASE)
DURATION_HEADER = re.compile(r"^x-.*duration$", re.IGNORECASE)
# «Juan Gil» <976123456>, Juan Gil (976 123 456)
NAMED_NUMBER = re.compile(
    r"[\"«“']?(?P<name>[^\W\d][^\n<>()\"«»“”]{1,60}?)[\"»”']?\s*[<(]\s*\+?\d[\d\s.-]{1,18}[>)]"
)
HIDDEN = re.compile(
    r"\b(an[oó]nim[oa]|anonymous|ocult[oa]|withheld|restricted|private caller"
    r"|n[uú]mero privado|desconocid[oa]|unknown)\b",
    re.IGNORECASE,
)
EXTENSION = re.compile(r"^\W*(?:ext(?:ensi[oó]n)?\.?\s*)?(\d{2,6})(?![\d:])\W*", re.I)
# 0:35, 00:00:35
_CLOCK = r"(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)"
DURATIONS = (
    re.compile(r"\(\s*" + _CLOCK + r"\s*\)"),
    re.compile(
        r"(?:duraci[oó]n|duration|length|longitud|dura)\b\W{0,3}(?:de\s+)?" + _CLOCK,
        re.IGNORECASE,
    ),
    re.compile(
        r"\b" + _CLOCK + r"\s*(?:long|minut|seconds?|segundos|min\b)", re.IGNORECASE
    ),
)
SPOKEN = re.compile(
    r"\b(?:(\d{1,3})\s*(?:min(?:utos?|utes?)?\.?|m|')\s*(?:y|and)?\s*)?"
    r"(\d{1,4})\s*(?:seconds?|segundos?|secs?|segs?|s\b|'')",
    re.IGNORECASE,
)
SUBJECT_MAX = 300
BODY_MAX = 4000
NAME_MAX = 80


def read(message):
    """Read what a mail says of a voice message.

    :param message: an ``EmailMessage``
    :return: a dict of what is known: ``numbers``, the likeliest first, as written;
        ``name`` of the caller; ``extension`` that left it; ``seconds`` that it lasts;
        ``hidden`` when the mail says that the number is
    """
    subject = " ".join(str(message.get("Subject") or "").split())[:SUBJECT_MAX]
    display, _sep, address = str(message.get("From") or "").rpartition("<")
    local = address.partition("@")[0]
    headers = [(name, str(value).strip()) for name, value in message.items()]
    named = [value for name, value in headers if NUMBER_HEADER.match(name)]
    body = _body(message)
    body_callers = [match["rest"] for match in FROM_LINE.finditer(body)]
    files = list(_files(message))
    numbers = [
        number
        for text in (*named, subject, display, local, *body_callers, *_names(files))
        for number in correo.phone_candidates(text)
    ]
    callers = [match["rest"] for match in FROM_LINE.finditer(subject)]
    return {
        "numbers": list(dict.fromkeys(numbers)),
        "name": _caller_name(headers, subject, display, *body_callers),
        "extension": _extension(*named, *callers),
        "seconds": _seconds(headers, subject, body) or _recorded_seconds(files),
        "hidden": any(HIDDEN.search(text) for text in (*named, subject, display)),
    }


def _body(message):
    """Return the beginning of the text of a mail, without tags."""
    try:
        part = message.get_body(preferencelist=("plain", "html"))
        text = part.get_content() if part else ""
    except Exception:
        # What is broken in the text says nothing of the call.
        return ""
    if not isinstance(text, str):
        return ""
    text = text[: BODY_MAX * 4]
    if part.get_content_subtype() == "html":
        text = re.sub(r"(?is)<(style|script|head)\b.*?</\1>", " ", text)
        text = re.sub(r"(?i)<(br|/p|/tr|/div|/li)\b[^>]*>", "\n", text)
        text = re.sub(r"<[^>]*>", " ", text).replace("&nbsp;", " ")
    return text[:BODY_MAX]


def _files(message):
    """Yield the parts of a mail that are sounds."""
    for part in message.walk():
        if not part.is_multipart() and part.get_content_maintype() != "text":
            yield part


def _names(files):
    return [part.get_filename() or "" for part in files]


def _recorded_seconds(files):
    for part in files:
        seconds = audio.wav_seconds(part.get_payload(decode=True) or b"")
        if seconds:
            return seconds
    return 0


def _caller_name(headers, *texts):
    for name, value in headers:
        if NAME_HEADER.match(name) and re.search(r"[^\W\d]", value):
            return None if HIDDEN.search(value) else value.strip('" ')[:NAME_MAX]
    for text in texts:
        match = NAMED_NUMBER.search(text)
        if match:
            # «New voicemail message from Juan Gil»
            name = re.split(_FROM + r"\b", match["name"], flags=re.IGNORECASE)[-1]
            name = name.strip(" \t:\"'-")
            if len(name) > 1 and not HIDDEN.search(name):
                return name[:NAME_MAX]
    return None


def _extension(*texts):
    for text in texts:
        match = EXTENSION.match(text)
        if match and not SPOKEN.match(text.lstrip()):
            return match[1]
    return None


def _seconds(headers, *texts):
    for name, value in headers:
        if DURATION_HEADER.match(name):
            if value.isdecimal() and len(value) < 6:
                return min(int(value), audio.DURATION_MAX)
            texts = (f"({value})", *texts)
    for text in texts:
        for pattern in DURATIONS:
            match = pattern.search(text)
            if match:
                hours, minutes, seconds = (int(part or 0) for part in match.groups())
                total = hours * 3600 + minutes * 60 + seconds
                return min(total, audio.DURATION_MAX)
        match = SPOKEN.search(text)
        if match:
            minutes, seconds = (int(part or 0) for part in match.groups())
            return min(minutes * 60 + seconds, audio.DURATION_MAX)
    return 0
