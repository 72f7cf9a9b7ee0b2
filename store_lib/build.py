"""Work that is done once, may be killed at any moment, and is never done twice at a time."""

import fcntl
import json
import os
import shutil
from contextlib import contextmanager

from .console import StoreError, note, step

_MARK = ".complete"


def ensure(folder, label, builder):
    """Build `folder` once.

    Its name holds a hash of its inputs, so a changed input is another folder. The mark is
    written last: a folder without it was interrupted and is built again from nothing.

    :param builder: called with the empty folder; what it returns is kept in the mark.
    :return: what the builder returned, then or now.
    """
    mark = folder / _MARK
    if not mark.exists():
        with locked(folder.with_name(f"{folder.name}.lock"), label), step(label):
            if not mark.exists():
                _build(folder, mark, builder)
    return json.loads(mark.read_text())


def _build(folder, mark, builder):
    _discard(folder)
    folder.mkdir(parents=True)
    facts = json.dumps(builder(folder))
    draft = mark.with_suffix(".draft")
    draft.write_text(facts)
    draft.rename(mark)
    _sweep(folder)


def _discard(folder):
    """Move an interrupted build away, then remove it: a program that outlived it, such as the tar
    of dpkg-deb, may still write into it.
    """
    if folder.exists():
        folder.rename(folder.with_name(f"{folder.name}.{os.getpid()}.old"))
    _sweep(folder)


def _sweep(folder):
    """Remove what was moved away; once more after the build, when nobody writes there any more."""
    for leftover in folder.parent.glob(f"{folder.name}.*.old"):
        shutil.rmtree(leftover, ignore_errors=True)


@contextmanager
def locked(path, what):
    """Hold the lock file `path`; wait, saying so, while another `./store` holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a+") as handle:
        _acquire(handle, what)
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        yield


def _acquire(handle, what):
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.seek(0)
        note(f"Another ./store (process {handle.read().strip()}) is busy: waiting for it ({what})")
        fcntl.flock(handle, fcntl.LOCK_EX)


def require_disk(folder, gigabytes):
    """Fail early when the file system of `folder` has not that much room."""
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free / 1e9
    if free < gigabytes:
        raise StoreError(
            f"{folder} has {free:.1f} GB free and {gigabytes} GB are needed: make room,"
            " or set XDG_CACHE_HOME to a larger disk."
        )
