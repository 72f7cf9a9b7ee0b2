from odoo.tests import tagged

from .common import SettleCommon, prepare_settling


@tagged("post_install", "-at_install")
class TestSettlePrice(SettleCommon):
    """What a quotation granted is what the register may take; the high piece's floor is 1,500."""

    def _check_settling(self, sale, price, discount=0, uuid="mine"):
        """Return what somebody must agree to when an open order settles a sale at a price."""
        self._ask_to_settle(sale, uuid)
        question = self._prepare_question(price, uuid=uuid)
        question["lines"][0]["discount"] = discount
        question["total"] = question["lines"][0]["amount"] = price * (1 - discount / 100)
        return self._check(question)

    def test_a_price_that_somebody_else_granted_holds_below_the_floor(self):
        quotation = self._quote(self.high, price=1200)
        self.assertEqual(self._check_settling(quotation, 1200), [])
        self._assert_handed_over(self._settle(quotation), self.high)

    def test_nothing_is_taken_off_what_was_granted(self):
        quotation = self._quote(self.high, price=1200)
        self.assertIn("below its lowest", self._check_settling(quotation, 1199.99)[0])
        row = self._prepare_settling(quotation.order_line, discount=1)
        order = self._sell(row, user=self.cashier, partner_id=self.client.id)
        self._assert_kept(order)

    def test_a_discount_that_was_granted_holds(self):
        quotation = self._quote(self.high)
        quotation.order_line.discount = 40
        self.assertEqual(self._check_settling(quotation, 2000, discount=40), [])
        order = self._settle(quotation)
        self.assertEqual(order.lines.price_subtotal_incl, 1200)
        self._assert_handed_over(order, self.high)

    def test_a_cashiers_own_quotation_is_no_way_around_the_manager(self):
        quotation = self._quote(self.high)
        line = quotation.order_line
        line.with_user(self.cashier).price_unit = 1200
        self.assertIn("below its lowest", self._check_settling(quotation, 1200)[0])
        self._assert_kept(self._settle(quotation))

    def test_whose_price_it_is_stays_when_a_cashier_confirms_and_takes_a_down_payment(self):
        quotation = self._quote(self.high, price=1200)
        quotation.with_user(self.cashier).action_confirm()
        row = self._prepare_line(self.low, price_unit=200, pack_lot_ids=[])
        row |= {"product_id": self.deposit.id, "sale_order_origin_id": quotation.id}
        self._sell(row, user=self.cashier, partner_id=self.client.id)
        line = quotation.order_line.filtered("piece_id")
        self._assert_handed_over(self._settle(quotation, lines=line), self.high)

    def test_a_manager_may_grant_to_themselves(self):
        quotation = self._quote(self.high)
        self.manager.group_ids += self.cashier.group_ids
        quotation.order_line.with_user(self.manager).price_unit = 1200
        self._assert_handed_over(self._settle(quotation, user=self.manager), self.high)

    def test_a_manager_agrees_to_a_cashiers_own_quotation(self):
        quotation = self._quote(self.high)
        quotation.order_line.with_user(self.cashier).price_unit = 1200
        self._ask_to_settle(quotation, "mine")
        question = self._prepare_question(1200, uuid="mine")
        self.config.with_user(self.cashier).ask_prices(question, "An old client")
        approval = self.env["jewelry.approval"].search([("kind", "=", "price_override")])
        approval.with_user(self.other).action_approve()
        self._assert_handed_over(self._settle(quotation, uuid="mine"), self.high)

    def test_where_cashiers_change_no_prices_their_quotations_hold_down_to_the_floor(self):
        self._restrict_prices()
        quotation = self._quote(self.high)
        quotation.order_line.with_user(self.cashier).price_unit = 1500
        self.assertEqual(self._check_settling(quotation, 1500), [])
        self._assert_handed_over(self._settle(quotation), self.high)

    def test_a_price_is_granted_to_the_order_that_settles_alone(self):
        quotation = self._quote(self.high, price=1200)
        self._ask_to_settle(quotation, "mine")
        question = self._prepare_question(1200, uuid="other")
        self.assertIn("below its lowest", self._check(question)[0])

    def test_what_a_register_kept_grants_nothing_to_what_it_then_sends(self):
        quotation = self._quote(self.high, price=1200)
        self._ask_to_settle(quotation, "mine")
        order = self._sell_at(1200, uuid="mine")
        self._assert_kept(order)

    # === WHAT THE ORDER TAKES OFF AS A WHOLE === #

    def _quote_with_discount(self, amount):
        """Return a quotation of the high piece with a line that takes something off."""
        off = self.env["product.product"].create(
            {"name": "Discount", "type": "service", "taxes_id": False}
        )
        quotation = self._quote(self.high)
        quotation.order_line = [(0, 0, {"product_id": off.id, "price_unit": -amount})]
        return quotation

    def _prepare_off(self, quotation, amount):
        """Return the register's line that takes off what the quotation does."""
        line = quotation._get_discount_lines()
        row = self._prepare_line(
            self.low, pack_lot_ids=[], **prepare_settling(line, price_unit=-amount)
        )
        return row | {"product_id": line.product_id.id}

    def _settle_with(self, quotation, *rows):
        line = quotation.order_line.filtered("piece_id")
        return self._settle(quotation, *rows, lines=line)

    def test_what_an_order_takes_off_as_a_whole_is_granted(self):
        self._restrict_prices()
        quotation = self._quote_with_discount(800)
        order = self._settle_with(quotation, self._prepare_off(quotation, 800))
        self.assertEqual(order.amount_total, 1200)
        self._assert_handed_over(order, self.high)

    def test_more_than_the_order_takes_off_is_not_granted(self):
        quotation = self._quote_with_discount(800)
        self._assert_kept(self._settle_with(quotation, self._prepare_off(quotation, 801)))

    def test_what_an_order_takes_off_is_taken_off_once(self):
        self._restrict_prices()
        quotation = self._quote_with_discount(200)
        rows = [self._prepare_off(quotation, 200) for _times in range(2)]
        self._assert_kept(self._settle_with(quotation, *rows))

    def test_what_a_cashier_takes_off_as_a_whole_is_no_way_around_the_manager(self):
        quotation = self._quote_with_discount(800)
        quotation._get_discount_lines().with_user(self.cashier).price_unit = -801
        self._assert_kept(self._settle_with(quotation, self._prepare_off(quotation, 801)))

    # === LISTS AND TAXES === #

    def test_a_pricelist_of_the_order_needs_not_be_one_of_the_register(self):
        self._restrict_prices()
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Trade",
                "currency_id": self.config.currency_id.id,
                "item_ids": [(0, 0, {"compute_price": "percentage", "percent_price": 20})],
            }
        )
        quotation = self._quote(self.high, pricelist_id=pricelist.id)
        self.assertEqual(quotation.amount_total, 1600)
        order = self._settle(quotation, pricelist_id=pricelist.id)
        self._assert_handed_over(order, self.high)

    def test_prices_with_tax_are_settled_to_the_cent(self):
        tax = self.env["account.tax"].create(
            {
                "name": "19%",
                "amount": 19,
                "price_include_override": "tax_included",
                "company_id": self.company.id,
            }
        )
        self.style.taxes_id = tax
        quotation = self._quote(self.high, price=1190)
        order = self._settle(quotation)
        self._assert_handed_over(order, self.high)
        self.assertEqual((order.amount_total, quotation.amount_unpaid), (1190, 0))
        self.assertEqual(order.lines._compute_amount_line_all()["price_subtotal"], 1000)
