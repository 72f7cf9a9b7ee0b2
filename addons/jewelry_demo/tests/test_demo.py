import io

from PIL import Image

from odoo.tests import TransactionCase, tagged

from ..tools.picture import draw_piece


@tagged("post_install", "-at_install")
class TestDemo(TransactionCase):
    def test_the_store_is_furnished_once(self):
        lots = self.env["stock.lot"]
        before = lots.search_count([("is_piece", "=", True)])
        self.env["jewelry.demo"]._furnish()
        self.assertEqual(lots.search_count([("is_piece", "=", True)]), before)
        self.assertGreater(before, 500)

    def test_stones_and_pieces_are_in_stock_at_their_cost(self):
        job = self.env["jewelry.import"].search([("filename", "=", "demo_diamonds.csv")])
        self.assertEqual((job.state, job.cost_done), ("done", job.cost_total))
        stones = self.env["product.product"].search([("jewelry_kind", "=", "stone")])
        self.assertEqual(sum(stones.mapped("total_value")), job.cost_total)
        ring = self.env["stock.lot"].search([("name", "=", "R-1003")])
        self.assertEqual((ring.standard_price, ring.location_id.name), (5200, "Safe"))
        self.assertEqual(ring.metal_id.code, "platinum")
        self.assertFalse(ring.weight_warning)
        self.assertTrue(ring.image_128)

    def test_opening_stock_is_in_the_books(self):
        company = self.env.company
        lines = self.env["account.move.line"].search(
            [
                ("account_id", "=", company.piece_opening_account_id.id),
                ("parent_state", "=", "posted"),
            ]
        )
        values = self.env["product.product"].search([("jewelry_kind", "!=", False)])
        self.assertEqual(-sum(lines.mapped("balance")), sum(values.mapped("total_value")))

    def test_each_role_can_log_in_and_associates_see_no_cost(self):
        users = self.env["res.users"].search(
            [("login", "in", ("associate", "keeper", "manager", "accountant"))]
        )
        self.assertEqual(len(users), 4)
        marker = "jewelry_inventory.group_cost_hidden"
        self.assertEqual(
            users.filtered(lambda user: user.has_group(marker)).mapped("login"), ["associate"]
        )

    def test_every_kind_of_piece_has_a_picture(self):
        for kind in ("ring", "pendant", "earrings", "chain"):
            for shape in ("", "round", "princess"):
                picture = Image.open(io.BytesIO(draw_piece(kind, "rose", shape)))
                self.assertEqual(picture.size, (512, 512))
                self.assertGreater(len(picture.getcolors(10**6)), 1)
