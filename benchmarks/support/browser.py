"""The register's own JavaScript in a real Chromium, without the rest of Odoo around it."""

import json
import resource
import shutil
import subprocess
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "addons/jewelry_pos/static/src/app"
#: Names that the sources import, and where they are: what they need of Odoo stands in for it.
IMPORTS = {
    "@jewelry_pos/app/services/piece_catalog": "/app/services/piece_catalog.js",
    "@jewelry_pos/app/services/piece_store": "/app/services/piece_store.js",
    "@jewelry_pos/app/services/code_index": "/app/services/code_index.js",
    "@odoo/owl": "/stub.js",
    "@web/core/l10n/translation": "/stub.js",
}
STUB = "export const markRaw = (object) => object; export const _t = (text) => text;"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
WAIT = 180


def time_catalog(answer):
    """Return {step: seconds} of a browser with what the server answered for all pieces."""
    texts = {
        "/": _get_page(),
        "/stub.js": STUB,
        "/catalog_timing.js": (Path(__file__).parent / "catalog_timing.js").read_text(),
        "/answer.json": json.dumps(answer),
    }
    results = Queue()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _get_handler(texts, results))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with _browse(f"http://127.0.0.1:{server.server_port}/"):
            found = results.get(timeout=WAIT)
    finally:
        server.shutdown()
    if "error" in found:
        raise RuntimeError(found["error"])
    return {name: milliseconds / 1000 for name, milliseconds in found.items()}


def _get_page():
    imports = json.dumps({"imports": IMPORTS})
    return (
        f'<script type="importmap">{imports}</script>'
        '<script type="module" src="/catalog_timing.js"></script>'
    )


class _browse:
    """A Chromium of its own on one address, for the time of the block."""

    def __init__(self, url):
        self.url = url

    def __enter__(self):
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        program = next(filter(None, map(shutil.which, PROGRAMS)))
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        self.process = subprocess.Popen(
            [program, *options, f"--user-data-dir={self.profile.name}", self.url],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=_free_memory,
        )

    def __exit__(self, *_error):
        self.process.terminate()
        self.process.wait()
        self.profile.cleanup()


def _free_memory():
    """Lift the limit of Odoo's own process: a browser reserves far more than it uses."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


def _get_handler(texts, results):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            text = texts.get(self.path)
            if text is None and self.path.startswith("/app/"):
                text = (SOURCES / self.path.removeprefix("/app/")).read_text()
            self._answer(text)

        def do_POST(self):
            length = int(self.headers["Content-Length"])
            results.put(json.loads(self.rfile.read(length)))
            self._answer("")

        def _answer(self, text):
            kind = "text/html" if self.path == "/" else "text/javascript"
            self.send_response(404 if text is None else 200)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.end_headers()
            self.wfile.write((text or "").encode())

        def log_message(self, *_args):
            """Say nothing: what counts is the answer."""

    return Handler
