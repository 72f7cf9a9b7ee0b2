"""Child processes: a clean environment, a log for each, and no orphan when we are killed."""

import ctypes
import os
import signal
import subprocess
import sys

from .console import StoreError

# Each of these would silently override odoo.conf, the virtual environment or the database.
_FOREIGN = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "VIRTUAL_ENV")
_PR_SET_PDEATHSIG = 1


def ignored_variables():
    """Variables of the person's that would have led Odoo to another database."""
    return sorted(name for name in os.environ if name.startswith("PG"))


def clean_environment(**extra):
    """The environment of a child: ours without what would redirect it, plus `extra`."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in _FOREIGN
        and not name.startswith("PG")
        and (not name.startswith("ODOO_") or name.startswith("ODOO_TEST_"))
    }
    return kept | {name: str(value) for name, value in extra.items() if value is not None}


def die_with_parent():
    """Ask Linux to end this child when its parent dies, so that a killed run leaves no orphan."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def attempt(command, **options):
    """Run to the end whatever comes of it.

    :return: the exit code and the output, errors included.
    :raise StoreError: the program is missing.
    """
    options.setdefault("env", clean_environment())
    options.setdefault("stdin", None if "input" in options else subprocess.DEVNULL)
    try:
        done = subprocess.run(
            [str(part) for part in command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            preexec_fn=die_with_parent,
            **options,
        )
    except FileNotFoundError as error:
        raise StoreError(f"{command[0]} is not on this machine: install it.") from error
    return done.returncode, done.stdout


def run(command, *, log=None, failure=None, **options):
    """Run to the end and return the output.

    :param Path log: file that receives the output as well.
    :param str failure: the one line to show when the command fails.
    :raise StoreError: exit code other than 0, or the program is missing.
    """
    code, output = attempt(command, **options)
    if log:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(output)
    if code:
        reason = failure or f"`{' '.join(map(str, command[:3]))} ...` ended with code {code}."
        raise StoreError(_describe(reason, output, log))
    return output


def _describe(reason, output, log):
    tail = "".join(f"\n    {line}" for line in output.strip().splitlines()[-8:])
    return reason + tail + (f"\n    (all of it: {log})" if log else "")


def start(command, output=subprocess.PIPE, **options):
    """Start a child in a session of its own: Ctrl-C reaches us alone and we pass it on.

    :param output: a file for what it prints; else it comes line by line by `stdout`.
    """
    options.setdefault("env", clean_environment())
    options.setdefault("stdin", subprocess.DEVNULL)
    return subprocess.Popen(
        [str(part) for part in command],
        stdout=output,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        preexec_fn=die_with_parent,
        start_new_session=True,
        **options,
    )


def as_root():
    """Whether packages can be installed and other users' processes started."""
    return hasattr(os, "geteuid") and os.geteuid() == 0
