import time
from unittest.mock import patch

from odoo.tests import tagged

from ..models import jewelry_layaway_reminding as reminding
from .common import LayawayCommon


@tagged("post_install", "-at_install")
class TestNight(LayawayCommon):
    """The night's work ends the same night, however much it is and whoever is in its way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cron = cls.env.ref("jewelry_layaway.ir_cron_follow_schedules")
        cls.term.remind_by = "mail"

    # === STEPS AND READERS === #

    def _run(self, seconds, days):
        """Let the scheduled action run once, batch by batch of one, with so many seconds to go;
        return what it says it has done and left.
        """
        progress = self.env["ir.cron.progress"].create({"cron_id": self.cron.id})
        with (
            self._days(days),
            patch.object(reminding, "BATCH", 1),
            patch.object(self.env.cr, "commit", self.env.flush_all),
        ):
            layaways = self.env["jewelry.layaway"].with_context(
                cron_id=self.cron.id,
                ir_cron_progress_id=progress.id,
                # Clocks of all kinds have gone on by so many days.
                cron_end_time=time.monotonic() + seconds,
            )
            layaways._cron_follow_schedules()
        return progress.done, progress.remaining

    def _told(self, layaways):
        return [len(self._mails(layaway)) for layaway in layaways]

    def _three(self, **term):
        terms = self._create_term(**term)
        pieces = (self.low, self.high, self._stock_piece(cost=10, list_price=1000))
        return self.env["jewelry.layaway"].union(
            *(self._opened(piece, term=terms) for piece in pieces)
        )

    def _busy(self, busy):
        """Let somebody else hold the locks of a deposit for the block."""
        deposits = type(busy.deposit_id)
        act = deposits.try_lock_for_update

        def lock(records, **options):
            return act(records - busy.deposit_id, **options)

        return patch.object(deposits, "try_lock_for_update", lock)

    # === TIME === #

    def test_a_run_without_time_says_what_is_left_and_the_next_does_it(self):
        layaways = self._three()
        self.assertEqual(self._run(seconds=-1, days=30), (1, 2))
        self.assertEqual(self._told(layaways), [1, 0, 0])
        self.assertEqual(self._run(seconds=-1, days=30), (1, 1))
        self.assertEqual(self._run(seconds=-1, days=30), (1, 0))
        self.assertEqual(self._told(layaways), [1, 1, 1])
        self.assertEqual(self._run(seconds=-1, days=30), (0, 0))
        self.assertEqual(self._told(layaways), [1, 1, 1])

    def test_a_run_with_time_does_everything(self):
        layaways = self._three()
        self.assertEqual(self._run(seconds=600, days=30), (3, 0))
        self.assertEqual(self._told(layaways), [1, 1, 1])

    def test_notices_and_ends_wait_for_the_next_run_as_well(self):
        layaways = self._three()
        # That they are late is told first, then notice is given.
        self.assertEqual(self._run(seconds=-1, days=38), (1, 5))
        self.assertEqual(set(layaways.mapped("state")), {"open"})
        self.assertEqual(self._run(seconds=600, days=38), (5, 0))
        self.assertEqual(set(layaways.mapped("state")), {"notice"})
        self.assertEqual(self._run(seconds=-1, days=53), (1, 2))
        self.assertEqual(sorted(layaways.mapped("state")), ["credited", "notice", "notice"])
        self.assertEqual(self._run(seconds=600, days=53), (2, 0))
        self.assertEqual(set(layaways.mapped("state")), {"credited"})
        self.assertEqual(self._laid(), 0)

    # === OTHERS AT WORK === #

    def test_one_that_is_being_paid_is_told_another_time_and_keeps_no_other_from_it(self):
        layaways = self._three()
        with self._busy(layaways[1]):
            self.assertEqual(self._run(seconds=600, days=30), (3, 0))
            self.assertEqual(self._told(layaways), [1, 0, 1])
        self._run(seconds=600, days=31)
        self.assertEqual(self._told(layaways), [1, 1, 1])

    def test_one_that_is_being_paid_gets_no_notice_and_is_not_ended_meanwhile(self):
        layaways = self._three()
        with self._busy(layaways[1]):
            self._night(38)
            self.assertEqual(layaways.mapped("state"), ["notice", "open", "notice"])
        self._night(39)
        self.assertEqual(set(layaways.mapped("state")), {"notice"})

    def test_who_has_paid_since_the_list_was_made_is_not_told(self):
        layaways = self._three()
        with self._days(30):
            listed = dict(self.env["jewelry.layaway"]._get_reminders())
            self.assertEqual(set(listed), set(layaways.ids))
            self._pay(layaways[0].deposit_id, layaways[0].deposit_id._get_next_amount())
            self.env["jewelry.layaway"]._remind(listed)
        self.assertEqual(self._told(layaways), [0, 1, 1])
        self.assertEqual(layaways[0].instalment_ids.mapped("reminded"), [False] * 6)

    def test_a_layaway_that_was_deleted_since_the_list_was_made_is_no_obstacle(self):
        layaways = self._three()
        with self._days(30):
            listed = dict(self.env["jewelry.layaway"]._get_reminders())
            gone = layaways[0]
            gone.sudo().instalment_ids.unlink()
            self.env["jewelry.layaway"]._remind(listed)
        self.assertEqual(self._told(layaways), [0, 1, 1])

    def test_a_notice_that_is_no_longer_due_is_taken_back(self):
        layaway = self._opened(self.high)
        self._night(38)
        # As if somebody had moved the day by hand.
        layaway.deposit_id.sudo().instalment_ids.filtered("amount_open").date = "2027-12-31"
        self.assertEqual(layaway.state, "notice")
        self._night(53)
        self.assertEqual((layaway.state, layaway.date_notice), ("open", False))

    # === WHAT CANNOT BE DONE === #

    def test_what_cannot_be_ended_is_asked_for_once_however_many_nights_pass(self):
        layaway = self._opened(self.high)
        self._night(38)
        with self._failing(layaway):
            for day in (53, 54, 55):
                self._night(day)
                self.assertEqual(layaway.activity_ids.mapped("summary"), ["Not ended"])
        self._night(56)
        self.assertEqual(layaway.state, "credited")

    def test_what_is_asked_for_again_is_asked_for_as_it_is_now(self):
        layaway = self._opened(self.high)
        layaway._tell("Not ended", "First reason")
        layaway._tell("Something else", "Other")
        layaway._tell("Not ended", "Second reason")
        self.assertEqual(
            sorted(layaway.activity_ids.mapped("summary")), ["Not ended", "Something else"]
        )
        asked = layaway.activity_ids.filtered(lambda one: one.summary == "Not ended")
        self.assertIn("Second reason", asked.note)
        asked.action_feedback()
        layaway._tell("Not ended", "Third reason")
        self.assertEqual(len(layaway.activity_ids), 2)

    # === LANGUAGES AND COMPANIES === #

    def test_customers_are_told_by_their_own_company(self):
        layaway = self._opened(self.high)
        self.company.email = "store@example.com"
        layaway.order_id.user_id = False
        self._night(30)
        mail = self._mails(layaway)
        self.assertIn("store@example.com", mail.email_from)
        self.assertIn(self.company.name, mail.body_html)

    def test_a_template_that_is_removed_gives_notice_all_the_same(self):
        layaway = self._opened(self.high)
        self.env.ref("jewelry_layaway.mail_template_notice").unlink()
        self._night(38)
        self.assertEqual(layaway.state, "notice")
