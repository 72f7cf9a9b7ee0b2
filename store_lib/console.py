"""What the person at the terminal sees: steps with elapsed time, notes, one-line errors."""

import sys
import threading
import time
from contextlib import contextmanager


class StoreError(Exception):
    """A problem with its remedy, in one line: printed without a traceback, exit code 2."""


def say(text=""):
    """Print a result, at once also when the output is a pipe."""
    print(text, flush=True)


def note(text):
    """Print what happens on the way, apart from results."""
    print(f"  {text}", file=sys.stderr, flush=True)


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
        outcome = "failed after" if sys.exc_info()[0] else "done in"
        note(f"{label:<58} {outcome:<12} {time.monotonic() - started:6.1f} s")


def _start_ticker(label, started, stop):
    """Count the seconds on a terminal; on a pipe one line says that the step began."""
    if not sys.stderr.isatty():
        note(f"{label} ...")
        return None
    ticker = threading.Thread(target=_tick, args=(label, started, stop), daemon=True)
    ticker.start()
    return ticker


def _tick(label, started, stop):
    while not stop.wait(0.5):
        seconds = time.monotonic() - started
        print(f"  {label:<58} {'':<12} {seconds:6.1f} s\r", end="", file=sys.stderr, flush=True)


def confirm(question):
    """Ask yes or no; no terminal means no."""
    if not sys.stdin.isatty():
        raise StoreError(f"{question} There is no terminal to ask: add --yes.")
    return input(f"{question} [y/N] ").strip().lower() in ("y", "yes")
