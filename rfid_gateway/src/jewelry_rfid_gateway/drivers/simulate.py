"""A reader without hardware: a store of tags in which people work."""

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
        for name in ("antennas", "tags", "speed"):
            if self.options[name] <= 0:
                raise ConfigurationError(f"The option {name} must be above 0.")
        path = self.options["file"]
        try:
            self.epcs = (
                read_epcs(path) if path else make_epcs(self.options["tags"], self.options["item"])
            )
        except OSError as error:
            raise ConfigurationError(f"The file of EPCs cannot be read: {error}.") from error

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
