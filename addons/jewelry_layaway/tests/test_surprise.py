from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import LayawayCommon


@tagged("post_install", "-at_install")
class TestSurprise(LayawayCommon):
    """A layaway for a surprise is seen by no colleague whom it is kept from."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.spouse = cls._create_user("associate", login="spouse")
        cls.other = cls._create_user("associate", login="other")
        order = cls._quote(
            cls.high,
            discretion_until="2099-12-24",
            discretion_partner_ids=[Command.set(cls.spouse.partner_id.ids)],
        )
        cls.secret = cls._opened(order=order)
        cls.plain = cls._opened(cls.low)
        cls.both = cls.secret | cls.plain

    def _seen(self, records, user):
        return records.with_user(user).search([("id", "in", records.ids)])

    def test_it_is_not_found_and_not_read(self):
        self.assertEqual(self._seen(self.both, self.spouse), self.plain)
        self.assertEqual(self._seen(self.both, self.other), self.both)
        with self.assertRaises(AccessError):
            self.secret.with_user(self.spouse).read(["name"])

    def test_its_instalments_are_not_found(self):
        instalments = self.both.instalment_ids
        self.assertEqual(self._seen(instalments, self.spouse), self.plain.instalment_ids)
        self.assertEqual(self._seen(instalments, self.other), instalments)

    def test_it_is_not_counted_among_those_that_are_put_away(self):
        self.env.flush_all()
        ageing = self.env["jewelry.layaway.ageing"]
        self.assertEqual(ageing.with_user(self.spouse).search([]).layaway_id, self.plain)
        self.assertEqual(ageing.with_user(self.other).search([]).layaway_id, self.both)

    def test_it_is_seen_once_its_day_is_over(self):
        self.secret.order_id.discretion_until = "2020-12-24"
        self.assertEqual(self._seen(self.both, self.spouse), self.both)
