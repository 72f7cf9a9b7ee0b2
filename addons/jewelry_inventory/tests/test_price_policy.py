from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import PriceCommon


@tagged("post_install", "-at_install")
class TestPricePolicy(PriceCommon):
    def _get_policies(self, *categories):
        return [category._get_price_policy() for category in categories]

    def test_a_category_is_priced_by_the_policy_of_the_nearest_category_above(self):
        other = self._create_policy(name="Wedding bands")
        below = self._create_category(parent_id=self.category.id)
        deeper = self._create_category(parent_id=below.id, jewelry_price_policy_id=other.id)
        found = self._get_policies(self.category, below, deeper)
        self.assertEqual(found, [self.policy, self.policy, other])

    def test_a_category_without_a_policy_above_has_none(self):
        self.assertFalse(self._create_category()._get_price_policy())

    def test_an_archived_policy_prices_nothing(self):
        above = self._create_policy(name="All")
        parent = self._create_category(jewelry_price_policy_id=above.id)
        self.category.parent_id = parent
        self.policy.active = False
        self.assertEqual(self.category._get_price_policy(), above)

    def test_another_company_names_its_own_policy(self):
        other = self.env["res.company"].create({"name": "Other"})
        category = self.category.with_company(other)
        self.assertFalse(category._get_price_policy())
        category.jewelry_price_policy_id = self._create_policy(company_id=other.id)
        self.assertEqual(self.category._get_price_policy(), self.policy)

    def test_a_branch_may_name_the_policy_of_its_main_company(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        category = self.category.with_company(branch)
        category.jewelry_price_policy_id = self.policy
        self.assertEqual(category._get_price_policy(), self.policy)

    def test_the_policy_tells_how_many_categories_name_it(self):
        self.assertEqual(self.policy.categ_count, 1)
        action = self.policy.action_view_categories()
        self.assertEqual(self.env["product.category"].search(action["domain"]), self.category)

    def test_the_metal_is_valued_at_the_side_of_the_rate_that_the_policy_names(self):
        self.assertEqual(self.policy._get_used_rates()[self.gold.id].rate, 100)
        self.policy.rate_side = "bid"
        self.assertEqual(self.policy._get_used_rates()[self.gold.id].rate, 90)

    def test_a_metal_of_no_value_needs_no_rate_and_a_precious_one_does(self):
        used = self.policy._get_used_rates()
        self.assertEqual(used[self._ref("metal_steel").id].rate, 0)
        self.assertNotIn(self.silver.id, used)

    def test_without_an_ending_prices_are_rounded_as_the_currency_is(self):
        terms = self.policy._get_terms()
        self.assertEqual(float(terms.step), self.company.currency_id.rounding)
        self.assertTrue(terms.nearest)

    def test_tiers_apply_from_the_lowest_whatever_order_they_were_entered_in(self):
        self.policy.tier_ids = [Command.create({"start": start}) for start in (900, 100)]
        starts = [tier.start for tier in self.policy._get_terms().tiers]
        self.assertEqual(starts, [0, 100, 900])

    def test_two_tiers_that_start_at_the_same_amount_are_refused(self):
        with self._refused("two tiers start at the same amount", ValidationError):
            self.policy.tier_ids = [Command.create({"start": 0, "multiplier": 3})]

    @mute_logger("odoo.sql_db")
    def test_figures_that_make_no_sense_are_refused(self):
        cases = [
            {"loss": -1},
            {"loss": 100},
            {"floor_margin": -1},
            {"floor_factor": -1},
            {"labour_piece": -1},
            {"rounding_step": 10, "rounding_ending": 10},
            {"rounding_step": 0, "rounding_ending": 9},
            {"tier_ids": [Command.create({"start": 5, "multiplier": 0})]},
            {"tier_ids": [Command.create({"start": -5})]},
        ]
        for values in cases:
            with (
                self.subTest(values=values),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.policy.write(values)
                self.env.flush_all()

    def test_the_form_prices_an_example_while_the_policy_is_typed(self):
        with Form(self.policy.with_user(self.manager)) as form:
            form.example_grams = 4
            self.assertIn("600.00", form.example_html)
            form.loss = 10
            self.assertIn("660.00", form.example_html)
            with form.tier_ids.edit(0) as tier:
                tier.multiplier = 3
            self.assertIn("990.00", form.example_html)
            form.example_stones = 100
            self.assertIn("1,290.00", form.example_html)
            form.example_cost = 2000
            self.assertIn("2,000.00", form.example_html)

    def test_an_example_without_metal_is_priced_by_its_stones(self):
        example = self.env["jewelry.price.policy"].new(
            {"name": "Stones", "company_id": self.company.id, "example_stones": 70}
        )
        example.example_alloy_id = False
        self.assertIn("70.00", example.example_html)

    def test_an_example_of_a_metal_without_a_rate_has_no_price(self):
        with Form(self.policy) as form:
            form.example_alloy_id = self._ref("alloy_silver_925")
            self.assertFalse(form.example_html)
