"""What all drivers share: a thread that never dies of an error and comes back by itself."""

import random
import threading
import time

# Seconds between two attempts to reach a reader: the first, and the longest.
FIRST_WAIT = 1.0
LONGEST_WAIT = 60.0

_STOPPED = "Stopped."


class ConfigurationError(Exception):
    """The options are wrong: trying again would not help, a person has to change them."""

    def __init__(self, message, option=None):
        """Say what is wrong, and in which option where it is one."""
        super().__init__(message)
        self.option = option


class Unreachable(Exception):
    """The reader cannot be used now; the message says why, in words for the shop."""


class Stopped(Exception):
    """The driver was asked to stop while it waited."""


class Finished(Exception):
    """There is nothing more to read, and will not be."""


class Driver:
    """One reader. A subclass implements `run` and, where it blocks, `interrupt`.

    States reported: "up" (reads flow), "down" (tries again by itself), "failed" (the
    configuration is wrong; it stays so until the gateway is started with another).
    """

    # {option: default}; REQUIRED means that it must be given.
    OPTIONS: dict = {}
    # The option that holds the path of a device which no two readers can share.
    DEVICE: str | None = None
    # Settings of presence that a read of such a reader asks for, see smoothing.Settings.
    SMOOTHING: dict = {}
    # Whether something is heard of such a reader every few seconds though no tag is near, and
    # handed to `emit` each time: no tag leaves before the reader was heard without it.
    SPEAKS = False

    def __init__(self, code, options, emit, report):
        """Take a reader's options; nothing is opened before `start`.

        :param str code: the reader's code in Odoo
        :param dict options: the reader's table in the configuration
        :param emit: takes a list of `Read`, empty when all that was heard is that the reader is
            there, and how far a recording was read with it; blocks while the core is full
        :param report: takes a state and a message
        """
        self.code = code
        self.options = {**self.OPTIONS, **options}
        self.emit = emit
        self.report = report
        # How far an earlier process had read, set before `start`; for what can be read again.
        self.position = None
        self.stopping = threading.Event()
        self._thread = None
        self._said = None
        self._lock = threading.Lock()

    # === FOR THE CORE === #

    def start(self):
        """Begin to read; a second call changes nothing."""
        with self._lock:
            if self._thread is None and not self.stopping.is_set():
                name = f"driver-{self.code}"
                self._thread = threading.Thread(target=self._live, name=name, daemon=True)
                self._thread.start()

    def stop(self, timeout=10.0):
        """Stop reading and wait for the thread's end.

        :return: whether it has ended within `timeout` seconds.
        """
        self.stopping.set()
        self.interrupt()
        with self._lock:
            thread = self._thread
        if thread is None:
            return True
        thread.join(timeout)
        return not thread.is_alive()

    def examine(self):
        """Refuse options that are not known, are missing or cannot work; opens no reader.

        :raise ConfigurationError: says which and why.
        """
        self._check_names()
        try:
            self.check()
        except ConfigurationError:
            raise
        except Exception as error:  # a check that met a value of a kind that it did not expect
            raise ConfigurationError(f"The options cannot be used: {error}.") from error

    # === FOR SUBCLASSES === #

    def check(self):
        """Refuse options that cannot work; called when they are read, and before the first `run`.

        :raise ConfigurationError: says which and why.
        """

    def run(self):
        """Open the reader, call `up` once it reads, and hand reads to `emit` until it ends.

        Returns when `stopping` is set or the reader has gone; called again after a wait.

        :raise Unreachable: with a message for the shop.
        """
        raise NotImplementedError

    def get_ports(self):
        """The antennas that the options name; those that are heard need not be among them."""
        return ()

    def set_power(self, powers):
        """Take the powers that Odoo's heartbeat answered, {antenna: dBm or None}; may come from
        any thread at any time. Drivers without a power of their own ignore it.
        """

    def interrupt(self):
        """Wake a `run` that blocks; called from another thread when `stopping` is set."""

    def up(self, message=""):
        """Say that reads flow; the next failure waits shortly again."""
        self._attempts = 0
        self._say("up", message)

    def check_number(self, name, lowest, highest):
        """Refuse an option that is no number between these.

        :raise ConfigurationError: it is none.
        """
        kind = f"a number from {lowest:g} to {highest:g}"
        self._check_value(name, kind, (int, float), lambda value: lowest <= value <= highest)

    def check_whole(self, name, lowest, highest):
        """Refuse an option that is no whole number between these.

        :raise ConfigurationError: it is none.
        """
        kind = f"a whole number from {lowest} to {highest}"
        self._check_value(name, kind, (int,), lambda value: lowest <= value <= highest)

    def check_text(self, name):
        """Refuse an option that is no text, or an empty one.

        :raise ConfigurationError: it is none.
        """
        self._check_value(name, "text", (str,), bool)

    def check_flag(self, name):
        """Refuse an option that is not true or false.

        :raise ConfigurationError: it is none.
        """
        self._check_value(name, "true or false", (bool,), lambda _value: True)

    def _check_value(self, name, kind, types, is_good):
        value = self.options[name]
        # A truth value is a whole number to Python only.
        if type(value) not in types or not is_good(value):
            raise ConfigurationError(f"{name} must be {kind}.", name)

    def wait(self, seconds):
        """Sleep, unless asked to stop.

        :raise Stopped: when asked to stop.
        """
        if self.stopping.wait(seconds):
            raise Stopped

    # === THE THREAD === #

    def _live(self):
        self._attempts = 0
        try:
            self.examine()
        except ConfigurationError as error:
            self._say("failed", str(error))
            return
        while not self.stopping.is_set() and self._try():
            self.stopping.wait(self._next_wait())

    def _check_names(self):
        if unknown := sorted(set(self.options) - set(self.OPTIONS)):
            raise ConfigurationError(
                f"Unknown option {', '.join(unknown)}: there are {', '.join(self.OPTIONS)}.",
                unknown[0],
            )
        if missing := sorted(name for name, value in self.options.items() if value is REQUIRED):
            raise ConfigurationError(f"The option {', '.join(missing)} is missing.")

    def _try(self):
        """Run once.

        :return: whether to run again.
        """
        try:
            self.run()
            self._say("down", _STOPPED if self.stopping.is_set() else "The connection has ended.")
        except Stopped:
            self._say("down", _STOPPED)
        except Finished as error:
            self._say("down", str(error))
            return False
        except ConfigurationError as error:
            self._say("failed", str(error))
            return False
        except (Unreachable, OSError) as error:
            self._say("down", str(error) or type(error).__name__)
        except Exception as error:  # noqa: BLE001  # whatever a library raises, reading goes on
            self._say("down", f"{type(error).__name__}: {error}")
        return True

    def _next_wait(self):
        """Seconds to wait: doubled each time, and not the same for all readers after a cut."""
        base = min(LONGEST_WAIT, FIRST_WAIT * 2**self._attempts)
        self._attempts = min(self._attempts + 1, 16)
        return base * random.uniform(0.75, 1.0)

    def _say(self, state, message):
        """Report a state once, not at each attempt."""
        if (state, message) != self._said:
            self._said = (state, message)
            self.report(state, message)


# Default of an option that must be given.
REQUIRED = object()


def now():
    """Milliseconds since 1970 by this computer's clock."""
    return time.time_ns() // 1_000_000
