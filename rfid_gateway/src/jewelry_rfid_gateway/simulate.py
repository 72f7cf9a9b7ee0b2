"""A store of tags without hardware: what antennas hear while people work.

Pure and seeded: the same seed gives the same reads. The radio misses reads, hears tags of the
neighbouring tray and loses tags for seconds; `truth` knows where each tag really is.
"""

from dataclasses import dataclass
from random import Random

from .reading import Read


@dataclass(frozen=True)
class Radio:
    """How badly the antennas hear. Shares are of 1, signals in dBm, times in milliseconds."""

    round_ms: int = 250
    missed: float = 0.6
    #: Of the reads, so many are heard by a neighbouring antenna too, this much weaker.
    crossed: float = 0.2
    cross_loss_db: float = 8.0
    #: So many reads of tags in trays are heard at the door too, this much weaker.
    strayed: float = 0.002
    stray_loss_db: float = 12.0
    noise_db: float = 4.0
    #: A tag is not heard at all for so long, on average once in so many milliseconds.
    silent_every_ms: int = 120_000
    silent_ms: tuple[int, int] = (2_000, 10_000)


@dataclass(frozen=True)
class People:
    """What people do with trays; 0 for never. On average once in so many milliseconds."""

    act_every_ms: int = 20_000
    #: Shares of: a tray taken out and put back, a piece moved to another tray, one to the door.
    acts: tuple[float, float, float] = (0.6, 0.3, 0.1)
    away_ms: tuple[int, int] = (30_000, 90_000)
    #: From the tray to the door a piece is in a hand, where nothing hears it.
    walk_ms: tuple[int, int] = (2_000, 6_000)
    at_door_ms: tuple[int, int] = (5_000, 15_000)
    sold_ms: int = 1_800_000


STILL = People(act_every_ms=0)


def make_epcs(count, item=1):
    """EPCs of pieces: SGTIN-96 with GS1's prefix for demonstrations, 9521141."""
    head = (0x30 << 88) | (1 << 85) | (5 << 82) | (9_521_141 << 58) | (item << 38)
    return [f"{head | serial:024X}" for serial in range(1, count + 1)]


def read_epcs(path):
    """{EPC: antenna that it lies before, or None} of a file, one in a line.

    What follows a # is not read, nor anything beyond the number of the antenna.
    """
    with open(path) as lines:
        rows = [line.split("#")[0].replace(",", " ").split() for line in lines]
    return {
        row[0].upper(): int(row[1]) if row[1:] and row[1].isdecimal() else None
        for row in rows
        if row
    }


class Scene:
    """Tags in trays before the antennas 1, 2, … of one reader; the last may be the door."""

    def __init__(self, epcs, antennas=4, *, reader="sim", seed=1, start=0, **how):
        """Put the tags into the trays in turn, or where they lie.

        :param epcs: EPCs, or {EPC: antenna that it lies before, or None}
        :param int start: milliseconds since 1970 of the first round
        :param how: `radio`, `people`, and `door`: whether the last antenna is the door's
        """
        self.reader, self.now = reader, start
        self.radio, self.people = how.get("radio", Radio()), how.get("people", People())
        self.random = Random(seed)
        self.door = antennas if how.get("door", True) and antennas > 1 else None
        self.trays = [number for number in range(1, antennas + 1) if number != self.door]
        #: {epc: antenna, or None while it is away}
        self.truth = {epc: self.trays[i % len(self.trays)] for i, epc in enumerate(epcs)}
        if isinstance(epcs, dict):
            self.truth |= {epc: tray for epc, tray in epcs.items() if tray in self.trays}
        self._home = dict(self.truth)
        self._signal = {epc: self.random.uniform(-58, -46) for epc in epcs}
        self._silent_until = {}
        #: What is to happen: [(time, epc, antenna or None)].
        self._plans = []
        #: What happened: [(time, epc, from, to)].
        self.acts = []

    def step(self):
        """Let one round pass.

        :return: the reads of all antennas in it
        """
        self.now += self.radio.round_ms
        self._act()
        reads = []
        for epc, antenna in self.truth.items():
            if antenna is not None and self._is_heard(epc):
                self._hear(epc, antenna, reads)
        return reads

    # === RADIO === #

    def _is_heard(self, epc):
        if self._silent_until.get(epc, 0) > self.now:
            return False
        radio, chance = self.radio, self.random.random
        if radio.silent_every_ms and chance() < radio.round_ms / radio.silent_every_ms:
            self._silent_until[epc] = self.now + self.random.randint(*radio.silent_ms)
            return False
        return chance() >= radio.missed

    def _hear(self, epc, antenna, reads):
        signal = self._signal[epc]
        reads.append(self._read(epc, antenna, signal))
        radio, chance = self.radio, self.random.random
        if len(self.trays) > 1 and chance() < radio.crossed:
            reads.append(self._read(epc, self._beside(antenna), signal - radio.cross_loss_db))
        if self.door and antenna != self.door and chance() < radio.strayed:
            reads.append(self._read(epc, self.door, signal - radio.stray_loss_db))

    def _read(self, epc, antenna, signal):
        rssi = round(signal + self.random.gauss(0, self.radio.noise_db), 1)
        return Read(self.reader, antenna, epc, self.now, rssi)

    def _beside(self, antenna):
        """The antenna that hears a tray's tags by mistake."""
        place = self.trays.index(antenna) if antenna in self.trays else 0
        return self.trays[place + 1 if place + 1 < len(self.trays) else place - 1]

    # === PEOPLE === #

    def _act(self):
        due = [plan for plan in self._plans if plan[0] <= self.now]
        self._plans = [plan for plan in self._plans if plan[0] > self.now]
        for _at, epc, antenna in due:
            self._move(epc, antenna)
        every = self.people.act_every_ms
        if every and self.random.random() < self.radio.round_ms / every:
            acts = (self._open_tray, self._change_tray, self._go_to_door)
            self.random.choices(acts, self.people.acts)[0]()

    def _move(self, epc, antenna):
        self.acts.append((self.now, epc, self.truth[epc], antenna))
        self.truth[epc] = antenna

    def _pick(self):
        """A piece that lies in its tray, if there is one."""
        there = [epc for epc, antenna in self.truth.items() if antenna in self.trays]
        return self.random.choice(there) if there else None

    def _open_tray(self):
        tray = self.random.choice(self.trays)
        back = self.now + self.random.randint(*self.people.away_ms)
        for epc in [epc for epc, antenna in self.truth.items() if antenna == tray]:
            self._move(epc, None)
            self._plans.append((back, epc, tray))

    def _change_tray(self):
        epc = self._pick()
        others = [tray for tray in self.trays if tray != self.truth.get(epc)]
        if epc and others:
            self._home[epc] = self.random.choice(others)
            self._move(epc, self._home[epc])

    def _go_to_door(self):
        epc = self._pick()
        if epc and self.door:
            there = self.now + self.random.randint(*self.people.walk_ms)
            gone = there + self.random.randint(*self.people.at_door_ms)
            self._move(epc, None)
            self._plans.append((there, epc, self.door))
            self._plans.append((gone, epc, None))
            self._plans.append((gone + self.people.sold_ms, epc, self._home[epc]))
