from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, RedirectWarning, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import VocabularyCommon


class RuleCommon(VocabularyCommon):
    """The United States with a state and a city in it, and two managers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Rule = cls.env["jewelry.rule"]
        cls.us = cls._ref("jurisdiction_us")
        cls.eu = cls._ref("jurisdiction_eu")
        cls.florida = cls._create_jurisdiction(
            "Florida",
            cls.us,
            country_id=cls.us.country_id.id,
            state_id=cls.env.ref("base.state_us_10").id,
        )
        cls.miami = cls._create_jurisdiction("Miami", cls.florida)
        cls.manager = cls._create_user("manager")
        cls.other = cls._create_user("manager", login="jewelry_other_manager")
        cls.shipped = cls._ref("rule_us_silver")

    @classmethod
    def _create_jurisdiction(cls, name, parent, **values):
        values |= {"name": name, "code": name.upper(), "parent_id": parent.id}
        return cls.env["jewelry.jurisdiction"].create(values)

    @classmethod
    def _create_rule(cls, place=None, user=None, sterling=925, **values):
        """Return a draft about silver."""
        defaults = {
            "subject": "claim_silver",
            "jurisdiction_id": (place or cls.us).id,
            "values": {"sterling_fineness": sterling, "coin_fineness": 900},
            "source": "Test Act 1",
            "reason": "The law has changed",
        }
        rules = cls.Rule.with_user(user or cls.env.user)
        return rules.create(defaults | values)

    def _get(self, place, date=None):
        return self.Rule._get_rule("claim_silver", place, date)

    def _approve(self, act):
        """Try an act, ask as the warning offers, and let another manager approve."""
        with self.assertRaises(RedirectWarning) as raised, self.env.cr.savepoint():
            act()
        context = raised.exception.args[1]["context"]
        wizard = self.env["jewelry.approval.ask"].with_user(self.manager).with_context(**context)
        action = wizard.create({"reason": "The law has changed"}).action_ask()
        approval = self.env["jewelry.approval"].browse(action["res_id"])
        approval.with_user(self.other).action_approve()
        return approval


@tagged("post_install", "-at_install")
class TestRuleLookup(RuleCommon):
    """Which rule holds where and when."""

    def test_a_city_has_the_rule_of_its_country(self):
        for place in (self.us, self.florida, self.miami):
            with self.subTest(place=place.name):
                self.assertEqual(self._get(place), self.shipped)

    def test_the_nearest_rule_wins(self):
        self._create_rule(self.florida, sterling=930).action_activate()
        self._create_rule(self._ref("jurisdiction_world"), sterling=900).action_activate()
        found = [self._get(place).values["sterling_fineness"] for place in (self.us, self.miami)]
        self.assertEqual(found, [925, 930])
        self.assertEqual(self._get(self.eu).values["sterling_fineness"], 900)

    def test_where_no_rule_is_stated_none_holds(self):
        self.assertFalse(self._get(self.eu))
        self.assertFalse(self._get(self.env["jewelry.jurisdiction"]))

    def test_a_rule_holds_from_its_first_to_its_last_day(self):
        rule = self._create_rule(
            self.miami, sterling=930, valid_from="2027-01-01", valid_to="2027-12-31"
        )
        rule.action_activate()
        for day, found in (
            ("2026-12-31", self.shipped),
            ("2027-01-01", rule),
            ("2027-12-31", rule),
            ("2028-01-01", self.shipped),
        ):
            with self.subTest(day=day):
                self.assertEqual(self._get(self.miami, fields.Date.to_date(day)), found)

    def test_drafts_and_withdrawn_rules_do_not_hold(self):
        rule = self._create_rule(self.miami, sterling=930)
        self.assertEqual(self._get(self.miami), self.shipped)
        rule.action_activate()
        self.assertEqual(self._get(self.miami), rule)
        rule.action_withdraw()
        self.assertEqual(self._get(self.miami), self.shipped)

    def test_many_subjects_are_one_query(self):
        subjects = list(self.Rule._get_subjects())
        self.env.flush_all()
        today = fields.Date.today()
        self.Rule._get_rules(subjects, self.miami, today)
        with self.assertQueryCount(1):
            found = self.Rule._get_rules(subjects, self.miami, today)
        self.assertGreater(len(found), 5)

    def test_a_company_has_the_rules_of_its_address(self):
        company = self.env["res.company"].create({"name": "Store"})
        company.country_id = self.us.country_id
        self.assertEqual(company.jewelry_jurisdiction_id, self.us)
        company.state_id = self.florida.state_id
        self.assertEqual(company.jewelry_jurisdiction_id, self.florida)
        company.write({"country_id": self.env.ref("base.be").id, "state_id": False})
        self.assertEqual(company.jewelry_jurisdiction_id, self._ref("jurisdiction_world"))

    def test_companies_from_before_get_their_jurisdiction(self):
        company = self.env["res.company"].create({"name": "Old"})
        company.country_id = self.us.country_id
        company.jewelry_jurisdiction_id = False
        self.env["res.company"]._set_missing_jurisdictions()
        self.assertEqual(company.jewelry_jurisdiction_id, self.us)

    def test_an_associate_may_look_rules_up(self):
        associate = self._create_user("associate")
        self.assertEqual(
            self.Rule.with_user(associate)._get_rule("claim_silver", self.us), self.shipped
        )


@tagged("post_install", "-at_install")
class TestRule(RuleCommon):
    """What a rule must say, and who brings it into force."""

    def test_values_that_do_not_fit_are_refused_by_name(self):
        wrong = {
            "sterling_fineness = 925": "coin_fineness is missing",
            "sterling_fineness = x\ncoin_fineness = 900": "sterling_fineness must be a number",
            "sterling_fineness = 1925\ncoin_fineness = 900": "sterling_fineness must be at most",
            "sterling_fineness = 0\ncoin_fineness = 900": "sterling_fineness must be at least 1",
            "sterling_fineness = 925\ncoin_fineness = 900\nx = 1": "x is no value of this subject",
            "925": "states no value once",
        }
        for text, message in wrong.items():
            with self.subTest(text=text), self._refused(message):
                self._create_rule().values_text = text

    def test_a_rule_without_values_is_refused_by_name(self):
        for values in ({"values": {}}, {"values": False, "values_text": "coin_fineness = 900"}):
            with self.subTest(values=values), self._refused("sterling_fineness is missing"):
                self._create_rule(**values)

    def test_a_manager_types_values_with_their_units(self):
        with Form(self.Rule.with_user(self.manager)) as form:
            form.subject = "claim_silver"
            self.assertIn("sterling_fineness", form.values_text)
            form.jurisdiction_id = self.miami
            form.values_text = "sterling_fineness = 930 ‰\ncoin_fineness = 900 ‰"
            form.source = "Ordinance 5"
        self.assertEqual(form.record.values, {"sterling_fineness": 930, "coin_fineness": 900})
        self.assertEqual(form.record.state, "draft")

    def test_what_is_from_memory_is_never_in_force(self):
        rule = self._create_rule(self.miami, confidence="memory")
        self.assertIn("From memory", rule.notice)
        with self._refused("from memory", UserError):
            rule.action_activate()
        with self._refused_by_database("jewelry.rule", "from memory"):
            rule.state = "active"
        with self._refused_by_database("jewelry.rule", "from memory"):
            self.shipped.confidence = "memory"

    def test_a_rule_that_changes_what_holds_takes_a_reason_and_a_second_person(self):
        rule = self._create_rule(self.florida, self.manager, sterling=930, reason=False)
        with self._refused("Enter the reason", UserError):
            rule.action_activate()
        rule.reason = "Florida asks for more"
        approval = self._approve(rule.action_activate)
        change = approval.subject_ids.change
        for text in ("In Force: sterling_fineness = 930 ‰", "until now: sterling_fineness = 925 ‰"):
            self.assertIn(text, change)
        approval.with_user(self.manager).action_carry_out()
        self.assertEqual((rule.state, approval.state), ("active", "used"))
        self.assertEqual(self._get(self.florida), rule)

    def test_an_approved_rule_that_is_changed_is_asked_for_again(self):
        rule = self._create_rule(self.florida, self.manager, sterling=930)
        self._approve(rule.action_activate)
        rule.values_text = "sterling_fineness = 1\ncoin_fineness = 1"
        with self.assertRaises(RedirectWarning), self.env.cr.savepoint():
            rule.action_activate()

    def test_where_no_rule_holds_one_person_is_enough(self):
        rule = self._create_rule(self.eu, self.manager)
        rule.action_activate()
        self.assertEqual(self._get(self.eu), rule)
        with self._refused("in force already", UserError):
            rule.action_activate()

    def test_a_copy_takes_the_place_of_a_rule(self):
        action = self.shipped.with_user(self.manager).action_replace()
        copy = self.Rule.with_user(self.manager).browse(action["res_id"])
        self.assertEqual((copy.state, copy.replaces_id), ("draft", self.shipped))
        copy.write({"values_text": "sterling_fineness = 930\ncoin_fineness = 900", "reason": "x"})
        self._approve(copy.action_activate)
        copy.action_activate()
        self.assertEqual(self._get(self.us), copy)
        self._approve(copy.action_withdraw)
        copy.action_withdraw()
        self.assertEqual(self._get(self.us), self.shipped)

    def test_what_was_in_force_stays_as_it_is(self):
        rule = self.shipped.with_user(self.manager)
        for vals in (
            {"values": {"sterling_fineness": 1, "coin_fineness": 1}},
            {"values_text": "sterling_fineness = 1\ncoin_fineness = 1"},
            {"source": "x"},
            {"valid_to": "2020-01-01"},
            {"jurisdiction_id": self.eu.id},
            {"confidence": "confirmed"},
        ):
            with self.subTest(vals=vals), self._refused("stays as it is", UserError):
                rule.write(vals)
        with self._refused("stays as it is", UserError):
            rule.unlink()
        with self._refused("", AccessError):
            rule.write({"state": "draft"})
        with self._refused("", AccessError):
            self._create_rule(self.florida, self.manager, state="active")

    def test_a_rule_checked_long_ago_says_so(self):
        today = fields.Date.today()
        for days, stale in ((364, False), (365, False), (367, True)):
            self.shipped.checked_on = today - timedelta(days=days)
            with self.subTest(days=days):
                self.assertEqual(self.shipped.is_stale, stale)
                self.assertEqual("Last checked on" in self.shipped.notice, stale)
        self.assertIn("16 CFR 23.5", self.shipped._cite())
        self.assertIn("Unconfirmed", self.shipped._cite())
        self.assertIn("Last checked on", self.shipped._cite())
        self.shipped.with_user(self.manager).action_checked()
        self.assertFalse(self.shipped.is_stale)

    def test_a_rule_is_not_checked_in_the_future(self):
        with self._refused("in the future"):
            self.shipped.checked_on = fields.Date.today() + timedelta(days=5)

    def test_a_rule_does_not_end_before_it_begins(self):
        with self._refused_by_database("jewelry.rule", "cannot end before it begins"):
            self._create_rule(valid_from="2027-02-01", valid_to="2027-01-01")


@tagged("post_install", "-at_install")
class TestJurisdiction(RuleCommon):
    """Places lie within places."""

    def test_a_place_does_not_lie_within_itself(self):
        with self._refused("", (ValidationError, UserError)):
            self.us.parent_id = self.miami

    def test_a_state_is_of_its_country(self):
        with self._refused("is not in"):
            self._create_jurisdiction(
                "X",
                self.eu,
                country_id=self.env.ref("base.be").id,
                state_id=self.florida.state_id.id,
            )

    def test_a_country_has_one_jurisdiction(self):
        with self._refused_by_database("jewelry.jurisdiction", "has its jurisdiction already"):
            self._create_jurisdiction("USA", self.eu, country_id=self.us.country_id.id)

    def test_a_jurisdiction_opens_its_rules(self):
        action = self.us.action_view_rules()
        self.assertEqual(len(self.Rule.search(action["domain"])), self.us.rule_count)
        self.assertGreater(self.us.rule_count, 5)


@tagged("post_install", "-at_install")
class TestShippedRules(RuleCommon):
    """Every legal number has its source, and the code holds none."""

    def _get_shipped(self):
        names = self.env["ir.model.data"].search([("model", "=", "jewelry.rule")])
        return self.Rule.browse(names.mapped("res_id"))

    def test_every_shipped_rule_has_its_source_and_fits_its_subject(self):
        rules = self._get_shipped()
        rules._check_values()
        for rule in rules:
            with self.subTest(rule=rule.display_name):
                self.assertTrue(rule.source and rule.source_url and rule.checked_on)
                self.assertEqual(rule.state == "active", rule.confidence != "memory")
                self.assertTrue(rule.quote or rule.confidence != "confirmed")

    def test_every_subject_of_the_trunk_has_a_rule(self):
        self.assertEqual(set(self._get_shipped().mapped("subject")), set(self.Rule._get_subjects()))
