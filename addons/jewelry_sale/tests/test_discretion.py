from datetime import timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from .common import SaleCommon


@tagged("post_install", "-at_install")
class TestDiscretion(SaleCommon, HttpCase):
    """A ring bought as a surprise: the spouse shares the household's portal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.home = cls.env["res.partner"].create({"name": "Home", "is_company": True})
        cls.buyer, cls.spouse = (cls._create_member(login) for login in ("buyer", "spouse"))
        cls.order = cls._sell(
            cls.high,
            partner_id=cls.buyer.partner_id.id,
            discretion_until=fields.Date.today() + timedelta(days=10),
            discretion_partner_ids=[Command.set(cls.spouse.partner_id.ids)],
        )

    @classmethod
    def _create_member(cls, login):
        user = new_test_user(cls.env, login, groups="base.group_portal", password=login)
        user.partner_id.parent_id = cls.home
        return user

    def _get_page(self, login, record, token=None):
        self.authenticate(login, login)
        path = "orders" if record._name == "sale.order" else "invoices"
        query = f"?access_token={token}" if token else ""
        return self.url_open(f"/my/{path}/{record.id}{query}", allow_redirects=False)

    def test_the_buyer_reads_the_order_and_the_spouse_does_not(self):
        self.assertTrue(self.order.with_user(self.buyer).has_access("read"))
        self.assertFalse(self.order.with_user(self.spouse).has_access("read"))
        self.assertFalse(
            self.env["sale.order"].with_user(self.spouse).search([("id", "=", self.order.id)])
        )

    def test_the_portal_page_and_its_link_stay_shut_for_the_spouse(self):
        token = self.order._portal_ensure_token()
        self.assertEqual(self._get_page("buyer", self.order).status_code, 200)
        self.assertNotEqual(self._get_page("spouse", self.order).status_code, 200)
        self.assertNotEqual(self._get_page("spouse", self.order, token).status_code, 200)

    def test_mail_of_the_order_does_not_reach_the_spouse(self):
        self.order.message_subscribe((self.buyer + self.spouse).partner_id.ids)
        message = self.order.message_post(
            body="Your ring is ready", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        told = message.notified_partner_ids
        self.assertIn(self.buyer.partner_id, told)
        self.assertNotIn(self.spouse.partner_id, told)

    def test_the_invoice_keeps_the_secret_too(self):
        self._deliver(self.order)
        invoice = self.order._create_invoices()
        invoice.action_post()
        self.assertEqual(invoice.discretion_partner_ids, self.spouse.partner_id)
        self.assertFalse(invoice.with_user(self.spouse).has_access("read"))

    def test_after_the_day_nothing_is_kept(self):
        with freeze_time(fields.Date.today() + timedelta(days=11)):
            self.env.invalidate_all()
            self.env.registry.clear_cache()
            self.assertTrue(self.order.with_user(self.spouse).has_access("read"))
            self.assertEqual(
                self.order._filter_tellable(self.spouse.partner_id, "mail"), self.order
            )

    def test_every_channel_asks_the_same_hook(self):
        spouse, buyer = self.spouse.partner_id, self.buyer.partner_id
        for channel in ("mail", "portal", "print"):
            self.assertFalse(self.order._filter_tellable(spouse, channel))
            self.assertTrue(self.order._filter_tellable(buyer, channel))
        domain = self.order._get_tellable_domain(spouse)
        self.assertNotIn(self.order, self.env["sale.order"].search(domain))

    def test_without_names_a_date_keeps_nobody_out(self):
        self.order.discretion_partner_ids = False
        self.assertTrue(self.order.with_user(self.spouse).has_access("read"))
        self.order.discretion_until = False
        with self.assertRaises(AccessError):
            self.order.with_user(self.spouse).write({"discretion_until": "2030-01-01"})
