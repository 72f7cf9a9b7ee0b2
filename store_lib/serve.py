"""`./store run`: the database brought up to date, Odoo started, the person told where it is."""

import json
import re
import signal
import threading
import time

from . import modules as our_modules
from . import rfid
from .build import locked
from .console import StoreError, say, step
from .paths import digest
from .store import opened
from .system import answers, require_port

_PATIENCE = 180  # seconds until Odoo must have answered


def run(root, options):
    """Prepare, start Odoo, print where it is and wait for Ctrl-C."""
    if options.with_rfid:
        rfid.check(options)
    require_port(options.port, options.host)
    started = time.monotonic()
    with opened(root, options) as store:
        with locked(store.paths.state / "prepare.lock", "preparing the database"):
            _bring_up_to_date(store, options)
            simulation = rfid.furnish(store, options) if options.with_rfid else None
        return _serve(store, options, started, simulation)


# === THE DATABASE === #


def _bring_up_to_date(store, options):
    """Create the database, or install and upgrade what changed since the last start."""
    wanted = _choose(store, options)
    prints = {name: module.fingerprint() for name, module in wanted.items()}
    stamp = _find_stamp(store, options.database)
    if options.database not in store.databases.names():
        stamp.unlink(missing_ok=True)
        store.build(options.database, sorted(wanted))
    else:
        _refresh(store, options.database, wanted, _read_stamp(stamp), prints)
    stamp.write_text(json.dumps(_read_stamp(stamp) | prints))


def _choose(store, options):
    everything = store.modules(demo=not options.no_demo)
    names = [name for name in (options.modules or "").split(",") if name]
    return our_modules.select(everything, names)


def _find_stamp(store, database):
    """The file that tells what the database was last brought up to; two servers may each have one
    of that name.
    """
    server = digest(store.server.host, store.server.port)
    return store.paths.state / f"database-{database}-{server}.json"


def _read_stamp(stamp):
    try:
        return json.loads(stamp.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return {}


def _refresh(store, database, wanted, before, prints):
    installed = store.databases.installed_modules(database)
    missing = sorted(set(wanted) - installed)
    changed = sorted(n for n in wanted if n in installed and before.get(n) != prints[n])
    if missing or changed:
        with step(f"database {database}: {len(missing)} new, {len(changed)} changed modules"):
            store.update(database, missing, changed)


# === THE SERVER === #


def _serve(store, options, started, simulation=None):
    log = store.paths.logs / "run.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    address = f"http://{options.host}:{options.port}"
    places = [f"--http-interface={options.host}", f"--http-port={options.port}"]
    with open(log, "w") as output:
        process = store.start(options.database, *places, output=output)
    stopping = _stop_with(process)
    try:
        with step("start Odoo"):
            _await_answer(process, address, log)
        with rfid.gateway_beside(store, simulation):
            _introduce(store, address, log, time.monotonic() - started)
            if simulation:
                say(
                    f"The readers' wall: {address}/odoo/wall, and how they are: {simulation.health}"
                )
            if options.check:
                process.send_signal(signal.SIGINT)
            code = process.wait()
    finally:
        process.terminate()
        process.wait()
    if code and not (stopping.is_set() or options.check):
        raise StoreError(f"Odoo ended with code {code}: see {log}")
    return 0


def _stop_with(process):
    """Pass Ctrl-C and SIGTERM on, once; Odoo then ends by itself."""
    stopping = threading.Event()

    def forward(number, frame):
        stopping.set()
        process.terminate()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, forward)
    return stopping


def _await_answer(process, address, log):
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise StoreError(f"Odoo stopped while it started: see {log}")
        if answers(f"{address}/web/login"):
            return
        time.sleep(0.2)
    raise StoreError(f"Odoo did not answer within {_PATIENCE} s: see {log}")


def _introduce(store, address, log, seconds):
    say(f"\nThe store is open after {seconds:.0f} s: {address}")
    say(_section(store.paths.root / "README.md", "Logins"))
    say(_section(store.paths.root / "README.md", "Things to try"))
    say(f"Log: {log}\nCtrl-C closes the store; ./store run opens it again.")


def _section(readme, title):
    """The text below a heading of the README, which is its only place."""
    found = re.search(rf"^#+ {title}\n+(.*?)(?=^#|\Z)", readme.read_text(), re.M | re.S)
    return f"\n{title}\n{found[1].rstrip()}\n" if found else ""
