"""How often presence is wrong, with wide bounds; docs/smoothing.md has the figures."""

import pytest
from false_alarms import (
    CREDULOUS,
    DOOR,
    ROOMS,
    Alarms,
    Naive,
    count_door,
    count_false,
    count_noticed,
)
from jewelry_rfid_gateway.reading import APPEAR, LEAVE, MOVE
from jewelry_rfid_gateway.smoothing import Presence

USUAL = "missed reads 60 %, crossed 20 %, noise 4 dB"
SILENT = "the same, and silent for 2-10 s every 2 min"


def _count(presence, room):
    return count_false(presence, ROOMS[room], tags=40, hours=0.25, seed=7)


def test_a_quiet_tray_raises_no_false_alarm_where_reads_are_missed_and_crossed():
    assert _count(Presence(), USUAL) == Alarms(0, 0, 0)


@pytest.mark.parametrize("room", ROOMS)
def test_false_alarms_are_few_where_the_radio_is_bad(room):
    found = _count(Presence(), room)
    assert found.appear < 1
    assert found.leave < 1
    assert found.move < 0.2


def test_a_threshold_alone_would_alarm_all_the_time():
    ours, naive = _count(Presence(), SILENT), _count(Naive(), SILENT)
    assert naive.leave > 20 * max(ours.leave, 0.5)
    assert naive.move > 500


@pytest.mark.parametrize("room", ROOMS)
def test_what_people_do_is_noticed(room):
    noticed = count_noticed(Presence(), ROOMS[room], tags=40, hours=0.25, seed=7)
    assert set(noticed) == {APPEAR, LEAVE, MOVE}
    assert sum(found.acts for found in noticed.values()) > 100
    for found in noticed.values():
        assert found.missed <= 0.02 * found.acts


@pytest.mark.parametrize("room", ROOMS)
def test_a_tag_in_its_tray_is_not_told_at_the_door_of_the_example(room):
    assert count_door(DOOR, ROOMS[room], tags=40, hours=0.25, seed=7).false == 0


def test_a_door_that_believes_one_read_would_alarm_all_the_time():
    assert count_door(CREDULOUS, ROOMS[USUAL], tags=40, hours=0.25, seed=7).false > 1


@pytest.mark.parametrize(("room", "share"), [("calm", 0.98), (USUAL, 0.9), (SILENT, 0.85)])
def test_a_piece_that_is_carried_past_the_door_is_told_in_seconds(room, share):
    door = count_door(DOOR, ROOMS[room], tags=40, hours=0.25, seed=7)
    assert door.passages > 100
    assert door.told >= share * door.passages
    assert door.median <= 1_500


def test_a_departure_is_told_within_a_quarter_of_a_minute_and_an_arrival_in_seconds():
    noticed = count_noticed(Presence(), ROOMS[USUAL], tags=40, hours=0.25, seed=7)
    assert noticed[APPEAR].late < 4_000
    assert noticed[MOVE].late < 15_000
    assert noticed[LEAVE].late < 15_000
