"""The commands behind `make`; their arguments are make's variables, by environment."""

import argparse
import os
import shutil
import subprocess
import sys

from . import addons, databases, odoo_source, postgres, server, system, tests, venv
from .console import Failure, say
from .layout import LOCKS, REPO, RUN, cache, lock, make_directory
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


def addon_names():
    """Return the addons that ADDONS names."""
    return [name for name in variable("ADDONS").replace(",", " ").split() if name]


def tools(command):
    """Install what a command lacks; return Python and Odoo's source."""
    make_directory(RUN)
    system.ensure(command)
    source = odoo_source.obtain()
    return venv.obtain(), source


def demo_runner(python, source, database_server):
    """Return Odoo with the whole suite, and the suite's addons."""
    everything = addons.installable(source)
    farm = addons.link_farm(everything, everything=True)
    return Runner(python, source, database_server, farm), everything


def demo_database_name():
    """Return the name of the database to serve."""
    return variable("DB", server.default_database(switch("DEMO", "1")))


def run():
    """Serve the demo database (DEMO=0: an empty company) on PORT."""
    host, port = variable("HOST", "127.0.0.1"), number("PORT", "8069")
    server.check_port(host, port)
    python, source = tools("run")
    with postgres.server() as database_server:
        runner, everything = demo_runner(python, source, database_server)
        name = demo_database_name()
        databases.demo_database(runner, name, everything, switch("DEMO", "1"))
        server.run(runner, name, host, port)


def test():
    """Run the tests, of ADDONS or all, that match K."""
    python, source = tools("test")
    with postgres.server() as database_server:
        return tests.run(python, source, database_server, addon_names(), variable("K"))


def shell():
    """Open Odoo's shell on the demo database; a script comes by standard input."""
    python, source = tools("shell")
    with postgres.server() as database_server:
        runner, everything = demo_runner(python, source, database_server)
        name = demo_database_name()
        databases.demo_database(runner, name, everything, switch("DEMO", "1"))
        words = runner.command("shell", "-d", name, "--no-http", "--log-level=warn")
        child = subprocess.Popen([str(word) for word in words], env=runner.environment())
        try:
            return child.wait()
        finally:
            end(child)


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
    function.__name__: function for function in (run, test, shell, stop, clean)
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
    except KeyboardInterrupt:
        say(f"\nInterrupted: `make {command}` goes on where it stopped.")
        return 130
