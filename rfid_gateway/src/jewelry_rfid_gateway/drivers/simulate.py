"""A reader without hardware: a store of tags in which people work."""

from ..reading import MOST_ANTENNA, is_code
from ..simulate import People, Scene, make_epcs, read_epcs
from .base import ConfigurationError, Driver, now


class SimulateDriver(Driver):
    """Reads of a `Scene`, in time or faster."""

    SPEAKS = True
    OPTIONS = {
        "antennas": 4,
        "tags": 200,
        # Readers with different numbers have different tags.
        "item": 1,
        # A file of EPCs, one in a line, each with the antenna that it lies before or without;
        # instead of `tags`.
        "file": "",
        "seed": 1,
        # So many times as fast as a real store; the gateway's time runs with it.
        "speed": 1,
        # On average, somebody does something once in so many milliseconds; 0: never.
        "act_every_ms": 20_000,
    }

    def check(self):
        """Read the EPCs, and refuse numbers that make no store."""
        self.check_whole("antennas", 1, MOST_ANTENNA)
        self.check_whole("tags", 1, 1_000_000)
        self.check_whole("item", 1, 999_999)
        self.check_whole("seed", 0, 2**63)
        self.check_number("speed", 0.001, 100_000)
        self.check_whole("act_every_ms", 0, 10**9)
        path = self.options["file"]
        if path != "":
            self.check_text("file")
        try:
            self.epcs = (
                read_epcs(path) if path else make_epcs(self.options["tags"], self.options["item"])
            )
        except (OSError, UnicodeDecodeError) as error:
            message = f"The file of EPCs cannot be read: {error}."
            raise ConfigurationError(message, "file") from error
        if wrong := next((epc for epc in self.epcs if not is_code(epc)), None):
            raise ConfigurationError(f"There is no EPC {wrong[:80]!r}.", "file")

    def get_ports(self):
        """All that the store has."""
        return range(1, self.options["antennas"] + 1)

    def run(self):
        """Let rounds pass until asked to stop."""
        options = self.options
        people = People(act_every_ms=options["act_every_ms"])
        scene = Scene(
            self.epcs,
            options["antennas"],
            reader=self.code,
            seed=options["seed"],
            start=now(),
            people=people,
        )
        self.up(f"{len(self.epcs)} simulated tags")
        while True:
            # However fast the store lives: what is read is read now.
            at = now()
            self.emit([read._replace(at=at) for read in scene.step()])
            self.wait(scene.radio.round_ms / options["speed"] / 1000)
