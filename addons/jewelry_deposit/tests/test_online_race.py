import re
import signal
import time
from tempfile import TemporaryDirectory
from threading import Barrier, Thread
from types import SimpleNamespace

import requests

from odoo import Command
from odoo.modules.registry import Registry
from odoo.tests import HOST, tagged

from odoo.addons.jewelry_inventory.tests.common import RaceCase
from odoo.addons.jewelry_inventory.tests.kill_common import PATIENCE, KillHttpCase

from .online_common import OnlineMixin

# Whoever enters a receipt and has not committed it holds this lock.
WRITING = """
    SELECT COUNT(*) FROM pg_locks
     WHERE relation = 'account_move'::regclass AND mode = 'RowExclusiveLock'
       AND database = (SELECT oid FROM pg_database WHERE datname = CURRENT_DATABASE())"""


class OnlineFaultCase(KillHttpCase, RaceCase):
    """A deposit of 1,000 in a database of its own, where what is entered need not be cleaned up."""

    def setUp(self):
        super().setUp()
        self.registry = Registry.new(self.database)
        with self._commit() as env:
            made = SimpleNamespace(env=env, company=env.company)
            kinds = env["jewelry.deposit.kind"]
            made.bank = kinds._get_kind("deposit", env.company)._find_journal("bank")
            # Made ahead: two who need it at once would make it twice.
            kinds._get_kind("credit", env.company)
            provider, method = OnlineMixin._create_provider.__func__(made)
            deposit = self._create_order(env)._ensure_deposit()
            self.made = SimpleNamespace(
                bank=made.bank.id, provider=provider.id, way=method.id, deposit=deposit.id
            )

    def _clean(self):
        """Override: the database is dropped."""

    # === STEPS === #

    def _create_order(self, env):
        product = env["product.product"].create(
            {"name": "Thing", "type": "service", "list_price": 1000, "taxes_id": False}
        )
        partner = env["res.partner"].create({"name": "Client of the race"})
        line = Command.create({"product_id": product.id})
        return env["sale.order"].create({"partner_id": partner.id, "order_line": [line]})

    def _begin(self, amount):
        """Return the id of a payment that the provider has taken, and the store has not entered."""
        with self._commit() as env:
            deposit = env["jewelry.deposit"].browse(self.made.deposit)
            made = SimpleNamespace(
                env=env,
                provider=env["payment.provider"].browse(self.made.provider),
                way=env["payment.method"].browse(self.made.way),
            )
            transaction = OnlineMixin._transact.__func__(made, deposit, amount)
            transaction._set_done()
            return transaction.id

    def _process(self, number):
        """Return the work of a server that was told of a payment."""

        def work(env):
            transaction = env["payment.transaction"].browse(number)
            if not transaction.is_post_processed:
                transaction._post_process()

        return work

    def _receive(self, amount):
        """Return the work of a clerk who takes money at the store."""

        def work(env):
            bank = env["account.journal"].browse(self.made.bank)
            env["jewelry.deposit"].browse(self.made.deposit)._receive(amount, bank)

        return work

    # === READERS === #

    def _count(self):
        """Return how many payments and receipts there are, what is held and what is credit."""
        return self._ask(
            """SELECT (SELECT COUNT(*) FROM account_payment WHERE partner_id = d.partner_id),
                      (SELECT COUNT(DISTINCT move_id) FROM account_move_line
                        WHERE deposit_id IS NOT NULL AND partner_id = d.partner_id
                          AND parent_state = 'posted'),
                      d.amount_held::float,
                      (SELECT COALESCE(SUM(amount_held), 0)::float FROM jewelry_deposit c
                        WHERE c.partner_id = d.partner_id AND c.order_id IS NULL)
                 FROM jewelry_deposit d WHERE d.id = %s""",
            self.made.deposit,
        )

    def _owed(self):
        """Return what the ledger owes the customer for deposits."""
        return self._ask(
            """SELECT -COALESCE(SUM(balance), 0)::float FROM account_move_line
                WHERE deposit_id IS NOT NULL AND parent_state = 'posted'
                  AND partner_id = (SELECT partner_id FROM jewelry_deposit WHERE id = %s)""",
            self.made.deposit,
        )[0]


@tagged("post_install", "-at_install", "-standard", "jewelry_full")
class TestOnlineRace(OnlineFaultCase):
    """Servers, clerks and customers who act on one deposit at once, in transactions that commit."""

    def test_a_payment_that_two_servers_are_told_of_is_entered_once(self):
        number = self._begin(600)
        self.assertEqual(self._race(*[self._process(number)] * 3), [None] * 3)
        self.assertEqual(self._count(), (1, 1, 600.0, 0.0))
        self.assertEqual(self._owed(), 600)

    def test_two_payments_of_all_that_is_left_leave_one_as_credit(self):
        numbers = self._begin(1000), self._begin(1000)
        self.assertEqual(self._race(*map(self._process, numbers)), [None, None])
        self.assertEqual(self._count(), (2, 2, 1000.0, 1000.0))
        self.assertEqual(self._owed(), 2000)

    def test_a_clerk_and_a_customer_who_pay_at_once_lose_nothing(self):
        number = self._begin(1000)
        online, store = self._race(self._process(number), self._receive(1000))
        self.assertIsNone(online)
        payments, _receipts, held, credit = self._count()
        # The clerk may have been told that somebody else is at it, and takes the money again.
        self.assertEqual(payments, 1 if store else 2)
        self.assertEqual(held + credit, 1000.0 * payments)
        self.assertEqual(self._owed(), held + credit)

    # === CUSTOMERS === #

    def _read_page(self, path):
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                return requests.get(f"http://{HOST}:{self.port}{path}", timeout=PATIENCE).text
            except requests.ConnectionError:
                time.sleep(0.2)
        raise AssertionError("The server never answered")

    def _click(self, route, start, answers):
        params = {
            "provider_id": self.made.provider,
            "payment_method_id": self.made.way,
            "token_id": None,
            "amount": 1000,
            "flow": "redirect",
            "tokenization_requested": False,
            "landing_route": "",
        }
        start.wait()
        url = f"http://{HOST}:{self.port}{route}"
        answers.append(requests.post(url, json={"params": params}, timeout=PATIENCE).json())

    def test_two_clicks_at_once_are_one_payment(self):
        with self._commit() as env:
            address = env["jewelry.deposit"].browse(self.made.deposit)._issue_link()
        path = re.search(r"/jewelry/deposit/.*", address)[0]
        with TemporaryDirectory() as folder:
            server = self._start_http(folder)
            page = self._read_page(path)
            route = re.search(r'data-transaction-route="([^"]+)"', page)[1]
            start, answers = Barrier(3), []
            clicks = [
                Thread(target=self._click, args=(route, start, answers)) for _click in range(3)
            ]
            for click in clicks:
                click.start()
            for click in clicks:
                click.join()
            server.kill()
            server.wait()
        references = {answer["result"]["reference"] for answer in answers}
        self.assertEqual((len(answers), len(references)), (3, 1))
        query = "SELECT COUNT(*) FROM payment_transaction WHERE deposit_id = %s"
        self.assertEqual(self._ask(query, self.made.deposit), (1,))


@tagged("post_install", "-at_install", "-standard", "jewelry_full")
class TestKilledProcessing(OnlineFaultCase):
    """A server that is killed after the provider took the money and before it is entered."""

    def _let_run(self):
        """Let the next server process what was paid, at once."""
        with self._commit() as env:
            job = env.ref("payment.cron_post_process_payment_tx")
            # None but this one: the copy has the jobs of all modules.
            env["ir.cron"].search([]).active = False
            job.write({"active": True, "nextcall": "2020-01-01 00:00:00"})

    def _start(self, folder):
        server = self._start_server(folder, "--no-http", "--max-cron-threads=1")
        self.addCleanup(server.kill)
        return server

    def _wait_for(self, query, *params):
        deadline = time.monotonic() + PATIENCE
        while not self._ask(query, *params)[0] and time.monotonic() < deadline:
            time.sleep(0.005)

    def test_what_was_paid_is_entered_once_by_the_server_that_comes_after(self):
        number = self._begin(600)
        self._let_run()
        self._forget()
        with TemporaryDirectory() as folder:
            server = self._start(folder)
            self._wait_for(WRITING)
            server.send_signal(signal.SIGKILL)
            self.assertEqual(server.wait(), -signal.SIGKILL)
            self.assertEqual(self._count(), (0, 0, 0.0, 0.0))
            query = "SELECT is_post_processed, state FROM payment_transaction WHERE id = %s"
            self.assertEqual(self._ask(query, number), (False, "done"))
            server = self._start(folder)
            self._wait_for(query, number)
            server.kill()
            server.wait()
        self.assertEqual(self._count(), (1, 1, 600.0, 0.0))
        self.assertEqual(self._owed(), 600)
