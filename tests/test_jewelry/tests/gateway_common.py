"""What tests of the gateway's program before a real server share."""

import json
import os
import signal
import ssl
import subprocess
import sys
import time
from collections import Counter
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from threading import Thread

import requests

from odoo.tests import HOST

from odoo.addons.jewelry_inventory.tests.kill_common import PATIENCE, KillHttpCase

PROJECT = Path(__file__).parents[3] / "rfid_gateway"
PASSWORD = "admin"
DESCRIBE = "from setuptools import setup; setup()"
REGISTER = "/json/2/jewelry.rfid.batch/register_batch"

# Every read is told, within a second: so each of them can be accounted for.
CONFIGURATION = """
[gateway]
code = "{code}"
[odoo]
url = "{url}"
database = "{database}"
key_file = "key"
heartbeat_s = 1.0
batch_rows = 5_000
{more}
[spool]
path = "spool.db"
commit_ms = 50
urgent_ms = 20
[health]
port = {port}
[smoothing]
appear_reads = 1
stay_ms = 1_000
[[readers]]
code = "{reader}"
{driver}
"""
RECORDING = """
driver = "replay"
path = "reads.jsonl"
resume = true
speed = {speed}
"""
HANDHELD = """
driver = "tcp"
host = "127.0.0.1"
port = {port}
"""
# Stands for a computer whose clock is set: the file says by how many seconds it is early.
CLOCK = """
import os, time
_real = time.time_ns
def time_ns():
    with open(os.environ["TEST_CLOCK"]) as file:
        return _real() + int(file.read() or 0) * 10**9
time.time_ns = time_ns
"""


def wait_for(is_done, what, patience=60):
    """Wait until a function returns something true, and return that."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if found := is_done():
            return found
        time.sleep(0.05)
    raise AssertionError(f"Not within {patience} s: {what}")


def prepare_reads(epcs, rounds, antenna=1):
    """Return reads of all chips, round by round, four a second."""
    return [
        {"epc": epc, "at": 250 * turn, "antenna": antenna, "rssi": -50.0}
        for turn in range(rounds)
        for epc in epcs
    ]


class Gateway:
    """The gateway as a process of its own, before a recording in a reader's place."""

    def __init__(self, folder, described, port):
        self.folder, self.port, self.process = Path(folder), port, None
        self._environment = {
            **os.environ,
            "PYTHONPATH": f"{self.folder}:{PROJECT / 'src'}:{described}",
            "TEST_CLOCK": str(self.folder / "clock"),
        }
        (self.folder / "sitecustomize.py").write_text(CLOCK)
        self.set_clock(0)

    def furnish(self, key, reads, speed=0, **options):
        """Write its files.

        :param int speed: of the recording; 0: as fast as can be
        """
        with open(
            os.open(self.folder / "key", os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w"
        ) as f:
            f.write(key)
        self.record(reads)
        driver = RECORDING.format(speed=speed)
        options = {"more": "", "driver": driver, "port": self.port} | options
        (self.folder / "gateway.toml").write_text(CONFIGURATION.format(**options))

    def record(self, reads):
        """Write the recording that it plays."""
        text = "".join(json.dumps(read) + "\n" for read in reads)
        (self.folder / "reads.jsonl").write_text(text)

    def set_clock(self, seconds):
        """Set the clock of its computer, so many seconds early."""
        new = self.folder / "clock.new"
        new.write_text(str(seconds))
        new.rename(self.folder / "clock")

    def start(self):
        """Start it, or start it again."""
        command = [sys.executable, "-m", "jewelry_rfid_gateway", "--config", "gateway.toml"]
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=self.folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def kill(self):
        """End it as a power cut does."""
        if self.process:
            self.process.kill()
            self.process.wait()

    def ask(self, page):
        """Return the text of a page on which it tells how it is, "" while it does not answer."""
        try:
            return requests.get(f"http://127.0.0.1:{self.port}{page}", timeout=5).text
        except requests.ConnectionError:
            return ""

    def is_idle(self):
        """Tell whether it has read all, and sent all that it has read."""
        text = self.ask("/health")
        return "The recording has ended" in text and '"spooled": 0' in text


class Proxy:
    """What stands before Odoo in a shop and speaks TLS, with a certificate of the shop's own.

    `lost` counts the answers that are still to be lost on their way.
    """

    def __init__(self, folder, port):
        self.lost, self.seen = 0, Counter()
        self.authority = Path(folder, "authority.pem")
        handler = type("Handler", (_Handler,), {"proxy": self, "port": port})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self._make_certificates(Path(folder)))
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.url = f"https://127.0.0.1:{self._server.server_port}"
        Thread(target=self._server.serve_forever, args=[0.05], daemon=True).start()

    def close(self):
        """Stand there no more."""
        self._server.shutdown()
        self._server.server_close()

    def _make_certificates(self, folder):
        """Return the certificate that the shop's own authority has signed, and its key."""
        key, certificate = folder / "proxy.key", folder / "proxy.pem"
        make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
        authority = ["-subj", "/CN=shop", "-keyout", folder / "authority.key"]
        signed = ["-CA", self.authority, "-CAkey", folder / "authority.key", "-subj", "/CN=proxy"]
        signed += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate]
        for more in ([*authority, "-out", self.authority], signed):
            subprocess.run([*make, *more], check=True, capture_output=True)
        return certificate, key


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    proxy = port = None

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        connection = HTTPConnection(HOST, self.port, timeout=PATIENCE)
        connection.request("POST", self.path, body, dict(self.headers))
        answer = connection.getresponse()
        text = answer.read()
        self.proxy.seen[self.path] += 1
        if self.path == REGISTER and self.proxy.lost > 0:
            self.proxy.lost -= 1
            self.close_connection = True
            return
        self.send_response(answer.status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_arguments):
        """Nothing."""


class GatewayCase(KillHttpCase):
    """A server on a copy of the database, with a store that has gateways; all tests of a class
    share it. What is entered is entered as in a browser.
    """

    server = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = mkdtemp()
        cls.addClassCleanup(rmtree, cls.folder)
        cls.described = mkdtemp(dir=cls.folder)
        command = [sys.executable, "-c", DESCRIBE, "-q", "egg_info", "--egg-base", cls.described]
        subprocess.run(command, cwd=PROJECT, check=True, capture_output=True)
        cls.addClassCleanup(lambda: cls.server and cls._end(cls.server))

    def setUp(self):
        super().setUp()
        if not self.server:
            type(self).port = self._find_port()
            self._open_store()
            self._furnish()

    # === THE SERVER === #

    def _open_store(self):
        """Start the server, or start it again, and wait until it answers."""
        cls = type(self)
        cls.server = self._start_server(
            self.folder,
            f"--http-interface={HOST}",
            f"--http-port={self.port}",
            f"--db-filter=^{self.database}$",
            "--max-cron-threads=0",
        )
        cls.browser = self._log_in()

    @staticmethod
    def _end(server):
        server.send_signal(signal.SIGKILL)
        server.wait()

    def _rpc(self, model, method, *args, **kwargs):
        """Call a method as a manager's browser does, and return the result."""
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        answer = self._post(self.browser, f"/web/dataset/call_kw/{model}/{method}", params)
        self.assertNotIn("error", answer)
        # Odoo leaves a result of nothing out.
        return answer.get("result")

    def _create(self, model, **values):
        return self._rpc(model, "create", [values])[0]

    def _bear(self, key, path=REGISTER, **body):
        """Send something with a key, and return the status of the answer."""
        headers = {"Authorization": f"bearer {key}", "X-Odoo-Database": self.database}
        url = f"http://{HOST}:{self.port}{path}"
        return requests.post(url, json=body, headers=headers, timeout=PATIENCE).status_code

    # === THE STORE === #

    def _furnish(self):
        """Enter two zones and a style."""
        cls = type(self)
        cls.zones = [self._create("jewelry.rfid.zone", name=name) for name in ("Left", "Right")]
        template = self._create("product.template", name="Seen", jewelry_kind="piece")
        values = self._rpc("product.template", "read", [template], ["product_variant_id"])
        cls.product_id = values[0]["product_variant_id"][0]
        cls.company_id = self._rpc("res.company", "search", [], limit=1)[0]

    def _create_gateway(self, code, reader=None):
        """Return the id and a key of a gateway with a reader, whose antennas look at the zones."""
        gateway = self._create("jewelry.rfid.gateway", name=code, code=code)
        reader_id = self._create("jewelry.rfid.reader", gateway_id=gateway, code=reader or code)
        for port, zone in enumerate(self.zones, 1):
            self._create("jewelry.rfid.antenna", reader_id=reader_id, port=port, zone_id=zone)
        return gateway, self._make_key(gateway)

    def _make_key(self, gateway):
        """Press the button, say who one is where that is asked, and return the key."""
        action = self._rpc("jewelry.rfid.gateway", "action_make_key", [gateway])
        if action["res_model"] == "res.users.identitycheck":
            context = {"password": PASSWORD}
            asked = action["res_id"]
            action = self._rpc("res.users.identitycheck", "run_check", [asked], context=context)
        return action["context"]["default_key"]

    def _tag(self, epc):
        """Return the id of a new piece with a tag."""
        piece = self._create("stock.lot", product_id=self.product_id, company_id=self.company_id)
        dialog = self._create("jewelry.rfid.tag.pieces", lot_id=piece)
        self._rpc("jewelry.rfid.tag.pieces", "action_scan", [dialog], epc)
        return piece

    def _prepare_gateway(self, key, reads, **options):
        """Return a gateway with its files, that is not started."""
        gateway = Gateway(mkdtemp(dir=self.folder), self.described, self._find_port())
        self.addCleanup(gateway.kill)
        places = {"url": f"http://{HOST}:{self.port}", "database": self.database}
        gateway.furnish(key, reads, **places | options)
        return gateway

    # === WHAT CAME === #

    def _count_reads(self, reader):
        """Return how many reads of a reader Odoo has written down."""
        (count,) = self._ask(
            """
            SELECT COALESCE(SUM(reads), 0) FROM jewelry_rfid_sighting
              JOIN jewelry_rfid_antenna antenna ON antenna.id = antenna_id
              JOIN jewelry_rfid_reader reader ON reader.id = reader_id
             WHERE code = %s""",
            reader,
        )
        return count

    def _read_piece(self, piece):
        names = ["rfid_zone_id", "rfid_last_seen", "rfid_present"]
        values = self._rpc("stock.lot", "read", [piece], names)[0]
        return values["rfid_zone_id"] and values["rfid_zone_id"][1], values

    def _read_offset(self, gateway):
        values = self._rpc("jewelry.rfid.gateway", "read", [gateway], ["clock_offset"])
        return values[0]["clock_offset"]

    def _check_all_came(self, reader, expected, *gateways, patience=60):
        """Assert that so many reads of a reader arrive, and that no more do."""
        wait_for(lambda: self._count_reads(reader) >= expected, f"{expected} reads", patience)
        for gateway in gateways:
            wait_for(gateway.is_idle, "a gateway that has sent all that it has read")
        self.assertEqual(self._count_reads(reader), expected)
