"""What must not be lost, on disk: sightings on their way to Odoo, and where presence stood.

One transaction holds sightings, the tags that they changed and how far each replayed file was
read. A read is *accepted* when the transaction commits that counts it: in a sighting, or among
those that its tag has pending. Whatever happens before is as if it had never been read; whatever
happens after survives a kill and, `synchronous=FULL`, a power cut.

A batch gets its id and its rows before it is sent and keeps both until Odoo has answered.

Each row names the clock that its times were read by. When the computer's clock is set, that costs
one row of the table `clock`; a batch that is sent adds what its clocks were set by since.
"""

import json
import logging
import os
import secrets
import sqlite3
import threading
import time
import uuid
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from .reading import SIGNAL, STAY, Earlier, Sighting

_logger = logging.getLogger(__name__)

VERSION = 1
MEGABYTE = 1024 * 1024
#: Beyond this share of the limit the spool calls itself full, so that what is at work has room.
FULL_SHARE = 0.9
#: Batches of a new file count on from the seconds since 2025, so that the sequence grows for ever.
FIRST_DAY = 1_735_689_600
#: Names no clock: times by it are left as they are.
NO_CLOCK = 0
#: So many rows are looked at in one go when stays are thinned.
THINNED_AT_ONCE = 50_000
_TORN = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
#: Errors that say that there is no room; nothing was written, trying again is right.
_FULL = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE)
#: Bytes that the write-ahead log usually stays below, and that are kept to empty a full disk.
RESERVE = 2 * MEGABYTE
#: Settled pages are given back to the disk in steps of so many.
FREED_AT_ONCE = 256

_SCHEMA = """
CREATE TABLE sighting (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, line TEXT NOT NULL,
    clock INTEGER NOT NULL
);
CREATE TABLE clock (number INTEGER PRIMARY KEY, milliseconds INTEGER NOT NULL);
CREATE TABLE batch (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, uuid TEXT NOT NULL UNIQUE,
    first_id INTEGER NOT NULL, last_id INTEGER NOT NULL
);
CREATE TABLE refused (
    sequence INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, at INTEGER NOT NULL,
    reason TEXT NOT NULL, lines TEXT NOT NULL, rows INTEGER NOT NULL
);
CREATE TABLE track (epc TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE position (reader TEXT PRIMARY KEY, position TEXT NOT NULL) WITHOUT ROWID;
"""
#: Rows as they are to be told, by the clock as it is.
_LINES = """
SELECT CASE WHEN milliseconds IS NULL THEN line ELSE json_replace(
    line, '$[5]', line ->> 5 + milliseconds, '$[6]', line ->> 6 + milliseconds) END
FROM sighting LEFT JOIN clock ON clock.number = sighting.clock
WHERE id BETWEEN ? AND ? ORDER BY id
"""
_SET_ASIDE = """
INSERT INTO refused
SELECT ?, ?, ?, ?, json_group_array(json_array(json(line), clock)), count(*)
FROM (SELECT line, clock FROM sighting WHERE id BETWEEN ? AND ? ORDER BY id)
"""


class SpoolFull(Exception):
    """The disk, or the spool's share of it, is full: nothing was written."""


class _Torn(Exception):
    """The file is not what was written."""


class Batch(NamedTuple):
    """Sightings that travel together, always under the same id."""

    sequence: int
    uuid: str
    #: A JSON array of rows.
    lines: str
    rows: int


class Spool:
    """The file. Every method may be called by any thread."""

    def __init__(self, path, limit_mb=512):
        """Open the file, or begin a new one; a torn one is set aside.

        :param limit_mb: what the file may take of the disk
        :raise OSError: the folder cannot be written
        """
        self.path = Path(path)
        self.limit = limit_mb * MEGABYTE
        self.set_aside_as = None
        # Those that reads of this process are dated by: a new one after each time it was set.
        self._clocks = [_name_clock()]
        self._lock = threading.RLock()
        self._reserve = self.path.with_name(f"{self.path.name}.reserve")
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._db = self._open()
        except _Torn as error:
            self._set_file_aside(error)
            self._db = self._open()
        [[self._spooled]] = self._read("SELECT count(*) FROM sighting")
        self._keep_reserve()

    def close(self):
        """Write what the log holds into the file, and close it."""
        with self._lock:
            self._db.close()

    # === READS COME IN === #

    def commit(self, sightings, changed=(), gone=(), positions=None):
        """Keep sightings and what belongs to them, all or nothing.

        :param changed: [(epc, state)] of tags
        :param gone: EPCs that are no more known
        :param dict positions: {reader: how far it was read}, any value for JSON
        :raise SpoolFull: nothing was written; the same call may be repeated
        """
        states = [(epc, json.dumps(state)) for epc, state in changed]
        places = [(reader, json.dumps(place)) for reader, place in (positions or {}).items()]

        def write(db):
            db.executemany("INSERT OR REPLACE INTO track VALUES (?, ?)", states)
            db.executemany("DELETE FROM track WHERE epc = ?", [(epc,) for epc in gone])
            db.executemany("INSERT OR REPLACE INTO position VALUES (?, ?)", places)
            return _insert(db, [self._date(event) for event in sightings])

        self._write(write)

    def load_tracks(self):
        """[(epc, state)] of all tags, as the last transaction left them."""
        rows = self._read("SELECT epc, state FROM track")
        return [(epc, json.loads(state)) for epc, state in rows]

    def load_positions(self):
        """{reader: how far it was read}."""
        rows = self._read("SELECT reader, position FROM position")
        return {reader: json.loads(position) for reader, position in rows}

    def shift(self, milliseconds):
        """Follow a clock that was set by so much: what this process has kept was read by the old
        one, whether it waits or was refused. Batches keep their ids, and what of them Odoo has is
        not taken in again.

        :raise SpoolFull: nothing was written
        """

        def write(db):
            db.executemany(
                "INSERT INTO clock VALUES (?, ?) ON CONFLICT (number)"
                " DO UPDATE SET milliseconds = milliseconds + excluded.milliseconds",
                [(clock, milliseconds) for clock in self._clocks],
            )
            return 0

        with self._lock:
            self._write(write, freeing=True)
            self._clocks.append(_name_clock())

    # === BATCHES GO OUT === #

    def seal(self, limit):
        """The batch that is to be sent now: the unanswered one, or the next `limit` rows.

        :return Batch: or None when there is nothing
        :raise SpoolFull: it could not be given an id
        """
        with self._lock:
            found = self._get_sealed() or self._seal(limit)
            if not found:
                return None
            sequence, batch, first, last = found
            lines = self._read(_LINES, first, last)
            return Batch(sequence, batch, f"[{','.join(line for (line,) in lines)}]", len(lines))

    def settle(self, batch):
        """Forget a batch that Odoo has accepted."""
        self._write(lambda db: _delete_batch(db, batch), freeing=True)

    def set_aside(self, batch, reason):
        """Keep a batch that Odoo refuses, out of the way of those behind it."""
        values = (batch.sequence, batch.uuid, _now(), reason)

        def write(db):
            db.execute(_SET_ASIDE, (*values, *_get_span(db, batch)))
            return _delete_batch(db, batch)

        self._write(write, freeing=True)

    def get_refused(self):
        """[(sequence, milliseconds since 1970, reason, rows)] of batches that Odoo refused."""
        return self._read("SELECT sequence, at, reason, rows FROM refused ORDER BY sequence")

    def retry_refused(self):
        """Put all refused batches at the end of the queue, as new ones.

        :return int: how many sightings
        """

        def write(db):
            batches = db.execute("SELECT lines FROM refused ORDER BY sequence").fetchall()
            db.execute("DELETE FROM refused")
            return _insert(db, [row for (lines,) in batches for row in json.loads(lines)])

        return self._write(write)

    def count(self):
        """{"spooled": unanswered sightings, "refused": batches set aside}."""
        [[refused]] = self._read("SELECT count(*) FROM refused")
        return {"spooled": self._spooled, "refused": refused}

    # === DISK === #

    def used(self):
        """Bytes that hold something."""
        with self._lock:
            return (self._pragma("page_count") - self._pragma("freelist_count")) * self._page

    def is_full(self):
        """Whether reads have to wait, so that what is on the way finds room."""
        return self.used() >= self.limit * FULL_SHARE

    def thin(self):
        """Join stays of one tag at one antenna that wait to be sent, and signals of one, which
        nobody follows any more: fewer rows, no read less.

        Never touches what a batch holds, nor joins over an appearance, a move or a departure.

        :return int: how many rows there are less
        """
        joined, start = 0, 0
        while True:
            rows, spare = self._thin_after(start)
            joined += spare
            if len(rows) < THINNED_AT_ONCE:
                return joined
            start = rows[-1][0]

    def _thin_after(self, start):
        """Thin one stretch of rows; (the rows, how many there are less)."""
        rows = []

        def write(db):
            rows[:] = db.execute(
                "SELECT id, kind, line, clock FROM sighting WHERE id > ? ORDER BY id LIMIT ?",
                (max(start, self._get_last_sealed()), THINNED_AT_ONCE),
            )
            changed, spare = _join(rows)
            db.executemany("DELETE FROM sighting WHERE id = ?", spare)
            db.executemany("UPDATE sighting SET line = ? WHERE id = ?", changed)
            return -len(spare)

        return rows, -self._write(write, freeing=True)

    def give_back(self):
        """Return some free pages to the disk; for times when there is nothing to do.

        That itself needs room, which another program may have taken: then they stay ours.
        """
        with self._lock:
            try:
                # A script, because a statement without columns would free one page only.
                self._db.executescript(f"PRAGMA incremental_vacuum({FREED_AT_ONCE})")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode not in _FULL:
                    raise
            self._keep_reserve()
            self._forget_clocks()

    # === HELPERS === #

    def _open(self):
        # What lies in which safe is nobody else's business.
        os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
        db = sqlite3.connect(self.path, check_same_thread=False, isolation_level=None, timeout=5)
        try:
            db.execute("PRAGMA locking_mode=EXCLUSIVE").fetchall()
            _check(db)
            self._prepare(db)
        except sqlite3.Error as error:
            db.close()
            if getattr(error, "sqlite_errorcode", None) in _TORN:
                raise _Torn(error) from error
            raise OSError(f"The spool {self.path} cannot be used: {error}") from error
        except _Torn:
            db.close()
            raise
        return db

    def _prepare(self, db):
        db.execute("PRAGMA auto_vacuum=INCREMENTAL")
        db.execute("PRAGMA journal_mode=WAL").fetchall()
        db.execute("PRAGMA synchronous=FULL")
        self._page = db.execute("PRAGMA page_size").fetchone()[0]
        db.execute(f"PRAGMA wal_autocheckpoint={RESERVE // 2 // self._page}").fetchall()
        db.execute(f"PRAGMA journal_size_limit={RESERVE}").fetchall()
        db.execute(f"PRAGMA max_page_count={max(self.limit // self._page, 64)}").fetchall()
        [version] = db.execute("PRAGMA user_version").fetchone()
        if not version:
            first = _now() // 1000 - FIRST_DAY
            count_on = f"INSERT INTO sqlite_sequence VALUES ('batch', {first});"
            db.executescript(f"BEGIN; {_SCHEMA} {count_on} PRAGMA user_version={VERSION}; COMMIT;")

    def _set_file_aside(self, error):
        target = self.path.with_name(f"{self.path.name}.torn-{_now()}")
        for suffix in ("", "-wal", "-shm"):
            part = self.path.with_name(self.path.name + suffix)
            if part.exists():
                part.rename(target.with_name(target.name + suffix))
        self.set_aside_as = target
        _logger.error("The spool %s is torn (%s): kept as %s.", self.path, error, target)

    def _write(self, work, freeing=False):
        """Let `work(db)` write in one transaction, all or nothing.

        :param work: returns by how many the sightings have grown
        :param freeing: it makes room, so that it may use the reserve
        """
        with self._lock:
            try:
                growth = self._run(work)
            except SpoolFull:
                if not freeing:
                    raise
                self._use_reserve()
                growth = self._run(work)
            self._spooled += growth
            return growth

    def _keep_reserve(self):
        """Hold a little of the disk, so that a full one can be emptied: that needs room too."""
        if self._reserve.exists():
            return
        try:
            with open(os.open(self._reserve, os.O_CREAT | os.O_WRONLY, 0o600), "wb") as file:
                os.posix_fallocate(file.fileno(), 0, RESERVE)
        except OSError:
            self._reserve.unlink(missing_ok=True)

    def _use_reserve(self):
        self._reserve.unlink(missing_ok=True)
        try:
            self._read("PRAGMA wal_checkpoint(RESTART)")
        except sqlite3.OperationalError as error:
            raise SpoolFull(f"No room for the spool {self.path}: {error}") from error

    def _run(self, work):
        db = self._db
        try:
            db.execute("BEGIN IMMEDIATE")
            growth = work(db)
            db.execute("COMMIT")
        except BaseException as error:
            if db.in_transaction:
                db.execute("ROLLBACK")
            if getattr(error, "sqlite_errorcode", None) in _FULL:
                raise SpoolFull(f"No room for the spool {self.path}: {error}") from error
            raise
        return growth

    def _read(self, query, *values):
        with self._lock, closing(self._db.execute(query, values)) as cursor:
            return cursor.fetchall()

    def _pragma(self, name):
        [[value]] = self._read(f"PRAGMA {name}")
        return value

    def _date(self, event):
        """A sighting and the clock that it was read by."""
        return event, NO_CLOCK if isinstance(event, Earlier) else self._clocks[-1]

    def _forget_clocks(self):
        """Forget what clocks were set by when no row names them any more."""

        def write(db):
            db.execute("DELETE FROM clock")
            return 0

        if len(self._clocks) > 1 and not any(self.count().values()):
            self._write(write, freeing=True)
            del self._clocks[:-1]

    def _get_sealed(self):
        rows = self._read(
            "SELECT sequence, uuid, first_id, last_id FROM batch ORDER BY sequence LIMIT 1"
        )
        return rows[0] if rows else None

    def _get_last_sealed(self):
        [[last]] = self._read("SELECT coalesce(max(last_id), 0) FROM batch")
        return last

    def _seal(self, limit):
        [(first, last)] = self._read(
            "SELECT min(id), max(id) FROM (SELECT id FROM sighting ORDER BY id LIMIT ?)", limit
        )
        if first is None:
            return None
        sealed = (str(uuid.uuid4()), first, last)

        def write(db):
            db.execute("INSERT INTO batch (uuid, first_id, last_id) VALUES (?, ?, ?)", sealed)
            return 0

        self._write(write, freeing=True)
        return self._get_sealed()


# === IN A TRANSACTION === #


def _insert(db, dated):
    """Add rows of [(sighting, clock)]."""
    rows = [(event[0], json.dumps(event), clock) for event, clock in dated]
    db.executemany("INSERT INTO sighting (kind, line, clock) VALUES (?, ?, ?)", rows)
    return len(rows)


def _get_span(db, batch):
    """The first and the last id of the batch's rows, which may be settled already."""
    [span] = db.execute(
        "SELECT first_id, last_id FROM batch WHERE sequence = ?", (batch.sequence,)
    ).fetchall() or [(0, -1)]
    return span


def _delete_batch(db, batch):
    span = _get_span(db, batch)
    db.execute("DELETE FROM batch WHERE sequence = ?", (batch.sequence,))
    return -db.execute("DELETE FROM sighting WHERE id BETWEEN ? AND ?", span).rowcount


def _check(db):
    """Refuse a file that is not whole.

    :raise _Torn: says what is wrong
    """
    [answer] = db.execute("PRAGMA quick_check(1)").fetchone()
    if answer != "ok":
        raise _Torn(answer)
    [version] = db.execute("PRAGMA user_version").fetchone()
    if not 0 <= version <= VERSION:
        raise _Torn(f"version {version} is not known")


def _name_clock():
    return secrets.randbelow(2**32 - 1) + 1


def _now():
    return time.time_ns() // 1_000_000


def _join(rows):
    """Join stays and signals, each into the last of its antenna that was read by the same clock.

    :return: ([(line, id)] to keep, [(id,)] to delete)
    """
    # {epc: {(kind, reader, antenna, clock): (id, event)}} of those that a later one may take in.
    waiting, changed, spare = {}, {}, []
    for number, kind, line, clock in rows:
        event = Sighting(*json.loads(line))
        if kind not in (STAY, SIGNAL):
            waiting.pop(event.epc, None)
            continue
        alike = waiting.setdefault(event.epc, {})
        key = (kind, *event[3:5], clock)
        if earlier := alike.get(key):
            changed.pop(earlier[0], None)
            spare.append((earlier[0],))
            event = changed[number] = _add(earlier[1], event)
        alike[key] = (number, event)
    return [(json.dumps(event), number) for number, event in changed.items()], spare


def _add(one, other):
    """One sighting for two of a kind."""
    signals = [event.rssi for event in (one, other) if event.rssi is not None]
    return other._replace(
        tid=other.tid or one.tid,
        first=min(one.first, other.first),
        last=max(one.last, other.last),
        reads=one.reads + other.reads,
        rssi=max(signals, default=None),
    )
