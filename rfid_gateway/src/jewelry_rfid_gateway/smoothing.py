"""From reads to presence: which tag is in which zone, told only when it means something.

Pure: time comes in as an argument and nothing is opened. A radio misses tags that are there and
hears tags of the neighbouring tray; so nothing follows from one read or from a short silence.

Each (tag, zone) keeps evidence: a count of reads that fades, and a smoothed signal. Its strength
in decibel joins the two: twice the reads weigh as 3 dB more signal.
"""

from dataclasses import dataclass, fields
from math import exp, log10

from .reading import APPEAR, LEAVE, MOVE, SIGNAL, STAY, Earlier, Sighting

#: A step of time longer than this was not spent listening: the program stood still, the computer
#: slept or its clock was set. It counts as this much, so that nobody leaves because of it.
MAX_STEP = 2_000
#: A followed tag is told at most so often from one zone, in milliseconds.
FOLLOW_MS = 250
#: Each tag is looked at so often, in milliseconds, even if nothing was due when it was last.
REVIEW_MS = 1_000
#: Due times are kept in slots of so many milliseconds.
SLOT = 250
#: Weight of a new read in the smoothed signal and of a new gap in the usual gap.
SIGNAL_WEIGHT, GAP_WEIGHT = 0.2, 0.1
#: Stands for a signal that the reader does not measure, in dBm.
UNMEASURED = -60.0
#: What a reader can have measured, in dBm.
LEAST_SIGNAL, MOST_SIGNAL = -200.0, 100.0
#: Decibel for one factor of e.
_FADING = 10 / log10(10) * log10(exp(1))


@dataclass(frozen=True)
class Settings:
    """When a zone believes what it hears."""

    #: A tag appears after so many reads in one zone within so long.
    appear_reads: int = 3
    appear_ms: int = 2_000
    #: It leaves after a silence of so many usual gaps between its reads, within these bounds.
    leave_gaps: float = 16.0
    leave_min_ms: int = 12_000
    leave_max_ms: int = 60_000
    #: It moves when another zone is stronger by so much for so long.
    move_margin_db: float = 3.0
    move_ms: int = 1_500
    #: A tag that stays is told at most so often.
    stay_ms: int = 60_000
    #: Reads of so long ago weigh a third.
    memory_ms: int = 3_000

    @classmethod
    def names(cls):
        """The names of all settings."""
        return [field.name for field in fields(cls)]


def _measure(rssi):
    """A signal in dBm, None for what is none, not even a number: it must not spoil the others."""
    return rssi if rssi is not None and LEAST_SIGNAL <= rssi <= MOST_SIGNAL else None


class Evidence:
    """What one zone has heard of one tag."""

    __slots__ = ("antenna", "best", "level", "reader", "recent", "score", "seen", "signalled")

    def __init__(self, reader, antenna, now):
        self.reader, self.antenna = reader, antenna
        self.score, self.level, self.best = 0.0, None, None
        self.seen = now
        #: When a read was told because somebody follows the tag.
        self.signalled = None
        #: Times of the last reads, as many as an appearance needs.
        self.recent = []

    def hear(self, read, now, settings):
        """Count one read."""
        step = now - self.seen
        self.score = 1.0 + (self.score * exp(-step / settings.memory_ms) if step else self.score)
        self.seen = now
        self.recent.append(now)
        if len(self.recent) > settings.appear_reads:
            del self.recent[0]
        rssi = _measure(read.rssi)
        if rssi is None:
            rssi = UNMEASURED
        elif self.best is None or rssi > self.best:
            self.best, self.reader, self.antenna = rssi, read.reader, read.antenna
        if self.best is None:
            self.reader, self.antenna = read.reader, read.antenna
        old = rssi if self.level is None else self.level
        self.level = old + SIGNAL_WEIGHT * (rssi - old)

    def believes(self, now, settings):
        """Whether there were enough reads within the time of an appearance."""
        recent = self.recent
        return len(recent) >= settings.appear_reads and now - recent[0] <= settings.appear_ms

    def strength(self, now, memory_ms):
        """Decibel: the smoothed signal and the faded count of reads as one figure."""
        return self.level + 10 * log10(self.score) - _FADING * (now - self.seen) / memory_ms


class Track:
    """One tag: where it is believed to be, and the reads that no sighting has told yet."""

    __slots__ = (
        "epc", "evidence", "first", "first_is_ours", "gap", "last", "last_is_ours", "reads",
        "rival", "rival_since", "seen", "signalled", "tid", "told", "zone",
    )  # fmt: skip

    def __init__(self, epc, now):
        self.epc, self.tid, self.zone = epc, None, None
        self.evidence = {}
        self.first = self.last = None
        #: Whether this process has read so, and not an earlier one.
        self.first_is_ours = self.last_is_ours = False
        self.reads = 0
        #: Whether reads were told as signals, which a stay has to stand for.
        self.signalled = False
        self.gap = 0.0
        self.seen = self.told = now
        self.rival, self.rival_since = None, now

    def hear(self, read, now):
        """Count one read, wherever it was."""
        if now > self.seen:
            gap = now - self.seen
            self.gap = self.gap + GAP_WEIGHT * (gap - self.gap) if self.gap else float(gap)
            self.seen = now
        at = read.at
        if not self.reads:
            self.first = self.last = at
            self.first_is_ours = self.last_is_ours = True
        elif at > self.last:
            self.last, self.last_is_ours = at, True
        elif at < self.first:
            self.first, self.first_is_ours = at, True
        self.reads += 1
        if read.tid:
            self.tid = read.tid

    def has_news(self):
        """Whether it was read since it was told."""
        return self.reads > 0 or self.signalled

    def shift(self, milliseconds):
        """Follow a clock that was set by so much; what an earlier process read does not."""
        if self.last_is_ours:
            self.last += milliseconds
        if self.first_is_ours:
            self.first += milliseconds
        self.first = min(self.first, self.last)

    def get_state(self):
        """What must outlive this process, as values for JSON."""
        here = self.evidence.get(self.zone) or next(iter(self.evidence.values()))
        return [
            self.zone is not None, here.reader, here.antenna, here.best, here.level, self.tid,
            self.first, self.last, self.reads, self.gap,
        ]  # fmt: skip

    @classmethod
    def from_state(cls, epc, state, now, name_zone):
        """A tag as `get_state` left it: its silence begins anew."""
        track = cls(epc, now)
        present, reader, antenna, best, level, *rest = state
        track.tid, track.first, track.last, track.reads, track.gap = rest
        here = Evidence(reader, antenna, now)
        here.best, here.level, here.score = best, level, 1.0
        zone = name_zone(reader, antenna)
        track.evidence[zone] = here
        track.zone = zone if present else None
        return track


class Presence:
    """All tags that the gateway hears. Every method is called by one thread.

    Reads are conserved: `fed` = `told` + `ignored` + what `pending()` says.
    """

    def __init__(self, settings=None, zones=None, zone_settings=None, **options):
        """Take what is believed when.

        :param dict zones: {(reader, antenna): zone}; others are zones of their own
        :param dict zone_settings: {zone: Settings}
        :param options: `readers`, {reader: whether something is heard of it though no tag is
            near}, all of which are down until `set_reader` says otherwise. `reader_settings`,
            {reader: Settings}, for its reads instead of those of a zone. `max_step` instead of
            `MAX_STEP`
        """
        self.settings = settings or Settings()
        self._reader_settings = options.get("reader_settings", {})
        self._max_step = options.get("max_step", MAX_STEP)
        self._map(zones or {}, zone_settings or {})
        self._tracks = {}
        self._wheel = {}
        self._slot = 0
        self._now, self._given = 0, None
        self._changed, self._gone = set(), set()
        readers = options.get("readers", {})
        self._down, self._up_since = set(readers), {}
        #: Readers that speak though no tag is near, and when they were last heard.
        self._speaking = {reader for reader, speaks in readers.items() if speaks}
        self._heard = {}
        self.watched = frozenset()
        #: What is present and was not told since then is told at its next read.
        self._asked = -1
        self.fed = self.told = self.ignored = 0

    # === IN === #

    def feed(self, reads, now):
        """Take reads that came until `now`, any clock's milliseconds.

        :return list: sightings that follow at once
        """
        now = self._advance(now)
        events, zones, tracks = [], self._zones, self._tracks
        for read in reads:
            zone = zones.get(read[:2]) or self._name_zone(*read[:2])
            track = tracks.get(read.epc)
            if track is None:
                track = self._begin(read.epc, now)
            self._hear(track, read, zone, now, events)
            self._changed.add(read.epc)
        self.fed += len(reads)
        return events

    def tick(self, now):
        """Let time pass until `now`.

        :return list: sightings that follow from silence, and summaries that are due
        """
        now = self._advance(now)
        events = []
        for slot in range(self._slot, now // SLOT + 1):
            for track in self._wheel.pop(slot, ()):
                due = self._review(track, now, events)
                if due is not None:
                    self._put(track, max(due, (slot + 1) * SLOT))
        self._slot = now // SLOT + 1
        return events

    def set_zones(self, zones, zone_settings=None):
        """Take another map of antennas to zones; what is present stays so, in the new names."""
        old = dict(self._zones)
        self._map(zones, zone_settings or {})
        if all(self._name_zone(*key) == zone for key, zone in old.items()):
            return
        for track in self._tracks.values():
            here = track.evidence.get(track.zone) or next(iter(track.evidence.values()))
            zone = self._name_zone(here.reader, here.antenna)
            track.evidence = {zone: here}
            track.rival = None
            track.zone = zone if track.zone is not None else None
            self._changed.add(track.epc)

    def hear_reader(self, reader):
        """Hear that a reader was there until now: a silence counts from reader to reader's word,
        because one without power is known to be down only when it has been missed for a while.
        """
        self._heard[reader] = self._now

    def tell_all(self):
        """Tell each tag that is present at its next read, out of turn: somebody counts."""
        self._asked = self._now

    def set_reader(self, reader, up):
        """Hear whether a reader works: nobody leaves because a reader is deaf."""
        if not up:
            self._down.add(reader)
        elif reader in self._down:
            self._down.discard(reader)
            self._up_since[reader] = self._now

    # === OUT === #

    def present(self):
        """{epc: zone} of what is there."""
        return {epc: track.zone for epc, track in self._tracks.items() if track.zone is not None}

    def antennas(self):
        """[(reader, antenna)] that are mapped or were heard; may be asked by any thread."""
        return list(self._zones)

    def count(self):
        """How many tags are known; may be asked by any thread."""
        return len(self._tracks)

    def pending(self):
        """How many reads no sighting has told yet."""
        return sum(track.reads for track in self._tracks.values())

    def take_changes(self):
        """What changed since the last call.

        :return: ([(epc, state)], [epc that is no more known])
        """
        tracks = self._tracks
        changed = [(epc, tracks[epc].get_state()) for epc in self._changed if epc in tracks]
        gone = [epc for epc in self._gone if epc not in tracks]
        self._changed, self._gone = set(), set()
        return changed, gone

    def restore(self, states, now):
        """Begin with what an earlier process knew: [(epc, state)]."""
        now = self._advance(now)
        for epc, state in states:
            track = self._tracks[epc] = Track.from_state(epc, state, now, self._name_zone)
            self._put(track, now + SLOT)
            self.fed += track.reads

    def shift(self, milliseconds):
        """Follow a clock that was set by so much: what is not told was read by the old one."""
        for track in self._tracks.values():
            track.shift(milliseconds)
        self._changed.update(self._tracks)

    # === ONE READ === #

    def _map(self, zones, zone_settings):
        self._zones, self._zone_settings = dict(zones), dict(zone_settings)

    def _name_zone(self, reader, antenna):
        """The zone of an antenna: without a map each is a zone of its own."""
        zone = self._zones.get((reader, antenna))
        if zone is None:
            zone = self._zones[reader, antenna] = f"{reader}/{antenna}"
        return zone

    def _get_settings(self, reader, zone):
        """What a read of `reader` means, which need not be the only one in its zone."""
        return self._reader_settings.get(reader) or self._zone_settings.get(zone, self.settings)

    def _advance(self, given):
        """Time as this class counts it: never back, never in leaps."""
        if self._given is not None:
            self._now += min(max(given - self._given, 0), self._max_step)
        self._given = given
        return self._now

    def _begin(self, epc, now):
        track = self._tracks[epc] = Track(epc, now)
        self._put(track, now + self.settings.appear_ms)
        return track

    def _hear(self, track, read, zone, now, events):
        settings = self._get_settings(read.reader, zone)
        if track.zone is None and track.evidence and now - track.seen > settings.appear_ms:
            self._ignore(track)
        track.hear(read, now)
        evidence = track.evidence.get(zone)
        if evidence is None:
            evidence = track.evidence[zone] = Evidence(read.reader, read.antenna, now)
        evidence.hear(read, now, settings)
        if read.epc in self.watched:
            self._signal(track, evidence, read, now, events)
        if track.zone is None:
            if evidence.believes(now, settings):
                track.zone = zone
                self._tell(APPEAR, track, evidence, now, events)
            return
        if len(track.evidence) > 1:
            self._compare(track, zone, evidence, now, settings, events)
        if track.told <= self._asked and zone == track.zone and track.has_news():
            self._tell(STAY, track, evidence, now, events)

    def _signal(self, track, evidence, read, now, events):
        """Tell a read of a followed tag by itself; where the tag is, follows from other reads."""
        if evidence.signalled is not None and now - evidence.signalled < FOLLOW_MS:
            return
        evidence.signalled, track.signalled = now, True
        events.append(
            Sighting(
                SIGNAL, read.epc, track.tid, read.reader, read.antenna,
                read.at, read.at, 1, _measure(read.rssi),
            )
        )  # fmt: skip
        track.reads -= 1
        self.told += 1

    def _compare(self, track, zone, evidence, now, settings, events):
        """Let a zone that has been stronger for long enough have the tag."""
        if zone == track.zone:
            if track.rival is None:
                return
            zone, evidence = track.rival, track.evidence[track.rival]
            settings = self._get_settings(evidence.reader, zone)
        memory = settings.memory_ms
        here = track.evidence[track.zone].strength(now, memory)
        if evidence.strength(now, memory) < here + settings.move_margin_db:
            if track.rival == zone:
                track.rival = None
            return
        if track.rival != zone and not self._outdoes(track, evidence, now, memory):
            return
        if track.rival != zone:
            track.rival, track.rival_since = zone, now
        if now - track.rival_since >= settings.move_ms and evidence.believes(now, settings):
            track.zone, track.rival = zone, None
            self._tell(MOVE, track, evidence, now, events)

    def _outdoes(self, track, evidence, now, memory):
        """Whether a zone is stronger than the one that claims the tag already."""
        rival = track.evidence.get(track.rival)
        return rival is None or evidence.strength(now, memory) > rival.strength(now, memory)

    def _tell(self, kind, track, evidence, now, events):
        """Tell all reads that no sighting has told yet."""
        first = track.first if track.reads else track.last
        kept = Sighting if track.last_is_ours else Earlier
        events.append(
            kept(
                kind, track.epc, track.tid, evidence.reader, evidence.antenna,
                first, track.last, track.reads, evidence.best,
            )
        )  # fmt: skip
        self.told += track.reads
        track.reads, track.signalled = 0, False
        track.told = now
        for other in track.evidence.values():
            other.best = None
        self._changed.add(track.epc)

    def _ignore(self, track):
        """Forget reads that were too few to mean anything."""
        self.ignored += track.reads
        track.reads, track.signalled = 0, False
        track.evidence.clear()

    # === TIME === #

    def _put(self, track, due):
        # What is due changes with each read and with each zone, so nobody waits for long.
        due = min(due, self._now + REVIEW_MS)
        self._wheel.setdefault(max(due // SLOT, self._slot), []).append(track)

    def _review(self, track, now, events):
        """See what silence and time say of a tag.

        :return: when to look again; None when it is forgotten
        """
        settings = self._zone_settings.get(track.zone, self.settings)
        if track.zone is None:
            return self._review_absent(track, now)
        here = track.evidence[track.zone]
        silence = self._get_silence(track, here, now)
        patience = self._get_patience(track, settings)
        if silence >= patience:
            self._tell(LEAVE, track, here, now, events)
            self._forget(track)
            return None
        if track.has_news() and now - track.told >= settings.stay_ms:
            self._tell(STAY, track, here, now, events)
        # What has nothing to tell may get a read at any time, so look again by then.
        summary = max(track.told + settings.stay_ms, now + SLOT)
        return min(now + patience - silence, summary)

    def _review_absent(self, track, now):
        longest = max(
            [self._zone_settings.get(zone, self.settings).appear_ms for zone in track.evidence],
            default=self.settings.appear_ms,
        )
        if now - track.seen > longest:
            self._ignore(track)
            self._forget(track)
            return None
        return track.seen + longest + 1

    def _forget(self, track):
        del self._tracks[track.epc]
        self._gone.add(track.epc)

    def _get_silence(self, track, here, now):
        """Milliseconds in which the reader was there to hear the tag, and did not."""
        reader = here.reader
        if reader in self._down:
            return 0
        until = self._heard.get(reader, 0) if reader in self._speaking else now
        return max(until - max(track.seen, self._up_since.get(reader, 0)), 0)

    @staticmethod
    def _get_patience(track, settings):
        """Milliseconds of silence that mean that a tag has gone."""
        usual = int(track.gap * settings.leave_gaps)
        return min(max(usual, settings.leave_min_ms), settings.leave_max_ms)
