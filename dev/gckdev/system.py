"""Debian packages that the suite needs, installed only when what they give is missing.

Each need is looked up by what it gives (a program, a library, a font), so that machines
with other package managers work as well once the same things are there.
"""

import ctypes
import glob
import importlib.util
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import postgres_programs
from .console import Failure, step
from .layout import LOGS, RUN, make_directory
from .process import capture, run_logged

BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")

# Debian makes and starts a system cluster when it installs PostgreSQL; ours is private.
INSTALL = """
set -e
export DEBIAN_FRONTEND=noninteractive
snippet=/etc/postgresql-common/createcluster.d/gck-no-cluster.conf
trap 'rm -f "$snippet"' EXIT
trap 'exit 130' HUP INT TERM  # after apt-get, which must not be left half-way
mkdir -p "${snippet%/*}"
echo "create_main_cluster = false" > "$snippet"
dpkg --configure -a
apt-get -q update
apt-get -q install -y --no-install-recommends -o DPkg::Lock::Timeout=300 "$@"
"""


@dataclass(frozen=True)
class Need:
    """Something the system must give, and Debian's packages that bring it."""

    what: str
    present: Callable
    packages: tuple


def browser():
    """Return the browser that Odoo's tests would take, None without one."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def has_library(*names):
    """Tell whether the shared libraries can be loaded."""
    try:
        for name in names:
            ctypes.CDLL(name)
    except OSError:
        return False
    return True


def has_font(pattern):
    """Tell whether a font file is installed."""
    return any(
        glob.glob(f"{folder}/**/{pattern}", recursive=True)
        for folder in ("/usr/share/fonts", "/usr/local/share/fonts")
    )


def has_venv():
    """Tell whether this Python can make a virtual environment with pip."""
    return bool(
        importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")
    )


VENV = Need(
    "Python's venv",
    has_venv,
    ("python3-venv", f"python3.{sys.version_info[1]}-venv"),
)
PDF_LIBRARIES = Need(
    "WeasyPrint's libraries (pango, harfbuzz)",
    lambda: has_library(
        "libgobject-2.0.so.0",
        "libpango-1.0.so.0",
        "libpangoft2-1.0.so.0",
        "libharfbuzz-subset.so.0",
    ),
    ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"),
)
FONTS = Need(
    "fonts for PDF and screenshots (DejaVu, Liberation)",
    lambda: has_font("DejaVuSans.ttf") and has_font("LiberationSans-Regular.ttf"),
    ("fonts-dejavu-core", "fonts-liberation"),
)
POSTGRES = Need(
    "PostgreSQL 13 or later (server)",
    lambda: postgres_programs.server_directory() is not None,
    ("postgresql",),
)
POSTGRES_CLIENT = Need(
    "PostgreSQL's client programs (psql)",
    lambda: bool(shutil.which("psql")),
    ("postgresql-client",),
)
BROWSER = Need("a browser for tests (chromium)", lambda: bool(browser()), ("chromium",))

DEBOOTSTRAP = Need(
    "debootstrap",
    lambda: bool(shutil.which("debootstrap", path=f"{os.environ['PATH']}:/usr/sbin")),
    ("debootstrap",),
)


def needs_for(command):
    """Return what a command needs from the system."""
    needs = [VENV]
    if command != "lint":
        server = POSTGRES_CLIENT if os.environ.get("PGHOST") else POSTGRES
        needs += [server, PDF_LIBRARIES, FONTS]
    if command in ("test", "screenshot"):
        needs.append(BROWSER)
    if command == "test-pbx":
        needs.append(DEBOOTSTRAP)
    return needs


def ensure(command):
    """Install what the system lacks for a command, all in one transaction."""
    missing = [need for need in needs_for(command) if not need.present()]
    if not missing:
        return
    names = "; ".join(need.what for need in missing)
    if not shutil.which("apt-get"):
        raise Failure(f"Missing: {names}. There is no apt-get here: install them.")
    packages = [name for need in missing for name in available(need.packages)]
    root = as_root(packages)
    make_directory(RUN)
    with step(f"Installing {' '.join(packages)}") as progress:
        run_logged(
            [*root, "sh", "-c", INSTALL, "install", *packages],
            LOGS / "packages.log",
            f"Installing {' '.join(packages)} (is the network up?)",
            on_line=lambda line: progress.progress(line[:40]),
        )
    still = [need.what for need in missing if not need.present()]
    if still:
        raise Failure(
            f"Still missing after installing {' '.join(packages)}: {'; '.join(still)}."
        )


def available(packages):
    """Return the packages to ask for: of Python's venv, the one that fits."""
    if packages == VENV.packages:
        debian = Path("/usr/bin/python3").resolve() == Path(sys.executable).resolve()
        return packages[:1] if debian else packages[1:]
    return packages


def as_root(packages):
    """Return the words that run a command as root: none, or sudo's."""
    if os.getuid() == 0:
        return []
    command = f"apt-get install --no-install-recommends {' '.join(packages)}"
    if shutil.which("sudo"):
        if capture(["sudo", "-n", "true"]).returncode == 0:
            return ["sudo", "-n"]
        if sys.stdin.isatty() and os.system("sudo -v") == 0:
            return ["sudo", "-n"]
        raise Failure(f"sudo does not let this user in. As root, run: {command}")
    raise Failure(f"Neither root nor sudo. As root, run: {command}")
