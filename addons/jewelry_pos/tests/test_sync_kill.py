from tempfile import TemporaryDirectory
from types import SimpleNamespace

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import tagged

from odoo.addons.jewelry_inventory.tests.kill_common import KillHttpCase

from . import test_pos_race
from .common import prepare_line, prepare_order

PIECES = 5


@tagged("post_install", "-at_install", "-standard", "jewelry_full")
class TestKilledSync(KillHttpCase):
    """A server that is killed while it writes an order, and one that gets the order again. Two
    servers and a copy of the database take a minute.
    """

    # === WHAT IS SOLD === #

    def _prepare(self):
        """Leave a register that is open and pieces to sell; keep the order that sells them."""
        registry = Registry.new(self.database)
        with registry.cursor() as cursor:
            env = api.Environment(cursor, SUPERUSER_ID, {"tracking_disable": True})
            template = env["product.template"].create(
                {"name": "Killed", "jewelry_kind": "piece", "taxes_id": False}
            )
            values = {
                "product_id": template.product_variant_id.id,
                "company_id": env.company.id,
                "list_price": 500,
            }
            pieces = env["stock.lot"].create([values] * PIECES)
            domain = [("company_id", "=", env.company.id)]
            warehouse = env["stock.warehouse"].search(domain, limit=1)
            pieces._take_in(env.company._get_opening_place(), warehouse.lot_stock_id)
            session, method = self._open_register(env)
            self.order = prepare_order(session, method, [prepare_line(piece) for piece in pieces])
            self.piece_ids = pieces.ids
        self._forget()

    def _open_register(self, env):
        """Return the session of a register that is open, and a way to pay there; let the browser
        sync.
        """
        case, made = test_pos_race.PosRaceCase, SimpleNamespace()
        made._create_books = lambda *args: case._create_books(made, *args)
        case._create_registers(made, env, "KILL")
        admin = env.ref("base.user_admin")
        admin.group_ids += env.ref("point_of_sale.group_pos_manager")
        admin.password = "admin"
        session = env["pos.session"].browse(made.session_ids[0])
        return session, env["pos.payment.method"].browse(made.method_id)

    def _kill_in_mid_sync(self, folder):
        """Kill a server that has written the order and not committed it."""
        self._kill_while_writing("pos_order", folder, "pos.order", "sync_from_ui", [self.order])

    def _send(self, browser):
        """Send the order as the register does."""
        return self._call(browser, "pos.order", "sync_from_ui", [self.order])

    def _count(self):
        """Return how many orders, payments, done moves and conflicts of the sale there are."""
        return self._ask(
            """SELECT (SELECT COUNT(*) FROM pos_order WHERE uuid = %s AND state = 'paid'),
                      (SELECT COUNT(*) FROM pos_payment WHERE uuid = %s),
                      (SELECT COUNT(*) FROM stock_move WHERE piece_id = ANY(%s)
                          AND state = 'done'),
                      (SELECT COUNT(*) FROM jewelry_sale_conflict)""",
            self.order["uuid"],
            self.order["payment_ids"][0][2]["uuid"],
            self.piece_ids,
        )

    def test_an_order_whose_server_was_killed_is_kept_whole_when_it_is_sent_again(self):
        self._prepare()
        with TemporaryDirectory() as folder:
            self._kill_in_mid_sync(folder)
            self.assertEqual(self._count(), (0, 0, 0, 0))
            server = self._start_http(folder)
            browser = self._log_in()
            for _again in range(2):
                answer = self._send(browser)
                self.assertEqual(answer["result"]["pos.order"][0]["uuid"], self.order["uuid"])
                self.assertEqual(self._count(), (1, 1, PIECES, 0))
            server.kill()
            server.wait()
