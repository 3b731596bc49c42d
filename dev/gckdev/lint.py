"""`make lint`: style (ruff), Odoo's conventions (pylint-odoo), well-formed XML."""

import subprocess
import xml.sax
from pathlib import Path

from . import addons
from .console import Failure, say
from .layout import REPO, RUN
from .process import clean_environment


def run(python, names):
    """Run the checks named (all without names), whatever the ones before say.

    :return: the exit code
    """
    checks = {
        "ruff": lambda: ruff(python, "check", "--output-format=concise"),
        "format": lambda: ruff(python, "format", "--check", "--output-format=concise"),
        "pylint": lambda: pylint(python),
        "xml": well_formed,
    }
    unknown = set(names) - set(checks)
    if unknown:
        raise Failure(f"CHECKS: there are {', '.join(checks)}, not {unknown.pop()}.")
    names = names or list(checks)
    failed = [name for name in names if not checks[name]()]
    if failed:
        cure = " (make format cures it)" if "format" in failed else ""
        say(f"make lint: {', '.join(failed)} found something, see above{cure}.")
        return 1
    say(f"make lint: {', '.join(names)} found nothing.")
    return 0


def form(python):
    """Put the Python files into shape: order of imports and layout."""
    checked = ruff(python, "check", "--select", "I", "--fix")
    return 0 if ruff(python, "format") and checked else 1


def ruff(python, *words):
    """Run ruff on the repository."""
    return call([python.with_name("ruff"), *words, "--quiet", "."])


def pylint(python):
    """Run pylint-odoo on every addon as Odoo sees it."""
    suite = addons.suite()
    farm = addons.link_farm(suite, everything=True)
    folders = [str((farm / name).relative_to(REPO)) for name in suite]
    return call([python.with_name("pylint"), *folders])


def call(words):
    """Run a program in the repository; tell whether it was content."""
    words = [str(word) for word in words]
    env = clean_environment(PYLINTHOME=RUN / "pylint_cache")
    done = subprocess.run(
        words, cwd=REPO, env=env, stdin=subprocess.DEVNULL, check=False
    )
    return done.returncode == 0


def well_formed():
    """Parse every XML file of the repository; print the errors."""
    sound = True
    for path in xml_files():
        try:
            xml.sax.parse(str(path), xml.sax.ContentHandler())
        except xml.sax.SAXParseException as error:
            place = f"{path.relative_to(REPO)}:{error.getLineNumber()}"
            say(f"{place}: {error.getMessage()}")
            sound = False
    return sound


def xml_files():
    """Yield the repository's XML files (also SVG), build directory aside."""
    for pattern in ("*.xml", "*.svg"):
        for path in sorted(Path(REPO).rglob(pattern)):
            if not path.is_relative_to(RUN):
                yield path
