from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import SettleCommon


@tagged("post_install", "-at_install")
class TestSettleMalicious(SettleCommon):
    """Whatever a browser says that it settles: no price of others, no piece of others, and what is
    paid is kept.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stranger = cls._create_partner(name="Stranger")
        cls.sale = cls._order(cls.high, price=1200)

    def _assert_promised(self):
        """Expect the order to be as it was."""
        self.assertEqual(self.sale.order_line.move_ids.state, "assigned")
        self.assertEqual(self.sale.order_line.move_ids.move_line_ids.lot_id, self.high)
        self.assertEqual(
            (self.sale.order_line.qty_delivered, self.high.piece_status), (0, "reserved")
        )

    def test_the_order_of_another_customer_gives_neither_piece_nor_price(self):
        for partner in (self.stranger, self.stranger.browse()):
            with self.subTest(partner=partner.name):
                order = self._settle(self.sale, partner_id=partner.id)
                self._assert_conflict(order, "double", self.sale.name)
                self.assertFalse(order.lines.sale_order_line_id)
                self.assertFalse(order.lines.sale_order_origin_id)
                self._assert_promised()

    def test_the_quotation_of_another_customer_gives_no_price(self):
        quotation = self._quote(self._floored(), price=500)
        order = self._settle(quotation, partner_id=self.stranger.id)
        self._assert_kept(order)
        self.assertEqual((quotation.state, quotation.order_line.qty_delivered), ("draft", 0))

    def _floored(self):
        piece = self._stock_piece(cost=500, list_price=900)
        self._set_floor(piece, 800)
        return piece

    def test_another_piece_has_not_the_price_of_the_order(self):
        piece = self._floored()
        row = self._prepare_settling(self.sale.order_line, piece=piece, price_unit=500)
        self._assert_kept(self._sell(row, user=self.cashier, partner_id=self.client.id))
        self._assert_promised()

    def test_another_piece_at_its_own_price_settles_nothing(self):
        row = self._prepare_settling(self.sale.order_line, piece=self.low, price_unit=300)
        order = self._sell(row, user=self.cashier, partner_id=self.client.id)
        self._assert_handed_over(order, self.low)
        self.assertFalse(order.lines.sale_order_line_id)
        self._assert_promised()

    def test_what_is_shipped_later_cancels_no_delivery_of_others(self):
        order = self._settle(self.sale, partner_id=self.stranger.id, shipping_date="2030-01-01")
        self._assert_conflict(order, "double", self.sale.name)
        self._assert_promised()

    def test_an_order_that_the_line_is_not_of_gives_nothing(self):
        quotation = self._quote(self.low)
        row = self._prepare_settling(self.sale.order_line, sale_order_origin_id=quotation.id)
        order = self._sell(row, user=self.cashier, partner_id=self.client.id)
        # The line says which order it is of; what else is named says nothing.
        self._assert_handed_over(order, self.high)
        self.assertEqual(quotation.state, "draft")

    def test_an_order_that_the_cashier_may_not_see_is_named_in_vain(self):
        own = self.env.ref("sales_team.group_sale_salesman_all_leads")
        self.cashier.group_ids -= own
        self.cashier.group_ids += self.env.ref("sales_team.group_sale_salesman")
        self.sale.user_id = self.manager
        order = self._settle(self.sale)
        self._assert_conflict(order, "double", self.sale.name)
        self._assert_promised()
        with self._refused(""):
            self._ask_to_settle(self.sale)
        with self._refused(""):
            self.config.with_user(self.cashier).get_settling_problem(self.sale.ids)

    def test_who_sells_at_no_register_keeps_no_piece(self):
        clerk = self._create_user("associate", "sales_team.group_sale_salesman_all_leads")
        with self._refused("", AccessError):
            self._ask_to_settle(self.sale, user=clerk)

    def test_orders_that_are_none_are_named_in_vain(self):
        for name in ("sale_order_line_id", "sale_order_origin_id"):
            with self.subTest(name=name):
                piece = self._stock_piece(cost=10, list_price=50)
                order = self._sell(self._prepare_line(piece, **{name: 2**30}), user=self.cashier)
                self._assert_handed_over(order, piece)

    def test_an_order_of_another_company_is_settled_there(self):
        company = self.env["res.company"].create({"name": "Other store"})
        sale = (
            self.env["sale.order"]
            .with_company(company)
            .create({"partner_id": self.client.id, "company_id": company.id})
        )
        problem = self.config.get_settling_problem(sale.ids)
        self.assertIn("other books", problem)

    def test_a_register_is_told_who_pays(self):
        config = self.config.with_user(self.cashier)
        self.assertEqual(config.get_settling_problem(self.sale.ids, self.client.id), "")
        child = self._create_partner(name="Child", parent_id=self.client.id)
        self.assertEqual(config.get_settling_problem(self.sale.ids, child.id), "")
        for partner_id in (self.stranger.id, False):
            with self.subTest(partner_id=partner_id):
                problem = config.get_settling_problem(self.sale.ids, partner_id)
                self.assertIn("is of Client", problem)

    def test_a_claim_says_by_the_program_alone_what_it_settles(self):
        self._ask_to_settle(self.sale, "mine")
        claim = self.env["jewelry.pos.claim"].search([("order_uuid", "=", "mine")])
        self.assertEqual(claim.sale_line_id, self.sale.order_line)
        for user in (self.cashier, self.manager):
            with self.subTest(user=user.login), self._refused("", AccessError):
                claim.with_user(user).sale_line_id = False

    def test_a_line_that_brings_a_piece_settles_nothing(self):
        row = self._prepare_settling(self.sale.order_line, qty=-1)
        row |= {"price_subtotal": -1200, "price_subtotal_incl": -1200}
        order = self._sell(row, user=self.manager, partner_id=self.client.id)
        self.assertFalse(order.lines.sale_order_line_id)
        self._assert_promised()

    def test_a_context_that_says_to_settle_confirms_nothing_wrongly(self):
        quotation = self._quote(self.low, self.high)
        quotation = quotation.with_context(settling_at_register=True).with_user(self.cashier)
        self.assertFalse(quotation.action_confirm())
        self.assertEqual(quotation.state, "draft")
        self._assert_promised()

    def test_a_context_that_names_order_lines_frees_no_piece_for_others(self):
        order = self._prepare_order(self._prepare_line(self.high), partner_id=self.stranger.id)
        model = self.env["pos.order"].with_user(self.cashier)
        model.with_context(settled_sale_line_ids=self.sale.order_line.ids).sync_from_ui([order])
        paid = model.search([("uuid", "=", order["uuid"])])
        self._assert_conflict(paid, "double", self.sale.name)
        self._assert_promised()

    def test_a_context_that_says_to_ask_grants_no_price(self):
        self._ask_to_settle(quotation := self._quote(self._floored(), price=500), "mine")
        row = self._prepare_line(quotation.order_line.piece_id, price_unit=500)
        order = self._prepare_order(row, uuid="mine", partner_id=self.stranger.id)
        model = self.env["pos.order"].with_user(self.cashier)
        model.with_context(asking_register_prices=True).sync_from_ui([order])
        self._assert_kept(model.search([("uuid", "=", "mine")]))

    def test_nobody_says_of_themselves_whose_price_it_is(self):
        quotation = self._quote(self._floored())
        line = quotation.order_line
        line.with_user(self.cashier).write({"price_unit": 500, "price_by_id": self.manager.id})
        self.assertEqual(line.price_by_id, self.cashier)
        line.with_user(self.cashier).price_by_id = self.manager
        self.assertEqual(line.price_by_id, self.cashier)
        values = {"order_id": quotation.id, "piece_id": self.low.id, "price_by_id": self.manager.id}
        added = self.env["sale.order.line"].with_user(self.cashier).create(values)
        self.assertEqual(added.price_by_id, self.cashier)
        self._assert_kept(self._settle(quotation, lines=line))
