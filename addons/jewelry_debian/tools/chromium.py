"""One headless Chromium for one print.

Nothing listens on a port, nothing stays behind on the disk, and no request leaves the browser:
each one is answered by the caller or refused.
"""

import base64
import contextlib
import json
import logging
import os
import shutil
import signal
import subprocess
import tempfile

from .devtools import ChromiumError, DevTools

_logger = logging.getLogger(__name__)

#: The first is the smallest, made for servers.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
#: Seconds that the browser has for leaving by itself.
FAREWELL = 5

FLAGS = (
    "--headless",
    "--remote-debugging-pipe",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-breakpad",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-proxy-server",
    # Requests are answered by us; whatever evades that (sockets) finds no host to talk to.
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
)

# Chromium wants its pipes at 3 and 4, and more address space than Odoo leaves to its workers.
LAUNCHER = 'ulimit -S -v unlimited; exec "$@" 3<&0 4>&1 </dev/null >/dev/null'

# Rows stay whole, and heads of tables come back on each page: core turns that off for a few
# reports because wkhtmltopdf draws such heads over the rows. An empty place for blocks of the
# report editor must not leave an empty page before a forced page break.
PRINT_STYLE = """
thead, tfoot, tr { break-inside: avoid; }
thead[style*="table-row-group"] { display: table-header-group !important; }
.oe_structure:empty { display: none; }
"""

# For wkhtmltopdf a page has no width: rules for wide screens never apply, those for narrow ones
# always do. Reports are drawn for that.
GET_READY = """
(async () => {
    if (document.readyState !== "complete") {
        await new Promise((resolve) => addEventListener("load", resolve));
    }
    const style = document.createElement("style");
    style.textContent = PRINT_STYLE;
    document.head.append(style);
    for (const sheet of document.styleSheets) {
        if (sheet.href && !sheet.href.startsWith(location.origin)) {
            continue;
        }
        for (const rule of sheet.cssRules) {
            if (rule instanceof CSSMediaRule && rule.conditionText.includes("-width")) {
                rule.media.mediaText = rule.conditionText.includes("min-width") ? "not all" : "all";
            }
        }
    }
    await document.fonts.ready;
})()
""".replace("PRINT_STYLE", json.dumps(PRINT_STYLE))


def find_chromium():
    """Return the path of an installed Chromium, or None."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


class Chromium(contextlib.ExitStack):
    """A browser for the time of a ``with`` block.

    :param str program: path of the executable
    :param answer: function from a URL to (status, {header: value}, bytes), or None to refuse it
    """

    def __init__(self, program, answer):
        super().__init__()
        self._program = program
        self._answer = answer
        self._documents = {}

    def __enter__(self):
        super().__enter__()
        try:
            self._launch()
            self._open_page()
        except BaseException:
            self.close()
            raise
        return self

    def print_pdf(self, url, html, **options):
        """Return the PDF of a document.

        :param str url: the address that the document pretends to have; it is never fetched
        :param str html: the document
        :param options: parameters of the DevTools command ``Page.printToPDF``
        :raises ChromiumError: when the browser refuses, dies or stays silent
        """
        self._documents = {url: html}
        navigation = self._devtools.call("Page.navigate", url=url)
        if "errorText" in navigation:
            raise ChromiumError(navigation["errorText"])
        ready = self._devtools.call("Runtime.evaluate", expression=GET_READY, awaitPromise=True)
        if "exceptionDetails" in ready:
            raise ChromiumError(ready["exceptionDetails"]["text"])
        printed = self._devtools.call("Page.printToPDF", printBackground=True, **options)
        return base64.b64decode(printed["data"])

    def _launch(self):
        """Start the browser with a profile of its own; the exit stack ends and removes both."""
        profile = self.enter_context(
            tempfile.TemporaryDirectory(prefix="report.chromium.", ignore_cleanup_errors=True)
        )
        command = [self._program, *FLAGS, f"--user-data-dir={profile}"]
        if os.geteuid() == 0:
            command.append("--no-sandbox")  # Chromium refuses to run as root otherwise.
        self._process = self.enter_context(
            subprocess.Popen(
                ["/bin/sh", "-c", LAUNCHER, "sh", *command],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                env={**os.environ, "HOME": profile, "TMPDIR": profile},
                start_new_session=True,
            )
        )
        self.callback(self._end)

    def _open_page(self):
        """Open the one page of this browser and take over all its requests."""
        handlers = {"Fetch.requestPaused": self._answer_request}
        self._devtools = DevTools(self._process.stdin, self._process.stdout, handlers)
        self.callback(self._devtools.close)
        target = self._devtools.call("Target.createTarget", url="about:blank")
        attached = self._devtools.call(
            "Target.attachToTarget", targetId=target["targetId"], flatten=True
        )
        self._devtools.session_id = attached["sessionId"]
        self._devtools.call("Fetch.enable")
        # wkhtmltopdf prints what the screen shows, not what a style sheet keeps for the printer.
        self._devtools.call("Emulation.setEmulatedMedia", media="screen")

    def _answer_request(self, event):
        """Give a page what it asked for, or refuse it."""
        request = event["request"]
        if request["url"] in self._documents:
            html = self._documents[request["url"]].encode()
            answer = 200, {"Content-Type": "text/html; charset=utf-8"}, html
        else:
            answer = self._answer(request["url"]) if request["method"] == "GET" else None
        if answer is None:
            _logger.warning("A report asked for %s, which is not ours to fetch", request["url"])
            self._devtools.send(
                "Fetch.failRequest", requestId=event["requestId"], errorReason="BlockedByClient"
            )
            return
        status, headers, body = answer
        self._devtools.send(
            "Fetch.fulfillRequest",
            requestId=event["requestId"],
            responseCode=status,
            responseHeaders=[{"name": name, "value": value} for name, value in headers.items()],
            body=base64.b64encode(body).decode(),
        )

    def _end(self):
        """End the browser: politely, so that its profile is quiet when it is removed."""
        self._process.stdin.close()
        try:
            self._process.wait(FAREWELL)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
