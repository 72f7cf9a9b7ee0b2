"""Handhelds and readers that send one tag a line over TCP."""

import ipaddress
import selectors
import socket

from ..wire.lines import LONGEST_LINE, LineCutter
from .base import REQUIRED, ConfigurationError, Unreachable
from .lines import LineDriver

_TICK = 0.2
_CHUNK = 4096


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
        while not self.stopping.is_set():
            for key, _events in selector.select(_TICK):
                if key.data is None:
                    self.welcome(selector, listener)
                else:
                    self.hear(selector, key)

    def welcome(self, selector, listener):
        """Let a handheld in, unless there are too many or it comes from elsewhere."""
        try:
            peer, address = listener.accept()
        except OSError:  # it has gone again
            return
        origin = ipaddress.ip_address(address[0].split("%")[0])
        welcome = not self.networks or any(origin in network for network in self.networks)
        # The listener is one of those registered.
        if not welcome or len(selector.get_map()) > self.options["peers"]:
            peer.close()
            return
        peer.setblocking(False)
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        selector.register(peer, selectors.EVENT_READ, LineCutter(LONGEST_LINE))

    def call(self, selector):
        """Connect and take lines until the peer goes."""
        peer = socket.create_connection(self.address(), self.options["timeout"])
        peer.setblocking(False)
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        selector.register(peer, selectors.EVENT_READ, LineCutter(LONGEST_LINE))
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
            self.take(key.data, data)
            return True
        # The end of the connection ends the last line as well.
        self.take(key.data, b"\n")
        selector.unregister(key.fileobj)
        key.fileobj.close()
        return False
