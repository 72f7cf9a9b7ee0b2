"""A GIA of our own, on this machine: what the tests of lookups ask instead of the real one."""

import copy
import json
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from .common import read_vector

KEY = "test-key-7d1f"
PDF = b"%PDF-1.7\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF\n"


def read_made_up(base=""):
    """Return {number: answer} of the answers that we made up."""
    reports = json.loads(read_vector("gia/made_up.json").replace("{base}", base))["reports"]
    return {report["report_number"]: report for report in reports}


def read_sample():
    """Return GIA's own sample answer, which does not ask for the kind of result."""
    report = json.loads(read_vector("gia/sample.json"))["data"]["getReport"]
    report["results"]["__typename"] = "DiamondGradingReportResults"
    return report


def get_error(info, kind="REPORT UNAVAILABLE", message="Try your search later."):
    """Return an error as GIA's documentation shows it."""
    return {"errorInfo": info, "errorType": kind, "message": message, "path": ["getReport"]}


class FakeGia:
    """Answers real requests as GIA does; tests say what it knows and how it fails.

    `headers` and `asked` tell what it was sent; `fault` is `(status, headers)` of what it answers
    instead, `raw` the bytes, `delay` the seconds that it takes.
    """

    def __init__(self):
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                fake._answer_query(self)

            def do_GET(self):
                fake._answer_document(self)

            def log_message(self, *args):
                """Stay silent."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.base = f"http://127.0.0.1:{self._server.server_port}"
        self.reset()
        self._thread = Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def reset(self):
        """Forget what was asked, and every fault."""
        self.reports = read_made_up(self.base)
        self.errors = {}
        self.documents = {}
        self.redirects = {}
        self.changed = []
        self.asked = []
        self.fetched = []
        self.headers = []
        self.cleared = 0
        self.quota = 900
        self.fault = self.raw = None
        self.fail_page = None
        self.delay = 0

    def stop(self):
        """Stop listening: from now on it is offline."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    # === ANSWERS === #

    def _answer_query(self, handler):
        body = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))
        self.headers.append(dict(handler.headers))
        self.asked.append(body)
        time.sleep(self.delay)
        if self.fault:
            self._send(handler, self.fault[0], b"", self.fault[1])
        elif handler.headers.get("Authorization") != KEY:
            self._send(handler, 403, b'{"message": "Authorization denied."}')
        else:
            content = self.raw if self.raw is not None else self._get_content(body)
            self._send(handler, 200, content)

    def _get_content(self, body):
        query, variables = body["query"], body["variables"]
        if "clearChangedReports" in query:
            self.cleared += 1
            return json.dumps({"data": {"clearChangedReports": None}}).encode()
        if "getChangedReports" in query:
            return json.dumps(self._get_changed(variables)).encode()
        if "getQuota" in query:
            return json.dumps({"data": {"getQuota": {"remaining": self.quota}}}).encode()
        return json.dumps(self._get_report(variables["number"])).encode()

    def _get_report(self, number):
        if number in self.errors:
            return {"data": {"getReport": None}, "errors": [self.errors[number]]}
        if number not in self.reports:
            return {"data": {"getReport": None}, "errors": [get_error("REPORT NOT FOUND")]}
        self.quota -= 1
        report = copy.deepcopy(self.reports[number])
        report["quota"] = {"remaining": self.quota}
        return {"data": {"getReport": report}}

    def _get_changed(self, variables):
        start, limit = int(variables["cursor"] or 0), variables["limit"]
        if self.fail_page == start:
            error = get_error("PLAN QUOTA MET", "QUOTA REACHED", "QuotaUsageLimit")
            return {"data": {"getChangedReports": None}, "errors": [error]}
        rows = [{"report": report} for report in self.changed[start : start + limit]]
        more = start + limit < len(self.changed)
        page = {"results": rows, "endCursor": str(start + limit) if more else None}
        return {"data": {"getChangedReports": page}}

    def _answer_document(self, handler):
        self.fetched.append(handler.path)
        self.headers.append(dict(handler.headers))
        if handler.path in self.redirects:
            self._send(handler, 302, b"", {"Location": self.redirects[handler.path]})
            return
        content = self.documents.get(handler.path, PDF)
        status = content if isinstance(content, int) else 200
        self._send(handler, status, b"" if status != 200 else content)

    def _send(self, handler, status, content, headers=None):
        # Whoever asked may have hung up.
        with suppress(ConnectionError):
            handler.send_response(status)
            for name, value in (headers or {}).items():
                handler.send_header(name, value)
            handler.send_header("Content-Length", str(len(content)))
            handler.end_headers()
            handler.wfile.write(content)
