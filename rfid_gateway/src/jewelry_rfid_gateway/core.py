"""Between readers and disk: reads come in, presence says what they mean, the spool keeps it."""

import logging
import threading
import time
from collections import Counter, deque
from functools import partial

from .reading import STAY, shift
from .spool import SpoolFull

_logger = logging.getLogger(__name__)

#: Reads that may wait before drivers have to.
CAPACITY = 50_000
#: Seconds between two looks at the clock when nothing comes.
BEAT = 0.1
#: So many milliseconds that the computer's clock gains or loses at once say that it was set.
JUMP = 1_000
#: Seconds between two attempts to write to a full disk.
RETRY = 1.0
#: Seconds that a tag is followed after Odoo has asked for it.
FOLLOW_S = 30.0


class Clock:
    """Milliseconds that only grow; a simulated store may live faster."""

    def __init__(self, speed=1):
        self.speed = speed

    def __call__(self):
        """The time now."""
        return int(time.monotonic() * 1000 * self.speed)


class WallClock:
    """Tells by how much the computer's clock was set: a small computer without a battery starts
    with an old time, and gets the right one when the network is there.
    """

    def __init__(self, wall=time.time_ns, passed=None):
        """Take two clocks of nanoseconds: one that can be set, and one that only runs, while the
        computer sleeps as well.
        """
        self._wall = wall
        self._passed = passed or (lambda: time.clock_gettime_ns(time.CLOCK_BOOTTIME))
        self._gap = self._get_gap()

    def get_jump(self):
        """By how many milliseconds it was set since the last call, 0 for what is no jump."""
        gap = self._get_gap()
        jump = gap - self._gap
        if abs(jump) < JUMP:
            return 0
        self._gap = gap
        return jump

    def _get_gap(self):
        return (self._wall() - self._passed()) // 1_000_000


class Inbox:
    """Reads on their way from the threads of drivers to the core's; bounded."""

    def __init__(self, capacity=CAPACITY):
        self.capacity = capacity
        self.waiting = 0
        self._chunks, self._calls = deque(), []
        self._changed = threading.Condition()
        self._closed = False

    def put(self, reader, reads, position=None):
        """Hand over reads; blocks while there is no room.

        :return: whether they were taken: not after `close`
        """
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self.waiting < self.capacity)
            if self._closed:
                return False
            self._chunks.append((reader, reads, position))
            # A sign of life needs room too, and there may be a day of them.
            self.waiting += len(reads) or 1
            self._changed.notify_all()
        return True

    def call(self, function):
        """Let the core's thread call `function`; never blocks."""
        with self._changed:
            self._calls.append(function)
            self._changed.notify_all()

    def take(self, seconds, reads=True):
        """What came, after at most so many seconds of waiting.

        :param reads: without, they stay where they are, so that drivers have to wait
        :return: ([function], [(reader, reads, position)])
        """
        with self._changed:
            self._changed.wait_for(
                lambda: self._closed or self._calls or (reads and self._chunks), seconds
            )
            calls, self._calls = self._calls, []
            if not reads:
                return calls, ()
            chunks, self._chunks = self._chunks, deque()
            self.waiting = 0
            self._changed.notify_all()
        return calls, chunks

    def close(self):
        """Take nothing more, and let nobody wait."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()


class Core:
    """The thread that turns reads into sightings on disk."""

    def __init__(self, presence, spool, metrics, **options):
        """Take the parts.

        :param options: `clock`, `wall_clock`; `commit_ms`, how long a read may wait for the disk;
            `urgent_ms`, how long news may; `patience_s`, how long readers wait for room before
            stays are thinned; `told`, called when there is something to send; `died`, when the
            thread ends by an error
        """
        self.presence, self.spool, self.metrics = presence, spool, metrics
        self.inbox = Inbox()
        self.clock = options.get("clock") or Clock()
        self.wall_clock = options.get("wall_clock") or WallClock()
        self.commit_s = options.get("commit_ms", 1_000) / 1000
        self.urgent_s = options.get("urgent_ms", 250) / 1000
        self.patience_s = options.get("patience_s", 60)
        self._told = options.get("told") or (lambda: None)
        self._died = options.get("died") or (lambda: None)
        #: When the thread was last seen at work, in seconds of the monotonic clock.
        self.alive_at = time.monotonic()
        #: Since when readers have to wait for room; None while there is.
        self.full_since = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._live, name="core", daemon=True)
        self._committed_at = self._follow_until = time.monotonic()
        # What the next transaction holds.
        self._events, self._positions = [], {}
        self._changed, self._gone = {}, set()
        self._dirty = self._urgent = False

    # === FROM OTHER THREADS === #

    def start(self):
        """Take up where an earlier process stopped, and begin."""
        self.presence.restore(self.spool.load_tracks(), self.clock())
        self._thread.start()

    def stop(self, timeout=4.0):
        """Keep what came so far, and end.

        :return: whether it has ended within `timeout` seconds
        """
        self._stopping.set()
        self.inbox.close()
        if self._thread.ident:
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def get_emit(self, reader):
        """What the driver of `reader` hands its reads to: `emit(reads, position=None)`; no reads
        when all that was heard is that the reader is there.

        A position says how far a recording was read; it is kept together with the reads.
        """
        return partial(self.inbox.put, reader)

    def set_reader(self, reader, up):
        """Hear whether a reader works."""
        self.inbox.call(lambda: self.presence.set_reader(reader, up))

    def set_zones(self, zones, zone_settings):
        """Take maps {(reader, antenna): zone} and {zone: Settings}."""
        self.inbox.call(lambda: self.presence.set_zones(zones, zone_settings))

    def follow(self, epcs):
        """Tell every read of these tags, until another call, or for `FOLLOW_S`: Odoo may be gone,
        and nobody with it who looks.
        """
        self._follow_until = time.monotonic() + FOLLOW_S
        self.presence.watched = frozenset(epcs)

    def tell_all(self):
        """Tell each tag that is present at its next read."""
        self.inbox.call(self.presence.tell_all)

    # === THE THREAD === #

    def _live(self):
        try:
            while not self._stopping.is_set():
                self._beat(BEAT)
            self._beat(0)
            self._commit()
        except Exception:  # whatever it was, the service must know and end
            _logger.critical("The core has died; the gateway ends.", exc_info=True)
            self._died()

    def _beat(self, seconds):
        self.alive_at = time.monotonic()
        if self.presence.watched and self.alive_at > self._follow_until:
            self.presence.watched = frozenset()
        calls, chunks = self.inbox.take(seconds, reads=self.full_since is None)
        for call in calls:
            call()
        if jump := self.wall_clock.get_jump():
            self._follow_clock(jump)
        if self.full_since is not None:
            self._wait_for_room()
            return
        self._understand(chunks)
        if self._is_due():
            self._commit()

    def _follow_clock(self, jump):
        """Put what was read by the clock as it was on the clock as it is: Odoo hears the time of
        sending, and takes all times of a batch to be of that clock.
        """
        _logger.warning("The clock was set by %+.1f s; what waits here follows it.", jump / 1000)
        self.presence.shift(jump)
        self._events = [shift(event, jump) for event in self._events]
        try:
            self.spool.shift(jump)
        except SpoolFull as error:
            _logger.error("%s What waits keeps the times of the clock before.", error)

    def _understand(self, chunks):
        presence, now = self.presence, self.clock()
        counts, known = Counter(), len(self._events)
        for reader, reads, position in chunks:
            self._events += presence.feed(reads, now)
            presence.hear_reader(reader)
            counts[reader] += len(reads)
            if position is not None:
                self._positions[reader] = position
        self._events += presence.tick(now)
        self._dirty = self._dirty or any(counts.values()) or len(self._events) > known
        news = any(event.kind != STAY for event in self._events[known:])
        self._urgent = self._urgent or news
        for reader, count in counts.items():
            self.metrics.add("reads_total", count, reader=reader)

    def _is_due(self):
        waited = time.monotonic() - self._committed_at
        return self._dirty and waited >= (self.urgent_s if self._urgent else self.commit_s)

    def _commit(self):
        changed, gone = self.presence.take_changes()
        for epc in gone:
            self._changed.pop(epc, None)
        self._changed.update(changed)
        self._gone.update(gone)
        self._gone.difference_update(self._changed)
        if not (self._events or self._changed or self._gone or self._positions):
            return
        started = time.monotonic()
        try:
            self.spool.commit(self._events, self._changed.items(), self._gone, self._positions)
        except SpoolFull as error:
            self._say_full(str(error))
            return
        self._committed(started)

    def _committed(self, started):
        self._committed_at = time.monotonic()
        self.metrics.add("commits_total")
        self.metrics.add("commit_seconds_total", self._committed_at - started)
        for kind, count in Counter(event.kind for event in self._events).items():
            self.metrics.add("sightings_total", count, kind=kind)
        for event in self._events:
            _logger.debug("%s %s at %s/%s", *event[:2], *event[3:5])
        had_news = bool(self._events)
        self._events, self._positions = [], {}
        self._changed, self._gone = {}, set()
        self._dirty = self._urgent = False
        if had_news:
            self._told()
        if self.spool.is_full():
            self._say_full(f"The spool has used its share of the disk, {self.spool.limit} bytes.")

    # === NO ROOM === #

    def _say_full(self, message):
        if self.full_since is None:
            self.full_since = time.monotonic()
            self._thin_at = self.full_since + self.patience_s
            _logger.error("%s Readers wait until there is room.", message)
        self.metrics.set("spool_full", 1)

    def _wait_for_room(self):
        """Let readers wait; when that takes too long, make room where no news are lost."""
        self._stopping.wait(RETRY)
        if time.monotonic() >= self._thin_at:
            self._thin_at = time.monotonic() + self.patience_s
            self._thin()
        if not self.spool.is_full():
            self._commit_waiting()

    def _thin(self):
        try:
            joined = self.spool.thin()
        except SpoolFull:
            return
        if joined:
            self.metrics.add("spool_thinned_total", joined)
            _logger.warning("%s summaries were joined with others for want of room.", joined)

    def _commit_waiting(self):
        """Write what had to wait; there may be no room on the disk all the same."""
        since, self.full_since = self.full_since, None
        self._commit()
        if self.full_since is not None:
            self.full_since = since
            return
        self.metrics.set("spool_full", 0)
        _logger.info("There is room again on the disk.")
