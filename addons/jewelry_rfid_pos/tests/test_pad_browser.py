from odoo.tests import HttpCase, tagged

from odoo.addons.jewelry_inventory.tests.units_common import UnitsCommon
from odoo.addons.jewelry_pos.tests.browser_common import happening

from .common import DOOR, PadCommon

MINUTE = 60


@tagged("post_install", "-at_install")
class TestPadTour(PadCommon, HttpCase):
    """A cashier with a pad, in a real browser."""

    # A busy machine makes the register's files while other requests wait.
    test_cursor_lock_timeout = 2 * MINUTE

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.low.name, cls.high.name = "P-100", "P-200"
        cls.cashier = cls._create_user(
            "associate", "point_of_sale.group_pos_user", login="cashier", password="cashier_pw"
        )
        if "module_pos_hr" in cls.config:
            cls.config.module_pos_hr = False

    def _tour(self, name, **acts):
        self.config.with_user(self.cashier).open_ui()
        with happening(self.env, **acts):
            self.start_tour(f"/pos/ui/{self.config.id}", name, login="cashier", timeout=3 * MINUTE)
        self.env.invalidate_all()

    def test_what_is_laid_on_the_pad_is_sold_and_what_is_taken_away_is_not(self):
        self._watch()
        acts = {
            "lay": lambda: self._see(self.low, self.high),
            "take": lambda: self._see(self.high, kind="leave"),
            "change": lambda: (
                self._see(self.low, kind="leave"),
                self._see(self.high),
            ),
        }
        self._tour("jewelry_rfid_pos_pad", **acts)
        lines = self.env["pos.order.line"].search([("order_id.state", "=", "paid")])
        self.assertEqual(lines.filtered("piece_id").piece_id, self.low)

    def test_a_piece_at_the_door_rings_at_the_register_and_is_answered_there(self):
        self._tour("jewelry_rfid_pos_alarm", carry_out=lambda: self._see(self.low, antenna=DOOR))
        alarm = self.env["jewelry.rfid.alarm"].search([("lot_id", "=", self.low.id)])
        self.assertEqual((alarm.state, alarm.done_by_id), ("acknowledged", self.cashier))


@tagged("post_install", "-at_install")
class TestPadUnits(UnitsCommon):
    """The units of the pad."""

    def test_the_suite_of_the_pad_passes(self):
        self._run_units("jewelry_rfid_pos")
