"""Handhelds and readers that send one tag a line over TCP."""

import ipaddress
import logging
import selectors
import socket
import time

from ..wire.lines import LONGEST_LINE, LineCutter
from .base import REQUIRED, ConfigurationError, Unreachable
from .lines import LineDriver

_logger = logging.getLogger(__name__)

_TICK = 0.2
_CHUNK = 4096
# A handheld that leaves the Wi-Fi says nothing: after so many seconds of silence it is asked, so
# often and so many times, before it counts as gone.
_KEEPALIVE = (
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 20),
    (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 10),
    (socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3),
)
# Seconds of silence after which a handheld makes room for another.
_IDLE = 60.0


class _Peer:
    """A handheld that is connected."""

    def __init__(self, origin):
        self.origin = origin
        self.cutter = LineCutter(LONGEST_LINE)
        self.heard = time.monotonic()


class TcpDriver(LineDriver):
    """As `server`, any number of handhelds connect to us; as `client`, we connect to one."""

    OPTIONS = {
        **LineDriver.OPTIONS,
        "role": "server",
        "host": REQUIRED,  # as server: the address to listen on
        "port": REQUIRED,
        "allow": [],  # as server: networks that may connect, such as "192.168.1.0/24"; none: all
        "peers": 16,
        "timeout": 10.0,
    }

    def check(self):
        """Refuse a role, port or network that does not exist."""
        super().check()
        if self.options["role"] not in ("server", "client"):
            raise ConfigurationError("role: server or client.", "role")
        self.check_text("host")
        self.check_whole("port", 1, 65535)
        self.check_whole("peers", 1, 1000)
        self.check_number("timeout", 0.1, 600)
        try:
            self.networks = [ipaddress.ip_network(text) for text in self.options["allow"]]
        except (TypeError, ValueError) as error:
            raise ConfigurationError(f"allow: {error}.", "allow") from error

    def run(self):
        """Listen or connect, and read until the end."""
        with selectors.DefaultSelector() as selector:
            try:
                if self.options["role"] == "server":
                    self.serve(selector)
                else:
                    self.call(selector)
            finally:
                for key in list(selector.get_map().values()):
                    key.fileobj.close()

    def address(self):
        """What to listen on or to connect to."""
        return self.options["host"], self.options["port"]

    def serve(self, selector):
        """Take lines of all who connect."""
        host = self.options["host"]
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server(self.address(), family=family, backlog=16)
        listener.setblocking(False)
        selector.register(listener, selectors.EVENT_READ, None)
        self.up()
        self.turned_away = None
        while not self.stopping.is_set():
            keys = [key for key, _events in selector.select(_TICK)]
            # Who has just said something is heard first, and need not make room.
            for key in sorted(keys, key=lambda key: key.data is None):
                if key.data is None:
                    self.welcome(selector, listener)
                else:
                    self.hear(selector, key)

    def welcome(self, selector, listener):
        """Let a handheld in, unless there are too many or it comes from elsewhere."""
        try:
            link, address = listener.accept()
        except OSError:  # it has gone again
            return
        origin = ipaddress.ip_address(address[0].split("%")[0])
        if self.networks and not any(origin in network for network in self.networks):
            self.turn_away(link, origin, "allow does not name its network")
        elif not self.make_room(selector):
            self.turn_away(link, origin, f"{self.options['peers']} handhelds are connected")
        else:
            self.take_in(selector, link, origin)

    def turn_away(self, link, origin, reason):
        """Close a connection; the log says so once for each that tries."""
        link.close()
        if self.turned_away != (origin, reason):
            self.turned_away = (origin, reason)
            _logger.warning("%s: %s was turned away: %s.", self.code, origin, reason)

    def make_room(self, selector):
        """Let the handheld go that has been silent the longest, when there are too many.

        :return: whether there is room for one more
        """
        keys = [key for key in selector.get_map().values() if key.data]
        if len(keys) < self.options["peers"]:
            return True
        oldest = min(keys, key=lambda key: key.data.heard)
        silent = time.monotonic() - oldest.data.heard
        if silent < _IDLE:
            return False
        _logger.info("%s: %s, silent for %d s, makes room.", self.code, oldest.data.origin, silent)
        self.let_go(selector, oldest)
        return True

    def take_in(self, selector, link, origin):
        """Hear a peer from now on."""
        link.setblocking(False)
        for option in _KEEPALIVE:
            link.setsockopt(*option)
        selector.register(link, selectors.EVENT_READ, _Peer(origin))

    def let_go(self, selector, key):
        """Hear a peer no more."""
        selector.unregister(key.fileobj)
        key.fileobj.close()

    def call(self, selector):
        """Connect and take lines until the peer goes."""
        link = socket.create_connection(self.address(), self.options["timeout"])
        self.take_in(selector, link, self.options["host"])
        self.up()
        while not self.stopping.is_set():
            for key, _events in selector.select(_TICK):
                if not self.hear(selector, key):
                    raise Unreachable("The peer closed the connection.")

    def hear(self, selector, key):
        """Take what a peer sends.

        :return: whether it is still there.
        """
        try:
            data = key.fileobj.recv(_CHUNK)
        except BlockingIOError:
            return True
        except OSError:
            data = b""
        if data:
            key.data.heard = time.monotonic()
            self.take(key.data.cutter, data)
            return True
        # The end of the connection ends the last line as well.
        self.take(key.data.cutter, b"\n")
        self.let_go(selector, key)
        return False
