"""`gateway.toml`: what it may hold, and errors that name the line and say what to do."""

import os
import re
import tomllib
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from . import drivers
from .drivers.base import REQUIRED, ConfigurationError
from .key import Key
from .log import LEVELS
from .reading import MOST_ANTENNA, is_port
from .smoothing import Settings


class ConfigError(Exception):
    """The configuration cannot be used; the message has a line for each problem."""


class Option(NamedTuple):
    """A key of a table: its type, its default (`REQUIRED` for none), its bounds."""

    kind: type
    default: object = REQUIRED
    low: float | None = None
    high: float | None = None
    choices: tuple = ()


_CODE = re.compile(r"[A-Za-z0-9][\w.-]{0,63}")
_ANTENNA = re.compile(r"(?P<reader>[A-Za-z0-9][\w.-]*):(?P<port>\d{1,3})")
_TYPES = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list: "a list",
}

GATEWAY = {"code": Option(str)}
ODOO = {
    "url": Option(str),
    "database": Option(str, ""),
    "key_file": Option(str, ""),
    "ca_file": Option(str, ""),
    "batch_rows": Option(int, 2_000, 1, 5_000),
    # Odoo takes a gateway for silent after three minutes.
    "heartbeat_s": Option(float, 10.0, 1, 60),
}
SPOOL = {
    "path": Option(str, "spool.db"),
    "limit_mb": Option(int, 512, 1, 1_000_000),
    "commit_ms": Option(int, 1_000, 10, 60_000),
    "urgent_ms": Option(int, 250, 10, 60_000),
    "patience_s": Option(int, 60, 0, 86_400),
}
HEALTH = {"port": Option(int, 9_464, 0, 65_535)}
LOG = {"level": Option(str, "info", choices=LEVELS)}
SMOOTHING = {
    "appear_reads": Option(int, Settings.appear_reads, 1, 100),
    "appear_ms": Option(int, Settings.appear_ms, 100, 600_000),
    "leave_gaps": Option(float, Settings.leave_gaps, 1, 1_000),
    # Less than the quarter of an hour in which a case that counts itself was told of what is there.
    "leave_min_ms": Option(int, Settings.leave_min_ms, 500, 840_000),
    "leave_max_ms": Option(int, Settings.leave_max_ms, 500, 840_000),
    "move_margin_db": Option(float, Settings.move_margin_db, -60, 60),
    "move_ms": Option(int, Settings.move_ms, 0, 600_000),
    "stay_ms": Option(int, Settings.stay_ms, 1_000, 300_000),
    "memory_ms": Option(int, Settings.memory_ms, 100, 600_000),
}
ZONE = {"antennas": Option(list, [])}
READER = {"code": Option(str), "driver": Option(str)}
TABLES = ("gateway", "odoo", "spool", "health", "log", "smoothing", "zones", "readers")


@dataclass(frozen=True)
class Reader:
    """A reader and the options of its driver."""

    code: str
    driver: str
    options: dict

    def get_device_option(self):
        """The name of the option with the path that is this reader's alone, None for none."""
        return drivers.load(self.driver).DEVICE if self.driver in drivers.names() else None

    def check(self):
        """Let the driver look at its options.

        :raise ConfigurationError: says which is wrong and why
        """
        drivers.load(self.driver)(self.code, self.options, None, None).examine()


@dataclass(frozen=True)
class Config:
    """All that a gateway must know."""

    code: str
    readers: tuple = ()
    #: Tables by key; `odoo` is None for a gateway that sends nothing.
    odoo: dict | None = None
    spool: dict = field(default_factory=dict)
    health: dict = field(default_factory=dict)
    log: dict = field(default_factory=dict)
    smoothing: Settings = field(default_factory=Settings)
    #: {zone: Settings} and {(reader, antenna): zone}.
    zone_settings: dict = field(default_factory=dict)
    zones: dict = field(default_factory=dict)

    def get_key(self):
        """The key of the device user."""
        return Key(self.odoo["key_file"] or None)

    def simulate(self, epc_file="", speed=1):
        """The same with simulated readers instead of real ones.

        :raise ConfigError: the file of EPCs, or the speed, cannot be used
        """
        codes = [reader.code for reader in self.readers] or ["simulated"]
        readers = tuple(
            Reader(code, "simulate", self._get_scene(code, item, epc_file, speed))
            for item, code in enumerate(codes, 1)
        )
        try:
            for reader in readers:
                reader.check()
        except ConfigurationError as error:
            raise ConfigError(f"--simulate: {error}") from error
        return replace(self, readers=readers)

    def _get_scene(self, reader, item, epc_file, speed):
        antennas = [port for code, port in self.zones if code == reader]
        options = {"antennas": max(antennas, default=4) or 1, "seed": item, "item": item}
        return options | {"file": epc_file, "speed": speed}


def load(path):
    """Read a file.

    :raise ConfigError: with a line for each problem
    """
    path = Path(path)
    try:
        text = path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}") from error
    return parse(text, path)


def parse(text, path="gateway.toml"):
    """Understand the text of a file; paths in it are seen from its folder."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: this is not TOML: {error}") from error
    reading = _Reading(text, Path(path))
    config = reading.read(values)
    if reading.problems:
        raise ConfigError("\n".join(reading.problems))
    return config


def make_default(folder):
    """A gateway without Odoo, for trials; its spool is in `folder`."""
    return parse(f'[gateway]\ncode = "trial"\n[spool]\npath = "{folder}/spool.db"\n')


class _Reading:
    """One look at a file: collects all problems."""

    def __init__(self, text, path):
        self.path, self.problems = path, []
        self._lines = _find_lines(text)

    def read(self, values):
        self._check_names(values, TABLES, ())
        gateway = self._table(values, "gateway", GATEWAY)
        odoo = self._table(values, "odoo", ODOO) if "odoo" in values else None
        spool = self._table(values, "spool", SPOOL)
        smoothing = self._table(values, "smoothing", SMOOTHING)
        self._check_patience(smoothing, ("smoothing",))
        readers = self._read_readers(values)
        self._check_speed(readers)
        zone_settings, zones = self._read_zones(values, smoothing, {r.code for r in readers})
        self._check_code(gateway, ("gateway", "code"))
        self._check_odoo(odoo)
        self._put_paths(odoo, "key_file", "ca_file")
        self._put_paths(spool, "path")
        return Config(
            code=gateway.get("code"),
            readers=tuple(readers),
            odoo=odoo,
            spool=spool,
            health=self._table(values, "health", HEALTH),
            log=self._table(values, "log", LOG),
            smoothing=Settings(**smoothing),
            zone_settings=zone_settings,
            zones=zones,
        )

    # === TABLES === #

    def _table(self, values, name, options):
        table = values.get(name, {})
        if not isinstance(table, dict):
            self._complain((name,), f"write it as a table, [{name}]")
            return {}
        return self._read_options(table, options, (name,))

    def _read_options(self, table, options, place):
        self._check_names(table, options, place)
        return {
            name: self._read_option(table, name, option, (*place, name))
            for name, option in options.items()
        }

    def _read_option(self, table, name, option, place):
        default = None if option.default is REQUIRED else option.default
        if name not in table:
            if option.default is REQUIRED:
                self._complain(place, "it is missing, and there is no default")
            return default
        value = table[name]
        if option.kind is float and type(value) is int:
            value = float(value)
        if type(value) is not option.kind:
            self._complain(place, f"it must be {_TYPES[option.kind]}, not {value!r}")
            return default
        self._check_bounds(value, option, place)
        return value

    def _check_bounds(self, value, option, place):
        if option.choices and value not in option.choices:
            self._complain(place, f"it must be one of {', '.join(option.choices)}, not {value!r}")
        if option.low is not None and not option.low <= value <= option.high:
            self._complain(place, f"it must be from {option.low} to {option.high}, not {value}")

    def _check_names(self, table, known, place):
        for name in sorted(set(table) - set(known)):
            near = get_close_matches(name, known, 1)
            advice = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
            self._complain((*place, name), f"it is not known; {advice}")

    # === WHAT IS SPECIAL === #

    def _check_code(self, table, place):
        code = table.get("code")
        if code is not None and not _CODE.fullmatch(code):
            self._complain(place, f"{code!r} is no code: letters, digits, dot, dash, underscore")

    def _check_odoo(self, odoo):
        if not odoo or not odoo.get("url"):
            return
        parts = urlsplit(odoo["url"])
        here = parts.hostname in ("localhost", "127.0.0.1", "::1")
        if parts.scheme not in ("https", "http") or not parts.hostname:
            self._complain(("odoo", "url"), "write it as https://shop.example.com")
        elif parts.scheme == "http" and not here:
            advice = "the key would travel readable: use https, with ca_file for a certificate"
            self._complain(("odoo", "url"), f"{advice} of your own")
        if parts.username or parts.password:
            self._complain(("odoo", "url"), "no name or password here: the key has its own file")

    def _check_patience(self, smoothing, place):
        least, most = smoothing.get("leave_min_ms"), smoothing.get("leave_max_ms")
        if least is not None and most is not None and least > most:
            self._complain((*place, "leave_min_ms"), f"it is more than leave_max_ms, {most}")

    def _check_speed(self, readers):
        """The gateway has one clock, by which all readers' tags come and go."""
        speeds = [r.options.get("speed", 1) if r.driver == "simulate" else 1 for r in readers]
        for number, speed in enumerate(speeds):
            if speed != 1 and speeds.count(speed) < len(speeds):
                what = "it must be 1 beside readers that are real, or of another speed"
                self._complain(("readers", number, "speed"), what)

    def _put_paths(self, table, *names):
        for name in names:
            if table and table.get(name):
                table[name] = str(self.path.parent / table[name])

    def _read_readers(self, values):
        tables = values.get("readers", [])
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            self._complain(("readers",), "write each reader as a table, [[readers]]")
            return []
        readers = [self._read_reader(table, number) for number, table in enumerate(tables)]
        self._check_devices(readers)
        codes = [reader.code for reader in readers]
        for number, code in enumerate(codes):
            if code in codes[:number]:
                self._complain(("readers", number, "code"), f"there are two readers {code!r}")
        return readers

    def _read_reader(self, table, number):
        place = ("readers", number)
        own = {name: table[name] for name in READER if name in table}
        own = self._read_options(own, READER, place)
        self._check_code(own, (*place, "code"))
        options = {name: value for name, value in table.items() if name not in READER}
        reader = Reader(own["code"], own["driver"], options)
        if reader.driver:
            self._check_reader(reader, place)
        return reader

    def _check_reader(self, reader, place):
        try:
            known = drivers.load(reader.driver).OPTIONS
        except LookupError as error:
            self._complain((*place, "driver"), str(error))
            return
        self._check_names(reader.options, known, place)
        missing = [name for name, default in known.items() if default is REQUIRED]
        missing = [name for name in missing if name not in reader.options]
        for name in missing:
            self._complain((*place, name), f"the driver {reader.driver} needs it")
        if not missing and set(reader.options) <= set(known):
            self._check_values(reader, place)

    def _check_devices(self, readers):
        """Two readers cannot share a device, whatever each calls it."""
        taken = {}
        for number, reader in enumerate(readers):
            option = reader.get_device_option()
            path = option and reader.options.get(option)
            if path and isinstance(path, str):
                first = taken.setdefault(os.path.realpath(path), reader)
                if first is not reader:
                    message = f"the reader {first.code!r} uses this device already"
                    self._complain(("readers", number, option), message)

    def _check_values(self, reader, place):
        try:
            reader.check()
        except ConfigurationError as error:
            place = (*place, error.option) if error.option else place
            self._complain(place, str(error).removesuffix("."))

    def _read_zones(self, values, smoothing, readers):
        tables = values.get("zones", {})
        if not isinstance(tables, dict) or not all(isinstance(t, dict) for t in tables.values()):
            self._complain(("zones",), "write each zone as a table, [zones.NAME]")
            return {}, {}
        zone_settings, zones = {}, {}
        for name, table in tables.items():
            place = ("zones", name)
            inherited = {key: o._replace(default=smoothing[key]) for key, o in SMOOTHING.items()}
            own = self._read_options(table, inherited | ZONE, place)
            self._check_patience(own, place)
            for antenna in own.pop("antennas"):
                key = self._read_antenna(antenna, readers, (*place, "antennas"))
                if key in zones:
                    self._complain((*place, "antennas"), f"{antenna} is in {zones[key]!r} too")
                zones[key] = name
            zone_settings[name] = Settings(**own)
        return zone_settings, zones

    def _read_antenna(self, text, readers, place):
        match = _ANTENNA.fullmatch(text) if isinstance(text, str) else None
        if not match:
            self._complain(place, f'{text!r} is no antenna: write "reader:1"')
            return None
        if match["reader"] not in readers:
            self._complain(place, f"there is no reader {match['reader']!r}")
        port = int(match["port"])
        if not is_port(port):
            self._complain(place, f"{text!r} is no antenna: there are 0 to {MOST_ANTENNA}")
        return match["reader"], port

    def _complain(self, place, what):
        line = next(
            (
                self._lines[place[:end]]
                for end in range(len(place), 0, -1)
                if place[:end] in self._lines
            ),
            None,
        )
        where = f"{self.path}, line {line}" if line else str(self.path)
        name = ".".join(str(part + 1) if isinstance(part, int) else part for part in place)
        self.problems.append(f"{where}: {name}: {what}.")


_HEADER = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]")
_ENTRY = re.compile(r"\s*([\w\"'.-]+)\s*=")


def _find_lines(text):
    """{place: line}; a place is the path of names, with the number of a table in a list."""
    lines, table, counts = {}, (), {}
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = tuple(part.strip("\"' ") for part in header[2].split("."))
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            lines.setdefault(table, number)
        elif entry := _ENTRY.match(line):
            names = tuple(part.strip("\"' ") for part in entry[1].split("."))
            lines.setdefault((*table, *names), number)
    return lines
