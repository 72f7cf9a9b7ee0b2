from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import JewelryCommon


@tagged("post_install", "-at_install")
class TestSpecificCost(JewelryCommon):
    def test_pieces_received_in_one_move_keep_each_its_own_cost(self):
        low, high = self._create_piece(), self._create_piece()
        move = self._move(
            low + high, self.supplier_location, self.stock_location, costs={low: 100, high: 900}
        )
        self.assertEqual((low.standard_price, high.standard_price), (100, 900))
        self.assertEqual((self._value(low), self._value(high)), (100, 900))
        self.assertEqual(move.value, 1000)
        self.assertEqual(self._value(self.style), 1000)

    def test_cost_written_before_the_vendor_receipt_survives_it(self):
        piece = self._create_piece(cost=450)
        self._move(piece, self.supplier_location, self.stock_location)
        self.assertEqual(piece.standard_price, 450)
        self.assertEqual(self._value(piece), 450)

    def test_costs_written_in_the_second_of_the_receipt_are_not_lost(self):
        with freeze_time("2026-03-01 10:00:00"):
            low, high = self._create_piece(cost=100), self._create_piece(cost=900)
            self._move(low + high, self.supplier_location, self.stock_location)
            low._set_cost({low: 150}, "correction")
        self.assertEqual((self._value(low), self._value(high)), (150, 900))

    def test_a_receipt_without_own_costs_shares_the_price_of_the_move(self):
        pieces = self._create_piece() + self._create_piece()
        self._move(pieces, self.supplier_location, self.stock_location, value_manual=500)
        self.assertEqual(pieces.mapped("standard_price"), [250, 250])

    def test_the_style_does_not_lend_its_cost_to_a_new_piece(self):
        self.style.standard_price = 77
        self.assertEqual(self._create_piece().standard_price, 0)

    def test_delivery_takes_out_the_cost_of_that_very_piece(self):
        low, high = self._stock_piece(cost=100), self._stock_piece(cost=900)
        move = self._move(high, self.stock_location, self.customer_location)
        self.assertEqual(move.value, 900)
        self.assertEqual(self._value(self.style), 100)
        self.assertEqual(high.standard_price, 900, "the cost stays known after the sale")
        self.assertEqual(self._value(low), 100)

    def test_a_returned_piece_comes_back_at_its_own_cost(self):
        low, high = self._stock_piece(cost=100), self._stock_piece(cost=900)
        self._move(low + high, self.stock_location, self.customer_location)
        self._move(low, self.customer_location, self.stock_location)
        self.assertEqual(self._value(self.style), 100)
        self._move(high, self.customer_location, self.stock_location)
        self.assertEqual(self._value(self.style), 1000)

    def test_goods_of_others_count_nothing(self):
        ours = self._stock_piece(cost=300)
        theirs = self._create_piece(cost=800)
        self._move(theirs, self.supplier_location, self.stock_location, owner=self.owner)
        self.assertEqual(self._value(theirs), 0)
        self.assertEqual(self._value(self.style), self._value(ours))
        self.assertEqual(sum(theirs.quant_ids.mapped("value")), 0)

    def test_a_piece_at_the_bench_stays_in_the_books(self):
        piece = self._stock_piece(cost=640)
        self._move(piece, self.stock_location, self.bench)
        self.assertFalse(self.bench.warehouse_id)
        self.assertEqual(self._value(piece), 640)
        self.assertEqual(self._value(self.style), 640)

    def test_value_per_warehouse_counts_what_is_there(self):
        piece = self._stock_piece(cost=640)
        self._move(self._stock_piece(cost=60), self.stock_location, self.bench)
        in_warehouse = {"warehouse_id": self.warehouse.id}
        self.assertEqual(self._value(self.style, **in_warehouse), 640)
        self.assertEqual(self._value(piece, **in_warehouse), 640)
        self.assertEqual(self._value(self.style), 700)

    def test_value_at_a_date_knows_pieces_sold_since(self):
        with freeze_time("2026-01-10 09:00:00"):
            piece = self._stock_piece(cost=500)
        with freeze_time("2026-02-10 09:00:00"):
            piece._set_cost({piece: 520}, "correction", "weighed again")
        with freeze_time("2026-03-10 09:00:00"):
            self._move(piece, self.stock_location, self.customer_location)
        for date, value in (
            ("2026-01-09", 0),
            ("2026-01-10", 500),
            ("2026-02-09", 500),
            ("2026-02-10", 520),
            ("2026-03-09", 520),
            ("2026-03-10", 0),
        ):
            with self.subTest(date=date):
                self.assertEqual(self._value(self.style, to_date=date), value)
                self.assertEqual(self._value(piece, to_date=date), value)

    def test_a_new_cost_after_the_sale_leaves_past_values_alone(self):
        with freeze_time("2026-01-10 09:00:00"):
            piece = self._stock_piece(cost=500)
        with freeze_time("2026-02-10 09:00:00"):
            move = self._move(piece, self.stock_location, self.customer_location)
        with freeze_time("2026-03-10 09:00:00"):
            piece._set_cost({piece: 560}, "correction", "late bill")
        self.assertEqual(move.value, 500)
        self.assertEqual(self._value(self.style, to_date="2026-01-31"), 500)
        self.assertEqual(self._value(self.style), 0)
        self.assertEqual(piece.standard_price, 560)

    def test_writing_the_cost_of_a_received_piece_asks_for_a_reason(self):
        piece = self._stock_piece(cost=500)
        with self.assertRaisesRegex(UserError, "Revalue"):
            piece.standard_price = 1

    def test_a_cost_below_nothing_is_refused(self):
        piece = self._stock_piece(cost=500)
        with self.assertRaisesRegex(UserError, "cannot be negative"):
            piece._set_cost({piece: -1}, "correction")

    def test_a_value_for_a_receipt_is_spread_by_cost_to_the_cent(self):
        pieces = self._create_piece(cost=100) + self._create_piece(cost=200)
        pieces += self._create_piece(cost=700)
        move = self._move(pieces, self.supplier_location, self.stock_location)
        self.env["product.value"].create({"move_id": move.id, "value": 1000.01})
        self.assertEqual(pieces.mapped("standard_price"), [100, 200, 700.01])
        self.assertEqual(self._value(self.style), 1000.01)
        self.assertEqual(move.value, 1000, "what the pieces were worth when they came stays")

    def test_the_quants_sum_to_the_value_of_the_style(self):
        self._stock_piece(cost=100), self._stock_piece(cost=900, place=self.safe)
        quants = self.env["stock.quant"].search(
            [("product_id", "=", self.style.id), ("location_id.usage", "=", "internal")]
        )
        self.assertEqual(quants.mapped("cost_method"), ["specific", "specific"])
        self.assertEqual(sum(quants.mapped("value")), self._value(self.style))
        grouped = self.env["stock.quant"]._read_group(
            [("id", "in", quants.ids)], ["product_id"], ["value:sum"]
        )
        self.assertEqual(grouped, [(self.style, 1000)])

    def test_what_remains_of_a_receipt_is_its_pieces_still_here(self):
        low, high = self._create_piece(cost=100), self._create_piece(cost=900)
        first = self._move(low + high, self.supplier_location, self.stock_location)
        second = self._move(
            self._create_piece(cost=50), self.supplier_location, self.stock_location
        )
        self._move(low, self.stock_location, self.customer_location)
        self.assertEqual((first.remaining_qty, first.remaining_value), (1, 900))
        self.assertEqual((second.remaining_qty, second.remaining_value), (1, 50))

    def test_a_category_that_turns_to_specific_keeps_the_value(self):
        category = self.category_avco
        product = self.env["product.product"].create(
            {
                "name": "Watch",
                "is_storable": True,
                "tracking": "serial",
                "lot_valuated": True,
                "categ_id": category.id,
            }
        )
        lot = self.env["stock.lot"].create({"product_id": product.id, "name": "W1"})
        self._make_in_move(product, 1, unit_cost=320, lot_ids=[lot])
        category.property_cost_method = "specific"
        self.assertEqual(product.cost_method, "specific")
        self.assertEqual(self._value(product), 320)
        tomorrow = datetime.now() + timedelta(days=1)
        self.assertEqual(self._value(product, to_date=tomorrow), 320)

    def test_lots_in_a_specific_category_are_averaged(self):
        self.category.property_cost_method = "specific"
        product = self.env["product.product"].create(
            {
                "name": "Chain by the gram",
                "is_storable": True,
                "tracking": "lot",
                "categ_id": self.category.id,
            }
        )
        self.assertEqual(product.cost_method, "average")

    def test_changing_the_piece_of_a_done_delivery_moves_the_right_cost(self):
        low, high = self._stock_piece(cost=100), self._stock_piece(cost=900)
        move = self._move(low, self.stock_location, self.customer_location)
        move.move_line_ids.lot_id = high
        self.assertEqual(move.value, 900)
        self.assertEqual(self._value(self.style), 100)


@tagged("post_install", "-at_install")
class TestSpecificLedger(JewelryCommon):
    """What the general ledger says, perpetual (US chart)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.style.categ_id = cls.category_auto
        cls.low = cls._stock_piece(cost=100)
        cls.high = cls._stock_piece(cost=900)

    def _invoice(self, piece, move_type="out_invoice", **kwargs):
        invoice = self._create_account_move(
            move_type, self.style, price_unit=2000, post=False, **kwargs
        )
        invoice.invoice_line_ids.piece_ids = piece
        invoice.action_post()
        return invoice

    def _cogs(self, *invoices):
        lines = self.env["account.move"].concat(*invoices).line_ids
        return sum(
            line.balance
            for line in lines
            if line.display_type == "cogs" and line.account_id == self.account_expense
        )

    def test_the_invoice_takes_the_cost_of_its_own_piece(self):
        self.assertEqual(self._cogs(self._invoice(self.high)), 900)
        self.assertEqual(self._cogs(self._invoice(self.low)), 100)

    def test_invoicing_before_delivery_takes_the_cost_of_the_piece(self):
        invoice = self._invoice(self.high)
        self._move(self.high, self.stock_location, self.customer_location)
        self.assertEqual(self._cogs(invoice), 900)
        self.assertEqual(self._ledger(self.account_expense), 900)

    def test_a_cost_change_between_invoice_and_delivery_reaches_the_expense(self):
        self._invoice(self.high)
        self.high._set_cost({self.high: 950}, "bill")
        self._move(self.high, self.stock_location, self.customer_location)
        self.assertEqual(self._ledger(self.account_expense), 950)

    def test_a_late_cost_of_a_sold_piece_is_expensed_in_the_open_period(self):
        self._move(self.high, self.stock_location, self.customer_location)
        invoice = self._invoice(self.high)
        self.high._set_cost({self.high: 930}, "bill")
        self.assertEqual(self._cogs(invoice), 900, "the posted invoice does not change")
        self.assertEqual(self._ledger(self.account_expense), 930)
        self.assertEqual(self._ledger(self.account_stock_valuation), -930)

    def test_a_credit_note_takes_back_all_that_was_expensed_for_the_piece(self):
        self._move(self.low + self.high, self.stock_location, self.customer_location)
        invoices = self._invoice(self.low), self._invoice(self.high)
        self.high._set_cost({self.high: 930}, "bill")
        self._refund(invoices[1])
        self._move(self.high, self.customer_location, self.stock_location)
        self.assertEqual(self._ledger(self.account_expense), 100)
        self.assertEqual(self._value(self.high), 930)

    def test_a_piece_sold_twice_is_expensed_at_its_cost_each_time(self):
        self._move(self.high, self.stock_location, self.customer_location)
        self._refund(self._invoice(self.high))
        self._move(self.high, self.customer_location, self.stock_location)
        self.high._set_cost({self.high: 700}, "write_down")
        self._move(self.high, self.stock_location, self.customer_location)
        self._invoice(self.high)
        self.assertEqual(self._ledger(self.account_expense), 700)

    def test_a_write_down_posts_to_its_account(self):
        account = self._create_account("Write-down", "600900")
        self.company.piece_write_down_account_id = account
        self.high._set_cost({self.high: 600}, "write_down", "out of fashion")
        self.assertEqual(self._ledger(account), 300)
        self.assertEqual(self._ledger(self.account_stock_valuation), -300)

    def test_a_correction_of_a_sold_piece_posts_through_the_stock_to_the_expense(self):
        account = self._create_account("Revaluation", "600901")
        self.company.piece_revaluation_account_id = account
        self._move(self.high, self.stock_location, self.customer_location)
        self._invoice(self.high)
        self.high._set_cost({self.high: 950}, "correction", "stone was ours")
        self.assertEqual(self._ledger(self.account_expense), 950)
        self.assertEqual(self._ledger(account), -50)
        self.assertEqual(self._ledger(self.account_stock_valuation), -900)

    def test_closing_brings_the_ledger_to_the_sum_of_the_pieces(self):
        self._move(self.high, self.stock_location, self.customer_location)
        self._invoice(self.high)
        self._close()
        self.assertEqual(self._ledger(self.account_stock_valuation), 100)
        self.assertEqual(self._value(self.style), 100)

    def _create_account(self, name, code):
        return self.env["account.account"].create(
            {
                "name": name,
                "code": code,
                "account_type": "expense",
                "company_ids": self.company.ids,
            }
        )

    def test_opening_stock_posts_to_the_opening_account(self):
        opening = self._create_account("Opening", "300900")
        self.company.piece_opening_account_id = opening
        place = self.company._get_opening_place()
        piece = self._create_piece(cost=750)
        piece._take_in(place, self.stock_location)
        self.assertEqual(self._ledger(opening), -750)
        self.assertEqual(self._value(piece), 750)
        self.assertEqual(self.company._get_opening_place(), place)
        other = self._create_account("Opening 2", "300901")
        self.company.piece_opening_account_id = other
        self.assertEqual(place.valuation_account_id, other)


@tagged("post_install", "-at_install")
class TestAccountantsWithoutJewelry(JewelryCommon):
    """Whoever keeps the books needs no rights of the store floor to do so."""

    def _as(self, group, record):
        user = self._create_user("employee", group)
        self.env.invalidate_all()
        return record.with_user(user)

    def test_a_clerk_posts_and_credits_an_invoice_of_what_is_no_piece(self):
        box = self.env["product.product"].create({"name": "Box"})
        invoice = self._create_invoice(box, price_unit=10.0, post=False)
        invoice = self._as("account.group_account_invoice", invoice)
        invoice.action_post()
        credit = invoice._reverse_moves()
        credit.action_post()
        self.assertEqual((invoice.state, credit.state), ("posted", "posted"))

    def test_a_clerk_posts_an_invoice_of_a_piece(self):
        piece = self._stock_piece(cost=100)
        invoice = self._create_invoice(self.style, price_unit=200.0, post=False)
        invoice.invoice_line_ids.piece_ids = piece
        invoice = self._as("account.group_account_invoice", invoice)
        invoice.action_post()
        self.assertEqual(invoice.invoice_line_ids.piece_ids, piece)

    def test_an_auditor_reads_the_invoice_of_a_piece(self):
        piece = self._stock_piece(cost=100)
        invoice = self._create_invoice(self.style, price_unit=200.0, post=False)
        invoice.invoice_line_ids.piece_ids = piece
        lines = self._as("account.group_account_readonly", invoice.invoice_line_ids)
        self.assertEqual(lines.piece_ids.mapped("display_name"), [piece.display_name])
