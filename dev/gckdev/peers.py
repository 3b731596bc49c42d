"""The addons that `make bench` compares with, in a database of their own.

They are downloaded into the user's cache when benchmarks run, and never become part
of the suite.
"""

import shutil

from . import databases
from .console import Failure, say, step
from .layout import LOGS, cache, digest, lock
from .odoo import Runner
from .process import run_logged

# What is compared, and what it needs.
PEERS = (
    "crm_claim==19.0.*",
    "crm_phonecall==19.0.*",
    "mgmtsystem_nonconformity==19.0.*",
    "mgmtsystem_action==19.0.*",
    "mgmtsystem==19.0.*",
    "document_page_procedure==19.0.*",
    "document_page==19.0.*",
    "document_knowledge==19.0.*",
    "dms==19.0.*",
)
INSTALLED = ("crm_claim", "crm_phonecall", "mgmtsystem_nonconformity", "dms")


def obtain(python):
    """Return the folder that holds the peers' addons, None without a package index."""
    final = cache() / f"peers-{digest(*PEERS)}"
    addons = final / "odoo" / "addons"
    with lock(cache() / "peers.lock"):
        if addons.is_dir():
            return addons
        partial = final.with_suffix(".new")
        shutil.rmtree(partial, ignore_errors=True)
        # Without what they depend on: the package index has no Odoo.
        words = [python, "-m", "pip", "install", "--no-input", "--no-deps"]
        words += ["--disable-pip-version-check", "--progress-bar", "off"]
        words += ["--target", partial]
        words += [f"odoo-addon-{peer}" for peer in PEERS]
        try:
            with step("Downloading what to compare with"):
                run_logged(words, LOGS / "peers.log", "Downloading")
        except Failure as failure:
            shutil.rmtree(partial, ignore_errors=True)
            say(f"  measuring without peers: {failure}")
            return None
        partial.rename(final)
    return addons


def database(python, odoo, server, addons, base, rows):
    """Return the name of the peers' database, made when missing; None if it fails.

    :param addons: the folder from ``obtain``
    :param base: the database that it is a copy of, with Odoo's own modules
    :param rows: the volume that it is loaded with
    """
    prefix = f"gck_peers_{databases.CLONE}_"
    name = f"{prefix}{digest(base, *PEERS)}_{rows}"
    if server.exists(name):
        return name
    for old in server.databases():
        if old.startswith(prefix):
            server.drop(old)
    try:
        with databases.unfinished(server, name) as temporary:
            server.copy(base, temporary)
            with step("Installing what to compare with") as progress:
                options = ("-i", ",".join(INSTALLED), "--without-demo")
                Runner(python, odoo, server, addons).load(
                    temporary, *options, progress=progress
                )
    except Failure as failure:
        say(f"  measuring without peers: {failure}")
        return None
    return name
