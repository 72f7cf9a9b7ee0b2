"""The simulated store: seeded, and its truth agrees with what its antennas hear."""

import pytest
from jewelry_rfid_gateway.drivers.base import ConfigurationError, now
from jewelry_rfid_gateway.drivers.simulate import SimulateDriver
from jewelry_rfid_gateway.simulate import STILL, People, Radio, Scene, make_epcs, read_epcs

BUSY = People(act_every_ms=2_000, sold_ms=60_000)


def _play(scene, rounds):
    return [read for _round in range(rounds) for read in scene.step()]


def test_the_same_seed_gives_the_same_reads():
    first, again, other = (
        _play(Scene(make_epcs(20), seed=seed, people=BUSY), 200) for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_epcs_are_sgtin_96_of_the_prefix_for_demonstrations():
    first, second = make_epcs(2)
    assert first[:2] == "30"
    assert int(first, 16) >> 58 & 0xFFFFFF == 9_521_141
    assert [int(epc, 16) & (1 << 38) - 1 for epc in (first, second)] == [1, 2]


def test_reads_are_missed_and_crossed_as_often_as_told():
    radio = Radio(silent_every_ms=0)
    reads = _play(Scene(make_epcs(50), 4, radio=radio, people=STILL, door=False), 400)
    scene = Scene(make_epcs(50), 4, door=False)
    own = sum(read.antenna == scene.truth[read.epc] for read in reads)
    assert own / (50 * 400) == pytest.approx(0.4, abs=0.02)
    assert (len(reads) - own) / own == pytest.approx(0.2, abs=0.02)


def test_a_door_hears_tags_of_the_trays_now_and_then():
    scene = Scene(make_epcs(50), 4, radio=Radio(strayed=0.05), people=STILL)
    reads = _play(scene, 400)
    strays = [read for read in reads if read.antenna == 4]
    assert len(strays) / len(reads) == pytest.approx(0.05 / 1.25, abs=0.01)
    assert set(scene.truth.values()) == {1, 2, 3}


def test_a_crossed_read_is_weaker():
    scene = Scene(make_epcs(1), 2, radio=Radio(noise_db=0.0, missed=0), people=STILL, door=False)
    signals = {read.antenna: read.rssi for read in _play(scene, 50)}
    assert signals[1] - signals[2] == pytest.approx(8, abs=0.2)


def test_a_tag_that_is_away_is_not_heard():
    scene = Scene(make_epcs(40), 4, people=BUSY)
    for _round in range(2_000):
        where = {epc for epc, antenna in scene.truth.items() if antenna is None}
        before = len(scene.acts)
        heard = {read.epc for read in scene.step()}
        if len(scene.acts) == before:
            assert not heard & where


def test_people_open_trays_move_pieces_and_go_to_the_door():
    scene = Scene(make_epcs(40), 4, people=BUSY)
    _play(scene, 4_000)
    ways = {(before is None, after is None, after == 4) for _at, _epc, before, after in scene.acts}
    assert {(False, True, False), (True, False, False), (True, False, True)} <= ways
    assert set(scene.truth.values()) <= {None, 1, 2, 3, 4}


def test_time_passes_by_rounds():
    scene = Scene(make_epcs(2), start=1_000)
    reads = _play(scene, 4)
    assert scene.now == 2_000
    assert {read.at for read in reads} <= {1_250, 1_500, 1_750, 2_000}


def test_epcs_of_a_file_are_read_one_in_a_line(tmp_path):
    file = tmp_path / "epcs.csv"
    file.write_text("3034aa,ring\n\n# note\n3034BB # watch\n3034CC 2 ring\n3034DD,7\n")
    assert read_epcs(file) == {"3034AA": None, "3034BB": None, "3034CC": 2, "3034DD": 7}


def test_tags_lie_where_their_file_says_and_the_others_in_turn():
    epcs = dict.fromkeys(make_epcs(6)) | dict.fromkeys(make_epcs(3, item=2), 3)
    scene = Scene(epcs, 5)
    assert [scene.truth[epc] for epc in make_epcs(6)] == [1, 2, 3, 4, 1, 2]
    assert {scene.truth[epc] for epc in make_epcs(3, item=2)} == {3}


def test_what_a_file_puts_at_the_door_or_nowhere_lies_in_a_tray():
    scene = Scene(dict.fromkeys(make_epcs(2), 4) | dict.fromkeys(make_epcs(2, item=2), 99), 4)
    assert set(scene.truth.values()) <= {1, 2, 3}


def test_the_driver_hands_over_reads_and_says_that_it_is_up():
    reads, states = [], []
    options = {"speed": 100, "tags": 10}
    driver = SimulateDriver("sim", options, reads.extend, lambda *said: states.append(said))
    driver.start()
    while len(reads) < 100:
        driver.stopping.wait(0.02)
    assert driver.stop(5)
    assert states[0] == ("up", "10 simulated tags")
    assert {read.reader for read in reads} == {"sim"}
    assert set(make_epcs(10)) >= {read.epc for read in reads}


def test_a_store_that_lives_fast_reads_at_the_time_of_the_computer():
    """Odoo refuses what comes from the future."""
    reads = []
    driver = SimulateDriver("sim", {"speed": 1_000, "tags": 10}, reads.extend, lambda *_said: None)
    before = now()
    driver.start()
    while len(reads) < 2_000:
        driver.stopping.wait(0.02)
    assert driver.stop(5)
    assert {before <= read.at <= now() for read in reads} == {True}


@pytest.mark.parametrize(
    "options", [{"tags": 0}, {"speed": -1}, {"file": "/nowhere/epcs"}, {"file": __file__}]
)
def test_the_driver_refuses_what_makes_no_store(options):
    driver = SimulateDriver("sim", options, None, None)
    with pytest.raises(ConfigurationError):
        driver.check()
