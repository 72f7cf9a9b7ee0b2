from odoo.tests import HttpCase, tagged

from .common import PinRefundCommon

MINUTE = 60


@tagged("post_install", "-at_install")
class TestPinTour(PinRefundCommon, HttpCase):
    """A manager types the PIN where an apprentice has logged in, in a real browser."""

    # A busy machine makes the register's files while other requests wait.
    test_cursor_lock_timeout = 2 * MINUTE

    def test_a_manager_gives_back_by_pin(self):
        self.config.with_user(self.associate).open_ui()
        self.associate.password = self.associate.login
        self.start_tour(
            f"/pos/ui/{self.config.id}",
            "jewelry_pos_hr_deposit_pin",
            login=self.associate.login,
            timeout=3 * MINUTE,
        )
        self.env.invalidate_all()
        self.assertEqual(self._amounts(), (300, 300, 1700, -200))
        agreement = self.env["jewelry.refund.agreement"].search([])
        self.assertEqual((agreement.manager_id, agreement.amount), (self.manager, 200))
        self.assertEqual(self.env["jewelry.pin.failure"].search_count([]), 1)
