"""The commands behind `make`; their arguments are make's variables, by environment."""

import argparse
import errno
import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

from . import (
    addons,
    bench,
    databases,
    odoo_source,
    pbx,
    postgres,
    server,
    system,
    tests,
    venv,
)
from . import i18n as translations
from . import lint as linting
from . import screenshot as pictures
from .console import Failure, say
from .layout import RUN, cache, make_directory
from .odoo import Runner
from .process import catch_signals, end


def variable(name, default=""):
    """Return the value of one of make's variables."""
    return os.environ.get(name, "").strip() or default


def switch(name, default):
    """Return a variable that is 0 or 1."""
    return variable(name, default) not in ("0", "no", "false")


def number(name, default):
    """Return a variable that must be a whole number."""
    value = variable(name, default)
    if not value.isdigit():
        raise Failure(f"{name}={value} is not a whole number.")
    return int(value)


def names(variable_name):
    """Return the names in a variable, separated by commas or spaces."""
    return variable(variable_name).replace(",", " ").split()


def tools(command):
    """Install what a command lacks; return Python and Odoo's source."""
    make_directory(RUN)
    system.ensure(command)
    source = odoo_source.obtain()
    return venv.obtain(), source


@contextmanager
def demo(command):
    """Give Odoo with the whole suite and the name of the demo database, up to date."""
    python, source = tools(command)
    with postgres.server() as database_server:
        everything = addons.installable(source)
        farm = addons.link_farm(everything, everything=True)
        runner = Runner(python, source, database_server, farm)
        with_demo = switch("DEMO", "1")
        name = variable("DB", server.default_database(with_demo))
        databases.demo_database(runner, name, everything, with_demo)
        yield runner, name


def run():
    """Serve the demo database (DEMO=0: an empty company) on PORT."""
    host, port = variable("HOST", "127.0.0.1"), number("PORT", "8069")
    server.check_port(host, port)
    with demo("run") as (runner, name):
        server.run(runner, name, host, port)


def test():
    """Run the tests, of ADDONS or all, that match K."""
    python, source = tools("test")
    with postgres.server() as database_server:
        return tests.run(
            python, source, database_server, names("ADDONS"), variable("K")
        )


def test_pbx():
    """Let a real Asterisk make calls (RECORD=1: keep its events for the tests)."""
    python, source = tools("test-pbx")
    with postgres.server() as database_server:
        return pbx.run(python, source, database_server, switch("RECORD", "0"))


def benchmark():
    """Measure the operations that match K on ROWS actions."""
    python, source = tools("bench")
    with postgres.server() as database_server:
        return bench.run(
            python,
            source,
            database_server,
            rows=str(number("ROWS", "1000000")),
            k=variable("K"),
            explain=variable("EXPLAIN", "0"),
        )


def lint():
    """Check style and conventions."""
    make_directory(RUN)
    system.ensure("lint")
    return linting.run(venv.obtain(), names("CHECKS"))


def format_code():
    """Put the Python files into shape."""
    make_directory(RUN)
    system.ensure("lint")
    return linting.form(venv.obtain())


def shell():
    """Open Odoo's shell on the demo database; a script comes by standard input."""
    with demo("shell") as (runner, name):
        words = runner.command("shell", "-d", name, "--no-http", "--log-level=warn")
        words = [str(word) for word in words]
        child = subprocess.Popen(words, env=runner.environment())
        try:
            return child.wait()
        finally:
            end(child)


def screenshot():
    """Save a picture of the page URL in the file OUT, as the user LOGIN."""
    url, out = variable("URL"), variable("OUT")
    if not url or not out:
        raise Failure("Say which page and file: make screenshot URL=/odoo OUT=a.png")
    parameters = {
        "url": url,
        "out": str(Path(out).absolute()),
        "login": variable("LOGIN", "admin"),
        "width": number("WIDTH", "1366"),
        "height": number("HEIGHT", "768"),
        "full": switch("FULL", "0"),
    }
    with demo("screenshot") as (runner, name):
        return pictures.take(runner, name, **parameters)


def i18n():
    """Export the terms of ADDONS (all) and merge them into the translations."""
    python, source = tools("i18n")
    with postgres.server() as database_server:
        with_demo = switch("DEMO", "0")
        translations.run(python, source, database_server, names("ADDONS"), with_demo)


def stop():
    """End the servers and the cluster of this clone."""
    stopped = server.stop()
    for facts in stopped:
        say(f"Stopped the server on port {facts['port']}.")
    if not os.environ.get("PGHOST") and (RUN / "postgres").exists():
        postgres.Cluster().stop()


def clean():
    """Remove the build directory with its databases; CACHE=1: the cache as well."""
    if RUN.exists():
        stop()
        home = postgres.home()
        shutil.rmtree(home, ignore_errors=True)
        shutil.rmtree(RUN)
    if switch("CACHE", "0"):
        shutil.rmtree(cache(), ignore_errors=True)


COMMANDS = {
    "bench": benchmark,
    "clean": clean,
    "format": format_code,
    "i18n": i18n,
    "lint": lint,
    "run": run,
    "screenshot": screenshot,
    "shell": shell,
    "stop": stop,
    "test": test,
    "test-pbx": test_pbx,
}


def main():
    """Run the command that make asks for; return the exit code."""
    parser = argparse.ArgumentParser(prog="dev/make.py", description=__doc__)
    parser.add_argument("command", choices=COMMANDS)
    command = parser.parse_args().command
    catch_signals()
    try:
        return COMMANDS[command]() or 0
    except Failure as error:
        say(f"\nmake {command}: {error}")
        return 1
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        say(f"\nmake {command}: No space left on the disk of {error.filename or RUN}.")
        return 1
    except KeyboardInterrupt:
        say(f"\nInterrupted: `make {command}` goes on where it stopped.")
        return 130
