"""Core stumbles over a field that a group may *not* read; the words it should have said."""

import json

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..const import COST_FIELDS
from .common import JewelryCommon

HIDDEN = "Costs are hidden from you"
PIECE = "stock.lot"


class HiddenCostCommon(JewelryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.piece = cls._stock_piece(cost=4321.25, list_price=9000)
        # Core names the groups to those in developer mode only, and there it stumbles.
        developer = "base.group_no_one,base.group_allow_export"
        cls.associate = cls._create_user("associate", developer)

    def _as_associate(self, record=None):
        self.env.invalidate_all()
        return (self.piece if record is None else record).with_user(self.associate)

    def _hidden(self):
        return self.assertRaisesRegex(AccessError, HIDDEN)


@tagged("post_install", "-at_install")
class TestHiddenCost(HiddenCostCommon):
    """Every way to ask for a hidden cost ends in the same words, never in a stumble."""

    def _check(self, **ways):
        for name, ask in ways.items():
            with self.subTest(way=name), self._hidden():
                ask(self._as_associate())

    def test_reading_is_refused_in_words(self):
        self._check(
            read=lambda piece: piece.read(["standard_price"]),
            among_others=lambda piece: piece.read(["name", "avg_cost"]),
            search_read=lambda piece: piece.search_read([], ["total_value"]),
            attribute=lambda piece: piece.standard_price,
            mapped=lambda piece: piece.mapped("standard_price"),
        )

    def test_searching_is_refused_in_words(self):
        domain = [("standard_price", ">", 4000)]
        self._check(
            search=lambda piece: piece.search(domain),
            count=lambda piece: piece.search_count(domain),
            negated=lambda piece: piece.search(["!", *domain]),
            one_of_two=lambda piece: piece.search(["|", ("name", "=", "x"), *domain]),
            along_a_path=lambda piece: piece.search([("product_id.standard_price", ">", 1)]),
            by_name=lambda piece: piece.name_search("P", domain),
            filtered_domain=lambda piece: piece.filtered_domain(domain),
        )

    def test_sorting_is_refused_in_words(self):
        self._check(
            order=lambda piece: piece.search([], order="standard_price desc"),
            second=lambda piece: piece.search([], order="name, standard_price"),
        )

    def test_grouping_is_refused_in_words(self):
        self._check(
            group=lambda piece: piece.formatted_read_group([], ["labour_amount"], ["__count"]),
            total=lambda piece: piece.formatted_read_group([], [], ["labour_amount:sum"]),
            greatest=lambda piece: piece._read_group([], [], ["price_floor:max"]),
            having=lambda piece: piece._read_group(
                [], ["name"], having=[("price_floor:sum", ">", 1)]
            ),
            web=lambda piece: piece.web_read_group([], ["name"], ["labour_amount:sum"]),
        )

    def test_exporting_is_refused_in_words(self):
        self._check(
            export=lambda piece: piece.export_data(["name", "standard_price"]),
            along_a_path=lambda piece: piece.export_data(["product_id/standard_price"]),
        )

    def test_what_the_web_client_calls_is_refused_in_words(self):
        cost = {"name": {}, "standard_price": {}}
        self._check(
            web_read=lambda piece: piece.web_read(cost),
            web_search_read=lambda piece: piece.web_search_read([], cost),
            nested=lambda piece: piece.web_read({"product_id": {"fields": {"avg_cost": {}}}}),
            ordered=lambda piece: piece.web_search_read([], {"name": {}}, order="standard_price"),
        )

    def test_writing_is_refused_in_words(self):
        keeper_without_costs = self._create_user(
            "associate", "jewelry_inventory.group_keeper", login="blind_keeper"
        )
        piece = self.piece.with_user(keeper_without_costs)
        with self._hidden():
            piece.write({"standard_price": 1})
        with self._hidden():
            piece.create({"product_id": self.style.id, "standard_price": 1})
        result = piece.load(["product_id", "standard_price"], [["Solitaire", "7"]])
        self.assertFalse(result["ids"])
        self.assertIn(HIDDEN, str(result["messages"]))
        self.assertEqual(self.piece.standard_price, 4321.25)

    def test_a_saved_filter_on_a_cost_opens_nothing(self):
        saved = self.env["ir.filters"].create(
            {
                "name": "Dear ones",
                "model_id": PIECE,
                "domain": "[('standard_price', '>', 4000)]",
                "sort": "[]",
                "user_ids": [(4, self.associate.id)],
            }
        )
        domain = saved.with_user(self.associate)._get_eval_domain()
        with self._hidden():
            self._as_associate().search(domain)

    def test_the_field_and_its_model_are_named(self):
        with self.assertRaises(AccessError) as raised:
            self._as_associate().read(["standard_price"])
        self.assertIn("Cost", str(raised.exception))
        self.assertIn(self.piece._description, str(raised.exception))

    def test_every_hidden_field_is_refused_in_words(self):
        for model, name in COST_FIELDS:
            records = self._as_associate(self.env[model])
            field = records._fields[name]
            if not field.groups:
                continue  # its records are out of sight as a whole
            with self.subTest(model=model, field=name), self._hidden():
                records._check_field_access(field, "read")

    def test_other_refusals_keep_the_words_of_core(self):
        category = self._as_associate(self.category)
        for ask in (
            lambda: category.read(["jewelry_price_policy_id"]),
            lambda: self._as_associate(self.env["jewelry.price.policy"]).search([]),
        ):
            with self.assertRaises(AccessError) as raised:
                ask()
            self.assertNotIn(HIDDEN, str(raised.exception))

    def test_those_who_see_costs_are_not_stopped(self):
        manager = self._create_user("manager", "base.group_no_one")
        self.env.invalidate_all()
        piece = self.piece.with_user(manager)
        self.assertEqual(piece.read(["standard_price"])[0]["standard_price"], 4321.25)
        self.assertIn(self.piece, piece.search([("standard_price", ">", 4000)]))


@tagged("post_install", "-at_install")
class TestHiddenCostOverHttp(HttpCase):
    """The same over the wire, with the associate's own key."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.associate = new_test_user(
            cls.env,
            "wire_associate",
            groups="jewelry_inventory.group_associate,base.group_no_one",
        )
        style = cls.env["product.template"].create({"name": "Wire", "jewelry_kind": "piece"})
        cls.piece = cls.env["stock.lot"].create(
            {
                "product_id": style.product_variant_id.id,
                "company_id": cls.env.company.id,
                "standard_price": 4321.25,
            }
        )
        keys = cls.env["res.users.apikeys"].with_user(cls.associate)
        expiry = fields.Datetime.add(fields.Datetime.now(), days=1)
        cls.key = keys._generate("rpc", "test", expiry)

    def _call(self, model, method, **arguments):
        response = self.url_open(
            f"/json/2/{model}/{method}",
            data=json.dumps(arguments),
            headers={"Authorization": f"bearer {self.key}", "Content-Type": "application/json"},
        )
        return response.status_code, response.text

    @mute_logger("odoo.http")
    def test_no_cost_comes_over_json(self):
        pieces = {"ids": self.piece.ids}
        for model, method, arguments in (
            (PIECE, "read", pieces | {"fields": ["standard_price"]}),
            (PIECE, "search_read", {"domain": [], "fields": ["standard_price"]}),
            (PIECE, "search", {"domain": [["standard_price", ">", 1]]}),
            (PIECE, "search", {"domain": [], "order": "standard_price"}),
            (PIECE, "web_read", pieces | {"specification": {"standard_price": {}}}),
            (PIECE, "web_search_read", {"domain": [], "specification": {"avg_cost": {}}}),
            (
                PIECE,
                "formatted_read_group",
                {"domain": [], "groupby": [], "aggregates": ["labour_amount:sum"]},
            ),
            (PIECE, "name_search", {"domain": [["standard_price", ">", 1]]}),
            ("product.product", "read", {"ids": self.piece.product_id.ids, "fields": ["avg_cost"]}),
        ):
            with self.subTest(model=model, method=method):
                status, text = self._call(model, method, **arguments)
                self.assertEqual(status, 403, text)
                self.assertIn(HIDDEN, text)
                self.assertNotIn("4321", text)

    def test_what_is_no_cost_comes(self):
        status, text = self._call(PIECE, "read", ids=self.piece.ids, fields=["name"])
        self.assertEqual(status, 200, text)
        self.assertIn(self.piece.name, text)
