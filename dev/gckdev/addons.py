"""The addons of the suite: which there are, what they depend on, what they are made of.

The repository's root is itself the addon `gck`. Odoo sees the suite through a farm of
links: one directory per addon, for the root a real directory with a link per item, so
that nothing that walks it comes back to the repository and round again.
"""

import ast
import hashlib
import os
import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from .console import Failure, say
from .layout import REPO, RUN, digest

ROOT_NAME = "gck"
ROOT_ITEMS = (
    "__init__.py",
    "__manifest__.py",
    "README.md",
    "controllers",
    "data",
    "demo",
    "hooks.py",
    "i18n",
    "migrations",
    "models",
    "report",
    "security",
    "static",
    "tests",
    "views",
    "wizard",
)
NOT_INSTALLED = {"__pycache__", "tests", "README.md", "pyproject.toml"}
ASSETS = ("static/src", "static/tests", "static/lib", "static/description")


@dataclass(frozen=True)
class Addon:
    """One addon of the suite."""

    name: str
    path: Path

    @cached_property
    def manifest(self):
        """Return the manifest's content."""
        return ast.literal_eval((self.path / "__manifest__.py").read_text())

    @property
    def depends(self):
        """Return the names of the modules it needs."""
        return self.manifest.get("depends") or ["base"]

    def files(self):
        """Yield (path inside the addon, file) of everything that belongs to it."""
        tops = ROOT_ITEMS if self.name == ROOT_NAME else sorted(os.listdir(self.path))
        for top in tops:
            start = self.path / top
            if start.is_file():
                yield top, start
            for folder, folders, names in os.walk(start):
                folders[:] = sorted(set(folders) - {"__pycache__"})
                for name in sorted(names):
                    file = Path(folder) / name
                    yield str(file.relative_to(self.path)), file

    def source_hash(self):
        """Return a hash of what installing or upgrading the addon reads."""
        sha = hashlib.sha256()
        for inner, file in self.files():
            skipped = NOT_INSTALLED & set(inner.split("/")[:1])
            if skipped or inner.startswith(ASSETS) or inner.endswith((".pot", ".pyc")):
                continue
            sha.update(inner.encode() + b"\0" + file.read_bytes() + b"\0")
        return sha.hexdigest()[:12]

    def assets_hash(self):
        """Return a hash of what the browser's bundles are made of.

        Odoo names a bundle after the dates of its files: they count, not the content.
        """
        parts = [
            f"{inner} {file.stat().st_mtime_ns}"
            for inner, file in self.files()
            if inner.startswith("static/")
        ]
        return digest(*parts)


def suite():
    """Return every addon of the repository by name."""
    found = {ROOT_NAME: Addon(ROOT_NAME, REPO)}
    for manifest in sorted((REPO / "addons").glob("*/__manifest__.py")):
        name = manifest.parent.name
        found[name] = Addon(name, manifest.parent)
    return {
        name: addon
        for name, addon in found.items()
        if (addon.path / "__manifest__.py").is_file()
        and addon.manifest.get("installable", True)
    }


def installable(odoo):
    """Return the addons whose dependencies all exist, by name; name the others."""
    addons = suite()
    while True:
        lacking = {
            name: [d for d in addon.depends if d not in addons and not known(odoo, d)]
            for name, addon in addons.items()
        }
        lacking = {name: missing for name, missing in lacking.items() if missing}
        if not lacking:
            return addons
        for name, missing in lacking.items():
            say(f"Left out: {name}, which depends on {', '.join(missing)} (not there)")
            del addons[name]


def known(odoo, name):
    """Tell whether Odoo has a module."""
    return odoo.module_directory(name) is not None


def selection(addons, names):
    """Return the addons named and those of the suite that they depend on.

    The root's tests tell stories across addons: with it come all the others.
    """
    unknown = sorted(set(names) - set(addons))
    if unknown:
        raise Failure(
            f"ADDONS={','.join(unknown)}: no such addon; there are "
            f"{', '.join(sorted(addons))}."
        )
    chosen, queue = {}, list(addons if ROOT_NAME in names else names)
    while queue:
        name = queue.pop()
        if name not in chosen and name in addons:
            chosen[name] = addons[name]
            queue += addons[name].depends
    return dict(sorted(chosen.items()))


def base_modules(addons):
    """Return Odoo's own modules that addons depend on, sorted."""
    needed = {name for addon in addons.values() for name in addon.depends}
    return sorted(needed - set(addons))


def depends_on(odoo, modules, wanted):
    """Tell whether one of Odoo's own modules is or needs a module."""
    seen, queue = set(), list(modules)
    while queue and wanted not in seen:
        name = queue.pop()
        directory = odoo.module_directory(name)
        if directory is not None and name not in seen:
            manifest = ast.literal_eval((directory / "__manifest__.py").read_text())
            queue += manifest.get("depends", [])
        seen.add(name)
    return wanted in seen


def link_farm(addons, everything):
    """Make Odoo's view of some addons and return its directory.

    :param everything: whether these are all; other selections get their own farm
    """
    suffix = "" if everything else "-" + digest(*addons)
    farm = RUN / f"addons{suffix}"
    farm.mkdir(parents=True, exist_ok=True)
    for name in os.listdir(farm):
        if name not in addons:
            remove(farm / name)
    for name, addon in addons.items():
        if name == ROOT_NAME:
            link_items(addon, farm / name)
        else:
            link(addon.path, farm / name)
    return farm


def link_items(addon, folder):
    """Make the root addon's directory: real, with a link per item."""
    folder.mkdir(exist_ok=True)
    for name in os.listdir(folder):
        if name not in ROOT_ITEMS or not (addon.path / name).exists():
            remove(folder / name)
    for name in ROOT_ITEMS:
        if (addon.path / name).exists():
            link(addon.path / name, folder / name)


def link(target, place):
    """Make a relative link, replacing one that points elsewhere."""
    wanted = os.path.relpath(target, place.parent)
    if place.is_symlink() and os.readlink(place) == wanted:
        return
    remove(place)
    place.symlink_to(wanted)


def remove(path):
    """Remove a file, a link or a directory, if it is there."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.is_dir():
        shutil.rmtree(path)
