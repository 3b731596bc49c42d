"""The PostgreSQL server: a private cluster of this clone, or the user's own (PGHOST).

The private cluster listens on a unix socket only, in a directory that nobody else may
enter. PostgreSQL refuses to run as root: then it runs as `postgres` (or `nobody`). It
gives up safety against power cuts for speed: what it holds can be made again.
"""

import fcntl
import os
import pwd
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

from . import postgres_programs
from .console import Failure, step
from .layout import LOCKS, REPO, RUN, digest, lock, make_directory, need_space
from .process import capture, clean_environment, tail

ROLE = "odoo"
PORT = "5432"  # only a part of the socket's name
SOCKET_LIMIT = 107 - len("/.s.PGSQL.5432.lock")
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "30min",
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "jit": "off",
    "log_min_messages": "fatal",
    "log_min_error_statement": "panic",
}


class Server:
    """A PostgreSQL server that Odoo and psql reach through the environment `env`."""

    def __init__(self, env, private=False):
        self.env = env
        self.private = private  # of this clone alone

    def run(self, *words, check=True, **options):
        """Run one of PostgreSQL's client programs against this server."""
        program = shutil.which(words[0])
        if not program:
            directory = postgres_programs.server_directory() or Path("/usr/bin")
            program = directory / words[0]
        env = clean_environment(**self.env)
        done = capture([program, "-w", *words[1:]], env=env, **options)
        if check and done.returncode:
            raise Failure(f"{words[0]} failed: {done.stderr.strip()[-600:]}")
        return done

    def sql(self, statement, database="postgres"):
        """Run SQL and return its rows as lines, the columns separated by `|`."""
        words = ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", database]
        return self.run(*words, "-c", statement).stdout.strip().splitlines()

    def databases(self):
        """Return the names of all databases."""
        return self.sql("select datname from pg_database")

    def exists(self, name):
        """Tell whether a database exists."""
        return name in self.databases()

    def copy(self, template, name):
        """Make a database as a copy of another."""
        self.sql(f'create database "{name}" template "{template}"')

    def drop(self, name):
        """Drop a database, whoever is connected."""
        self.sql(f'drop database if exists "{name}" with (force)')

    def rename(self, old, new):
        """Give a finished database its name."""
        self.sql(f'alter database "{old}" rename to "{new}"')


def home():
    """Return the directory of the private cluster.

    It is in the build directory, unless the cluster's user cannot get there (a clone
    under /root) or its path is too long for a socket.
    """
    inside = RUN / "postgres"
    user = cluster_user()
    if len(str(inside)) <= SOCKET_LIMIT and (user is None or reaches(user, RUN)):
        return inside
    return Path("/var/tmp") / f"gck-{os.getuid()}-{digest(REPO)}"


def cluster_user():
    """Return the passwd entry that PostgreSQL runs as, None for this user."""
    if os.getuid():
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Failure("Root needs a system user `postgres` to run PostgreSQL: add one.")


def reaches(user, directory):
    """Tell whether a user can enter a directory."""
    make_directory(directory)
    done = capture(["test", "-x", directory], cwd="/", **identity(user))
    return done.returncode == 0


def identity(user):
    """Return the options of subprocess that run a program as a user."""
    if user is None:
        return {}
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


class Cluster:
    """The private cluster: made, started and stopped."""

    def __init__(self):
        self.home = home()
        self.user = cluster_user()
        self.data = self.home / "data"
        self.log = self.home / "log"

    def server(self):
        """Return the server, for clients."""
        env = {"PGHOST": self.home, "PGPORT": PORT, "PGUSER": ROLE}
        return Server(env, private=True)

    def program(self, name, *words):
        """Run one of the server programs as the cluster's user."""
        env = clean_environment(HOME=self.home)
        done = subprocess.run(
            [self.programs() / name, *words],
            cwd="/",
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            **identity(self.user),
        )
        return done

    def programs(self):
        """Return the directory of the programs that fit the cluster's version."""
        version = None
        if (self.data / "PG_VERSION").is_file():
            version = int((self.data / "PG_VERSION").read_text())
        found = postgres_programs.server_directory(version)
        if found is None:
            raise Failure(
                f"The databases in {self.home} are PostgreSQL {version}'s, which is no "
                f"longer installed: install postgresql-{version}, or `make clean`."
            )
        return found

    def make_home(self):
        """Make the cluster's directory, which only its user may enter."""
        if not self.home.exists():
            self.home.mkdir(mode=0o700, parents=True)
            if self.user:
                os.chown(self.home, self.user.pw_uid, self.user.pw_gid)
        owner = self.home.stat().st_uid
        if owner != (self.user.pw_uid if self.user else os.getuid()):
            raise Failure(
                f"{self.home} belongs to another user ({owner}): `make clean` as that "
                "user, or remove it."
            )

    def running(self):
        """Tell whether the cluster runs."""
        if not (self.data / "PG_VERSION").is_file():
            return False
        return self.program("pg_ctl", "-D", self.data, "status").returncode == 0

    def start(self):
        """Start the cluster, made first when there is none."""
        self.make_home()
        if not (self.data / "PG_VERSION").is_file():
            need_space(self.home if not self.user else RUN, 1, "a PostgreSQL cluster")
            with step("Making the PostgreSQL cluster"):
                self.create()
        if self.running():
            return
        settings = [f"-c {key}='{value}'" for key, value in SETTINGS.items()]
        options = " ".join([f"-k '{self.home}' -p {PORT}", *settings])
        words = ("-D", self.data, "-l", self.log, "-w", "-t", "60", "-o", options)
        if self.program("pg_ctl", *words, "start").returncode:
            raise Failure(f"PostgreSQL does not start.\n{tail(self.log)}")

    def create(self):
        """Initialise the cluster beside its place: an interrupted one is redone."""
        partial = self.home / "data.partial"
        if partial.exists():
            shutil.rmtree(partial)
        options = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        done = self.program("initdb", "-D", partial, "-U", ROLE, *options)
        if done.returncode:
            raise Failure(f"initdb failed: {done.stderr.strip()[-600:]}")
        partial.rename(self.data)

    def stop(self):
        """Stop the cluster if it runs."""
        if self.running():
            self.program("pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop")


@contextmanager
def server():
    """Give a running server; the private cluster ends with its last user."""
    if os.environ.get("PGHOST"):
        yield external()
        return
    users = make_directory(LOCKS) / "postgres-users"
    with users.open("a") as handle:
        with lock(LOCKS / "postgres-start"):
            fcntl.flock(handle, fcntl.LOCK_SH)
            cluster = Cluster()
            cluster.start()
        try:
            yield cluster.server()
        finally:
            stop_if_unused(handle)


def stop_if_unused(handle):
    """Stop the private cluster unless another `make` holds the users' lock."""
    with lock(LOCKS / "postgres-start"):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        Cluster().stop()
        return True


def external():
    """Return the server that the environment names, checked."""
    found = Server({})
    if os.environ.get("PGUSER") == "postgres":
        raise Failure("Odoo refuses PGUSER=postgres: make another role.")
    done = found.run("psql", "-XqAt", "-c", "show server_version_num", check=False)
    if done.returncode:
        done = found.run(
            "psql",
            "-XqAt",
            "-d",
            "postgres",
            "-c",
            "show server_version_num",
            check=False,
        )
    if done.returncode:
        raise Failure(
            f"The server PGHOST={os.environ['PGHOST']} does not let us in: "
            f"{done.stderr.strip()}"
        )
    if int(done.stdout) < postgres_programs.OLDEST * 10000:
        raise Failure(
            f"Odoo 19 needs PostgreSQL 13 or later, not {done.stdout.strip()}."
        )
    return found
