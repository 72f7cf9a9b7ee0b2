from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.jewelry_inventory.tests.common import JewelryCommon


@tagged("post_install", "-at_install", "-standard", "jewelry_beside_core")
class TestManufacturing(JewelryCommon):
    """Beside core's manufacturing, which our modules do not need: `./store test --full` has it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wire = cls.env["product.product"].create(
            {"name": "Wire", "is_storable": True, "standard_price": 30.0}
        )
        cls.env["stock.quant"]._update_available_quantity(cls.wire, cls.stock_location, 10)

    def _manufacture(self, product, lot=None):
        """Return a manufacturing order of one product from wire, ready to be done."""
        order = self.env["mrp.production"].create(
            {
                "product_id": product.id,
                "product_qty": 1,
                "picking_type_id": self.warehouse.manu_type_id.id,
                "move_raw_ids": [
                    Command.create({"product_id": self.wire.id, "product_uom_qty": 1})
                ],
            }
        )
        order.action_confirm()
        order.qty_producing = 1
        if lot:
            order.lot_producing_ids = lot
        order._set_qty_producing()
        order.move_raw_ids.picked = True
        return order

    def test_a_manufacturing_order_makes_no_pieces(self):
        piece = self._create_piece()
        order = self._manufacture(self.style, piece)
        with self.assertRaisesRegex(UserError, "every piece has a cost of its own"):
            order.button_mark_done()
        self.assertFalse(piece.quant_ids)

    def test_a_manufacturing_order_makes_what_has_another_costing_method(self):
        box = self.env["product.product"].create({"name": "Box", "is_storable": True})
        order = self._manufacture(box)
        order.button_mark_done()
        self.assertEqual(order.state, "done")
