from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.jewelry_inventory.tests.common import JewelryCommon


@tagged("post_install", "-at_install")
class TestLandedCost(JewelryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.style.categ_id = cls.category_auto
        cls.freight = cls.env["product.product"].create({"name": "Freight", "type": "service"})
        cls.pieces = cls._create_piece(cost=100) + cls._create_piece(cost=900)
        cls.receipt = cls._receive(cls.pieces)

    @classmethod
    def _receive(cls, pieces):
        """Return a done receipt of pieces."""
        picking = cls.env["stock.picking"].create(
            {
                "picking_type_id": cls.picking_type_in.id,
                "location_id": cls.supplier_location.id,
                "location_dest_id": cls.stock_location.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": pieces.product_id.id,
                            "product_uom_qty": len(pieces),
                            "location_id": cls.supplier_location.id,
                            "location_dest_id": cls.stock_location.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.move_ids.move_line_ids = [Command.clear()] + [
            Command.create(
                {"lot_id": piece.id, "quantity": 1, "product_id": piece.product_id.id}
                | {
                    "location_id": cls.supplier_location.id,
                    "location_dest_id": cls.stock_location.id,
                    "picking_id": picking.id,
                }
            )
            for piece in pieces
        ]
        picking.move_ids.picked = True
        picking.button_validate()
        return picking

    def _land(self, amount, method="by_current_cost_price", pickings=None):
        cost = self.env["stock.landed.cost"].create(
            {
                "picking_ids": [Command.set((pickings or self.receipt).ids)],
                "account_journal_id": self.company.account_stock_journal_id.id,
                "cost_lines": [
                    Command.create(
                        {
                            "product_id": self.freight.id,
                            "price_unit": amount,
                            "split_method": method,
                            "account_id": self.account_income.id,
                        }
                    )
                ],
            }
        )
        cost.button_validate()
        return cost

    def _sell(self, piece):
        self._move(piece, self.stock_location, self.customer_location)
        invoice = self._create_invoice(self.style, price_unit=2000, post=False)
        invoice.invoice_line_ids.piece_ids = piece
        invoice.action_post()

    def test_the_pieces_bear_it_by_value_and_the_ledger_follows(self):
        self._land(50)
        self.assertEqual(self.pieces.mapped("standard_price"), [105, 945])
        self.assertEqual(self._value(self.style), 1050)
        self.assertEqual(self._ledger(self.account_stock_valuation), 50)
        self.assertEqual(set(self.pieces.value_ids.mapped("reason")), {"landed_cost"})

    def test_cents_are_not_lost(self):
        self._land(0.07)
        self.assertAlmostEqual(sum(self.pieces.mapped("standard_price")), 1000.07, 2)

    def test_the_share_of_a_sold_piece_is_expensed(self):
        self._sell(self.pieces[1])
        self._land(50)
        self.assertEqual(self._ledger(self.account_expense), 945)
        self.assertEqual(self._ledger(self.account_stock_valuation), 50 - 945)
        self.assertEqual(self._value(self.style), 105)

    def test_two_receipts_share_by_the_chosen_method(self):
        other = self._create_piece(cost=1000)
        self._land(90, "equal", self.receipt | self._receive(other))
        self.assertEqual(other.standard_price, 1030)
        self.assertEqual(self.pieces.mapped("standard_price"), [130, 930])

    def test_every_split_method_reaches_each_piece_of_a_receipt(self):
        self.style.volume = 0.1
        self.pieces[0].gross_weight, self.pieces[1].gross_weight = 3.0, 9.0
        shares = {
            "equal": [20, 20],
            "by_quantity": [20, 20],
            "by_volume": [20, 20],
            "by_weight": [10, 30],
            "by_current_cost_price": [4, 36],
        }
        for method, expected in shares.items():
            with self.subTest(method=method):
                before = self.pieces.mapped("standard_price")
                self._land(40, method)
                after = self.pieces.mapped("standard_price")
                borne = [new - old for new, old in zip(after, before, strict=True)]
                self.assertEqual(borne, expected)
                self._land(-40, method)

    def test_milligrams_decide_a_split_by_weight(self):
        self.pieces[0].gross_weight, self.pieces[1].gross_weight = 0.001, 0.003
        self._land(40, "by_weight")
        self.assertEqual(self.pieces.mapped("standard_price"), [110, 930])

    def test_a_negative_landed_cost_takes_back(self):
        self._land(50)
        self._land(-50)
        self.assertEqual(self.pieces.mapped("standard_price"), [100, 900])
        self.assertEqual(self._ledger(self.account_stock_valuation), 0)

    def test_in_periodic_valuation_only_the_value_changes(self):
        self.category_auto.property_valuation = "periodic"
        cost = self._land(50)
        self.assertFalse(cost.account_move_id)
        self.assertEqual(self._value(self.style), 1050)

    def test_a_receipt_that_is_not_done_bears_nothing(self):
        draft = self.receipt.copy()
        with self.assertRaises(UserError):
            self._land(50, pickings=draft)
