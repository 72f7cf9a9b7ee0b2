"""A real HTTP server in Odoo's place: keeps batches as Odoo does, and fails as networks do."""

import json
import ssl
import subprocess
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = "6d1f0c7e9b8a4d5c2e3f"


class OdooServer:
    """Answers the two methods of the wire. `plan` says how the next requests go, then all is well.

    A step of the plan is a status, or one of: "late" (answers after a while), "silent" (keeps the
    batch and never answers), "cut" (ends the connection before it has kept anything), "page" (200,
    but not Odoo's), "redirect".
    """

    def __init__(self, certificate=None):
        self.batches, self.duplicates, self.heartbeats, self.requests = {}, 0, [], []
        self.plan, self.answer, self.key, self.delay = [], {}, KEY, 0.3
        #: How requests went that were not well.
        self.went = Counter()
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"odoo": self}))
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        scheme = "https" if certificate else "http"
        self.port = self._server.server_port
        self.url = f"{scheme}://127.0.0.1:{self.port}"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, args=[0.02], daemon=True).start()
        return self

    def __exit__(self, *_error):
        self._server.shutdown()
        self._server.server_close()

    # === WHAT HAPPENED === #

    def rows(self):
        """All rows, in the order of their batches."""
        with self._lock:
            batches = sorted(self.batches.values(), key=lambda batch: batch["sequence"])
        return [row for batch in batches for row in batch["sightings"]]

    def next_step(self):
        with self._lock:
            return self.plan.pop(0) if self.plan else None

    def take(self, path, body):
        """Do what Odoo does; the values to answer."""
        with self._lock:
            if path.endswith("heartbeat"):
                self.heartbeats.append(body)
                now = time.time_ns() // 1_000_000
                return {"time": now, "readers": [], "watch": []} | self.answer
            known = body["batch"] in self.batches
            self.duplicates += known
            assert not known or self.batches[body["batch"]]["sightings"] == body["sightings"]
            self.batches.setdefault(body["batch"], body)
            return {
                "batch": body["batch"],
                "accepted": len(body["sightings"]),
                "duplicate": known,
                "refused": [],
            }


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_args):
        """Nothing: clients are killed here."""


class _Handler(BaseHTTPRequestHandler):
    odoo = None
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.odoo.requests.append((self.path, dict(self.headers), body))
        step = self.odoo.next_step()
        if step:
            self.odoo.went[step] += 1
        if self.headers["Authorization"] != f"bearer {self.odoo.key}":
            self._answer(401, {"name": "Unauthorized", "message": "Invalid apikey"})
        elif isinstance(step, int):
            self._answer(step, {"name": "Error", "message": f"It is {step} today"})
        else:
            self._go(step, body)

    def do_GET(self):
        """Where a redirect leads to."""
        self.odoo.requests.append((self.path, dict(self.headers), None))
        self._answer(200, {})

    def _go(self, step, body):
        if step == "page":
            self._answer(200, "<html>Please log in</html>")
        elif step == "redirect":
            self._answer(302, {}, Location=f"{self.odoo.url}/elsewhere")
        elif step == "cut":
            self.close_connection = True
        else:
            values = self.odoo.take(self.path, body)
            if step == "late":
                time.sleep(self.odoo.delay)
            if step == "silent":
                self.close_connection = True
            else:
                self._answer(200, values)

    def _answer(self, status, values, **headers):
        text = values if isinstance(values, str) else json.dumps(values)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_args):
        """Nothing."""


def make_certificate(folder, name="IP:127.0.0.1"):
    """A certificate of its own for `name`, with its key, in one file."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=test", "-addext", f"subjectAltName={name}"),
            *("-keyout", key, "-out", certificate),
        ],
        check=True,
        capture_output=True,
    )
    certificate.write_text(certificate.read_text() + key.read_text())
    return certificate
