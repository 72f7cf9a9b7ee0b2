from odoo.tests import HttpCase, new_test_user, tagged

from .common import ROLES


@tagged("post_install", "-at_install")
class TestCountTours(HttpCase):
    """A case is counted by scanner, and the count applied."""

    def test_an_associate_counts_a_case_and_a_keeper_applies_it(self):
        for role in ("associate", "keeper"):
            new_test_user(self.env, login=role, groups=ROLES[role])
        stock = self.env.company._get_stock_place()
        case, safe = self.env["stock.location"].create(
            [{"name": f"Tour {name}", "location_id": stock.id} for name in ("case", "safe")]
        )
        rings = self._take_in(case, "TOUR-1", "TOUR-2", "TOUR-4", "TOUR-5", "TOUR-6")
        strays = self._take_in(safe, "TOUR-3", "TOUR-9")
        lines = self.env["stock.move.line"].search([("lot_id", "in", (rings + strays).ids)])
        lines.date = "2020-01-01"
        self._sell(rings[3:], case)
        self.start_tour("/odoo", "jewelry_associate_counts_a_case", login="associate")
        count = self.env["jewelry.count"].search([("place_ids", "=", case.id)])
        self.assertEqual((count.state, count.found_quantity), ("counted", 3))
        self.assertEqual(len(count.scan_ids), 6)
        kinds = {line.lot_id.name: line.kind for line in count.line_ids}
        self.assertEqual(kinds, {"TOUR-4": "missing", "TOUR-3": "misplaced"})
        self.start_tour("/odoo", "jewelry_keeper_applies_a_count", login="keeper")
        self.assertEqual(count.state, "done")
        self.assertEqual(strays[0].location_id, case)
        self.assertEqual(rings[2].location_id, case, "nothing was said of it, and it stays")

    def _take_in(self, place, *names):
        style = self.env["product.template"].create({"name": "Tour ring", "jewelry_kind": "piece"})
        vals = {"product_id": style.product_variant_id.id, "company_id": self.env.company.id}
        pieces = self.env["stock.lot"].create([vals | {"name": name} for name in names])
        pieces._take_in(self.env.company._get_opening_place(), place)
        return pieces

    def _sell(self, pieces, place):
        client = self.env.ref("stock.stock_location_customers")
        vals = pieces._prepare_intake_vals(pieces.product_id, place, client, owner=None)
        self.env["stock.move"].create(vals | {"company_id": self.env.company.id})._action_done()
        self.env["stock.move.line"].search([("lot_id", "in", pieces.ids)]).date = "2020-01-02"
