from odoo import Command, fields
from odoo.tests import tagged

from .common import SettleCommon, prepare_settling


@tagged("post_install", "-at_install")
class TestSettle(SettleCommon):
    """Quotations and orders that a register settles: this very piece, handed over once."""

    # === WHAT IS HANDED OVER === #

    def test_a_quotation_is_settled_by_exactly_its_piece(self):
        quotation = self._quote(self.high, price=1800)
        order = self._settle(quotation)
        self._assert_handed_over(order, self.high)
        self.assertEqual(quotation.state, "sale")
        self.assertFalse(quotation.picking_ids.filtered(lambda p: p.state != "cancel"))
        line = quotation.order_line
        self.assertEqual((line.qty_delivered, line.qty_invoiced), (1, 1))
        self.assertEqual(quotation.invoice_status, "invoiced")

    def test_the_delivery_of_a_confirmed_order_is_given_up(self):
        sale = self._order(self.high)
        self.assertEqual(self.high.piece_status, "reserved")
        order = self._settle(sale)
        self._assert_handed_over(order, self.high)
        self.assertEqual(set(sale.picking_ids.mapped("state")), {"cancel"})
        self.assertEqual(sale.order_line.qty_delivered, 1)

    def test_of_two_pieces_of_a_style_the_other_stays_promised(self):
        sale = self._order(self.low, self.high)
        mine = sale.order_line.filtered(lambda line: line.piece_id == self.low)
        self._assert_handed_over(self._settle(sale, lines=mine), self.low)
        move = (sale.order_line - mine).move_ids
        self.assertEqual((move.state, move.product_uom_qty), ("assigned", 1))
        self.assertEqual(move.move_line_ids.lot_id, self.high)
        self.assertEqual(self.high.piece_status, "reserved")
        self._deliver(sale.picking_ids)
        self.assertEqual(sale.order_line.mapped("qty_delivered"), [1, 1])
        self.assertEqual(self.high.piece_status, "sold")

    def test_what_was_delivered_is_not_asked_for_again(self):
        sale = self._order(self.low, self.high)
        picking = sale.picking_ids
        picking.move_ids.filtered(lambda move: move.piece_id == self.low).picked = True
        picking.with_context(skip_backorder=True)._action_done()
        answer = self._ask_to_settle(sale)
        gone = sale.order_line.filtered(lambda line: line.piece_id == self.low)
        self.assertEqual(
            (list(answer["pieces"]), answer["settled"]), ((sale.order_line - gone).ids, gone.ids)
        )
        self._assert_handed_over(self._settle(sale, lines=sale.order_line - gone), self.high)
        self.assertEqual(sale.order_line.mapped("qty_delivered"), [1, 1])

    def test_other_goods_are_settled_as_core_does(self):
        box = self.env["product.product"].create(
            {"name": "Box", "is_storable": True, "taxes_id": False, "available_in_pos": True}
        )
        self.env["stock.quant"]._update_available_quantity(box, self.stock_location, 5)
        sale = self._quote(self.high)
        sale.order_line = [
            Command.create({"product_id": box.id, "product_uom_qty": 2, "price_unit": 10})
        ]
        sale.action_confirm()
        boxes = sale.order_line.filtered(lambda line: line.product_id == box)
        row = self._prepare_line(
            self.low,
            2,
            pack_lot_ids=[],
            sale_order_line_id=boxes.id,
            sale_order_origin_id=sale.id,
            price_unit=10,
        )
        row |= {"product_id": box.id}
        order = self._settle(sale, row, lines=sale.order_line - boxes)
        self.assertFalse(order.conflict_ids)
        self.assertEqual(sale.order_line.mapped("qty_delivered"), [1, 2])
        self.assertEqual(set(sale.picking_ids.mapped("state")), {"cancel"})

    def test_goods_of_an_owner_are_settled_too(self):
        owner = self._create_partner(name="Owner")
        memo = self._create_piece(list_price=500)
        self._move(memo, self.supplier_location, self.stock_location, owner=owner)
        order = self._settle(self._order(memo))
        self._assert_handed_over(order, memo)
        self.assertEqual(order.picking_ids.move_line_ids.owner_id, owner)

    # === MONEY === #

    def test_the_ledger_has_the_cost_of_this_piece_once(self):
        self._settle(self._order(self.high, price=1800))
        self._close()
        self.assertEqual(self._get_books(), (0, -1800, 900))
        self.assertEqual(self._ledger(self.stock_account), -900)

    def test_an_invoice_at_the_register_takes_the_cost_of_this_piece(self):
        sale = self._quote(self.high, price=1800)
        order = self._settle(sale, to_invoice=True)
        self.assertEqual(order.account_move.invoice_line_ids.piece_ids, self.high)
        self._close()
        self.assertEqual(self._get_books(), (0, -1800, 900))
        self.assertEqual(sale.invoice_status, "invoiced")

    def test_the_margin_is_that_of_the_piece(self):
        order = self._settle(self._quote(self.high, price=1800))
        self.assertEqual(order.lines.sudo().total_cost, 900)

    # === KEPT FOR THIS ORDER, AND NO OTHER === #

    def test_a_piece_of_an_order_is_refused_to_every_other(self):
        sale = self._order(self.high)
        config = self.config.with_user(self.cashier)
        self.assertIn(sale.name, config.read_piece(self.high.id, "other")["reason"])
        order = self._sell(self.high, user=self.cashier, partner_id=self.client.id)
        self._assert_conflict(order, "double", sale.name)
        self.assertEqual(self.high.piece_status, "reserved")

    def test_a_piece_of_an_order_is_kept_for_its_own_settlement(self):
        sale = self._order(self.high)
        config = self.config.with_user(self.cashier)
        answer = self._ask_to_settle(sale, "mine")
        self.assertEqual(answer["problem"], "")
        (piece,) = answer["pieces"].values()
        self.assertEqual((piece["row"]["name"], piece["reason"]), (self.high.name, False))
        self.assertFalse(config.read_piece(self.high.id, "mine")["reason"])
        self.assertEqual(config.renew_claims({"mine": self.high.ids}), [])
        self.assertTrue(config.read_piece(self.high.id, "other")["reason"])

    def test_what_another_register_settles_is_told(self):
        sale = self._order(self.high)
        self._ask_to_settle(sale, "first")
        answer = self._ask_to_settle(sale, "second")
        self.assertIn("In an open order at", answer["problem"])
        self.assertFalse(answer["pieces"])

    def test_whoever_takes_a_piece_over_settles_nothing_by_it(self):
        quotation = self._quote(self.high)
        self._ask_to_settle(quotation, "first")
        claims = self.env["jewelry.pos.claim"]
        self.assertTrue(claims._get_settling_claims("first"))
        claims.search([]).seen_date = fields.Datetime.subtract(fields.Datetime.now(), hours=2)
        self.config.claim_piece(self.high.id, "second")
        self.assertFalse(
            claims._get_settling_claims("first") | claims._get_settling_claims("second")
        )

    def test_a_piece_that_cannot_be_sold_is_named(self):
        quotation = self._quote(self.high, self.low)
        self._sell(self.high)
        answer = self._ask_to_settle(quotation)
        self.assertIn(f"{self.high.name}: Sold", answer["problem"])
        self.assertFalse(self.env["jewelry.pos.claim"].search([("order_uuid", "=", "mine")]))

    def test_a_piece_in_another_shop_is_named(self):
        shop = self._create_shop()
        self._move(self.high, self.stock_location, shop.lot_stock_id)
        self.assertIn("At Shop 2", self._ask_to_settle(self._quote(self.high))["problem"])

    def test_an_order_that_names_no_piece_is_refused(self):
        sale = self._quote()
        sale.order_line = [Command.create({"product_id": self.style.id})]
        self.assertIn("does not say which piece", self._ask_to_settle(sale)["problem"])

    # === ORDERS THAT ARE SETTLED ELSEWHERE === #

    def test_an_order_is_settled_at_one_of_two_registers(self):
        sale = self._order(self.high)
        first, second = self._settle(sale), self._settle(sale)
        self._assert_handed_over(first, self.high)
        self._assert_conflict(second, "double", "Sold")
        self.assertEqual(sale.order_line.qty_delivered, 1)
        self._close()
        self.assertEqual(self._get_books(), (-2000, -2000, 900))

    def test_an_order_twice_on_one_order_is_handed_over_once(self):
        quotation = self._quote(self.low)
        order = self._settle(quotation, self._prepare_settling(quotation.order_line))
        self.assertEqual(len(order.conflict_ids), 1)
        self.assertEqual(quotation.order_line.qty_delivered, 1)

    def test_a_cancelled_order_is_refused_and_a_paid_one_is_a_sale_like_any_other(self):
        sale = self._order(self.low)
        sale._action_cancel()
        self.assertIn("is cancelled", self._ask_to_settle(sale)["problem"])
        order = self._settle(sale)
        self._assert_handed_over(order, self.low)
        self.assertFalse(order.lines.sale_order_line_id)
        self.assertEqual((sale.state, sale.order_line.qty_delivered), ("cancel", 0))

    def test_an_invoiced_order_is_not_charged_again(self):
        sale = self._order(self.high)
        self.style.invoice_policy = "order"
        sale._create_invoices()._post()
        answer = self._ask_to_settle(sale)
        self.assertEqual((answer["pieces"], answer["settled"]), ({}, sale.order_line.ids))
        self._assert_conflict(self._settle(sale), "double", sale.name)
        self._deliver(sale.picking_ids)
        self.assertEqual(self.high.piece_status, "sold")

    def _pay_online(self, sale, amount):
        provider = self.env["payment.provider"].create(
            {"name": "Cards", "company_id": self.company.id}
        )
        method = self.env["payment.method"].create(
            {"name": "Card", "code": "card_test", "provider_ids": provider.ids}
        )
        self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "reference": f"{sale.name}-1",
                "amount": amount,
                "currency_id": sale.currency_id.id,
                "partner_id": sale.partner_id.id,
                "state": "done",
                "sale_order_ids": [Command.set(sale.ids)],
            }
        )

    def test_an_order_that_was_paid_online_is_refused_with_clear_words(self):
        sale = self._order(self.high)
        for amount in (500, 1500):
            with self.subTest(amount=amount):
                self.env["payment.transaction"].search([]).unlink()
                self._pay_online(sale, amount)
                problem = self._ask_to_settle(sale)["problem"]
                self.assertIn(f"{sale.name} was paid online", problem)
                self.assertIn("would be counted twice", problem)
        order = self._settle(sale)
        self._assert_conflict(order, "double", sale.name)
        self.assertEqual(sale.order_line.qty_delivered, 0)

    def test_an_offer_that_has_ended_is_refused(self):
        day = fields.Date.subtract(fields.Date.context_today(self.env.user), days=2)
        quotation = self._quote(self.high, price=1600, validity_date=day)
        self.assertIn("has ended", self._ask_to_settle(quotation)["problem"])
        self.assertFalse(self._settle(quotation).lines.sale_order_line_id)

    def test_an_offer_of_yesterday_holds_for_a_register_that_was_cut_off(self):
        day = fields.Date.subtract(fields.Date.context_today(self.env.user), days=1)
        quotation = self._quote(self.high, price=1600, validity_date=day)
        self._assert_handed_over(self._settle(quotation), self.high)

    # === NOTHING IN SALES REFUSES WHAT IS PAID === #

    def test_a_quotation_that_cannot_be_confirmed_keeps_the_money(self):
        quotation = self._quote(self.low, self.high)
        self._sell(self.high)
        mine = quotation.order_line.filtered(lambda line: line.piece_id == self.low)
        order = self._settle(quotation, lines=mine)
        self._assert_handed_over(order, self.low)
        self.assertEqual(quotation.state, "draft")
        self.assertIn(self.high.name, quotation.activity_ids.note)
        self.assertEqual(mine.qty_delivered, 1)

    def test_a_quotation_that_was_deleted_meanwhile_keeps_the_money(self):
        quotation = self._quote(self.low)
        row = self._prepare_settling(quotation.order_line)
        quotation.unlink()
        order = self._sell(row, user=self.cashier, partner_id=self.client.id)
        self._assert_handed_over(order, self.low)

    def test_a_cashier_who_may_not_see_the_order_keeps_the_money(self):
        sale = self._order(self.low)
        clerk = self._create_user("associate", "point_of_sale.group_pos_user", login="clerk")
        draft = self._prepare_order(
            self._prepare_settling(sale.order_line), partner_id=self.client.id
        )
        payments, draft["payment_ids"] = draft["payment_ids"], []
        self._sync(draft | {"state": "draft", "amount_paid": 0}, user=self.cashier)
        order = self._sync(draft | {"lines": [], "payment_ids": payments}, user=clerk)
        self._assert_conflict(order, "double", sale.name)
        self.assertEqual(self.low.piece_status, "reserved")

    # === CONFLICTS, RETURNS, SHIPPING === #

    def test_what_was_paid_and_kept_back_is_not_delivered(self):
        sale = self._order(self.high)
        row = self._prepare_settling(sale.order_line, price_unit=1000)
        order = self._sell(row, user=self.cashier, partner_id=self.client.id)
        self.assertEqual(order.conflict_ids.mapped("kind"), ["price"])
        self.assertEqual(sale.order_line.qty_delivered, 0)
        order.conflict_ids.with_user(self.manager).action_hand_over(self.high, "Agreed")
        self.assertEqual(self.high.piece_status, "sold")
        self.assertEqual(sale.order_line.qty_delivered, 1)

    def test_what_comes_back_is_delivered_no_more_and_promised_to_nobody(self):
        sale = self._order(self.high)
        order = self._settle(sale)
        back = self._take_back(order, partner_id=self.client.id)
        self.assertFalse(back.conflict_ids)
        self.assertEqual(self.high.piece_status, "available")
        self.assertEqual(sale.order_line.qty_delivered, 0)
        self._close()
        self.assertEqual(self._get_books(), (0, 0, 0))
        self._assert_handed_over(self._sell(self.high), self.high)

    def test_a_refund_from_the_back_office_counts_once(self):
        sale = self._order(self.high)
        refund = self._settle(sale)._refund()
        self.env["pos.make.payment"].with_context(active_id=refund.id).create(
            {"amount": -2000, "payment_method_id": self.bank.id}
        ).check()
        self.assertEqual(self.high.piece_status, "available")
        self.assertEqual(sale.order_line.qty_delivered, 0)

    def test_other_goods_are_settled_and_refunded_as_core_does_whoever_pays(self):
        box = self.env["product.product"].create(
            {"name": "Box", "lst_price": 10, "taxes_id": False, "available_in_pos": True}
        )
        sale = self._quote(order_line=[Command.create({"product_id": box.id})])
        row = prepare_settling(
            sale.order_line, product_id=box.id, pack_lot_ids=[], tax_ids=[], qty=1
        )
        total = {"price_subtotal": 10, "price_subtotal_incl": 10}
        order = self._sell(row | total, user=self.cashier)
        self.assertEqual((sale.state, sale.order_line.qty_invoiced), ("sale", 1))
        self.assertEqual(sale.amount_to_invoice, 0)
        refund = order._refund()
        self.env["pos.make.payment"].with_context(active_id=refund.id).create(
            {"amount": -10, "payment_method_id": self.bank.id}
        ).check()
        self.assertEqual(sale.order_line.qty_invoiced, 0)

    def test_what_is_settled_to_be_shipped_is_kept_until_then(self):
        sale = self._order(self.high)
        today = fields.Date.to_string(fields.Date.context_today(self.env.user))
        order = self._settle(sale, shipping_date=today)
        self.assertFalse(order.conflict_ids)
        self.assertEqual(set(sale.picking_ids.mapped("state")), {"cancel"})
        self.assertEqual(order.picking_ids.move_ids.piece_id, self.high)
        self.assertEqual((self.high.piece_status, sale.order_line.qty_delivered), ("reserved", 0))
        self._deliver(order.picking_ids)
        self.assertEqual((self.high.piece_status, sale.order_line.qty_delivered), ("sold", 1))

    def test_a_delivery_in_two_steps_is_given_up_whole(self):
        self.config.warehouse_id.delivery_steps = "pick_ship"
        sale = self._order(self.high)
        self._assert_handed_over(self._settle(sale), self.high)
        self.assertEqual(set(sale.picking_ids.mapped("state")), {"cancel"})
