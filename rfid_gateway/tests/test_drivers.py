"""What all drivers share."""

import threading
import time

import pytest
from drivers_common import Core, eventually, running
from jewelry_rfid_gateway import drivers
from jewelry_rfid_gateway.drivers import base


class Script(base.Driver):
    """Does one step of a script at each run; `None` reads until it is stopped."""

    OPTIONS = {"steps": base.REQUIRED}

    def run(self):
        steps = self.options["steps"]
        step = steps.pop(0) if steps else None
        if step is not None:
            raise step
        self.up()
        self.stopping.wait()


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(base, "FIRST_WAIT", 0.01)
    monkeypatch.setattr(base, "LONGEST_WAIT", 0.08)


def test_whatever_a_library_raises_reading_goes_on(impatient):
    steps = [
        ValueError("odd"),
        OSError(),
        KeyError("x"),
        RecursionError("deep"),
        base.Unreachable("away"),
    ]
    with running(Script, {"steps": steps}) as core:
        core.until("up")
    assert core.states[:5] == [
        ("down", "ValueError: odd"),
        ("down", "OSError"),
        ("down", "KeyError: 'x'"),
        ("down", "RecursionError: deep"),
        ("down", "away"),
    ]


class Careless(base.Driver):
    """Looks at its options as if they were what it hopes for."""

    OPTIONS = {"count": 1}

    def check(self):
        if self.options["count"] <= 0:
            raise base.ConfigurationError("count")


def test_a_check_that_meets_another_kind_of_value_is_failed_and_no_trace():
    with running(Careless, {"count": "many"}) as core:
        core.until("failed", "The options cannot be used: '<=' not supported")


def test_waits_grow_to_the_longest_and_begin_anew_after_a_success(monkeypatch):
    monkeypatch.setattr(base.random, "uniform", lambda _low, high: high)
    driver = Script("R1", {"steps": []}, None, lambda *_state: None)
    driver._attempts = 0
    waits = [driver._next_wait() for _attempt in range(40)]
    assert waits[:7] == [1, 2, 4, 8, 16, 32, 60]
    assert set(waits[7:]) == {60}
    driver.up()
    assert driver._next_wait() == 1


def test_the_same_state_is_told_once(impatient):
    steps = [base.Unreachable("away")] * 5
    with running(Script, {"steps": steps}) as core:
        core.until("up")
    assert core.states == [("down", "away"), ("up", ""), ("down", "Stopped.")]


def test_a_driver_stopped_while_it_waits_to_try_again_ends_at_once(monkeypatch):
    monkeypatch.setattr(base, "FIRST_WAIT", 600)
    with running(Script, {"steps": [base.Unreachable("away")]}) as core:
        core.until("down")
        started = time.monotonic()
        assert core.driver.stop(10)
        assert time.monotonic() - started < 5


def test_a_driver_stopped_before_it_was_started_never_runs():
    driver = Script("R1", {"steps": []}, None, None)
    assert driver.stop(1)
    driver.start()
    assert driver._thread is None


def test_starting_twice_makes_one_thread():
    core = Core()
    with running(Script, {"steps": []}, core):
        for _ in range(10):
            core.driver.start()
        names = [thread.name for thread in threading.enumerate()]
    assert names.count("driver-R1") == 1


def test_a_wrong_configuration_found_while_running_is_failed_for_good():
    with running(Script, {"steps": [base.ConfigurationError("port 99")]}) as core:
        core.until("failed", "port 99")
        eventually(lambda: not core.driver._thread.is_alive())
    assert core.states == [("failed", "port 99")]


def test_the_drivers_of_the_project_are_found_by_name():
    assert {"llrp", "m100", "wedge", "tcp", "replay"} <= set(drivers.names())
    for name in ("llrp", "m100", "wedge", "tcp", "replay"):
        assert issubclass(drivers.load(name), base.Driver)


def test_an_unknown_driver_is_named_beside_those_there_are():
    with pytest.raises(LookupError, match=r"There is no driver 'smoke': there are .*llrp"):
        drivers.load("smoke")
