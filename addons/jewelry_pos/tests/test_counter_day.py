import json
from urllib.parse import quote

from odoo.tests import HttpCase, tagged

from .counter_common import CounterCommon

MINUTE = 60


@tagged("post_install", "-at_install")
class TestCounterDay(CounterCommon, HttpCase):
    """A day at the counter, from the cash that opens it to the accountant's books."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Whoever takes money out of the drawer may enter it in the books.
        cls.manager.group_ids += cls.env.ref("account.group_account_invoice")
        cls.low.name, cls.high.name = "P-100", "P-200"
        cls.window = cls._stock_piece(cost=400, list_price=1000, name="P-300")
        cls.window.sudo().price_floor = 800
        cls.wanted = cls._stock_piece(cost=250, list_price=600, name="P-400")
        cls.other = cls._create_register("Register 2")
        if "module_pos_hr" in cls.config:
            cls.config.module_pos_hr = False

    def _work(self, part, user, **options):
        """Play a part of the day in the browser of a user."""
        user.password = user.login
        self.config.with_user(user).open_ui()
        self.start_tour(
            f"/pos/ui/{self.config.id}",
            f"jewelry_pos_day_{part}",
            login=user.login,
            timeout=4 * MINUTE,
            **options,
        )

    def test_a_day_from_the_opening_cash_to_the_books(self):
        rival = self._prepare_order(self.wanted, session=self._open_session(self.other))
        self._work("opens", self.manager)
        self._work("sells", self.associate, cookies={"rival": quote(json.dumps(rival))})
        session = self.config.current_session_id
        self._work("closes", self.manager)
        self._assert_counted(session)
        self._assert_handed_over()
        self._assert_booked(session)

    def _assert_counted(self, session):
        self.assertEqual(session.state, "closed")
        self.assertEqual(session.cash_register_balance_start, 200)
        self.assertEqual(session.cash_register_balance_end_real, 660)
        self.assertEqual(session.cash_register_difference, 0)

    def _assert_handed_over(self):
        status = {
            piece.name: piece.piece_status
            for piece in self.low | self.high | self.window | self.wanted
        }
        self.assertEqual(
            status, {"P-100": "available", "P-200": "sold", "P-300": "sold", "P-400": "sold"}
        )
        conflict = self.env["jewelry.sale.conflict"].search([])
        self.assertEqual((conflict.piece_id, conflict.config_id), (self.wanted, self.config))

    def _assert_booked(self, session):
        """Of this register: 2,000 and 500 sold, costing 900 and 400; 600 owed to a customer."""
        moves = session._get_related_account_moves()
        self.assertEqual(set(moves.mapped("state")), {"posted"})
        for move in moves:
            self.assertEqual(sum(move.line_ids.mapped("balance")), 0)
        items = moves.line_ids
        for account, balance in (
            (self.income, -2500),
            (self.expense, 1300),
            (self.stock_account, -1300),
            (self.deposits, -600),
        ):
            with self.subTest(account=account.name):
                found = items.filtered(lambda line, account=account: line.account_id == account)
                self.assertEqual(sum(found.mapped("balance")), balance)
