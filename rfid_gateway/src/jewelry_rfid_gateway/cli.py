"""`jewelry-rfid-gateway`: the program."""

import argparse
import logging
import signal
import sys
import tempfile
import time
from queue import SimpleQueue

from . import __version__, config, log
from .key import KeyProblem
from .metrics import Metrics
from .service import Service
from .spool import Spool

_logger = logging.getLogger(__name__)

STOP, AGAIN, DIED = "stop", "again", "died"
#: What a shell gets: all well, something failed, the configuration is wrong.
WELL, FAILED, WRONG = 0, 1, 2


def main(arguments=None):
    """Run the program.

    :return int: for the shell
    """
    options = _parse(arguments)
    with tempfile.TemporaryDirectory(prefix="jewelry-rfid-") as folder:
        try:
            settings = _load(options, folder)
        except config.ConfigError as error:
            _say(f"{error}", sys.stderr)
            return WRONG
        if options.check:
            return _check(settings)
        if options.refused or options.retry_refused:
            return _handle_refused(settings, options.retry_refused)
        return _run(settings, options, folder)


def _parse(arguments):
    parser = argparse.ArgumentParser(
        prog="jewelry-rfid-gateway",
        description="Tag reads of a jewelry store, on their way to Odoo.",
    )
    parser.add_argument("--config", metavar="FILE", help="the configuration, a TOML file")
    parser.add_argument(
        "--simulate",
        metavar="EPCS",
        nargs="?",
        const="",
        help="simulated readers instead of real ones; EPCS: a file of EPCs, one in a line, each "
        "with the number of the antenna that it lies before or without",
    )
    parser.add_argument("--speed", type=float, default=1, help="of the simulated store")
    parser.add_argument("--check", action="store_true", help="look at the configuration and end")
    parser.add_argument("--refused", action="store_true", help="list batches that Odoo refused")
    parser.add_argument("--retry-refused", action="store_true", help="send them once more")
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    options = parser.parse_args(arguments)
    if not options.config and options.simulate is None:
        parser.error("say which configuration: --config gateway.toml, or try --simulate")
    if options.speed <= 0:
        parser.error("--speed must be above 0")
    return options


def _load(options, folder):
    settings = config.load(options.config) if options.config else config.make_default(folder)
    if options.simulate is not None:
        settings = settings.simulate(options.simulate, options.speed)
    return settings


# === ONCE === #


def _check(settings):
    """Look at the key as well: the rest is right when it could be loaded."""
    try:
        _check_key(settings)
    except config.ConfigError as error:
        _say(f"{error}", sys.stderr)
        return WRONG
    _say(f"Gateway {settings.code}: {len(settings.readers)} readers, all well.")
    return WELL


def _check_key(settings):
    if not settings.odoo:
        return
    try:
        settings.get_key().read()
    except KeyProblem as error:
        raise config.ConfigError(str(error)) from error


def _handle_refused(settings, retry):
    try:
        spool = Spool(settings.spool["path"], settings.spool["limit_mb"])
    except OSError as error:
        _say(f"{error}. Stop the gateway first.", sys.stderr)
        return FAILED
    for sequence, at, reason, rows in spool.get_refused():
        day = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(at / 1000))
        _say(f"{day} UTC, batch {sequence}, {rows} sightings: {reason}")
    if retry:
        _say(f"{spool.retry_refused()} sightings are on their way again.")
    spool.close()
    return WELL


# === SERVICE === #


def _run(settings, options, folder):
    """Run until a signal ends it; SIGHUP reads the configuration again."""
    metrics, orders = Metrics(), SimpleQueue()
    log.set_up(_get_level(settings, options), metrics)
    log.catch_all()
    for number, order in ((signal.SIGTERM, STOP), (signal.SIGINT, STOP), (signal.SIGHUP, AGAIN)):
        signal.signal(number, lambda *_caught, order=order: orders.put((order, None)))
    service = _start(settings, metrics, orders)
    while service:
        order, fresh = _wait(orders, service, options, folder)
        if not service.stop():
            _logger.warning("Not every part has stopped in time.")
        if order != AGAIN:
            _logger.info("The gateway has ended.")
            return WELL if order == STOP else FAILED
        log.set_level(_get_level(fresh, options))
        service = _start(fresh, metrics, orders) or _go_back(service, metrics, orders, options)
    return FAILED


def _start(settings, metrics, orders):
    """A service that runs, or None; when a part of it dies, an order names it."""
    try:
        service = Service(settings, metrics, died=lambda: orders.put((DIED, service)))
    except OSError as error:
        _logger.critical("The gateway cannot start: %s", error)
        return None
    service.start()
    return service


def _go_back(service, metrics, orders, options):
    """Start with the settings of the service before, which could be had a moment ago."""
    _logger.error("The gateway goes on with the configuration as it was.")
    log.set_level(_get_level(service.config, options))
    return _start(service.config, metrics, orders)


def _wait(orders, service, options, folder):
    """Wait for an order that ends this service; (order, configuration of the next)."""
    while True:
        order, dead = orders.get()
        if order == AGAIN:
            if fresh := _load_again(options, folder):
                return AGAIN, fresh
        # What is left of an earlier service has no say in this one.
        elif dead in (None, service):
            return order, None


def _load_again(options, folder):
    """The configuration as it is now, or None when it cannot be used."""
    try:
        fresh = _load(options, folder)
        _check_key(fresh)
    except config.ConfigError as error:
        _logger.error("The configuration is left as it was. %s", error)
        return None
    _logger.info("The configuration is read again.")
    return fresh


def _get_level(settings, options):
    """A trial without configuration shows each sighting."""
    return settings.log["level"] if options.config else "debug"


def _say(text, stream=None):
    (stream or sys.stdout).write(f"{text}\n")
    (stream or sys.stdout).flush()
