import json
from uuid import uuid4

from odoo import Command
from odoo.tests import tagged
from odoo.tools.misc import file_open

from .price_common import PriceCommon

TABLE = "jewelry_pos/static/tests/unit/price_table.js"


@tagged("post_install", "-at_install")
class TestPriceTable(PriceCommon):
    """The server prices a piece as the browser does, to the cent: both read one table."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with file_open(TABLE) as file:
            cls.table = json.loads(file.read().split("`")[-2])
        cls.session = cls._open_session()

    def _set_rate(self, rate):
        """Let the register's currency be another one, at this rate, for pricing alone."""
        self.euro = self.env.ref("base.EUR")
        self.euro.active = True
        self.euro.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            {"currency_id": self.euro.id, "company_id": self.company.id, "rate": rate}
        )

    def _get_currency(self, rate):
        if rate == 1:
            return self.company.currency_id
        self._set_rate(rate)
        return self.euro

    def _create_tax(self, amount, included):
        return self.env["account.tax"].create(
            {
                "name": str(uuid4()),
                "amount": amount,
                "company_id": self.company.id,
                "price_include_override": "tax_included" if included else "tax_excluded",
            }
        )

    def _create_lists(self, lists, currency):
        """Return the first pricelist, made after those that it starts from."""
        base = self.env["product.pricelist"]
        for rules in reversed(lists):
            items = [
                Command.create(rule | ({"base_pricelist_id": base.id} if rule.get("base") else {}))
                for rule in rules
            ]
            base = base.create({"name": "List", "currency_id": currency.id, "item_ids": items})
        return base

    def _price(self, row):
        """Return the price of a line and what it comes to, as the server reckons."""
        currency = self._get_currency(row.get("rate", 1))
        self.high.list_price = row["price"]
        pricelist = self._create_lists(row.get("rules", []), currency)
        product = self.high.product_id.with_context(priced_piece_id=self.high.id)
        unit = pricelist._get_product_price(product, 1.0, currency=currency)
        tax = self._create_tax(**row["tax"]) if "tax" in row else self.env["account.tax"]
        if "mapped" in row:
            tax = self._create_tax(**row["mapped"])
        digits = self.env["decimal.precision"].precision_get("Product Price")
        unit = round(unit, digits)
        base_line = tax._prepare_base_line_for_taxes_computation(
            {},
            tax_ids=tax,
            price_unit=unit,
            quantity=1.0,
            discount=row.get("discount", 0),
            currency_id=currency,
            product_id=product,
            rate=1.0,
        )
        tax._add_tax_details_in_base_line(base_line, self.company)
        tax._round_base_lines_tax_details([base_line], self.company)
        totals = tax._get_tax_totals_summary([base_line], currency, self.company)
        return unit, totals["total_amount_currency"]

    def test_each_row_of_the_table(self):
        for row in self.table:
            with self.subTest(row=row["name"]):
                unit, total = self._price(row)
                self.assertAlmostEqual(unit, row["unit"], 2)
                self.assertAlmostEqual(total, row["total"], 2)

    def test_a_line_of_the_register_comes_to_what_the_table_says(self):
        for row in self.table:
            if "rate" in row or "mapped" in row:
                continue
            with self.subTest(row=row["name"]):
                tax = self._create_tax(**row["tax"]) if "tax" in row else self.env["account.tax"]
                line = self._prepare_line(
                    self.high,
                    price_unit=row["unit"],
                    discount=row.get("discount", 0),
                    tax_ids=[Command.set(tax.ids)],
                    pack_lot_ids=[],
                )
                order = self.env["pos.order"].create(
                    self._prepare_order(line, session=self.session, state="draft")
                )
                order._compute_prices()
                self.assertAlmostEqual(order.amount_total, row["total"], 2)
                # Core reckons a line by itself in another way, which may be a cent away.
                amount = order.lines._compute_amount_line_all()["price_subtotal_incl"]
                tolerance = self.config._get_price_tolerance(1)
                self.assertLessEqual(abs(amount - row["total"]), tolerance)

    def test_the_table_has_what_it_promises(self):
        self.assertGreater(len(self.table), 10)
        keys = set().union(*self.table)
        self.assertGreaterEqual(keys, {"rules", "discount", "tax", "mapped", "rate"})


@tagged("post_install", "-at_install")
class TestToldPrices(PriceCommon):
    """What starts from a cost is priced by the server, and told as a number."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.box = cls.env["product.product"].create(
            {
                "name": "Box",
                "is_storable": True,
                "available_in_pos": True,
                "lst_price": 90,
                "standard_price": 41.87,
                "taxes_id": False,
            }
        )
        cls.cost_list = cls._create_pricelist(
            compute_price="formula", base="standard_price", price_markup=100
        )

    def _load(self, user=None):
        """Return what the register loads of the box, and of rules."""
        session = self._open_session().with_user(user or self.cashier)
        data = session.load_data([])
        (row,) = [row for row in data["product.product"] if row["id"] == self.box.id]
        return row, data["product.pricelist.item"]

    def test_the_price_is_told_and_neither_rule_nor_cost(self):
        for user in (self.cashier, self.manager):
            with self.subTest(user=user.login):
                row, rules = self._load(user)
                self.assertEqual(row["_told_prices"], {self.cost_list.id: [[0.0, 83.74]]})
                self.assertEqual(row["standard_price"], 0)
                self.assertNotIn("standard_price", [rule["base"] for rule in rules])

    def test_each_quantity_has_its_own_price(self):
        self.cost_list.item_ids = [
            Command.create(
                {
                    "compute_price": "formula",
                    "base": "standard_price",
                    "price_markup": 50,
                    "min_quantity": 10,
                }
            ),
            Command.create({"compute_price": "percentage", "percent_price": 10, "min_quantity": 5}),
        ]
        row, _rules = self._load()
        steps = row["_told_prices"][self.cost_list.id]
        self.assertEqual([quantity for quantity, _price in steps], [10, 5, 0])
        self.assertAlmostEqual(steps[0][1], 62.805)
        self.assertIs(steps[1][1], False)
        self.assertAlmostEqual(steps[2][1], 83.74)

    def test_a_pricelist_that_starts_from_such_a_one_is_told_too(self):
        above = self._create_pricelist(
            compute_price="formula",
            base="pricelist",
            base_pricelist_id=self.cost_list.id,
            price_discount=50,
        )
        row, _rules = self._load()
        self.assertAlmostEqual(row["_told_prices"][above.id][0][1], 41.87)

    def test_pieces_have_their_own(self):
        session = self._open_session().with_user(self.cashier)
        rows = session.load_data([])["product.product"]
        (row,) = [row for row in rows if row["id"] == self.style.id]
        self.assertEqual(row["_told_prices"], {})
        answer = self.config.with_user(self.cashier).read_piece(self.high.id)
        self.assertEqual(answer["prices"], {self.cost_list.id: 1800})

    def test_without_such_a_pricelist_nothing_is_told(self):
        self.config.available_pricelist_ids -= self.cost_list
        row, _rules = self._load()
        self.assertEqual(row["_told_prices"], {})

    def test_what_vendors_ask_is_not_in_the_information_of_a_product(self):
        vendor = self._create_partner(name="Vendor")
        self.env["product.supplierinfo"].create(
            {
                "partner_id": vendor.id,
                "product_tmpl_id": self.box.product_tmpl_id.id,
                "price": 37.51,
            }
        )
        for user in (self.cashier, self.manager):
            template = self.box.product_tmpl_id.with_user(user)
            info = template.get_product_info_pos(90, 1, self.config.id)
            with self.subTest(user=user.login):
                self.assertNotIn("37.51", str(info))
                self.assertNotIn("41.87", str(info))
