from odoo.tests import HttpCase, tagged

from .browser_common import happening
from .counter_common import CounterCommon

MINUTE = 60


class CounterTourCommon(CounterCommon, HttpCase):
    """A cashier at a register, and what others do to its pieces meanwhile."""

    # A busy machine makes the register's files while other requests wait.
    test_cursor_lock_timeout = 2 * MINUTE

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.associate.password = "associate_pw"
        cls.low.name, cls.high.name = "P-100", "P-200"
        if "module_pos_hr" in cls.config:
            cls.config.module_pos_hr = False

    def _tour(self, name, **acts):
        login = self.associate.login
        self.config.with_user(self.associate).open_ui()
        self.associate.password = login
        with happening(self.env, **acts):
            self.start_tour(f"/pos/ui/{self.config.id}", name, login=login, timeout=3 * MINUTE)
        # What was read while others acted is read anew.
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestCounterTours(CounterTourCommon):
    """What becomes of pieces while they are on an order."""

    def test_a_piece_of_another_shop_is_asked_for_and_sold_while_it_is_on_its_way(self):
        shop = self._create_shop()
        far = self._stock_piece(cost=40, list_price=800, place=shop.lot_stock_id, name="P-300")
        country = self.env.ref("base.be")
        self.client.write({"street": "1", "city": "Antwerp", "country_id": country.id})

        def send():
            transfers = self.env["stock.picking"].search([("pos_request_uuid", "!=", False)])
            sending = transfers.filtered(lambda picking: picking.state == "assigned")
            self._deliver(sending)

        self._tour("jewelry_pos_ask", send=send)
        order = self.env["pos.order.line"].search([("piece_id", "=", far.id)]).order_id
        self.assertEqual((order.state, order.partner_id), ("paid", self.client))
        self.assertTrue(order.shipping_date)
        self.assertFalse(order.conflict_ids)
        self.assertEqual(order.picking_ids.state, "waiting")
        self.assertEqual(far.piece_status, "transit")
        given_up = self.env["stock.picking"].search(
            [("pos_request_uuid", "!=", False), ("state", "=", "cancel")]
        )
        self.assertEqual(len(given_up), 2)

    def test_a_line_tells_what_became_of_its_piece_before_it_is_paid(self):
        self._tour(
            "jewelry_pos_cart",
            reprice=lambda: self.low.write({"list_price": 350}),
            renumber=lambda: self.low.write({"name": "P-101"}),
            bench=lambda: self._move(self.high, self.stock_location, self.bench),
        )
        order = self.env["pos.order.line"].search([("piece_id", "=", self.low.id)]).order_id
        self.assertEqual((order.state, order.amount_total), ("paid", 350))
        self.assertFalse(order.conflict_ids)
        self.assertEqual(self.low.piece_status, "sold")
        self.assertEqual(self.high.piece_status, "bench")

    def test_a_scan_is_understood_on_each_screen(self):
        third = self._stock_piece(name="P-300")
        self._tour("jewelry_pos_wedge")
        self.assertEqual({self.low.piece_status, self.high.piece_status}, {"sold"})
        self.assertEqual(third.piece_status, "available")

    def test_a_long_press_leaves_the_price_of_a_piece(self):
        self._tour("jewelry_pos_long_press")


@tagged("post_install", "-at_install")
class TestCounterPhone(CounterTourCommon):
    """The register on a phone."""

    browser_size = "390x844"
    touch_enabled = True

    def test_pieces_are_picked_beside_the_products_and_below_the_order(self):
        self._tour("jewelry_pos_phone")
