from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .common import JewelryPurchaseCommon


@tagged("post_install", "-at_install")
class TestDeliveryEntry(JewelryPurchaseCommon):
    def _open_entry(self, order):
        action = order.picking_ids.action_enter_pieces()
        return self.env[action["res_model"]].with_context(**action["context"])

    def test_a_line_is_proposed_for_each_expected_piece_at_the_price_of_the_order(self):
        form = Form(self._open_entry(self._create_order(quantity=3, price=250)))
        self.assertEqual(len(form.line_ids), 3)
        entry = form.save()
        self.assertEqual(entry.line_ids.mapped("cost_unit"), [250, 250, 250])
        self.assertEqual((entry.expected_cost, entry.difference), (750, 0))

    def test_pieces_come_in_with_number_stone_weight_and_cost(self):
        order = self._create_order(quantity=2)
        entry = self._open_entry(order).create({})
        shape = self.env.ref("jewelry_inventory.shape_round")
        diamond = self.env["jewelry.gem.species"].search([("code", "=", "diamond")])
        entry.line_ids[0].write(
            {
                "name": "V-1",
                "cost_unit": 900,
                "gross_weight": 3.4,
                "species_id": diamond.id,
                "shape_id": shape.id,
                "carat": 0.71,
            }
        )
        entry.line_ids[1].cost_unit = 100
        self.assertEqual(entry.difference, 0)
        entry.action_apply()
        order.picking_ids.button_validate()
        pieces = order.picking_ids.move_line_ids.lot_id.sorted("id")
        self.assertEqual(pieces.mapped("standard_price"), [900, 100])
        self.assertEqual((pieces[0].name, pieces[0].carat_weight), ("V-1", 0.71))
        self.assertRegex(pieces[1].name, r"^P-\d+$")
        self.assertEqual(pieces.vendor_id, self.vendor)
        self.assertEqual(self._value(self.style), 1000)

    def test_a_done_delivery_takes_no_more_pieces(self):
        order = self._create_order()
        entry = self._open_entry(order).create({})
        entry.action_apply()
        order.picking_ids.button_validate()
        with self.assertRaisesRegex(UserError, "nothing to enter"):
            entry.action_apply()

    def test_associates_enter_no_deliveries(self):
        associate = new_test_user(
            self.env, "delivery_associate", groups="jewelry_inventory.group_associate"
        )
        with self.assertRaises(AccessError):
            self.env["jewelry.delivery.entry"].with_user(associate).create({})
