from odoo.tests import HttpCase, new_test_user, tagged

from .common import ROLES
from .fake_gia import KEY
from .report_common import FakeGiaCase


@tagged("post_install", "-at_install")
class TestReportTour(FakeGiaCase, HttpCase):
    """A keeper looks a report up in a browser, the laboratory being on this machine."""

    def test_a_keeper_looks_up_a_report_and_takes_a_difference_over(self):
        env = self.env
        new_test_user(env, login="keeper", groups=ROLES["keeper"])
        env.company.write({"gia_url": f"{self.fake.base}/graphql", "gia_key": KEY})
        ref = env.ref
        ref("jewelry_inventory.laboratory_gia").provider = "gia"
        style = env["product.template"].create({"name": "Ring", "jewelry_kind": "piece"})
        piece = env["stock.lot"].create(
            {"name": "P-REPORT", "product_id": style.product_variant_id.id}
        )
        stone = env["jewelry.stone"].create(
            {
                "holder_id": piece.id,
                "origin": "natural",
                "species_id": ref("jewelry_inventory.species_diamond").id,
                "shape_id": ref("jewelry_inventory.shape_round").id,
                "carat": 1.01,
                "color_grade_id": ref("jewelry_inventory.grade_color_e").id,
            }
        )
        self.start_tour(
            f"/odoo/jewelry.stone/{stone.id}", "jewelry_keeper_looks_up_a_report", login="keeper"
        )
        self.assertEqual(stone.report_ids.number, "9000000001")
        self.assertEqual(stone.color_grade_id, ref("jewelry_inventory.grade_color_g"))
        self.assertTrue(stone.report_ids.document)
