from odoo.tests import HttpCase, new_test_user, tagged

from .common import ROLES, VocabularyCommon


@tagged("post_install", "-at_install")
class TestTransformationTours(HttpCase, VocabularyCommon):
    """Journeys of a keeper through setting, undoing, handing out and taking back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        new_test_user(cls.env, login="keeper", groups=ROLES["keeper"])
        domain = [("company_id", "=", cls.company.id)]
        cls.stock = cls.env["stock.warehouse"].search(domain, limit=1).lot_stock_id
        cls.opening = cls.company._get_opening_place()

    def test_a_keeper_sets_a_stone_and_undoes_it(self):
        mount = self._create_lot(name="P-MOUNT", gross_weight=5)
        mount._set_metals({self.gold_18k: 5})
        home = self._create_lot("stone", name="P-STONE")
        stone = self._create_stone(holder_id=home.id, home_lot_id=home.id, carat=1.5)
        (mount | home)._take_in(self.opening, self.stock)
        self.start_tour("/odoo", "jewelry_keeper_sets_a_stone", login="keeper")
        done = self.env["jewelry.transformation"].search([("line_ids.lot_id", "=", mount.id)])
        self.assertEqual(done.mapped("kind"), ["unset", "set"])
        self.assertEqual(done.mapped("state"), ["done", "done"])
        self.assertEqual((stone.state, mount.gross_weight), ("loose", 5))

    def test_a_keeper_hands_stones_out_and_takes_them_back(self):
        parcel = self._create_lot("parcel", name="PC-TOUR")
        self._create_stone(holder_id=parcel.id, carat=5, count=100)
        parcel._move_bulk(self.opening, self.stock, 5, 100, cost=1000)
        bench = self.env["stock.location"].create(
            {
                "name": "Bench of the tour",
                "usage": "internal",
                "location_id": self.stock.id,
                "jewelry_role": "bench",
            }
        )
        self.start_tour("/odoo", "jewelry_keeper_hands_a_parcel_out", login="keeper")
        self.assertEqual(parcel._get_amount_in(bench)[1], 10)
        self.assertEqual(parcel._get_amount_in(self.stock)[1], 90)
        taken = self.env["jewelry.transformation"].search([("kind", "=", "return")], limit=1)
        self.assertEqual(taken.state, "done")
