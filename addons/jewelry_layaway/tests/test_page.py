import json

from odoo import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

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
