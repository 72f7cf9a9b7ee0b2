"""How often presence is wrong on noisy traces of which the truth is known.

Run it for the table of docs/smoothing.md: `python tests/false_alarms.py`.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from jewelry_rfid_gateway.reading import APPEAR, LEAVE, MOVE, Sighting
from jewelry_rfid_gateway.simulate import STILL, People, Radio, Scene, make_epcs
from jewelry_rfid_gateway.smoothing import Presence, Settings

HOUR = 3_600_000
#: What presence may take to notice, beyond which it has missed something.
SOON = 20_000
#: What happens at the beginning is not an alarm.
WARM_UP = 15_000

ROOMS = {
    "calm": Radio(missed=0.3, crossed=0.05, silent_every_ms=0, noise_db=2.0),
    "missed reads 60 %, crossed 20 %, noise 4 dB": Radio(silent_every_ms=0),
    "the same, and silent for 2-10 s every 2 min": Radio(),
    "missed reads 80 %, crossed 40 %, noise 6 dB, silent": Radio(
        missed=0.8, crossed=0.4, strayed=0.01, noise_db=6.0
    ),
}
#: The door of the example, and one that believes a single weak read.
_EXAMPLE = tomllib.loads((Path(__file__).parents[1] / "gateway.toml").read_text())["zones"]["door"]
DOOR = Settings(**{name: _EXAMPLE[name] for name in Settings.names() if name in _EXAMPLE})
CREDULOUS = Settings(appear_reads=1, move_ms=250, move_margin_db=-20.0)


class Naive:
    """What one writes first: there at a read, where the last read was, gone after 3 s."""

    def __init__(self, silence=3_000):
        self.silence = silence
        self.seen, self.place = {}, {}

    def feed(self, reads, now):
        events = []
        for read in reads:
            old = self.place.get(read.epc)
            self.seen[read.epc], self.place[read.epc] = now, read.antenna
            if old is None:
                events.append(self._tell(APPEAR, read.epc, read.antenna))
            elif old != read.antenna:
                events.append(self._tell(MOVE, read.epc, read.antenna))
        return events

    def tick(self, now):
        late = [epc for epc, seen in self.seen.items() if now - seen >= self.silence]
        for epc in late:
            del self.seen[epc]
        return [self._tell(LEAVE, epc, self.place.pop(epc)) for epc in late]

    @staticmethod
    def _tell(kind, epc, antenna):
        return Sighting(kind, epc, None, "sim", antenna, 0, 0, 1, None)


def follow(presence, scene, duration):
    """Let `scene` play; [(time, sighting)]."""
    events = []
    while scene.now < duration:
        heard = presence.feed(scene.step(), scene.now)
        events += [(scene.now, event) for event in [*heard, *presence.tick(scene.now)]]
    return events


@dataclass
class Alarms:
    """False ones by an hour of one tag."""

    appear: float
    leave: float
    move: float


def count_false(presence, radio, tags=100, hours=0.5, seed=1):
    """Whatever is told of trays that nobody touches is false."""
    scene = Scene(make_epcs(tags), 4, seed=seed, radio=radio, people=STILL, door=False)
    events = follow(presence, scene, hours * HOUR)
    late = [event.kind for at, event in events if at > WARM_UP]
    return Alarms(*(late.count(kind) / (tags * hours) for kind in (APPEAR, LEAVE, MOVE)))


@dataclass
class Noticed:
    """What became known of what people did."""

    acts: int
    missed: int
    #: Milliseconds until half, and 95 %, of it was told.
    median: int
    late: int


def count_noticed(presence, radio, tags=100, hours=0.5, seed=1):
    """{kind: Noticed} of what people did for longer than `SOON`."""
    people = People(act_every_ms=15_000, at_door_ms=(SOON + 5_000, SOON + 10_000))
    scene = Scene(make_epcs(tags), 4, seed=seed, radio=radio, people=people)
    events = follow(presence, scene, hours * HOUR)
    stories, waits = {}, {}
    for at, event in events:
        stories.setdefault(event.epc, []).append((at, event))
    for at, epc, before, after in _get_lasting(scene.acts, hours * HOUR):
        kind = APPEAR if before is None else LEAVE if after is None else MOVE
        waits.setdefault(kind, []).append(_wait(stories.get(epc, []), at, after))
    return {kind: _sum_up(found) for kind, found in sorted(waits.items())}


@dataclass
class Door:
    """What a door zone tells."""

    #: Of tags that lie in their trays: so many at the door by an hour of one tag.
    false: float
    #: Pieces carried past it, how many of them were told, and milliseconds until half was.
    passages: int
    told: int
    median: int


def count_door(settings, radio, tags=100, hours=0.5, seed=1):
    """What a door with `settings` tells; people carry a piece past it in 2 to 4 seconds."""
    door = {"zones": {("sim", 5): "door"}, "zone_settings": {"door": settings}}
    scene = Scene(make_epcs(tags), 5, seed=seed, radio=radio, people=STILL)
    events = follow(Presence(**door), scene, hours * HOUR)
    false = sum(event.antenna == 5 for _at, event in events)
    people = People(6_000, (0, 0, 1), at_door_ms=(2_000, 4_000), sold_ms=30_000)
    scene = Scene(make_epcs(tags), 5, seed=seed, radio=radio, people=people)
    events = follow(Presence(**door), scene, hours * HOUR)
    passages = [(at, epc) for at, epc, _before, after in scene.acts if after == 5]
    waits = [_wait_at_door(events, *passage) for passage in passages if passage[0] > WARM_UP]
    told = sorted(wait for wait in waits if wait is not None)
    return Door(false / (tags * hours), len(waits), len(told), told[len(told) // 2])


def _wait_at_door(events, at, epc):
    """Milliseconds until a piece that is carried past the door is told there; None if never."""
    return next(
        (
            told - at
            for told, event in events
            if event.epc == epc and event.antenna == 5 and at <= told < at + 6_000
        ),
        None,
    )


def _sum_up(waits):
    told = sorted(wait for wait in waits if wait is not None)
    missed = len(waits) - len(told)
    return Noticed(len(waits), missed, told[len(told) // 2], told[int(len(told) * 0.95)])


def _get_lasting(acts, end):
    """Acts after which the piece stayed where it was put for a while."""
    following = {}
    for act in reversed(acts):
        at, epc = act[:2]
        if at > WARM_UP and following.get(epc, end) - at > SOON + 5_000:
            yield act
        following[epc] = at


def _wait(story, at, antenna):
    """Milliseconds until what was told of a tag agrees with what was done; None if it never does.

    What was put back before anybody noticed is agreed with at once.
    """
    place, agreed = None, 0
    for told, event in story:
        if told >= at and place == antenna:
            return max(agreed - at, 0)
        if told >= at + 3 * SOON:
            return None
        place, agreed = None if event.kind == LEAVE else event.antenna, told
    return max(agreed - at, 0) if place == antenna else None


def _print_tables(say):
    say("| trays that nobody touches: false per tag-hour | appear | leave | move |")
    say("|---|---|---|---|")
    for name, radio in ROOMS.items():
        for label, presence in (("naive", Naive()), ("ours", Presence())):
            found = count_false(presence, radio)
            say(f"| {name}: {label} | {found.appear:.3f} | {found.leave:.3f} | {found.move:.3f} |")
    say("")
    say("| a door: | false per tag-hour | carried past in 2-4 s | told | after, median |")
    say("|---|---|---|---|---|")
    for name, radio in ROOMS.items():
        for label, settings in (("one read", CREDULOUS), ("the example", DOOR)):
            found = count_door(settings, radio)
            share = f"{found.passages} | {found.told / found.passages:.0%}"
            say(f"| {name}: {label} | {found.false:.3f} | {share} | {found.median / 1000:.1f} s |")
    say("")
    say("| what people do: | kind | acts | missed | noticed after, median | 95 % |")
    say("|---|---|---|---|---|---|")
    for name, radio in ROOMS.items():
        for kind, found in count_noticed(Presence(), radio).items():
            seconds = f"{found.median / 1000:.1f} s | {found.late / 1000:.1f} s"
            say(f"| {name} | {kind} | {found.acts} | {found.missed} | {seconds} |")


if __name__ == "__main__":
    import sys

    _print_tables(lambda line: sys.stdout.write(f"{line}\n"))
