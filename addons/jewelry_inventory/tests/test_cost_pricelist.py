from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_hidden_cost import HiddenCostCommon

ITEM = "product.pricelist.item"


@tagged("post_install", "-at_install")
class TestCostPricelist(HiddenCostCommon):
    """Prices that start from the cost are told to everybody, how they do to those who see costs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.piece._set_cost({cls.piece: 1000}, "correction")
        cls.style.standard_price = 500
        cls.on_cost = cls._create_rule(base="standard_price", price_markup=17, price_surcharge=3)
        cls.on_price = cls._create_rule(base="list_price", price_discount=10)
        cls.manager = cls._create_user("manager", "product.group_product_pricelist")

    @classmethod
    def _create_rule(cls, **values):
        pricelist = cls.env["product.pricelist"].create({"name": "Staff"})
        values = {"pricelist_id": pricelist.id, "compute_price": "formula"} | values
        return cls.env[ITEM].create(values)

    def _price(self, pricelist, user, **context):
        self.env.invalidate_all()
        product = self.style.with_user(user).with_context(**context)
        return pricelist.with_user(user)._get_product_price(product, 1.0)

    # === PRICES === #

    def test_an_associate_gets_the_price_that_a_manager_gets(self):
        for pricelist in (self.on_cost.pricelist_id, self.on_price.pricelist_id):
            for context in ({}, {"priced_piece_id": self.piece.id}):
                with self.subTest(rule=pricelist.item_ids.base, context=context):
                    prices = [
                        self._price(pricelist, user, **context)
                        for user in (self.associate, self.manager)
                    ]
                    self.assertEqual(*prices)

    def test_the_price_starts_from_the_cost_of_the_piece(self):
        price = self._price(
            self.on_cost.pricelist_id, self.associate, priced_piece_id=self.piece.id
        )
        self.assertAlmostEqual(price, 1000 * 1.17 + 3)

    def test_a_rule_on_another_pricelist_follows_it_to_the_cost(self):
        chained = self._create_rule(
            base="pricelist", base_pricelist_id=self.on_cost.pricelist_id.id, price_discount=50
        )
        price = self._price(chained.pricelist_id, self.associate, priced_piece_id=self.piece.id)
        self.assertAlmostEqual(price, (1000 * 1.17 + 3) / 2)

    def test_the_hidden_rule_is_not_passed_over_for_the_next_one(self):
        self.on_cost.pricelist_id.item_ids = [
            Command.create({"compute_price": "fixed", "fixed_price": 1, "min_quantity": 0})
        ]
        self.on_cost.write(
            {"applied_on": "1_product", "product_tmpl_id": self.style.product_tmpl_id}
        )
        self.assertAlmostEqual(self._price(self.on_cost.pricelist_id, self.associate), 588)

    def test_which_rule_applies_is_answered_by_its_number_alone(self):
        pricelist = self.on_cost.pricelist_id.with_user(self.associate)
        product = self.style.with_user(self.associate)
        self.assertEqual(pricelist._get_product_rule(product, 1.0), self.on_cost.id)

    def test_who_may_not_read_pricelists_gets_no_price_by_them(self):
        stranger = self._create_user("portal")
        with self.assertRaises(AccessError):
            self._price(self.on_cost.pricelist_id, stranger)

    # === SECRECY === #

    def test_no_way_to_read_the_rule_is_open(self):
        rule, price = self.on_cost, "price_markup"
        self.env.invalidate_all()
        rules = self.env[ITEM].with_user(self.associate)
        for ask in (
            lambda: rules.search([("id", "=", rule.id)]),
            lambda: rules.search([("pricelist_id", "=", rule.pricelist_id.id)]),
            lambda: rules.search([(price, "!=", 0), ("base", "=", "standard_price")]),
            lambda: rules.search_read([("id", "=", rule.id)], [price]),
            lambda: rules.name_search("", [("id", "=", rule.id)]),
            lambda: rules.formatted_read_group([("id", "=", rule.id)], [], ["price_surcharge:sum"])[
                0
            ]["price_surcharge:sum"],
            lambda: rules.formatted_read_group([("id", "=", rule.id)], ["base"], ["__count"]),
            lambda: rules.web_search_read([("id", "=", rule.id)], {price: {}})["records"],
            lambda: rule.pricelist_id.with_user(self.associate).item_ids,
            lambda: rule.pricelist_id.with_user(self.associate).search(
                [("item_ids.base", "=", "standard_price")]
            ),
        ):
            self.assertFalse(ask())
        for ask in (
            lambda: rule.with_user(self.associate).read([price]),
            lambda: rule.with_user(self.associate).read(["price"]),
            lambda: rule.with_user(self.associate).web_read({price: {}}),
            lambda: rule.with_user(self.associate).export_data([price]),
            lambda: rule.with_user(self.associate).copy(),
            lambda: rule.with_user(self.associate).read(["rule_tip"]),
        ):
            self.env.invalidate_all()
            with self.assertRaises(AccessError):
                ask()

    def test_the_products_that_a_rule_is_for_do_not_give_it_away(self):
        self.on_cost.write(
            {"applied_on": "1_product", "product_tmpl_id": self.style.product_tmpl_id}
        )
        self.env.invalidate_all()
        template = self.style.product_tmpl_id.with_user(self.associate)
        self.assertFalse(template.pricelist_rule_ids)

    def test_other_rules_stay_in_sight(self):
        rule = self.on_price.with_user(self.associate)
        self.assertEqual(rule.read(["price_discount"])[0]["price_discount"], 10)

    def test_managers_see_the_rule(self):
        rule = self.on_cost.with_user(self.manager)
        self.assertEqual(rule.read(["price_markup"])[0]["price_markup"], 17)

    def test_who_sees_no_costs_makes_no_rule_on_them(self):
        maker = self._create_user(
            "associate", "product.group_product_manager", login="blind_pricelist_maker"
        )
        values = {"pricelist_id": self.on_price.pricelist_id.id, "compute_price": "formula"}
        with self.assertRaises(AccessError):
            self.env[ITEM].with_user(maker).create(values | {"base": "standard_price"})
        with self.assertRaises(AccessError):
            self.on_price.with_user(maker).base = "standard_price"
        self.assertTrue(self.env[ITEM].with_user(maker).create(values))

    def _shown(self, rule):
        """Return what is shown as the price that a discount of the rule is taken off."""
        return rule.with_user(self.associate)._compute_price_before_discount(
            product=self.style.with_context(priced_piece_id=self.piece.id),
            quantity=1.0,
            uom=self.style.uom_id,
            date=self.env.cr.now(),
            currency=self.company.currency_id,
        )

    def test_a_discount_on_the_cost_shows_the_price_alone(self):
        rule = self._create_rule(
            base="standard_price", compute_price="percentage", percent_price=-30
        )
        price = self._price(rule.pricelist_id, self.associate, priced_piece_id=self.piece.id)
        self.assertAlmostEqual(price, 1300)
        self.assertAlmostEqual(self._shown(rule), 1300)

    def test_a_discount_on_a_price_from_the_cost_shows_that_price(self):
        rule = self._create_rule(
            base="standard_price", compute_price="percentage", percent_price=-30
        )
        chained = self._create_rule(
            base="pricelist",
            base_pricelist_id=rule.pricelist_id.id,
            compute_price="percentage",
            percent_price=50,
        )
        price = self._price(chained.pricelist_id, self.associate, priced_piece_id=self.piece.id)
        self.assertAlmostEqual(price, 650)
        self.assertAlmostEqual(self._shown(chained), 1300)

    def test_a_discount_on_the_list_price_shows_it(self):
        rule = self._create_rule(base="list_price", compute_price="percentage", percent_price=10)
        self.piece.list_price = 900
        self.assertAlmostEqual(self._shown(rule), 900)

    # === STOCK ENTRIES === #

    def test_entries_of_the_stock_are_out_of_sight(self):
        clerk = self._create_user("associate", "account.group_account_invoice")
        style = self._create_style(categ_id=self.category_auto.id)
        account = self.company.piece_opening_account_id = self.env["account.account"].create(
            {"name": "Opening", "code": "300990", "account_type": "equity"}
        )
        piece = self._create_piece(style, cost=777)
        piece._take_in(self.company._get_opening_place(), self.stock_location)
        lines = self.env["account.move.line"].search([("account_id", "=", account.id)])
        self.assertEqual(lines.mapped("balance"), [-777])
        self.env.invalidate_all()
        self.assertFalse(lines.with_user(clerk).search([("id", "in", lines.ids)]))
        for record, name in ((lines, "balance"), (lines.move_id, "amount_total")):
            with self.assertRaises(AccessError):
                record.with_user(clerk).read([name])
        bookkeeper = self._create_user("employee", "account.group_account_invoice")
        self.assertTrue(lines.with_user(bookkeeper).read(["balance"]))
