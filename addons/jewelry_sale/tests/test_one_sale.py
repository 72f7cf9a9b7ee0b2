from odoo import Command
from odoo.exceptions import UserError
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


@tagged("post_install", "-at_install")
class TestRaces(RaceCase):
    """Goods and papers of one piece handled in the same instant, in transactions that commit."""

    def setUp(self):
        super().setUp()
        with self._commit() as env:
            # Each a store of its own: what a transaction leaves is deleted with it.
            self.partner_id = env["res.partner"].create({"name": "Race client"}).id
            template = env["product.template"].create(
                {"name": "Race", "jewelry_kind": "piece", "invoice_policy": "order"}
            )
            self.product_id = template.product_variant_id.id
            pieces = env["stock.lot"].create(
                [{"product_id": self.product_id, "company_id": env.company.id}] * 2
            )
            warehouse = env["stock.warehouse"].search(
                [("company_id", "=", env.company.id)], limit=1
            )
            pieces._take_in(env.company._get_opening_place(), warehouse.lot_stock_id)
            self.shop_id = warehouse.lot_stock_id.id
            self.customers_id = env.ref("stock.stock_location_customers").id
            self.piece_id, self.other_id = pieces.ids
            self.chains = pieces.mapped("chain_uuid")
            self.chains += env["res.partner"].browse(self.partner_id).mapped("chain_uuid")
            self.order_ids, self.draft_ids = [], []

    # === TRACES === #

    def _clean(self):
        with self._commit() as env:
            names = {"ids": [self.product_id], "orders": self.order_ids}
            pickings = env["sale.order"].browse(self.order_ids).picking_ids.ids
            references = env["sale.order"].browse(self.order_ids).stock_reference_ids.ids
            names |= {"pickings": pickings, "references": references}
            names["invoices"] = env["sale.order"].browse(self.order_ids).invoice_ids.ids
            for query in (
                "DELETE FROM account_move_line WHERE move_id = ANY(%(invoices)s)",
                "DELETE FROM account_move WHERE id = ANY(%(invoices)s)",
                "UPDATE stock_lot SET transformation_id = NULL WHERE product_id = ANY(%(ids)s)",
                "DELETE FROM stock_move_line WHERE product_id = ANY(%(ids)s)",
                "DELETE FROM stock_move WHERE product_id = ANY(%(ids)s)",
                "DELETE FROM stock_picking WHERE id = ANY(%(pickings)s)",
                "DELETE FROM stock_reference WHERE id = ANY(%(references)s)",
                "DELETE FROM sale_order WHERE id = ANY(%(orders)s)",
                """DELETE FROM jewelry_transformation WHERE id IN (
                   SELECT transformation_id FROM jewelry_transformation_line
                    WHERE product_id = ANY(%(ids)s))""",
                "DELETE FROM stock_quant WHERE product_id = ANY(%(ids)s)",
                "DELETE FROM stock_lot WHERE product_id = ANY(%(ids)s)",
            ):
                env.cr.execute(query, names)
            env.invalidate_all()
            env["product.product"].browse(self.product_id).product_tmpl_id.unlink()
            env["res.partner"].browse(self.partner_id).unlink()
        return super()._clean()

    # === ACTS === #

    def _sell(self, *piece_ids):
        """Return the id of a confirmed order."""
        with self._commit() as env:
            order = env["sale.order"].create(
                {
                    "partner_id": self.partner_id,
                    "order_line": [Command.create({"piece_id": id_}) for id_ in piece_ids],
                }
            )
            order.action_confirm()
            self.order_ids.append(order.id)
            return order.id

    def _deliver(self, order_id):
        """Return the act that validates the delivery of an order."""

        def act(env):
            picking = env["sale.order"].browse(order_id).picking_ids
            picking = picking.filtered(lambda p: p.state == "assigned")
            if not picking:
                raise UserError(env._("Delivered already."))
            picking.move_ids.picked = True
            picking.with_context(skip_backorder=True).button_validate()

        return act

    def _hand_over(self, piece_id):
        """Return the act that moves a piece to a customer without any order."""

        def act(env):
            piece = env["stock.lot"].browse(piece_id)
            shop, customers = (
                env["stock.location"].browse(id_) for id_ in (self.shop_id, self.customers_id)
            )
            vals = piece._prepare_intake_vals(piece.product_id, shop, customers, owner=None)
            env["stock.move"].create(vals | {"company_id": env.company.id})._action_done()

        return act

    def _return(self, order_id):
        def act(env):
            picking = (
                env["sale.order"]
                .browse(order_id)
                .picking_ids.filtered(
                    lambda p: p.state == "done" and p.picking_type_code == "outgoing"
                )
            )
            wizard = (
                env["stock.return.picking"]
                .with_context(active_id=picking.id, active_model="stock.picking")
                .create({})
            )
            for line in wizard.product_return_moves:
                line.quantity = line.move_quantity
            returned = env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
            returned.move_ids.picked = True
            returned._action_done()

        return act

    def _invoice(self, order_id):
        return lambda env: env["sale.order"].browse(order_id)._create_invoices().action_post()

    def _take_apart(self, piece_id):
        """Return the act that melts a piece down."""
        with self._commit() as env:
            piece = env["stock.lot"].browse(piece_id)
            draft = env["jewelry.transformation"].create(
                {
                    "kind": "unset",
                    "line_ids": [
                        Command.create({"direction": direction, "lot_id": piece.id})
                        for direction in ("in", "out")
                    ],
                }
            )
        return lambda env: env["jewelry.transformation"].browse(draft.id).action_done()

    # === READERS === #

    def _get_places(self):
        """Return {usage: quantity} of the piece, where it is more or less than none."""
        with self._commit() as env:
            piece = env["stock.lot"].browse(self.piece_id)
            self.assertFalse(piece._get_misplaced())
            quants = piece.quant_ids.filtered(
                lambda quant: quant.location_id.usage in ("internal", "customer")
            )
            places = {}
            for quant in quants:
                usage = quant.location_id.usage
                places[usage] = places.get(usage, 0) + quant.quantity
            return {usage: quantity for usage, quantity in places.items() if quantity}

    def _get_piece_values(self):
        """Return the values of the piece's done lines, oldest first."""
        with self._commit() as env:
            lines = env["stock.move.line"].search(
                [("lot_id", "=", self.piece_id), ("state", "=", "done")], order="date, id"
            )
            return lines.mapped("piece_value")

    # === TESTS === #

    def test_a_delivery_validated_twice_at_once_delivers_once(self):
        order = self._sell(self.piece_id)
        refusals = self._race(*(self._deliver(order) for _hand in range(3)))
        self.assertEqual(refusals.count(None), 1)
        self.assertEqual(self._get_places(), {"customer": 1})

    def test_an_ordered_delivery_and_a_hand_over_at_once_move_the_piece_once(self):
        order = self._sell(self.piece_id)
        refusals = self._race(self._deliver(order), self._hand_over(self.piece_id))
        self.assertEqual(refusals.count(None), 1)
        self.assertEqual(self._get_places(), {"customer": 1})

    def test_two_hand_overs_at_once_move_the_piece_once(self):
        refusals = self._race(*(self._hand_over(self.piece_id) for _hand in range(3)))
        self.assertEqual(refusals.count(None), 1)
        self.assertEqual(self._get_places(), {"customer": 1})

    def test_deliveries_of_two_pieces_at_once_are_both_done(self):
        orders = self._sell(self.piece_id), self._sell(self.other_id)
        self.assertEqual(self._race(*map(self._deliver, orders)), [None, None])
        self.assertEqual(self._get_places(), {"customer": 1})

    def test_a_delivery_and_a_transformation_at_once_leave_the_piece_in_one_place(self):
        take_apart = self._take_apart(self.piece_id)
        refusals = self._race(self._hand_over(self.piece_id), take_apart)
        places = self._get_places()
        if refusals[0]:
            self.assertEqual(places, {"internal": 1})
        else:
            self.assertEqual(places, {"customer": 1})
        self.assertIn(None, refusals)

    def test_an_invoice_and_a_return_at_once_leave_piece_and_invoice_agreeing(self):
        order = self._sell(self.piece_id)
        with self._commit() as env:
            self._deliver(order)(env)
        refusals = self._race(self._invoice(order), self._return(order))
        with self._commit() as env:
            invoices = env["sale.order"].browse(order).invoice_ids
            posted = invoices.filtered(lambda move: move.state == "posted")
            self.assertEqual(posted.invoice_line_ids.piece_ids.ids, [self.piece_id] * len(posted))
            self.assertEqual(len(posted), refusals[0] is None)
        self.assertEqual(self._get_places(), {"customer" if refusals[1] else "internal": 1})

    def test_two_returns_at_once_bring_the_piece_back_once(self):
        order = self._sell(self.piece_id)
        with self._commit() as env:
            self._deliver(order)(env)
        refusals = self._race(self._return(order), self._return(order))
        self.assertEqual(refusals.count(None), 1)
        self.assertEqual(self._get_places(), {"internal": 1})

    def test_a_cost_and_a_delivery_at_once_agree_on_what_left(self):
        def revalue(env):
            piece = env["stock.lot"].browse(self.piece_id)
            piece._set_cost({piece: 700}, "correction")

        order = self._sell(self.piece_id)
        refusals = self._race(self._deliver(order), revalue)
        self.assertIn(None, refusals)
        with self._commit() as env:
            piece = env["stock.lot"].browse(self.piece_id)
            changes = sum(piece.value_ids.mapped("delta"))
            self.assertEqual(sum(self._get_piece_values()) + changes, piece.total_value)
            self.assertEqual(bool(piece.total_value), refusals[0] is not None)
