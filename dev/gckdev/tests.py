"""`make test`: pytest with Odoo, on a copy of a template database."""

import os
import subprocess

from . import addons as suite_addons
from . import databases
from .console import Failure, say
from .layout import REPO, RUN
from .odoo import Runner
from .process import end

PLUGINS = REPO / "dev" / "pytest_plugin"


def run(python, odoo, server, names, keyword):
    """Run the tests of the addons named (all without names); return pytest's code."""
    everything = suite_addons.installable(odoo)
    chosen = suite_addons.selection(everything, names or list(everything))
    tested = [
        name for name in names or chosen if (chosen[name].path / "tests").is_dir()
    ]
    if not tested:
        raise Failure(f"No tests in {', '.join(names or chosen)}.")
    farm = suite_addons.link_farm(chosen, everything=chosen == everything)
    runner = Runner(python, odoo, server, farm)
    bundles = databases.BUNDLES + databases.TEST_BUNDLES
    template = databases.suite_template(runner, chosen, bundles=bundles)
    folders = [farm / name / "tests" for name in tested]
    with databases.copy_for_tests(server, template) as database:
        return pytest(runner, database, folders, keyword)


def pytest(runner, database, folders, keyword):
    """Run pytest in the foreground; its closing line is the last that is printed."""
    words = [
        *(runner.python.with_name("pytest"), "-p", "gck_strict"),
        *(f"--confcutdir={RUN}", "--odoo-http"),
        *(["-k", keyword] if keyword else []),
        *folders,
    ]
    env = runner.environment(
        PGDATABASE=database,
        ODOO_RC=runner.config(),
        HYPOTHESIS_STORAGE_DIRECTORY=RUN / "hypothesis",
    )
    env["PYTHONPATH"] = os.pathsep.join([env["PYTHONPATH"], str(PLUGINS)])
    child = subprocess.Popen(
        [str(word) for word in words], cwd=REPO, env=env, stdin=subprocess.DEVNULL
    )
    try:
        code = child.wait()
    finally:
        end(child)
    if code == 5 and keyword:
        say(f"No test matches K={keyword}.")
    return code
