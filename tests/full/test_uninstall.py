import tomllib

from common import ROOT, RealStoreCase

from store_lib import leavings, matrix

BEFORE, NAME = "uninstall_before", "uninstall_filled"

# A store's life in a few lines: a piece sold, one corrected, one written down, a stone set in
# another, a laboratory report, goods of a lender, a parcel, and a branch whose every serial
# number has its own cost. `goods` is a category that averages costs.
FILL = """
lots, stones, company = env["stock.lot"], env["jewelry.stone"], env.company
suppliers = env.ref("stock.stock_location_suppliers")
goods = env["product.category"].create({{"name": "Goods", "property_cost_method": {method!r}}})
env["product.template"].search([("jewelry_kind", "=", "piece")]).categ_id = goods

def get(number):
    return lots.search([("name", "=", number)])

sold = get("R-1001")
move = sold._prepare_intake_vals(
    sold.product_id, sold.location_id, env.ref("stock.stock_location_customers"), owner=None
)
env["stock.move"].create(move | {{"company_id": company.id}})._action_done()
lots._set_cost({{get("R-1002"): get("R-1002").standard_price + 25}}, "correction", "found")
lots._set_cost({{get("R-1004"): get("R-1004").standard_price - 10}}, "write_down", "dented")
place = get("R-1002").location_id

first, second = stones.search([("state", "=", "loose")], limit=2)
env["jewelry.transformation.set"].create(
    {{"piece_id": get("R-1003").id, "stone_ids": first.ids, "work": 80}}
).action_set()
env["jewelry.grading.report"].create(
    {{
        "laboratory_id": env.ref("jewelry_inventory.laboratory_gia").id,
        "number": "2141438171",
        "stone_id": second.id,
    }}
)

lender = env["res.partner"].create({{"name": "Lender"}})
memo = lots.create(
    {{
        "name": "M-1",
        "product_id": get("R-1002").product_id.id,
        "company_id": company.id,
        "standard_price": 777,
    }}
)
memo._take_in(suppliers, place, owner=lender)

melee = env["product.template"].create({{"name": "Melee", "jewelry_kind": "parcel"}})
product = melee.product_variant_id
parcel = lots.create({{"name": "P-1", "product_id": product.id, "company_id": company.id}})
stones.create(
    {{
        "holder_id": parcel.id,
        "carat": 5,
        "count": 100,
        "origin": "natural",
        "species_id": first.species_id.id,
        "shape_id": first.shape_id.id,
    }}
)
way = {{
    "product_id": product.id,
    "location_id": suppliers.id,
    "location_dest_id": place.id,
}}
line = way | {{"lot_id": parcel.id, "quantity": 5}}
arrival = env["stock.move"].create(
    way | {{"product_uom_qty": 5, "picked": True, "move_line_ids": [(0, 0, line)]}}
)
arrival._action_done()
arrival.value_manual = 1000

branch = env["res.company"].create({{"name": "Branch", "cost_method": "specific"}})
there = env(context=dict(env.context, allowed_company_ids=branch.ids))
watches = there["product.category"].create(
    {{"name": "Watches", "property_cost_method": "specific"}}
)
watch = there["product.product"].create(
    {{"name": "Watch", "is_storable": True, "tracking": "serial", "categ_id": watches.id}}
)
serial = there["stock.lot"].create(
    {{"name": "W-1", "product_id": watch.id, "company_id": branch.id, "standard_price": 333}}
)
house = there["stock.warehouse"].search([("company_id", "=", branch.id)], limit=1)
house = house or there["stock.warehouse"].create(
    {{"name": "Branch", "code": "BR", "company_id": branch.id}}
)
serial._take_in(branch.with_env(there)._get_opening_place(), house.lot_stock_id)
env["ir.default"].set(
    "product.category", "property_cost_method", "specific", company_id=branch.id
)
env.user.company_ids -= branch
env.cr.commit()
"""
# As the stock valuation report adds it up.
VALUE = """
answer = {}
for company in env["res.company"].search([]):
    there = env(context=dict(env.context, allowed_company_ids=company.ids))
    for product in there["product.product"].search([("is_storable", "=", True)]):
        if product.qty_available:
            name = f"{company.name}: {product.name}"
            answer[name] = [product.qty_available, round(product.total_value, 2)]
"""
SPECIFIC = """
SELECT 'category ' || name::text FROM product_category
 WHERE property_cost_method::text LIKE '%specific%'
UNION ALL SELECT 'company ' || name FROM res_company WHERE cost_method = 'specific'
UNION ALL SELECT 'default ' || id FROM ir_default WHERE json_value = '"specific"'
"""
# The database system's own sequences that number the transfers of the branch.
OF_THE_BRANCH = "left: sequence ir_sequence_"


class TestUninstallWithData(RealStoreCase):
    """A store that gives up the suite keeps its stock and what it is worth."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(cls.drop, BEFORE)
        cls.addClassCleanup(cls.drop, NAME)
        cls.prepared.build(BEFORE, ["stock_account", "barcodes_gs1_nomenclature", "portal"])
        cls.before = leavings.take(cls.prepared.databases, BEFORE)
        plan = tomllib.loads((ROOT / "tests/leavings.toml").read_text())
        cls.allowed = plan["allowed"]

    def uninstall(self, method):
        """Fill a store, uninstall the suite from it; return what its stock was worth before."""
        self.prepared.databases.copy(BEFORE, NAME)
        self.prepared.update(NAME, install=["jewelry_demo"])
        self.prepared.shell(NAME, FILL.format(method=method))
        worth = self.prepared.ask(NAME, VALUE)
        self.said = self.prepared.shell(NAME, matrix.UNINSTALL.format(names=["jewelry_inventory"]))
        return worth

    def assert_gone(self):
        """Assert that nobody complained and that no structure or name of ours is left."""
        self.assertEqual(matrix.complaints(self.said), [])
        after = leavings.take(self.prepared.databases, NAME)
        lines = leavings.leave_out(leavings.compare(self.before, after), self.allowed)
        structure = [line for line in lines if line.split(" ")[1] in leavings.STRUCTURE]
        self.assertEqual([line for line in structure if not line.startswith(OF_THE_BRANCH)], [])
        self.assertEqual(self.prepared.databases.query(NAME, SPECIFIC), [])
        ours = "SELECT name FROM ir_model_data WHERE module LIKE 'jewelry%'"
        self.assertEqual(self.prepared.databases.query(NAME, ours), [])

    def test_the_stock_is_worth_what_it_was_whatever_its_category_says(self):
        for method in ("standard", "average", "fifo"):
            with self.subTest(method=method):
                worth = self.uninstall(method)
                self.assertGreater(sum(value for _quantity, value in worth.values()), 900_000)
                self.assertEqual(self.prepared.ask(NAME, VALUE), worth)
                self.assert_gone()
