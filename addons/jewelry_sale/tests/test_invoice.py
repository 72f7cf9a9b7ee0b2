from contextlib import suppress

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import SaleCommon


class InvoiceCases(SaleCommon):
    """What invoices of pieces say, whether the stock is kept perpetually or closed by period."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.style.invoice_policy = "delivery"

    def _close_books(self):
        with suppress(UserError):  # nothing to close is fine, the figures tell
            self._close()

    def _check_books(self, expense, *invoices):
        """The expense so far, and the ledger after closing equal to the pieces on hand."""
        self.assertEqual(self._cogs(*invoices), expense if self.perpetual else 0)
        if self.perpetual:
            self.assertEqual(self._ledger(self.account_expense), expense)
        self._close_books()
        self.assertEqual(self._ledger(self.account_stock_valuation), self._value(self.style))


class PieceInvoiceMixin:
    def test_two_pieces_of_a_style_on_two_invoices_cost_each_its_own(self):
        order = self._sell(self.low, self.high)
        self._deliver(order, self.low)
        first = self._invoice(order)
        self._deliver(order)
        second = self._invoice(order)
        self.assertEqual(
            (first.invoice_line_ids.piece_ids, second.invoice_line_ids.piece_ids),
            (self.low, self.high),
        )
        if self.perpetual:
            self.assertEqual((self._cogs(first), self._cogs(second)), (100, 900))
        self._check_books(1000, first, second)

    def test_the_dearer_piece_invoiced_first_costs_its_own(self):
        order = self._sell(self.low, self.high)
        self._deliver(order, self.high)
        first = self._invoice(order)
        self._deliver(order)
        self._check_books(1000, first, self._invoice(order))

    def test_one_invoice_of_two_pieces(self):
        order = self._sell(self.low, self.high)
        self._deliver(order)
        self._check_books(1000, self._invoice(order))

    def test_an_invoice_before_delivery_takes_the_own_cost(self):
        self.style.invoice_policy = "order"
        order = self._sell(self.high)
        invoice = self._invoice(order)
        self._deliver(order)
        self._check_books(900, invoice)

    def test_a_return_and_its_credit_note_bring_the_cost_back(self):
        order = self._sell(self.low, self.high)
        picking = self._deliver(order)
        invoice = self._invoice(order)
        self._return(picking, self.high)
        credit = self._invoice(order)
        self.assertEqual(credit.move_type, "out_refund")
        self.assertEqual(credit.invoice_line_ids.piece_ids, self.high)
        self._check_books(100, invoice, credit)
        self.assertEqual(self._value(self.style), 900)

    def test_a_reversed_invoice_brings_the_cost_back(self):
        order = self._sell(self.high)
        picking = self._deliver(order)
        invoice = self._invoice(order)
        credit = self._refund(invoice)
        self.assertEqual(credit.invoice_line_ids.piece_ids, self.high)
        self._return(picking)
        self._check_books(0, invoice, credit)

    def test_a_returned_piece_is_sold_again_at_its_cost(self):
        order = self._sell(self.high)
        picking = self._deliver(order)
        first = self._invoice(order)
        self._return(picking)
        credit = self._invoice(order)
        again = self._sell(self.high)
        self._deliver(again)
        self._check_books(900, first, credit, self._invoice(again))

    def test_pieces_sold_by_number_cost_what_was_handed_over(self):
        order = self._quote_quantity(2)
        order.action_confirm()
        self._deliver(order)
        invoice = self._invoice(order)
        self.assertEqual(invoice.invoice_line_ids.piece_ids, self.low + self.high)
        self._check_books(1000, invoice)

    def test_pieces_sold_by_number_and_invoiced_first_cost_what_is_handed_over_then(self):
        self.style.invoice_policy = "order"
        order = self._quote_quantity(1)
        order.action_confirm()
        invoice = self._invoice(order)
        self.assertFalse(invoice.invoice_line_ids.piece_ids)
        order.picking_ids.move_line_ids.lot_id = self.high
        self._deliver(order)
        self.assertEqual(invoice.invoice_line_ids.piece_ids, self.high)
        if self.perpetual:
            self.assertEqual(self._ledger(self.account_expense), 900)
        self._close_books()
        self.assertEqual(self._ledger(self.account_stock_valuation), 100)

    def test_an_invoice_before_delivery_of_two_pieces_in_two_steps(self):
        self.style.invoice_policy = "order"
        order = self._sell(self.low, self.high)
        invoice = self._invoice(order, post=False)
        charged = invoice.invoice_line_ids.filtered(lambda line: line.piece_ids == self.high)
        (invoice.invoice_line_ids - charged).unlink()
        invoice.action_post()
        rest = self._invoice(order)
        self.assertEqual(rest.invoice_line_ids.piece_ids, self.low)
        self._deliver(order, self.low)
        self._deliver(order)
        self._check_books(1000, invoice, rest)

    def test_of_two_pieces_returned_and_credited_one_is_sold_again(self):
        order = self._sell(self.low, self.high)
        picking = self._deliver(order)
        invoice = self._invoice(order)
        self._return(picking, self.low)
        credit = self._invoice(order)
        self.assertEqual(credit.invoice_line_ids.piece_ids, self.low)
        again = self._sell(self.low)
        self._deliver(again)
        self._check_books(1000, invoice, credit, self._invoice(again))
        self.assertEqual(self._value(self.style), 0)

    def test_a_cost_found_after_the_return_is_in_the_second_sale_only(self):
        order = self._sell(self.high)
        picking = self._deliver(order)
        invoice = self._invoice(order)
        self._return(picking)
        credit = self._invoice(order)
        self.high._set_cost({self.high: 950}, "landed_cost")
        again = self._sell(self.high)
        self._deliver(again)
        second = self._invoice(again)
        self.assertEqual(self._cogs(invoice, credit), 0)
        self.assertEqual(self._cogs(second), 950 if self.perpetual else 0)

    def test_the_margin_of_each_invoice_is_that_of_its_pieces(self):
        order = self._sell(self.low, self.high)
        self._deliver(order, self.high)
        first = self._invoice(order)
        self._deliver(order)
        second = self._invoice(order)
        self.assertEqual((first.amount_untaxed, second.amount_untaxed), (2000, 300))
        if self.perpetual:
            self.assertEqual(first.amount_untaxed - self._cogs(first), 1100)
            self.assertEqual(second.amount_untaxed - self._cogs(second), 200)


@tagged("post_install", "-at_install")
class TestPieceInvoicePerpetual(PieceInvoiceMixin, InvoiceCases):
    perpetual = True
    allow_inherited_tests_method = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.style.categ_id = cls.category_auto

    def test_a_line_of_a_negative_quantity_credits_its_piece(self):
        order = self._sell(self.high)
        self._deliver(order)
        self._invoice(order)
        other = self._create_account_move("out_invoice", self.style, price_unit=2000, post=False)
        other.invoice_line_ids.piece_ids = self.low
        other.invoice_line_ids = [
            Command.create(
                {"product_id": self.style.id, "quantity": -1, "price_unit": 10, "tax_ids": False}
                | {"piece_ids": self.high.ids}
            )
        ]
        other.action_post()
        self.assertEqual(self._cogs(other), 100 - 900)

    def test_an_exchanged_piece_of_a_number_takes_the_place_on_the_invoice(self):
        order = self._quote_quantity(1)
        order.action_confirm()
        first = order.picking_ids.move_line_ids.lot_id
        picking = self._deliver(order)
        invoice = self._invoice(order)
        self._return(picking, exchange=True)
        other = (self.low + self.high) - first
        open_moves = order.picking_ids.move_ids.filtered(lambda move: move.state != "done")
        open_moves.move_line_ids.lot_id = other
        self._deliver(order)
        self.assertEqual(invoice.invoice_line_ids.piece_ids, other)
        self.assertEqual(self._ledger(self.account_expense), other.standard_price)

    def _sell_and_find_a_cost(self):
        """Return the posted invoice of the dear piece, which turned out to cost 950."""
        order = self._sell(self.high)
        self._deliver(order)
        invoice = self._invoice(order)
        self.high._set_cost({self.high: 950}, "landed_cost")
        self.assertEqual(self._ledger(self.account_expense), 950)
        return order, invoice

    def test_an_invoice_reset_leaves_no_cost_difference_behind(self):
        _order, invoice = self._sell_and_find_a_cost()
        invoice.button_draft()
        self.assertEqual(self._ledger(self.account_expense), 0)
        self.assertEqual(self._ledger(self.account_stock_valuation), 0)

    def test_an_invoice_posted_again_expenses_all_in_itself(self):
        _order, invoice = self._sell_and_find_a_cost()
        invoice.button_draft()
        invoice.action_post()
        self.assertEqual(self._cogs(invoice), 950)
        self.assertEqual(self._ledger(self.account_expense), 950)

    def test_a_cancelled_invoice_is_replaced_by_one_at_full_cost(self):
        order, invoice = self._sell_and_find_a_cost()
        invoice.button_cancel()
        self.assertEqual(self._ledger(self.account_expense), 0)
        self.assertEqual(self._cogs(self._invoice(order)), 950)
        self.assertEqual(self._ledger(self.account_expense), 950)

    def test_resetting_twice_takes_back_once(self):
        _order, invoice = self._sell_and_find_a_cost()
        for _time in range(2):
            invoice.button_draft()
            invoice.action_post()
        invoice.button_draft()
        invoice.button_cancel()
        self.assertEqual(self._ledger(self.account_expense), 0)

    def test_the_difference_is_taken_back_in_the_open_period(self):
        _order, invoice = self._sell_and_find_a_cost()
        with freeze_time(fields.Date.add(fields.Date.today(), months=2)):
            invoice.button_draft()
            entries = self.env["account.move.line"].search(
                [
                    ("cogs_origin_id", "in", invoice.invoice_line_ids.ids),
                    ("balance", "<", 0),
                    ("account_id", "=", self.account_expense.id),
                ]
            )
            self.assertEqual(entries.mapped("balance"), [-50])
            self.assertEqual(entries.date, fields.Date.today())

    def test_only_the_reset_invoice_gives_its_difference_back(self):
        _order, invoice = self._sell_and_find_a_cost()
        other = self._sell(self.low)
        self._deliver(other)
        self._invoice(other)
        self.low._set_cost({self.low: 130}, "landed_cost")
        invoice.button_draft()
        self.assertEqual(self._ledger(self.account_expense), 130)

    def test_an_associate_who_resets_an_invoice_takes_back_what_he_does_not_see(self):
        _order, invoice = self._sell_and_find_a_cost()
        clerk = self._create_user("associate", "account.group_account_invoice")
        self.env.invalidate_all()
        invoice.with_user(clerk).button_draft()
        self.assertEqual(self._ledger(self.account_expense), 0)

    def test_an_invoice_in_another_currency_costs_in_ours(self):
        euro = self.setup_other_currency("EUR", rates=[("2020-01-01", 0.5)])
        pricelist = self.env["product.pricelist"].create({"name": "EUR", "currency_id": euro.id})
        order = self._sell(self.high, pricelist_id=pricelist.id)
        self._deliver(order)
        invoice = self._invoice(order)
        self.assertEqual(invoice.amount_total, 1000)
        self._check_books(900, invoice)


@tagged("post_install", "-at_install")
class TestPieceInvoicePeriodic(PieceInvoiceMixin, InvoiceCases):
    perpetual = False
    allow_inherited_tests_method = True


@tagged("post_install", "-at_install")
class TestPieceInvoiceDocument(SaleCommon):
    def test_an_invoice_cannot_name_more_pieces_than_it_charges(self):
        order = self._quote_quantity(2)
        order.action_confirm()
        self._deliver(order)
        invoice = self._invoice(order, post=False)
        invoice.invoice_line_ids.quantity = 1
        with self.assertRaisesRegex(UserError, "charges 1 but names"):
            invoice.action_post()
        invoice.invoice_line_ids.piece_ids = self.low
        invoice.action_post()
        self.assertEqual(self._invoice(order).invoice_line_ids.piece_ids, self.high)

    def test_a_duplicated_invoice_sells_no_piece_twice(self):
        order = self._sell(self.high)
        self._deliver(order)
        invoice = self._invoice(order)
        self.assertFalse(invoice.copy().invoice_line_ids.piece_ids)

    def test_the_printed_serials_are_those_of_the_line(self):
        order = self._sell(self.low, self.high)
        self._deliver(order)
        invoice = self._invoice(order, post=False)
        invoice.invoice_line_ids.filtered(lambda line: line.piece_ids == self.low).unlink()
        self.assertFalse(invoice._get_invoiced_lot_values())
        invoice.action_post()
        rows = invoice._get_invoiced_lot_values()
        self.assertEqual([row["lot_name"] for row in rows], [self.high.name])

    def test_other_serials_print_as_before(self):
        watch = self.env["product.product"].create(
            {"name": "Watch", "is_storable": True, "tracking": "serial"}
        )
        lot = self.env["stock.lot"].create({"product_id": watch.id, "name": "W-1"})
        self._move(lot, self.supplier_location, self.stock_location)
        order = self._sell(self.high)
        order.order_line = [Command.create({"product_id": watch.id})]
        self._deliver(order)
        rows = self._invoice(order)._get_invoiced_lot_values()
        self.assertEqual({row["lot_name"] for row in rows}, {"W-1", self.high.name})
