from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import LayawayCommon


@tagged("post_install", "-at_install")
class TestLayaway(LayawayCommon):
    """From the quotation to the delivery."""

    # === PROPOSAL === #

    def test_a_quotation_becomes_a_draft_with_fixed_instalments_that_add_up(self):
        layaway = self._draft(self.high)
        self.assertEqual(layaway.state, "draft")
        self.assertEqual(layaway.instalment_ids.mapped("amount"), [400, 320, 320, 320, 320, 320])
        self.assertEqual(str(layaway.instalment_ids[1].date), "2026-12-10")
        self.assertEqual(str(layaway.date_end), "2027-04-10")
        self.assertEqual((layaway.amount_first, layaway.amount_kept), (400, 50))
        self.assertEqual(layaway.deposit_id.kind_id, self.laid)

    def test_a_larger_first_payment_leaves_less_for_the_instalments(self):
        layaway = self._draft(self.high, amount_first=1000)
        self.assertEqual(layaway.instalment_ids.mapped("amount"), [1000, 200, 200, 200, 200, 200])

    def test_less_than_the_term_asks_for_is_refused(self):
        with self._refused("400.00 at least"):
            self._draft(self.high, amount_first=399.99)

    def test_a_first_payment_of_more_than_all_is_refused(self):
        with self._refused("2,000.00 at most"):
            self._draft(amount_first=2000.01)

    def test_an_order_is_a_layaway_once(self):
        layaway = self._draft(self.high)
        with self._refused("layaway already"):
            self._draft(order=layaway.order_id)

    def test_an_empty_quotation_is_refused(self):
        with self._refused("Add what the customer wants"):
            self._draft(order=self._quote(order_line=[]))

    def test_a_draft_follows_the_quotation_when_it_is_proposed_again(self):
        layaway = self._draft(self.high)
        layaway.order_id._add_pieces(self.low)
        with self._refused("Propose Again"):
            layaway._sign("Client", signature=self.pen)
        layaway.action_propose()
        self.assertEqual(sum(layaway.instalment_ids.mapped("amount")), 2300)
        self.assertEqual(layaway.amount_first, 460)

    def test_a_schedule_that_does_not_add_up_is_refused(self):
        layaway = self._draft(self.high)
        with self._refused("add up to"):
            layaway.instalment_ids = [Command.update(layaway.instalment_ids[0].id, {"amount": 500})]

    def test_a_draft_keeps_no_piece_and_confirms_nothing(self):
        layaway = self._draft(self.high)
        self.assertEqual(self.high.piece_status, "available")
        with self._refused("once the terms are signed"):
            layaway.order_id.action_confirm()

    def test_the_customers_page_of_the_order_neither_signs_nor_pays_a_layaway(self):
        order = self._quote(self.high, require_signature=True, require_payment=True)
        self.assertTrue(order._has_to_be_signed() and order._has_to_be_paid())
        self._draft(order=order)
        self.assertFalse(order._has_to_be_signed() or order._has_to_be_paid())

    # === PUTTING AWAY === #

    def test_signing_alone_keeps_no_piece(self):
        layaway = self._signed(self.high)
        self.assertEqual((layaway.state, layaway.order_id.state), ("signed", "draft"))
        self.assertEqual(self.high.piece_status, "available")

    def test_less_than_the_first_payment_opens_nothing(self):
        layaway = self._signed(self.high)
        self._pay(layaway.deposit_id, 399.99)
        self.assertEqual(layaway.state, "signed")
        with self._refused("The first payment of"):
            layaway.action_open()
        self._pay(layaway.deposit_id, 0.01)
        self.assertEqual(layaway.state, "open")

    def test_the_first_payment_puts_the_piece_away_reserved_and_out_of_sale(self):
        layaway = self._opened(self.high)
        self.assertEqual((layaway.state, layaway.order_id.state), ("open", "sale"))
        self.assertEqual(self.high.piece_status, "layaway")
        self.assertEqual(self.high.location_id.jewelry_role, "layaway")
        self.assertEqual(
            self.high.quant_ids.filtered(lambda q: q.quantity > 0).reserved_quantity, 1
        )
        reasons = self.high._get_unavailability()
        self.assertIn(layaway.name, reasons[self.high])
        with self._refused(layaway.name):
            self._sell(self.high)

    def test_the_money_may_come_before_the_signature(self):
        layaway = self._draft(self.high)
        self._pay(layaway.deposit_id, 400)
        self.assertEqual(layaway.state, "draft")
        layaway._sign("Client", signature=self.pen)
        self.assertEqual(layaway.state, "open")

    def test_a_piece_that_was_sold_meanwhile_keeps_the_money_and_tells_a_manager(self):
        layaway = self._signed(self.high)
        self._sell(self.high)
        self._pay(layaway.deposit_id, 400)
        self.assertEqual((layaway.state, layaway.amount_held), ("signed", 400))
        self.assertEqual((layaway.order_id.state, self._laid()), ("draft", 400))
        self.assertIn(self.high.name, layaway.activity_ids.note)

    def test_goods_of_an_owner_stay_his_when_they_are_put_away(self):
        owner = self._create_partner(name="Owner")
        piece = self._create_piece(list_price=700)
        self._move(piece, self.supplier_location, self.stock_location, owner=owner)
        self._opened(piece)
        self.assertEqual(piece.quant_ids.filtered(lambda q: q.quantity > 0).owner_id, owner)
        self.assertEqual(piece.piece_status, "layaway")

    # === THE PRICE === #

    def test_the_price_that_was_signed_stays(self):
        layaway = self._opened(self.high)
        self.high.list_price = 9000
        line = layaway.order_id.order_line
        line._compute_price_unit()
        layaway.order_id.action_update_prices()
        self.assertEqual((line.price_unit, layaway.amount_total), (2000, 2000))

    def test_nobody_changes_by_hand_what_was_signed(self):
        layaway = self._signed(self.high)
        order = layaway.order_id.with_user(self.manager)
        acts = {
            "price": lambda: order.order_line.write({"price_unit": 1}),
            "quantity": lambda: order.order_line.write({"product_uom_qty": 0}),
            "line": lambda: order._add_pieces(self.low),
            "removal": lambda: order.order_line.unlink(),
            "customer": lambda: order.write({"partner_id": self.company.partner_id.id}),
        }
        for name, act in acts.items():
            with self.subTest(act=name), self._refused("is signed, so"):
                act()

    def test_the_instalments_that_were_signed_stay(self):
        first = self._signed(self.high).instalment_ids[0].with_user(self.manager)
        for name, act in {
            "amount": lambda: first.write({"amount": 1}),
            "all": first.unlink,
        }.items():
            with self.subTest(act=name), self._refused("is signed"):
                act()

    # === HANDING OVER === #

    def test_nothing_leaves_before_it_is_paid(self):
        layaway = self._opened(self.high)
        with self._refused("2,000.00 is to be paid"):
            self._deliver(layaway.order_id)
        with self._refused("only while it is “Paid”"):
            layaway.action_hand_over()

    def test_what_is_paid_is_handed_over_and_invoiced_and_owed_no_more(self):
        layaway = self._paid(self.high)
        self.assertEqual((layaway.state, self._laid()), ("paid", 2000))
        layaway.action_hand_over()
        invoice = layaway.order_id.invoice_ids
        self.assertEqual(layaway.state, "delivered")
        self.assertEqual((self.high.piece_status, self.high.layaway_id.id), ("sold", False))
        self.assertEqual((invoice.state, invoice.amount_residual), ("posted", 0))
        self.assertEqual((self._laid(), layaway.deposit_id.state), (0, "closed"))

    def test_an_ordinary_delivery_hands_over_as_well(self):
        layaway = self._paid(self.high)
        self._deliver(layaway.order_id)
        self.assertEqual(layaway.state, "delivered")

    def test_one_of_two_pieces_may_leave_once_its_price_is_paid(self):
        layaway = self._opened(self.low, self.high)
        self.assertEqual(layaway.amount_paid, 460)
        self._deliver(layaway.order_id, self.low)
        self.assertEqual((layaway.state, self.low.piece_status), ("open", "sold"))
        with self._refused("2,300.00 is to be paid"):
            self._deliver(layaway.order_id, self.high)

    def test_only_what_left_is_invoiced_whatever_the_policy_of_the_style(self):
        self.assertEqual(self.style.invoice_policy, "order")
        layaway = self._opened(self.low, self.high)
        with self._refused("No items are available to invoice"):
            layaway.order_id._create_invoices()
        self._deliver(layaway.order_id, self.low)
        invoice = self._invoice(layaway.order_id)
        self.assertEqual(invoice.invoice_line_ids.piece_ids, self.low)
        self.assertEqual((invoice.amount_total, layaway.amount_held, self._laid()), (0, 160, 160))

    def test_a_payment_that_is_taken_back_is_due_again(self):
        layaway = self._paid(self.high)
        receipt = layaway.deposit_id.line_ids.move_id.sorted("id")[-1]
        receipt.button_draft()
        self.assertEqual((layaway.state, layaway.amount_due), ("open", 1600))

    # === SPECIAL ORDERS === #

    def test_a_special_order_is_paid_before_its_piece_is_there(self):
        layaway = self._draft_special()
        layaway._sign("Client", signature=self.pen)
        self._pay(layaway.deposit_id, 300)
        self.assertEqual((layaway.state, layaway.kind), ("open", "special_order"))
        self.assertEqual(layaway.deposit_id.kind_id.code, "special_order")
        self._pay(layaway.deposit_id, 1200)
        with self._refused("No piece is assigned"):
            layaway.action_hand_over()

    def test_the_piece_of_a_special_order_is_assigned_when_it_comes_at_the_price_agreed(self):
        layaway = self._draft_special()
        layaway._sign("Client", signature=self.pen)
        self._pay(layaway.deposit_id, 300)
        line = layaway.order_id.order_line
        piece = self._stock_piece(line.product_id, cost=400, list_price=1900)
        self.assertIn("Has it come?", layaway.activity_ids.mapped("summary"))
        self._swap(layaway, line, piece)
        self.assertEqual((piece.piece_status, piece.layaway_id), ("layaway", layaway))
        self.assertEqual((line.price_unit, layaway.amount_total), (1500, 1500))
        self._pay(layaway.deposit_id, 1200)
        layaway.action_hand_over()
        self.assertEqual((layaway.state, piece.piece_status), ("delivered", "sold"))

    def test_a_piece_of_another_style_is_not_what_was_ordered(self):
        layaway = self._draft_special()
        layaway._sign("Client", signature=self.pen)
        self._pay(layaway.deposit_id, 300)
        with self._refused("what was ordered is"):
            layaway._assign(layaway.order_id.order_line, self.low)

    # === STATES === #

    def test_a_state_follows_only_where_it_may(self):
        layaway = self._draft(self.high)
        with self._refused("cannot become"):
            layaway._set_state("delivered")

    def test_nobody_writes_what_the_program_writes(self):
        layaway = self._draft(self.high)
        for vals in ({"state": "paid"}, {"amount_kept": 0}, {"document_hash": "0"}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                layaway.with_user(self.manager).write(vals)

    def test_a_draft_that_nothing_was_paid_for_is_cancelled_and_may_be_made_anew(self):
        layaway = self._draft(self.high)
        layaway.action_drop()
        self.assertEqual((layaway.state, layaway.deposit_id.state), ("cancelled", "closed"))
        again = self._draft(order=layaway.order_id)
        self.assertEqual(again.state, "draft")
        self.assertNotEqual(again.deposit_id, layaway.deposit_id)

    def test_what_was_paid_for_is_not_just_dropped(self):
        layaway = self._signed(self.high)
        self._pay(layaway.deposit_id, 100)
        with self._refused("Let a manager cancel it"):
            layaway.action_drop()

    def test_the_order_is_not_cancelled_behind_the_layaway(self):
        layaway = self._opened(self.high)
        with self._refused("cancel it there"):
            layaway.order_id.action_cancel()

    def test_only_a_draft_is_deleted(self):
        with self._refused("was signed"):
            self._signed(self.high).unlink()
        self._draft(self.low).unlink()
