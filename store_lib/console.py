"""What the person at the terminal sees: steps with elapsed time, notes, one-line errors."""

import sys
import threading
import time
from contextlib import contextmanager


class StoreError(Exception):
    """A problem with its remedy, in one line: printed without a traceback, exit code 2."""


def say(text=""):
    """Print at once, also when the output is a pipe."""
    print(text, flush=True)


@contextmanager
def step(label):
    """Show `label` while the block runs, then the seconds it took."""
    started = time.monotonic()
    stop = threading.Event()
    ticker = _start_ticker(label, started, stop)
    try:
        yield
    finally:
        stop.set()
        if ticker:
            ticker.join()
        outcome = "failed after" if sys.exc_info()[0] else ""
        say(f"  {label:<58} {outcome} {time.monotonic() - started:6.1f} s")


def _start_ticker(label, started, stop):
    """Count the seconds on a terminal; on a pipe one line says that the step began."""
    if not sys.stdout.isatty():
        say(f"  {label} ...")
        return None
    ticker = threading.Thread(target=_tick, args=(label, started, stop), daemon=True)
    ticker.start()
    return ticker


def _tick(label, started, stop):
    while not stop.wait(0.5):
        print(f"  {label:<58}  {time.monotonic() - started:6.1f} s", end="\r", flush=True)


def confirm(question):
    """Ask yes or no; no terminal means no."""
    if not sys.stdin.isatty():
        raise StoreError(f"{question} There is no terminal to ask: add --yes.")
    return input(f"{question} [y/N] ").strip().lower() in ("y", "yes")
