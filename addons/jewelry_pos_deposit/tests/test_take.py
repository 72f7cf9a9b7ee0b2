from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import PosDepositCommon


@tagged("post_install", "-at_install")
class TestTake(PosDepositCommon):
    """What registers take counts at once, and is in the ledger when their session is closed."""

    # === MONEY === #

    def test_what_a_register_takes_is_paid_at_once_and_in_no_ledger_yet(self):
        order = self._take(self.deposit, 500)
        self.assertEqual((order.state, order.lines.deposit_id), ("paid", self.deposit))
        self.assertEqual(self._amounts(), (500, 500, 1500, 500))
        self.assertEqual(self._owed(), 0)
        self.assertFalse(order.conflict_ids)

    def test_the_customer_sees_what_a_register_took_before_and_after_it_is_in_the_ledger(self):
        self._take(self.deposit, 500)
        self._take(self.deposit, -200, user=self.manager)
        today = fields.Date.context_today(self.deposit)
        for _before_and_after in range(2):
            receipts = self.deposit._get_receipts()
            self.assertEqual(
                sorted((amount, day) for _move, day, amount in receipts),
                [(-200, today), (500, today)],
            )
            values = {"receipts": receipts, "deposit": self.deposit, "address": "/my/deposits/1"}
            page = str(self.env["ir.qweb"]._render("jewelry_deposit.deposit_receipts", values))
            self.assertIn("500.00", page)
            # There is nothing on paper but the receipt of the register.
            self.assertNotIn("/receipt/", page)
            self._close()
            self._open_session()

    def test_the_closing_owes_it_by_an_item_of_its_own(self):
        self._take(self.deposit, 500)
        other = self._open(self.low, partner_id=self._create_partner(name="Other").id)
        self._take(other, 100, self._prepare_line(self._stock_piece(list_price=70)))
        session = self._close()
        items = session.move_id.line_ids.filtered("deposit_id")
        self.assertEqual(
            {(item.deposit_id, item.partner_id, item.deposit_act, item.credit) for item in items},
            {
                (self.deposit, self.client, "received", 500.0),
                (other, other.partner_id, "received", 100.0),
            },
        )
        self.assertEqual(items.account_id, self.kind.account_id)
        self.assertEqual(self._amounts(), (500, 500, 1500, 0))
        self.assertEqual(self._owed(), 600)

    def test_the_details_of_a_session_count_goods_and_no_deposit_as_sold(self):
        piece = self._stock_piece(list_price=70)
        order = self._take(self.deposit, 500, self._prepare_line(piece))
        reports = self.env["report.point_of_sale.report_saledetails"]
        details = reports.get_sale_details(session_ids=order.session_id.ids)
        sold = [row["product_id"] for group in details["products"] for row in group["products"]]
        self.assertEqual(sold, piece.product_id.ids)
        self.assertEqual(details["products_info"]["total"], 70)
        # What was paid is among the payments.
        self.assertEqual(sum(row["total"] for row in details["payments"]), 570)

    def test_an_invoiced_order_owes_it_by_its_invoice(self):
        self.client.email = False
        order = self._take(self.deposit, 500, to_invoice=True)
        invoice = order.account_move
        self.assertEqual(invoice.state, "posted")
        item = invoice.line_ids.filtered("deposit_id")
        self.assertEqual((item.deposit_id, item.deposit_act), (self.deposit, "received"))
        self.assertEqual(self._amounts(), (500, 500, 1500, 0))
        self._close()
        self.assertEqual(self._owed(), 500)
        self.assertEqual(self._amounts(), (500, 500, 1500, 0))

    def test_an_order_that_is_invoiced_after_the_closing_owes_it_once(self):
        order = self._take(self.deposit, 500)
        kept = self._take(self.deposit, 200)
        self._close()
        order.with_context(generate_pdf=False)._generate_pos_order_invoice()
        self.assertEqual(order.account_move.state, "posted")
        self.assertEqual(self._amounts(), (700, 700, 1300, 0))
        self.assertEqual(self._owed(), 700)
        self.assertTrue(kept.lines.deposit_item_id)

    def test_several_deposits_pieces_and_tenders_are_on_one_order(self):
        second = self._open(self.low)
        piece = self._stock_piece(list_price=70)
        rows = self._rows(self.deposit, 500) + self._rows(second, 100)
        order = self._prepare_order(*rows, piece, partner_id=self.client.id)
        payment = order["payment_ids"][0][2]
        more = payment | {"uuid": "more", "payment_method_id": self.cash.id, "amount": 300}
        payment["amount"] -= 300
        order["payment_ids"].append(Command.create(more))
        paid = self._sync(order)
        self.assertFalse(paid.conflict_ids)
        self.assertEqual((self.deposit.amount_paid, second.amount_paid), (500, 100))
        self.assertEqual(piece.piece_status, "sold")
        self._close()
        self.assertEqual(self._owed(), 600)

    def test_an_instalment_counts_while_the_session_is_open(self):
        today = fields.Date.context_today(self.deposit)
        self.deposit.instalment_ids = [
            Command.create({"date": today, "amount": 500}),
            Command.create({"date": today + timedelta(days=30), "amount": 1500}),
        ]
        self.assertEqual(self.deposit._get_next_amount(), 500)
        self._take(self.deposit, 600)
        self.assertEqual(self.deposit.instalment_ids.mapped("amount_open"), [0, 1400])
        self.assertEqual(self.deposit.date_due, today + timedelta(days=30))
        self.assertEqual(self.deposit._get_next_amount(), 1400)

    def test_an_order_without_customer_pays_the_deposit_it_names(self):
        order = self._take(self.deposit, 500, partner_id=False)
        self.assertEqual(self.deposit.amount_paid, 500)
        self.assertFalse(order.conflict_ids)
        session = self._close()
        self.assertEqual(session.move_id.line_ids.filtered("deposit_id").partner_id, self.client)

    def test_a_draft_order_is_no_money(self):
        rows = self._rows(self.deposit, 500)
        draft = self._prepare_order(*rows, state="draft", payment_ids=[], amount_paid=0)
        order = self._sync(draft)
        self.assertEqual(self._amounts(), (0, 0, 2000, 0))
        order.action_pos_order_cancel()
        self.assertEqual(self._amounts(), (0, 0, 2000, 0))

    def test_the_line_tells_what_is_left_as_the_server_knows_it(self):
        rows = self._rows(self.deposit, 500)
        self._pay(self.deposit, 300)
        order = self._sell_rows(*rows, partner_id=self.client.id)
        self.assertEqual(rows[0]["deposit_due"], 1500)
        self.assertEqual(order.lines.deposit_due, 1200)

    def test_the_analysis_of_invoices_counts_no_deposit_of_a_register(self):
        order = self._take(self.deposit, 500, to_invoice=True)
        report = self.env["account.invoice.report"].search(
            [("move_id", "=", order.account_move.id)]
        )
        self.assertFalse(report)

    def test_the_analysis_of_registers_counts_goods_and_no_deposit(self):
        order = self._take(self.deposit, 500, self._stock_piece(list_price=70))
        self.env.flush_all()
        rows = self.env["report.pos.order"].search([("order_id", "=", order.id)])
        self.assertEqual(rows.mapped("price_total"), [70])

    # === TIE-OUT === #

    def _tie_out(self, days=0):
        """Return the figures of so many days ago."""
        day = fields.Date.context_today(self.deposit) - timedelta(days=days)
        ties = self.env["jewelry.deposit.tie.out"].with_context(deposit_date=day)
        rows = ties.search(
            [("account_id", "=", self.kind.account_id.id), ("company_id", "=", self.company.id)]
        )
        figures = rows.amount_documents, rows.amount_ledger, rows.difference, rows.amount_pending
        self.env.invalidate_all()
        return figures

    def test_the_tie_out_shows_beside_what_is_in_open_registers(self):
        self._pay(self.deposit, 100)
        self._take(self.deposit, 500)
        self.env.flush_all()
        self.assertEqual(self._tie_out(), (100, 100, 0, 500))
        self._close()
        self.env.flush_all()
        self.assertEqual(self._tie_out(), (600, 600, 0, 0))

    def test_the_tie_out_of_a_day_shows_what_was_in_open_registers_then(self):
        order = self._take(self.deposit, 500)
        order.date_order -= timedelta(days=2)
        self.env.flush_all()
        self.assertEqual(self._tie_out(days=1), (0, 0, 0, 500))
        self.assertEqual(self._tie_out(days=3), (0, 0, 0, 0))
        self._close()
        self.env.flush_all()
        # The session was closed today: yesterday the money was in the drawer, and in no ledger.
        self.assertEqual(self._tie_out(days=1), (0, 0, 0, 500))
        self.assertEqual(self._tie_out(), (500, 500, 0, 0))

    # === WHAT A REGISTER IS TOLD === #

    def _find(self, partner=None, query="", user=None, config=None):
        config = (config or self.config).with_user(user or self.associate)
        answer = config.get_deposits(partner.id if partner else False, query)
        return [row["number"] for row in answer["deposits"]]

    def test_a_deposit_is_found_by_customer_number_order_and_piece(self):
        name = self.deposit.name
        self.assertEqual(self._find(self.client), [name])
        for query in (name, self.deposit.order_id.name, self.high.name, "Client"):
            self.assertIn(name, self._find(query=query))
        self.assertFalse(self._find(query="No such thing"))

    def test_without_a_customer_what_is_due_next_is_shown(self):
        self.assertNotIn(self.deposit.name, self._find())
        today = fields.Date.context_today(self.deposit)
        self.deposit.instalment_ids = [Command.create({"date": today, "amount": 2000})]
        self.assertIn(self.deposit.name, self._find())

    def test_a_register_is_told_what_the_cashier_needs(self):
        self._pay(self.deposit, 500)
        answer = self.config.with_user(self.associate).get_deposits(self.client.id)
        (row,) = answer["deposits"]
        self.assertFalse(answer["can_refund"])
        self.assertTrue(self.config.with_user(self.manager).get_deposits()["can_refund"])
        self.assertEqual(
            (row["total"], row["paid"], row["due"], row["next_amount"], row["refundable"]),
            (2000, 500, 1500, 1500, 500),
        )
        self.assertEqual(row["pieces"][0]["number"], self.high.name)
        self.assertTrue(row["can_hand_over"])
        self.assertNotIn("900", str(row))

    def test_a_closed_deposit_and_one_in_another_currency_are_not_shown(self):
        self._open_foreign(self._create_currency(), self.low)
        self.deposit._set_closed()
        self.assertFalse(self._find(self.client))

    def test_a_surprise_is_not_shown_to_whom_it_is_kept_from(self):
        self.deposit.order_id.write(
            {
                "discretion_until": fields.Date.today() + timedelta(days=9),
                "discretion_partner_ids": [Command.set(self.client.ids)],
            }
        )
        self.assertFalse(self._find(self.client))
        self.assertFalse(self.client._get_deposit_sections())

    def test_more_than_is_to_pay_is_not_offered(self):
        config = self.config.with_user(self.associate)
        for amount, message in ((2000.01, "at most"), (0, "Enter an amount"), (-1, "manager")):
            with self._refused(message):
                config.prepare_deposit_lines(self.deposit.id, amount)

    def test_the_panel_of_the_customer_tells_deposits_and_credit(self):
        credit = self.deposit._get_credit()
        self._pay(credit, 70)
        self._take(self.deposit, 500)
        sections = self.config.with_user(self.associate).get_counter_sections(self.client.id)
        text = str(sections)
        self.assertIn(self.deposit.name, text)
        self.assertIn(credit.name, text)
        self.assertIn("1,500.00", text)
        self.assertIn("70.00", text)

    def test_an_associate_reads_nothing_by_a_register_of_another_company(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.associate.write({"company_ids": [Command.set(company.ids)], "company_id": company.id})
        with self.assertRaises(UserError):
            self._find(self.client)

    # === SPEED === #

    def test_many_deposits_are_told_with_as_many_questions_as_a_few(self):
        more = [self._open(self._stock_piece(list_price=10)) for _number in range(12)]
        self.env.flush_all()

        def count():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.config.get_deposits(self.client.id)
            return self.env.cr.sql_log_count - before

        many = count()
        self.env["jewelry.deposit"].concat(*more[2:])._set_closed()
        self.env.flush_all()
        self.assertLessEqual(many, count() + 4)

    def test_a_payment_asks_the_database_little_more_than_other_goods(self):
        goods = self.env["product.product"].create({"name": "Box", "type": "service"})
        plain = self._raw(self.deposit, 50) | {"product_id": goods.id, "deposit_number": False}

        def count(row):
            order = self._prepare_order(row, partner_id=self.client.id)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["pos.order"].sync_from_ui([order])
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(self._raw(self.deposit, 50))
        self.assertLessEqual(count(self._raw(self.deposit, 50)) - count(plain), 45)
