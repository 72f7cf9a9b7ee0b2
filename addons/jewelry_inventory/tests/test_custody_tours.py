from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import ROLES


@tagged("post_install", "-at_install")
class TestCustodyTours(HttpCase):
    """Journeys of an associate at a case, an auditor, and a manager who exceeds a limit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for role in ("associate", "manager"):
            new_test_user(cls.env, login=role, groups=ROLES[role])
        new_test_user(cls.env, login="auditor", groups="jewelry_inventory.group_auditor")
        company = cls.env.company
        company.write({"custody_opening": 0, "custody_closing": 0})
        cls.stock = company._get_stock_place()
        cls.case, cls.window = cls.env["stock.location"].create(
            [
                {"name": name, "location_id": cls.stock.id, "jewelry_role": "sale"}
                for name in ("Case of the tour", "Window of the tour")
            ]
        )
        style = cls.env["product.template"].create(
            {"name": "Solitaire of the tour", "jewelry_kind": "piece"}
        )
        cls.piece = cls.env["stock.lot"].create(
            {
                "name": "P-CASE",
                "product_id": style.product_variant_id.id,
                "list_price": 9000.0,
                "company_id": company.id,
            }
        )
        cls.piece._take_in(company._get_opening_place(), cls.case)

    @classmethod
    def _create_limit(cls, name, amount, place, **values):
        defaults = {"name": name, "amount": amount, "place_id": place.id}
        return cls.env["jewelry.custody.limit"].create(defaults | values)

    @mute_logger("odoo.http")
    def test_an_associate_opens_a_case_and_scans_a_piece_out_and_back(self):
        self.start_tour("/odoo", "jewelry_associate_opens_a_case", login="associate")
        opening = self.env["jewelry.case.opening"].search([("place_id", "=", self.case.id)])
        self.assertEqual((opening.create_uid.login, opening.closed_by_id.login), ("associate",) * 2)
        self.assertEqual((opening.item_ids.lot_id, opening.item_ids.outcome), (self.piece, "back"))

    def test_an_auditor_sees_what_is_at_risk_in_one_look(self):
        self._create_limit("By day", 8000, self.case)
        self._create_limit("At night", 0, self.case, period="closed")
        self.start_tour("/odoo", "jewelry_auditor_looks_at_custody", login="auditor")

    def test_a_manager_exceeds_a_limit_with_a_reason(self):
        limit = self._create_limit("Window", 8000, self.window)
        places = {"location_id": self.case.id, "location_dest_id": self.window.id}
        product = {"product_id": self.piece.product_id.id}
        warehouse = self.case.warehouse_id
        picking = self.env["stock.picking"].create(
            places
            | {
                "picking_type_id": warehouse.int_type_id.id,
                "move_ids": [Command.create(places | product | {"product_uom_qty": 1})],
            }
        )
        picking.action_confirm()
        picking.action_assign()
        self.start_tour(
            f"/odoo/action-stock.action_picking_tree_all/{picking.id}",
            "jewelry_manager_exceeds_a_limit",
            login="manager",
        )
        self.assertEqual(picking.state, "done")
        excess = self.env["jewelry.custody.excess"].search([("picking_id", "=", picking.id)])
        self.assertEqual((excess.limit_id, excess.amount), (limit, 9000))
        self.assertEqual(excess.reason, "The safe is being repaired")
