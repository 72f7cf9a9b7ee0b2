from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import PosDepositCommon


@tagged("post_install", "-at_install")
class TestAccess(PosDepositCommon):
    """Who may do what with customers' money at a register."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.auditor = cls._create_user("employee", "jewelry_inventory.group_auditor")
        cls.cashier = cls._create_user("employee", "point_of_sale.group_pos_user", login="only_pos")
        cls.order = cls._take(cls.deposit, 500)

    def test_nobody_writes_by_hand_which_money_is_whose(self):
        other = self._open(self.low)
        for user in (self.cashier, self.associate, self.manager):
            line = self.order.lines.with_user(user)
            for values in (
                {"deposit_id": other.id},
                {"deposit_amount": 2000},
                {"deposit_item_id": False},
            ):
                with self.assertRaises(AccessError):
                    line.write(values)
        self.assertEqual(self._amounts(), (500, 500, 1500, 500))

    def test_a_line_that_is_made_by_hand_pays_no_deposit(self):
        lines = self.env["pos.order.line"].with_user(self.manager)
        values = {
            "order_id": self.order.id,
            "product_id": self.kind.product_id.id,
            "qty": 1,
            "price_subtotal": 100,
            "price_subtotal_incl": 100,
        }
        with self.assertRaises(AccessError):
            lines.create(values | {"deposit_id": self.deposit.id})
        lines.create(values | {"deposit_number": self.deposit.name})
        self.assertEqual(self.deposit.amount_paid, 500)

    def test_a_price_that_is_changed_afterwards_makes_nothing_paid(self):
        line = self.order.lines.with_user(self.manager)
        line.write({"price_subtotal": 2000, "price_subtotal_incl": 2000})
        self.assertEqual(self.deposit.amount_paid, 500)

    def test_a_cashier_without_rights_on_deposits_takes_hands_over_and_closes(self):
        self.assertFalse(self.deposit.with_user(self.cashier).has_access("write"))
        order = self._take(self.deposit, 1500, handed=True, user=self.cashier)
        self.assertFalse(order.conflict_ids)
        self.assertEqual((self.high.piece_status, self.deposit.state), ("sold", "closed"))
        session = self._open_session()
        session.with_user(self.cashier).action_pos_session_closing_control()
        self.assertEqual(session.state, "closed")
        self.assertEqual((self._owed(), self.deposit.amount_held), (0, 0))

    def test_an_auditor_reads_what_is_pending_and_takes_nothing(self):
        deposit = self.deposit.with_user(self.auditor)
        self.assertEqual(deposit.amount_pending, 500)
        for act in (
            lambda: deposit.write({"amount_pending": 0}),
            lambda: self.config.with_user(self.auditor).get_deposits(self.client.id),
            lambda: self.config.with_user(self.auditor).prepare_deposit_lines(self.deposit.id, 1),
        ):
            with self.assertRaises(AccessError):
                act()

    def test_the_register_of_another_company_is_told_nothing(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._create_user(
            "manager",
            "point_of_sale.group_pos_manager",
            login="stranger",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        config = self.config.with_user(stranger)
        for act in (
            lambda: config.get_deposits(self.client.id),
            lambda: config.prepare_deposit_lines(self.deposit.id, 10),
        ):
            with self.assertRaises(AccessError):
                act()

    def test_no_cost_is_told_to_a_register(self):
        answer = str(self.config.with_user(self.associate).get_deposits(self.client.id))
        self.assertNotIn(str(self.high.sudo().standard_price), answer)
        self.assertNotIn("cost", answer)
