"""`./store run --with-rfid`: the gateway's program beside Odoo, with a store of simulated tags."""

import os
import shutil
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import gateway, python
from .console import StoreError, step
from .process import clean_environment, start
from .system import answers, free_port

_ROOM = "jewelry_rfid"
_DEMO = "jewelry_demo"
#: So many times as fast as a real store: somebody who looks sees something happen.
SPEED = 2
_PATIENCE = 60  # seconds until its readers must run
_TO_STOP = 10  # seconds until it must have ended; it promises five

_FURNISH = """
answer = env["jewelry.demo"]._furnish_readers()
env.cr.commit()
"""
_CONFIGURATION = """# Written by ./store run --with-rfid at each start.
[gateway]
code = "{code}"
[odoo]
url = "http://{host}:{port}"
database = "{database}"
key_file = "key"
[spool]
path = "spool.db"
[health]
port = {health}
# Whoever passes the door is gone in seconds.
[zones.door]
antennas = ["{reader}:{door}"]
appear_reads = 2
move_ms = 250
move_margin_db = 0.0
memory_ms = 1_000
[[readers]]
code = "{reader}"
driver = "simulate"
"""


@dataclass
class Simulation:
    """The files that the gateway is started with, and where it tells how it is."""

    folder: Path
    port: int

    @property
    def health(self):
        """The page on which the gateway tells how it and its readers are."""
        return f"http://127.0.0.1:{self.port}/health"

    @property
    def configuration(self):
        """The gateway's file."""
        return self.folder / "gateway.toml"

    @property
    def tags(self):
        """The numbers of all tags, with the antennas that they lie before."""
        return self.folder / "tags.txt"


def check(options):
    """Refuse what cannot be shown, before anything is prepared.

    :raise StoreError: saying which option is in the way
    """
    wanted = (options.modules or f"{_ROOM},{_DEMO}").split(",")
    if options.no_demo or not {_ROOM, _DEMO} <= set(wanted):
        raise StoreError(f"--with-rfid shows the demo store: it needs {_DEMO} and {_ROOM}.")
    if options.host not in ("127.0.0.1", "localhost", "0.0.0.0"):
        raise StoreError("--with-rfid needs Odoo at 127.0.0.1: leave --host, or give 0.0.0.0.")


def furnish(store, options):
    """Put readers and tags into the demo store, and write the files of a gateway that has a key
    of this database. What an earlier gateway had not sent is forgotten with its key.
    """
    with step("readers, tags and a gateway's key"):
        values = store.ask(options.database, _FURNISH)
    folder = store.paths.state / "rfid" / options.database
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    simulation = Simulation(folder, free_port())
    places = {"host": "127.0.0.1", "port": options.port, "database": options.database}
    simulation.configuration.write_text(
        _CONFIGURATION.format(**places, **values, health=simulation.port)
    )
    lines = [f"{epc} {antenna}\n" for epc, antenna in values["tags"].items()]
    simulation.tags.write_text("".join(lines))
    _write_secret(folder / "key", values["key"])
    return simulation


def _write_secret(path, text):
    with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(text)


@contextmanager
def gateway_beside(store, simulation):
    """Let the gateway run for the time of the block, if there is one; its log is
    `logs/gateway-run.log`.
    """
    if not simulation:
        yield
        return
    log = store.paths.logs / "gateway-run.log"
    with open(log, "w") as output:
        process = _start(store, simulation, output)
    try:
        with step("start the gateway"):
            _await_health(process, simulation, log)
        yield
    finally:
        _stop(process)


def _start(store, simulation, output):
    paths = store.paths
    interpreter = python.prepare(paths, python.GATEWAY, "Python packages of the gateway")
    described = gateway.describe(paths, interpreter)
    environment = clean_environment(PYTHONPATH=f"{paths.root / gateway.NAME / 'src'}:{described}")
    command = [interpreter, "-m", "jewelry_rfid_gateway"]
    command += ["--config", simulation.configuration, "--simulate", simulation.tags]
    return start([*command, "--speed", SPEED], output, cwd=simulation.folder, env=environment)


def _await_health(process, simulation, log):
    """Wait until the readers run.

    :raise StoreError: the gateway has ended, or is not well
    """
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        if answers(simulation.health):
            return
        time.sleep(0.1)
    raise StoreError(f"The gateway does not run: see {log}")


def _stop(process):
    process.terminate()
    try:
        process.wait(_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
