from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import TransformationCommon

# What belongs to one company and is out of sight of the people of another.
HIDDEN = (
    "jewelry.grading.report",
    "jewelry.import",
    "jewelry.label",
    "jewelry.piece.metal",
    "jewelry.price.run",
    "jewelry.provenance.event",
    "jewelry.stone",
    "jewelry.transformation",
    "jewelry.transformation.line",
    "stock.lot",
)


class CompanyCommon(TransformationCommon):
    """Two stores in one database that share styles and words, and nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.env.ref("base.EUR")
        cls.euro.active = True
        cls.other = cls._create_company(name="Second Store")
        # Not at once: the chart of accounts brings the currency of its country.
        cls.other.currency_id = cls.euro
        cls.env.user.company_ids |= cls.other
        cls.other_env = cls.env(
            context=dict(cls.env.context, allowed_company_ids=[cls.other.id, cls.company.id])
        )
        cls.other_place = (
            cls.env["stock.warehouse"]
            .search([("company_id", "=", cls.other.id)], limit=1)
            .lot_stock_id
        )
        cls.here = cls._stock_mount(name="R-1", cost=500.0, list_price=1000.0)
        cls.there = cls._stock_there("R-1", cost=70.0, list_price=140.0)
        cls.both = cls._create_user("manager", login="both")
        cls.both.company_ids |= cls.other
        cls.users = {role: cls._create_user(role) for role in ("associate", "keeper", "manager")}

    @classmethod
    def _stock_there(cls, number, cost=0.0, style=None, **values):
        """Return a piece in the stock of the other store."""
        piece = cls.other_env["stock.lot"].create(
            {
                "name": number,
                "product_id": (style or cls.style).id,
                "company_id": cls.other.id,
                "standard_price": cost,
            }
            | values
        )
        piece._take_in(piece.company_id._get_opening_place(), cls.other_place)
        return piece

    @classmethod
    def _as(cls, user, company, records):
        """Return records as `user` sees them who works in `company` alone."""
        return records.with_user(user).with_context(allowed_company_ids=company.ids)


@tagged("post_install", "-at_install")
class TestTwoStores(CompanyCommon):
    def test_both_have_a_piece_of_the_same_number_and_style(self):
        self.assertEqual(self.here.name, self.there.name)
        self.assertEqual(self.here.product_id, self.there.product_id)
        self.assertNotEqual(self.here.company_id, self.there.company_id)

    def test_a_number_is_taken_in_its_own_store_only(self):
        taken = {"name": "R-1", "product_id": self.style.id}
        for company in (self.company, self.other):
            with self._refused_by_database("stock.lot", "This piece number is taken"):
                self.env["stock.lot"].create(taken | {"company_id": company.id})

    def test_each_piece_costs_what_it_cost_its_own_store(self):
        self.assertEqual(self.here.with_company(self.company).standard_price, 500.0)
        self.assertEqual(self.there.with_company(self.other).standard_price, 70.0)
        self.assertEqual(self.there.with_company(self.company).standard_price, 0.0)

    def test_the_stock_of_a_shared_style_is_worth_what_the_own_pieces_cost(self):
        self.env.invalidate_all()
        self.assertEqual(self.style.with_company(self.company).total_value, 500.0)
        self.assertEqual(self.style.with_company(self.other).total_value, 70.0)

    def test_prices_are_in_the_money_of_the_own_store(self):
        self.assertEqual(self.there.currency_id, self.euro)
        self.assertEqual(self.here.currency_id, self.company.currency_id)
        self.assertIn("€", self.there.get_client_card()["price"])

    def test_a_price_is_converted_for_a_document_in_other_money(self):
        self.env["res.currency.rate"].create(
            {"currency_id": self.euro.id, "rate": 0.5, "company_id": self.company.id}
        )
        price = self.here._compute_price("list_price", currency=self.euro, company=self.company)
        self.assertEqual(price, 500.0)
        cost = self.here._compute_price("standard_price", currency=self.euro, company=self.company)
        self.assertEqual(cost, 250.0)

    def test_a_scan_finds_the_piece_of_the_store_one_works_in(self):
        for company, piece in ((self.company, self.here), (self.other, self.there)):
            lots = self._as(self.both, company, self.env["stock.lot"])
            with self.subTest(company=company.name):
                self.assertEqual(lots._get_piece_by_scan("R-1"), piece)

    def test_what_is_meant_by_a_number_of_both_is_not_guessed(self):
        lots = self.env["stock.lot"].with_user(self.both)
        lots = lots.with_context(allowed_company_ids=[self.company.id, self.other.id])
        self.assertFalse(lots._get_piece_by_scan("R-1"))

    def test_a_shared_style_counts_and_shows_only_pieces_one_may_see(self):
        style = self._as(self.both, self.company, self.style.product_tmpl_id)
        self.assertEqual(style.piece_count, 1)
        shown = style.env["stock.lot"].search(style.action_view_pieces()["domain"])
        self.assertEqual(shown, self.here)

    def test_a_unique_style_has_one_piece_over_both_stores(self):
        """Who enters the second piece need not be allowed to see the first."""
        style = self._create_style(style_kind="unique")
        self._stock_there("U-1", style=style)
        lots = self._as(self.users["keeper"], self.company, self.env["stock.lot"])
        with self._refused("has one piece, and no other"):
            lots.create({"product_id": style.id, "company_id": self.company.id})

    def test_a_style_is_found_or_made_in_the_own_store(self):
        """A style of another store's own would take the piece along to that store."""
        template = self.env["product.template"]
        theirs = template._get_piece_style("Cluster")
        theirs.company_id = self.other
        ours = template.with_context(
            allowed_company_ids=[self.company.id, self.other.id]
        )._get_piece_style("Cluster")
        self.assertNotEqual(ours, theirs)
        self.assertEqual(template._get_piece_style("Cluster"), ours)

    def test_a_style_of_stones_is_found_or_made_in_the_own_store(self):
        template = self.env["product.template"].with_context(
            allowed_company_ids=[self.company.id, self.other.id]
        )
        key = (self._ref("species_beryl").id, "natural", self._ref("shape_round").id)
        theirs = template._get_stone_style(*key)
        theirs.company_id = self.other
        self.assertNotEqual(template._get_stone_style(*key), theirs)

    def test_a_piece_does_not_go_into_the_place_of_another_store(self):
        piece = self._create_piece(cost=10.0)
        intake = self.env["jewelry.piece.intake"].create({"piece_ids": piece.ids})
        with self._refused("", UserError):
            intake.place_id = self.other_place
            intake.action_take_in()
        self.assertEqual(piece.piece_status, "expected")

    def test_a_stone_of_one_store_is_not_set_in_a_piece_of_another(self):
        stone = self._stock_stone()
        with self._refused("", UserError):
            stone.with_context(allowed_company_ids=[self.other.id, self.company.id]).write(
                {"company_id": self.other.id}
            )

    def test_repricing_one_store_leaves_the_other_alone(self):
        policy = self.env["jewelry.price.policy"].create(
            {
                "name": "Rings",
                "labour_piece": 50.0,
                "company_id": self.company.id,
                "tier_ids": [Command.create({"start": 0, "multiplier": 3})],
            }
        )
        self.category.with_company(self.company).jewelry_price_policy_id = policy
        self._create_rate(company_id=self.company.id)
        run = self.env["jewelry.price.run"].create({"company_id": self.company.id})
        run.action_preview()
        pieces = self.env["jewelry.price.run.line"].search([("run_id", "=", run.id)]).piece_id
        self.assertIn(self.here, pieces)
        self.assertNotIn(self.there, pieces)
        run.action_apply()
        self.assertNotEqual(self.here.list_price, 1000.0)
        self.assertEqual(self.there.list_price, 140.0)

    def test_a_policy_of_one_store_is_refused_in_the_other(self):
        policy = self.env["jewelry.price.policy"].create(
            {"name": "Rings", "company_id": self.company.id}
        )
        with self._refused("Choose one of Second Store"):
            self.category.with_company(self.other).jewelry_price_policy_id = policy


@tagged("post_install", "-at_install")
class TestOutOfSight(CompanyCommon):
    """The people of one store see nothing of the other's, by any name of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.records = cls._furnish()

    @classmethod
    def _furnish(cls):
        """Return a record of the other store for each model of ``HIDDEN``."""
        env = cls.other_env
        cls.there._set_metals({cls.gold_18k: 5})
        stone = env["jewelry.stone"].create(cls._prepare_stone(company_id=cls.other.id))
        labels = env["jewelry.label"]
        labels._print(cls.there, labels._get_last_options(), 1, False)
        draft = env["jewelry.transformation"].create(
            {
                "kind": "disassemble",
                "company_id": cls.other.id,
                "line_ids": [Command.create({"direction": "in", "lot_id": cls.there.id})],
            }
        )
        return {
            "jewelry.grading.report": cls._create_report(stone_id=stone.id),
            "jewelry.import": env["jewelry.import"].create(
                {"file": b"bnVtYmVyCg==", "place_id": cls.other_place.id}
            ),
            "jewelry.label": labels.search([("lot_id", "=", cls.there.id)]),
            "jewelry.piece.metal": cls.there.metal_line_ids,
            "jewelry.price.run": env["jewelry.price.run"].create({"company_id": cls.other.id}),
            "jewelry.provenance.event": env["jewelry.provenance.event"].search(
                [("lot_id", "=", cls.there.id)]
            ),
            "jewelry.stone": stone,
            "jewelry.transformation": draft,
            "jewelry.transformation.line": draft.line_ids,
            "stock.lot": cls.there,
        }

    def test_each_is_a_record_of_the_other_store(self):
        for model in HIDDEN:
            self.assertTrue(self.records[model], model)

    def test_nobody_of_this_store_finds_or_reads_them(self):
        for model in HIDDEN:
            for role, user in self.users.items():
                records = self._as(user, self.company, self.records[model])
                self.env.invalidate_all()
                with self.subTest(model=model, role=role):
                    try:
                        found = records.search([("id", "in", records.ids)])
                    except AccessError:
                        found = records.browse()
                    self.assertFalse(found)
                    with self._refused("", AccessError):
                        records.read(["display_name"])

    def test_nobody_of_this_store_changes_them(self):
        for model in HIDDEN:
            records = self._as(self.users["manager"], self.company, self.records[model])
            for operation in ("write", "unlink"):
                with self.subTest(model=model, operation=operation):
                    self.assertFalse(records.has_access(operation))

    def test_a_manager_of_both_stores_sees_them(self):
        for model in HIDDEN:
            records = self._as(self.both, self.other, self.records[model])
            with self.subTest(model=model):
                self.assertEqual(records.search([("id", "in", records.ids)]), records)

    def test_no_button_of_a_piece_works_on_it(self):
        piece = self._as(self.users["manager"], self.company, self.there)
        buttons = {
            "action_void": ["slip"],
            "action_reprice": [],
            "action_view_provenance": [],
            "get_client_card": [],
        }
        for name, arguments in buttons.items():
            with self.subTest(button=name), self._refused("", AccessError):
                getattr(piece, name)(*arguments)
        self.assertEqual((self.there.piece_status, self.there.list_price), ("available", 140.0))

    def test_no_wizard_takes_it(self):
        manager = self.users["manager"]
        theirs = [Command.set(self.there.ids)]
        wizards = {
            "jewelry.label.print": ({"lot_ids": theirs}, "action_print"),
            "jewelry.piece.price": ({"piece_id": self.there.id, "new_price": 1}, "action_set"),
            "jewelry.piece.void": ({"piece_ids": theirs, "reason": "slip"}, "action_void"),
            "jewelry.transformation.unset": ({"piece_id": self.there.id}, "action_unset"),
        }
        for model, (values, button) in wizards.items():
            with self.subTest(wizard=model), self._refused("", (AccessError, UserError)):
                wizard = self._as(manager, self.company, self.env[model]).create(values)
                getattr(wizard, button)()
        self.assertEqual((self.there.piece_status, self.there.list_price), ("available", 140.0))

    def test_its_number_is_not_offered_in_a_field(self):
        lots = self._as(self.users["keeper"], self.company, self.env["stock.lot"])
        self.assertEqual([found[0] for found in lots.name_search("R-1")], self.here.ids)


@tagged("post_install", "-at_install")
class TestMoneyOfTheStore(CompanyCommon):
    """A store that keeps its books in other money than its neighbour."""

    def test_a_cost_is_entered_and_kept_in_the_money_of_the_store(self):
        piece = self.there.with_company(self.other)
        values = piece._set_cost({piece: 80.125}, "correction", "invoice found")
        self.assertEqual(values.currency_id, self.euro)
        self.assertEqual((values.previous_value, values.value), (70.0, 80.13))
        self.assertEqual(piece.standard_price, 80.13)

    def test_a_cost_is_not_changed_from_the_books_of_another_store(self):
        """The current company's books are those that are written in."""
        self.here.with_company(self.company)._set_cost({self.here: 510.0}, "correction", "typo")
        self.assertEqual(self.here.with_company(self.other).standard_price, 0.0)
        self.assertEqual(self.here.with_company(self.company).standard_price, 510.0)

    def test_the_total_of_a_revaluation_is_spread_to_the_cent(self):
        pieces = self.here
        for cost in (100.0, 33.33, 66.67):
            pieces += self._stock_piece(cost=cost)
        shares = pieces._spread_total(1000.01)
        self.assertAlmostEqual(sum(shares.values()), 1000.01, places=9)
        self.assertEqual(max(shares, key=shares.get), self.here)

    def test_pieces_of_no_cost_share_a_total_evenly(self):
        pieces = self._stock_piece() + self._stock_piece() + self._stock_piece()
        shares = pieces._spread_total(100.0)
        self.assertAlmostEqual(sum(shares.values()), 100.0, places=9)
        self.assertEqual(sorted(shares.values()), [33.33, 33.33, 33.34])

    def test_nothing_costs_less_than_nothing(self):
        with self._refused("cannot be negative", UserError):
            self.here._set_cost({self.here: -0.01}, "correction")
        self.assertEqual(self.here.standard_price, 500.0)


@tagged("post_install", "-at_install")
class TestBranch(CompanyCommon):
    """A branch shares what its main company decides."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.env["res.company"].create({"name": "Branch", "parent_id": cls.company.id})
        cls.env.user.company_ids |= cls.branch

    def test_rates_of_the_main_company_hold_in_its_branch(self):
        rate = self._create_rate(company_id=self.company.id)
        clerk = self._create_user("associate", login="clerk")
        clerk.write({"company_ids": [Command.link(self.branch.id)], "company_id": self.branch.id})
        rates = self._as(clerk, self.branch, self.env["jewelry.metal.rate"])
        self.assertIn(rate, rates.search([]))

    def test_a_loss_norm_of_another_company_is_out_of_sight(self):
        norms = self.env["jewelry.loss.norm"]
        values = {"kind": "melt", "permille": 1.0}
        own = norms.create(values | {"company_id": self.company.id})
        theirs = norms.create(values | {"company_id": self.other.id})
        found = self._as(self.users["manager"], self.company, norms).search([])
        self.assertIn(own, found)
        self.assertNotIn(theirs, found)

    def test_a_number_may_be_used_again_in_a_branch(self):
        piece = self._create_piece(name="R-1", company_id=self.branch.id)
        self.assertEqual(piece.name, self.here.name)
        with self._refused_by_database("stock.lot", "This piece number is taken"):
            self._create_piece(name="R-1", company_id=self.branch.id)
