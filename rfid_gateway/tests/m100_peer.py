"""A serial UHF module behind a pseudo terminal, by the public description of its protocol.

It parses what it gets by its own few lines, not by those under test.
"""

import os
import threading
import time
import tty
from pathlib import Path


def crc(data):
    """The tag's CRC-16, bit by bit."""
    register = 0xFFFF
    for byte in data:
        for bit in range(7, -1, -1):
            top = register >> 15 ^ byte >> bit & 1
            register = (register << 1 & 0xFFFF) ^ (0x1021 if top else 0)
    return register ^ 0xFFFF


def packet(kind, command, parameters=b""):
    body = bytes([kind, command, len(parameters) >> 8, len(parameters) & 0xFF]) + parameters
    return b"\xbb" + body + bytes([sum(body) % 256]) + b"\x7e"


def notification(epc, rssi=-55):
    data = bytes.fromhex(epc)
    pc = (len(data) // 2 << 11).to_bytes(2, "big")
    body = bytes([rssi % 256]) + pc + data + crc(pc + data).to_bytes(2, "big")
    return packet(2, 0x22, body)


class Module:
    """Listens at `path`, a link to a pseudo terminal that `unplug` removes and `plug` renews."""

    def __init__(self, path: Path, epcs=(), refuse=None, mute=False, noise=b""):
        self.path, self.epcs, self.refuse, self.mute, self.noise = path, epcs, refuse, mute, noise
        self.deaf = False  # to the field: it polls and says nothing
        self.commands = []
        self.power = b"\x07\xd0"  # 20 dBm
        self.polling = False
        self.master = self.slave = None

    def __enter__(self):
        self.plug()
        return self

    def __exit__(self, *_error):
        self.unplug()

    def plug(self):
        self.master, self.slave = os.openpty()
        tty.setraw(self.slave)
        os.set_blocking(self.master, False)
        self.path.unlink(missing_ok=True)
        self.path.symlink_to(os.ttyname(self.slave))
        self.thread = threading.Thread(target=self._live, args=(self.master,), daemon=True)
        self.thread.start()

    def unplug(self):
        """Pull the cable: the device is gone for whoever has it open."""
        master, self.master = self.master, None
        if master is None:
            return
        self.thread.join(10)
        self.polling = False
        self.path.unlink(missing_ok=True)
        os.close(master)
        os.close(self.slave)

    def say(self, data):
        os.write(self.master, data)

    def _live(self, master):
        received = b""
        while self.master == master:
            try:
                received += os.read(master, 1024)
            except BlockingIOError:
                time.sleep(0.005)
            except OSError:
                return
            while len(received) >= 7:
                length = 7 + int.from_bytes(received[3:5], "big")
                if len(received) < length:
                    break
                command, received = received[:length], received[length:]
                self._write(master, self._answer(command[2], command[5:-2]))
            if self.polling and not self.deaf:
                self._write(master, self.noise + self._poll())

    def _write(self, master, data):
        try:
            os.write(master, data)
        except (BlockingIOError, OSError):
            return

    def _poll(self):
        return b"".join(map(notification, self.epcs)) or packet(1, 0xFF, b"\x15")

    def _answer(self, command, parameters):
        self.commands.append((command, parameters))
        if self.mute:
            return b""
        if command == self.refuse:
            return packet(1, 0xFF, b"\x17")
        if command == 0x27:
            self.polling = True
            return b""
        if command == 0x28:
            self.polling = False
        if command == 0xB6:
            self.power = parameters
        if command == 0xB7:
            return packet(1, command, self.power)
        return packet(1, command, b"\x00")
