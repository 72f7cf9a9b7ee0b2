from odoo import Command
from odoo.tests import tagged

from .common import LayawayCommon


@tagged("post_install", "-at_install")
class TestReminding(LayawayCommon):
    """Customers are reminded of each instalment, before, at and after its day, each once."""

    def _messages(self, layaway):
        return self.env["sms.sms"].search([("partner_id", "=", layaway.partner_id.id)])

    def _stages(self, layaway, *days):
        """Return what was told of the second instalment after each of these nights."""
        stages = []
        for day in days:
            self._night(day)
            stages.append(layaway.instalment_ids[1].reminded)
        return stages

    # The second instalment is due after 30 days, reminded of 3 days before, late after 37.

    def test_each_stage_is_told_once(self):
        layaway = self._opened(self.high)
        self.assertEqual(self._stages(layaway, 26), [False])
        self.assertFalse(self._mails(layaway))
        for day, stage, count in ((27, "1_before", 1), (29, "1_before", 1), (30, "2_due", 2)):
            with self.subTest(day=day):
                self.assertEqual(self._stages(layaway, day), [stage])
                self.assertEqual(len(self._mails(layaway)), count)
        self._night(30)
        self.assertEqual(len(self._mails(layaway)), 2)

    def test_what_is_late_is_told_before_notice_is_given(self):
        layaway = self._opened(self.high)
        self._night(38)
        subjects = sorted(self._mails(layaway).mapped("subject"))
        self.assertEqual(len(subjects), 2)
        self.assertIn("A payment is late", subjects[0])
        self.assertIn("will end", subjects[1])
        self.assertIn("01/01/2027", self._mails(layaway).sorted("id")[-1].body_html)

    def test_a_night_that_was_missed_is_made_up_for_by_one_mail(self):
        layaway = self._opened(self.high)
        self._night(32)
        self.assertEqual(layaway.instalment_ids[1].reminded, "2_due")
        self.assertEqual(len(self._mails(layaway)), 1)

    def test_what_is_paid_is_not_reminded_of(self):
        layaway = self._opened(self.high)
        self._pay(layaway.deposit_id, 320)
        self._night(30)
        self.assertFalse(self._mails(layaway))

    def test_the_mail_says_what_is_to_be_paid_and_when(self):
        layaway = self._opened(self.high)
        self._night(27)
        body = self._mails(layaway).body_html
        self.assertIn("320.00", body)
        self.assertIn("12/10/2026", body)
        self.assertEqual(self._mails(layaway).recipient_ids, self.client)

    def test_a_surprise_is_told_to_nobody_it_is_kept_from(self):
        order = self._quote(self.high, **self._secret())
        layaway = self._opened(order=order, term=self._create_term(remind_by="both"))
        self._night(38)
        self.assertEqual(layaway.state, "notice")
        self.assertFalse(self._mails(layaway))
        self.assertFalse(self._messages(layaway))

    def test_terms_of_a_surprise_are_not_sent(self):
        layaway = self._draft(order=self._quote(self.low, **self._secret()))
        with self._refused("surprise"):
            layaway.action_send()

    def _secret(self):
        return {
            "discretion_until": "2027-12-24",
            "discretion_partner_ids": [Command.set(self.client.ids)],
        }

    def test_messages_are_sent_where_the_term_wants_it(self):
        layaway = self._opened(self.high, term=self._create_term(remind_by="both"))
        self._night(27)
        self.assertEqual(len(self._mails(layaway)), 1)
        self.assertIn("320.00", self._messages(layaway).body)

    def test_nothing_is_sent_where_the_term_does_not_want_it_or_there_is_no_address(self):
        silent = self._opened(self.high, term=self._create_term(remind_by="none"))
        self.client.email = False
        mute = self._opened(self.low)
        self._night(27)
        self.assertFalse(self._mails(silent) | self._mails(mute))
        # They are done with all the same.
        self.assertEqual(
            (silent | mute).instalment_ids.filtered("reminded").mapped("reminded"), ["1_before"] * 2
        )

    def test_the_nights_work_asks_no_more_for_many_than_for_few(self):
        few = self._opened(self.low)
        self._night(26)
        reminders = self.env["jewelry.layaway"]
        with self._days(27):
            self.env.flush_all()
            with self.assertQueryCount(1):
                found = reminders._get_reminders()
        self.assertEqual([row[0] for row in found], few.ids)
