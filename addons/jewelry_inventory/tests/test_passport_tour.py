from odoo.tests import HttpCase, new_test_user, tagged

from .common import ROLES
from .passport_common import PassportCommon


@tagged("post_install", "-at_install")
class TestPassportTour(PassportCommon, HttpCase):
    """The passport and the correction of a piece, in a browser."""

    def _get_form(self):
        return f"/odoo/action-jewelry_inventory.stock_lot_action_pieces/{self.ring.id}"

    def test_an_associate_shares_a_passport(self):
        self._anchor()
        new_test_user(self.env, login="associate", groups=ROLES["associate"])
        self.start_tour(
            self._get_form(),
            "jewelry_associate_shares_a_passport",
            login="associate",
        )
        (link,) = self.env["jewelry.link"].search([("res_id", "=", self.ring.id)])
        self.assertEqual(link.use_count, 1)
        self.assertNotIn("token", {name for name in link._fields if link[name]})

    def test_a_manager_corrects_a_weight_and_the_audit_trail_tells_why(self):
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        self.ring._take_in(self.company._get_opening_place(), warehouse.lot_stock_id)
        manager = new_test_user(self.env, login="manager", groups=ROLES["manager"])
        self.start_tour(self._get_form(), "jewelry_manager_corrects_a_weight", login="manager")
        self.assertEqual(self.ring.gross_weight, 4.5)
        row = self.env["jewelry.audit"].search(
            [("lot_id", "=", self.ring.id), ("topic", "=", "weight")], limit=1
        )
        self.assertEqual((row.user_id, row.reason), (manager, "Digits were swapped"))
