from odoo.tests import HttpCase, new_test_user, tagged

ASSOCIATE = "jewelry_inventory.group_associate,sales_team.group_sale_salesman"


@tagged("post_install", "-at_install")
class TestSaleTours(HttpCase):
    """A piece from quotation to delivery and invoice, as those who do it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        new_test_user(cls.env, login="tour_associate", groups=ASSOCIATE)
        new_test_user(cls.env, login="tour_keeper", groups="jewelry_inventory.group_keeper")
        new_test_user(cls.env, login="tour_clerk", groups="account.group_account_invoice")
        cls.client = cls.env["res.partner"].create({"name": "Client of the tour"})
        style = cls.env["product.template"].create(
            {"name": "Ring of the tour", "jewelry_kind": "piece", "invoice_policy": "order"}
        )
        cls.piece = cls.env["stock.lot"].create(
            {
                "name": "P-SALE-TOUR",
                "product_id": style.product_variant_id.id,
                "list_price": 9000.0,
                "standard_price": 4321.0,
                "hallmark": "750",
                "company_id": cls.env.company.id,
            }
        )
        warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.env.company.id)], limit=1
        )
        place = warehouse.lot_stock_id
        cls.piece._take_in(cls.env.company._get_opening_place(), place)

    def test_a_piece_is_quoted_sold_invoiced_and_delivered(self):
        self.start_tour("/odoo", "jewelry_associate_sells_a_piece", login="tour_associate")
        order = self.env["sale.order"].search([("partner_id", "=", self.client.id)])
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.order_line.piece_id, self.piece)
        self.assertEqual(order.picking_ids.move_line_ids.lot_id, self.piece)
        invoice = order._create_invoices()
        url = f"/odoo/action-account.action_move_out_invoice_type/{invoice.id}"
        self.start_tour(url, "jewelry_clerk_invoices_a_piece", login="tour_clerk")
        self.assertEqual(invoice.state, "posted")
        url = f"/odoo/action-stock.action_picking_tree_all/{order.picking_ids.id}"
        self.start_tour(url, "jewelry_keeper_delivers_a_piece", login="tour_keeper")
        self.assertEqual(self.piece.piece_status, "sold")
        self.assertEqual(order.order_line.qty_delivered, 1)
