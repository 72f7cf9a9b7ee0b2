from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import SaleCommon


@tagged("post_install", "-at_install")
class TestSaleAccess(SaleCommon):
    """A sales associate sells pieces without stock rights, and never learns a cost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.associate = new_test_user(
            cls.env,
            login="associate",
            groups="jewelry_inventory.group_associate,sales_team.group_sale_salesman",
            company_id=cls.company.id,
            company_ids=cls.company.ids,
        )

    def _as_associate(self, record):
        self.env.invalidate_all()
        return record.with_user(self.associate)

    def test_an_associate_quotes_confirms_and_invoices_a_piece(self):
        self.style.invoice_policy = "order"
        order = self._as_associate(self.env["sale.order"]).create(
            {
                "partner_id": self.client.id,
                "order_line": [(0, 0, {"piece_id": self.high.id})],
            }
        )
        self.assertFalse(order.piece_warning)
        order.action_confirm()
        self.assertEqual(self.high.piece_status, "reserved")
        self.assertEqual(order._create_invoices().invoice_line_ids.piece_ids, self.high)

    def test_an_associate_reads_pieces_but_changes_none(self):
        piece = self._as_associate(self.high)
        self.assertEqual(piece.list_price, 2000)
        for act in (lambda: piece.write({"list_price": 1}), piece.unlink):
            with self.assertRaises(AccessError):
                act()

    def test_an_associate_reads_no_cost_of_a_quoted_piece(self):
        line = self._as_associate(self._quote(self.high).order_line)
        for name in ("standard_price", "avg_cost", "total_value", "value_ids"):
            with self.subTest(field=name), self.assertRaises(AccessError):
                line.piece_id.read([name])

    def test_a_price_that_starts_from_cost_is_computed_without_showing_it(self):
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Staff",
                "item_ids": [
                    (
                        0,
                        0,
                        {"compute_price": "formula", "base": "standard_price", "price_markup": 10},
                    )
                ],
            }
        )
        order = self._as_associate(self.env["sale.order"]).create(
            {
                "partner_id": self.client.id,
                "pricelist_id": pricelist.id,
                "order_line": [(0, 0, {"piece_id": self.high.id})],
            }
        )
        self.assertAlmostEqual(order.order_line.price_unit, 990)

    def test_a_colleagues_quotation_is_told_without_its_customer(self):
        other = self._quote(self.high)
        order = self._as_associate(self._quote(self.high, user_id=self.associate.id))
        self.assertIn(other.name, order.piece_warning)
        self.assertNotIn(self.client.name, order.piece_warning)
