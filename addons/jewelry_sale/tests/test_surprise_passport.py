from datetime import timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from .common import SaleCommon


@tagged("post_install", "-at_install")
class TestSurprisePassport(SaleCommon, HttpCase):
    """A passport tells of a piece; of a ring that is to be a surprise, not to everybody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer, cls.spouse = cls.env["res.partner"].create([{"name": "B"}, {"name": "S"}])
        cls.order = cls._sell(
            cls.high,
            partner_id=cls.buyer.id,
            discretion_until=fields.Date.today() + timedelta(days=10),
            discretion_partner_ids=[Command.set(cls.spouse.ids)],
        )

    def _get_page(self, partner):
        _link, token = self.env["jewelry.link"]._issue(self.high, partner_id=partner.id)
        return self.url_open(f"/jewelry/passport/{token}", allow_redirects=False).status_code

    def test_the_buyer_may_learn_of_it_the_spouse_and_anybody_may_not(self):
        nobody = self.env["res.partner"]
        self.assertTrue(self.high._is_passport_tellable(self.buyer))
        self.assertFalse(self.high._is_passport_tellable(self.spouse))
        self.assertFalse(self.high._is_passport_tellable(nobody))
        self.assertTrue(self.low._is_passport_tellable(nobody))

    def test_pages_follow(self):
        self.assertEqual(self._get_page(self.buyer), 200)
        self.assertEqual(self._get_page(self.spouse), 404)
        self.assertEqual(self._get_page(self.env["res.partner"]), 404)

    def test_after_the_day_everybody_may(self):
        with freeze_time(fields.Datetime.now() + timedelta(days=12)):
            self.assertTrue(self.high._is_passport_tellable(self.spouse))

    def test_a_cancelled_order_is_no_surprise_any_more(self):
        self.order._action_cancel()
        self.assertTrue(self.high._is_passport_tellable(self.spouse))

    def test_staff_is_told_to_share_it_by_name(self):
        with self.assertRaisesRegex(UserError, "with the buyer by name"):
            self.high.action_print_passport()
        sharing = self.env["jewelry.passport.share"].create({"piece_id": self.high.id})
        with self.assertRaisesRegex(UserError, "with the buyer by name"):
            sharing.action_create_link()
        sharing.partner_id = self.buyer
        self.assertIn("passport_url", sharing.action_create_link()["context"])
