"""Where things live: the repository, its build directory `.run`, the user's cache."""

import fcntl
import hashlib
import os
import shutil
from contextlib import contextmanager
from pathlib import Path

from .console import Failure, say

REPO = Path(__file__).resolve().parents[2]
RUN = REPO / ".run"
LOGS = RUN / "logs"
LOCKS = RUN / "locks"
SCRIPTS = REPO / "dev" / "odoo_scripts"

GIGA = 1024**3


def cache():
    """Return the user's cache directory of the suite."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base).absolute() / "gck"


def digest(*parts):
    """Return a short key made from texts."""
    sha = hashlib.sha256()
    for part in parts:
        sha.update(str(part).encode())
        sha.update(b"\0")
    return sha.hexdigest()[:12]


def make_directory(path):
    """Make a directory; say who owns the obstacle when that is not allowed."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except PermissionError as error:
        raise Failure(
            f"{error.filename} cannot be written by this user: run as its owner, or "
            "remove what another user's make left there."
        ) from error
    if not os.access(path, os.W_OK | os.X_OK):
        raise Failure(
            f"{path} belongs to another user: run as that user, or let it run "
            "`make clean` first."
        )
    return path


def need_space(path, gigabytes, what):
    """Fail when the disk of a directory has too little room for a step."""
    make_directory(path)
    free = shutil.disk_usage(path).free / GIGA
    if free < gigabytes:
        raise Failure(
            f"Not enough disk space: {what} needs {gigabytes} GB in {path}, "
            f"{free:.1f} GB are free."
        )


@contextmanager
def lock(path, shared=False):
    """Hold a lock file; tell when another `make` has to be waited for."""
    make_directory(path.parent)
    kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    with path.open("a") as handle:
        try:
            fcntl.flock(handle, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"Waiting for another make that holds {path} …")
            fcntl.flock(handle, kind)
        yield handle


@contextmanager
def building(final):
    """Build a directory beside its final place and move it there when complete.

    An interrupted build leaves only the temporary sibling, removed the next time.
    """
    partial = final.with_name(final.name + ".partial")
    if partial.exists():
        shutil.rmtree(partial)
    partial.mkdir(parents=True)
    yield partial
    if final.exists():
        shutil.rmtree(final)
    partial.rename(final)
