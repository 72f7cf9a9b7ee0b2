from datetime import timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .price_common import PriceCommon


@tagged("post_install", "-at_install")
class TestPriceFloor(PriceCommon):
    """What is paid below the lowest price is kept, and waits for a manager."""

    def test_at_its_price_and_down_to_the_floor_a_piece_is_handed_over(self):
        self.assertEqual(self._sell_at(1500).conflict_ids.ids, [])
        self.assertEqual(self.high.piece_status, "sold")

    def test_a_cent_below_the_floor_keeps_the_piece_and_the_money(self):
        order = self._sell_at(1499.99)
        self._assert_kept(order)
        self.assertNotIn("1,500", order.conflict_ids.problem)

    def test_the_other_lines_are_delivered(self):
        line = self._prepare_line(self.high, price_unit=1000)
        order = self._sell(line, self.low, user=self.cashier)
        self.assertEqual(order.conflict_ids.piece_id, self.high)
        self.assertEqual(order.picking_ids.move_ids.piece_id, self.low)

    def test_a_discount_counts(self):
        order = self._sell(self._prepare_line(self.high, discount=30), user=self.cashier)
        self._assert_kept(order)

    def test_a_discount_down_to_the_floor_is_fine(self):
        order = self._sell(self._prepare_line(self.high, discount=25), user=self.cashier)
        self.assertFalse(order.conflict_ids)

    def test_a_piece_without_a_floor_may_cost_what_the_cashier_says(self):
        self.assertFalse(self._sell_at(1, piece=self.low).conflict_ids)

    def test_a_manager_accepts_the_price_by_handing_over_the_piece(self):
        order = self._sell_at(1000)
        order.conflict_ids.with_user(self.manager).action_hand_over(self.high, "An old client")
        self.assertEqual(self.high.piece_status, "sold")
        conflict = order.conflict_ids
        self.assertEqual((conflict.state, conflict.reason), ("settled", "An old client"))
        self.assertEqual(order.picking_ids.move_ids.piece_id, self.high)

    def test_a_piece_that_is_kept_is_not_sold_to_another(self):
        self._sell_at(1000)
        order = self._sell_at(2000)
        self.assertEqual(order.conflict_ids.kind, "double")

    def test_what_another_line_takes_off_counts_in_proportion(self):
        off = self._prepare_line(self.high, price_unit=-460, pack_lot_ids=[])
        voucher = self.env["product.product"].create({"name": "Voucher", "type": "service"})
        off |= {"product_id": voucher.id}
        # 460 of 2,300 is a fifth: the piece goes for 1,600.
        order = self._sell(self.high, self.low, off, user=self.cashier)
        self.assertFalse(order.conflict_ids)

    def test_what_another_line_takes_off_goes_not_below_the_floor(self):
        voucher = self.env["product.product"].create({"name": "Voucher", "type": "service"})
        off = self._prepare_line(self.low, price_unit=-690, pack_lot_ids=[])
        off |= {"product_id": voucher.id}
        # 690 of 2,300 is 30 %: the piece goes for 1,400.
        order = self._sell(self.high, self.low, off, user=self.cashier)
        self.assertEqual(order.conflict_ids.piece_id, self.high)
        self.assertEqual(self.low.piece_status, "sold")

    def test_a_return_on_the_same_order_is_money_and_no_discount(self):
        bought = self._sell(self.low)
        back = self._prepare_line(
            self.low, -1, price_unit=300, refunded_orderline_id=bought.lines.id
        )
        order = self._sell(self._prepare_line(self.high, price_unit=1500), back, user=self.cashier)
        self.assertEqual(order.conflict_ids.ids, [])
        self.assertEqual(self.low.piece_status, "available")

    def test_taxes_on_top_are_no_part_of_the_price(self):
        tax = self.env["account.tax"].create(
            {"name": "20 %", "amount": 20, "company_id": self.company.id}
        )
        self.style.taxes_id = tax
        line = self._prepare_line(self.high, price_unit=1400)
        line |= {"price_subtotal": 1400, "price_subtotal_incl": 1680}
        self._assert_kept(self._sell(line, user=self.cashier))

    def test_included_taxes_are_part_of_the_price_as_of_the_floor(self):
        tax = self.env["account.tax"].create(
            {
                "name": "20 % included",
                "amount": 20,
                "company_id": self.company.id,
                "price_include_override": "tax_included",
            }
        )
        self.style.taxes_id = tax
        line = self._prepare_line(self.high, price_unit=1500)
        line |= {"price_subtotal": 1250, "price_subtotal_incl": 1500}
        self.assertFalse(self._sell(line, user=self.cashier).conflict_ids)


@tagged("post_install", "-at_install")
class TestPriceAuthority(PriceCommon):
    """Where core's settings say so, a cashier sells at the price of the pricelist."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._restrict_prices()

    def test_the_own_price_is_fine(self):
        self.assertFalse(self._sell_at(2000).conflict_ids)

    def test_a_lower_price_is_not_the_cashiers_to_give(self):
        order = self._sell_at(1999)
        self._assert_kept(order)
        self.assertIn("Only a manager", order.conflict_ids.problem)

    def test_a_manager_may_type_it(self):
        self.assertFalse(self._sell_at(1600, user=self.manager).conflict_ids)

    def test_a_discount_is_given_where_discounts_are_given(self):
        line = self._prepare_line(self.high, discount=10)
        self._assert_kept(self._sell(line, user=self.cashier))
        self.config.manual_discount = True
        order = self._sell(self._prepare_line(self.low, discount=10), user=self.cashier)
        self.assertFalse(order.conflict_ids)

    def test_who_may_discount_may_not_type_prices(self):
        self.config.manual_discount = True
        self._assert_kept(self._sell_at(1800))

    def test_the_pricelist_of_the_order_makes_the_price(self):
        pricelist = self._create_pricelist(compute_price="percentage", percent_price=20)
        line = self._prepare_line(self.high, price_unit=1600)
        order = self._sell(line, user=self.cashier, pricelist_id=pricelist.id)
        self.assertFalse(order.conflict_ids)

    def test_a_formula_starts_from_the_piece(self):
        pricelist = self._create_pricelist(
            compute_price="formula", price_discount=10, price_surcharge=-5, price_round=10
        )
        line = self._prepare_line(self.high, price_unit=1795)
        order = self._sell(line, user=self.cashier, pricelist_id=pricelist.id)
        self.assertFalse(order.conflict_ids)
        low = self._prepare_line(self.low, price_unit=264)
        order = self._sell(low, user=self.cashier, pricelist_id=pricelist.id)
        self.assertEqual(order.conflict_ids.kind, "price")

    def test_a_pricelist_that_the_register_does_not_have_makes_no_price(self):
        pricelist = self._create_pricelist(compute_price="percentage", percent_price=20)
        self.config.available_pricelist_ids -= pricelist
        line = self._prepare_line(self.high, price_unit=1600)
        order = self._sell(line, user=self.cashier, pricelist_id=pricelist.id)
        self._assert_kept(order)

    def test_a_pricelist_below_the_floor_needs_a_manager(self):
        pricelist = self._create_pricelist(compute_price="percentage", percent_price=50)
        line = self._prepare_line(self.high, price_unit=1000)
        self._assert_kept(self._sell(line, user=self.cashier, pricelist_id=pricelist.id))

    def test_a_pricelist_that_starts_from_the_cost_prices_by_the_own_cost(self):
        pricelist = self._create_pricelist(
            compute_price="formula", base="standard_price", price_markup=100
        )
        order = self._sell(
            self._prepare_line(self.high, price_unit=1800),
            self._prepare_line(self.low, price_unit=199),
            user=self.cashier,
            pricelist_id=pricelist.id,
        )
        self.assertEqual(order.conflict_ids.piece_id, self.low)


@tagged("post_install", "-at_install")
class TestEarlierPrice(PriceCommon):
    """A register that was cut off sold at a price that was true."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._restrict_prices()

    def _reprice(self, *prices, hours=1):
        """Let the price of the high piece have changed so many hours ago."""
        self.env.flush_all()
        with freeze_time(fields.Datetime.now() - timedelta(hours=hours)):
            for price in prices:
                self.high.with_context(change_reason="New season").list_price = price
                self.env.flush_all()

    def test_the_price_of_an_hour_ago_is_no_conflict(self):
        self._reprice(2600)
        self.assertFalse(self._sell_at(2000).conflict_ids)

    def test_a_price_between_two_others_is_true_too(self):
        self._reprice(1700, 2600)
        self.assertFalse(self._sell_at(1700).conflict_ids)

    def test_below_all_that_it_was_is_a_conflict(self):
        self._reprice(2600)
        self._assert_kept(self._sell_at(1999))

    def test_a_price_of_long_ago_is_no_longer_true(self):
        self._reprice(2600, hours=25)
        self._assert_kept(self._sell_at(2000))

    def test_the_company_says_for_how_long(self):
        self.company.register_price_hours = 48
        self._reprice(2600, hours=25)
        self.assertFalse(self._sell_at(2000).conflict_ids)

    def test_an_earlier_price_does_not_go_below_the_floor(self):
        self._reprice(2600)
        self._set_floor(self.high, 2200)
        self._assert_kept(self._sell_at(2000))

    def test_the_pricelist_acts_on_the_earlier_price(self):
        pricelist = self._create_pricelist(compute_price="percentage", percent_price=10)
        self._reprice(2600)
        line = self._prepare_line(self.high, price_unit=1800)
        order = self._sell(line, user=self.cashier, pricelist_id=pricelist.id)
        self.assertFalse(order.conflict_ids)


@tagged("post_install", "-at_install")
class TestPriceCurrency(PriceCommon):
    """A register in another currency asks the same price."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.env.ref("base.EUR")
        cls.euro.active = True
        cls.euro.rate_ids.unlink()
        cls.env["res.currency.rate"].create(
            {"currency_id": cls.euro.id, "company_id": cls.company.id, "rate": 0.5}
        )
        journal = cls.env["account.journal"].create(
            {
                "name": "Euro bank",
                "code": "EURB",
                "type": "bank",
                "company_id": cls.company.id,
                "currency_id": cls.euro.id,
            }
        )
        method = cls.env["pos.payment.method"].create(
            {"name": "Euro card", "journal_id": journal.id, "company_id": cls.company.id}
        )
        sales = cls.env["account.journal"].create(
            {
                "name": "Euro sales",
                "code": "EURS",
                "type": "general",
                "company_id": cls.company.id,
                "currency_id": cls.euro.id,
            }
        )
        pricelist = cls.env["product.pricelist"].create(
            {"name": "Euro", "currency_id": cls.euro.id, "company_id": cls.company.id}
        )
        cls.euros = cls._create_register(
            "Euro register",
            journal_id=sales.id,
            payment_method_ids=[Command.set(method.ids)],
            pricelist_id=pricelist.id,
            available_pricelist_ids=[Command.set(pricelist.ids)],
        )
        cls.method = method

    def _sell_in_euros(self, price):
        session = self._open_session(self.euros)
        line = self._prepare_line(self.high, price_unit=price)
        return self._sell(line, session=session, method=self.method, user=self.cashier)

    def test_the_floor_is_converted(self):
        self.assertFalse(self._sell_in_euros(750).conflict_ids)

    def test_below_the_converted_floor_is_below(self):
        self._assert_kept(self._sell_in_euros(749))

    def test_the_price_is_converted(self):
        self.euros.write({"restrict_price_control": True, "manual_discount": False})
        self._assert_kept(self._sell_in_euros(999))


@tagged("post_install", "-at_install")
class TestPriceAgreement(PriceCommon):
    """Before the money is taken, a manager agrees; the register learns yes or no, and no more."""

    def test_the_register_hears_which_piece_is_too_low_and_not_by_how_much(self):
        question = self._prepare_question(1000)
        answer = self.config.with_user(self.cashier).check_prices(question)
        (problem,) = answer["problems"]
        self.assertEqual(problem["piece_id"], self.high.id)
        self.assertFalse(answer["can_agree"])
        self.assertNotIn("1500", str(answer))
        self.assertNotIn("1,500", str(answer))

    def test_a_price_that_is_fine_has_no_problem(self):
        self.assertEqual(self._check(self._prepare_question(1500)), [])

    def test_the_managers_word_lets_the_order_through(self):
        question = self._prepare_question(1000)
        self.config.with_user(self.manager).agree_prices(question, "An old client")
        self.assertEqual(self._check(question), [])
        line = self._prepare_line(self.high, price_unit=1000)
        order = self._sell(line, uuid=question["uuid"], user=self.cashier)
        self.assertFalse(order.conflict_ids)
        agreement = self.env["jewelry.price.agreement"].search([("order_uuid", "=", order.uuid)])
        self.assertEqual(agreement.manager_id, self.manager)
        self.assertEqual((agreement.price, agreement.reason), (1000, "An old client"))

    def test_the_word_holds_for_no_lower_price_and_no_other_order(self):
        question = self._prepare_question(1000)
        self.config.with_user(self.manager).agree_prices(question, "An old client")
        self.assertTrue(self._check(self._prepare_question(999, uuid=question["uuid"])))
        self.assertTrue(self._check(self._prepare_question(1000)))
        self.assertFalse(self._check(self._prepare_question(1200, uuid=question["uuid"])))

    def test_the_word_holds_for_no_other_piece(self):
        self._set_floor(self.low, 250)
        question = self._prepare_question(1000)
        self.config.with_user(self.manager).agree_prices(question, "An old client")
        other = self._prepare_question(200, piece=self.low, uuid=question["uuid"])
        self.assertTrue(self._check(other))

    def test_a_cashier_does_not_agree(self):
        with self._refused("Only managers agree"):
            self.config.with_user(self.cashier).agree_prices(self._prepare_question(1000), "Yes")

    def test_an_agreement_has_a_reason(self):
        with self._refused("Enter why", UserError):
            self.config.with_user(self.manager).agree_prices(self._prepare_question(1000), "  ")

    def test_nobody_writes_an_agreement_by_hand(self):
        question = self._prepare_question(1000)
        self.config.with_user(self.manager).agree_prices(question, "An old client")
        agreement = self.env["jewelry.price.agreement"].search([], limit=1)
        values = {
            "order_uuid": "mine",
            "piece_id": self.high.id,
            "config_id": self.config.id,
            "currency_id": self.config.currency_id.id,
            "price": 1,
            "reason": "Mine",
            "agreed_by": "register",
            "manager_id": self.manager.id,
            "asked_by_id": self.cashier.id,
        }
        for user in (self.cashier, self.manager):
            records = self.env["jewelry.price.agreement"].with_user(user)
            with self.subTest(user=user.login):
                self._assert_refused(lambda records=records: records.create(values))
                mine = agreement.with_user(user)
                self._assert_refused(lambda mine=mine: mine.write({"price": 1}))
                self._assert_refused(lambda mine=mine: mine.unlink())
        self._assert_refused(lambda: agreement.sudo().write({"price": 1}))

    def _assert_refused(self, act):
        with self._refused(""):
            act()
            self.env.flush_all()

    def test_a_cashier_reads_no_agreements(self):
        self.assertFalse(
            self.env["jewelry.price.agreement"].with_user(self.cashier).has_access("read")
        )

    def test_a_manager_elsewhere_is_asked_and_the_register_goes_on(self):
        question = self._prepare_question(1000)
        register = self.config.with_user(self.cashier)
        register.ask_prices(question, "Second ring this year")
        self.assertTrue(register.check_prices(question)["is_asked"])
        self.assertTrue(self._check(question))
        approval = self.env["jewelry.approval"].search([("kind", "=", "price_override")])
        self.assertIn("1,000", approval.subject_ids.change)
        # Whoever decides elsewhere has no right to a register, nor one to have read before.
        self.env.flush_all()
        self.env.invalidate_all()
        approval.with_user(self.other).action_approve()
        self.assertEqual(approval.state, "used")
        self.assertEqual(self._check(question), [])
        line = self._prepare_line(self.high, price_unit=1000)
        order = self._sell(line, uuid=question["uuid"], user=self.cashier)
        self.assertFalse(order.conflict_ids)

    def test_a_refusal_lets_nothing_through(self):
        question = self._prepare_question(1000)
        self.config.with_user(self.cashier).ask_prices(question, "Second ring this year")
        approval = self.env["jewelry.approval"].search([("kind", "=", "price_override")])
        approval.with_user(self.other).action_refuse("Too low")
        self.assertTrue(self._check(question))

    def test_a_second_question_takes_back_the_first(self):
        question = self._prepare_question(1000)
        register = self.config.with_user(self.cashier)
        register.ask_prices(question, "Second ring this year")
        lower = self._prepare_question(900, uuid=question["uuid"])
        register.ask_prices(lower, "He says 900")
        approvals = self.env["jewelry.approval"].search([("kind", "=", "price_override")])
        self.assertEqual(approvals.mapped("state"), ["asked", "expired"])

    def test_an_order_that_changed_since_is_asked_about_anew(self):
        question = self._prepare_question(1000)
        self.config.with_user(self.manager).agree_prices(question, "An old client")
        line = self._prepare_line(self.high, price_unit=800)
        order = self._sell(line, uuid=question["uuid"], user=self.cashier)
        self._assert_kept(order)

    def test_an_auditor_and_a_manager_read_what_was_agreed(self):
        model = self.env["jewelry.price.agreement"]
        self.assertTrue(model.with_user(self.manager).has_access("read"))
        self.assertFalse(model.with_user(self.manager).has_access("create"))


@tagged("post_install", "-at_install")
class TestParcelPrice(PriceCommon):
    """A parcel is sold by the carat, and so is its lowest price."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        style = cls.env["product.template"].create(
            {
                "name": "Melee",
                "jewelry_kind": "parcel",
                "available_in_pos": True,
                "taxes_id": False,
                "list_price": 400,
                "company_id": cls.company.id,
            }
        )
        cls.parcel = cls.env["stock.lot"].create(
            {
                "name": "PC-1",
                "product_id": style.product_variant_id.id,
                "company_id": cls.company.id,
            }
        )
        cls.parcel.sudo().price_floor = 250

    def _get_texts(self, price, carats, **values):
        """Return why a line of so many carats at this price each is not fine."""
        line = self._prepare_line(self.parcel, carats, price_unit=price, **values)
        order = self.env["pos.order"].create(
            self._prepare_order(line, session=self._open_session(), state="draft")
        )
        return list(order.with_user(self.cashier).lines._get_price_obstacles().values())

    def test_the_floor_is_that_of_a_carat(self):
        self.assertEqual(self._get_texts(250, 3.5), [])
        self.assertEqual(len(self._get_texts(249.99, 3.5)), 1)

    def test_the_price_is_that_of_a_carat(self):
        self._restrict_prices()
        self.assertEqual(self._get_texts(400, 0.25), [])
        self.assertEqual(len(self._get_texts(399, 0.25)), 1)

    def test_a_rule_from_a_quantity_on_counts_the_carats_of_the_order(self):
        self._restrict_prices()
        pricelist = self._create_pricelist(
            compute_price="percentage", percent_price=25, min_quantity=3
        )
        self.config.pricelist_id = pricelist
        self.assertEqual(self._get_texts(300, 3), [])
        self.assertEqual(len(self._get_texts(300, 2.9)), 1)
