from odoo import Command
from odoo.tests import tagged

from odoo.addons.jewelry_inventory.tests.common import RaceCase


@tagged("post_install", "-at_install")
class TestOneSale(RaceCase):
    """A piece is sold once, however many shops press the button in the same instant."""

    def setUp(self):
        super().setUp()
        with self._commit() as env:
            self.product_id = self._create_style(env).product_variant_id.id
            self.partner_id = env["res.partner"].create({"name": "Race"}).id
            pieces = self._create_pieces(env)
            self.piece_ids, self.chains = pieces.ids, pieces.mapped("chain_uuid")
            self.chains += env["res.partner"].browse(self.partner_id).mapped("chain_uuid")
            self.order_ids = []

    def _create_style(self, env):
        return env["product.template"].create({"name": "Race", "jewelry_kind": "piece"})

    def _create_pieces(self, env):
        """Return two pieces on hand, put there without a move that would stay."""
        values = {"product_id": self.product_id, "company_id": env.company.id}
        pieces = env["stock.lot"].create([values, values])
        place = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
        for piece in pieces:
            env["stock.quant"]._update_available_quantity(
                piece.product_id, place.lot_stock_id, 1, lot_id=piece
            )
        return pieces

    def _clean(self):
        with self._commit() as env:
            orders = env["sale.order"].browse(self.order_ids)
            traces = orders.picking_ids, orders.stock_reference_ids
            orders._action_cancel()
            orders.unlink()
            for records in traces:
                records.unlink()
            env["stock.quant"].search([("lot_id", "in", self.piece_ids)]).unlink()
            # Pieces are never deleted, but by a test that leaves no trace.
            env.cr.execute("DELETE FROM stock_lot WHERE id = ANY(%s)", [self.piece_ids])
            env.invalidate_all()
            env["product.product"].browse(self.product_id).product_tmpl_id.unlink()
            env["res.partner"].browse(self.partner_id).unlink()
        return super()._clean()

    def _quote(self, *places):
        """Return the confirmation of a quotation for the pieces at these places of the list."""
        with self._commit() as env:
            lines = [{"piece_id": self.piece_ids[place]} for place in places]
            order = env["sale.order"].create(
                {
                    "partner_id": self.partner_id,
                    "order_line": [Command.create(line) for line in lines],
                }
            )
            self.order_ids.append(order.id)
        return lambda env: env["sale.order"].browse(order.id).action_confirm()

    def _get_outcome(self):
        """Return how many orders are confirmed and the pieces that each reserves."""
        with self._commit() as env:
            orders = env["sale.order"].browse(self.order_ids)
            confirmed = orders.filtered(lambda order: order.state == "sale")
            quants = env["stock.quant"].search([("lot_id", "in", self.piece_ids)])
            return len(confirmed), sorted(quants.mapped("reserved_quantity"))

    def test_of_orders_confirmed_at_once_for_a_piece_one_is_confirmed(self):
        refusals = self._race(*(self._quote(0) for _shop in range(4)))
        self.assertEqual(self._get_outcome(), (1, [0, 1]))
        self.assertEqual(refusals.count(None), 1)

    def test_the_refused_are_told_that_the_piece_is_gone_or_being_handled(self):
        refusals = filter(None, self._race(self._quote(0), self._quote(0)))
        self.assertRegex(next(refusals), "handling P-|Sold on S")

    def test_orders_that_name_the_same_pieces_in_opposite_order_do_not_block_each_other(self):
        refusals = self._race(self._quote(0, 1), self._quote(1, 0))
        self.assertEqual(self._get_outcome(), (1, [1, 1]))
        self.assertEqual(refusals.count(None), 1)

    def test_orders_for_two_pieces_of_a_style_are_both_confirmed(self):
        self.assertEqual(self._race(self._quote(0), self._quote(1)), [None, None])
        self.assertEqual(self._get_outcome(), (2, [1, 1]))

    def test_a_line_that_changes_to_a_piece_being_sold_is_refused_or_first(self):
        swap, confirm = self._quote(1), self._quote(0)
        with self._commit() as env:
            swap(env)
        line_id = self._get_line_id(self.order_ids[0])

        def change(env):
            env["sale.order.line"].browse(line_id).piece_id = self.piece_ids[0]

        refusals = self._race(change, confirm)
        self.assertEqual(refusals.count(None), 1)
        self.assertEqual(sum(self._get_outcome()[1]), 1 if refusals[1] else 2)

    def _get_line_id(self, order_id):
        with self._commit() as env:
            return env["sale.order"].browse(order_id).order_line.id
