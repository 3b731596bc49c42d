"""Databases: templates that are made once and copied, and the demo database.

Two layers. A base template holds Odoo's own modules that the suite needs, Spanish, and
a Spanish company; it depends on Odoo only, and a dump of it is kept in the user's cache
for other clones. Over a copy of it the suite's addons are installed. A database gets
its name when it is complete: what an interruption leaves is dropped the next time.
"""

import json
import os
import shutil
from contextlib import contextmanager

from .addons import base_modules, depends_on
from .console import Failure, say, step
from .layout import LOCKS, REPO, RUN, SCRIPTS, cache, digest, lock, make_directory
from .odoo import LANGUAGE, Runner

BUNDLES = (
    "web.assets_web",
    "web.assets_web_print",
    "web.assets_frontend_minimal",
    "web.assets_frontend",
    "web.assets_frontend_lazy",
)
TEST_BUNDLES = (
    "web.assets_tests",
    "web.__assets_tests_call__",
    "web.assets_unit_tests_setup",
    "web.assets_unit_tests",
)
BUNDLE_COLUMNS = (
    "name, res_model, res_id, type, mimetype, url, public, db_datas, file_size, "
    "checksum, create_uid, write_uid, create_date, write_date"
)
BASE_SCRIPTS = ("spanish_company.py", "spanish_books.py")
BASES_KEPT = 3  # in a private cluster; older ones come back from their dumps
DUMPS_KEPT = 8
# Several clones may share a server of the user's.
CLONE = digest(REPO, os.uname().nodename)[:6]
SOURCES = "gck.dev.sources"  # parameter of the demo database: what it was made from


def demo_option(demo):
    """Return the option that makes a new database with demo data or without."""
    return "--with-demo" if demo else "--without-demo"


@contextmanager
def unfinished(server, name):
    """Give a temporary name to build a database under, renamed when complete."""
    temporary = f"{name}_{CLONE}_new"
    server.drop(temporary)
    try:
        yield temporary
        if not server.exists(name):  # else another clone was faster
            server.rename(temporary, name)
    finally:
        server.drop(temporary)


def base_template(runner, addons, demo):
    """Return the database with Odoo's modules for some addons, made when missing."""
    server = runner.server
    modules = base_modules(addons)
    scripts = [(SCRIPTS / name).read_text() for name in BASE_SCRIPTS]
    key = digest(runner.odoo.fingerprint, LANGUAGE, demo, *scripts, *modules)
    name = f"gck_base_{key}"
    with lock(LOCKS / f"{name}"):
        if not server.exists(name):
            dump = make_directory(cache() / "databases") / f"{name}.dump"
            with unfinished(server, name) as temporary:
                if not (dump.is_file() and restore(server, dump, temporary)):
                    build_base(runner, temporary, modules, demo)
                    save(server, temporary, dump)
            prune(server, dump.parent)
    return name


def prune(server, dumps):
    """Forget old base templates; the server's own only where it is ours alone."""
    oldest_first = sorted(dumps.glob("*.dump"), key=lambda dump: dump.stat().st_mtime)
    for dump in oldest_first[:-DUMPS_KEPT]:
        dump.unlink(missing_ok=True)
    if server.private:
        bases = server.sql(
            "select datname from pg_database where datname ~ '^gck_base_[0-9a-f]+$' "
            "order by oid"
        )
        for base in bases[:-BASES_KEPT]:
            server.drop(base)


def build_base(runner, name, modules, demo):
    """Install Odoo's own modules."""
    alone = Runner(runner.python, runner.odoo, runner.server)
    with step("Making Odoo's database in Spanish") as progress:
        options = (f"--load-language={LANGUAGE}", demo_option(demo))
        alone.load(name, "-i", "base", *options, progress=progress)
        progress.progress("the company")
        alone.script("spanish_company.py", name)
        if demo and depends_on(runner.odoo, modules, "account"):
            alone.load(name, "-i", "account", demo_option(demo), progress=progress)
            alone.script("spanish_books.py", name)
        if modules != ["base"]:
            options = ("-i", ",".join(modules), demo_option(demo))
            alone.load(name, *options, progress=progress)
    shutil.rmtree(RUN / "data" / "filestore" / name, ignore_errors=True)


def save(server, name, dump):
    """Keep a dump of a database for other clones; do without when it fails."""
    partial = dump.with_suffix(f".{os.getpid()}")
    words = ("pg_dump", "-Fc", "-Z1", "--no-owner", "-f", partial, name)
    with step("Keeping a copy for other clones"):
        if server.run(*words, check=False).returncode:
            partial.unlink(missing_ok=True)
        else:
            partial.rename(dump)


def restore(server, dump, name):
    """Make a database from a dump; tell whether that worked."""
    with step("Making Odoo's database from the copy in the cache"):
        server.sql(
            f"create database \"{name}\" template template0 encoding 'UTF8' "
            "lc_collate 'C'"
        )
        words = (
            "pg_restore",
            "--no-owner",
            "-j",
            str(os.cpu_count()),
            "-d",
            name,
            dump,
        )
        done = server.run(*words, check=False)
        server.sql("analyze", name)
    if done.returncode:
        say(f"  the copy is of no use here ({done.stderr.strip()[:200]}): made anew")
        server.drop(name)
    return done.returncode == 0


def install(runner, name, addons, demo):
    """Install addons of the suite in a copy of the base template."""
    runner.server.copy(base_template(runner, addons, demo), name)
    with step(f"Installing {', '.join(addons)}") as progress:
        options = ("-i", ",".join(addons), demo_option(demo))
        runner.load(name, *options, progress=progress, what="Installing the suite")


def suite_template(runner, addons, demo=True, bundles=()):
    """Return the database with addons installed, made when something changed.

    :param bundles: the browser's bundles to build into it
    """
    server = runner.server
    which = digest(CLONE, demo, bundles, *addons)
    sources = [addon.source_hash() for addon in addons.values()]
    assets = [addon.assets_hash() for addon in addons.values()] if bundles else []
    prefix = f"gck_suite_{which}"
    base = base_template(runner, addons, demo)
    name = f"{prefix}_{digest(base, *sources, *assets)}"
    with lock(LOCKS / prefix):
        if not server.exists(name):
            for old in server.databases():
                if old.startswith(prefix):
                    server.drop(old)
            with unfinished(server, name) as temporary:
                install(runner, temporary, addons, demo)
                if bundles:
                    warm(runner, temporary, bundles, RUN / f"bundles-{which}.copy")
    return name


def warm(runner, name, bundles, kept):
    """Build the browser's bundles in a database.

    Those of the last time are put in first: only what changed since is built again.
    """
    server = runner.server
    with step("Building the browser's bundles"):
        if kept.is_file():
            copy = f"\\copy ir_attachment ({BUNDLE_COLUMNS}) from '{kept}'"
            server.run("psql", "-Xq", "-d", name, "-c", copy, check=False)
        runner.script("warm_bundles.py", name, bundles=",".join(bundles))
        rows = (
            f"select {BUNDLE_COLUMNS} from ir_attachment where url like '/web/assets/%'"
        )
        copy = f"\\copy ({rows}) to '{kept}.new'"
        done = server.run("psql", "-Xq", "-d", name, "-c", copy, check=False)
        if not done.returncode:
            kept.with_name(kept.name + ".new").rename(kept)


@contextmanager
def copy_for_tests(server, template):
    """Give a throwaway copy of a template."""
    prefix = f"gck_test_{CLONE}_"
    name = f"{prefix}{os.getpid()}"
    for left in server.databases():
        pid = left.removeprefix(prefix)
        if pid != left and not os.path.exists(f"/proc/{pid}"):
            server.drop(left)
    server.drop(name)
    server.copy(template, name)
    try:
        yield name
    finally:
        server.drop(name)


def demo_database(runner, name, addons, demo):
    """Make the database that `make run` serves, or bring it up to date."""
    server = runner.server
    sources = {addon.name: addon.source_hash() for addon in addons.values()}
    with lock(LOCKS / f"database-{digest(name)}"):
        if not server.exists(name):
            shutil.rmtree(RUN / "data" / "filestore" / name, ignore_errors=True)
            with unfinished(server, name) as temporary:
                install(runner, temporary, addons, demo)
                warm(runner, temporary, BUNDLES, RUN / "bundles-demo.copy")
                with step("Speaking Spanish"):
                    runner.script("speak_spanish.py", temporary)
                    runner.script("print_odoo_reports.py", temporary)
                remember(server, temporary, sources)
            return
        bring_up_to_date(runner, name, sources)


def bring_up_to_date(runner, name, sources):
    """Upgrade the addons that changed since the database was made, add the new ones."""
    server = runner.server
    row = server.sql(
        f"select value from ir_config_parameter where key='{SOURCES}'", name
    )
    if not row:
        raise Failure(
            f"The database {name} was not made by make: choose another one (DB=) or "
            f"drop it."
        )
    before = json.loads(row[0])
    new = [addon for addon in sources if addon not in before]
    changed = [addon for addon, key in sources.items() if before.get(addon, key) != key]
    if new or changed:
        with step(f"Upgrading {', '.join(changed + new)}") as progress:
            options = []
            if changed:
                options += ["-u", ",".join(changed), "--i18n-overwrite"]
            if new:
                options += ["-i", ",".join(new)]
            runner.load(name, *options, progress=progress, what="Upgrading")
    if sources != before:
        remember(server, name, sources)


def remember(server, name, sources):
    """Write in the database what it was made from."""
    value = json.dumps(sources)
    server.sql(
        f"insert into ir_config_parameter (key, value) values ('{SOURCES}', '{value}') "
        "on conflict (key) do update set value = excluded.value",
        name,
    )
