"""Files of Office turned into PDF by LibreOffice, where it is installed."""

import contextlib
import os
import resource
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

EXTENSIONS = frozenset(
    [
        "doc",
        "docx",
        "docm",
        "dot",
        "dotx",
        "odt",
        "ott",
        "rtf",
        "xls",
        "xlsx",
        "xlsm",
        "xlt",
        "xltx",
        "ods",
        "ots",
        "ppt",
        "pptx",
        "pptm",
        "pps",
        "ppsx",
        "odp",
        "otp",
        "fodt",
        "fods",
        "fodp",
        "wps",
        "wpd",
        "pub",
        "vsd",
        "vsdx",
    ]
)
SECONDS = 60
MEMORY_BYTES = 3 << 30
FILE_BYTES = 512 << 20
# What LibreOffice must not do with what comes from outside: run macros, fetch links.
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
 xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
<prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop>
</item>
</oor:items>
"""


class ConversionError(Exception):
    """LibreOffice could not turn a file into a PDF."""


def get_program():
    """Return the path of LibreOffice, None where it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def to_pdf(source, extension, seconds=SECONDS):
    """Turn a file into a PDF.

    Each conversion has a profile of its own, so that several can run at once and none
    leaves anything behind.

    :param source: the path of the file, or its bytes
    :param str extension: of the file, without the dot
    :return: the bytes of the PDF
    :raises ConversionError: when there is none in time
    """
    program = get_program()
    if not program:
        raise ConversionError("LibreOffice is not installed")
    with tempfile.TemporaryDirectory(prefix="gck_office_") as folder:
        place = Path(folder)
        profile = place / "profile" / "user"
        profile.mkdir(parents=True)
        (profile / "registrymodifications.xcu").write_text(SETTINGS)
        # The name is ours: what somebody called the file never reaches a command line.
        document = place / f"document.{extension}"
        if isinstance(source, bytes):
            document.write_bytes(source)
        else:
            document.symlink_to(os.path.abspath(source))
        process = subprocess.Popen(
            [
                program,
                f"-env:UserInstallation=file://{place / 'profile'}",
                "--headless",
                "--norestore",
                "--nolockcheck",
                "--convert-to",
                "pdf",
                "--outdir",
                str(place / "out"),
                str(document),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={"HOME": folder, "PATH": os.defpath, "LANG": "C.UTF-8"},
        )
        for kind, value in (
            (resource.RLIMIT_AS, MEMORY_BYTES),
            (resource.RLIMIT_FSIZE, FILE_BYTES),
            (resource.RLIMIT_CPU, seconds),
        ):
            # It may have ended already.
            with contextlib.suppress(OSError):
                resource.prlimit(process.pid, kind, (value, value))
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired as error:
            raise ConversionError("out of time") from error
        finally:
            # LibreOffice is a script that starts the program: both end.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        result = place / "out" / "document.pdf"
        if not result.exists():
            raise ConversionError("no result")
        return result.read_bytes()
