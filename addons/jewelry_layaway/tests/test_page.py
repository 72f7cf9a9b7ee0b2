import json
import re

from odoo import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.jewelry_deposit.tests.online_common import OnlineMixin

from .common import LayawayCommon


@tagged("post_install", "-at_install")
class TestPage(LayawayCommon, HttpCase):
    """The customer reads and signs by a link, and whoever has none that works finds nothing."""

    def _get(self, url):
        return self.url_open(self._path(url))

    @staticmethod
    def _path(url):
        return "/jewelry/" + url.split("/jewelry/")[1]

    def _post(self, url, **params):
        answer = self.url_open(
            f"{self._path(url)}/sign",
            data=json.dumps({"params": params}),
            headers={"Content-Type": "application/json"},
        )
        return answer.json()

    def _sign_by(self, url):
        return self._post(url, name="Client", signature=self.pen.decode())

    def test_the_page_shows_the_terms_and_where_to_sign(self):
        layaway = self._draft(self.high)
        page = self._get(layaway._issue_link())
        self.assertEqual(page.status_code, 200)
        self.assertIn(self.high.name, page.text)
        self.assertIn("2,000.00", page.text)
        self.assertIn("portal.signature_form", page.text)
        self.assertIn("no-store", page.headers["Cache-Control"])
        # To look changes nothing.
        self.assertEqual(layaway.state, "draft")

    def test_the_customer_signs_once(self):
        layaway = self._draft(self.high)
        url = layaway._issue_link()
        self.assertIn("redirect_url", self._sign_by(url)["result"])
        self.assertEqual((layaway.state, layaway.signed_by), ("signed", "Client"))
        self.assertIn("used already", self._sign_by(url)["result"]["error"])
        self.assertIn("Signed by", self._get(url).text)

    def test_what_is_refused_does_not_use_the_link_up(self):
        layaway = self._draft(self.high)
        url = layaway._issue_link()
        self.assertIn("sign on the screen", self._post(url, name="Client")["result"]["error"])
        self._sign_by(url)
        self.assertEqual(layaway.state, "signed")

    @mute_logger("odoo.http")
    def test_a_link_to_terms_that_were_changed_since_shows_nothing(self):
        layaway = self._draft(self.high)
        url = layaway._issue_link()
        layaway.order_id._add_pieces(self.low)
        layaway.action_propose()
        self.assertEqual(self._get(url).status_code, 404)
        self.assertIn("error", self._sign_by(url))
        self.assertEqual(layaway.state, "draft")

    @mute_logger("odoo.http")
    def test_a_link_that_is_revoked_or_of_nobody_shows_nothing(self):
        layaway = self._draft(self.high)
        url = layaway._issue_link()
        self.env["jewelry.link"].search([("res_id", "=", layaway.id)]).action_revoke()
        self.assertEqual(self._get(url).status_code, 404)
        self.assertEqual(self.url_open("/jewelry/layaway/nonsense").status_code, 404)

    @mute_logger("odoo.http")
    def test_a_surprise_shows_nothing_to_whom_it_is_kept_from(self):
        order = self._quote(
            self.high,
            discretion_until="2099-12-24",
            discretion_partner_ids=[Command.set(self.client.ids)],
        )
        self.assertEqual(self._get(self._draft(order=order)._issue_link()).status_code, 404)

    def test_the_mail_has_the_link(self):
        layaway = self._draft(self.high)
        action = layaway.action_send()
        composer = self.env["mail.compose.message"].with_context(**action["context"]).create({})
        self.assertIn("/jewelry/layaway/", composer.body)


@tagged("post_install", "-at_install")
class TestPay(OnlineMixin, LayawayCommon, HttpCase):
    """The page of the terms is the one that the customer pays on, once they are signed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider, cls.way = cls._create_provider()

    def _get(self, url):
        return self.url_open("/jewelry/" + url.split("/jewelry/")[1]).text

    def _get_amount(self, page):
        return float(re.search(r'data-amount="([^"]+)"', page)[1])

    def test_before_the_terms_are_signed_nothing_is_paid(self):
        layaway = self._draft(self.high)
        for url in (layaway._issue_link(), layaway.deposit_id._issue_link()):
            page = self._get(url)
            self.assertIn("What you pay, and when", page)
            self.assertNotIn("o_payment_form", page)
        with self._refused("Nothing is to be paid now"):
            layaway.deposit_id._check_online_amount(layaway.amount_first)

    def test_only_the_link_to_the_terms_signs_them(self):
        layaway = self._draft(self.high)
        self.assertIn("signature_form", self._get(layaway._issue_link()))
        self.assertNotIn("signature_form", self._get(layaway.deposit_id._issue_link()))

    def test_who_has_signed_pays_first_what_was_agreed_by_the_same_link(self):
        layaway = self._draft(self.high)
        url = layaway._issue_link()
        layaway._sign("Client", signature=self.pen)
        page = self._get(url)
        self.assertIn("What was agreed", page)
        self.assertEqual(self._get_amount(page), layaway.amount_first)
        with self._refused("Choose an amount from"):
            layaway.deposit_id._check_online_amount(layaway.amount_first - 1)
        route = re.search(r'data-transaction-route="([^"]+)"', page)[1]
        params = {
            "provider_id": self.provider.id,
            "payment_method_id": self.way.id,
            "token_id": None,
            "amount": layaway.amount_first,
            "flow": "redirect",
            "tokenization_requested": False,
            "landing_route": "",
        }
        answer = self.url_open(route, json={"params": params}).json()
        self.assertEqual(answer["result"]["amount"], layaway.amount_first)
        self._settle(layaway.deposit_id.transaction_ids)
        self.assertEqual((layaway.state, layaway.order_id.state), ("open", "sale"))
        self.assertEqual(self.high.piece_status, "layaway")
        self.assertEqual(layaway.amount_paid, layaway.amount_first)

    def test_the_rest_is_paid_as_the_customer_likes(self):
        layaway = self._opened(self.high)
        deposit = layaway.deposit_id
        self.assertEqual(deposit._check_online_amount(1), 1)
        self._pay_online(deposit, layaway.amount_due)
        self.assertEqual((layaway.state, layaway.amount_due), ("paid", 0))
        layaway.action_hand_over()
        self.assertEqual((layaway.state, self._laid()), ("delivered", 0))

    def test_notice_is_withdrawn_by_what_is_paid_online(self):
        layaway = self._opened(self.high)
        with self._days(60):
            layaway.action_give_notice()
            self._pay_online(layaway.deposit_id, layaway.deposit_id._get_next_amount())
            self.assertEqual(layaway.state, "open")

    def test_what_comes_after_the_end_is_the_customers(self):
        layaway = self._opened(self.high)
        begun = self._transact(layaway.deposit_id, 100)
        self._cancel(layaway, outcome="refund")
        self.assertFalse(layaway.deposit_id._is_payable_online())
        self._settle(begun)
        self.assertEqual((layaway.state, layaway.amount_held), ("cancelled", 0))
        credit = layaway.deposit_id._get_credit()
        self.assertEqual(credit.amount_held, 100)
        self.assertTrue(layaway.deposit_id.activity_ids)

    def test_a_first_payment_that_cannot_open_it_is_kept_and_told(self):
        layaway = self._signed(self.high)
        # Somebody has sold the piece meanwhile.
        self._deliver(self._sell(self.high))
        self._pay_online(layaway.deposit_id, layaway.amount_first)
        self.assertEqual((layaway.state, layaway.amount_held), ("signed", layaway.amount_first))
        self.assertEqual(layaway.activity_ids.mapped("summary"), ["Not put away"])
