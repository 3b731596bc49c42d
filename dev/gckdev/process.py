"""Running other programs: quietly into a log, with progress, ended when we end."""

import os
import signal
import subprocess
from pathlib import Path

from .console import Failure

# What a caller's environment may hold that would change what our programs do.
UNWANTED = (
    "ODOO_RC",
    "OPENERP_SERVER",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONHOME",
    "PYTHONPATH",
    "PYTHONSTARTUP",
    "PGDATABASE",
    "VIRTUAL_ENV",
)


def clean_environment(**more):
    """Return this process's environment without what would disturb, plus `more`."""
    env = {key: value for key, value in os.environ.items() if key not in UNWANTED}
    env["LC_ALL"] = "C.UTF-8"
    env.update({key: str(value) for key, value in more.items()})
    return env


def tail(path, lines=15):
    """Return the last lines of a log."""
    try:
        text = Path(path).read_text(errors="replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-lines:])


def end(process, patience=20):
    """End a child, gently first; one that sudo gave to root ends by itself."""
    if process.poll() is not None:
        return
    try:
        process.terminate()
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    except PermissionError:
        process.wait()


def run_logged(command, log, what, on_line=None, **options):
    """Run a program with its output in `log`; a Failure shows the end of the log.

    :param what: the step's name in the failure's message
    :param on_line: called with each line of output, for progress
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    options.setdefault("env", clean_environment())
    with log.open("w") as output:
        process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            **options,
        )
        try:
            for line in process.stdout:
                output.write(line)
                output.flush()
                if on_line:
                    on_line(line.rstrip())
            code = process.wait()
        finally:
            end(process)
    if code:
        raise Failure(
            f"{what} failed (exit {code}).\n{tail(log)}\nThe whole log: {log}"
        )


def capture(command, **options):
    """Run a program and return the completed process with its output as text."""
    options.setdefault("env", clean_environment())
    options.setdefault("stdin", subprocess.DEVNULL)
    return subprocess.run(
        [str(word) for word in command],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        **options,
    )


def alive(pid):
    """Tell whether a process exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def command_line(pid):
    """Return a process's command line, "" when it is unknown."""
    try:
        raw = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return ""
    return raw.replace(b"\0", b" ").decode(errors="replace")


def raise_interrupt(signum, frame):
    """Turn a signal into KeyboardInterrupt, so that every `finally` runs."""
    raise KeyboardInterrupt


def catch_signals():
    """Clean up on Ctrl-C, on `make stop` and when the terminal goes away."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        signal.signal(getattr(signal, name), raise_interrupt)
