from odoo import Command
from odoo.tests import tagged

from .common import RaceCase

# What a race leaves behind, in the order in which it can be deleted.
DRAFTS = "SELECT transformation_id FROM jewelry_transformation_line WHERE product_id = ANY(%(ids)s)"
LOTS = "SELECT id FROM stock_lot WHERE product_id = ANY(%(ids)s)"
TABLES = [
    ("jewelry_transformation", f"id IN ({DRAFTS})"),
    ("stock_quant", "product_id = ANY(%(ids)s)"),
    ("jewelry_stone", f"home_lot_id IN ({LOTS}) OR holder_id IN ({LOTS})"),
    ("stock_lot", "product_id = ANY(%(ids)s)"),
]


class TransformationRaceCase(RaceCase):
    """What two people at two benches do, in transactions that commit."""

    def setUp(self):
        super().setUp()
        with self._commit() as env:
            self._prepare(env)

    def _clean(self):
        with self._commit() as env:
            moves = env["stock.move"].search([("product_id", "in", self.product_ids)])
            # What goods have cost is not deleted through the model.
            env.cr.execute("DELETE FROM product_value WHERE move_id = ANY(%s)", [moves.ids])
            env.cr.execute("DELETE FROM stock_move_line WHERE move_id = ANY(%s)", [moves.ids])
            env.cr.execute("DELETE FROM stock_move WHERE id = ANY(%s)", [moves.ids])
            for table, condition in TABLES:
                env.cr.execute(f"DELETE FROM {table} WHERE {condition}", {"ids": self.product_ids})
            env["product.product"].browse(self.product_ids).product_tmpl_id.unlink()
        return super()._clean()

    def _do(self, draft_id):
        return lambda env: env["jewelry.transformation"].browse(draft_id).action_done()


@tagged("post_install", "-at_install")
class TestTransformationRace(TransformationRaceCase):
    """Two people set the same stone."""

    def _prepare(self, env):
        """Leave two mounts, one stone, and two drafts that set it in either."""
        templates = env["product.template"].create(
            [{"name": "Race", "jewelry_kind": kind} for kind in ("piece", "stone")]
        )
        styles = templates.product_variant_id
        self.product_ids = styles.ids
        place = (
            env["stock.warehouse"].search([("company_id", "=", env.company.id)]).lot_stock_id[:1]
        )
        lots = env["stock.lot"].create(
            [{"product_id": styles[index].id, "company_id": env.company.id} for index in (0, 0, 1)]
        )
        lots._take_in(env.company._get_opening_place(), place)
        stone = env["jewelry.stone"].create(
            {
                "holder_id": lots[2].id,
                "home_lot_id": lots[2].id,
                "species_id": env.ref("jewelry_inventory.species_diamond").id,
                "shape_id": env.ref("jewelry_inventory.shape_round").id,
                "carat": 1,
            }
        )
        drafts = env["jewelry.transformation"].create(
            [self._prepare_draft(lots[index], lots[2]) for index in (0, 1)]
        )
        self.lot_ids, self.stone_id, self.draft_ids = lots.ids, stone.id, drafts.ids
        self.chains = [*lots.mapped("chain_uuid"), stone.chain_uuid]

    def _prepare_draft(self, mount, loose):
        lines = [("in", mount), ("in", loose), ("out", mount)]
        return {
            "kind": "set",
            "line_ids": [
                Command.create({"direction": direction, "lot_id": lot.id})
                for direction, lot in lines
            ],
        }

    def test_of_two_who_set_the_same_stone_one_is_told_so(self):
        refused = [why for why in self._race(*map(self._do, self.draft_ids)) if why]
        self.assertEqual(len(refused), 1)
        self.assertRegex(refused[0], "Already set in|Somebody else")
        with self._commit() as env:
            stone = env["jewelry.stone"].browse(self.stone_id)
            self.assertIn(stone.holder_id.id, self.lot_ids[:2])
            states = env["jewelry.transformation"].browse(self.draft_ids).mapped("state")
            self.assertEqual(sorted(states), ["done", "draft"])

    def test_the_same_document_is_done_once(self):
        draft = self.draft_ids[0]
        refused = [why for why in self._race(self._do(draft), self._do(draft)) if why]
        self.assertEqual(len(refused), 1)
        self.assertRegex(refused[0], "not a draft|Somebody else")
        with self._commit() as env:
            lot = env["stock.lot"].browse(self.lot_ids[2])
            self.assertEqual(lot.quant_ids.filtered("quantity").mapped("quantity"), [-1, 1])


@tagged("post_install", "-at_install")
class TestParcelRace(TransformationRaceCase):
    """Two people take stones out of the same parcel."""

    def _prepare(self, env):
        """Leave a parcel of 100 stones, and two drafts that each split 60 of them off."""
        style = env["product.template"].create({"name": "Race", "jewelry_kind": "parcel"})
        product = style.product_variant_id
        self.product_ids = product.ids
        company = env.company
        domain = [("company_id", "=", company.id)]
        places = env["stock.warehouse"].search(domain, limit=1).lot_stock_id
        bench = env["stock.location"].create(
            {"name": "Race", "usage": "internal", "location_id": places.id}
        )
        lot = env["stock.lot"].create({"product_id": product.id, "company_id": company.id})
        stone = env["jewelry.stone"].create(
            {
                "holder_id": lot.id,
                "species_id": env.ref("jewelry_inventory.species_diamond").id,
                "shape_id": env.ref("jewelry_inventory.shape_round").id,
                "carat": 5,
                "count": 100,
            }
        )
        lot._move_bulk(company._get_opening_place(), places, 5, 100, cost=1000)
        drafts = env["jewelry.transformation"].create(
            [self._prepare_split(lot) for _number in range(2)]
        )
        self.lot_id, self.bench_id, self.place_id = lot.id, bench.id, places.id
        self.draft_ids, self.known_chains = drafts.ids, [lot.chain_uuid, stone.chain_uuid]

    def _prepare_split(self, lot):
        amount = {"carat": 3, "stone_count": 60}
        taken = {"direction": "in", "lot_id": lot.id} | amount
        apart = {"direction": "out", "product_id": lot.product_id.id} | amount
        return {"kind": "split", "line_ids": [Command.create(taken), Command.create(apart)]}

    def _clean(self):
        with self._commit() as env:
            lots = env["stock.lot"].search([("product_id", "in", self.product_ids)])
            stones = env["jewelry.stone"].search([("holder_id", "in", lots.ids)])
            chains = [*lots.mapped("chain_uuid"), *stones.mapped("chain_uuid")]
            self.chains = [*self.known_chains, *chains]
        super()._clean()
        with self._commit() as env:
            bench = env["stock.location"].browse(self.bench_id)
            self.chains = [bench.chain_uuid]
            bench.unlink()

    def _issue(self, env):
        """Hand 60 stones out."""
        lot = env["stock.lot"].browse(self.lot_id)
        place, bench = env["stock.location"].browse([self.place_id, self.bench_id])
        lot._move_bulk(place, bench, 3, 60)

    def _assert_taken_once(self, refusals):
        """Assert that one got 60 stones, the other was told, and 40 are left."""
        refused = [why for why in refusals if why]
        self.assertEqual(len(refused), 1)
        self.assertRegex(refused[0], "only|both stones and carats|Somebody else")
        with self._commit() as env:
            lot = env["stock.lot"].browse(self.lot_id)
            place = env["stock.location"].browse(self.place_id)
            amount = lot._get_amount_in(place)
            self.assertEqual((float(amount[0]), amount[1]), (2, 40))
            lots = env["stock.lot"].search([("product_id", "in", self.product_ids)])
            self.assertEqual(sum(lots.stone_ids.mapped("count")), 100)
            self.assertEqual(sum(lots.mapped("product_qty")), 5)

    def test_two_splits_do_not_take_the_same_stones(self):
        self._assert_taken_once(self._race(*map(self._do, self.draft_ids)))

    def test_two_who_hand_out_the_same_stones(self):
        self._assert_taken_once(self._race(self._issue, self._issue))

    def test_a_split_and_a_handing_out(self):
        self._assert_taken_once(self._race(self._issue, self._do(self.draft_ids[0])))
