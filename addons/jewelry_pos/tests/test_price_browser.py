import re
from contextlib import contextmanager
from unittest.mock import patch

from odoo import http
from odoo.tests import HttpCase, tagged

from .browser_common import happening
from .price_common import PriceCommon

MINUTE = 60


class PriceTourCommon(PriceCommon, HttpCase):
    """A register in a browser, and whoever stands before it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.high.name = "P-200"
        cls.config.write({"module_pos_hr": False} if "module_pos_hr" in cls.config else {})

    def _tour(self, name, user, **options):
        user.password = user.login
        self.config.with_user(user).open_ui()
        self.start_tour(
            f"/pos/ui/{self.config.id}", name, login=user.login, timeout=3 * MINUTE, **options
        )
        return self.env["pos.order"].search([("config_id", "=", self.config.id)], limit=1)


@tagged("post_install", "-at_install")
class TestPriceTours(PriceTourCommon):
    """A price below the floor, from the discount key to the receipt."""

    def test_the_manager_who_is_logged_in_agrees(self):
        order = self._tour("jewelry_pos_manager_agrees", self.manager)
        self.assertEqual((order.state, order.amount_total), ("paid", 1000))
        self.assertFalse(order.conflict_ids)
        agreement = self.env["jewelry.price.agreement"].search([])
        self.assertEqual((agreement.order_uuid, agreement.price), (order.uuid, 1000))

    def test_a_manager_elsewhere_is_asked(self):
        with happening(self.env, approve=self._approve):
            order = self._tour("jewelry_pos_manager_is_asked", self.cashier)
        self.assertFalse(order.conflict_ids)
        agreement = self.env["jewelry.price.agreement"].search([])
        self.assertEqual(agreement.manager_id, self.other)
        self.assertEqual(agreement.approval_id.state, "used")

    def _approve(self):
        approval = self.env["jewelry.approval"].search([("state", "=", "asked")])
        approval.with_user(self.other).action_approve()

    def test_without_the_server_nobody_agrees(self):
        self._tour("jewelry_pos_price_offline", self.cashier)


@tagged("post_install", "-at_install")
class TestTraffic(PriceTourCommon):
    """No cost, and nothing that tells one, is in anything that the server sends to a register."""

    # Costs, what vendors ask, and the margins that follow, as numbers that nothing else has.
    SECRETS = ("7319.53", "4187.29", "6543.21", "4680.47", "1812.71")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.secret = cls._stock_piece(cost=7319.53, list_price=12000, name="P-SECRET")
        cls.high.name = "P-OLD"
        cls.secret.name = "P-200"
        cls.box = cls.env["product.product"].create(
            {
                "name": "Secret box",
                "is_storable": True,
                "available_in_pos": True,
                "lst_price": 6000,
                "standard_price": 4187.29,
                "taxes_id": False,
                "seller_ids": [
                    (0, 0, {"partner_id": cls._create_partner(name="V").id, "price": 6543.21})
                ],
            }
        )
        cls._create_pricelist(compute_price="formula", base="standard_price", price_markup=10)
        cls.config.is_margins_costs_accessible_to_every_user = True

    @contextmanager
    def _recorded(self):
        """Collect the bodies of all answers but those of files that anybody may read."""
        bodies, original = [], http.Application.__call__

        def serve(application, environ, start_response):
            body = b"".join(original(application, environ, start_response))
            if not re.match(r"/web/(assets|static|image)|/[a-z_]+/static/", environ["PATH_INFO"]):
                bodies.append((environ["PATH_INFO"], body.decode("utf-8", "replace")))
            return [body]

        with patch.object(http.Application, "__call__", serve):
            yield bodies

    def _find(self, bodies):
        """Return (path, spelling) of each secret in the bodies, in any spelling."""
        found = []
        for secret in self.SECRETS:
            whole, cents = secret.split(".")
            pattern = rf"(?<!\d){whole[0]}[ ,.'\u00a0\u202f]?{whole[1:]}[.,]?{cents}"
            for path, body in bodies:
                found += [(path, match.group()) for match in re.finditer(pattern, body)]
        return found

    def test_a_day_of_an_associate_at_the_register_shows_no_cost(self):
        with self._recorded() as bodies:
            self._tour("jewelry_pos_traffic", self.cashier)
        paths = {path for path, _body in bodies}
        for call in ("load_data", "sync_from_ui", "claim_piece", "get_product_info_pos"):
            with self.subTest(call=call):
                self.assertTrue(any(path.endswith(call) for path in paths), sorted(paths))
        messages = self.env["bus.bus"].search([]).mapped("message")
        bodies += [("bus", str(message)) for message in messages]
        self.assertGreater(len(bodies), 20)
        self.assertEqual(self._find(bodies), [])

    def test_the_recorder_finds_a_secret_in_each_spelling(self):
        for spelling in ("7319.53", "7,319.53", "7.319,53", "7 319,53", "731953"):
            with self.subTest(spelling=spelling):
                self.assertTrue(self._find([("x", f'{{"price": "{spelling}"}}')]))
        self.assertFalse(self._find([("x", "17319.53")]))
