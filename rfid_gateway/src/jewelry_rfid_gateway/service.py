"""The gateway as a whole: its parts, how they are started, watched and stopped."""

import logging
import math
import threading
import time
from dataclasses import replace

from . import __version__, drivers
from .core import Clock, Core
from .health import HealthServer
from .metrics import Metrics
from .odoo import Odoo
from .reading import is_port
from .smoothing import MAX_STEP, Presence
from .spool import Spool
from .uploader import Heart, OdooClock, Uploader

_logger = logging.getLogger(__name__)

#: Seconds in which everything has to stop.
STOP_WITHIN = 5.0
#: Seconds that drivers get of these.
DRIVERS_WITHIN = 2.5
#: Seconds after which a thread that does not move counts as stuck.
STUCK_AFTER = 10.0
#: Seconds without Odoo that are worth a call.
LONG_WITHOUT_ODOO = 300.0


class Service:
    """All parts of one gateway, from `start` to `stop`."""

    def __init__(self, config, metrics=None, died=None):
        """Open the spool; nothing runs before `start`.

        :param died: called when a thread ends that must not
        :raise OSError: the spool or the port cannot be had
        """
        self.config, self.metrics = config, metrics or Metrics()
        self.started_at = time.time()
        self._states = {reader.code: ("down", "Not started yet.") for reader in config.readers}
        self._lock = threading.Lock()
        # When the last count began of which Odoo told, whatever it takes for a time.
        self._counting = None
        self.spool = Spool(config.spool["path"], config.spool["limit_mb"])
        try:
            self._make_parts(died)
        except BaseException:
            self.spool.close()
            raise

    def _make_parts(self, died):
        config, spool = self.config, self.config.spool
        speed = max([reader.options.get("speed", 1) for reader in _get_simulated(config)] or [1])
        presence = Presence(
            config.smoothing,
            config.zones,
            config.zone_settings,
            readers={r.code: drivers.load(r.driver).SPEAKS for r in config.readers},
            reader_settings=_get_reader_settings(config),
            max_step=int(MAX_STEP * speed),
        )
        self.core = Core(
            presence,
            self.spool,
            self.metrics,
            clock=Clock(speed),
            commit_ms=spool["commit_ms"],
            urgent_ms=spool["urgent_ms"],
            patience_s=spool["patience_s"],
            told=self._wake_uploader,
            died=died,
        )
        self.drivers = [self._make_driver(reader) for reader in config.readers]
        self.odoo_clock = OdooClock()
        self.uploader = self.heart = self.health = None
        if config.odoo:
            self._make_speakers(config.odoo, died)
        if config.health["port"]:
            self.health = HealthServer(config.health["port"], self.get_health, self.get_metrics)

    def _make_speakers(self, odoo, died):
        key = self.config.get_key()
        places = (odoo["url"], key, odoo["database"], odoo["ca_file"])
        self.uploader = Uploader(
            Odoo(*places),
            self.metrics,
            self.spool,
            self.config.code,
            odoo["batch_rows"],
            clock=self.odoo_clock,
            died=died,
        )
        self.heart = Heart(
            Odoo(*places),
            self.metrics,
            self.get_heartbeat,
            self.hear,
            odoo["heartbeat_s"],
            died=died,
        )

    def _make_driver(self, reader):
        code = reader.code
        driver = drivers.load(reader.driver)(
            code,
            reader.options,
            self.core.get_emit(code),
            lambda state, message: self._hear_driver(code, state, message),
        )
        driver.position = self.spool.load_positions().get(code)
        return driver

    def _get_speakers(self):
        return [part for part in (self.uploader, self.heart) if part]

    # === START AND STOP === #

    def start(self):
        """Let everything run."""
        self.core.start()
        for part in (self.health, *self._get_speakers(), *self.drivers):
            if part:
                part.start()
        if not self.config.odoo:
            _logger.warning("There is no [odoo] in the configuration: sightings stay on disk.")
        _logger.info("Gateway %s runs, with %s readers.", self.config.code, len(self.drivers))

    def stop(self):
        """Stop everything within `STOP_WITHIN` seconds; what was read is kept.

        :return: whether every part has ended in time
        """
        end = time.monotonic() + STOP_WITHIN
        stopping = [
            threading.Thread(target=driver.stop, args=[DRIVERS_WITHIN], daemon=True)
            for driver in self.drivers
        ]
        stopping += [
            threading.Thread(target=part.stop, args=[DRIVERS_WITHIN], daemon=True)
            for part in self._get_speakers()
        ]
        for thread in stopping:
            thread.start()
        for thread in stopping[: len(self.drivers)]:
            thread.join(DRIVERS_WITHIN / 2)
        # Drivers that wait for room are let go.
        ended = self.core.stop(max(end - time.monotonic() - 1, 0.5))
        for thread in stopping:
            thread.join(max(end - time.monotonic(), 0.05))
        if self.health:
            self.health.stop()
        self.spool.close()
        return ended and not any(thread.is_alive() for thread in stopping)

    def _wake_uploader(self):
        if self.uploader:
            self.uploader.wake()

    # === READERS === #

    def _hear_driver(self, code, state, message):
        with self._lock:
            self._states[code] = (state, message)
        self.core.set_reader(code, state == "up")
        self.metrics.set("reader_up", state == "up", reader=code)
        level = logging.INFO if state == "up" else logging.WARNING
        _logger.log(level, "Reader %s is %s. %s", code, state, message)

    def get_heartbeat(self):
        """What Odoo is told of readers."""
        counts = self.spool.count()
        return {
            "gateway": self.config.code,
            "version": __version__,
            "sent": time.time_ns() // 1_000_000,
            "spooled": counts["spooled"],
            "refused": counts["refused"],
            "readers": [
                self._get_reader(reader, driver)
                for reader, driver in zip(self.config.readers, self.drivers, strict=True)
            ],
        }

    def _get_reader(self, reader, driver):
        state, message = self._get_state(reader.code)
        ports = {port for code, port in self.core.presence.antennas() if code == reader.code}
        ports.update(driver.get_ports())
        return {
            "code": reader.code,
            "driver": reader.driver,
            "state": state,
            "message": message,
            "antennas": sorted(ports),
        }

    def _get_state(self, code):
        """State and message of a reader; one whose reads nobody takes is as good as down."""
        with self._lock:
            state, message = self._states[code]
        obstacle = self._get_obstacle()
        return ("down", obstacle) if state == "up" and obstacle else (state, message)

    def _get_obstacle(self):
        """Why no reads are taken now, empty while they are."""
        if time.monotonic() - self.core.alive_at > STUCK_AFTER:
            return "The core does not move."
        if self.core.full_since is not None:
            return "The disk, or the spool's share of it, is full: readers wait."
        return ""

    def hear(self, values):
        """Take what Odoo answers to a heartbeat; what makes no sense is left out."""
        self.odoo_clock.hear(values.get("time"))
        zones, powers = _read_antennas(values.get("readers"))
        self.core.set_zones(self.config.zones | zones, _rename_settings(self.config, zones))
        for driver in self.drivers:
            driver.set_power(powers.get(driver.code, {}))
        watch = values.get("watch")
        epcs = watch if isinstance(watch, list) else []
        self.core.follow(epc.upper() for epc in epcs if isinstance(epc, str))
        self._hear_counting(values.get("counting"))

    def _hear_counting(self, began):
        """Let a count that has begun since the last heartbeat find what lies still."""
        if began is not None and began != self._counting:
            self.core.tell_all()
        self._counting = began

    # === HEALTH === #

    def get_problems(self):
        """Sentences for whoever has to act; none when all is well."""
        obstacle = self._get_obstacle()
        problems = [obstacle] if obstacle else []
        with self._lock:
            states = sorted(self._states.items())
        problems += [
            f"Reader {code} is {state}: {message}"
            for code, (state, message) in states
            if state != "up"
        ]
        return problems + [problem for part in self._get_speakers() for problem in self._ask(part)]

    def _ask(self, part):
        """What is wrong between a thread and Odoo."""
        if part.key_refused:
            return [f"Odoo does not take the key. {part.problem}"]
        if part is self.uploader and part.clock_wrong:
            return [part.problem]
        since = part.answered_at / 1000 if part.answered_at else self.started_at
        if part.problem and time.time() - since > LONG_WITHOUT_ODOO:
            return [f"No answer of Odoo for {int(time.time() - since)} s. {part.problem}"]
        return []

    def get_health(self):
        """(Whether all is well, values for JSON)."""
        problems = self.get_problems()
        warnings = []
        counts = self.spool.count()
        if counts["refused"]:
            advice = "look at them with --refused, send them again with --retry-refused"
            warnings.append(f"Odoo has refused {counts['refused']} batches: {advice}.")
        if rows := self.metrics.get("refused_rows_total"):
            refusal = self.uploader.refusal if self.uploader else ""
            last = f", the last: {refusal}" if refusal else ""
            warnings.append(f"Odoo has refused {rows} sightings since the start{last}.")
        if self.spool.set_aside_as:
            warnings.append(f"The spool was torn and is kept as {self.spool.set_aside_as}.")
        values = {"status": "bad" if problems else "ok", "problems": problems}
        return not problems, values | {"warnings": warnings} | self.get_heartbeat()

    def get_metrics(self):
        """Prometheus' text."""
        counts = self.spool.count()
        for name, value in {
            "spool_sightings": counts["spooled"],
            "spool_refused_batches": counts["refused"],
            "spool_bytes": self.spool.used(),
            "tags_known": self.core.presence.count(),
            "reads_waiting": self.core.inbox.waiting,
            "reads_ignored_total": self.core.presence.ignored,
        }.items():
            self.metrics.set(name, value)
        return self.metrics.to_text()


def _get_simulated(config):
    return [reader for reader in config.readers if reader.driver == "simulate"]


def _get_reader_settings(config):
    """{reader: Settings} of readers whose reads mean something else than usual."""
    settings = {r.code: drivers.load(r.driver).SMOOTHING for r in config.readers}
    return {code: replace(config.smoothing, **own) for code, own in settings.items() if own}


def _rename_settings(config, zones):
    """{zone: Settings}, by the names of the configuration and by those that Odoo gives."""
    renamed = {
        zone: config.zone_settings[config.zones[antenna]]
        for antenna, zone in zones.items()
        if antenna in config.zones
    }
    return config.zone_settings | renamed


def _read_antennas(readers):
    """({(reader, antenna): zone}, {reader: {antenna: dBm}}) of Odoo's answer."""
    zones, powers = {}, {}
    for reader in _get_tables(readers):
        code = reader.get("code")
        for antenna in _get_tables(reader.get("antennas")):
            port, zone, power = map(antenna.get, ("port", "zone", "power"))
            if not (isinstance(code, str) and is_port(port)):
                continue
            if zone and isinstance(zone, str):
                zones[code, port] = zone
            if _is_power(power):
                powers.setdefault(code, {})[port] = power
    return zones, powers


def _is_power(value):
    return type(value) in (int, float) and math.isfinite(value)


def _get_tables(values):
    """The objects of a list; nothing of what is no list, or no object."""
    return [v for v in values if isinstance(v, dict)] if isinstance(values, list) else []
