from odoo.tests import tagged

from odoo.addons.jewelry_inventory.tests import test_specific_oracle as oracle

ROLES = ("memo_out", "layaway", "transit")
STORY = [
    ("receive", 0, 100.10),
    ("receive", 0, 900.25),
    ("receive_theirs", 0, 650),
    ("receive", 0, 40),
    ("receive", 0, 77.77),
    *[(f"to_{role}", index, 0) for index, role in enumerate(ROLES)],
    ("to_bench", 3, 0),
    ("revalue", 0, 120.40),
    ("revalue", 3, 35.05),
    ("from_memo_out", 0, 0),
    ("sell", 0, 0),
    ("take_back", 0, 0),
    ("from_transit", 2, 0),
    ("sell", 2, 0),
    ("sell", 4, 0),
    ("revalue", 4, 80),
]


@tagged("post_install", "-at_install")
class TestStockValue(oracle.TestSpecificOracle):
    """One value of the stock, however it is read, wherever the pieces are."""

    MOVES = (
        oracle.TestSpecificOracle.MOVES
        | {f"to_{role}": ("shop", role) for role in ROLES}
        | {f"from_{role}": (role, "shop") for role in ROLES}
    )

    def setUp(self):
        super().setUp()
        for role in ROLES:
            usage = "transit" if role == "transit" else "internal"
            self.places[role] = self._create_place(
                role, usage=usage, jewelry_role=role, location_id=False
            )

    def test_stock_is_worth_the_same_by_style_piece_place_at_closing_and_at_any_date(self):
        self._play(STORY)
        self._close()
        self.assertEqual(self._ledger(self.account_stock_valuation), self._value(self.style))
        self.assertEqual(self._value(self.style), 1055.70)
