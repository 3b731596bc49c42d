"""Folders that another program watches to print what is put there.

They are below one root that the administrator of the server names; nothing is ever
written outside. Every step goes down from the last one without following symbolic
links, so that no folder can be exchanged for a link meanwhile.
"""

import contextlib
import errno
import os
import re
import secrets
import unicodedata

PART = re.compile(r"[\w][\w .+-]{0,99}", re.UNICODE)
NAME_LENGTH = 100
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class SpoolError(Exception):
    """Nothing was written: ``reason`` says why, ``detail`` where or what."""

    def __init__(self, reason, detail=""):
        super().__init__(detail or reason)
        self.reason = reason
        self.detail = detail


def split_folder(folder):
    """Return the parts of the path of a folder, which is relative to the root.

    :raises SpoolError: ``path`` when it is absolute, goes up, or has odd characters
    """
    parts = (folder or "").split("/")
    for part in parts:
        if not PART.fullmatch(part) or part.endswith((" ", ".")):
            raise SpoolError("path", folder or "")
    return parts


def safe_name(name):
    """Return a text as the name of a file: letters, digits, spaces and dashes."""
    name = unicodedata.normalize("NFC", name or "")
    name = re.sub(r"[^\w .,()+-]+", "-", name, flags=re.UNICODE).strip(" .-")
    return name[:NAME_LENGTH].rstrip(" .-") or "document"


def _open_folder(root, folder):
    """Return a descriptor of a folder below the root, made where it is missing."""
    if not root or not os.path.isabs(root):
        raise SpoolError("root")
    try:
        # The root itself may be a link: whoever names it knows what it is.
        descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise SpoolError("unreachable", root) from error
    for part in split_folder(folder):
        try:
            with contextlib.suppress(FileExistsError):
                os.mkdir(part, 0o770, dir_fd=descriptor)
            below = os.open(part, _FOLDER, dir_fd=descriptor)
        except OSError as error:
            if error.errno in (errno.ELOOP, errno.ENOTDIR):
                raise SpoolError("link", folder) from error
            raise SpoolError("unreachable", f"{folder}: {error.strerror}") from error
        finally:
            os.close(descriptor)
        descriptor = below
    return descriptor


def check_folder(root, folder):
    """Check that a folder can be written to, making it where it is missing.

    :raises SpoolError: when it cannot
    """
    descriptor = _open_folder(root, folder)
    try:
        if not os.access(".", os.W_OK, dir_fd=descriptor):
            raise SpoolError("unreachable", folder)
    finally:
        os.close(descriptor)


def write(root, folder, name, content, copies=1):
    """Put a PDF into a folder, whole or not at all, and never over another file.

    :param str root: absolute path of the root
    :param str folder: path below it
    :param str name: of the document, without suffix
    :param bytes content: the PDF
    :param int copies: one file for each
    :return: the names of the files
    :raises SpoolError: when it cannot be written
    """
    descriptor = _open_folder(root, folder)
    try:
        return [
            _write_file(
                descriptor,
                safe_name(name if copies == 1 else f"{name} {number}-{copies}"),
                content,
            )
            for number in range(1, copies + 1)
        ]
    except OSError as error:
        raise SpoolError("unreachable", f"{folder}: {error.strerror}") from error
    finally:
        os.close(descriptor)


def _write_file(folder, name, content):
    hidden = f".{secrets.token_hex(8)}.part"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        with open(os.open(hidden, flags, 0o660, dir_fd=folder), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        number = 1
        while True:
            final = f"{name}.pdf" if number == 1 else f"{name} ({number}).pdf"
            try:
                # A link fails where a file of that name is; a rename replaces it.
                os.link(hidden, final, src_dir_fd=folder, dst_dir_fd=folder)
            except FileExistsError:
                number += 1
            else:
                return final
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(hidden, dir_fd=folder)
