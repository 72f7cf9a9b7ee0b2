from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestPurchaseTours(HttpCase):
    """A vendor's delivery received from his list, as the keeper does it."""

    def test_a_keeper_receives_pieces_with_their_stones_and_costs(self):
        new_test_user(self.env, login="tour_keeper", groups="jewelry_inventory.group_keeper")
        style = self.env["product.template"].create(
            {"name": "Ring of the tour", "jewelry_kind": "piece"}
        )
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Vendor"}).id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": style.product_variant_id.id,
                            "product_qty": 2,
                            "price_unit": 500,
                        }
                    )
                ],
            }
        )
        order.button_confirm()
        url = f"/odoo/action-stock.action_picking_tree_all/{order.picking_ids.id}"
        self.start_tour(url, "jewelry_keeper_receives_pieces", login="tour_keeper")
        pieces = order.picking_ids.move_line_ids.lot_id.sorted("name")
        self.assertEqual(pieces.mapped("name"), ["V-TOUR-1", "V-TOUR-2"])
        self.assertEqual(pieces.mapped("standard_price"), [900, 100])
        self.assertEqual(pieces[0].stone_ids.report_ids.number, "7141438171")
        self.assertEqual(pieces.mapped("piece_status"), ["available", "available"])
