"""Odoo 19's source: the user's checkout, or Debian's package unpacked in the cache.

Debian has Odoo 19 only in the suite sid, and its dependencies are sid's as well; so it
is not installed. A private apt configuration (own list of sources, own directories)
downloads the package and those that its fonts and scripts link to, and they are
unpacked together under one prefix. The system's sources stay as they are.
"""

import compileall
import json
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from .console import Failure, step
from .layout import LOGS, building, cache, digest, lock, make_directory, need_space
from .process import capture, clean_environment, run_logged

SUITE = "sid"
PACKAGES = (
    "odoo-19",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-inconsolata",
    "fonts-montserrat",
    "fonts-ocr-b",
    "fonts-roboto-unhinted",
)
# The web font that Odoo links to is in none of the later versions.
ICON_FONT = "fonts-font-awesome"
ICON_SUITES = ("bookworm", "trixie")
DEBIAN_SUITES = {
    "bullseye",
    "bookworm",
    "trixie",
    "forky",
    "sid",
    "oldoldstable",
    "oldstable",
    "stable",
    "testing",
    "unstable",
}
KEYRINGS = (
    "/usr/share/keyrings/debian-archive-keyring.gpg",
    "/usr/share/keyrings/debian-archive-keyring.pgp",
)
RECIPE = 1  # raise it when what is done to the unpacked tree changes

OWN_CHECKOUT = "or set ODOO_SRC=/path/to/an/odoo-19/checkout"


@dataclass(frozen=True)
class Odoo:
    """An Odoo 19 source tree."""

    root: Path  # what goes on PYTHONPATH
    addons: tuple  # addons directories besides root/odoo/addons
    fingerprint: str  # changes when the source changes

    def module_directory(self, name):
        """Return the directory of one of Odoo's own modules, None when unknown."""
        for parent in (*self.addons, self.root / "odoo" / "addons"):
            if (parent / name / "__manifest__.py").is_file():
                return parent / name
        return None


def obtain():
    """Return Odoo's source, fetched first when it has to be."""
    own = os.environ.get("ODOO_SRC")
    return from_checkout(Path(own).expanduser()) if own else from_debian()


def from_checkout(path):
    """Return the source that the user points to, a checkout or an installed tree."""
    path = path.absolute()
    candidates = (path, path.parent, path / "usr/lib/python3/dist-packages")
    for root in candidates:
        release = root / "odoo" / "release.py"
        if release.is_file():
            break
    else:
        raise Failure(f"ODOO_SRC={path} holds no Odoo: odoo/release.py is not there.")
    text = release.read_text()
    if not re.search(r"version_info\s*=\s*\(\s*19\s*,\s*0", text):
        raise Failure(f"ODOO_SRC={path} is not Odoo 19.0 (see {release}).")
    commit = capture(["git", "-C", root, "rev-parse", "HEAD"]).stdout.strip()
    addons = root / "addons"
    extra = (addons,) if (addons / "web" / "__manifest__.py").is_file() else ()
    return Odoo(root, extra, digest(root, text, commit))


def from_debian():
    """Return Debian's package, downloaded and unpacked in the user's cache."""
    final = cache() / f"odoo-{digest(RECIPE, SUITE, *PACKAGES, ICON_FONT)}"
    facts = final / "gck.json"
    with lock(cache() / "odoo.lock"):
        if not facts.is_file():
            need_space(cache(), 3, "unpacking Odoo 19")
            packages = downloaded() or download()
            with step("Unpacking Odoo 19"), building(final) as partial:
                unpack(packages, partial)
        root = final / "usr/lib/python3/dist-packages"
        compile_once(root, final)
    versions = json.loads(facts.read_text())["packages"]
    return Odoo(root, (), digest(*versions))


def archive():
    """Return the address and suite of the Debian archive that the system uses."""
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise Failure(
            "apt-get is missing: Odoo 19 comes from Debian's archive. Run on Debian, "
            f"{OWN_CHECKOUT}."
        )
    rows = capture(
        ["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)"]
        + ["Created-By: Packages"]
    ).stdout
    for row in rows.splitlines():
        uri, suite, component = [*row.split(), "", "", ""][:3]
        if suite in DEBIAN_SUITES and component == "main" and "security" not in uri:
            return uri, suite
    raise Failure(
        "None of apt's sources is a Debian archive (main), from which Odoo 19 is "
        f"taken: add one, {OWN_CHECKOUT}."
    )


def downloaded():
    """Return the packages of a download that ended well, [] without one."""
    complete = cache() / "downloads" / "complete.json"
    if not complete.is_file():
        return []
    packages = [complete.with_name(name) for name in json.loads(complete.read_text())]
    return packages if all(package.is_file() for package in packages) else []


def download():
    """Download the packages with a private apt configuration; return their files."""
    uri, suite = archive()
    suites = [suite] if suite in ICON_SUITES else list(ICON_SUITES)
    folder = make_directory(cache() / "downloads")
    private = cache() / "apt"
    for part in ("lists/partial", "cache/archives/partial"):
        make_directory(private / part)
    key = next((key for key in KEYRINGS if Path(key).is_file()), None)
    signed = f"[signed-by={key}] " if key else ""
    sources = private / "sources.list"
    options = [
        *("-o", f"Dir::Etc::SourceList={sources}", "-o", "Dir::Etc::SourceParts=-"),
        *("-o", "Dir::Etc::Preferences=/dev/null"),
        *("-o", f"Dir::State::Lists={private}/lists"),
        *("-o", f"Dir::Cache={private}/cache", "-o", "Acquire::Languages=none"),
        *("-o", "Dir::Etc::PreferencesParts=/dev/null"),
        *("-o", "Acquire::Retries=3", "-o", "APT::Update::Error-Mode=any"),
    ]
    if os.getuid() == 0:
        options += ["-o", "APT::Sandbox::User=root"]
    with step("Downloading Odoo 19") as progress:
        for icon_suite in suites:
            sources.write_text(
                "".join(f"deb {signed}{uri} {s} main\n" for s in (SUITE, icon_suite))
            )
            wanted = [f"{name}/{SUITE}" for name in PACKAGES]
            wanted.append(f"{ICON_FONT}/{icon_suite}")
            try:
                progress.progress("package lists")
                apt(["update", *options], "update.log")
                progress.progress("122 MB")
                apt(["download", *options, *wanted], "download.log", cwd=folder)
                break
            except Failure as error:
                failure = error
        else:
            raise Failure(
                f"Odoo 19 could not be downloaded from {uri}: is the network up, and "
                f"does that archive have the suite {SUITE}? Repair it, {OWN_CHECKOUT}."
                f"\n{failure}"
            )
    shutil.rmtree(private)
    packages = sorted(newest(folder, name) for name in (*PACKAGES, ICON_FONT))
    names = [package.name for package in packages]
    (folder / "complete.json").write_text(json.dumps(names))
    return packages


def apt(words, log, **options):
    """Run apt-get with its output in a log."""
    env = clean_environment(DEBIAN_FRONTEND="noninteractive")
    run_logged(["apt-get", "-q", *words], LOGS / log, "apt-get", env=env, **options)


def newest(folder, name):
    """Return the last downloaded file of a package."""
    files = sorted(folder.glob(f"{name}_*.deb"), key=lambda path: path.stat().st_mtime)
    return files[-1]


def unpack(packages, prefix):
    """Unpack the packages under one prefix and cure what Debian leaves broken."""
    for package in packages:
        run_logged(
            ["dpkg-deb", "-x", package, prefix],
            LOGS / "unpack.log",
            f"Unpacking {package} (damaged? remove it and try again)",
        )
    root = prefix / "usr/lib/python3/dist-packages"
    for stray in ("addons", "doc", "setup"):  # copies of sources, on nobody's path
        shutil.rmtree(root / stray, ignore_errors=True)
    # Left out by Debian, yet listed in mail's assets: without it every page of the
    # backend writes an error to the browser's console.
    selfie = root / "odoo/addons/mail/static/lib/selfie_segmentation"
    selfie.mkdir(parents=True, exist_ok=True)
    (selfie / "selfie_segmentation.js").write_text("// not part of Debian's package\n")
    cure_links(prefix)
    (prefix / "gck.json").write_text(
        json.dumps({"packages": [package.name for package in packages]}, indent=1)
    )


def cure_links(prefix):
    """Point dangling links to the file that they mean, or remove them.

    One is known: the point of sale's font, now in another folder of its package.
    """
    moved = {
        "Inconsolata.otf": prefix
        / "usr/share/fonts/opentype/inconsolata/Inconsolata-Regular.otf"
    }
    for folder, _folders, files in os.walk(prefix):
        for name in files:
            link = Path(folder) / name
            if link.is_symlink() and not link.exists():
                link.unlink()
                target = moved.get(name)
                if target and target.is_file():
                    link.symlink_to(os.path.relpath(target, link.parent))


def compile_once(root, prefix):
    """Byte-compile the source for this Python, so that every start is fast.

    Other countries' localisations are left out: who installs one compiles it then.
    """
    done = prefix / f"compiled-{os.sys.implementation.cache_tag}"
    if done.exists():
        return
    with step("Compiling Odoo 19"):
        compileall.compile_dir(
            root / "odoo",
            quiet=2,
            workers=os.cpu_count(),
            rx=re.compile(r"/l10n_(?!es[/_])|/tests/|/upgrade_code/"),
        )
    done.touch()
