"""`make screenshot`: a picture of a page, on the running server or a temporary one."""

import json
import subprocess
from contextlib import contextmanager

from . import server
from .console import step
from .layout import REPO
from .process import clean_environment

SCRIPT = REPO / "dev" / "in_venv" / "screenshot.py"


@contextmanager
def address(runner, database):
    """Give the address of a server of a database, started when none runs."""
    for facts in server.running():
        if facts["database"] == database:
            yield f"http://127.0.0.1:{facts['port']}"
            return
    port = server.free_port()
    with step("Starting a server for the picture"):
        served = server.serving(runner, database, "127.0.0.1", port)
        served.__enter__()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        served.__exit__(None, None, None)


def take(runner, database, **parameters):
    """Take the picture; return 1 when the page wrote errors to its console."""
    with address(runner, database) as base:
        parameters |= {"base": base, "database": database}
        words = [runner.python, SCRIPT, json.dumps(parameters)]
        return subprocess.run(
            [str(word) for word in words],
            env=clean_environment(),
            stdin=subprocess.DEVNULL,
            check=False,
        ).returncode
