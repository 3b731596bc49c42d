"""Finding PostgreSQL's server programs, which Debian keeps off the PATH."""

import glob
import re
import shutil
from pathlib import Path

from .process import capture

OLDEST = 13
PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/local/pgsql/bin",
    "/opt/homebrew/opt/postgresql*/bin",
)


def major(directory):
    """Return the version of the server programs in a directory."""
    printed = capture([Path(directory) / "postgres", "--version"]).stdout
    found = re.search(r"(\d+)", printed)
    return int(found.group(1)) if found else 0


def server_directory(version=None):
    """Return the directory of the newest usable server programs, None without.

    :param version: the only acceptable major version, that of an existing cluster
    """
    places = [found for place in PLACES for found in glob.glob(place)]
    on_path = shutil.which("initdb")
    if on_path:
        places.append(str(Path(on_path).resolve().parent))
    usable = {
        major(place): Path(place)
        for place in places
        if all(
            (Path(place) / name).exists() for name in ("initdb", "pg_ctl", "postgres")
        )
    }
    if version:
        return usable.get(version)
    newest = max(usable, default=0)
    return usable[newest] if newest >= OLDEST else None
