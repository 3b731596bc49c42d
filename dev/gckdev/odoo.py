"""Running Odoo: its configuration, its commands, what it tells while it works."""

import re
import subprocess
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from .console import Failure
from .layout import LOGS, RUN, SCRIPTS
from .odoo_source import Odoo
from .postgres import Server
from .process import clean_environment, run_logged, tail

LANGUAGE = "es_ES"
LOADING = re.compile(r"Loading module (\S+) \((\d+)/(\d+)\)")
CONFIG = """[options]
addons_path = {addons_path}
data_dir = {data_dir}
list_db = False
log_handler = werkzeug:WARNING,weasyprint:ERROR,fontTools:ERROR
screenshots = {screenshots}
"""


@dataclass(frozen=True)
class Runner:
    """Odoo with one view of the suite, on one database server."""

    python: Path
    odoo: Odoo
    server: Server
    farm: Path | None = None  # links to the suite's addons; None: Odoo alone

    def environment(self, **more):
        """Return the environment that Odoo runs in."""
        return clean_environment(PYTHONPATH=self.odoo.root, **self.server.env, **more)

    def config(self):
        """Write the configuration file of this view and return its path."""
        name = self.farm.name if self.farm else "odoo"
        path = RUN / f"{name}.conf"
        folders = [*self.odoo.addons, *([self.farm] if self.farm else [])]
        if not folders:
            folders = [self.odoo.root / "odoo" / "addons"]
        path.write_text(
            CONFIG.format(
                addons_path=",".join(map(str, folders)),
                data_dir=RUN / "data",
                screenshots=RUN / "screenshots",
            )
        )
        return path

    def command(self, *words):
        """Return the words of an Odoo command; subcommands come before options."""
        first = list(takewhile(lambda word: not word.startswith("-"), words))
        rest = words[len(first) :]
        return [self.python, "-m", "odoo", *first, "-c", self.config(), *rest]

    def load(self, database, *options, progress=None, what="Loading modules"):
        """Install or upgrade modules and show which one is at hand."""

        def on_line(line):
            found = LOADING.search(line)
            if found and progress:
                name, index, total = found.groups()
                progress.progress(f"[{index}/{total}] loading {name}")

        run_logged(
            self.command("-d", database, "--no-http", "--stop-after-init", *options),
            LOGS / f"load-{database}.log",
            what,
            on_line=on_line,
            env=self.environment(),
            cwd=RUN,
        )

    def script(self, name, database, **parameters):
        """Run one of our scripts in Odoo's shell; it reads parameters as GCK_NAME."""
        log = LOGS / f"{Path(name).stem}-{database}.log"
        env = self.environment(
            **{f"GCK_{key.upper()}": value for key, value in parameters.items()}
        )
        words = self.command("shell", "-d", database, "--no-http", "--log-level=warn")
        with (SCRIPTS / name).open() as source, log.open("w") as output:
            done = subprocess.run(
                [str(word) for word in words],
                stdin=source,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=env,
                cwd=RUN,
                check=False,
            )
        if done.returncode:
            raise Failure(f"{name} failed on {database}.\n{tail(log)}\nLog: {log}")
