import re

from odoo import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .online_common import OnlineCommon

PAGE, MINE = "/jewelry/deposit", "/my/deposits"


class PageCase(OnlineCommon, HttpCase):
    """A browser that has the link to a deposit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deposit = cls._open()
        cls.address = cls._share(cls.deposit)

    @classmethod
    def _share(cls, deposit):
        """Return the path of a new link to a deposit."""
        return PAGE + deposit._issue_link().split(PAGE)[1]

    def _read(self, address=None, status=200):
        answer = self.url_open(address or self.address, allow_redirects=False)
        self.assertEqual(answer.status_code, status)
        return answer.text

    def _get_route(self, address=None):
        """Return where the form of the page asks for a payment."""
        return re.search(r'data-transaction-route="([^"]+)"', self._read(address))[1]

    def _ask(self, route, amount=500, **values):
        """Ask for a payment as core's form does, and return the server's answer."""
        params = {
            "provider_id": self.provider.id,
            "payment_method_id": self.way.id,
            "token_id": None,
            "amount": amount,
            "flow": "redirect",
            "tokenization_requested": False,
            "landing_route": "https://elsewhere.invalid",
            "is_validation": False,
            "access_token": "",
        }
        return self.url_open(route, json={"params": params | values}).json()

    def _begin(self, route=None, amount=500, **values):
        """Begin a payment and return it."""
        answer = self._ask(route or self._get_route(), amount, **values)
        domain = [("reference", "=", answer["result"]["reference"])]
        return self.env["payment.transaction"].search(domain)

    def _assert_refused(self, message, *args, **values):
        with mute_logger("odoo.http"):
            answer = self._ask(*args, **values)
        self.assertIn(message, answer["error"]["data"]["message"])
        self.assertFalse(self.deposit.transaction_ids)


@tagged("post_install", "-at_install")
class TestDepositPage(PageCase):
    """Whoever has the link sees what is paid and left, and nothing else."""

    def test_the_page_shows_what_it_is_for_what_is_paid_and_what_is_left(self):
        self.high.image_1920 = self._image("red")
        self._pay(self.deposit, 500)
        self.deposit.instalment_ids = [
            Command.create({"date": "2099-03-01", "amount": amount}) for amount in (500, 1500)
        ]
        page = self._read()
        for text in (self.deposit.name, self.high.name, "2,000.00", "1,500.00", "03/01/2099"):
            self.assertIn(text, page)
        self.assertIn("data:image/png;base64", page)
        self.assertIn("no-store", self.url_open(self.address).headers["Cache-Control"])

    def test_the_page_shows_no_cost_and_no_card(self):
        self.env["payment.token"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.way.id,
                "partner_id": self.client.id,
                "payment_details": "4242",
                "provider_ref": "secret",
            }
        )
        self.deposit.consumption_ids = [Command.create({"name": "Stone ordered", "amount": 71.23})]
        page = self._read()
        for text in ("900.00", "4242", "secret", "71.23", "Stone ordered"):
            self.assertNotIn(text, page)

    def test_to_look_changes_nothing(self):
        before = self.deposit.read(["state", "amount_held", "write_date"])
        self._read()
        self._read(f"{self.address}?amount=500")
        self.assertEqual(self.deposit.read(["state", "amount_held", "write_date"]), before)
        self.assertFalse(self.deposit.transaction_ids)

    def test_each_receipt_can_be_downloaded(self):
        receipt = self._pay(self.deposit, 500).reconciled_invoice_ids
        self.assertIn(receipt.name, self._read())
        self.assertIn(receipt.name, self._read(f"{self.address}/receipt/0"))
        self._read(f"{self.address}/receipt/1", status=404)

    def test_what_is_paid_in_full_has_nothing_to_pay(self):
        self._pay(self.deposit, 2000)
        page = self._read()
        self.assertNotIn("o_payment_form", page)
        self.assertIn("0.00", page)

    def test_a_link_of_nobody_shows_nothing(self):
        self._read(f"{PAGE}/nonsense", status=404)
        self._read(f"{PAGE}/nonsense/receipt/0", status=404)

    def test_a_link_that_is_revoked_or_has_ended_shows_nothing(self):
        link = self.env["jewelry.link"].search([("res_id", "=", self.deposit.id)], limit=1)
        link.action_revoke()
        self._read(status=404)
        self.kind.link_days = 1
        address = self._share(self.deposit)
        self.env["jewelry.link"].search([], limit=1).expires_on = "2020-01-01"
        self._read(address, status=404)

    def test_a_surprise_shows_nothing_to_whom_it_is_kept_from(self):
        self.deposit.order_id.write(
            {
                "discretion_until": "2099-12-24",
                "discretion_partner_ids": [Command.set(self.client.ids)],
            }
        )
        self._read(status=404)
        with self._refused("This is a surprise"):
            self.deposit.action_share_link()

    def test_the_dialog_has_the_link_its_code_and_the_mail(self):
        wizard = self._wizard()
        self.assertIn(PAGE, wizard.url)
        self.assertTrue(wizard.qr)
        action = wizard.action_mail()
        composer = self.env["mail.compose.message"].with_context(**action["context"]).create({})
        self.assertIn(wizard.url, composer.body)

    def test_an_associate_who_sees_no_orders_sends_the_link(self):
        associate = self._create_user("associate", login="clerk")
        self.assertFalse(self.deposit.order_id.with_user(associate).has_access("read"))
        wizard = self._wizard(associate)
        action = wizard.action_mail()
        composer = self.env["mail.compose.message"].with_user(associate)
        composer = composer.with_context(**action["context"]).create({})
        self.assertIn(wizard.url, composer.body)
        self.assertIn(self.deposit.name, composer.subject)

    def _wizard(self, user=None):
        deposit = self.deposit.with_user(user or self.env.user)
        action = deposit.action_share_link()
        wizards = deposit.env[action["res_model"]].with_context(**action["context"])
        return wizards.new(wizards.default_get(["deposit_id", "url", "qr"]))

    def test_the_links_of_a_deposit_are_listed_to_be_revoked(self):
        action = self.deposit.action_view_links()
        links = self.env["jewelry.link"].search(action["domain"])
        self.assertEqual(links.partner_id, self.client)
        self.assertNotIn(self.address.rsplit("/", 1)[1], str(links.sudo().read()))


@tagged("post_install", "-at_install")
class TestDepositPay(PageCase):
    """The page begins payments, and only those that the store wants."""

    def test_a_payment_is_begun_for_the_deposit_and_nothing_else(self):
        transaction = self._begin()
        self.assertEqual((transaction.amount, transaction.deposit_id), (500, self.deposit))
        self.assertEqual(transaction.partner_id, self.client)
        self.assertFalse(transaction.sale_order_ids or transaction.tokenize)
        self.assertEqual(transaction.state, "draft")
        self.assertEqual(self.deposit.amount_held, 0)

    def test_the_address_of_the_page_is_not_kept_with_the_payment(self):
        transaction = self._begin()
        self.assertEqual(transaction.landing_route, f"{PAGE}/paid")
        self.assertNotIn(self.address.rsplit("/", 1)[1], str(transaction.read()))

    def test_who_has_paid_comes_back_to_the_page_that_says_so(self):
        transaction = self._begin()
        transaction._set_done()
        answer = self.url_open("/payment/status/poll", json={"params": {}}).json()["result"]
        self.assertEqual((answer["state"], answer["landing_route"]), ("done", f"{PAGE}/paid"))
        self.assertEqual((self.deposit.amount_held, self._owed()), (500, 500))
        page = self.url_open(answer["landing_route"])
        self.assertTrue(page.url.endswith(self.address))
        self.assertIn("has been paid", page.text)

    def test_the_page_tells_what_is_on_its_way_and_what_failed(self):
        transaction = self._begin()
        transaction._set_pending()
        self.assertIn("is on its way", self._read())
        transaction._set_canceled("Card was declined")
        page = self._read()
        self.assertIn("did not go through", page)
        self.assertIn("Card was declined", page)

    def test_nobody_comes_back_who_did_not_pay(self):
        self._read(f"{PAGE}/paid", status=404)

    # === TWICE === #

    def test_a_double_click_is_one_payment(self):
        route = self._get_route()
        self.assertEqual(self._begin(route), self._begin(route))
        self.assertEqual(len(self.deposit.transaction_ids), 1)

    def test_a_second_click_after_the_money_came_is_still_one_payment(self):
        route = self._get_route()
        transaction = self._settle(self._begin(route))
        self.assertEqual(self._begin(route), transaction)
        self.assertEqual(len(self.deposit.transaction_ids), 1)

    def test_what_failed_is_tried_again(self):
        route = self._get_route()
        first = self._begin(route)
        first._set_error("Card was declined")
        second = self._begin(route)
        self.assertNotEqual(first, second)
        self._settle(second)
        self.assertEqual(self.deposit.amount_held, 500)
        # Some providers think better of it.
        self._settle(first)
        self.assertEqual(self.deposit.amount_held, 1000)

    def test_the_page_shown_anew_begins_another_payment(self):
        self.assertNotEqual(self._begin(), self._begin())

    def test_what_is_on_its_way_is_not_paid_again(self):
        self._begin(amount=2000)._set_pending()
        self.assertNotIn("o_payment_form", self._read())

    # === WRONG === #

    def test_the_smallest_payment_is_what_the_kind_says_or_all_that_is_left(self):
        self.kind.online_minimum = 100
        route = self._get_route()
        self._assert_refused("Choose an amount from", route, amount=99.99)
        self._begin(route, amount=100)
        self._pay(self.deposit, 1950)
        self.assertEqual(self.deposit._get_smallest(), 50)
        self._begin(amount=50)

    def test_more_than_is_left_or_no_amount_is_refused(self):
        route = self._get_route()
        wrong = (2000.01, 0, -5, 0.001, 1e300, "500", None, [500], True)
        for amount in wrong[:-1]:
            self._assert_refused("Choose an amount from", route, amount=amount)
        self.assertEqual(self.deposit._check_online_amount(500.004), 500)
        for amount in (float("nan"), float("inf")):
            with self._refused("Choose an amount from"):
                self.deposit._check_online_amount(amount)

    def test_an_amount_that_cannot_be_chosen_is_told_and_another_is_proposed(self):
        for amount in ("5000", "-1", "nan", "much"):
            page = self._read(f"{self.address}?amount={amount}")
            self.assertIn("Choose an amount from", page)
            self.assertIn('data-amount="2000.0"', page)

    def test_the_amount_that_was_chosen_is_the_one_to_pay(self):
        self.assertIn('data-amount="321.5"', self._read(f"{self.address}?amount=321.5"))

    def test_the_next_instalment_is_proposed_first(self):
        self.deposit.instalment_ids = [
            Command.create({"date": "2099-03-01", "amount": 400}),
            Command.create({"date": "2099-04-01", "amount": 1600}),
        ]
        self.assertIn('data-amount="400.0"', self._read())

    def test_a_provider_that_is_not_offered_is_refused(self):
        route = self._get_route()
        company = self.env["res.company"].create({"name": "Elsewhere"})
        for values in ({"is_published": False}, {"company_id": company.id}, {"state": "disabled"}):
            provider = self.provider.copy({"name": "Hidden", "state": "test"} | values)
            self._assert_refused("another way to pay", route, provider_id=provider.id)
        self._assert_refused("another way to pay", route, payment_method_id=-1)

    def test_a_card_that_was_kept_is_not_used(self):
        route = self._get_route()
        self._assert_refused("another way to pay", route, flow="token", token_id=1)

    def test_values_that_the_form_does_not_have_are_refused(self):
        route = self._get_route()
        with mute_logger("odoo.http"):
            answer = self._ask(route, custom_create_values={"state": "done"})
        self.assertIn("error", answer)
        self.assertFalse(self.deposit.transaction_ids)

    def test_after_the_end_nothing_is_begun(self):
        route = self._get_route()
        self.deposit.order_id._action_cancel()
        self._assert_refused("Nothing is to be paid now", route)
        self.assertNotIn("o_payment_form", self._read())

    def test_what_was_paid_at_the_store_meanwhile_is_not_begun_again(self):
        route = self._get_route()
        self._pay(self.deposit, 1800)
        self._assert_refused("Choose an amount from", route, amount=500)

    @mute_logger("odoo.http")
    def test_a_link_that_was_revoked_meanwhile_begins_nothing(self):
        route = self._get_route()
        self.env["jewelry.link"].search([("res_id", "=", self.deposit.id)]).action_revoke()
        self.assertIn("error", self._ask(route))
        self.assertFalse(self.deposit.transaction_ids)


@tagged("post_install", "-at_install")
class TestMyDeposits(PageCase):
    """A customer with a login sees his own deposits, and finds no others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls._create_user("portal", login="client", password="client-password")
        cls.deposit.order_id.partner_id = cls.user.partner_id
        cls.deposit.partner_id = cls.user.partner_id
        cls.foreign = cls._open(cls.low)
        cls.mine = f"{MINE}/{cls.deposit.id}"
        cls.theirs = f"{MINE}/{cls.foreign.id}"

    def setUp(self):
        super().setUp()
        self.authenticate("client", "client-password")

    def test_the_list_has_the_own_deposits_only(self):
        page = self._read(MINE)
        self.assertIn(self.deposit.name, page)
        self.assertNotIn(self.foreign.name, page)

    def test_the_home_page_leads_there(self):
        self.assertIn(MINE, self._read("/my/home"))
        params = {"params": {"counters": ["deposit_count"]}}
        answer = self.url_open("/my/counters", json=params).json()
        self.assertEqual(answer["result"]["deposit_count"], 1)

    def test_the_page_is_the_one_of_the_link(self):
        self._pay(self.deposit, 500)
        page = self._read(self.mine)
        self.assertIn("1,500.00", page)
        self.assertIn(self.high.name, page)
        self.assertEqual(self._begin(self._get_route(self.mine)).deposit_id, self.deposit)

    def test_who_has_paid_comes_back_to_the_own_page(self):
        self._begin(self._get_route(self.mine))
        self.assertTrue(self.url_open(f"{PAGE}/paid").url.endswith(self.mine))

    @mute_logger("odoo.http")
    def test_deposits_of_others_are_not_found_by_any_way(self):
        self._pay(self.foreign, 100)
        for address in (self.theirs, f"{self.theirs}/receipt/0", f"{MINE}/0"):
            self._read(address, status=404)
        answer = self._ask(f"{self.theirs}/pay/anything", amount=100)
        self.assertIn("error", answer)
        self.assertFalse(self.foreign.transaction_ids)

    @mute_logger("odoo.http")
    def test_without_a_login_there_is_nothing(self):
        self._pay(self.deposit, 100)
        self.logout()
        for address in (MINE, self.mine):
            self._read(address, status=303)
        self._read(f"{self.mine}/receipt/0", status=404)
        self.assertIn("error", self._ask(f"{self.mine}/pay/anything"))
        self.assertFalse(self.deposit.transaction_ids)

    def test_a_surprise_is_not_found_by_whom_it_is_kept_from(self):
        self.deposit.order_id.write(
            {
                "discretion_until": "2099-12-24",
                "discretion_partner_ids": [Command.set(self.user.partner_id.ids)],
            }
        )
        self._read(self.mine, status=404)
        self.assertNotIn(self.deposit.name, self._read(MINE))

    def test_a_customer_reads_no_records(self):
        deposits = self.env["jewelry.deposit"].with_user(self.user)
        self.assertFalse(deposits.has_access("read"))
