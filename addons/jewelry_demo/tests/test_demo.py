import io

from PIL import Image

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from ..tools.picture import draw_piece


@tagged("post_install", "-at_install")
class TestDemo(TransactionCase):
    def _get_lot(self, number):
        return self.env["stock.lot"].search([("name", "=", number)])

    def _count_all(self):
        """Return {model: records} of what the demo makes."""
        models = ("stock.lot", "jewelry.import", "jewelry.transformation", "stock.location")
        models += ("product.template", "product.category", "jewelry.price.policy", "res.users")
        models += ("res.partner", "jewelry.metal.rate", "account.move", "stock.move")
        return {model: self.env[model].search_count([]) for model in models}

    def test_the_store_is_furnished_once(self):
        before = self._count_all()
        self.env["jewelry.demo"]._furnish()
        self.assertEqual(self._count_all(), before)
        self.assertGreater(before["stock.lot"], 500)

    def test_what_was_missing_is_furnished_again(self):
        self.env["jewelry.metal.rate"].search([]).unlink()
        self.env["jewelry.demo"]._furnish()
        metals = self.env["jewelry.metal.rate"].search([]).metal_id
        self.assertEqual(set(metals.mapped("code")), {"gold", "platinum", "silver"})

    def test_stones_and_pieces_are_in_stock_at_their_cost(self):
        job = self.env["jewelry.import"].search([("filename", "=", "demo_stones.csv")])
        self.assertEqual((job.state, job.cost_done), ("done", job.cost_total))
        stones = self.env["product.product"].search([("jewelry_kind", "=", "stone")])
        set_in_a_mount = self._get_lot("S-000002").standard_price
        loose = sum(stones.mapped("total_value"))
        self.assertAlmostEqual(loose + set_in_a_mount, job.cost_total, 2)
        ring = self._get_lot("R-1003")
        self.assertEqual((ring.standard_price, ring.location_id.name), (5200, "Safe"))
        self.assertEqual(ring.metal_id.code, "platinum")
        self.assertFalse(ring.weight_warning)
        self.assertTrue(ring.image_128)

    def test_what_the_store_says_of_its_goods_may_be_said_in_the_united_states(self):
        us = self.env.ref("jewelry_inventory.jurisdiction_us")
        self.env.companies.jewelry_jurisdiction_id = us
        styles = self.env["product.template"].search([("jewelry_kind", "!=", False)])
        problems = styles._compare_claims({style: style for style in styles})
        self.assertEqual({one.name: found for one, found in problems.items() if found}, {})
        pieces = self.env["stock.lot"].search([("is_piece", "=", True)])
        self.assertEqual(pieces.filtered("claim_warning").mapped("claim_warning"), [])

    def test_opening_stock_is_in_the_books(self):
        company = self.env.company
        lines = self.env["account.move.line"].search(
            [
                ("account_id", "=", company.piece_opening_account_id.id),
                ("parent_state", "=", "posted"),
            ]
        )
        values = self.env["product.product"].search([("jewelry_kind", "!=", False)])
        work = sum(self.env["jewelry.transformation"].search([]).mapped("cost_value"))
        opened = -sum(lines.mapped("balance"))
        self.assertAlmostEqual(opened + work, sum(values.mapped("total_value")), 2)

    def test_parcels_hold_carats_and_stones_at_their_cost(self):
        parcel = self._get_lot("P-101")
        self.assertEqual((parcel.product_qty, parcel.stone_count), (8.4, 420))
        self.assertAlmostEqual(parcel.total_value, 3360, 2)
        self.assertEqual(self._get_lot("P-103").stone_origin, "lab_grown")

    def test_metal_is_there_to_melt_and_to_cast(self):
        bar = self._get_lot("M-501")
        self.assertEqual((bar.product_qty, bar.product_id.alloy_id.code), (50, "gold-999"))
        self.assertAlmostEqual(bar.total_value, 6500, 2)

    def test_a_stone_is_set_and_its_cost_is_in_the_ring(self):
        ring, stone = self._get_lot("R-1022"), self._get_lot("S-000002")
        self.assertEqual(ring.stone_ids.home_lot_id, stone)
        self.assertAlmostEqual(ring.standard_price, 310 + stone.standard_price + 60, 2)
        self.assertEqual((ring.piece_status, stone.piece_status), ("available", "used"))

    def test_pieces_can_be_priced_by_the_house(self):
        quotes = self.env["jewelry.piece.pricing"]._get_quotes(
            self.env["stock.lot"].search([("jewelry_kind", "=", "piece")])
        )
        states = {quote.state for quote in quotes}
        self.assertLessEqual(states, {"up", "down", "same"})
        for quote in quotes:
            # A rate of today must not turn the shelves over: the labels are near the policy.
            self.assertLess(abs(quote.new - quote.old) / quote.old, 1, quote.piece_id)

    def test_each_role_can_log_in_and_associates_see_no_cost(self):
        users = self.env["res.users"].search(
            [("login", "in", ("associate", "keeper", "manager", "accountant"))]
        )
        self.assertEqual(len(users), 4)
        marker = "jewelry_inventory.group_cost_hidden"
        self.assertEqual(
            users.filtered(lambda user: user.has_group(marker)).mapped("login"), ["associate"]
        )

    def test_associates_read_pieces_and_no_cost(self):
        associate = self.env["res.users"].search([("login", "=", "associate")])
        ring = self._get_lot("R-1003").with_user(associate)
        self.assertEqual(ring.list_price, 11900)
        with self.assertRaises(AccessError):
            ring.read(["standard_price"])

    def test_every_kind_of_piece_has_a_picture(self):
        for kind in ("ring", "pendant", "earrings", "chain"):
            for shape in ("", "round", "princess"):
                picture = Image.open(io.BytesIO(draw_piece(kind, "rose", shape)))
                self.assertEqual(picture.size, (512, 512))
                self.assertGreater(len(picture.getcolors(10**6)), 1)
