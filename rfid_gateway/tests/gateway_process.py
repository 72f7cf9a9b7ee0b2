"""The gateway as its own process, as a shop runs it."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from urllib.error import HTTPError

from drivers_common import eventually

#: Seconds in which a process has to begin or to end.
PATIENCE = 30


def find_port():
    """A free port of this computer."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Gateway:
    """One process on one configuration; the file is written by `write`."""

    def __init__(self, folder, url, key_file, log="info"):
        self.folder, self.url, self.key_file, self.log = folder, url, key_file, log
        self.port = find_port()
        self.config = folder / "gateway.toml"
        self.spool = folder / "spool.db"
        self.errors = folder / "log.jsonl"
        self.process = None

    def write(self, readers, **spool):
        options = "\n".join(f"{name} = {value}" for name, value in spool.items())
        self.config.write_text(f"""
[gateway]
code = "front"
[odoo]
url = "{self.url}"
key_file = "{self.key_file}"
heartbeat_s = 1.0
[spool]
path = "{self.spool}"
{options}
[health]
port = {self.port}
[log]
level = "{self.log}"
{readers}
""")
        return self

    def start(self, *options):
        command = [sys.executable, "-m", "jewelry_rfid_gateway", "--config", self.config, *options]
        with open(self.errors, "a") as errors:
            self.process = subprocess.Popen(command, stderr=errors, stdout=subprocess.DEVNULL)
        return self

    def wait_until_it_runs(self):
        eventually(lambda: "runs, with" in self.errors.read_text(), PATIENCE)
        return self

    def kill(self):
        """End it as a power cut of the process does."""
        self.process.kill()
        self.process.wait()

    def end(self, number=signal.SIGTERM):
        """Ask it to end; its code."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def signal(self, number):
        os.kill(self.process.pid, number)

    def ask(self, page):
        """(status, text) of a page of the health server."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{page}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()

    def says(self, words):
        """Whether the health page has these words; not while it cannot be asked."""
        try:
            return words in self.ask("/health")[1]
        except OSError:
            return False

    def messages(self):
        """What the log says."""
        return [json.loads(line)["message"] for line in self.errors.read_text().splitlines()]

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        if self.process and self.process.poll() is None:
            self.kill()
