"""Presence: what is told of reads, and what is not."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jewelry_rfid_gateway.reading import APPEAR, LEAVE, MOVE, SIGNAL, STAY, Read, shift
from jewelry_rfid_gateway.smoothing import FOLLOW_MS, Presence, Settings

EPC = "3034257BF7194E4000001A85"
START = 1_780_000_000_000


class Room:
    """A presence and its clock, a quarter of a second at a time."""

    def __init__(self, **options):
        self.presence = Presence(**options)
        self.now = 0
        self.events = []

    def hear(self, *reads, times=1, rssi=-50.0):
        """Let each antenna of `reads` hear the tag once in a step; `reads` are numbers."""
        for _step in range(times):
            self.now += 250
            at = START + self.now
            heard = [
                read if isinstance(read, Read) else Read("r", read, EPC, at, rssi) for read in reads
            ]
            self.events += self.presence.feed(heard, self.now)
            self.events += self.presence.tick(self.now)
        return self

    def be_silent(self, seconds):
        return self.hear(times=int(seconds * 4))

    def kinds(self):
        return [event.kind for event in self.events]


def test_one_read_is_not_a_piece():
    room = Room().hear(1).be_silent(30)
    assert room.kinds() == []
    assert room.presence.ignored == 1


def test_three_reads_within_two_seconds_are_a_piece():
    room = Room().hear(1, times=3)
    [event] = room.events
    assert (event.kind, event.epc, event.reader, event.antenna) == (APPEAR, EPC, "r", 1)
    assert (event.reads, event.first, event.last) == (3, START + 250, START + 750)


def test_three_reads_that_are_far_apart_are_not_a_piece():
    room = Room()
    for _read in range(3):
        room.hear(1).be_silent(1.5)
    assert room.kinds() == []


def test_a_handheld_may_believe_one_read():
    room = Room(zone_settings={"r/1": Settings(appear_reads=1)}).hear(1)
    assert room.kinds() == [APPEAR]


def test_a_handheld_in_a_zone_leaves_the_other_antennas_as_they_are():
    aimed = Settings(appear_reads=1, move_ms=0, move_margin_db=float("-inf"))
    zones = {("r", 1): "tray", ("r", 2): "case", ("hand", 1): "case"}
    room = Room(zones=zones, reader_settings={"hand": aimed})
    room.hear(2).be_silent(5)
    assert room.kinds() == []
    room.hear(1, times=20).hear(Read("r", 2, EPC, START, -70.0), times=4)
    assert room.kinds() == [APPEAR]
    room.hear(Read("hand", 1, EPC, START, -70.0))
    assert room.kinds() == [APPEAR, MOVE]
    assert room.presence.present() == {EPC: "case"}


def test_a_short_silence_is_not_a_departure():
    room = Room().hear(1, times=8).be_silent(10).hear(1, times=8)
    assert room.kinds() == [APPEAR]


def test_a_long_silence_is_a_departure_at_the_time_of_the_last_read():
    room = Room().hear(1, times=8).be_silent(20)
    assert room.kinds() == [APPEAR, LEAVE]
    assert room.events[1].last == START + 2_000
    assert room.events[1].reads == 5
    assert room.presence.present() == {}


def test_a_tag_that_is_heard_seldom_is_waited_for_longer():
    seldom = Settings(appear_reads=1)
    room = Room(settings=seldom)
    for _read in range(30):
        room.hear(1).be_silent(2)
    room.be_silent(25)
    assert LEAVE not in room.kinds()
    room.be_silent(20)
    assert room.kinds()[-1] == LEAVE


def test_patience_is_that_of_the_zone_where_the_tag_is_now():
    door = Settings(appear_reads=1, move_ms=0, move_margin_db=-20.0, leave_min_ms=1_000)
    slow = Settings(appear_ms=60_000, leave_min_ms=60_000)
    room = Room(settings=slow, zone_settings={"r/9": door}).hear(1, times=20).hear(9, times=2)
    assert room.be_silent(4).kinds() == [APPEAR, MOVE, LEAVE]


def test_patience_has_an_end():
    room = Room(settings=Settings(appear_reads=1))
    for _read in range(30):
        room.hear(1).be_silent(10)
    room.be_silent(70)
    assert room.kinds()[-1] == LEAVE


def test_what_stays_is_told_once_in_a_while_and_counts_its_reads():
    room = Room(settings=Settings(stay_ms=10_000)).hear(1, times=4 * 60)
    assert room.kinds() == [APPEAR] + [STAY] * 5
    assert all(event.reads == 40 for event in room.events[1:])


def test_nothing_is_told_of_a_tag_that_gave_no_read():
    calm = Settings(stay_ms=2_000, leave_min_ms=30_000)
    room = Room(settings=calm).hear(1, times=8).be_silent(20)
    assert room.kinds() == [APPEAR, STAY]
    assert [event.reads for event in room.events] == [3, 5]


def test_a_tag_moves_when_another_zone_is_stronger_for_some_time():
    room = Room().hear(1, times=20).hear(2, times=40)
    assert room.kinds() == [APPEAR, MOVE]
    assert room.events[1].antenna == 2
    assert room.presence.present() == {EPC: "r/2"}


def test_a_weak_neighbour_does_not_get_the_tag():
    room = Room()
    for _step in range(200):
        at = START + room.now
        room.hear(Read("r", 1, EPC, at, -50.0), Read("r", 2, EPC, at, -58.0))
    assert MOVE not in room.kinds()


def test_two_readers_hear_a_tag_and_the_stronger_one_has_it():
    room = Room()
    for _step in range(60):
        at = START + room.now
        room.hear(Read("far", 1, EPC, at, -64.0), Read("near", 1, EPC, at, -44.0))
    assert room.presence.present() == {EPC: "near/1"}


def test_equal_zones_do_not_quarrel_over_a_tag():
    random, room = Random(4), Room()
    for _step in range(2_000):
        at = START + room.now
        signals = [random.gauss(-50, 4) for _zone in (1, 2)]
        room.hear(*(Read("r", zone, EPC, at, s) for zone, s in enumerate(signals, 1)))
    assert room.kinds().count(MOVE) <= 4


def test_a_door_takes_a_tag_at_once():
    door = Settings(move_ms=250, move_margin_db=-20.0)
    room = Room(zone_settings={"r/9": door}).hear(1, times=20).hear(9, times=4)
    assert room.kinds() == [APPEAR, MOVE]


def test_antennas_of_one_zone_are_one_place():
    room = Room(zones={("r", 1): "safe", ("r", 2): "safe"}).hear(1, times=20).hear(2, times=40)
    assert room.kinds() == [APPEAR]
    assert room.presence.present() == {EPC: "safe"}


def test_a_new_map_of_zones_moves_nobody():
    room = Room().hear(1, times=8)
    room.presence.set_zones({("r", 1): "safe"})
    room.hear(1, times=40)
    assert room.kinds() == [APPEAR]
    assert room.presence.present() == {EPC: "safe"}


def test_the_best_antenna_of_the_zone_is_named_with_its_signal():
    room = Room(zones={("r", 1): "safe", ("r", 2): "safe"})
    at = START
    room.hear(Read("r", 1, EPC, at, -60.0), Read("r", 2, EPC, at, -45.0), Read("r", 1, EPC, at))
    assert (room.events[0].antenna, room.events[0].rssi) == (2, -45.0)


def test_a_reader_without_signal_counts_by_reads_alone():
    room = Room().hear(1, times=20, rssi=None).hear(2, times=40, rssi=None)
    assert room.kinds() == [APPEAR, MOVE]
    assert room.events[0].rssi is None


@pytest.mark.parametrize("signal", [float("nan"), float("inf"), float("-inf"), 1e9])
def test_what_is_no_signal_spoils_nothing(signal):
    room = Room().hear(1, times=2).hear(1, times=1, rssi=signal).hear(1, times=60)
    room.hear(1, rssi=signal).hear(2, times=40)
    assert room.kinds() == [APPEAR, MOVE]
    assert room.events[0].rssi == -50.0


def test_the_chip_is_told_from_when_it_is_known():
    room = Room().hear(*[Read("r", 1, EPC, START, -50.0, "E280")] * 3)
    assert room.events[0].tid == "E280"


# === WHEN THE GATEWAY ITSELF IS DEAF === #


def test_nobody_leaves_because_a_reader_is_down():
    room = Room().hear(1, times=8)
    room.presence.set_reader("r", up=False)
    room.be_silent(600)
    room.presence.set_reader("r", up=True)
    room.be_silent(10)
    assert room.kinds()[-1] != LEAVE
    room.be_silent(10)
    assert room.kinds()[-1] == LEAVE


def test_nobody_leaves_before_a_reader_that_speaks_was_heard_without_the_tag():
    """A reader without power is told to be down only when it has been missed for a while."""
    room = Room(readers={"r": True})
    room.presence.set_reader("r", up=True)
    room.hear(1, times=8)
    room.presence.hear_reader("r")
    assert LEAVE not in room.be_silent(60).kinds()
    room.presence.set_reader("r", up=False)
    room.be_silent(60).presence.set_reader("r", up=True)
    assert LEAVE not in room.be_silent(60).kinds()
    room.presence.hear_reader("r")
    assert room.hear().kinds()[-1] == LEAVE


def test_a_silence_counts_until_the_reader_was_last_heard():
    room = Room(readers={"r": True})
    room.presence.set_reader("r", up=True)
    room.hear(1, times=8).be_silent(10).presence.hear_reader("r")
    assert LEAVE not in room.be_silent(60).kinds()


def test_readers_are_down_until_they_are_up():
    room = Room().hear(1, times=8)
    other = _reborn(room, readers={"r": False})
    other.be_silent(40)
    other.presence.set_reader("r", up=True)
    assert other.be_silent(10).kinds() == []
    assert other.be_silent(10).kinds() == [LEAVE]


def test_nobody_leaves_because_the_computer_slept():
    room = Room().hear(1, times=8)
    room.now += 8 * 3_600_000
    room.hear(times=1)
    room.hear(1, times=8)
    assert LEAVE not in room.kinds()


def test_a_clock_set_back_stops_nothing():
    room = Room().hear(1, times=8)
    room.now -= 3_600_000
    room.be_silent(20)
    assert room.kinds() == [APPEAR, LEAVE]


# === FOLLOWED TAGS === #


def test_a_followed_tag_is_told_at_its_first_read_and_four_times_a_second():
    room = Room()
    room.presence.watched = frozenset([EPC])
    for step in range(40):
        now = step * 50
        room.events += room.presence.feed([Read("hand", 1, EPC, START + now, -40.0 - step)], now)
    signals = [event for event in room.events if event.kind == SIGNAL]
    assert len(signals) == 1 + 39 * 50 // FOLLOW_MS
    assert signals[-1].rssi < signals[0].rssi
    assert {(event.reads, event.first - event.last) for event in signals} == {(1, 0)}


def test_a_followed_tag_is_told_from_each_antenna_that_hears_it():
    room = Room().hear(1, times=20)
    room.presence.watched = frozenset([EPC])
    room.hear(1, Read("hand", 1, EPC, START, -70.0))
    assert [(event.kind, event.reader) for event in room.events[1:]] == [
        (SIGNAL, "r"),
        (SIGNAL, "hand"),
    ]


def test_a_stray_read_of_a_followed_tag_says_nothing_of_its_place():
    door = Settings(appear_reads=2, move_ms=250, move_margin_db=0.0)
    room = Room(zone_settings={"r/9": door}).hear(1, times=20)
    room.presence.watched = frozenset([EPC])
    room.hear(9, rssi=-80.0).hear(1, times=400)
    assert {event.kind for event in room.events if event.antenna == 9} == {SIGNAL}
    assert room.presence.present() == {EPC: "r/1"}


def test_a_followed_tag_that_is_not_there_does_not_appear_at_one_read():
    room = Room()
    room.presence.watched = frozenset([EPC])
    assert room.hear(1).be_silent(20).kinds() == [SIGNAL]
    assert room.presence.present() == {}


def test_a_followed_tag_stays_moves_and_leaves_as_all_others_do():
    plain, followed = Room(), Room()
    followed.presence.watched = frozenset([EPC])
    for room in (plain, followed):
        room.hear(1, times=300).hear(2, times=300).be_silent(30)
    assert [k for k in followed.kinds() if k != SIGNAL] == plain.kinds()
    assert sum(event.reads for event in followed.events) == 600


@pytest.mark.parametrize("signal", [float("nan"), 1e9])
def test_a_followed_tag_is_told_without_what_is_no_signal(signal):
    room = Room()
    room.presence.watched = frozenset([EPC])
    assert room.hear(1, rssi=signal).events[0].rssi is None


# === COUNTS === #


def test_a_tray_at_rest_is_told_at_its_next_reads_when_somebody_counts():
    room = Room().hear(1, times=40)
    room.presence.tell_all()
    # A read elsewhere says nothing of the tray.
    room.hear(2).hear(1, times=20)
    assert room.kinds() == [APPEAR, STAY]
    assert (room.events[1].antenna, room.events[1].last) == (1, START + 42 * 250)


def test_what_is_not_there_is_not_told_to_who_counts():
    room = Room().hear(1)
    room.presence.tell_all()
    assert room.hear(1).kinds() == []


# === A NEW PROCESS === #


def _reborn(room, **options):
    changed, _gone = room.presence.take_changes()
    other = Room(**options)
    other.presence.restore(changed, other.now)
    return other


def test_a_new_process_knows_who_is_there():
    other = _reborn(Room().hear(1, times=8))
    other.hear(1, times=20)
    assert other.kinds() == []
    assert other.presence.pending() == 25
    assert other.be_silent(20).kinds() == [LEAVE]
    assert other.events[0].reads == 25


def test_a_new_process_does_not_take_back_what_was_not_believed():
    other = _reborn(Room().hear(1, times=2))
    assert other.hear(1).kinds() == []
    assert other.presence.pending() == 3


def test_a_weak_neighbour_does_not_get_the_tag_from_a_new_process():
    other = _reborn(Room().hear(1, times=20))
    other.hear(Read("r", 2, EPC, START, -58.0), times=3)
    other.hear(1, times=40)
    assert other.kinds() == []


def test_changes_are_told_once():
    room = Room().hear(1, times=8)
    assert [epc for epc, _state in room.presence.take_changes()[0]] == [EPC]
    assert room.presence.take_changes() == ([], [])
    assert room.be_silent(20).presence.take_changes() == ([], [EPC])


# === WHATEVER IS READ === #

_steps = st.lists(
    st.tuples(
        # Milliseconds until the next step; the clock may jump either way.
        st.one_of(st.integers(0, 3_000), st.integers(-(10**9), 10**9)),
        st.lists(
            st.tuples(
                st.sampled_from(["a", "b"]),
                st.integers(1, 3),
                st.sampled_from(["AA", "BB", "CC"]),
                st.one_of(st.none(), st.floats(-90, -20)),
            ),
            max_size=12,
        ),
    ),
    max_size=60,
)


@given(steps=_steps, watched=st.sets(st.sampled_from(["AA", "BB"])), born=st.integers(0, 60))
@settings(max_examples=300, deadline=None)
def test_reads_are_conserved_and_each_tag_has_one_story(steps, watched, born):
    presence = Presence(Settings(stay_ms=5_000))
    presence.watched = frozenset(watched)
    now, fed, told, events, kept = START, 0, 0, [], {}
    ignored = 0
    for number, (step, heard) in enumerate(steps):
        now += step
        events += presence.feed([Read(r, a, epc, now, s) for r, a, epc, s in heard], now)
        fed += len(heard)
        if number % 7 == 0:
            presence.tell_all()
        events += presence.tick(now)
        changed, gone = presence.take_changes()
        kept.update(changed)
        for epc in gone:
            kept.pop(epc, None)
        if number == born:
            ignored += presence.ignored
            presence = Presence(Settings(stay_ms=5_000))
            presence.watched = frozenset(watched)
            presence.restore(kept.items(), now)
    told = sum(event.reads for event in events)
    assert watched or all(event.reads for event in events if event.kind != LEAVE)
    assert fed == told + ignored + presence.ignored + presence.pending()
    assert all(event.first <= event.last for event in events)
    _check_stories(events, presence.present())


def _check_stories(events, present):
    there = set()
    for event in events:
        if event.kind == SIGNAL:
            assert event.reads == 1
        elif event.kind == APPEAR:
            assert event.epc not in there
            there.add(event.epc)
        else:
            assert event.epc in there
        if event.kind == LEAVE:
            there.discard(event.epc)
    assert there == set(present)


@pytest.mark.parametrize("zones", [1, 3])
def test_memory_does_not_grow_with_tags_that_come_and_go(zones):
    presence, now = Presence(Settings(leave_min_ms=1_000)), 0
    for number in range(3_000):
        now += 250
        reads = [Read("r", 1 + number % zones, f"{number // 4:024X}", now, -50.0)] * 3
        presence.feed(reads, now)
        presence.tick(now)
        presence.take_changes()
    assert len(presence._tracks) < 40
    assert sum(map(len, presence._wheel.values())) == len(presence._tracks)


@pytest.mark.parametrize("jump", [7_200_000, -7_200_000])
def test_what_is_not_told_yet_follows_a_clock_that_is_set(jump):
    room = Room().hear(1, times=5)
    room.presence.shift(jump)
    changed, _gone = room.presence.take_changes()
    assert [epc for epc, _state in changed] == [EPC]
    room.be_silent(60)
    appear, leave = room.events
    assert (appear.kind, appear.last) == (APPEAR, START + 750)
    assert (leave.kind, leave.first, leave.last) == (
        LEAVE,
        START + 1_000 + jump,
        START + 1_250 + jump,
    )


def test_what_was_read_before_a_new_process_does_not_follow_a_clock_that_is_set():
    """Otherwise what left before a power cut would have left after it came back."""
    gone = _reborn(Room().hear(1, times=8))
    gone.presence.shift(3_600_000)
    [leave] = gone.be_silent(20).events
    assert (leave.first, leave.last) == (START + 1_000, START + 2_000)
    assert shift(leave, 3_600_000) == leave


@pytest.mark.parametrize(("jump", "first"), [(60_000, 1_000), (-60_000, -57_500)])
def test_reads_of_both_processes_are_told_in_their_order(jump, first):
    room = _reborn(Room().hear(1, times=8))
    room.now = 2_250
    room.hear(1)
    room.presence.shift(jump)
    [leave] = room.be_silent(20).events
    assert (leave.first, leave.last) == (START + first, START + 2_500 + jump)


def test_a_clock_that_is_set_tells_nothing_by_itself():
    room = Room().hear(1, times=5)
    told = room.presence.told
    Presence().shift(1_000)
    room.presence.shift(1_000)
    assert (room.kinds(), room.presence.told) == ([APPEAR], told)
