from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import SaleCommon


class InvoiceCases(SaleCommon):
    """What invoices of pieces say, whether the stock is kept perpetually or closed by period."""

    def _check_books(self, expense, *invoices):
        """The expense so far, and the ledger after closing equal to the pieces on hand."""
        self.assertEqual(self._cogs(*invoices), expense if self.perpetual else 0)
        if self.perpetual:
            self.assertEqual(self._ledger(self.account_expense), expense)
        self._close()
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
        self._close()
        self.assertEqual(self._ledger(self.account_stock_valuation), 100)


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
