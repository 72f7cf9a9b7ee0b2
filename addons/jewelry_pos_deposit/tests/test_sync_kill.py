from tempfile import TemporaryDirectory

from odoo import SUPERUSER_ID, Command, api
from odoo.modules.registry import Registry
from odoo.tests import tagged

from odoo.addons.jewelry_pos.tests import test_sync_kill
from odoo.addons.jewelry_pos.tests.common import prepare_order

from .common import prepare_deposit_row


@tagged("post_install", "-at_install", "-standard", "jewelry_full")
class TestKilledDeposit(test_sync_kill.TestKilledSync):
    """A server that is killed while it takes the last payment of a deposit and hands over."""

    # The test of the other module is run there.
    test_an_order_whose_server_was_killed_is_kept_whole_when_it_is_sent_again = None

    # === WHAT IS PAID === #

    def _prepare(self):
        """Leave an open register and a deposit; keep the order that pays all of it."""
        registry = Registry.new(self.database)
        with registry.cursor() as cursor:
            env = api.Environment(cursor, SUPERUSER_ID, {"tracking_disable": True})
            deposit = self._open_deposit(env)
            session, method = self._open_register(env)
            answer = session.config_id.prepare_deposit_lines(deposit.id, 500)
            rows = [prepare_deposit_row(row, is_handed_over=True) for row in answer["lines"]]
            self.order = prepare_order(session, method, rows, partner_id=deposit.partner_id.id)
            self.deposit_id = deposit.id
        self._forget()

    def _open_deposit(self, env):
        """Return the deposit of a quotation for a piece of 500."""
        template = env["product.template"].create(
            {"name": "Killed", "jewelry_kind": "piece", "taxes_id": False}
        )
        piece = env["stock.lot"].create(
            {
                "product_id": template.product_variant_id.id,
                "company_id": env.company.id,
                "list_price": 500,
            }
        )
        domain = [("company_id", "=", env.company.id)]
        warehouse = env["stock.warehouse"].search(domain, limit=1)
        piece._take_in(env.company._get_opening_place(), warehouse.lot_stock_id)
        order = env["sale.order"].create(
            {
                "partner_id": env["res.partner"].create({"name": "Killed"}).id,
                "order_line": [Command.create({"piece_id": piece.id})],
            }
        )
        return order._ensure_deposit()

    def _count(self):
        """Return how many orders, done deliveries and posted invoices there are, and what the
        deposit was paid.
        """
        return self._ask(
            """SELECT (SELECT COUNT(*) FROM pos_order WHERE uuid = %s AND state = 'paid'),
                      (SELECT COUNT(*) FROM stock_move m JOIN sale_order_line l
                           ON l.id = m.sale_line_id JOIN jewelry_deposit d
                           ON d.order_id = l.order_id
                        WHERE d.id = %s AND m.state = 'done'),
                      (SELECT COUNT(DISTINCT move_id) FROM account_move_line
                        WHERE deposit_id = %s AND parent_state = 'posted'),
                      (SELECT amount_paid::integer FROM jewelry_deposit WHERE id = %s)""",
            self.order["uuid"],
            *[self.deposit_id] * 3,
        )

    def test_a_last_payment_whose_server_was_killed_counts_once_and_hands_over_once(self):
        self._prepare()
        with TemporaryDirectory() as folder:
            self._kill_in_mid_sync(folder)
            self.assertEqual(self._count(), (0, 0, 0, 0))
            server = self._start_http(folder)
            browser = self._log_in()
            for _again in range(2):
                answer = self._send(browser)
                self.assertEqual(answer["result"]["pos.order"][0]["uuid"], self.order["uuid"])
                self.assertEqual(self._count(), (1, 1, 1, 500))
            server.kill()
            server.wait()
