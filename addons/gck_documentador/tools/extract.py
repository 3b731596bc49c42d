"""Text and e-mails out of files from outside, read in a bounded process of its own.

A PDF of ten thousand pages, a zip that unfolds into gigabytes or a damaged e-mail end
that process, never the server: it has a limit of processor time, of memory, of time on
the clock and of what it may answer.
"""

import contextlib
import json
import os
import select
import subprocess
import sys
import tempfile
import time
from typing import NamedTuple

from odoo.addons.gck_avisos import tools as mail_tools

from .lector import decode  # noqa: F401

READER = os.path.join(os.path.dirname(__file__), "lector.py")
MAIL_TOOLS = os.path.dirname(mail_tools.__file__)
CPU_SECONDS = 20
WALL_SECONDS = 40
MEMORY_BYTES = 1536 << 20
# What is worth finding again: some 500 pages.
TEXT_CHARS = 1_000_000
MAIL_BYTES = 24 << 20
PART_BYTES = 256 << 20
CHUNK = 1 << 16
# How the reader ends when the file is built to exhaust it.
REFUSED = 4


class Extraction(NamedTuple):
    """What was read of a file, and whether that is all of it."""

    data: bytes
    #: "done", "cut" (limit of output), "timeout", "refused" or "failed"
    status: str


def extract_text(source, filename, mimetype="", **limits):
    """Return the text of a file, empty when it has none or cannot be read.

    :param source: its path, or its bytes
    :param str filename: its name, whose extension tells more than nothing
    :param str mimetype: what it is said to be
    :param limits: ``cpu``, ``wall`` (seconds), ``memory`` (bytes), ``chars``
    """
    return extract(source, filename, mimetype, **limits)[0]


def extract(source, filename, mimetype="", chars=TEXT_CHARS, **limits):
    """Return the text of a file and how its reading ended.

    :return: the text, and a status as of :class:`Extraction`
    """
    result = run_reader(
        "text", source, filename, mimetype, max_bytes=chars * 2, **limits
    )
    text = result.data.decode("utf-8", errors="ignore").replace("\x00", "")
    status = "cut" if len(text) > chars else result.status
    return text[:chars].strip(), status


def read_mail(source, filename, **limits):
    """Return what is shown of an e-mail (.eml, .msg).

    :return: dict with ``subject``, ``from``, ``to``, ``cc``, ``date`` (ISO),
        ``message_id``, ``plain``, ``html`` (as it came: to be sanitised) and ``files``,
        a list of dicts ``part``, ``name``, ``mimetype``, ``size``, ``cid``; None when
        it is no e-mail
    """
    result = run_reader("mail", source, filename, "", max_bytes=MAIL_BYTES, **limits)
    if result.status != "done":
        return None
    mail = json.loads(result.data)
    return None if mail.get("error") else mail


def read_mail_part(source, filename, part, **limits):
    """Return the bytes of one file of an e-mail; None when there is none."""
    result = run_reader(
        "part", source, filename, "", str(int(part)), max_bytes=PART_BYTES, **limits
    )
    return result.data if result.status == "done" else None


def run_reader(
    command,
    source,
    filename,
    mimetype="",
    *arguments,
    max_bytes,
    cpu=CPU_SECONDS,
    wall=WALL_SECONDS,
    memory=MEMORY_BYTES,
):
    """Run the reader on a file.

    :return: an :class:`Extraction`
    """
    with contextlib.ExitStack() as stack:
        if isinstance(source, bytes | bytearray | memoryview):
            file = stack.enter_context(tempfile.NamedTemporaryFile(prefix="gck_"))
            file.write(source)
            file.flush()
            source = file.name
        settings = {
            "path": sys.path,
            "mail_tools": MAIL_TOOLS,
            "cpu": cpu,
            "memory": memory,
        }
        process = stack.enter_context(
            subprocess.Popen(
                [
                    sys.executable,
                    "-I",
                    READER,
                    json.dumps(settings),
                    command,
                    str(source),
                    filename or "",
                    mimetype or "",
                    *arguments,
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                close_fds=True,
                env={"LANG": "C.UTF-8", "PATH": os.defpath},
            )
        )
        return _collect(process, time.monotonic() + wall, max_bytes)


def _collect(process, deadline, max_bytes):
    """Read what a process answers until it ends, or is ended at a limit."""
    pieces, size, status = [], 0, ""
    while not status:
        left = deadline - time.monotonic()
        ready = left > 0 and select.select([process.stdout], [], [], left)[0]
        if not ready:
            status = "timeout"
            break
        piece = os.read(process.stdout.fileno(), CHUNK)
        if not piece:
            break
        pieces.append(piece)
        size += len(piece)
        if size > max_bytes:
            status = "cut"
    if status:
        process.kill()
    code = process.wait()
    if not status:
        if code == REFUSED:
            status = "refused"
        elif code in (-9, -24):
            # The processor time was used up.
            status = "timeout"
        else:
            status = "failed" if code else "done"
    return Extraction(b"".join(pieces)[:max_bytes], status)
