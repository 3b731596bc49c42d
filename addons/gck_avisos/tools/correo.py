"""Reading of e-mails as they really arrive, with what is broken in them mended.

Nothing here knows of Odoo: these are functions on ``email.message.EmailMessage``.
"""

import codecs
import email
import email.policy
import hashlib
import re

# Subjects that out-of-office assistants give themselves, for those that say it in no
# header. Only looked at in mails that answer another.
AUTO_SUBJECT = re.compile(
    r"^\s*(auto(matic|matische)?[\s-]*(reply|response|antwort)"
    r"|out of (the )?office|respuesta autom[aá]tica|fuera de (la )?oficina"
    r"|resposta autom[aà]tica|r[eé]ponse automatique|absence du bureau"
    r"|risposta automatica|abwesenheit)",
    re.IGNORECASE,
)
# Headers that only programs that answer by themselves set.
AUTO_REPLY_HEADERS = (
    "X-Autoreply",
    "X-Autorespond",
    "X-Autoresponder",
    "X-Autoreply-From",
    "X-Mail-Autoreply",
)
NO_REPLY = re.compile(
    r"^(no|do[-_.]?not|not)[-_.]?(reply|responder|contestar)|^mailer-daemon|^postmaster",
    re.IGNORECASE,
)
EMAIL_HEADERS = ("From", "To", "Subject", "Date", "Message-Id", "Received")
SURROGATES = re.compile("[\ud800-\udfff]")
FILE_NAME_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
# A number as people and fax gateways write it; validity is judged by the caller.
PHONE_MIN_DIGITS = 7
PHONE_LIKE = re.compile(r"(?<![\w.])(?:\+|00)?\d[\d\s().-]{5,20}\d(?!\w)")


def read_email(content):
    """Parse the bytes of an e-mail and mend it.

    :param bytes content: the mail as it was received or saved
    :return: an ``EmailMessage``; None when the bytes are no e-mail
    """
    message = email.message_from_bytes(content, policy=email.policy.SMTP)
    if not any(message.get(name) for name in EMAIL_HEADERS):
        return None
    return mend(message)


def mend(message):
    """Repair in place what would make Odoo lose or refuse a mail.

    Headers with bytes that no encoding declares, text in unknown or false charsets.

    :return: the same message
    """
    for part in message.walk():
        _mend_headers(part)
        if part.get_content_maintype() == "text" and not part.is_multipart():
            _mend_charset(part)
    return message


def decode_guess(content):
    """Decode bytes of which nobody said how: UTF-8 if they are, else Western."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def scrub(text):
    """Return a text that the database takes: no lone surrogates, no NUL."""
    if SURROGATES.search(text):
        text = decode_guess(text.encode("utf-8", "surrogateescape"))
    return text.replace("\x00", "")


def _mend_headers(part):
    items = list(part.raw_items())
    mended = []
    for name, value in items:
        text = str(value)
        if SURROGATES.search(text):
            text = decode_guess(text.encode("utf-8", "surrogateescape"))
        mended.append((name, text if text != str(value) else value))
    if mended != items:
        _set_headers(part, mended)
    for name in {name.lower() for name, _value in mended}:
        try:
            part.get_all(name)
        except Exception:  # the parser of the standard library has many ways to fail
            text = " ".join(str(value) for key, value in mended if key.lower() == name)
            mended = [(key, value) for key, value in mended if key.lower() != name]
            mended.append((f"X-Broken-{name}", re.sub(r"[^\w@.,;:/ -]+", " ", text)))
            _set_headers(part, mended)


def _set_headers(part, items):
    for name in {name for name, _value in items} | set(part.keys()):
        del part[name]
    for name, value in items:
        part.set_raw(name, value)


def _mend_charset(part):
    content = part.get_payload(decode=True) or b""
    charset = part.get_content_charset()
    try:
        if charset:
            codecs.lookup(charset)
            content.decode(charset)
            return
        if not content.isascii():
            charset = "utf-8"
            content.decode(charset)
    except (LookupError, UnicodeDecodeError, ValueError):
        charset = None
    if charset is None and content.isascii():
        charset = "us-ascii"
    if charset is None:
        try:
            content.decode("utf-8")
            charset = "utf-8"
        except UnicodeDecodeError:
            charset = "cp1252"
    part.set_param("charset", charset)


def detach_nested(message):
    """Turn the mails that are attached to a mail into files ``.eml``, in place.

    Odoo would otherwise mix their texts with that of the mail.
    """
    if message.get_content_type() == "multipart/report":
        return
    for part in _outer_parts(message):
        if part is message or part.get_content_type() != "message/rfc822":
            continue
        payload = part.get_payload()
        inner = payload[0] if isinstance(payload, list) and payload else None
        if inner is None:
            continue
        name = part.get_filename() or file_name(inner.get("Subject"), "eml")
        content = as_bytes(inner)
        for header in list(part.keys()):
            del part[header]
        part.set_content(
            content, maintype="application", subtype="octet-stream", filename=name
        )


def _outer_parts(message):
    """Yield the parts of a mail, not those of the mails attached to it."""
    yield message
    if message.get_content_maintype() == "multipart" and message.is_multipart():
        for part in message.get_payload():
            yield from _outer_parts(part)


def as_bytes(message):
    """Return the bytes of a mail, also of one that cannot be written by the book."""
    try:
        return message.as_bytes()
    except Exception:
        # Headers that the strict policy cannot fold.
        policy = email.policy.compat32
        try:
            return message.as_bytes(policy=policy)
        except Exception:
            return decode_guess(str(message.get_payload()).encode("utf-8")).encode()


def file_name(title, extension, default="mail"):
    """Return a file name made of a title."""
    title = FILE_NAME_UNSAFE.sub(" ", scrub(str(title or ""))).strip(" .")[:80]
    return f"{title or default}.{extension}"


def content_message_id(content):
    """Return the Message-Id of a saved mail that has none: the same bytes, the same."""
    return f"<{hashlib.sha256(content).hexdigest()[:40]}@gck.import>"


def _header(message, name):
    return str(message.get(name) or "").strip().lower()


def is_automatic_reply(message):
    """Tell whether a mail was written by a program in answer to another.

    What a program sends of its own accord (a fax gateway, an alarm, a web shop) is
    marked ``auto-generated`` as well, but answers nothing: that is somebody's notice.
    """
    # It may carry parameters and comments: «auto-replied; owner-email=…».
    submitted = re.split(r"[;\s(]", _header(message, "Auto-Submitted"))[0]
    if submitted in ("auto-replied", "auto-notified"):
        return True
    if any(message.get(name) for name in AUTO_REPLY_HEADERS):
        return True
    if _header(message, "Precedence") in ("auto_reply", "auto-reply"):
        return True
    answers = bool(_header(message, "In-Reply-To") or _header(message, "References"))
    if submitted and submitted != "no":
        return answers
    # Old programs for absences mark their replies as bulk, and may name no mail.
    answers = answers or _header(message, "Precedence") in ("bulk", "junk")
    return answers and bool(AUTO_SUBJECT.match(str(message.get("Subject") or "")))


def may_acknowledge(message):
    """Tell whether an automatic acknowledgement of a mail could do no harm.

    None goes to programs, to lists nor to who mails in bulk, whatever they write about.
    """
    submitted = _header(message, "Auto-Submitted")
    if submitted and submitted != "no":
        return False
    if _header(message, "Precedence") or message.get("List-Id"):
        return False
    if message.get("List-Unsubscribe") or message.get("X-Auto-Response-Suppress"):
        return False
    if _header(message, "Return-Path") == "<>":
        return False
    sender = _header(message, "From").rpartition("<")[2].strip("<> ")
    return "@" in sender and not NO_REPLY.match(sender)


def phone_candidates(*texts):
    """Yield what looks like a phone number in some texts, international ones first.

    :param texts: subject, sender, file names…; empty ones are skipped
    """
    found = [
        number
        for text in filter(None, texts)
        # File names join words with what does not separate them for a pattern.
        for match in PHONE_LIKE.finditer(text.replace("_", " ; "))
        for number in _spans(match.group())
    ]
    yield from sorted(found, key=lambda number: not number.startswith(("+", "00")))


def _spans(text):
    """Yield the runs of words of a text that are long enough, the longest first.

    «600 123 456 (2» is a number and the count of its pages.
    """
    words = [(match.start(), match.end()) for match in re.finditer(r"[^\s()]+", text)]
    for length in range(len(words), 0, -1):
        for first in range(len(words) - length + 1):
            span = text[words[first][0] : words[first + length - 1][1]].strip(" .-")
            if sum(character.isdigit() for character in span) >= PHONE_MIN_DIGITS:
                yield span
