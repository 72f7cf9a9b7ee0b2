"""Serial UHF modules with the M100 or QM100 chip, at a serial port or a USB adapter."""

import errno
import time

import serial

from ..reading import MOST_ANTENNA, Read, get_signal, is_code
from ..wire import m100
from .base import REQUIRED, ConfigurationError, Driver, Unreachable, now

# Which of them is allowed where, the shop has to know: the law binds it, not the module.
REGIONS = {"china900": 1, "us": 2, "europe": 3, "china800": 4, "japan": 5, "korea": 6}

_LOWEST_POWER, _HIGHEST_POWER = 0, 33
_TICK = 0.2
_POLLS = 0xFFFF
# A module that polls says at least that it sees no tag; if not, it was reset or is done.
_SILENCE = 2.0
_ASKED_AGAIN = 3
_REASONS = {
    0x09: "read failed",
    0x10: "write failed",
    0x15: "no tag",
    0x16: "access refused",
    0x17: "the command is not known or its parameter is wrong",
    0x20: "no free radio channel",
}


class M100Driver(Driver):
    """A module at the device `path`."""

    SPEAKS = True
    OPTIONS = {
        "path": REQUIRED,
        "baud": 115200,
        "region": REQUIRED,
        "power": None,  # dBm; none: as the module stands
        "session": 1,
        "antenna": 1,
        "check_crc": True,
        "timeout": 1.0,
    }
    DEVICE = "path"

    def __init__(self, code, options, emit, report):
        """Take a module's options, see `OPTIONS`."""
        super().__init__(code, options, emit, report)
        self.power = self.options["power"]
        self.own_power = None  # dBm that the module stood at before Odoo ordered another
        self.renew = False
        self.refused = 0

    def check(self):
        """Refuse options that no module could take."""
        self.check_text("path")
        self.check_text("region")
        if self.options["region"] not in REGIONS:
            raise ConfigurationError(f"region: one of {', '.join(REGIONS)}.", "region")
        self.check_whole("baud", 9600, 921600)
        self.check_whole("session", 0, 3)
        self.check_whole("antenna", 0, MOST_ANTENNA)
        self.check_flag("check_crc")
        self.check_number("timeout", 0.05, 60)
        if self.power is not None:
            self.check_number("power", _LOWEST_POWER, _HIGHEST_POWER)

    def set_power(self, powers):
        """Take another power, up to the configured one: the module is set again with it. None: as
        configured, or as it stood.
        """
        power, configured = powers.get(self.options["antenna"]), self.options["power"]
        if power is None:
            power = configured
        else:
            highest = _HIGHEST_POWER if configured is None else configured
            power = min(max(power, _LOWEST_POWER), highest)
        if power != self.power:
            self.power, self.renew = power, True

    def run(self):
        """Open the port, set the module and read until it goes or we are asked to stop."""
        self.renew = False
        try:
            # Of two programs on one port, each would get some of the other's bytes.
            port = serial.Serial(
                self.options["path"],
                self.options["baud"],
                timeout=_TICK,
                write_timeout=5,
                exclusive=True,
            )
        except ValueError as error:
            raise ConfigurationError(f"The port cannot be set: {error}.") from error
        except serial.SerialException as error:
            if error.errno in (errno.EAGAIN, errno.EBUSY):
                raise Unreachable("Another program uses the port: stop that one.") from error
            raise
        with port:
            _Module(self, port).live()


class _Module:
    """One opening of the port."""

    def __init__(self, driver, port):
        self.driver = driver
        self.port = port
        self.finder = m100.FrameFinder()

    def live(self):
        """Set the module, then poll until asked to stop or to begin again.

        :raise Unreachable: the module does not answer.
        """
        self.prepare()
        self.send(m100.POLL_MANY, bytes([m100.POLL]) + _POLLS.to_bytes(2, "big"))
        self.driver.up()
        heard, asked = time.monotonic(), 0
        while not self.driver.stopping.is_set() and not self.driver.renew:
            if self.take(self.receive()):
                heard, asked = time.monotonic(), 0
            elif time.monotonic() - heard > _SILENCE:
                heard, asked = time.monotonic(), asked + 1
                self.poll_again(asked)
        self.send(m100.STOP)

    def prepare(self):
        """Stop what an earlier program began, then set region, session and power."""
        self.send(m100.STOP)
        self.drain()
        self.ask(m100.INFO, b"\x00")
        options = self.driver.options
        self.ask(m100.REGION, bytes([REGIONS[options["region"]]]))
        # The module's own values (DR 8, M 1, pilot tone, all tags, target A, Q 4) but the session.
        self.ask(m100.QUERY, (0x1020 | options["session"] << 8).to_bytes(2, "big"))
        self.set_power()

    def set_power(self):
        """Set what is configured or ordered; when nothing is any more, what was there before."""
        driver, power = self.driver, self.driver.power
        if power is None:
            power = driver.own_power
        elif driver.options["power"] is None and driver.own_power is None:
            driver.own_power = self.get_power()
        if power is not None:
            self.ask(m100.POWER, round(power * 100).to_bytes(2, "big"))

    def get_power(self):
        """dBm that the module stands at, None when it does not say."""
        try:
            parameters = self.ask(m100.GET_POWER, b"").parameters
        except Unreachable:
            return None
        return int.from_bytes(parameters, "big") / 100 if len(parameters) == 2 else None

    def poll_again(self, asked):
        if asked > _ASKED_AGAIN:
            raise Unreachable("The module has stopped answering.")
        self.send(m100.POLL_MANY, bytes([m100.POLL]) + _POLLS.to_bytes(2, "big"))

    # === FRAMES === #

    def send(self, command, parameters=b""):
        self.port.write(m100.Frame(m100.COMMAND, command, parameters).encode())

    def receive(self):
        """The frames that come within a tick; after a silence also those that noise was hiding."""
        data = self.port.read(max(1, min(self.port.in_waiting, 4096)))
        return list(self.finder.feed(data) if data else self.finder.flush())

    def drain(self):
        """Leave unread what was under way when we came: the module may still be polling."""
        end = time.monotonic() + self.driver.options["timeout"]
        while time.monotonic() < end and self.receive():
            pass

    def ask(self, command, parameters):
        """Send a command and wait for its answer.

        :return: the frame of the answer
        :raise Unreachable: there is none, or the module refuses.
        """
        self.send(command, parameters)
        end = time.monotonic() + self.driver.options["timeout"]
        while time.monotonic() < end:
            if self.driver.stopping.is_set():
                raise Unreachable("Stopped.")
            for frame in self.receive():
                if _answers(frame, command):
                    return frame
        raise Unreachable(f"The module does not answer (command {command:02X}).")

    def take(self, frames):
        """Hand the tags to the core.

        :return: whether the module said anything.
        """
        at, reads = now(), []
        for frame in frames:
            if (frame.kind, frame.command) == (m100.NOTIFICATION, m100.POLL):
                reads += self.read(frame.parameters, at)
        if frames:
            self.driver.emit(reads)
        return bool(frames)

    def read(self, parameters, at):
        """[Read], or nothing when the tag's CRC shows damage."""
        options = self.driver.options
        tag = m100.read_tag(parameters, options["check_crc"])
        if tag is None or not is_code(tag.epc):
            self.driver.refused += 1
            return []
        code = self.driver.code
        return [Read(code, options["antenna"], tag.epc, at, get_signal(tag.rssi), None, tag.pc)]


def _answers(frame, command):
    """Whether a frame is the answer to `command`.

    :raise Unreachable: the module refuses it.
    """
    if frame.kind != m100.RESPONSE:
        return False
    if frame.command == m100.ERROR:
        code = frame.parameters[0] if frame.parameters else 0
        if code == m100.NO_TAG:  # from polling that has not stopped yet
            return False
        raise Unreachable(
            f"The module refuses command {command:02X}: {_REASONS.get(code, f'error {code:02X}')}."
        )
    return frame.command == command
