from uuid import uuid4

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.jewelry_pos_hr.models.jewelry_pin_failure import LIMIT

from .common import PinRefundCommon


@tagged("post_install", "-at_install")
class TestRefundByPin(PinRefundCommon):
    """Who stands at the register decides whether money is given back, not who is logged in."""

    def _agreements(self):
        return self.env["jewelry.refund.agreement"].search([])

    def test_a_manager_gives_back_by_pin_where_an_associate_is_logged_in(self):
        uuid = str(uuid4())
        answer = self._ask(200, uuid=uuid)
        rows = self._rows_of(answer)
        order = self._prepare_order(*rows, partner_id=self.client.id) | {"uuid": uuid}
        paid = self._sync(order, user=self.associate)
        self.assertFalse(paid.conflict_ids)
        self.assertEqual(self._amounts(), (300, 300, 1700, -200))
        agreement = self._agreements()
        self.assertEqual(
            (agreement.manager_id, agreement.asked_by_id), (self.manager, self.associate)
        )
        self.assertEqual(
            (agreement.order_uuid, agreement.amount, agreement.reason), (uuid, 200, "Ill")
        )

    def test_whoever_is_logged_in_as_a_manager_does_not_decide(self):
        order = self._give(200, user=self.manager)
        self.assertEqual((order.state, order.conflict_ids.kind), ("paid", "deposit"))
        self.assertEqual(self.deposit.amount_held, 500)
        with self.assertRaisesRegex(UserError, "Only a manager"):
            self.config.with_user(self.manager).prepare_deposit_lines(self.deposit.id, -200)

    def test_no_more_is_given_back_than_was_agreed_to(self):
        order = self._give(200.01, agreed=200)
        self.assertEqual(order.conflict_ids.kind, "deposit")
        self.assertEqual(self.deposit.amount_held, 500)

    def test_two_lines_are_within_what_was_agreed_to_together(self):
        uuid = str(uuid4())
        self._ask(200, uuid=uuid)
        rows = [self._raw(self.deposit, -150), self._raw(self.deposit, -150)]
        order = self._prepare_order(*rows, partner_id=self.client.id) | {"uuid": uuid}
        paid = self._sync(order, user=self.associate)
        self.assertEqual(len(paid.conflict_ids), 2)
        self.assertEqual(self.deposit.amount_held, 500)

    def test_what_was_agreed_to_on_one_order_is_not_for_another(self):
        self._ask(200)
        order = self._give(200)
        self.assertEqual(order.conflict_ids.kind, "deposit")

    def test_a_wrong_pin_agrees_to_nothing_and_is_counted(self):
        self.assertIn("not the PIN", self._ask(200, pin="0000")["error"])
        self.assertFalse(self._agreements())
        failure = self.env["jewelry.pin.failure"].search([])
        self.assertEqual((failure.employee_id, failure.user_id), (self.boss, self.associate))
        for _time in range(LIMIT - 1):
            self._ask(200, pin="0000")
        self.assertIn("Too many", self._ask(200)["error"])

    def test_an_apprentice_agrees_to_nothing(self):
        answer = self._ask(200, pin="1234", who=self.apprentice)
        self.assertIn("Choose a manager", answer["error"])

    def test_no_more_is_agreed_to_than_is_held(self):
        for amount, message in ((500.01, "500.00 at most"), (0, "more than nothing")):
            with self.assertRaisesRegex(UserError, message):
                self._ask(amount)
        self.assertFalse(self._agreements())

    def test_the_register_is_told_who_may_agree(self):
        register = self.config.with_user(self.associate)
        answer = register.get_deposits(self.client.id)
        self.assertEqual(answer["managers"], [{"id": self.boss.id, "name": self.boss.name}])
        self.assertTrue(answer["can_refund"])
        self.config.module_pos_hr = False
        answer = register.get_deposits(self.client.id)
        self.assertEqual((answer["can_refund"], "managers" in answer), (False, False))

    def test_a_register_that_knows_no_employees_goes_by_who_is_logged_in(self):
        self.config.module_pos_hr = False
        order = self._give(200, user=self.manager)
        self.assertFalse(order.conflict_ids)
        self.assertEqual(self.deposit.amount_held, 300)

    def test_a_credit_pays_for_goods_without_a_pin(self):
        credit = self.deposit._get_credit()
        self._pay(credit, 300)
        row = self._prepare_line(self.low, price_unit=300)
        order = self._prepare_order(row, self._raw(credit, -300), partner_id=self.client.id)
        order |= {"payment_ids": [], "amount_total": 0, "amount_paid": 0}
        paid = self._sync(order, user=self.associate)
        self.assertFalse(paid.conflict_ids)
        self.assertEqual(credit.amount_held, 0)
