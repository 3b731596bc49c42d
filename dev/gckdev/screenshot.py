"""`make screenshot`: a picture of a page, on the running server or a temporary one."""

import json
import subprocess
from contextlib import contextmanager

from . import server
from .console import say, step
from .layout import LOGS, REPO
from .process import clean_environment

SCRIPT = REPO / "dev" / "in_venv" / "screenshot.py"


@contextmanager
def address(runner, database):
    """Give a database's server, its address and log, started when none runs."""
    for facts in server.running():
        if facts["database"] == database:
            port = facts["port"]
            yield f"http://127.0.0.1:{port}", LOGS / f"server-{port}.log"
            return
    port = server.free_port()
    log = LOGS / "server-picture.log"
    with step("Starting a server for the picture"):
        served = server.serving(runner, database, "127.0.0.1", port, log)
        served.__enter__()
    try:
        yield f"http://127.0.0.1:{port}", log
    finally:
        served.__exit__(None, None, None)


def take(runner, database, **parameters):
    """Take the picture; return 1 when the page wrote errors to its console."""
    with address(runner, database) as (base, log):
        parameters |= {"base": base, "database": database}
        words = [runner.python, SCRIPT, json.dumps(parameters)]
        done = subprocess.run(
            [str(word) for word in words],
            env=clean_environment(),
            stdin=subprocess.DEVNULL,
            check=False,
        )
        if done.returncode:
            say(f"The server's log: {log}")
        return done.returncode
