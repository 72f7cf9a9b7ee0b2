import time
from uuid import uuid4

from odoo import Command
from odoo.tests import tagged

from odoo.addons.jewelry_inventory.tests.common import RaceCase

from .common import prepare_line, prepare_order

REGISTERS = 3


class PosRaceCase(RaceCase):
    """Registers that sync at once, in transactions that commit."""

    def setUp(self):
        super().setUp()
        self.session_ids, self.config_ids = [], []
        with self._commit() as env:
            tag = str(uuid4())[:8]
            template = env["product.template"].create(
                {"name": f"Race {tag}", "jewelry_kind": "piece", "taxes_id": False}
            )
            self.product_id = template.product_variant_id.id
            warehouse = env["stock.warehouse"].search(
                [("company_id", "=", env.company.id)], limit=1
            )
            values = {"product_id": self.product_id, "company_id": env.company.id}
            pieces = env["stock.lot"].create([values | {"list_price": 500}] * 2)
            pieces._take_in(env.company._get_opening_place(), warehouse.lot_stock_id)
            self.piece_ids, self.chains = pieces.ids, pieces.mapped("chain_uuid")
            self._create_registers(env, tag)

    def _create_books(self, env, tag):
        """Return a sales journal and a payment method of the test's own."""
        accounts = env["account.account"].create(
            [
                {"name": f"Race {kind}", "code": f"{tag}{place}", "account_type": kind}
                for place, kind in enumerate(("income", "asset_receivable"))
            ]
        )
        journals = env["account.journal"].create(
            [
                {
                    "name": f"Race {tag} {kind}",
                    "code": f"{kind[0].upper()}{tag[:4]}",
                    "type": kind,
                    "default_account_id": account.id,
                }
                for kind, account in (("sale", accounts[0]), ("bank", accounts.browse()))
            ]
        )
        method = env["pos.payment.method"].create(
            {
                "name": f"Race {tag}",
                "journal_id": journals[1].id,
                "receivable_account_id": accounts[1].id,
            }
        )
        self.journal_ids, self.account_ids = journals.ids, accounts.ids
        return journals[0], method

    def _create_registers(self, env, tag):
        """Open as many registers as there are racers, with books of their own."""
        journal, method = self._create_books(env, tag)
        configs = env["pos.config"].create(
            [
                {
                    "name": f"Race {tag} {number}",
                    "journal_id": journal.id,
                    "invoice_journal_id": journal.id,
                    "payment_method_ids": [Command.set(method.ids)],
                }
                for number in range(REGISTERS)
            ]
        )
        self.method_id, self.config_ids = method.id, configs.ids
        sessions = env["pos.session"].union(
            *(env["pos.session"].create({"config_id": config.id}) for config in configs)
        )
        sessions.state = "opened"
        self.session_ids = sessions.ids

    def _clean(self):
        with self._commit() as env:
            orders = env["pos.order"].search([("session_id", "in", self.session_ids)])
            names = {
                "ids": [self.product_id],
                "orders": orders.ids,
                "pickings": orders.picking_ids.ids,
                "conflicts": orders.conflict_ids.ids,
            }
            for query in (
                """DELETE FROM mail_activity WHERE res_model = 'jewelry.sale.conflict'
                   AND res_id = ANY(%(conflicts)s)""",
                "DELETE FROM jewelry_sale_conflict WHERE order_id = ANY(%(orders)s)",
                "DELETE FROM stock_move_line WHERE product_id = ANY(%(ids)s)",
                "DELETE FROM stock_move WHERE product_id = ANY(%(ids)s)",
                "DELETE FROM stock_picking WHERE id = ANY(%(pickings)s)",
                "DELETE FROM pos_payment WHERE pos_order_id = ANY(%(orders)s)",
                "DELETE FROM pos_order_line WHERE order_id = ANY(%(orders)s)",
                "DELETE FROM pos_order WHERE id = ANY(%(orders)s)",
                "DELETE FROM stock_quant WHERE product_id = ANY(%(ids)s)",
                "DELETE FROM stock_lot WHERE product_id = ANY(%(ids)s)",
            ):
                env.cr.execute(query, names)
            env.invalidate_all()
            env["pos.session"].browse(self.session_ids).state = "closed"
            env.cr.execute("DELETE FROM pos_session WHERE id = ANY(%s)", [self.session_ids])
            env.invalidate_all()
            env["product.product"].browse(self.product_id).product_tmpl_id.unlink()
            env["pos.config"].browse(self.config_ids).unlink()
            env["pos.payment.method"].browse(self.method_id).unlink()
            env["account.journal"].browse(self.journal_ids).unlink()
            env["account.account"].browse(self.account_ids).unlink()
        return super()._clean()

    # === ACTS === #

    def _prepare(self, register, *places):
        """Return a paid order of a register for the pieces at these places of the list."""
        with self._commit() as env:
            pieces = env["stock.lot"].browse(self.piece_ids[place] for place in places)
            session = env["pos.session"].browse(self.session_ids[register])
            method = env["pos.payment.method"].browse(self.method_id)
            rows = [prepare_line(piece) for piece in pieces]
            return prepare_order(session, method, rows)

    def _sync(self, register, *places):
        """Return the act of a register that syncs a paid order."""
        order = self._prepare(register, *places)

        def work(env):
            # A transaction that runs again gets what the browser sent, not what core made of it.
            env["pos.order"].sync_from_ui([dict(order)])

        return work

    def _get_outcome(self):
        """Return how many orders are paid, how often each piece was moved, and the conflicts."""
        with self._commit() as env:
            orders = env["pos.order"].search([("session_id", "in", self.session_ids)])
            moved = env["stock.move.line"].search(
                [("picking_id", "in", orders.picking_ids.ids), ("state", "=", "done")]
            )
            return (
                len(orders.filtered(lambda order: order.state == "paid")),
                sorted(moved.mapped("lot_id.id")) == sorted(set(moved.lot_id.ids)),
                len(moved),
                len(orders.conflict_ids),
            )


@tagged("post_install", "-at_install")
class TestPosRace(PosRaceCase):
    """A piece is sold once, and every order that was paid is kept."""

    def test_of_registers_that_sold_a_piece_at_once_one_delivers_and_all_orders_stay(self):
        refusals = self._race(*(self._sync(register, 0) for register in range(REGISTERS)))
        self.assertEqual(refusals, [None] * REGISTERS)
        self.assertEqual(self._get_outcome(), (REGISTERS, True, 1, REGISTERS - 1))

    def test_orders_of_the_same_pieces_in_opposite_order_end_without_a_deadlock(self):
        refusals = self._race(self._sync(0, 0, 1), self._sync(1, 1, 0))
        self.assertEqual(refusals, [None, None])
        self.assertEqual(self._get_outcome(), (2, True, 2, 2))

    def test_two_pieces_of_a_style_sold_at_once_are_both_delivered(self):
        refusals = self._race(self._sync(0, 0), self._sync(1, 1))
        self.assertEqual(refusals, [None, None])
        self.assertEqual(self._get_outcome(), (2, True, 2, 0))

    def test_an_order_waits_for_whoever_looks_at_its_piece(self):
        def look(env):
            env["stock.lot"].browse(self.piece_ids[0])._lock_pieces()
            time.sleep(0.6)

        sync = self._sync(0, 0)

        def sync_later(env):
            time.sleep(0.2)
            sync(env)

        self.assertEqual(self._race(look, sync_later), [None, None])
        self.assertEqual(self._get_outcome(), (1, True, 1, 0))

    def test_an_order_that_is_synced_several_times_at_once_is_one_order(self):
        order = self._prepare(0, 0)

        def sync(env):
            env["pos.order"].sync_from_ui([order])

        self.assertEqual(self._race(sync, sync, sync), [None, None, None])
        self.assertEqual(self._get_outcome(), (1, True, 1, 0))

    def test_an_open_order_whose_payment_runs_again_keeps_its_lines(self):
        paid = self._prepare(0, 0)
        draft = paid | {"state": "draft", "lines": [], "payment_ids": [], "amount_paid": 0}
        with self._commit() as env:
            env["pos.order"].sync_from_ui([draft])
        tries = []

        def pay(env):
            tries.append(1)
            time.sleep(0.3)
            env["pos.order"].sync_from_ui([paid])

        def touch(env):
            env.cr.execute(
                "UPDATE stock_lot SET write_date = write_date WHERE id = %s", [self.piece_ids[0]]
            )
            time.sleep(0.6)

        self.assertEqual(self._race(touch, pay), [None, None])
        self.assertGreater(len(tries), 1)
        self.assertEqual(self._get_outcome(), (1, True, 1, 0))

    def test_an_order_and_a_hand_over_in_the_back_office_at_once_move_the_piece_once(self):
        def hand_over(env):
            piece = env["stock.lot"].browse(self.piece_ids[0])
            shop = piece.location_id
            customers = env.ref("stock.stock_location_customers")
            vals = piece._prepare_intake_vals(piece.product_id, shop, customers, owner=None)
            env["stock.move"].create(vals | {"company_id": env.company.id})._action_done()

        refusals = self._race(self._sync(0, 0), hand_over)
        self.assertIsNone(refusals[0])
        paid, once, moved, conflicts = self._get_outcome()
        self.assertEqual((paid, once, moved + conflicts), (1, True, 1))
        self.assertEqual(bool(conflicts), refusals[1] is None)
