from tempfile import TemporaryDirectory

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import tagged

from odoo.addons.jewelry_inventory.tests.kill_common import KillHttpCase

from .race_common import find_bank, make_order


@tagged("post_install", "-at_install", "-standard", "jewelry_full")
class TestKilledReceipt(KillHttpCase):
    """A server that is killed while it takes money, after the receipt and before all is posted,
    and one that is asked again. Three servers and a copy of the database take minutes.
    """

    def _prepare(self):
        """Leave a deposit, and the dialog that takes 400 of it, filled in."""
        registry = Registry.new(self.database)
        with registry.cursor() as cursor:
            env = api.Environment(cursor, SUPERUSER_ID, {"tracking_disable": True})
            env["jewelry.deposit.kind"]._get_kind("deposit", env.company).tax_on_receipt = False
            deposit = make_order(env, 1000)._ensure_deposit()
            values = {"deposit_id": deposit.id, "amount": 400, "journal_id": find_bank(env).id}
            dialog = env["jewelry.deposit.receive"].create(values)
            admin = env.ref("base.user_admin")
            admin.group_ids += env.ref("jewelry_inventory.group_manager")
            admin.password = "admin"
            # Whoever opened a dialog enters it.
            cursor.execute("UPDATE jewelry_deposit_receive SET create_uid = %s", [admin.id])
            self.deposit_id, self.dialog_id = deposit.id, dialog.id
        self._forget()

    def _count(self):
        """Return how many receipts and payments there are, and what ledger and deposit hold."""
        return self._ask(
            """SELECT COUNT(DISTINCT item.move_id),
                      (SELECT COUNT(*) FROM account_payment WHERE partner_id = deposit.partner_id),
                      COALESCE(-SUM(item.balance), 0), deposit.amount_held
                 FROM jewelry_deposit deposit
            LEFT JOIN account_move_line item ON item.deposit_id = deposit.id
                WHERE deposit.id = %s GROUP BY deposit.id""",
            self.deposit_id,
        )

    def test_money_whose_server_was_killed_is_taken_whole_and_once(self):
        self._prepare()
        call = ("jewelry.deposit.receive", "action_receive", [self.dialog_id])
        with TemporaryDirectory() as folder:
            for table in ("account_move", "account_payment"):
                self._kill_while_writing(table, folder, *call)
                self.assertEqual(self._count(), (0, 0, 0, 0))
            server = self._start_http(folder)
            browser = self._log_in()
            answer = self._call(browser, *call)
            self.assertIn("result", answer, answer)
            self.assertEqual(self._count(), (1, 1, 400, 400))
            # The clerk does not know whether it came through, and presses again.
            again = self._call(browser, *call)
            self.assertIn("entered already", again["error"]["data"]["message"])
            self.assertEqual(self._count(), (1, 1, 400, 400))
            server.kill()
            server.wait()
