import json

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import RegisterLayawayCommon

UNREADABLE = "cannot be read"


@tagged("post_install", "-at_install")
class TestMaliciousRegister(RegisterLayawayCommon):
    """Whatever a browser sends: nothing is cheaper than allowed, nothing is of somebody else, and
    what is refused leaves nothing.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})

    # === ITS OWN PRICE === #

    def test_a_price_of_nothing_is_refused(self):
        self._assert_refused("A manager must agree", self._cart_line(self.high, price_unit=0))
        self._assert_refused("A manager must agree", self._cart_line(self.high, discount=100))

    def test_a_price_of_its_own_is_refused_where_cashiers_change_none(self):
        self.config.write({"restrict_price_control": True, "manual_discount": False})
        self._assert_refused("Only a manager", self._cart_line(self.high, price_unit=1999))
        self._assert_refused("Only a manager", self._cart_line(self.high, discount=1))

    def test_a_style_costs_what_the_pricelist_says_where_cashiers_change_no_price(self):
        style = self._create_style(name="Ordered", list_price=1500, taxes_id=False)
        style.available_in_pos = True
        self._assert_refused("below its price", self._style_line(style, 0))
        self.config.write({"restrict_price_control": True, "manual_discount": False})
        self._assert_refused("below its price", self._style_line(style, 1499))
        self._assert_refused("below its price", self._style_line(style, 1500, discount=1))
        self.assertEqual(
            self._start(self._style_line(style, 1499), user=self.manager).state, "draft"
        )

    def test_a_sample_that_is_dear_does_not_make_another_piece_cheap(self):
        self.low.sudo().price_floor = 250
        cheap = self._cart_line(self.low, price_unit=100)
        self._assert_refused("A manager must agree", cheap, self._cart_line(self.high))

    def test_amounts_that_are_none_are_refused(self):
        for values in (
            {"price_unit": -2000},
            {"price_unit": "2000"},
            {"price_unit": float("nan")},
            {"quantity": -1},
            {"discount": -50},
        ):
            self._assert_refused(UNREADABLE, self._cart_line(self.high, **values))

    # === A FIRST PAYMENT THAT IS NONE === #

    def test_a_negative_first_payment_is_refused(self):
        self._assert_refused("at least", self.high, amount_first=-400)

    def test_a_first_payment_below_the_terms_is_refused(self):
        self._assert_refused("at least", self.high, amount_first=0.01)

    def test_a_first_payment_above_the_total_is_refused(self):
        self._assert_refused("at most", self.high, amount_first=2001)

    def test_a_first_payment_that_is_no_number_is_refused(self):
        for amount in ("400", float("inf"), [400], True):
            self._assert_refused(UNREADABLE, self.high, amount_first=amount)

    # === WHAT IS OF SOMEBODY ELSE === #

    def test_a_term_of_another_company_is_refused(self):
        term = self._create_term(company_id=self.elsewhere.id)
        self._assert_refused("cannot be chosen", self.high, term_id=term.id)

    def test_a_term_of_another_kind_or_an_archived_one_is_refused(self):
        self._assert_refused("cannot be chosen", self.high, term_id=self.special.id, kind="layaway")
        old = self._create_term(name="Old", active=False)
        self._assert_refused("cannot be chosen", self.high, term_id=old.id)

    def test_a_kind_that_is_none_is_refused(self):
        self._assert_refused(UNREADABLE, self.high, kind="gift")

    def test_a_piece_of_another_company_is_refused(self):
        style = self._create_style(name="Foreign", available_in_pos=True)
        piece = self.env["stock.lot"].create(
            {"product_id": style.id, "company_id": self.elsewhere.id, "list_price": 10}
        )
        self._assert_refused("not sold at this register", piece)

    def test_a_piece_that_is_not_for_sale_at_registers_is_refused(self):
        self.style.product_tmpl_id.available_in_pos = False
        self._assert_refused("not sold at this register", self.high)

    def test_goods_that_are_not_for_sale_at_registers_are_refused(self):
        hidden = self.env["product.product"].create({"name": "Hidden", "type": "consu"})
        self._assert_refused("not sold at this register", self._style_line(hidden, 10))

    def test_a_piece_that_does_not_exist_is_refused(self):
        line = self._cart_line(self.high, piece_id=2**31 - 1)
        self._assert_refused("not sold at this register", line)

    def test_a_piece_is_of_its_own_style_whatever_is_sent(self):
        other = self._create_style(name="Other", list_price=1, available_in_pos=True)
        layaway = self._start(self._cart_line(self.high, product_id=other.id))
        self.assertEqual(layaway.order_id.order_line.product_id, self.high.product_id)

    def test_one_piece_twice_is_refused(self):
        self._assert_refused("twice", self.high, self.high)

    def test_a_piece_that_somebody_has_is_refused_and_named(self):
        self._sell_in_back_office()
        self._assert_refused(f"{self.high.name}: Sold on", self.high)

    def _sell_in_back_office(self):
        order = self._quote(self.high)
        order.action_confirm()

    def test_a_piece_in_the_open_order_of_another_register_is_refused(self):
        other = self.other
        self.env["jewelry.pos.claim"]._claim(self.high, other, "somebody-else")
        self._assert_refused("Register 2", self.high)

    def test_a_piece_of_another_shop_is_refused_until_it_is_here(self):
        shop = self.env["stock.warehouse"].create(
            {"name": "Shop 2", "code": "S2", "company_id": self.company.id}
        )
        far = self._stock_piece(list_price=800, place=shop.lot_stock_id)
        self._assert_refused("At Shop 2", far)

    def test_a_customer_of_another_company_is_refused(self):
        stranger = self._create_partner(name="Stranger", company_id=self.elsewhere.id)
        with self.assertRaises(AccessError):
            self._start(self.high, partner_id=stranger.id)
        both = self.cashier.company_ids | self.elsewhere
        self.cashier.write({"company_ids": [Command.set(both.ids)]})
        register = self.register.with_context(allowed_company_ids=both.ids)
        with self._refused("of another company"):
            register.start_layaway(self._cart(self.high, partner_id=stranger.id))

    def test_nobody_is_no_customer(self):
        self._assert_refused("Choose the customer", self.high, partner_id=False)

    def test_a_pricelist_or_position_that_the_register_does_not_have_is_not_taken(self):
        foreign = self.env["product.pricelist"].create({"name": "Not here"})
        position = self.env["account.fiscal.position"].create(
            {"name": "Not here", "company_id": self.company.id}
        )
        layaway = self._start(self.high, pricelist_id=foreign.id, fiscal_position_id=position.id)
        order = layaway.order_id
        self.assertEqual(order.pricelist_id, self.config.pricelist_id)
        self.assertNotEqual(order.fiscal_position_id, position)

    def test_a_layaway_of_another_company_is_neither_signed_nor_refused(self):
        layaway = self._start(self.high)
        layaway.sudo().order_id.company_id = self.company
        stranger = self._create_register_elsewhere()
        for act in (
            lambda: stranger.sign_layaway(layaway.id, "Thief", self.pen_text),
            lambda: stranger.refuse_layaway(layaway.id),
        ):
            with self._refused("no such layaway"):
                act()
        stranger.give_up_layaway(layaway.cart_uuid)
        self.assertEqual(layaway.state, "draft")

    def _create_register_elsewhere(self):
        """Return a register of the other company, as one of its cashiers."""
        self.env["account.chart.template"].try_loading("be_comp", self.elsewhere)
        config = (
            self.env["pos.config"]
            .with_company(self.elsewhere)
            .create({"name": "Far", "company_id": self.elsewhere.id})
        )
        user = self._create_user(
            "associate",
            "point_of_sale.group_pos_user",
            login="far_cashier",
            company_id=self.elsewhere.id,
            company_ids=[Command.set(self.elsewhere.ids)],
        )
        return config.with_user(user)

    def test_the_register_of_another_company_is_not_used(self):
        stranger = self._create_register_elsewhere()
        register = self.config.with_user(stranger.env.user)
        for call in (
            lambda: register.propose_layaway(self._cart(self.high)),
            lambda: register.start_layaway(self._cart(self.high)),
            lambda: register.refuse_layaway(1),
        ):
            with self.assertRaises(AccessError):
                call()

    def test_whoever_sells_at_no_register_begins_nothing(self):
        user = self._create_user("associate", login="no_cashier")
        with self.assertRaises(AccessError):
            self.config.with_user(user).start_layaway(self._cart(self.high))

    def test_what_is_no_cart_is_refused(self):
        for cart in (None, [], "cart", {}, {"uuid": 7}, {"uuid": ""}):
            with self._refused(UNREADABLE):
                self.register.start_layaway(cart)

    # === WHAT IS TOLD === #

    def test_no_cost_is_told(self):
        piece = self._stock_piece(cost=913.37, list_price=2500)
        proposal = self.register.propose_layaway(self._cart(piece))
        begun = self.register.start_layaway(self._cart(piece))
        self.assertNotIn("913", json.dumps([proposal, begun]))

    def test_where_it_was_begun_is_not_written_by_hand(self):
        layaway = self._start(self.high).with_user(self.manager)
        for values in ({"cart_uuid": "mine"}, {"config_id": False}):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                layaway.write(values)
