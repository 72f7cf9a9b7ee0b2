from odoo import Command
from odoo.tests import tagged

from odoo.addons.jewelry_pos.tests.common import prepare_line, prepare_order
from odoo.addons.jewelry_pos.tests.test_pos_race import REGISTERS, PosRaceCase

from .common import prepare_settling


@tagged("post_install", "-at_install")
class TestSettleRace(PosRaceCase):
    """Registers and Sales that hand over what one order sells, in transactions that commit."""

    def setUp(self):
        super().setUp()
        with self._commit() as env:
            partner = env["res.partner"].create({"name": "Race client"})
            lines = [Command.create({"piece_id": piece_id}) for piece_id in self.piece_ids]
            sale = env["sale.order"].create({"partner_id": partner.id, "order_line": lines})
            sale.action_confirm()
            self.partner_id, self.sale_id = partner.id, sale.id

    def _clean(self):
        with self._commit() as env:
            orders = env["pos.order"].search([("session_id", "in", self.session_ids)])
            for line in orders.lines:
                line.write({"sale_order_line_id": False, "sale_order_origin_id": False})
            orders.partner_id = False
            sale = env["sale.order"].browse(self.sale_id)
            pickings, references = sale.picking_ids, sale.stock_reference_ids
            env.flush_all()
            names = {"sale": self.sale_id, "pickings": pickings.ids, "orders": orders.ids}
            for query in (
                "DELETE FROM stock_move_line WHERE picking_id = ANY(%(pickings)s)",
                "DELETE FROM stock_move WHERE picking_id = ANY(%(pickings)s)",
                "DELETE FROM stock_picking WHERE id = ANY(%(pickings)s)",
                "DELETE FROM sale_order_line WHERE order_id = %(sale)s",
                "DELETE FROM sale_order WHERE id = %(sale)s",
            ):
                env.cr.execute(query, names)
            env.invalidate_all()
            references.unlink()
        res = super()._clean()
        with self._commit() as env:
            env["stock.picking"].search([("partner_id", "=", self.partner_id)]).partner_id = False
            env["res.partner"].browse(self.partner_id).unlink()
        return res

    def _settle(self, register, *places):
        """Return the act of a register that settles the order's lines at these places."""
        with self._commit() as env:
            sale = env["sale.order"].browse(self.sale_id)
            rows = [
                prepare_line(line.piece_id, **prepare_settling(line))
                for place in places
                for line in sale.order_line[place]
            ]
            session = env["pos.session"].browse(self.session_ids[register])
            method = env["pos.payment.method"].browse(self.method_id)
            order = prepare_order(session, method, rows, partner_id=self.partner_id)

        def work(env):
            env["pos.order"].sync_from_ui([order])

        return work

    def _get_delivered(self):
        """Return the delivered quantities of the order, and the states of what else it moves."""
        with self._commit() as env:
            lines = env["sale.order"].browse(self.sale_id).order_line
            return lines.mapped("qty_delivered"), lines.move_ids.mapped("state")

    # === TESTS === #

    def test_an_order_that_all_registers_settle_at_once_is_handed_over_once(self):
        refusals = self._race(*(self._settle(register, 0, 1) for register in range(REGISTERS)))
        self.assertEqual(refusals, [None] * REGISTERS)
        self.assertEqual(self._get_outcome(), (REGISTERS, True, 2, 2 * (REGISTERS - 1)))
        self.assertEqual(self._get_delivered(), ([1, 1], ["cancel", "cancel"]))

    def test_registers_that_settle_a_part_each_hand_over_all_of_it(self):
        refusals = self._race(self._settle(0, 0), self._settle(1, 1))
        self.assertEqual(refusals, [None, None])
        self.assertEqual(self._get_outcome(), (2, True, 2, 0))
        self.assertEqual(self._get_delivered(), ([1, 1], ["cancel", "cancel"]))

    def test_a_register_and_the_delivery_of_sales_at_once_hand_over_once(self):
        def deliver(env):
            picking = env["sale.order"].browse(self.sale_id).picking_ids
            picking.move_ids.picked = True
            picking._action_done()

        refusals = self._race(self._settle(0, 0, 1), deliver)
        self.assertIsNone(refusals[0])
        paid, once, moved, conflicts = self._get_outcome()
        self.assertEqual((paid, once, moved + conflicts), (1, True, 2))
        delivered, states = self._get_delivered()
        self.assertEqual((delivered, len(set(states))), ([1, 1], 1))
