"""`make bench`: measures on a database of its own, without demo data."""

import subprocess

from . import addons as suite_addons
from . import databases, peers
from .layout import REPO, RUN
from .odoo import Runner
from .process import end

SOURCES = REPO / "bench"


def run(python, odoo, server, **parameters):
    """Load the volume where it is missing, measure, and print; return the exit code.

    :param parameters: what the measuring scripts read as GCK_NAME
    """
    everything = suite_addons.installable(odoo)
    farm = suite_addons.link_farm(everything, everything=True)
    runner = Runner(python, odoo, server, farm)
    template = databases.suite_template(runner, everything, demo=False)
    prefix = f"gck_bench_{databases.CLONE}_"
    name = f"{prefix}{template.rpartition('_')[2]}_{parameters['rows']}"
    if not server.exists(name):
        for old in server.databases():
            if old.startswith(prefix):
                server.drop(old)
        server.copy(template, name)
    words = runner.command("shell", "-d", name, "--no-http", "--log-level=warn")
    more = {f"GCK_{key.upper()}": value for key, value in parameters.items()}
    folder = peers.obtain(python)
    if folder:
        base = databases.base_template(runner, everything, demo=False)
        rival = peers.database(python, odoo, server, folder, base, parameters["rows"])
        if rival:
            # One process serves both databases, so that they take turns.
            paths = [*map(str, odoo.addons), str(farm), str(folder)]
            words.append(f"--addons-path={','.join(paths)}")
            more["GCK_PEERS"] = rival
    env = runner.environment(GCK_BENCH=str(SOURCES), **more)
    with (SOURCES / "main.py").open() as source:
        child = subprocess.Popen(
            [str(word) for word in words], stdin=source, env=env, cwd=RUN
        )
        try:
            return child.wait()
        finally:
            end(child)
