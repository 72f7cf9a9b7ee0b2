from odoo import Command, fields
from odoo.tests import HttpCase, tagged

from odoo.addons.jewelry_inventory.tests.units_common import UnitsCommon

from .common import PosDepositCommon

MINUTE = 60


@tagged("post_install", "-at_install")
class TestDepositTours(PosDepositCommon, HttpCase):
    """What cashiers do with deposits at a register, in a real browser."""

    # A busy machine makes the register's files while other requests wait.
    test_cursor_lock_timeout = 2 * MINUTE

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.high.name = "P-200"
        cls.deposit.name = "D-TOUR"
        if "module_pos_hr" in cls.config:
            cls.config.module_pos_hr = False

    def _tour(self, name, user):
        self.config.with_user(user).open_ui()
        user.password = user.login
        self.start_tour(f"/pos/ui/{self.config.id}", name, login=user.login, timeout=3 * MINUTE)
        # What the browser did is read anew.
        self.env.invalidate_all()

    def test_an_instalment_is_taken_and_the_receipt_tells_what_is_left(self):
        today = fields.Date.context_today(self.deposit)
        self.deposit.instalment_ids = [
            Command.create({"date": today, "amount": 500}),
            Command.create({"date": fields.Date.add(today, days=30), "amount": 1500}),
        ]
        self._tour("jewelry_pos_deposit_instalment", self.associate)
        self.assertEqual(self._amounts(), (500, 500, 1500, 500))
        self.assertEqual(self.deposit.instalment_ids.mapped("amount_open"), [0, 1500])

    def test_the_last_payment_is_found_by_a_scan_and_hands_over(self):
        self.deposit.name = "D2099/00001"
        self._pay(self.deposit, 500)
        self._tour("jewelry_pos_deposit_last", self.associate)
        self.assertEqual((self.high.piece_status, self.deposit.state), ("sold", "closed"))
        self.assertEqual(self.deposit.order_id.invoice_ids.state, "posted")

    def test_a_manager_gives_back_with_a_reason(self):
        self._pay(self.deposit, 500)
        self._tour("jewelry_pos_deposit_give_back", self.manager)
        self.assertEqual(self._amounts(), (300, 300, 1700, -200))
        self.assertIn("Card is closed", str(self.deposit.message_ids.mapped("body")))

    def test_an_associate_gives_nothing_back(self):
        self._pay(self.deposit, 500)
        self._tour("jewelry_pos_deposit_associate", self.associate)
        self.assertEqual(self.deposit.amount_held, 500)


@tagged("post_install", "-at_install")
class TestDepositUnits(UnitsCommon):
    """The units of the register's screens of deposits."""

    def test_the_suite_of_deposits_passes(self):
        self._run_units("jewelry_pos_deposit")
