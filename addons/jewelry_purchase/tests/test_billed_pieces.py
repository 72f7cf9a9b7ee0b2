from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged

from .common import JewelryPurchaseCommon

# What a vendor's paper may do to the pieces of an order, and with what figures.
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["bill", "take_back", "lower", "reset", "send_back", "sell"]),
        st.integers(1, 3),
        st.integers(1, 99999).map(lambda cents: cents / 100),
    ),
    min_size=2,
    max_size=6,
)


class BilledPiecesMixin:
    """Each bill line names the pieces that it settles, and each refund those it takes back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_order(quantity=3, price=400)
        cls.pieces = cls._receive(cls.order, [900, 200, 100])

    def _named(self, bill):
        return bill.invoice_line_ids.piece_ids

    # === BILLS === #

    def test_a_bill_proposes_the_pieces_received_first(self):
        bill = self._draft_bill(self.order)
        self.assertEqual(self._named(bill), self.pieces)

    def test_a_bill_for_fewer_keeps_the_first(self):
        bill = self._bill(self.order, price=950, quantity=1)
        self.assertEqual(self._named(bill), self.pieces[0])
        self.assertEqual(self._costs(self.pieces), [950, 200, 100])
        self._check_books(closing=True)

    def test_the_pieces_of_a_bill_can_be_chosen(self):
        dearest, middle, cheapest = self.pieces
        bill = self._enter(self._draft_bill(self.order), 130, 1, cheapest)
        self.assertEqual(self._named(bill), cheapest)
        self.assertEqual(self._costs(self.pieces), [900, 200, 130])
        rest = self._draft_bill(self.order)
        self.assertEqual(self._named(rest), dearest + middle)
        self._enter(rest, 605)
        self.assertEqual(self._costs(self.pieces), [990, 220, 130])
        self._check_books()

    def test_a_draft_keeps_its_pieces_from_the_next_bill(self):
        first = self._draft_bill(self.order)
        first.invoice_line_ids.write(
            {"quantity": 1, "piece_ids": [Command.set(self.pieces[1].ids)]}
        )
        second = self._draft_bill(self.order)
        self.assertEqual(self._named(second), self.pieces[0] + self.pieces[2])
        first.button_cancel()
        self.assertEqual(self.order.order_line._get_pieces_to_bill(), self.pieces[1])

    def test_a_bill_names_no_more_pieces_than_it_is_for(self):
        bill = self._draft_bill(self.order)
        bill.invoice_date = "2026-01-15"
        bill.invoice_line_ids.quantity = 2
        with self.assertRaisesRegex(UserError, "charges 2 but names"):
            bill.action_post()

    def test_a_line_for_each_piece_settles_each_at_its_own_price(self):
        bill = self._draft_bill(self.order)
        bill.invoice_date = "2026-01-15"
        common = {"product_id": self.style.id, "purchase_line_id": self.order.order_line.id}
        bill.invoice_line_ids = [
            Command.clear(),
            *(
                Command.create(common | {"price_unit": price, "piece_ids": piece.ids})
                for piece, price in zip(self.pieces, (910, 190, 120), strict=True)
            ),
        ]
        bill.invoice_line_ids.tax_ids = False
        bill.action_post()
        self.assertEqual(self._costs(self.pieces), [910, 190, 120])
        self._check_books()

    def test_a_discount_of_the_bill_reaches_its_pieces(self):
        bill = self._draft_bill(self.order)
        bill.invoice_line_ids.discount = 10
        self._enter(bill)
        self.assertEqual(self._costs(self.pieces), [810, 180, 90])
        self._check_books()

    def test_a_bill_by_the_dozen_is_for_twelve_pieces(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._create_order(quantity=1, price=1200, unit=dozen)
        pieces = self._receive(order, [100] * 12)
        bill = self._bill(order, price=1320)
        self.assertEqual(self._named(bill), pieces)
        self.assertEqual(self._costs(pieces), [110] * 12)

    def test_pieces_of_other_methods_are_billed_as_before(self):
        watch = self.env["product.product"].create(
            {"name": "Watch", "is_storable": True, "tracking": "serial"}
        )
        order = self._create_order(quantity=1, style=watch)
        self.assertFalse(order.order_line._get_pieces_to_bill())

    # === REFUNDS === #

    def test_after_a_return_the_refund_takes_back_what_went(self):
        self._bill(self.order, price=400)
        self._return(self.order, self.pieces[1])
        refund = self._draft_bill(self.order)
        self.assertEqual(refund.move_type, "in_refund")
        self.assertEqual(self._named(refund), self.pieces[1])
        self.assertEqual(refund.invoice_line_ids.refund_kind, "goods")
        self._enter(refund, 200)
        self.assertEqual(refund.invoice_line_ids.refund_kind, "goods")
        self.assertEqual(self._costs(self.pieces[0] + self.pieces[2]), [900, 100])
        self._check_books()

    def test_a_credit_note_of_the_bill_for_one_takes_back_the_one_that_went(self):
        bill = self._bill(self.order, price=400)
        self._return(self.order, self.pieces[2])
        refund = self._enter(self._refund(bill, post=False), 400, 1)
        self.assertEqual(self._named(refund), self.pieces[2])
        self.assertEqual(self._costs(self.pieces[:2]), [900, 200])

    def test_a_refund_at_another_price_lowers_what_stays(self):
        bill = self._bill(self.order, price=400)
        refund = self._enter(self._refund(bill, post=False), 40)
        self.assertEqual(refund.invoice_line_ids.refund_kind, "price")
        self.assertEqual(self._costs(self.pieces), [810, 180, 90])
        self._check_books()

    def test_a_lower_price_written_as_one_unit_is_for_all_its_pieces(self):
        bill = self._bill(self.order, price=400)
        refund = self._enter(self._refund(bill, post=False), 120, 1)
        self.assertEqual(self._named(refund), self.pieces)
        self.assertEqual(self._costs(self.pieces), [810, 180, 90])
        self._check_books()

    def test_a_lower_price_for_chosen_pieces_leaves_the_others(self):
        bill = self._bill(self.order, price=400)
        self._enter(self._refund(bill, post=False), 50, 1, self.pieces[1])
        self.assertEqual(self._costs(self.pieces), [900, 150, 100])
        self._check_books()

    def test_whoever_enters_a_refund_says_what_it_is_of(self):
        bill = self._bill(self.order, price=400)
        refund = self._refund(bill, post=False)
        refund.invoice_date = bill.invoice_date
        self.assertEqual(refund.invoice_line_ids.refund_kind, "goods", "as the bill's price")
        refund.invoice_line_ids.price_unit = 40
        refund.invoice_line_ids.refund_kind = "goods"
        refund.action_post()
        self.assertFalse(self.order.order_line._get_billed_costs())

    def test_customers_refunds_have_no_kind(self):
        credit = self._create_credit_note(self.style, post=False)
        self.assertFalse(credit.invoice_line_ids.refund_kind)

    def test_a_replaced_piece_takes_the_place_on_the_bill(self):
        bill = self._bill(self.order, price=440)
        self._send_back(self.order, self.pieces[1])
        new = self._create_piece(cost=200)
        self._move(
            new,
            self.supplier_location,
            self.stock_location,
            purchase_line_id=self.order.order_line.id,
        )
        self.assertEqual(self._named(bill), self.pieces[0] + self.pieces[2] + new)
        self.assertEqual(self._costs(self.pieces[0] + self.pieces[2] + new), [990, 110, 220])
        self._check_books()

    def test_a_bill_reset_after_a_sale_gives_the_expense_back(self):
        self._sell(self.pieces[0])
        bill = self._bill(self.order, price=440)
        self._check_books(expense=990)
        bill.button_draft()
        self.assertEqual(self._costs(self.pieces), [900, 200, 100])
        if self.perpetual:
            self.assertAlmostEqual(self._ledger(self.account_expense), 900)
        bill.button_cancel()
        if self.perpetual:
            self.assertAlmostEqual(self._ledger(self.account_expense), 900)

    # === WHO === #

    def _create_clerk(self):
        return new_test_user(
            self.env,
            "bill_clerk",
            groups="account.group_account_invoice",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )

    def test_what_a_posted_refund_is_of_is_not_written(self):
        bill = self._bill(self.order, price=400)
        refund = self._enter(self._refund(bill, post=False), 40)
        clerk, costs = self._create_clerk(), self._costs(self.pieces)
        line = refund.invoice_line_ids.with_user(clerk)
        for posted in (line, bill.invoice_line_ids.with_user(clerk)):
            for vals in ({"refund_kind": "goods"}, {"piece_ids": [Command.clear()]}):
                with self.subTest(vals=vals), self.assertRaisesRegex(UserError, "to draft"):
                    posted.write(vals)
        line.refund_kind = "price"
        self.assertEqual(self._costs(self.pieces), costs)
        line.move_id.button_draft()
        line.refund_kind = "goods"
        self.assertEqual(line.refund_kind, "goods")

    def test_a_bill_that_a_clerk_posts_without_its_pieces_gets_them(self):
        bill = self._draft_bill(self.order).with_user(self._create_clerk())
        bill.write({"invoice_date": "2026-01-15"})
        bill.invoice_line_ids.write({"piece_ids": [Command.clear()]})
        bill.action_post()
        self.assertEqual(self._named(bill), self.pieces)

    def test_a_clerk_without_stock_rights_posts_the_bill(self):
        clerk = self._create_clerk()
        bill = self._draft_bill(self.order)
        bill.invoice_date = "2026-01-15"
        self.env.invalidate_all()
        with Form(bill.with_user(clerk)) as form, form.invoice_line_ids.edit(0) as line:
            line.price_unit = 440
        bill.with_user(clerk).action_post()
        self.assertEqual(self._costs(self.pieces), [990, 220, 110])

    # === INVARIANTS === #

    @settings(
        max_examples=6,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(steps=STEPS)
    def test_whatever_papers_come_pieces_cost_what_they_say_and_the_ledger_follows(self, steps):
        savepoint = self.cr.savepoint(flush=True)
        try:
            for step, count, amount in steps:
                getattr(self, f"_do_{step}")(count, amount)
                self._check_costs()
            self._check_books(closing=True)
        finally:
            savepoint.rollback()
            savepoint.close()
            self.env.invalidate_all(flush=False)

    def _post(self, bill, values):
        bill.invoice_date = "2026-01-15"
        bill.invoice_line_ids.write(values)
        bill.action_post()

    def _get_bills(self):
        return self.order.invoice_ids.filtered(
            lambda move: move.state == "posted" and move.move_type == "in_invoice"
        )

    def _do_bill(self, count, amount):
        open_pieces = self.order.order_line._get_pieces_to_bill()[:count]
        if open_pieces:
            line = {"quantity": len(open_pieces), "piece_ids": open_pieces.ids}
            self._post(self._draft_bill(self.order), line | {"price_unit": 300 + amount})

    def _do_take_back(self, _count, _amount):
        if bill := self._get_bills()[:1]:
            taken = self._named(bill) & self.order.order_line._get_billed_pieces()
            if taken == self._named(bill):
                self._post(self._refund(bill, post=False), {})

    def _do_lower(self, _count, amount):
        if bill := self._get_bills()[:1]:
            refund = self._refund(bill, post=False)
            self._post(refund, {"price_unit": min(amount, 100) / 3})

    def _do_reset(self, _count, _amount):
        if bill := self._get_bills()[-1:]:
            bill.button_draft()
            self._check_costs()
            bill.action_post()

    def _do_send_back(self, count, _amount):
        piece = self.pieces[count - 1]
        if piece.piece_status == "available":
            self._send_back(self.order, piece)

    def _do_sell(self, count, _amount):
        piece = self.pieces[count - 1]
        if piece.piece_status == "available":
            self._sell(piece)

    def _check_costs(self):
        """Recompute from the papers, piece by piece, what each must cost."""
        self.env.invalidate_all()
        received = dict(zip(self.pieces, (900, 200, 100), strict=True))
        kept = self.order.order_line._get_received_lines().lot_id
        for group in self._get_paper_groups():
            billed, total = group
            costs = sum(piece.standard_price for piece in billed if piece in kept)
            if billed and billed <= kept:
                self.assertAlmostEqual(costs, total, 2)
        free = kept - self.order.order_line._get_billed_pieces()
        for piece in free:
            self.assertAlmostEqual(piece.standard_price, received[piece], 2)

    def _get_paper_groups(self):
        """Return (pieces, balance) of the bills whose pieces no other bill names, with what was
        refunded for them.
        """
        lines = self.order.order_line._get_posted_bill_lines()
        bills = lines.filtered(lambda line: line.move_type == "in_invoice")
        for bill in bills:
            related = lines.filtered(lambda line, own=bill.piece_ids: line.piece_ids & own)
            alone = (related & bills) == bill
            taken = related.filtered(lambda line: line.refund_kind == "goods")
            if alone and not taken:
                yield bill.piece_ids, sum(related.mapped("balance"))


@tagged("post_install", "-at_install")
class TestBilledPiecesPerpetual(BilledPiecesMixin, JewelryPurchaseCommon):
    perpetual = True
    allow_inherited_tests_method = True


@tagged("post_install", "-at_install")
class TestBilledPiecesPeriodic(BilledPiecesMixin, JewelryPurchaseCommon):
    perpetual = False
    allow_inherited_tests_method = True
