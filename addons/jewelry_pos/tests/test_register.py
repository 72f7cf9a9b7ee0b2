from datetime import timedelta
from uuid import uuid4

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.jewelry_inventory.tests.common import VocabularyCommon

from .common import PosCommon


class RegisterCommon(PosCommon):
    """Two registers with open sessions, and what was told to them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_register("Register 2")
        cls._open_session()
        cls._open_session(cls.other)
        cls.claims = cls.env["jewelry.pos.claim"]

    def _get_told(self, name, work):
        """Return the messages of a name that registers get from a transaction that does `work`."""
        self.env.cr.flush()
        last = self.env["bus.bus"].sudo().search([], order="id desc", limit=1).id
        work()
        self.env.cr.flush()
        messages = self.env["bus.bus"].sudo().search([("id", ">", last)])
        return messages.filtered(lambda message: name in message.message).mapped("channel")

    def _get_reason(self, piece, config=None):
        return (config or self.other).read_piece(piece.id, str(uuid4()))["reason"]


@tagged("post_install", "-at_install")
class TestRegisterNews(RegisterCommon):
    """Open registers hear of changed pieces, once for a transaction."""

    def test_many_changes_are_told_to_each_register_once(self):
        def change():
            self.low.list_price = 310
            self.env.flush_all()
            self.high.list_price = 2100
            self.low.former_number = "OLD"

        channels = self._get_told("PIECES_CHANGED", change)
        self.assertEqual(len(channels), 2)
        self.assertEqual(len(set(channels)), 2)

    def test_a_sale_is_told_and_its_piece_is_gone_from_what_registers_ask(self):
        cursor = self.other.load_piece_catalog()["cursor"]
        self.assertTrue(self._get_told("PIECES_CHANGED", lambda: self._sell(self.high)))
        answer = self.other.load_piece_catalog(cursor)
        self.assertIn(self.high.id, answer["gone"])
        self.assertNotIn(self.high.id, answer["columns"]["id"])

    def test_a_new_piece_is_told(self):
        self.assertTrue(self._get_told("PIECES_CHANGED", lambda: self._stock_piece(cost=5)))

    def test_goods_that_are_no_jewelry_disturb_no_register(self):
        product = self.env["product.product"].create(
            {"name": "Box", "is_storable": True, "tracking": "lot"}
        )
        values = {"name": "B-1", "product_id": product.id, "company_id": self.company.id}
        self.assertFalse(
            self._get_told("PIECES_CHANGED", lambda: self.env["stock.lot"].create(values))
        )

    def test_registers_of_another_company_hear_nothing(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        values = {"company_id": company.id, "product_id": self._create_style().id}
        self.assertFalse(
            self._get_told("PIECES_CHANGED", lambda: self.env["stock.lot"].create(values))
        )

    def test_a_closed_register_is_told_nothing(self):
        self.other.current_session_id.state = "closed"
        channels = self._get_told("PIECES_CHANGED", lambda: self.low.write({"list_price": 1}))
        self.assertEqual(len(channels), 1)


@tagged("post_install", "-at_install")
class TestRegisterClaims(RegisterCommon):
    """What is on an open order of one register is not for the others."""

    def test_a_piece_in_an_open_order_is_kept_and_told(self):
        channels = self._get_told(
            "PIECES_CLAIMED", lambda: self.config.claim_piece(self.low.id, "order-1")
        )
        self.assertEqual(len(channels), 2)
        self.assertEqual(self._get_reason(self.low), "In an open order at Register 1")
        self.assertFalse(self.config.read_piece(self.low.id, "order-1")["reason"])

    def test_the_catalog_says_what_is_kept(self):
        self.config.claim_piece(self.low.id, "order-1")
        self.assertEqual(
            self.other.load_piece_catalog()["claims"],
            [{"piece_ids": self.low.ids, "order_uuid": "order-1", "register": "Register 1"}],
        )

    def test_a_piece_that_is_kept_elsewhere_is_not_kept_here(self):
        self.config.claim_piece(self.low.id, "order-1")
        answer = self.other.claim_piece(self.low.id, "order-2")
        self.assertTrue(answer["reason"])
        self.assertEqual(self.claims.search([]).order_uuid, "order-1")

    def test_what_leaves_the_order_is_free_and_told(self):
        for piece in (self.low, self.high):
            self.config.claim_piece(piece.id, "order-1")
        channels = self._get_told(
            "PIECES_CLAIMED", lambda: self.config.release_pieces("order-1", self.low.ids)
        )
        self.assertEqual(len(channels), 2)
        self.assertFalse(self._get_reason(self.low))
        self.assertTrue(self._get_reason(self.high))

    def test_one_register_does_not_give_back_what_another_keeps(self):
        self.config.claim_piece(self.low.id, "order-1")
        self.other.release_pieces("order-1")
        self.assertTrue(self._get_reason(self.low))

    def test_a_paid_order_keeps_nothing(self):
        order = self._prepare_order(self.low)
        self.config.claim_piece(self.low.id, order["uuid"])
        self._sync(order)
        self.assertFalse(self.claims.search([]))

    def test_an_order_that_is_cancelled_or_deleted_keeps_nothing(self):
        for end in ("action_pos_order_cancel", "unlink"):
            draft = self._prepare_order(self.high, state="draft", payment_ids=[], amount_paid=0)
            self.config.claim_piece(self.high.id, draft["uuid"])
            order = self._sync(draft)
            getattr(order, end)()
            with self.subTest(end=end):
                self.assertFalse(self._get_reason(self.high))

    def test_a_silent_register_keeps_its_pieces_for_an_hour(self):
        self.config.claim_piece(self.low.id, "order-1")
        self.claims.search([]).seen_date = fields.Datetime.now() - timedelta(minutes=61)
        self.assertFalse(self._get_reason(self.low))

    def test_a_register_that_is_heard_keeps_its_pieces(self):
        self.config.claim_piece(self.low.id, "order-1")
        long_ago = fields.Datetime.now() - timedelta(minutes=59)
        self.claims.search([]).seen_date = long_ago
        self.assertEqual(self.config.renew_claims({"order-1": self.low.ids}), [])
        self.assertGreater(self.claims.search([]).seen_date, long_ago)

    def test_a_register_that_comes_back_keeps_again_what_nobody_took(self):
        self.assertEqual(self.config.renew_claims({"order-1": self.low.ids}), [])
        self.assertEqual(self.claims.search([]).piece_id, self.low)

    def test_a_register_that_comes_back_learns_what_it_lost(self):
        self._sell(self.high)
        self.other.claim_piece(self.low.id, "order-2")
        lost = self.config.renew_claims({"order-1": (self.low | self.high).ids})
        self.assertEqual(
            {row["number"]: row["reason"] for row in lost},
            {self.low.name: "In an open order at Register 2", self.high.name: "Sold"},
        )
        self.assertEqual(self.claims.search([]).order_uuid, "order-2")


@tagged("post_install", "-at_install")
class TestAftersale(RegisterCommon):
    """What a register learns of pieces that are sold."""

    def test_a_sold_piece_is_found_with_its_sale(self):
        order = self._sell(self.high, partner_id=self.client.id)
        answer = self.other.find_piece(self.high.name)
        self.assertEqual(answer["reason"], "Sold")
        self.assertFalse(answer["is_shown"])
        sale = answer["sale"]
        self.assertEqual(sale["line_uuid"], order.lines.uuid)
        self.assertEqual((sale["order_id"], sale["customer"]), (order.id, "Client"))

    def test_a_piece_for_sale_has_no_sale(self):
        answer = self.other.find_piece(self.low.name)
        self.assertEqual((answer["sale"], answer["is_shown"]), (False, True))

    def test_of_two_sales_the_last_one_is_meant(self):
        self._take_back(self._sell(self.high))
        second = self._sell(self.high)
        sale = self.config.find_piece(self.high.name)["sale"]
        self.assertEqual(sale["order_id"], second.id)

    def test_a_conflict_is_no_sale(self):
        first = self._sell(self.high)
        self._sell(self.high)
        sale = self.config.find_piece(self.high.name)["sale"]
        self.assertEqual(sale["order_id"], first.id)

    def test_a_piece_that_no_register_sold_has_no_line(self):
        self._move(self.high, self.stock_location, self.customer_location)
        sale = self.config.find_piece(self.high.name)["sale"]
        self.assertEqual((sale["line_uuid"], sale["order_id"]), (False, False))

    def test_an_exchange_takes_one_piece_back_and_sells_another(self):
        sold = self._sell(self.low)
        back = self._prepare_line(self.low, -1, refunded_orderline_id=sold.lines.id)
        exchange = self._sell(back, self._prepare_line(self.high)) - sold
        self.assertEqual(exchange.amount_total, 1700)
        self.assertFalse(exchange.conflict_ids)
        self.assertEqual(self.low.piece_status, "available")
        self.assertEqual(self.high.piece_status, "sold")
        costs = {line.piece_id: line.total_cost for line in exchange.lines}
        self.assertEqual(costs, {self.low: -100, self.high: 900})

    def test_a_cashier_is_told_what_to_do_with_a_conflict(self):
        self._sell(self.high)
        order = self._sell(self.high)
        rows = order.read_pos_data([], self.config)["pos.order"]
        self.assertEqual(rows[0]["conflict_count"], 1)
        (told,) = self.config.read_conflicts(order.ids)
        self.assertEqual(told["number"], self.high.name)
        for text in ("Sold.", "2,000.00", order.name, "call a manager"):
            self.assertIn(text, told["advice"])

    def test_of_an_order_without_conflict_nothing_is_told(self):
        self.assertEqual(self.config.read_conflicts(self._sell(self.low).ids), [])


@tagged("post_install", "-at_install")
class TestReceipt(RegisterCommon, VocabularyCommon):
    """What stands on the receipt of a piece, and what never does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_report(piece_id=cls.high.id)
        cls.cashier = cls._create_user("associate", "point_of_sale.group_pos_user", login="cashier")

    def _read(self, order):
        return self.config.with_user(self.cashier).read_receipt_facts(order.id)

    def test_a_receipt_tells_number_specification_and_reports(self):
        order = self._sell(self.high)
        facts = self._read(order)[order.lines.uuid]
        self.assertEqual(facts["name"], self.high.name)
        self.assertIn(self.high.name, facts["description"])
        self.assertEqual([row["number"] for row in facts["reports"]], ["2141438171"])

    def test_a_receipt_tells_how_to_care_for_each_kind_of_stone_once(self):
        diamond = self._ref("species_diamond")
        diamond.care = "Lukewarm water and a soft brush."
        for _count in range(2):
            self._create_stone(holder_id=self.low.id)
        order = self._sell(self.low)
        self.assertEqual(
            self._read(order)[order.lines.uuid]["care"], ["Lukewarm water and a soft brush."]
        )

    def test_no_link_is_made_unasked(self):
        order = self._sell(self.high)
        self.assertFalse(self._read(order)[order.lines.uuid]["passport"])
        self.assertFalse(self.env["jewelry.link"].search([("res_id", "=", self.high.id)]))

    def test_where_the_store_wants_it_the_receipt_leads_to_the_passport(self):
        self.company.receipt_passport = True
        order = self._sell(self.high, partner_id=self.client.id)
        url = self._read(order)[order.lines.uuid]["passport"]
        self.assertEqual(self.env["stock.lot"]._get_piece_by_scan(url), self.high)
        link = self.env["jewelry.link"].search([("res_id", "=", self.high.id)])
        self.assertEqual(link.partner_id, self.client)

    def test_what_is_not_paid_or_comes_back_has_no_passport(self):
        self.company.receipt_passport = True
        draft = self._sync(
            self._prepare_order(self.low, state="draft", payment_ids=[], amount_paid=0)
        )
        self.assertFalse(self._read(draft)[draft.lines.uuid]["passport"])
        sold = self._sell(self.high)
        back = self._take_back(sold) - sold
        self.assertFalse(self._read(back)[back.lines.uuid]["passport"])

    def test_a_piece_that_is_not_handed_over_is_not_on_the_receipt(self):
        self._sell(self.high)
        self.assertEqual(self._read(self._sell(self.high)), {})

    def test_no_cost_is_on_a_receipt(self):
        piece = self._stock_piece(cost=873.19, list_price=1500)
        order = self._sell(piece)
        self.assertNotIn("873", str(self._read(order)))

    def test_a_surprise_is_not_mailed_to_whom_it_is_kept_from(self):
        self.client.email = "client@example.com"
        order = self._sell(self.high)
        order.write(
            {
                "discretion_until": fields.Date.today() + timedelta(days=9),
                "discretion_partner_ids": self.client.ids,
            }
        )
        with self.assertRaisesRegex(UserError, "is a surprise until"):
            order.action_send_receipt(" Client@Example.com ", b"", b"")
        self.assertFalse(order.message_ids.filtered("mail_ids"))
        order._check_receipt_address("buyer@example.com")
        order.discretion_until = fields.Date.today() - timedelta(days=1)
        order._check_receipt_address("client@example.com")


@tagged("post_install", "-at_install")
class TestCounterSections(RegisterCommon):
    """What is told of a customer at the counter."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cashier = cls._create_user("associate", "point_of_sale.group_pos_user", login="cashier")

    def _get_sections(self):
        config = self.config.with_user(self.cashier)
        return {
            section["title"]: section for section in config.get_counter_sections(self.client.id)
        }

    def test_of_a_new_customer_nothing_is_told(self):
        self.assertEqual(self._get_sections(), {})

    def test_what_a_customer_bought_is_told_newest_first(self):
        self._sell(self.low, partner_id=self.client.id)
        self._sell(self.high, partner_id=self.client.id)
        labels = [line["label"] for line in self._get_sections()["Bought before"]["lines"]]
        self.assertEqual([label.split()[0] for label in labels], [self.high.name, self.low.name])

    def test_what_came_back_is_not_told_as_bought(self):
        self._take_back(self._sell(self.low, partner_id=self.client.id))
        self.assertEqual(self._get_sections(), {})

    def test_what_is_owed_is_told_and_urgent(self):
        self._sell(self.high)
        self._sell(self.high, partner_id=self.client.id)
        owed = self._get_sections()["Paid and not handed over"]
        self.assertTrue(owed["is_urgent"])
        self.assertIn(self.high.name, owed["lines"][0]["label"])
        self.assertIn("2,000.00", owed["lines"][0]["value"])

    def test_store_credit_is_told(self):
        note = self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": self.client.id,
                "invoice_line_ids": [
                    fields.Command.create({"name": "Credit", "price_unit": 120, "tax_ids": False})
                ],
            }
        )
        note.action_post()
        (line,) = self._get_sections()["Store credit"]["lines"]
        self.assertIn("120.00", line["value"])

    def test_a_surprise_is_not_told_to_whom_it_is_kept_from(self):
        spouse = self._create_partner(name="Spouse", parent_id=self.client.id, type="contact")
        order = self._sell(self.low, partner_id=spouse.id)
        self.assertTrue(self._get_sections())
        order.write(
            {
                "discretion_until": fields.Date.today() + timedelta(days=9),
                "discretion_partner_ids": self.client.ids,
            }
        )
        self.assertEqual(self._get_sections(), {})
        order.discretion_until = fields.Date.today() - timedelta(days=1)
        self.assertTrue(self._get_sections())

    def test_what_somebody_else_bought_is_not_told(self):
        self._sell(self.low, partner_id=self._create_partner(name="Stranger").id)
        self.assertEqual(self._get_sections(), {})
