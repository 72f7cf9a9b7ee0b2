from odoo import Command
from odoo.tests import new_test_user

from .common import JewelryCommon, VocabularyCommon


class CustodyCommon(JewelryCommon, VocabularyCommon):
    """A store with a safe, a case and a window, that is always open unless a test says more."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"custody_opening": 0, "custody_closing": 0, "custody_basis": "price"})
        cls.case = cls._create_place("Case A", jewelry_role="sale")
        cls.tray = cls._create_place("Tray 1", location_id=cls.case.id)
        cls.window = cls._create_place("Window", jewelry_role="sale")
        cls.transit = cls._create_place("On the Road", jewelry_role="transit")
        cls.associate = cls._create_user("associate")
        cls.keeper = cls._create_user("keeper")
        cls.manager = cls._create_user("manager")
        cls.auditor = new_test_user(
            cls.env,
            login="auditor",
            groups="jewelry_inventory.group_auditor",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    @classmethod
    def _create_limit(cls, amount, place=None, **values):
        """Return a limit of a place, or of a role."""
        target = {"place_id": place.id} if place else {}
        return cls.env["jewelry.custody.limit"].create(
            {"name": "Policy 7", "company_id": cls.company.id, "amount": amount} | target | values
        )

    @classmethod
    def _stock(cls, place, price=1000.0, cost=400.0, **values):
        return cls._stock_piece(place=place, cost=cost, list_price=price, **values)

    def _read_page(self, user=None, period=None):
        self.env.invalidate_all()
        exposures = self.env["jewelry.custody.exposure"].with_user(user or self.manager)
        return exposures.with_company(self.company).get_page(period)

    def _get_row(self, page, place):
        """Return the row of a place, None where the page has none."""
        rows = [row for section in page["sections"] for row in section["rows"]]
        return next((row for row in rows if row["id"] == place.id), None)

    def _get_limit(self, page, limit):
        rows = [row for section in page["sections"] for row in section["rows"]]
        found = [each for row in [*rows, *page["sections"]] for each in row["limits"]]
        return next((each for each in found if each["id"] == limit.id), None)

    def _create_transfer(self, pieces, source, dest, user=None, code="internal"):
        """Return a transfer of pieces that is ready to be validated."""
        picking_type = self.env["stock.picking.type"].search(
            [("code", "=", code), ("company_id", "=", self.company.id)], limit=1
        )
        places = {"location_id": source.id, "location_dest_id": dest.id}
        lines = [
            places
            | {
                "lot_id": piece.id,
                "product_id": piece.product_id.id,
                "package_id": piece.quant_ids.filtered(lambda q: q.quantity > 0).package_id.id,
                "quantity": 1,
            }
            for piece in pieces
        ]
        move = places | {
            "product_id": pieces.product_id.id,
            "product_uom_qty": len(pieces),
            "move_line_ids": [Command.create(line) for line in lines],
        }
        picking = self.env["stock.picking"].create(
            places | {"picking_type_id": picking_type.id, "move_ids": [Command.create(move)]}
        )
        picking.action_confirm()
        return picking.with_user(user or self.keeper)

    def _open_case(self, place=None, user=None, reason="show", **values):
        wizard = self.env["jewelry.case.open"].with_user(user or self.associate)
        action = wizard.create(
            {"place_id": (place or self.case).id, "reason": reason} | values
        ).action_open()
        return wizard.env["jewelry.case.opening"].browse(action["res_id"])
