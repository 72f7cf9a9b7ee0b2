from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from .common import RegisterLayawayCommon


@tagged("post_install", "-at_install")
class TestPropose(RegisterLayawayCommon):
    """What a customer is shown before anything is agreed."""

    def _propose(self, *lines, **values):
        return self.register.propose_layaway(self._cart(*lines, **values))

    def test_the_schedule_is_that_of_the_back_office(self):
        proposal = self._propose(self.high)
        wizard = self.env["jewelry.layaway.create"].create(
            {"order_id": self._quote(self.high).id, "kind": "layaway", "term_id": self.term.id}
        )
        amounts = [row["amount"] for row in proposal["schedule"]]
        self.assertEqual(amounts, [amount for _day, amount in wizard._get_rows()])
        self.assertEqual(proposal["schedule"][0]["date"], wizard.schedule_text.split(":")[0])
        self.assertEqual((proposal["total"], proposal["minimum"]), (2000, 400))

    def test_nothing_is_made_for_a_proposal(self):
        before = self._count()
        self._propose(self.high)
        self.assertEqual(self._count(), before)
        self.assertEqual(self.high.piece_status, "available")

    def test_a_higher_first_payment_lowers_what_follows(self):
        schedule = self._propose(self.high, amount_first=1000)["schedule"]
        self.assertEqual([row["amount"] for row in schedule], [1000] + [200] * 5)

    def test_a_first_payment_that_is_too_low_or_too_high_is_told(self):
        low = self._propose(self.high, amount_first=399.99)
        self.assertIn("400.00 at least", low["problem"].replace("\xa0", " "))
        self.assertFalse(low["schedule"])
        high = self._propose(self.high, amount_first=2000.01)
        self.assertIn("at most", high["problem"])

    def test_the_terms_of_the_kind_are_offered(self):
        layaway = self._propose(self.high)
        self.assertEqual([term["id"] for term in layaway["terms"]], self.term.ids)
        special = self._propose(self._cart_line(self.high, is_made=True))
        self.assertEqual((special["kind"], special["term_id"]), ("special_order", self.special.id))
        self.assertEqual(special["minimum"], 1000)

    def test_what_holds_if_it_is_not_paid_is_told_in_words(self):
        conditions = "\n".join(self._propose(self.high)["conditions"]).replace("\xa0", " ")
        for text in ("within 7 days", "50.00", "14 days later", "Credit"):
            self.assertIn(text, conditions)

    def test_a_store_without_terms_is_told_where_to_enter_them(self):
        self.term.active = False
        self.assertIn("no terms", self._propose(self.high)["problem"])

    def test_what_is_to_be_made_is_no_layaway(self):
        line = self._cart_line(self.high, is_made=True)
        self.assertIn("special order", self._propose(line, kind="layaway")["problem"])

    def test_the_tax_of_the_cart_is_in_the_schedule(self):
        self.style.taxes_id = self._create_tax(21)
        proposal = self._propose(self.high)
        self.assertEqual(proposal["total"], 2420)
        self.assertEqual(sum(row["amount"] for row in proposal["schedule"]), 2420)


@tagged("post_install", "-at_install")
class TestBegin(RegisterLayawayCommon):
    """A layaway is begun from a cart, once, and its pieces are kept from then on."""

    def test_a_draft_is_made_with_what_is_on_the_cart(self):
        layaway = self._start(self.high, self._cart_line(self.low, price_unit=290, discount=10))
        order = layaway.order_id
        self.assertEqual((layaway.state, layaway.kind, order.state), ("draft", "layaway", "draft"))
        self.assertEqual(order.order_line.piece_id, self.high | self.low)
        self.assertEqual(order.order_line.mapped("price_total"), [2000, 261])
        self.assertEqual(layaway.amount_total, 2261)
        self.assertEqual(sum(layaway.instalment_ids.mapped("amount")), 2261)
        self.assertEqual((layaway.partner_id, layaway.user_id), (self.client, self.cashier))
        self.assertEqual((layaway.config_id, layaway.term_id), (self.config, self.term))
        self.assertEqual(layaway.deposit_id.kind_id.code, "layaway")

    def test_the_first_payment_that_was_chosen_holds(self):
        layaway = self._start(self.high, amount_first=900)
        self.assertEqual(layaway.amount_first, 900)
        self.assertEqual(layaway.instalment_ids.sorted("date")[0].amount, 900)

    def test_the_pieces_are_for_nobody_else_from_then_on(self):
        layaway = self._start(self.high)
        reasons = self.high._get_unavailability()
        self.assertIn(layaway.name, reasons[self.high])
        other = self.other
        self.assertIn(layaway.name, other.read_piece(self.high.id)["reason"])
        catalog = other.load_piece_catalog()["columns"]
        place = catalog["id"].index(self.high.id)
        self.assertIn(layaway.name, catalog["reason"][place])
        with self._refused(layaway.name):
            self._quote(self.high).action_confirm()

    def test_a_register_that_sold_it_meanwhile_without_the_server_has_a_conflict(self):
        self._start(self.high)
        other = self.other
        order = self._sync(self._prepare_order(self.high, session=self._open_session(other)))
        self.assertEqual((order.state, order.conflict_ids.kind), ("paid", "double"))
        self.assertEqual(self.high.piece_status, "available")

    def test_what_a_cart_asks_twice_is_made_once(self):
        cart = self._cart(self.high)
        first = self.register.start_layaway(cart)
        before = self._count()
        self.assertEqual(self.register.start_layaway(cart)["id"], first["id"])
        self.assertEqual(self._count(), before)

    def test_the_pieces_are_put_away_on_the_first_payment(self):
        layaway = self._start(self.high)
        self._sign(layaway)
        self.assertEqual(self.high.piece_status, "available")
        self._pay(layaway.deposit_id, 400)
        self.assertEqual((layaway.state, layaway.order_id.state), ("open", "sale"))
        self.assertEqual((self.high.piece_status, self.high.layaway_id), ("layaway", layaway))

    def test_what_is_paid_before_it_is_signed_is_told_and_opens_once_it_is(self):
        layaway = self._start(self.high)
        self._pay(layaway.deposit_id, 400)
        self.assertEqual(layaway.state, "draft")
        self.assertEqual(layaway.activity_ids.mapped("summary"), ["Terms to be signed"])
        self.assertIn(self.high, self.high._get_unavailability())
        self._sign(layaway)
        self.assertEqual((layaway.state, self.high.piece_status), ("open", "layaway"))

    def test_what_cannot_be_put_away_keeps_the_piece_for_the_customer(self):
        layaway = self._start(self.high)
        self._sign(layaway)
        self._move(self.high, self.stock_location, self.bench)
        self._pay(layaway.deposit_id, 400)
        self.assertEqual((layaway.state, layaway.amount_held), ("signed", 400))
        self.assertEqual(self.high.layaway_id, layaway)
        self.assertIn("Not put away", layaway.activity_ids.mapped("summary"))

    def test_a_price_below_the_lowest_one_takes_a_manager(self):
        self.high.sudo().price_floor = 1500
        line = self._cart_line(self.high, price_unit=1400)
        self._assert_refused("A manager must agree", line)
        cart = self._cart(line)
        question = {
            "uuid": cart["uuid"],
            "pricelist_id": False,
            "total": 1400,
            "lines": [line | {"uuid": "1", "amount": 1400}],
        }
        self.config.with_user(self.manager).agree_prices(question, "An old client")
        layaway = self.env["jewelry.layaway"].browse(self.register.start_layaway(cart)["id"])
        self.assertEqual(layaway.amount_total, 1400)

    def test_a_discount_below_the_lowest_price_takes_a_manager_as_well(self):
        self.high.sudo().price_floor = 1500
        self._assert_refused("A manager must agree", self._cart_line(self.high, discount=30))

    def test_the_sample_of_what_is_made_bounds_its_price(self):
        self.high.sudo().price_floor = 1500
        line = self._cart_line(self.high, price_unit=1400, is_made=True)
        self._assert_refused("A manager must agree", line)

    def test_what_the_cart_costs_is_what_the_order_costs_under_its_pricelist_and_tax(self):
        tax = self._create_tax(21)
        self.style.taxes_id = tax
        free = self.env["account.fiscal.position"].create(
            {"name": "Export", "company_id": self.company.id}
        )
        zero = self.env["account.tax"].create(
            {
                "name": "0 %",
                "amount": 0,
                "fiscal_position_ids": [Command.link(free.id)],
                "original_tax_ids": [Command.link(tax.id)],
            }
        )
        pricelist = self.env["product.pricelist"].create({"name": "Friends"})
        self.config.write(
            {
                "use_pricelist": True,
                "available_pricelist_ids": [Command.link(pricelist.id)],
                "tax_regime_selection": True,
                "fiscal_position_ids": [Command.link(free.id)],
            }
        )
        layaway = self._start(self.high, pricelist_id=pricelist.id, fiscal_position_id=free.id)
        order = layaway.order_id
        self.assertEqual((order.pricelist_id, order.fiscal_position_id), (pricelist, free))
        self.assertEqual((order.order_line.tax_ids, order.amount_total), (zero, 2000))

    def test_other_goods_of_the_cart_go_along(self):
        engraving = self.env["product.product"].create(
            {"name": "Engraving", "type": "service", "available_in_pos": True, "taxes_id": False}
        )
        layaway = self._start(self.high, self._style_line(engraving, 25, quantity=2))
        self.assertEqual(layaway.amount_total, 2050)


@tagged("post_install", "-at_install")
class TestSpecialOrder(RegisterLayawayCommon):
    """What is not there yet is ordered from a sample, or from its style."""

    def test_one_like_the_sample_is_ordered_and_the_sample_stays_for_sale(self):
        layaway = self._start(self._cart_line(self.high, is_made=True, note="Size 54, for May"))
        self.assertEqual(layaway.kind, "special_order")
        line = layaway.order_id.order_line
        self.assertFalse(line.piece_id)
        self.assertEqual(line.product_id, self.high.product_id)
        self.assertIn("Size 54, for May", line.name)
        self.assertEqual(layaway.amount_first, 1000)
        self.assertFalse(self.high._get_unavailability())

    def test_a_style_of_which_nothing_is_there_is_ordered_at_its_price(self):
        style = self._create_style(name="Ordered", list_price=1500, taxes_id=False)
        style.available_in_pos = True
        layaway = self._start(self._style_line(style, 1500))
        self.assertEqual((layaway.kind, layaway.amount_total), ("special_order", 1500))
        self._sign(layaway)
        self._pay(layaway.deposit_id, 750)
        self.assertEqual(layaway.state, "open")

    def test_a_piece_that_is_there_may_be_a_special_order_and_is_kept(self):
        layaway = self._start(self.high, kind="special_order")
        self.assertEqual(layaway.kind, "special_order")
        self.assertEqual(self.high.layaway_id, layaway)

    def test_a_cart_of_styles_is_ordered_once(self):
        style = self._create_style(name="Ordered", list_price=1500, available_in_pos=True)
        cart = self._cart(self._style_line(style, 1500))
        first = self.register.start_layaway(cart)["id"]
        self.assertEqual(self.register.start_layaway(cart)["id"], first)


@tagged("post_install", "-at_install")
class TestGiveUp(RegisterLayawayCommon):
    """What nobody paid for is given up with its cart, and its pieces are for sale again."""

    def _assert_given_up(self, layaway):
        self.assertEqual((layaway.state, layaway.order_id.state), ("cancelled", "cancel"))
        self.assertEqual(layaway.deposit_id.state, "closed")
        self.assertFalse(self.high.layaway_id)
        self.assertFalse(self.high._get_unavailability())

    def test_terms_that_are_refused_leave_nothing(self):
        layaway = self._start(self.high)
        self.assertTrue(self.register.refuse_layaway(layaway.id))
        self._assert_given_up(layaway)
        # A second press changes nothing.
        self.assertTrue(self.register.refuse_layaway(layaway.id))

    def test_the_cart_may_be_begun_anew_after_that(self):
        cart = self._cart(self.high)
        first = self.register.start_layaway(cart)["id"]
        self.register.refuse_layaway(first)
        second = self.register.start_layaway(cart)["id"]
        self.assertNotEqual(second, first)
        self.assertEqual(self.high.layaway_id.id, second)

    def test_a_cart_that_is_gone_gives_up_what_was_begun(self):
        layaway = self._start(self.high)
        self._sign(layaway)
        self.register.give_up_layaway(layaway.cart_uuid)
        self._assert_given_up(layaway)

    def test_a_cart_that_the_server_had_gives_it_up_when_it_is_deleted(self):
        draft = self._prepare_order(state="draft", payment_ids=[], amount_paid=0, amount_total=0)
        order = self._sync(draft)
        layaway = self._start(self.high, uuid=order.uuid)
        order.action_pos_order_cancel()
        self._assert_given_up(layaway)

    def test_what_was_paid_for_is_not_given_up(self):
        layaway = self._start(self.high)
        self._sign(layaway)
        self._pay(layaway.deposit_id, 100)
        self.register.give_up_layaway(layaway.cart_uuid)
        self.assertEqual(layaway.state, "signed")
        with self._refused("Let a manager cancel it"):
            self.register.refuse_layaway(layaway.id)
        self.assertEqual(self.high.layaway_id, layaway)

    def test_the_back_office_gives_it_up_as_well(self):
        layaway = self._start(self.high)
        layaway.with_user(self.manager).action_drop()
        self._assert_given_up(layaway)

    def test_what_was_forgotten_is_given_up_after_a_day(self):
        old, young = self._start(self.high), self._start(self.low)
        old.flush_recordset()
        self.env.cr.execute(
            "UPDATE jewelry_layaway SET create_date = %s WHERE id = %s",
            [fields.Datetime.now() - timedelta(hours=25), old.id],
        )
        self.env.invalidate_all()
        self.env["jewelry.layaway"]._gc_begun()
        self._assert_given_up(old)
        self.assertEqual((young.state, self.low.layaway_id), ("draft", young))

    def test_a_manager_who_cancels_what_was_signed_frees_the_piece(self):
        layaway = self._start(self.high)
        self._sign(layaway)
        self._pay(layaway.deposit_id, 100)
        self._cancel(layaway, journal_id=self.journal_bank.id)
        self.assertEqual(layaway.state, "cancelled")
        self.assertFalse(self.high.layaway_id)
        self.assertFalse(self.high._get_unavailability())
