"""The printers of CUPS, through its command line.

The programs ``lpstat`` and ``lp`` are run with a list of arguments, never by a shell,
in the C locale, and are given up after a while. Where the server of CUPS is, is its
own affair: see ``client.conf(5)``.
"""

import os
import re
import subprocess
import tempfile

TIMEOUT = 30
# What CUPS takes as a name, save what could be read as an option or a path.
QUEUE_NAME = re.compile(r"\w[\w.@+-]{0,126}", re.UNICODE)
TITLE_LENGTH = 120


class CupsError(Exception):
    """Printing failed: ``reason`` says how, ``detail`` what CUPS said."""

    def __init__(self, reason, detail=""):
        super().__init__(detail or reason)
        self.reason = reason
        self.detail = detail


def is_queue_name(name):
    """Return whether ``name`` may be the name of a queue."""
    return bool(QUEUE_NAME.fullmatch(name or ""))


def _run(arguments):
    """Run a program of CUPS.

    :param arguments: the program and its arguments
    :return: what it wrote on its output
    :raises CupsError: ``missing`` without the program, ``timeout`` when it takes too
        long, ``refused`` when it says no
    """
    try:
        result = subprocess.run(
            arguments,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT,
            check=False,
            env={**os.environ, "LC_ALL": "C"},
        )
    except FileNotFoundError as error:
        raise CupsError("missing", arguments[0]) from error
    except subprocess.TimeoutExpired as error:
        raise CupsError("timeout") from error
    output, complaint = (
        text.decode(errors="replace").strip() for text in (result.stdout, result.stderr)
    )
    if result.returncode:
        raise CupsError("refused", complaint or output)
    return output


def _check_running():
    """:raises CupsError: ``stopped`` while the server of CUPS does not answer"""
    if "not running" in _run(["lpstat", "-r"]):
        raise CupsError("stopped")


def list_queues():
    """Return the queues of the server as a list of ``(name, description)``.

    :raises CupsError: when CUPS does not answer
    """
    _check_running()
    try:
        output = _run(["lpstat", "-l", "-p"])
    except CupsError as error:
        if error.reason == "refused" and "No destinations" in error.detail:
            return []
        raise
    queues = []
    for line in output.splitlines():
        if match := re.match(r"printer (\S+) ", line):
            queues.append([match[1], ""])
        elif queues and (match := re.match(r"\s+Description: (.+)", line)):
            queues[-1][1] = match[1].strip()
    return [(name, text) for name, text in queues if is_queue_name(name)]


def check_queue(name):
    """Check that a queue would print now what it is sent.

    :raises CupsError: ``stopped``, ``unknown``, ``disabled`` or ``rejecting``, besides
        those of any call
    """
    _check_running()
    try:
        state = _run(["lpstat", "-p", name])
        accepts = _run(["lpstat", "-a", name])
    except CupsError as error:
        if error.reason == "refused" and "Invalid destination" in error.detail:
            raise CupsError("unknown") from error
        raise
    if re.search(r"^printer \S+ disabled ", state, re.MULTILINE):
        raise CupsError("disabled", " ".join(state.splitlines()[1:]).strip())
    if "not accepting requests" in accepts:
        raise CupsError("rejecting", " ".join(accepts.splitlines()[1:]).strip())


def send(queue, content, title, copies=1):
    """Hand a PDF over to a queue.

    :param str queue: name of the queue
    :param bytes content: the PDF
    :param str title: what the list of CUPS calls it
    :param int copies: how many
    :return: the number that CUPS gives the job, as text
    :raises CupsError: when CUPS does not take it
    """
    title = "".join(letter for letter in title if letter.isprintable())
    with tempfile.NamedTemporaryFile(prefix="gck-", suffix=".pdf") as file:
        file.write(content)
        file.flush()
        output = _run(
            [
                "lp",
                "-d",
                queue,
                "-n",
                str(int(copies)),
                # In one argument: a title that starts with a dash is no option.
                "-t" + (title[:TITLE_LENGTH] or "GCK"),
                "--",
                file.name,
            ]
        )
    match = re.search(r"request id is (\S+)", output)
    return match[1] if match else ""
