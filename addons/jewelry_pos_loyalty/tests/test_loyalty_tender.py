from uuid import uuid4

from odoo import Command
from odoo.tests import tagged

from odoo.addons.jewelry_pos.tests.counter_common import BooksMixin

from .common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestLoyaltyTender(BooksMixin, LoyaltyCommon):
    """A gift card, points and a coupon on one order of two pieces, paid by two tenders, with taxes
    of each kind; and all of it paid back.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._keep_books()
        cls.cards_account, cls.tax_account = cls.env["account.account"].create(
            [
                {"name": name, "code": code, "account_type": "liability_current"}
                for name, code in (("Gift cards", "GIFT1"), ("Tax", "GIFT2"))
            ]
        )
        cls.wallet = cls._create_program("ewallet", discount=1, discount_mode="per_point")
        cls.points = cls._create_program("loyalty", discount=1, discount_mode="per_point")
        cls.coupon = cls._create_program("coupons", discount=10, discount_mode="percent")
        for program in (cls.gift, cls.wallet):
            product = program.reward_ids.discount_line_product_id
            product.property_account_income_id = cls.cards_account
        for program in (cls.points, cls.coupon):
            product = program.reward_ids.discount_line_product_id
            product.property_account_income_id = cls.income
        cards = cls.env["loyalty.card"].create(
            [
                {"program_id": program.id, "points": points, "partner_id": cls.client.id}
                for program, points in ((cls.points, 60), (cls.coupon, 1), (cls.wallet, 700))
            ]
        )
        cls.points_card, cls.coupon_card, cls.wallet_card = cards

    # === FACTORIES === #

    def _create_tax(self, amount, is_included):
        tax = self.env["account.tax"].create(
            {
                "name": str(uuid4()),
                "amount": amount,
                "price_include_override": "tax_included" if is_included else "tax_excluded",
                "company_id": self.company.id,
            }
        )
        lines = tax.invoice_repartition_line_ids + tax.refund_repartition_line_ids
        lines.filtered(lambda line: line.repartition_type == "tax").account_id = self.tax_account
        return tax

    def _tax(self, row, tax):
        """Return the line with a tax, and what it comes to."""
        price = row["price_unit"] * (1 - row["discount"] / 100) * row["qty"]
        amounts = tax.compute_all(price, self.company.currency_id)
        return row | {
            "tax_ids": [Command.set(tax.ids)],
            "price_subtotal": amounts["total_excluded"],
            "price_subtotal_incl": amounts["total_included"],
        }

    def _prepare_rows(self, tax, card=None, spent=500):
        """Return two pieces, a coupon of 10 %, 60 points, and what a card pays."""
        card = card or self.card
        taxed = [
            self._prepare_line(self.high),
            self._prepare_line(self.low),
            self._prepare_reward(self.coupon, 230, self.coupon_card, points_cost=1),
            self._prepare_reward(self.points, 60, self.points_card),
        ]
        rows = [self._tax(row, tax) for row in taxed]
        return [*rows, self._prepare_reward(card.program_id, spent, card)]

    def _pay(self, rows, cash=100, **values):
        """Return the order of the client, of which some is paid in cash and the rest by card."""
        order = self._prepare_order(*rows, partner_id=self.client.id, **values)
        total = round(order["amount_total"], 2)
        order |= {"amount_total": total, "amount_paid": total}
        ((_create, _id, payment),) = order["payment_ids"]
        parts = ((self.cash, cash), (self.bank, total - cash))
        order["payment_ids"] = [
            Command.create(
                payment | {"uuid": str(uuid4()), "payment_method_id": method.id, "amount": amount}
            )
            for method, amount in parts
        ]
        return self._sync(order, user=self.cashier)

    def _refund(self, order, **values):
        """Return the order that pays all of another back."""
        rows = []
        for line in order.lines:
            rows.append(
                {
                    "uuid": str(uuid4()),
                    "product_id": line.product_id.id,
                    "qty": -line.qty,
                    "price_unit": line.price_unit,
                    "discount": line.discount,
                    "price_subtotal": -line.price_subtotal,
                    "price_subtotal_incl": -line.price_subtotal_incl,
                    "tax_ids": [Command.set(line.tax_ids.ids)],
                    "pack_lot_ids": [
                        Command.create({"lot_name": lot.lot_name}) for lot in line.pack_lot_ids
                    ],
                    "refunded_orderline_id": line.id,
                }
            )
        return self._pay(rows, cash=-100, is_refund=True, **values)

    # === READERS === #

    def _assert_books(self, *amounts):
        """Expect income, gift cards and expense to hold this, and nobody to be owed a piece."""
        deposits, income, expense = self._get_books()
        cards = self._ledger(self.cards_account)
        self.assertEqual([round(value, 2) for value in (income, cards, expense)], list(amounts))
        self.assertEqual(deposits, 0)

    def _assert_paid(self, order, total):
        self.assertEqual((order.state, order.conflict_ids.mapped("problem")), ("paid", []))
        self.assertAlmostEqual(order.amount_total, total, 2)
        self.assertEqual(len(order.payment_ids), 2)
        self.assertEqual({self.high.piece_status, self.low.piece_status}, {"sold"})

    # === TESTS === #

    def test_without_tax(self):
        order = self._pay(self._prepare_rows(self.env["account.tax"]))
        self._assert_paid(order, 2300 - 230 - 60 - 500)
        self._close()
        self._assert_books(-2010, 500, 1000)

    def test_with_tax_on_top(self):
        tax = self._create_tax(20, is_included=False)
        order = self._pay(self._prepare_rows(tax))
        self._assert_paid(order, (2300 - 230 - 60) * 1.2 - 500)
        self._close()
        self._assert_books(-2010, 500, 1000)
        self.assertAlmostEqual(self._ledger(self.tax_account), -402)

    def test_with_tax_included(self):
        tax = self._create_tax(20, is_included=True)
        order = self._pay(self._prepare_rows(tax))
        self._assert_paid(order, 2300 - 230 - 60 - 500)
        self._close()
        self._assert_books(-1675, 500, 1000)
        self.assertAlmostEqual(self._ledger(self.tax_account), -335)

    def test_with_a_fiscal_position(self):
        home, abroad = self._create_tax(20, False), self._create_tax(5, False)
        position = self.env["account.fiscal.position"].create({"name": "Abroad"})
        abroad.write({"fiscal_position_ids": position.ids, "original_tax_ids": home.ids})
        self.style.taxes_id = home
        self.config.write({"tax_regime_selection": True, "fiscal_position_ids": position.ids})
        self.assertEqual(position.map_tax(home), abroad)
        order = self._pay(self._prepare_rows(abroad), fiscal_position_id=position.id)
        self._assert_paid(order, (2300 - 230 - 60) * 1.05 - 500)
        self._close()
        self.assertAlmostEqual(self._ledger(self.tax_account), -100.5)

    def test_an_invoice_of_all_that(self):
        tax = self._create_tax(20, is_included=False)
        order = self._pay(self._prepare_rows(tax), to_invoice=True)
        invoice = order.account_move
        self.assertAlmostEqual(invoice.amount_total, (2300 - 230 - 60) * 1.2 - 500, 2)
        self.assertEqual(invoice.invoice_line_ids.piece_ids, self.low | self.high)
        self._close()
        self._assert_books(-2010, 500, 1000)

    def test_all_of_it_is_paid_back_with_tax_on_top(self):
        self._assert_paid_back(is_included=False)

    def test_all_of_it_is_paid_back_with_tax_included(self):
        self._assert_paid_back(is_included=True)

    def _assert_paid_back(self, is_included):
        order = self._pay(self._prepare_rows(self._create_tax(20, is_included)))
        back = self._refund(order)
        self.assertEqual(back.conflict_ids.mapped("problem"), [])
        self.assertAlmostEqual(back.amount_total, -order.amount_total, 2)
        self.assertEqual({self.high.piece_status, self.low.piece_status}, {"available"})
        self._close()
        self._assert_books(0, 0, 0)
        self.assertAlmostEqual(self._ledger(self.tax_account), 0)

    def test_an_ewallet_pays_in_place_of_the_card(self):
        order = self._pay(self._prepare_rows(self.env["account.tax"], self.wallet_card, 700))
        self._assert_paid(order, 2300 - 230 - 60 - 700)
        self._close()
        self._assert_books(-2010, 700, 1000)

    def test_what_is_on_the_cards_is_spent_once(self):
        rows = self._prepare_rows(self.env["account.tax"])
        order = self._pay(rows)
        spent = {
            self.card: 500,
            self.points_card: 60,
            self.coupon_card: 1,
        }
        changes = {
            str(card.id): {
                "points": -points,
                "program_id": card.program_id.id,
                "coupon_id": card.id,
                "code": card.code,
                "barcode": card.code,
                "partner_id": card.partner_id.id,
            }
            for card, points in spent.items()
        }
        model = order.with_user(self.cashier)
        before = {card: card.points for card in spent}
        self.assertTrue(
            model.validate_coupon_programs({k: v["points"] for k, v in changes.items()}, [])[
                "successful"
            ]
        )
        model.confirm_coupon_programs(changes)
        self.assertEqual({card: before[card] - card.points for card in spent}, spent)
        again = self._sell_with(
            self._prepare_reward(self.gift, 1900, self.card),
            piece=self._stock_piece(cost=1, list_price=1900),
        )
        # Of 1,900, 1,400 are left: what the card has not is taken off the piece.
        self.assertEqual(again.conflict_ids.mapped("kind"), ["price"])

    def test_what_all_take_off_together_is_not_below_the_floor(self):
        self._set_floor(self.high, 1800)
        order = self._pay(self._prepare_rows(self.env["account.tax"]))
        # A coupon and points take an eighth off: 1,747.83 of 2,000.
        self.assertEqual(order.conflict_ids.piece_id, self.high)
        self.assertEqual(self.low.piece_status, "sold")
