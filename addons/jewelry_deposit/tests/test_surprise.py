from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import DepositCommon


@tagged("post_install", "-at_install")
class TestSurprise(DepositCommon):
    """What is paid ahead for a surprise is told nobody whom it is kept from."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.spouse = cls._create_user("associate", "account.group_account_invoice")
        cls.other = cls._create_user("associate", login="other")
        cls.deposit = cls._open(
            discretion_until="2099-12-24",
            discretion_partner_ids=[Command.set(cls.spouse.partner_id.ids)],
        )
        cls.plain = cls._open(cls.low)

    def _seen(self, records, user):
        return records.with_user(user).search([("id", "in", records.ids)])

    def test_a_colleague_whom_it_is_kept_from_does_not_see_the_deposit(self):
        both = self.deposit | self.plain | self.plain._get_credit()
        self.assertEqual(self._seen(both, self.spouse), both - self.deposit)
        self.assertEqual(self._seen(both, self.other), both)

    def test_it_is_seen_once_its_day_is_over(self):
        self.deposit.order_id.discretion_until = "2020-12-24"
        self.assertTrue(self._seen(self.deposit, self.spouse))

    def test_its_schedule_and_what_was_spent_for_it_are_not_seen_either(self):
        for deposit in self.deposit | self.plain:
            deposit.instalment_ids = [
                Command.create({"date": "2099-01-01", "amount": deposit.amount_total})
            ]
            deposit.consumption_ids = [Command.create({"name": "Stone", "amount": 10})]
        both = self.deposit | self.plain
        for lines in ("instalment_ids", "consumption_ids"):
            with self.subTest(lines=lines):
                self.assertEqual(self._seen(both[lines], self.spouse), self.plain[lines])
                self.assertEqual(self._seen(both[lines], self.other), both[lines])
        with self.assertRaises(AccessError):
            self.deposit.instalment_ids.with_user(self.spouse).read(["amount"])

    def test_what_it_holds_on_a_day_is_not_seen_either(self):
        self._pay(self.deposit, 500)
        self._pay(self.plain, 100)
        self.env.flush_all()
        balances = self.env["jewelry.deposit.balance"].with_user(self.spouse).search([])
        self.assertIn(self.plain, balances.deposit_id)
        self.assertNotIn(self.deposit.id, balances.deposit_id.ids)

    def test_its_receipts_are_surprises_too(self):
        receipt = self._pay(self.deposit, 500).reconciled_invoice_ids
        self.assertEqual(receipt.discretion_partner_ids, self.spouse.partner_id)
        self.assertFalse(self._seen(receipt, self.spouse))
        self.assertTrue(self._seen(self._pay(self.plain, 100).reconciled_invoice_ids, self.spouse))

    def test_no_mail_of_it_reaches_whom_it_is_kept_from(self):
        self.deposit.message_subscribe(self.spouse.partner_id.ids)
        message = self.deposit.message_post(
            body="Paid", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.assertNotIn(self.spouse.partner_id, message.notified_partner_ids)
