"""What the tests with several browsers share: a browser at each register, which may be killed, and
the cable between it and the server, which may be cut.
"""

import signal
import socket
import time
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from threading import Event, Thread
from unittest.mock import patch

from odoo import http
from odoo.tests import HOST, HttpCase
from odoo.tests.common import ChromeBrowser

from .common import PosCommon

# Seconds for which a busy machine is waited for.
PATIENCE = 90
CHUNK = 65536
# What a page may say about a server that cannot be reached.
OFFLINE_WORDS = (
    "ConnectionLost",
    "Failed to fetch",
    "NetworkError",
    "net::ERR",
    "WebSocket",
    "error occurred when fetching the script",
)

# The first element that a selector finds, which says a text, where one is given.
FIND = """
(selector, text) => [...document.querySelectorAll(selector)].find(
    (element) => !text || element.textContent.includes(text)
)"""
# The clock of a device that is wrong, for all of the page.
WRONG_CLOCK = """
{
    const Real = Date;
    const shift = %d;
    window.Date = class extends Real {
        constructor(...args) {
            super(...(args.length ? args : [Real.now() + shift]));
        }
        static now() {
            return Real.now() + shift;
        }
    };
}"""


class Cable:
    """A cable to the server, which a browser takes for the server itself."""

    def __init__(self, port):
        self.server = HOST, port
        self.is_cut = False
        self.held_text = None
        self.is_held = Event()
        self.ends = []
        self.socket = socket.create_server((HOST, 0))
        self.port = self.socket.getsockname()[1]
        Thread(target=self._accept, daemon=True).start()

    # === WHAT HAPPENS TO IT === #

    def cut(self):
        """Let nothing through, in neither direction."""
        self.is_cut = True
        for end in self.ends:
            _hang_up(end)

    def mend(self):
        """Let everything through again."""
        self.is_cut = False

    def hold_answer(self, text):
        """Let a request that says `text` through, and keep its answer back for good."""
        self.held_text = text.encode()

    def close(self):
        """Take the cable away."""
        self.cut()
        self.socket.close()

    # === HOW IT WORKS === #

    def _accept(self):
        while True:
            try:
                browser, _address = self.socket.accept()
            except OSError:
                return
            if self.is_cut:
                browser.close()
                continue
            server = socket.create_connection(self.server)
            self.ends += [browser, server]
            gate = Event()
            gate.set()
            for work in (self._ask, self._answer):
                Thread(target=work, args=[browser, server, gate], daemon=True).start()

    def _ask(self, browser, server, gate):
        for data in _read(browser):
            if self.held_text and self.held_text in data:
                gate.clear()
            server.sendall(data)
        _hang_up(server)

    def _answer(self, browser, server, gate):
        for data in _read(server):
            if not gate.is_set():
                self.is_held.set()
                continue
            try:
                browser.sendall(data)
            except OSError:
                break
        _hang_up(browser)


def _read(end):
    while True:
        try:
            data = end.recv(CHUNK)
        except OSError:
            return
        if not data:
            return
        yield data


def _hang_up(end):
    try:
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


class Counter(ChromeBrowser):
    """A browser at a register, with a profile that outlives it."""

    def __init__(self, test_case, profile, cable):
        self.profile, self.cable, self.errors = profile, cable, []
        super().__init__(test_case)
        self._handlers["Page.javascriptDialogOpening"] = self._answer_dialog

    # === OVERRIDES === #

    def _chrome_start(self, user_data_dir, **options):
        """Override: begin where the browser that was killed left off."""
        rmtree(user_data_dir, ignore_errors=True)
        self.user_data_dir = self.profile
        Path(self.profile, "DevToolsActivePort").unlink(missing_ok=True)
        return super()._chrome_start(user_data_dir=self.profile, **options)

    def _handle_console(self, type, args=None, **values):
        """Override: an error is told at the end, unless it is that the server is away."""
        if type == "error":
            self._note_error(" ".join(str(self._from_remoteobject(arg)) for arg in args or []))

    def _handle_exception(self, exceptionDetails, timestamp):
        """Override: as `_handle_console`."""
        exception = exceptionDetails.get("exception", {})
        self._note_error(f"{exceptionDetails['text']} {exception.get('description', '')}")

    def _note_error(self, text):
        if not any(word in text for word in OFFLINE_WORDS):
            self.errors.append(text)

    def _answer_dialog(self, **_params):
        self._websocket_send("Page.handleJavaScriptDialog", params={"accept": True})

    # === WHAT HAPPENS TO IT === #

    def kill(self):
        """Kill the browser as a machine without power does."""
        self.chrome.send_signal(signal.SIGKILL)
        self.chrome.wait()
        self._receiver.join()

    def shift_clock(self, hours):
        """Let the device of the browser have a wrong clock from the next page on."""
        source = WRONG_CLOCK % (hours * 3600 * 1000)
        self._websocket_request("Page.addScriptToEvaluateOnNewDocument", params={"source": source})

    # === WHAT A CASHIER DOES === #

    def run(self, code):
        """Return what the page makes of JavaScript, which may be a promise."""
        answer = self._websocket_request(
            "Runtime.evaluate",
            params={"expression": code, "awaitPromise": True, "returnByValue": True},
            timeout=PATIENCE,
        )
        if problem := answer.get("exceptionDetails"):
            raise AssertionError(f"{code}: {problem.get('exception', problem)}")
        return answer["result"].get("value")

    def wait(self, code):
        """Wait until the page says yes, through all that reloads it, and return what it says."""
        deadline, last = time.monotonic() + PATIENCE, None
        while time.monotonic() < deadline:
            try:
                if last := self.run(code):
                    return last
            except Exception as error:  # noqa: BLE001
                last = error
            time.sleep(0.1)
        self.take_screenshot().result(PATIENCE)
        raise AssertionError(f"Never so at the counter: {code} ({last}; {self.errors})")

    def see(self, selector, text=""):
        """Wait for an element that says a text."""
        self.wait(f"Boolean(({FIND})({selector!r}, {text!r}))")

    def press(self, selector, text=""):
        """Press an element once it is there."""
        self.see(selector, text)
        self.run(f"({FIND})({selector!r}, {text!r}).click()")

    def go(self, path):
        """Open a page."""
        self.navigate_to(f"http://{HOST}:{self.cable.port}{path}")

    def open_register(self, config_id):
        """Open a register whose session is open, and wait for its pieces."""
        self.go(f"/pos/ui/{config_id}")
        self.begin()

    def reload(self):
        """Load the page anew, as the cashier does who presses F5."""
        self.run("void (window.isOld = true)")
        self._websocket_send("Page.reload")
        self.wait("!window.isOld")
        self.begin()

    def begin(self):
        """Begin to work at the register that the page shows."""
        self.wait("Boolean(window.posmodel?.piecesReady) && posmodel.piecesReady.then(() => true)")
        self.wait(
            """(() => {
                document.querySelector(".screen-login .btn.open-register-btn")?.click();
                return Boolean(document.querySelector(".product-screen, .payment-screen"));
            })()"""
        )

    def offer(self, number):
        """Offer a piece to the order, as after its scan."""
        self.run(f"void posmodel.addPiece(posmodel.pieces.find({number!r}))")

    def take(self, number):
        """Take a piece, and wait until it is on the order."""
        self.offer(number)
        self.see(".order-container .lot-number", number)

    def begin_payment(self, method="Card"):
        """Go on to the payment, and choose how it is paid."""
        self.press(".pay-order-button")
        self.press(".paymentmethod", method)
        self.see(".payment-screen .validation-button.highlight")

    def pay(self):
        """Pay the order, without the server if that is away."""
        self.begin_payment()
        self.press(".payment-screen .validation-button")
        self.wait(
            """(() => {
                const button = [...document.querySelectorAll(".modal-footer button")].find(
                    (element) => element.textContent.includes("Continue with limited")
                );
                button?.click();
                return Boolean(document.querySelector(".receipt-screen")) && !button;
            })()"""
        )


@contextmanager
def happening(env, **acts):
    """Let a tour cause, by a path that has its name, what others do meanwhile."""
    original = http.Application.__call__

    def serve(application, environ, start_response):
        act = acts.get(environ["PATH_INFO"].removeprefix("/jewelry_pos/test/"))
        if not act:
            return original(application, environ, start_response)
        # Whoever has a cursor is alone with the transaction of the test.
        with env.registry.cursor():
            act()
            env.flush_all()
            # What a transaction does at its end.
            env.cr.precommit.run()
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"done"]

    with patch.object(http.Application, "__call__", serve):
        yield


class BrowserCase(PosCommon, HttpCase):
    """Registers whose browsers are real, each with a device and a cable of its own."""

    test_cursor_lock_timeout = PATIENCE

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cashier = cls._create_user(
            "associate", "point_of_sale.group_pos_user", login="cashier", password="cashier_pw"
        )
        cls.low.name, cls.high.name = "P-100", "P-200"
        cls.other = cls._create_register("Register 2")
        for config in (cls.config, cls.other):
            cls._open_session(config)
        if "module_pos_hr" in cls.config:
            (cls.config + cls.other).module_pos_hr = False

    @contextmanager
    def _counters(self, count=1):
        """Give the block so many browsers, logged in, that reach the server; it must not ask the
        database meanwhile. Nothing but an absent server may have gone wrong in them.
        """
        self.env.flush_all()
        self.counters = []
        with self.allow_requests(all_requests=True):
            try:
                for _number in range(count):
                    self._start_counter(self._get_profile(), Cable(self.http_port()))
                yield self.counters
                errors = [error for counter in self.counters for error in counter.errors]
                self.assertEqual(errors, [])
            finally:
                for counter in self.counters:
                    counter.stop()
                    counter.cable.close()
                self._wait_remaining_requests()
        self.env.invalidate_all()

    def _get_profile(self):
        profile = mkdtemp(suffix="_counter")
        self.addCleanup(rmtree, profile, ignore_errors=True)
        return profile

    def _start_counter(self, profile, cable):
        counter = Counter(self, profile, cable)
        self.counters.append(counter)
        # Each login is one of its own: the last one is not ended by the next.
        self.session = None
        self.authenticate("cashier", "cashier_pw", browser=counter)
        return counter

    def _kill_and_reopen(self, counter):
        """Kill a browser, and return the one that is started on its device, at the register."""
        counter.kill()
        self._wait_remaining_requests()
        self.counters.remove(counter)
        again = self._start_counter(counter.profile, counter.cable)
        again.open_register(self.config.id)
        return again

    def _get_orders(self, piece):
        """Return the paid orders for a piece."""
        lines = self.env["pos.order.line"].search([("piece_id", "=", piece.id)])
        return lines.order_id.filtered(lambda order: order.state == "paid")

    def _assert_sold_once(self, piece):
        """Assert that one order sold a piece, was paid once, and handed it over."""
        order = self._get_orders(piece)
        self.assertEqual(len(order), 1)
        self.assertEqual(order.payment_ids.filtered("amount").mapped("amount"), [piece.list_price])
        self.assertFalse(order.conflict_ids)
        done = order.picking_ids.move_ids.filtered(lambda move: move.state == "done")
        self.assertEqual(done.piece_id, piece)
        self.assertEqual(piece.piece_status, "sold")
        return order
