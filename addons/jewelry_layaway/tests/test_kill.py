import signal
import time
from tempfile import TemporaryDirectory

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import tagged

from odoo.addons.jewelry_inventory.tests.kill_common import PATIENCE, KillCase

from ..models.jewelry_layaway_reminding import BATCH
from .race_common import LONG_AGO, make_late, make_many, open_one

# A server that does nothing but scheduled actions.
CRON = ("--no-http", "--max-cron-threads=1")


@tagged("post_install", "-at_install", "-standard", "jewelry_full")
class TestKilledNight(KillCase):
    """A server that is killed in the middle of the night's work, each time a little later in a
    batch, and one that is started again. Servers and a copy of the database take minutes.
    """

    MANY = 5 * BATCH
    ENDING = 3
    KILLS = 2

    def _prepare(self):
        """Leave many customers to remind, and a few layaways to end."""
        registry = Registry.new(self.database)
        with registry.cursor() as cursor:
            env = api.Environment(cursor, SUPERUSER_ID, {"tracking_disable": True})
            many = make_many(env, self.MANY)
            late = env["jewelry.layaway"].union(
                *(open_one(env, 1000) for _number in range(self.ENDING))
            )
            for layaway in late:
                make_late(layaway)
            late._set_state("notice")
            late.date_notice = LONG_AGO
            cron = env.ref("jewelry_layaway.ir_cron_follow_schedules")
            env["ir.cron"].search([("id", "!=", cron.id)]).active = False
            cron.nextcall = "2020-01-01"
            self.many, self.late = many.ids, late.ids
        self._forget()

    def _count(self):
        """Return how many were reminded, how many mails they have, and how many have ended."""
        return self._ask(
            """SELECT (SELECT COUNT(*) FROM jewelry_deposit_instalment instalment
                         JOIN jewelry_layaway layaway USING (deposit_id)
                        WHERE layaway.id = ANY(%(many)s) AND reminded = '2_due'),
                      (SELECT COUNT(*) FROM mail_message
                        WHERE model = 'jewelry.layaway' AND res_id = ANY(%(many)s)
                          AND message_type = 'email_outgoing'),
                      (SELECT COUNT(*) FROM jewelry_layaway
                        WHERE id = ANY(%(late)s) AND state = 'credited')""",
            {"many": self.many, "late": self.late},
        )

    def _ask(self, query, params):
        with self._connect(self.database) as cursor:
            cursor.execute(query, params)
            return cursor.fetchone()

    def _wait(self, server, is_done):
        """Wait until the counts are what is waited for."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            counts = self._count()
            if is_done(*counts):
                return counts
            self.assertIsNone(server.poll(), "the server ended by itself")
            time.sleep(0.05)
        raise AssertionError(f"Nothing more was done: {counts}")

    def _kill(self, folder, number, told_before):
        """Kill a server somewhere in the batch after the first that it has done."""
        server = self._start_server(folder, *CRON)
        self.addCleanup(server.kill)
        self._wait(server, lambda told, _mails, _ended: told > told_before)
        time.sleep(0.1 + 0.2 * number)
        server.send_signal(signal.SIGKILL)
        self.assertEqual(server.wait(), -signal.SIGKILL)
        told, mails, _ended = self._count()
        # What was done is whole: each who is written down as told has his one mail.
        self.assertEqual((told, told % BATCH), (mails, 0))
        return told

    def test_a_night_that_was_killed_is_gone_on_with_and_nobody_is_told_twice(self):
        self._prepare()
        told = 0
        with TemporaryDirectory() as folder:
            for number in range(self.KILLS):
                told = self._kill(folder, number, told)
                self.assertLess(told, self.MANY)
            server = self._start_server(folder, *CRON)
            self.addCleanup(server.kill)
            self._wait(server, lambda _told, _mails, ended: ended == self.ENDING)
            server.kill()
            server.wait()
        self.assertEqual(self._count(), (self.MANY, self.MANY, self.ENDING))
        self._assert_money()

    def _assert_money(self):
        """Each that has ended gave back what was paid, less what was agreed to be kept, once."""
        held, kept, credit = self._ask(
            """SELECT SUM(deposit.amount_held),
                      (SELECT -SUM(deposit_amount) FROM account_move_line
                        WHERE deposit_id = ANY(ARRAY_AGG(deposit.id))
                          AND deposit_act = 'forfeited'),
                      (SELECT SUM(amount_held) FROM jewelry_deposit
                        WHERE order_id IS NULL
                          AND partner_id = ANY(ARRAY_AGG(deposit.partner_id)))
                 FROM jewelry_layaway layaway
                 JOIN jewelry_deposit deposit ON deposit.id = layaway.deposit_id
                WHERE layaway.id = ANY(%(late)s)""",
            {"late": self.late},
        )
        self.assertEqual((held, kept, credit), (0, 50 * self.ENDING, 150 * self.ENDING))
