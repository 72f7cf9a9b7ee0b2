from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .browser_common import BrowserCase

PATIENCE = 60
# Long enough for a device to note what is on its screen.
A_MOMENT = "new Promise((resolve) => setTimeout(() => resolve(true), 1000))"
# Whether the register that the browser was closed with is kept where it is found without a server.
IS_KEPT = """
caches.open("odoo-pos-cache").then((cache) => cache.keys()).then((keys) =>
    keys.some(({ url }) => url.endsWith("/pos/ui/%d"))
    && keys.some(({ url }) => url.includes("assets_prod"))
)"""


@tagged("post_install", "-at_install")
class TestCounterKilled(BrowserCase):
    """A browser that is killed with an order in it: nothing is lost, nothing sold twice."""

    def _kill_before_the_answer(self, counter):
        """Send the paid order, and kill the browser while the server's answer is on its way."""
        counter.cable.hold_answer("sync_from_ui")
        counter.press(".payment-screen .validation-button")
        self.assertTrue(counter.cable.is_held.wait(PATIENCE))
        counter.cable.held_text = None
        return self._kill_and_reopen(counter)

    def test_an_order_survives_a_kill_before_it_is_validated(self):
        with self._counters() as (counter,):
            counter.open_register(self.config.id)
            counter.take("P-100")
            counter.begin_payment()
            # What is on the screen is on the device within a moment.
            counter.wait(A_MOMENT)
            again = self._kill_and_reopen(counter)
            self.assertEqual(
                again.run(
                    "posmodel.models['pos.order'].filter((order) => order.lines.length).map("
                    "(order) => [order.state, order.lines[0].getPieceNumber(),"
                    " order.payment_ids.map((payment) => payment.amount)])"
                ),
                [["draft", "P-100", [300]]],
            )
            again.press(".pay-order-button")
            again.press(".payment-screen .validation-button.highlight")
            again.see(".receipt-screen")
        self._assert_sold_once(self.low)

    def test_an_order_is_paid_once_when_the_browser_died_before_the_answer(self):
        with self._counters() as (counter,):
            counter.open_register(self.config.id)
            counter.take("P-100")
            counter.begin_payment()
            again = self._kill_before_the_answer(counter)
            again.wait(
                "posmodel.models['pos.order'].every((order) => !order.lines.length"
                " || (order.isSynced && order.state === 'paid'))"
            )
            self.assertFalse(again.run("Boolean(posmodel.pieces.find('P-100'))"))
        self._assert_sold_once(self.low)

    def test_an_order_is_not_paid_again_when_the_device_died_before_it_noted_the_payment(self):
        with self._counters() as (counter,):
            counter.open_register(self.config.id)
            counter.take("P-100")
            counter.begin_payment()
            counter.wait(A_MOMENT)
            # The device writes nothing any more, as when it dies within the next instant.
            counter.run("void (posmodel.data.indexedDB.create = async () => {})")
            again = self._kill_before_the_answer(counter)
            again.wait(
                "posmodel.models['pos.order'].some((order) => order.lines.length"
                " && order.isSynced && order.state === 'paid')"
            )
            self.assertFalse(again.run("posmodel.getOpenLines().length"))
        self._assert_sold_once(self.low)

    def test_an_order_that_never_left_the_browser_is_sent_when_it_is_opened_again(self):
        with self._counters() as (counter,):
            counter.open_register(self.config.id)
            counter.take("P-100")
            counter.cable.cut()
            counter.pay()
            counter.wait(A_MOMENT)
            counter.cable.mend()
            again = self._kill_and_reopen(counter)
            again.wait("posmodel.models['pos.order'].every((order) => !order.isUnsyncedPaid)")
        self._assert_sold_once(self.low)


@tagged("post_install", "-at_install")
class TestCounterOffline(BrowserCase):
    """Registers that are cut off from the server."""

    def test_a_register_is_opened_again_without_the_server_and_sells_a_piece_once(self):
        with self._counters() as (counter,):
            counter.open_register(self.config.id)
            counter.wait("navigator.serviceWorker.ready.then(() => true)")
            # From now on, what the page loads passes the worker that keeps it.
            counter.open_register(self.config.id)
            counter.wait(IS_KEPT % self.config.id)
            counter.wait(
                "posmodel.pieceStore.load().then(({ columns }) => columns.id.length === 2)"
            )
            counter.cable.cut()
            counter.open_register(self.config.id)
            self.assertEqual(counter.run("posmodel.pieces.size"), 2)
            counter.take("P-100")
            counter.pay()
            counter.press(".receipt-screen .button.next")
            counter.see(".product-screen")
            counter.offer("P-100")
            counter.see(".modal .modal-body", "It is on order")
            counter.press(".modal-footer button")
            counter.reload()
            counter.offer("P-100")
            counter.see(".modal .modal-body", "It is on order")
            counter.press(".modal-footer button")
            counter.cable.mend()
            counter.wait("posmodel.models['pos.order'].every((order) => !order.isUnsyncedPaid)")
        self._assert_sold_once(self.low)

    def test_two_registers_that_sell_one_piece_while_cut_off_keep_both_orders(self):
        with self._counters(2) as (one, two):
            one.open_register(self.config.id)
            two.open_register(self.other.id)
            for counter in (one, two):
                counter.cable.cut()
            for counter in (one, two):
                counter.take("P-100")
                counter.pay()
            for counter in (one, two):
                counter.cable.mend()
                counter.wait("posmodel.models['pos.order'].every((order) => !order.isUnsyncedPaid)")
            two.see(".modal .modal-title", "P-100: do not hand it over yet")
        orders = self._get_orders(self.low).sorted("id")
        self.assertEqual(orders.config_id, self.config + self.other)
        self.assertEqual(orders.mapped("amount_paid"), [300, 300])
        delivered, parked = orders[0], orders[1]
        self.assertEqual(delivered.picking_ids.move_ids.piece_id, self.low)
        self.assertEqual(parked.conflict_ids.mapped("kind"), ["double"])
        self.assertFalse(parked.picking_ids.filtered(lambda picking: picking.state == "done"))
        self.assertEqual(orders.conflict_ids.order_id, parked)


@tagged("post_install", "-at_install")
class TestCounterClock(BrowserCase):
    """Devices whose clock is wrong by hours: prices and claims go by the server's."""

    def test_a_price_that_was_true_before_the_cut_is_taken_as_long_as_the_store_says(self):
        self.config.write({"restrict_price_control": True, "manual_discount": False})
        for clock, hours, piece in ((2, 24, self.low), (-2, 0, self.high)):
            with self.subTest(clock=clock, hours=hours):
                self.company.register_price_hours = hours
                price = piece.list_price
                self._sell_before_it_gets_dearer(clock, piece)
                order = self._get_orders(piece)
                self.assertEqual(order.amount_paid, price)
                self.assertEqual(order.conflict_ids.mapped("kind"), [] if hours else ["price"])
                shift = order.date_order - fields.Datetime.now()
                self.assertLess(abs(shift - timedelta(hours=clock)), timedelta(minutes=10))

    def _sell_before_it_gets_dearer(self, clock, piece):
        """Sell a piece without the server, at a price that changes before it is back."""
        with self._counters() as (counter,):
            counter.shift_clock(clock)
            counter.open_register(self.config.id)
            counter.take(piece.name)
            counter.wait("Boolean(posmodel.getOrder().lines[0].uiState.pieceFacts)")
            counter.cable.cut()
            counter.pay()
            self._wait_remaining_requests()
            piece.list_price += 50
            self.env.flush_all()
            counter.cable.mend()
            counter.wait("posmodel.models['pos.order'].every((order) => !order.isUnsyncedPaid)")

    def test_a_claim_lives_by_the_clock_of_the_server(self):
        for hours in (2, -2):
            with self.subTest(hours=hours):
                with self._counters() as (counter,):
                    counter.shift_clock(hours)
                    counter.open_register(self.config.id)
                    counter.take("P-100")
                    counter.wait("Boolean(posmodel.getOrder().lines[0].uiState.pieceFacts)")
                claims = self.env["jewelry.pos.claim"].search([("piece_id", "=", self.low.id)])
                age = fields.Datetime.now() - claims.seen_date
                self.assertLess(abs(age), timedelta(minutes=5))
                reason = self.other.read_piece(self.low.id)["reason"]
                self.assertIn("In an open order at", reason)
                claims.unlink()
