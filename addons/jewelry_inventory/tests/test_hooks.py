from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .. import hooks
from ..const import SPECIFIC
from .common import TransformationCommon


@tagged("post_install", "-at_install")
class TestUninstallHook(TransformationCommon):
    """The store without the module: its stock is worth what it was, and nothing of ours holds it.

    What is left of the whole module is compared by `./store test --full`.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.average = cls.env["product.category"].create(
            {"name": "Rings", "property_cost_method": "average"}
        )
        cls.branch = cls.env["res.company"].create({"name": "Branch"})

    def _methods(self, category):
        """What the database holds for each company."""
        category.flush_recordset()
        query = SQL("SELECT property_cost_method FROM product_category WHERE id = %s", category.id)
        return self.env.execute_query(query)[0][0]

    # === COST METHOD === #

    def test_the_method_leaves_categories_of_every_company(self):
        category = self.env["product.category"].create({"name": "Watches"})
        for company in self.company + self.branch:
            category.with_company(company).property_cost_method = SPECIFIC
        # As when somebody uninstalls who may not see the branch.
        self.env.user.company_ids = self.company
        hooks._leave_specific_cost(self.env)
        self.assertEqual(set(self._methods(category).values()), {"standard"})

    def test_other_methods_stay(self):
        hooks._leave_specific_cost(self.env)
        self.assertEqual(self._methods(self.average)[str(self.company.id)], "average")

    def test_the_method_leaves_companies_and_defaults(self):
        self.branch.cost_method = SPECIFIC
        self.env["ir.default"].set(
            "product.category", "property_cost_method", SPECIFIC, company_id=self.branch.id
        )
        self.env.flush_all()
        hooks._leave_specific_cost(self.env)
        self.assertEqual(self.branch.cost_method, "standard")
        new = self.env["product.category"].with_company(self.branch).create({"name": "New"})
        self.assertEqual(new.property_cost_method, "standard")

    # === STOCK VALUE === #

    def test_styles_leave_a_category_that_would_average_their_pieces(self):
        self.style.categ_id = self.average
        self.env.flush_all()
        hooks._keep_piece_costs(self.env)
        self.env.invalidate_all()
        category = self.style.categ_id
        self.assertEqual(category.parent_id, self.average)
        self.assertIn("standard cost", category.name)
        for company in self.env["res.company"].search([]):
            self.assertEqual(category.with_company(company).property_cost_method, "standard")

    def test_styles_at_home_in_standard_cost_stay_where_they_are(self):
        home = self.env["product.category"].create({"name": "Home"})
        for company in self.env["res.company"].search([]):
            home.with_company(company).property_cost_method = "standard"
        self.style.categ_id = home
        self.env.flush_all()
        hooks._keep_piece_costs(self.env)
        self.env.invalidate_all()
        self.assertEqual(self.style.categ_id, home)

    def test_other_products_stay_in_their_category(self):
        box = self.env["product.template"].create({"name": "Box", "categ_id": self.average.id})
        self.env.flush_all()
        hooks._keep_piece_costs(self.env)
        self.env.invalidate_all()
        self.assertEqual(box.categ_id, self.average)

    def test_goods_of_others_are_worth_nothing_and_ours_what_they_were(self):
        theirs = self._create_piece(cost=650)
        self._move(theirs, self.supplier_location, self.stock_location, owner=self.vendor)
        ours = self._stock_piece(cost=900)
        self.env.flush_all()
        hooks._forget_costs_of_others(self.env)
        self.env.invalidate_all()
        self.assertEqual((theirs.standard_price, ours.standard_price), (0, 900))

    def test_goods_that_we_are_named_the_owner_of_are_ours(self):
        piece = self._create_piece(cost=650)
        owner = self.company.partner_id
        self._move(piece, self.supplier_location, self.stock_location, owner=owner)
        self.env.flush_all()
        hooks._forget_costs_of_others(self.env)
        self.env.invalidate_all()
        self.assertEqual(piece.standard_price, 650)

    # === RECORDS, TABLES === #

    def test_units_in_use_stay_with_the_store(self):
        self._stock_parcel()
        carat = self._ref("product_uom_carat")
        hooks._give_away_units(self.env)
        self.assertFalse(carat.get_external_id()[carat.id])
        self.assertTrue(self.env.ref("jewelry_inventory.product_uom_tola", False))

    def test_records_in_use_can_be_removed(self):
        report = self._create_report()
        laboratory, species = report.laboratory_id, report.stone_id.species_id
        self.env.flush_all()
        hooks._release_own_records(self.env)
        for table, record in (("jewelry_laboratory", laboratory), ("jewelry_gem_species", species)):
            self.env.cr.execute(
                SQL("DELETE FROM %s WHERE id = %s", SQL.identifier(table), record.id)
            )
            self.assertEqual(self.env.cr.rowcount, 1)

    def test_keys_between_tables_of_others_stay(self):
        query = """SELECT count(*) FROM pg_constraint WHERE contype = 'f'
                      AND confrelid IN ('stock_lot'::regclass, 'res_partner'::regclass)"""
        before = self.env.execute_query(SQL(query))
        hooks._release_own_records(self.env)
        self.assertEqual(self.env.execute_query(SQL(query)), before)

    def test_everything_at_once_leaves_the_figures_of_the_stock(self):
        self.style.categ_id = self.average
        low, high = self._stock_piece(cost=100), self._stock_piece(cost=900)
        self._move(low, self.stock_location, self.customer_location)
        high._set_cost({high: 950}, "correction")
        self._stock_parcel(cost=1000.0)
        self.env.flush_all()
        hooks.uninstall_hook(self.env)
        costs = {lot: lot.standard_price * lot.product_qty for lot in self._get_lots()}
        self.assertEqual(sum(costs.values()), 1950)
        self.assertEqual(costs[high], 950)

    def _get_lots(self):
        return self.env["stock.lot"].search([("company_id", "=", self.company.id)])


@tagged("post_install", "-at_install")
class TestMadePieces(TransformationCommon):
    """Production other than a transformation cannot make a piece: nobody knows what it costs."""

    def test_a_piece_out_of_production_is_refused_in_words(self):
        piece = self._create_piece(cost=100)
        production = self.style.with_company(self.company).property_stock_production
        with self._refused("Solitaire: every piece has a cost of its own", UserError):
            self._move(piece, production, self.stock_location)

    def test_other_products_come_out_of_production(self):
        box = self.env["product.product"].create({"name": "Box", "is_storable": True})
        move = self.env["stock.move"].create(
            {
                "product_id": box.id,
                "product_uom_qty": 1,
                "location_id": box.property_stock_production.id,
                "location_dest_id": self.stock_location.id,
                "company_id": self.company.id,
                "move_line_ids": [Command.create({"product_id": box.id, "quantity": 1})],
                "picked": True,
            }
        )
        move._action_done()
        self.assertEqual(move.state, "done")

    def test_a_transformation_brings_its_pieces_back(self):
        mount, stone = self._stock_mount(), self._stock_stone()
        self._set_stones(mount, stone)
        self.assertEqual(mount.piece_status, "available")
