"""PostgreSQL: a private cluster on a unix socket, or the server of --database-url."""

import fcntl
import os
import shutil
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from .build import ensure, locked
from .console import StoreError, step
from .process import as_root, run
from .system import apt_install, find_folders

# Trust is safe here: no TCP, and the socket's folder admits its owner only.
_INITDB = ["-U", "odoo", "--auth-local=trust", "--auth-host=reject"]
_INITDB += ["-E", "UTF8", "--locale=C.UTF-8", "-N"]
_CONFIGURATION = """
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
synchronous_commit = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 4GB
checkpoint_timeout = 30min
shared_buffers = 512MB
work_mem = 32MB
"""
_WANTED = "--database-url wants postgresql://user:password@host:port"
_WHEEL, _WHEEL_MAJOR = "pgserver==0.1.4", "16"
_POSSIBLE = ("usr/lib/postgresql/*/bin", "opt/homebrew/opt/postgresql@*/bin", "usr/pgsql-*/bin")


@dataclass(frozen=True)
class Server:
    """How to reach PostgreSQL; fields left empty follow the driver's default."""

    host: str
    user: str = "odoo"
    port: str = ""
    password: str = field(default="", repr=False)

    @property
    def options(self):
        """Odoo's command line options; the password goes by environment, not by `ps`."""
        options = [f"--db_host={self.host}", f"--db_user={self.user}"]
        return options + ([f"--db_port={self.port}"] if self.port else [])

    @property
    def environment(self):
        """What a child's environment needs to log in."""
        return {"PGPASSWORD": self.password or None}


@contextmanager
def server(paths, own=None):
    """The running server for the time of the block: the person's `own`, or a private one.

    A private cluster is stopped at the end unless another `./store` still uses it.
    """
    if own:
        yield own
    else:
        with _Cluster(paths).running() as private:
            yield private


def parse_url(url):
    """The Server that --database-url names.

    `host` may be given as a parameter too, which is how a socket folder is named.

    :raise StoreError: it names none.
    """
    try:
        parts = urlsplit(url)
        port = str(parts.port or "")
    except ValueError as error:
        raise StoreError(f"{_WANTED} ({error})") from error
    host = parts.hostname or parse_qs(parts.query).get("host", [""])[0]
    if parts.scheme not in ("postgresql", "postgres") or not host:
        raise StoreError(_WANTED)
    if parts.username in (None, "postgres"):
        raise StoreError("--database-url wants a user, other than postgres: Odoo refuses that one.")
    return Server(host, unquote(parts.username), port, unquote(parts.password or ""))


def destroy(paths):
    """Stop the private cluster and remove it with all its databases.

    :raise StoreError: another `./store` uses it.
    """
    _Cluster(paths).destroy()


class _Cluster:
    """The cluster of one checkout. Root runs it as user postgres, outside root's home."""

    def __init__(self, paths):
        self.paths = paths
        self.users = paths.state / "pg.users"
        if as_root():
            self.home = Path(f"/var/lib/jewelry-store/{paths.key}")
            # A socket's path may have 107 bytes: never below the checkout.
            self.socket = self.home / "socket"
            self.identity = {"user": "postgres", "group": "postgres", "extra_groups": []}
        else:
            self.home = paths.state / "pg"
            self.socket = Path(f"/tmp/jewelry-{os.geteuid()}-{paths.key}")
            self.identity = {}

    @contextmanager
    def running(self):
        """Start the cluster when it is down; its last user stops it."""
        self.paths.state.mkdir(exist_ok=True)
        with open(self.users, "a") as users:
            with self._exclusively("starting PostgreSQL"):
                control = self._prepare()
                fcntl.flock(users, fcntl.LOCK_SH)
                self._start(control)
            try:
                yield Server(str(self.socket))
            finally:
                with self._exclusively("stopping PostgreSQL"):
                    self._stop_if_unused(control, users)

    def _exclusively(self, what):
        return locked(self.paths.state / "pg.lock", what)

    def _prepare(self):
        binaries = _find_binaries(self.paths, self._read_version())
        data = self.home / "cluster"
        ensure(
            data, "private PostgreSQL cluster", lambda folder: self._initialise(binaries, folder)
        )
        self._own(self.socket)
        return [binaries / "pg_ctl", "-D", data / "data", "-w"]

    def _read_version(self):
        """The major version that made the cluster, None before it exists."""
        version = self.home / "cluster/data/PG_VERSION"
        made = (self.home / "cluster/.complete").exists()
        return version.read_text().strip() if made else None

    def _initialise(self, binaries, folder):
        data = folder / "data"
        self._own(data)
        self._run([binaries / "initdb", "-D", data, *_INITDB])
        with open(data / "postgresql.conf", "a") as configuration:
            configuration.write(_CONFIGURATION.format(socket=self.socket))

    def _own(self, folder):
        """A folder for the cluster's user alone."""
        folder.mkdir(parents=True, exist_ok=True)
        if self.identity:
            shutil.chown(folder, "postgres", "postgres")
        elif folder.stat().st_uid != os.geteuid():
            raise StoreError(f"{folder} belongs to somebody else: remove it.")
        folder.chmod(0o700)

    def _start(self, control):
        if self._is_up(control):
            return
        with step("start PostgreSQL"):
            log = self.socket / "log"
            failure = f"PostgreSQL did not start: see {log}, or give --database-url."
            self._run([*control, "-l", log, "start"], failure=failure)

    def _is_up(self, control):
        try:
            self._run([*control, "status"])
        except StoreError:
            return False
        return True

    def _stop_if_unused(self, control, users):
        if _try_lock(users):
            self._run([*control, "-m", "fast", "stop"])

    def destroy(self):
        """Remove the data; the server must have no user left."""
        with self._exclusively("removing PostgreSQL"), open(self.users, "a") as users:
            if not _try_lock(users):
                raise StoreError("A ./store still uses the database: stop that one first.")
            if self._read_version():
                control = self._prepare()
                if self._is_up(control):
                    self._run([*control, "-m", "fast", "stop"])
        for folder in (self.home, self.socket):
            shutil.rmtree(folder, ignore_errors=True)

    def _run(self, command, **options):
        return run(command, cwd="/", **self.identity, **options)


def _try_lock(users):
    """Whether nobody else holds the file of users."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


# === THE SERVER'S PROGRAMS === #


def _find_binaries(paths, version=None):
    """The folder of initdb and pg_ctl: the machine's, else Debian's package, else a wheel."""
    found = _installed(version)
    if found:
        return found
    if not as_root() and version in (None, _WHEEL_MAJOR):
        return _from_wheel(paths)
    if version:
        raise StoreError(
            f"The data was made by PostgreSQL {version}, which is gone: install it again,"
            " or start anew by ./store reset."
        )
    apt_install("postgresql")
    return _installed()


def _installed(version=None):
    for folder in find_folders(*_POSSIBLE):
        if (folder / "initdb").exists() and (not version or version in folder.parts):
            return folder
    return None


def _from_wheel(paths):
    """PostgreSQL 16 from PyPI, for a person who cannot install packages."""
    folder = paths.cache / f"pgserver-{_WHEEL.partition('==')[2]}"
    failure = "PostgreSQL is missing: apt-get install postgresql, or give --database-url."
    pip = [sys.executable, "-m", "pip", "install", "-q", "--target"]
    ensure(
        folder,
        "PostgreSQL from a Python wheel",
        lambda target: run([*pip, target, _WHEEL], failure=failure) and None,
    )
    return folder / "pgserver/pginstall/bin"
