from odoo.tests import HttpCase, tagged

from odoo.addons.jewelry_inventory.tests.units_common import UnitsCommon
from odoo.addons.jewelry_pos.tests.browser_common import happening

from .common import PadCommon

MINUTE = 60


@tagged("post_install", "-at_install")
class TestPadTour(PadCommon, HttpCase):
    """A cashier with a pad, in a real browser."""

    # A busy machine makes the register's files while other requests wait.
    test_cursor_lock_timeout = 2 * MINUTE

    def test_what_is_laid_on_the_pad_is_sold_and_what_is_taken_away_is_not(self):
        self.low.name, self.high.name = "P-100", "P-200"
        cashier = self._create_user(
            "associate", "point_of_sale.group_pos_user", login="cashier", password="cashier_pw"
        )
        if "module_pos_hr" in self.config:
            self.config.module_pos_hr = False
        self.config.with_user(cashier).open_ui()
        self._watch()
        acts = {
            "lay": lambda: self._see(self.low, self.high),
            "take": lambda: self._see(self.high, kind="leave"),
            "change": lambda: (
                self._see(self.low, kind="leave"),
                self._see(self.high),
            ),
        }
        with happening(self.env, **acts):
            self.start_tour(
                f"/pos/ui/{self.config.id}",
                "jewelry_rfid_pos_pad",
                login="cashier",
                timeout=3 * MINUTE,
            )
        self.env.invalidate_all()
        lines = self.env["pos.order.line"].search([("order_id.state", "=", "paid")])
        self.assertEqual(lines.filtered("piece_id").piece_id, self.low)


@tagged("post_install", "-at_install")
class TestPadUnits(UnitsCommon):
    """The units of the pad."""

    def test_the_suite_of_the_pad_passes(self):
        self._run_units("jewelry_rfid_pos")
