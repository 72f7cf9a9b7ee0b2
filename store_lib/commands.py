"""The small commands: install, shell, verify, reset."""

import shutil
import signal
import subprocess

from . import postgres
from .console import StoreError, confirm, say, step
from .paths import Paths
from .store import opened

_VERIFY = """
if "jewelry.provenance.event" in env:
    found = env["jewelry.provenance.event"].verify_chains()
    answer = {
        "events": found.events,
        "chains": found.chains,
        "faults": [[fault.chain, fault.seq, fault.reason] for fault in found.faults],
    }
else:
    answer = None
"""


def install(root, options):
    """Install modules in a database, which is made when it does not exist."""
    names = [name for name in options.modules.split(",") if name]
    with opened(root, options) as store:
        if options.database not in store.databases.names():
            store.build(options.database, names)
        else:
            with step(f"install {', '.join(names)} in {options.database}"):
                store.update(options.database, install=names)
        missing = set(names) - store.databases.installed_modules(options.database)
    if missing:
        raise StoreError(f"Odoo knows no module {', '.join(sorted(missing))}.")
    return 0


def shell(root, options):
    """Odoo's Python shell on a database, `env` at hand."""
    with opened(root, options) as store:
        store.require_database(options.database)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the shell
        return subprocess.call(
            list(map(str, store.shell_command(options.database))),
            env=store.environment(),
            cwd=store.paths.state,
        )


def verify(root, options):
    """Check every chain of provenance events; 1 when one is damaged."""
    with opened(root, options) as store:
        store.require_database(options.database)
        with step("verify the provenance chains"):
            found = store.ask(options.database, _VERIFY)
    if found is None:
        raise StoreError(f"{options.database} has no provenance: install jewelry_inventory.")
    for chain, number, reason in found["faults"]:
        say(f"damaged: chain {chain}, event {number}: {reason}")
    state = f"{len(found['faults'])} damaged" if found["faults"] else "all sound"
    say(f"{found['events']} events in {found['chains']} chains: {state}")
    return 1 if found["faults"] else 0


def reset(root, options):
    """Forget this checkout's databases, files and logs; `--cache` what all checkouts share."""
    paths = Paths(root)
    what = "this checkout's databases and files" + (
        " and the shared cache" if options.cache else ""
    )
    if not (options.yes or confirm(f"Remove {what}?")):
        return 1
    paths.state.mkdir(exist_ok=True)
    postgres.destroy(paths)
    shutil.rmtree(paths.state)
    if options.cache:
        shutil.rmtree(paths.cache, ignore_errors=True)
    say(f"Removed {what}.")
    return 0
