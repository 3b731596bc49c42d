"""Reading of Outlook's ``.msg`` files into e-mails.

The result is an ``email.message.EmailMessage``, so that one path makes notices of
both. Only what python-oxmsg (MIT) reads of the file is used; what it leaves out (text
kept as RTF, mails attached to the mail) is read here from the properties.
"""

import email.policy
import email.utils
import mimetypes
from email.message import EmailMessage

from oxmsg import Message
from oxmsg.domain import constants as c
from oxmsg.properties import Properties

from . import correo, rtf

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Properties of [MS-OXPROPS] that python-oxmsg does not name.
PID_RTF_COMPRESSED = 0x1009
PID_INTERNET_MESSAGE_ID = 0x1035
PID_IN_REPLY_TO = 0x1042
PID_DELIVERY_TIME = 0x0E06
PID_CREATION_TIME = 0x3007
PID_ATTACH_FILENAME = 0x3704
PID_ATTACH_CONTENT_ID = 0x3712
PID_DISPLAY_NAME = 0x3001
PID_SENT_REPRESENTING_SMTP = 0x5D02
PID_RECIPIENT_TYPE = 0x0C15
RECIPIENT_HEADERS = {1: "To", 2: "Cc"}
EMBEDDED_STORAGE = "__substg1.0_3701000D"
# What precedes the properties of a message inside another: 8 bytes less than outside.
EMBEDDED_HEADER = 24
MAX_DEPTH = 5


class MsgError(ValueError):
    """The bytes cannot be read as an Outlook message."""


def is_ole(content):
    """Tell whether some bytes begin as Outlook's files do."""
    return content[:8] == OLE_MAGIC


def read_msg(content):
    """Read a ``.msg`` file.

    :param bytes content: the file
    :return: an ``EmailMessage`` with its attachments, mended
    :raises MsgError: when it is no Outlook message, or a damaged one
    """
    if not is_ole(content):
        raise MsgError("not an OLE file")
    try:
        source = Message.load(content)
        if not source.message_class and not source.subject and not source.sender:
            raise MsgError("no message inside")
        message = _convert(source)
    except MsgError:
        raise
    except Exception as error:
        # The libraries below fail in as many ways as a file can be damaged.
        raise MsgError(str(error) or type(error).__name__) from error
    return correo.mend(message)


def _convert(source, depth=0):
    message = EmailMessage(policy=email.policy.SMTP)
    for name, value in _get_headers(source):
        _add_header(message, name, value)
    plain, rich = _get_bodies(source)
    message.set_content(plain or "")
    if rich:
        message.add_alternative(rich, subtype="html")
    for attachment in source.attachments:
        _add_attachment(message, attachment, depth)
    return message


def _get_text(source, pid):
    try:
        return source.properties.str_prop_value(pid) or ""
    except (KeyError, UnicodeDecodeError, LookupError):
        return ""


def _get_date(source):
    for pid in (c.PID_CLIENT_SUBMIT_TIME, PID_DELIVERY_TIME, PID_CREATION_TIME):
        try:
            moment = source.properties.date_prop_value(pid)
        except (KeyError, AttributeError, OverflowError, ValueError):
            continue
        if moment:
            return email.utils.format_datetime(moment)
    return ""


def _get_headers(source):
    """Yield the headers: those of the transport, else made of the properties."""
    transport = {
        name.lower(): str(value)
        for name, value in source.message_headers.items()
        if value
    }
    name = _get_text(source, c.PID_SENDER_NAME)
    address = (
        _get_text(source, c.PID_SENDER_SMTP_ADDRESS)
        or _get_text(source, PID_SENT_REPRESENTING_SMTP)
        or _get_text(source, c.PID_SENDER_EMAIL_ADDRESS)
    )
    # Exchange keeps X.500 names of colleagues there: no address.
    sender = email.utils.formataddr((name, address if "@" in address else ""))
    yield "From", transport.get("from") or sender or name
    recipients = {"To": [], "Cc": []}
    for recipient in source.recipients:
        kind = recipient.properties.int_prop_value(PID_RECIPIENT_TYPE)
        if "@" in recipient.email_address and kind in RECIPIENT_HEADERS:
            recipients[RECIPIENT_HEADERS[kind]].append(
                email.utils.formataddr((recipient.name, recipient.email_address))
            )
    for header, addresses in recipients.items():
        yield header, transport.get(header.lower()) or ", ".join(addresses)
    yield "Subject", source.subject or transport.get("subject")
    yield "Date", transport.get("date") or _get_date(source)
    message_id = _get_text(source, PID_INTERNET_MESSAGE_ID)
    yield "Message-Id", transport.get("message-id") or message_id
    in_reply_to = _get_text(source, PID_IN_REPLY_TO)
    yield "In-Reply-To", transport.get("in-reply-to") or in_reply_to
    yield "References", transport.get("references")


def _add_header(message, name, value):
    value = correo.scrub(" ".join((value or "").split()))
    if not value:
        return
    try:
        message[name] = value
    except Exception:  # a header that the parser cannot take is kept as it is
        message.set_raw(name, value)


def _get_bodies(source):
    """Return the plain text and the HTML of a message, either may be empty."""
    plain = _get_text(source, c.PID_BODY)
    rich = ""
    try:
        rich = source.html_body or ""
    except (UnicodeDecodeError, LookupError, KeyError):
        data = source.properties.binary_prop_value(c.PID_HTML)
        rich = correo.decode_guess(data) if data else ""
    if not rich:
        compressed = _get_binary(source, PID_RTF_COMPRESSED)
        if compressed:
            try:
                rich = rtf.to_html(rtf.decompress(compressed))
            except ValueError:
                rich = ""
    return correo.scrub(plain), correo.scrub(rich)


def _get_binary(source, pid):
    try:
        return source.properties.binary_prop_value(pid)
    except KeyError:
        return None


def _add_attachment(message, attachment, depth):
    title = (
        _get_text(attachment, c.PID_ATTACH_LONG_FILENAME)
        or _get_text(attachment, PID_ATTACH_FILENAME)
        or _get_text(attachment, PID_DISPLAY_NAME)
    )
    nested = [s for s in attachment._storage.storages if s.name == EMBEDDED_STORAGE]
    if nested:
        if depth < MAX_DEPTH:
            inner = _convert(_EmbeddedMessage(nested[0]), depth + 1)
            title = title.removesuffix(".msg") or str(inner.get("Subject") or "")
            _attach(
                message, correo.as_bytes(inner), correo.file_name(title, "eml"), None
            )
        return
    content = _get_binary(attachment, c.PID_ATTACH_DATA_BINARY)
    if content is None:
        return
    stem, dot, extension = title.rpartition(".")
    name = correo.file_name(stem, extension, "file") if dot else title or "file.bin"
    _attach(message, content, name, _get_text(attachment, PID_ATTACH_CONTENT_ID))


def _attach(message, content, name, content_id):
    mime, _encoding = mimetypes.guess_type(name)
    maintype, _slash, subtype = (mime or "application/octet-stream").partition("/")
    if maintype in ("message", "multipart", "text"):
        maintype, subtype = "application", "octet-stream"
    extra = {"cid": f"<{content_id.strip('<>')}>"} if content_id else {}
    message.add_attachment(
        content, maintype=maintype, subtype=subtype, filename=name, **extra
    )


class _EmbeddedMessage(Message):
    """A message that is attached to another, kept inside the same file."""

    @property
    def properties(self):
        if not hasattr(self, "_embedded_properties"):
            self._embedded_properties = Properties(
                self._storage, properties_header_offset=EMBEDDED_HEADER
            )
        return self._embedded_properties
