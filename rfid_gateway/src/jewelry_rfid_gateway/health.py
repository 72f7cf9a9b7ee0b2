"""Health and metrics on the loopback address, for whoever watches the shop's computers."""

import json
import logging
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_logger = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"


class HealthServer:
    """Answers `/health` (200, or 503 with reasons) and `/metrics`."""

    def __init__(self, port, get_health, get_metrics):
        """Take the port, 0 for any.

        :param get_health: returns (whether all is well, values for JSON)
        :param get_metrics: returns Prometheus' text
        :raise OSError: the port is taken
        """
        pages = {
            "/health": lambda: _answer_health(*get_health()),
            "/metrics": lambda: (200, "text/plain; version=0.0.4; charset=utf-8", get_metrics()),
        }
        self._server = _Server((LOOPBACK, port), _get_handler(pages))
        self.port = self._server.server_port

    def start(self):
        """Begin to answer."""
        threading.Thread(
            target=self._server.serve_forever, args=[0.1], name="health", daemon=True
        ).start()

    def stop(self):
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_args):
        """A line of the log; whoever hangs up early is worth none."""
        error = sys.exception()
        if not isinstance(error, ConnectionError):
            _logger.error("A page of the health server has failed.", exc_info=error)


def _answer_health(well, values):
    return 200 if well else 503, "application/json", json.dumps(values, indent=1)


def _get_handler(pages):
    class Handler(BaseHTTPRequestHandler):
        """One request."""

        #: Seconds for a client that opens a connection and says nothing.
        timeout = 5

        def do_GET(self):
            """Answer with a page."""
            page = pages.get(self.path)
            status, kind, text = page() if page else (404, "text/plain", "/health or /metrics\n")
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args):
            """Nothing: it is asked all day."""

    return Handler
