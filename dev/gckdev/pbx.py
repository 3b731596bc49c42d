"""`make test-pbx`: a real Asterisk tells a real server of its calls, on loopback.

Debian 12 has no Asterisk, Debian 11 has: a small Debian 11 in the build directory runs
it. Its dialplan is the one of `docs/asterisk`, so that what is documented is tried.
"""

import json
import os
import shutil
import subprocess
import time
from contextlib import contextmanager

from . import addons as suite_addons
from . import databases
from . import server as servers
from .console import Failure, say, step
from .layout import LOGS, REPO, RUN, need_space
from .odoo import Runner
from .process import capture, clean_environment, end, run_logged, tail

SUITE = "bullseye"
MIRROR = "http://deb.debian.org/debian"
SYSTEM = RUN / "pbx" / SUITE
CONFIG = SYSTEM / "gck"
SOURCES = (REPO / "dev" / "pbx", REPO / "docs" / "asterisk")
RECORDED = REPO / "addons" / "gck_llamadas" / "tests" / "data"
PATIENCE = 60
# What is dialled, and what the call must have become: direction, state, phase, outcome,
# extension, partner, and whether somebody spoke for a few seconds.
CALLS = (
    (
        "an incoming call that is answered",
        "channel originate Local/5@callers/n extension 976552010@trunk-101",
        "in|done|ended|answered|101|Cerámicas Júcar|t",
    ),
    (
        "an incoming call that nobody answers",
        "channel originate Local/2@callers/n extension 976552010@trunk-102",
        "in|pending|ended|no_answer|102|Cerámicas Júcar|f",
    ),
    (
        "an outgoing call to a line that is busy",
        "channel originate Local/5@callers/n extension 0911222333@from-telephone",
        "out|done|ended|busy|101||f",
    ),
)
QUERY = """
select c.direction, c.state, c.pbx_phase, r.outcome, c.extension, p.name,
       round(c.duration * 3600) between 2 and 8
  from gck_llamada c
  left join gck_llamada_resultado r on r.id = c.resultado_id
  left join res_partner p on p.id = c.partner_id
 where c.pbx_phase = 'ended' and c.id > {last}
 order by c.id
"""


def mirror():
    """Return the archive that the system itself takes Debian's packages from."""
    lines = capture(
        ["apt-get", "indextargets", "--format", "$(SITE) $(REPO_URI) $(ORIGIN)"]
    ).stdout.splitlines()
    for line in lines:
        words = line.split()
        if len(words) == 3 and words[2] == "Debian" and "security" not in words[1]:
            return words[1].rstrip("/")
    return MIRROR


def obtain():
    """Make the Debian that runs Asterisk, where it is missing."""
    if (SYSTEM / "usr" / "sbin" / "asterisk").exists() and CONFIG.is_dir():
        return
    if os.getuid():
        raise Failure("Only root can make and enter the Debian that runs Asterisk.")
    need_space(RUN, 1, "the Debian that runs Asterisk")
    shutil.rmtree(SYSTEM, ignore_errors=True)
    SYSTEM.parent.mkdir(parents=True, exist_ok=True)
    with step(f"Making a Debian ({SUITE}) with Asterisk") as progress:
        run_logged(
            [
                *("debootstrap", "--variant=minbase", "--include=asterisk"),
                *(SUITE, SYSTEM, mirror()),
            ],
            LOGS / "debootstrap.log",
            "debootstrap (is the network up?)",
            on_line=lambda line: progress.progress(line.removeprefix("I: ")[:60]),
        )
    CONFIG.mkdir()


def configure():
    """Put the exchange's configuration in its place."""
    for name in ("run", "log", "spool", "lib"):
        shutil.rmtree(CONFIG / name, ignore_errors=True)
        (CONFIG / name).mkdir()
    (CONFIG / "log" / "cdr-csv").mkdir()
    for folder in SOURCES:
        for file in folder.glob("*.conf"):
            shutil.copy(file, CONFIG)


def asterisk(*words):
    """Return the words that run Asterisk in its own system."""
    return ["chroot", SYSTEM, "/usr/sbin/asterisk", "-C", "/gck/asterisk.conf", *words]


def command(text):
    """Give the running exchange a command."""
    return capture(asterisk("-rx", text)).stdout


@contextmanager
def exchange():
    """Run Asterisk while the block runs."""
    log = LOGS / "asterisk.log"
    with log.open("w") as output:
        child = subprocess.Popen(
            [str(word) for word in asterisk("-f")],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=clean_environment(),
        )
    try:
        deadline = time.monotonic() + PATIENCE
        while "dialplan" not in command("core show help dialplan show"):
            if child.poll() is not None or time.monotonic() > deadline:
                raise Failure(f"Asterisk does not start.\n{tail(log)}")
            time.sleep(0.5)
        yield
    finally:
        end(child)


def run(python, odoo, server, record=False):
    """Make calls and look for their records; return the exit code.

    :param record: whether what the exchange sent is kept for the ordinary tests
    """
    obtain()
    configure()
    everything = suite_addons.installable(odoo)
    chosen = suite_addons.selection(everything, ["gck_llamadas"])
    farm = suite_addons.link_farm(chosen, everything=chosen == everything)
    runner = Runner(python, odoo, server, farm)
    template = databases.suite_template(runner, chosen, demo=False)
    port = servers.free_port()
    with databases.copy_for_tests(server, template) as database:
        runner.script(
            "pbx_exchange.py",
            database,
            globals=CONFIG / "globals_gck.conf",
            url=f"http://127.0.0.1:{port}/gck/llamadas/evento",
        )
        log = LOGS / "server-pbx.log"
        with servers.serving(runner, database, "127.0.0.1", port, log), exchange():
            passed = sum(call(server, database, *facts) for facts in CALLS)
        if record:
            keep(server, database)
    failed = len(CALLS) - passed
    print(f"{passed} passed, {failed} failed" if failed else f"{passed} passed")
    return 1 if failed else 0


def call(server, database, what, dial, expected):
    """Make one call; tell whether its record says what it should."""
    rows = server.sql("select coalesce(max(id), 0) from gck_llamada", database)
    query = QUERY.format(last=rows[0])
    command(dial)
    deadline = time.monotonic() + PATIENCE
    found = []
    while time.monotonic() < deadline and not found:
        time.sleep(0.5)
        found = server.sql(query, database)
    good = found == [expected]
    say(f"{'✓' if good else '✗'} {what}")
    if not good:
        say(f"  expected {expected}\n  found    {found}\n{tail(CONFIG / 'log/full')}")
    return good


def keep(server, database):
    """Write what the exchange sent, and its file of calls, to the tests' data."""
    RECORDED.mkdir(exist_ok=True)
    rows = server.sql("select payload from gck_centralita_evento order by id", database)
    events = [json.loads(row) for row in rows]
    (RECORDED / "asterisk_events.json").write_text(
        json.dumps(events, indent=2, ensure_ascii=False) + "\n"
    )
    shutil.copy(
        CONFIG / "log" / "cdr-csv" / "Master.csv", RECORDED / "asterisk_master.csv"
    )
    say(f"Recorded {len(events)} events in {RECORDED}.")
