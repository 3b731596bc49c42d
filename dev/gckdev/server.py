"""`make run` and `make stop`: the demo server in the foreground, and its end."""

import errno
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from . import process
from .console import Failure, say, step
from .layout import LOGS, RUN, make_directory

SERVERS = RUN / "servers"
LISTENING = "HTTP service (werkzeug) running"  # Odoo's word in its log
PATIENCE = 180  # seconds until the login page must have answered


def default_database(demo):
    """Return the name of the database with demo data or of the empty company."""
    return "gck_demo" if demo else "gck_empty"


def check_port(host, port):
    """Fail when the port is taken; say by which of our servers, if it is ours."""
    for address in (host, "127.0.0.1") if host == "0.0.0.0" else (host,):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((address, port))
            except OSError as error:
                raise Failure(explain_port(host, port, error)) from error


def explain_port(host, port, error):
    """Return why a port cannot be served."""
    if error.errno != errno.EADDRINUSE:
        return f"Cannot serve on {host}:{port}: {error.strerror}."
    if any(server["port"] == port for server in running()):
        return f"GCK already runs on port {port}: `make stop` ends it."
    return f"Port {port} is taken by another program: choose one, PORT={port + 1}."


def free_port():
    """Return a port that nobody uses."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def running():
    """Return what is known of our servers that are alive."""
    found = []
    for file in sorted(SERVERS.glob("*.json")) if SERVERS.is_dir() else []:
        facts = json.loads(file.read_text())
        ours = str(RUN) in process.command_line(facts["odoo"])
        if process.alive(facts["odoo"]) and (ours or not Path("/proc/self").exists()):
            found.append(facts)
        else:
            file.unlink(missing_ok=True)
    return found


@contextmanager
def serving(runner, database, host, port, log):
    """Serve a database while the block runs; the login page answers when it begins."""
    make_directory(SERVERS)
    make_directory(log.parent)
    options = ("-d", database, "--http-interface", host, "--http-port", str(port))
    with log.open("w") as output:
        child = subprocess.Popen(
            [
                str(word)
                for word in runner.command(*options, "--db-filter", f"^{database}$")
            ],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=runner.environment(),
            cwd=RUN,
        )
    facts = SERVERS / f"{port}.json"
    own = {"make": os.getpid(), "odoo": child.pid, "port": port, "database": database}
    facts.write_text(json.dumps(own))
    try:
        wait_for_login(child, host, port, log)
        yield child
    finally:
        process.end(child)
        facts.unlink(missing_ok=True)


def wait_for_login(child, host, port, log):
    """Wait until the login page is served whole."""
    host = "127.0.0.1" if host == "0.0.0.0" else host
    url = f"http://{host}:{port}/web/login"
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if child.poll() is not None:
            break
        if LISTENING not in log.read_text(errors="replace"):
            time.sleep(0.1)  # what answers now would be another program's server
            continue
        try:
            with direct.open(url, timeout=60) as answer:
                if answer.status == 200 and b'name="login"' in answer.read():
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise Failure(
        f"The server does not answer on {url}.\n{process.tail(log)}\nLog: {log}"
    )


def run(runner, database, host, port):
    """Serve in the foreground until Ctrl-C or `make stop`."""
    log = LOGS / f"server-{port}.log"
    check_port(host, port)  # again: much time may have passed
    title = f"Starting the server on port {port}"
    with step(title) as progress:
        progress.progress("waiting for the login page")
        served = serving(runner, database, host, port, log)
        child = served.__enter__()
    try:
        name = "localhost" if host in ("127.0.0.1", "0.0.0.0") else host
        print(
            f"\n  GCK runs on   http://{name}:{port}\n"
            f"  user          admin\n"
            f"  password      admin\n"
            f"  database      {database}\n"
            f"  log           {log}\n\n"
            f"  Ctrl-C or `make stop` ends it.",
            flush=True,
        )
        code = child.wait()
        raise Failure(f"The server ended by itself (exit {code}).\n{process.tail(log)}")
    except KeyboardInterrupt:
        say("\nStopping …")
    finally:
        served.__exit__(None, None, None)


def stop():
    """End every server of this clone and wait until they are gone."""
    servers = running()
    for facts in servers:
        target = facts["make"] if process.alive(facts["make"]) else facts["odoo"]
        os.kill(target, signal.SIGTERM)
    deadline = time.monotonic() + 30
    while running() and time.monotonic() < deadline:
        time.sleep(0.2)
    for facts in running():
        os.kill(facts["odoo"], signal.SIGKILL)
    return servers
