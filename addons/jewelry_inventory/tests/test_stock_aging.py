from datetime import timedelta

from freezegun import freeze_time
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from ..models.jewelry_stock_aging import AGE_BANDS, PRICE_BANDS
from .common import JewelryCommon

NOW = "2026-11-25 12:00:00"


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestStockAging(JewelryCommon):
    """Age, turnover and return of the stock, from moves and invoices."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vendor = cls.env["res.partner"].create({"name": "Maison"})

    def _stock_before(self, days, cost=100.0, price=300.0, **values):
        """Return a piece that came that many days ago."""
        day = fields.Datetime.to_datetime(NOW) - timedelta(days=days)
        with freeze_time(day):
            piece = self._stock_piece(cost=cost, list_price=price, **values)
            piece.received_date = day.date()
            self.env.flush_all()
        return piece

    def _sell_before(self, piece, days, amount):
        """Deliver and invoice a piece that many days ago."""
        day = fields.Datetime.to_datetime(NOW) - timedelta(days=days)
        with freeze_time(day):
            self._move(piece, self.stock_location, self.customer_location).move_line_ids.date = day
            self._invoice(piece, amount, day)

    def _invoice(self, pieces, amount, day, move_type="out_invoice"):
        product = pieces.product_id
        invoice = self._create_account_move(
            move_type, product, price_unit=amount, post=False, invoice_date=day.date()
        )
        invoice.invoice_line_ids.write({"piece_ids": pieces.ids, "tax_ids": False})
        invoice.action_post()
        return invoice

    def _get_row(self, piece):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["jewelry.stock.aging"].browse(piece.id)

    def _get_ratios(self, pieces):
        """Return (turn, GMROI) of pieces together."""
        self.env.flush_all()
        ((turn, gmroi),) = self.env["jewelry.stock.aging"]._read_group(
            [("lot_id", "in", pieces.ids)], [], ["turn:avg", "gmroi:avg"]
        )
        return turn, gmroi

    def test_a_piece_in_stock_ages_from_its_first_receipt(self):
        row = self._get_row(self._stock_before(100, vendor_id=self.vendor.id))
        self.assertEqual((row.age_days, row.age_band), (100, "1"))
        self.assertEqual((row.stock_cost, row.stock_price), (100, 300))
        self.assertEqual((row.vendor_id, row.categ_id), (self.vendor, self.category))
        self.assertTrue(row.in_stock)
        self.assertFalse(row.left_date)

    def test_a_transfer_does_not_make_it_younger(self):
        piece = self._stock_before(400)
        self._move(piece, self.stock_location, self.safe)
        row = self._get_row(piece)
        self.assertEqual((row.age_days, row.age_band), (400, "3"))

    def test_a_sold_piece_aged_until_it_was_sold(self):
        piece = self._stock_before(200)
        self._sell_before(piece, 50, 250)
        row = self._get_row(piece)
        self.assertEqual(row.age_days, 150)
        self.assertEqual(row.left_date, fields.Date.to_date("2026-10-06"))
        self.assertEqual((row.stock_cost, row.stock_price, row.in_stock), (0, 0, False))
        self.assertEqual((row.sold_cost, row.sold_amount, row.margin), (100, 250, 150))

    def test_what_was_sold_more_than_a_year_ago_turns_no_more(self):
        piece = self._stock_before(900)
        self._sell_before(piece, 400, 250)
        row = self._get_row(piece)
        self.assertEqual((row.sold_cost, row.sold_amount, row.average_cost), (0, 0, 0))

    def test_the_average_stock_counts_the_days_of_the_last_year(self):
        self.assertAlmostEqual(self._get_row(self._stock_before(1000)).average_cost, 100)
        self.assertAlmostEqual(self._get_row(self._stock_before(73)).average_cost, 20)
        piece = self._stock_before(1000)
        self._sell_before(piece, 73, 250)
        self.assertAlmostEqual(self._get_row(piece).average_cost, 80)

    def test_turn_and_return_of_a_group_are_ratios_of_its_sums(self):
        kept, sold = self._stock_before(1000), self._stock_before(1000, cost=300)
        self._sell_before(sold, 73, 700)
        self.assertAlmostEqual(self._get_row(kept).average_cost, 100)
        turn, gmroi = self._get_ratios(kept | sold)
        self.assertAlmostEqual(turn, 300 / (100 + 240))
        self.assertAlmostEqual(gmroi, 400 / (100 + 240))

    def test_a_group_without_stock_has_no_ratio(self):
        piece = self._stock_before(900)
        self._sell_before(piece, 400, 250)
        self.assertEqual(self._get_ratios(piece), (0, 0))

    def test_a_piece_that_came_back_is_stock_again_and_was_not_sold(self):
        piece = self._stock_before(100)
        self._sell_before(piece, 50, 250)
        self._move(piece, self.customer_location, self.stock_location)
        self._invoice(piece, 250, fields.Datetime.now(), "out_refund")
        row = self._get_row(piece)
        self.assertTrue(row.in_stock)
        self.assertEqual((row.age_days, row.stock_cost), (100, 100))
        self.assertEqual((row.sold_cost, row.sold_amount, row.margin), (0, 0, 0))

    def test_what_is_delivered_and_not_invoiced_yet_has_no_margin(self):
        piece = self._stock_before(100)
        self._move(piece, self.stock_location, self.customer_location)
        row = self._get_row(piece)
        self.assertEqual((row.sold_cost, row.margin, row.gmroi), (100, 0, 0))

    def test_an_invoice_of_two_pieces_counts_half_for_each(self):
        first, second = self._stock_before(10), self._stock_before(10)
        day = fields.Datetime.now()
        self._move(first | second, self.stock_location, self.customer_location)
        product = self.style
        invoice = self._create_account_move(
            "out_invoice", product, quantity=2, price_unit=400, post=False, invoice_date=day.date()
        )
        pieces = (first | second).ids
        invoice.invoice_line_ids.write({"piece_ids": pieces, "tax_ids": False})
        invoice.action_post()
        self.assertEqual([self._get_row(piece).sold_amount for piece in first | second], [400, 400])

    def test_goods_of_others_and_void_pieces_are_not_our_stock(self):
        others = self._stock_before(10, stock_type="consignment")
        expected = self._create_piece()
        rows = self.env["jewelry.stock.aging"].search([("lot_id", "in", (others | expected).ids)])
        self.assertFalse(rows)

    @given(st.integers(0, 2000), st.floats(0, 20_000, allow_nan=False))
    @settings(max_examples=25, deadline=None)
    def test_every_age_and_every_price_is_in_the_band_of_its_label(self, days, price):
        model = self.env["jewelry.stock.aging"]
        for value, bands in ((days, AGE_BANDS), (price, PRICE_BANDS)):
            ((number,),) = self.env.execute_query(
                SQL("SELECT %s", model._get_band(SQL("%s", value), bands))
            )
            limits = [0, *[limit for limit, _label in bands[:-1]], float("inf")]
            self.assertLessEqual(limits[int(number)], value)
            self.assertLess(value, limits[int(number) + 1])

    def test_a_keeper_reads_it_and_whom_costs_are_hidden_from_reads_no_cost(self):
        piece = self._stock_before(100)
        keeper, associate = self._create_user("keeper"), self._create_user("associate")
        row = self._get_row(piece)
        self.assertEqual(row.with_user(keeper).stock_cost, 100)
        with self.assertRaises(AccessError):
            row.with_user(associate).read(["age_days"])
        keeper.group_ids += self.env.ref("jewelry_inventory.group_cost_hidden")
        self.assertEqual(row.with_user(keeper).age_days, 100)
        for name in ("stock_cost", "turn", "gmroi", "margin"):
            with self.assertRaises(AccessError):
                row.with_user(keeper).read([name])
            with self.assertRaises(AccessError):
                row.with_user(keeper)._read_group([], [], [f"{name}:avg"])

    def test_a_line_of_the_list_opens_its_piece(self):
        piece = self._stock_before(1)
        action = self._get_row(piece).action_open_piece()
        self.assertEqual((action["res_model"], action["res_id"]), ("stock.lot", piece.id))
