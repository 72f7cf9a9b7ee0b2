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
        "damaged": len(found.faults),
        "first": env["jewelry.provenance.check"]._describe_faults(found.faults).splitlines(),
        "fork_of": env["jewelry.provenance.anchor"]._find_fork(),
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
    """Check every chain of provenance events, and tell the first bad event of each damaged one.

    :return: 1 when one is damaged; a copy that went its own way is a fork, and no damage.
    """
    with opened(root, options) as store:
        store.require_database(options.database)
        with step("verify the provenance chains"):
            found = store.ask(options.database, _VERIFY)
    if found is None:
        raise StoreError(f"{options.database} has no provenance: install jewelry_inventory.")
    for line in found["first"]:
        say(f"damaged: {line}")
    if found["fork_of"]:
        say(f"This is a copy of database {found['fork_of']}: from here on a fork of its history.")
    state = f"{found['damaged']} damaged" if found["damaged"] else "all sound"
    say(f"{found['events']} events in {found['chains']} chains: {state}")
    return 1 if found["damaged"] else 0


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
