"""The virtual environment of requirements.txt, kept in the user's cache."""

import re
import shutil
import sys

from .console import step
from .layout import LOGS, REPO, cache, digest, lock, need_space
from .process import run_logged

REQUIREMENTS = REPO / "requirements.txt"


def obtain():
    """Return the Python of the virtual environment, made first when it has to be."""
    pins = REQUIREMENTS.read_text()
    key = digest(pins, sys.version, sys.base_prefix)
    final = cache() / f"venv-{key}"
    python = final / "bin" / "python"
    complete = final / "gck-complete"
    if complete.exists() and python.exists():
        return python
    with lock(cache() / "venv.lock"):
        if not complete.exists():
            need_space(cache(), 1, "the virtual environment")
            with step("Installing Python packages") as progress:
                make(final, python, len(re.findall(r"^\w.*==", pins, re.M)), progress)
            complete.touch()
    return python


def make(final, python, total, progress):
    """Make the environment where it stays: its programs know their own place."""
    shutil.rmtree(final, ignore_errors=True)
    log = LOGS / "venv.log"
    run_logged([sys.executable, "-m", "venv", final], log, "Making the environment")
    seen = 0

    def on_line(line):
        nonlocal seen
        if line.startswith("Collecting "):
            seen += 1
            progress.progress(f"[{seen}/{total}] {line.split()[1]}")
        elif line.startswith("Installing collected"):
            progress.progress("unpacking")

    pip = [python, "-m", "pip", "install", "--no-input", "--progress-bar", "off"]
    run_logged(
        [*pip, "--disable-pip-version-check", "-r", REQUIREMENTS],
        log,
        "Installing Python packages (is the network up?)",
        on_line=on_line,
    )
