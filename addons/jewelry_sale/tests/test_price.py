from odoo import Command
from odoo.tests import Form, tagged

from .common import SaleCommon


@tagged("post_install", "-at_install")
class TestPiecePrice(SaleCommon):
    def _create_pricelist(self, currency=None, **rule):
        return self.env["product.pricelist"].create(
            {
                "name": "Trade",
                "currency_id": (currency or self.company.currency_id).id,
                "company_id": self.company.id,
                "item_ids": [Command.create({"applied_on": "3_global"} | rule)],
            }
        )

    def test_a_line_takes_the_price_of_its_piece(self):
        order = self._quote(self.low, self.high)
        self.assertEqual(order.order_line.mapped("price_unit"), [300, 2000])
        self.assertEqual(order.amount_total, 2300)

    def test_a_percentage_comes_off_the_price_of_the_piece(self):
        self.env.user.group_ids += self.env.ref("sale.group_discount_per_so_line")
        pricelist = self._create_pricelist(compute_price="percentage", percent_price=10)
        line = self._quote(self.high, pricelist_id=pricelist.id).order_line
        self.assertEqual((line.price_unit, line.discount), (2000, 10))
        self.assertEqual(line.price_subtotal, 1800)

    def test_a_formula_starts_from_the_price_of_the_piece(self):
        pricelist = self._create_pricelist(
            compute_price="formula", base="list_price", price_discount=20, price_surcharge=5
        )
        line = self._quote(self.high, pricelist_id=pricelist.id).order_line
        self.assertEqual(line.price_subtotal, 1605)

    def test_a_formula_on_cost_starts_from_the_cost_of_the_piece(self):
        pricelist = self._create_pricelist(
            compute_price="formula", base="standard_price", price_markup=150
        )
        order = self._quote(self.low, self.high, pricelist_id=pricelist.id)
        self.assertEqual(order.order_line.mapped("price_unit"), [250, 2250])

    def test_a_chain_of_pricelists_keeps_to_the_piece(self):
        base = self._create_pricelist(compute_price="percentage", percent_price=10)
        pricelist = self._create_pricelist(
            compute_price="formula", base="pricelist", base_pricelist_id=base.id, price_discount=50
        )
        line = self._quote(self.high, pricelist_id=pricelist.id).order_line
        self.assertEqual(line.price_subtotal, 900)

    def test_a_fixed_price_of_a_pricelist_wins_over_the_piece(self):
        pricelist = self._create_pricelist(compute_price="fixed", fixed_price=777)
        line = self._quote(self.high, pricelist_id=pricelist.id).order_line
        self.assertEqual(line.price_unit, 777)

    def test_another_currency_converts_the_price_of_the_piece(self):
        euro = self.setup_other_currency("EUR", rates=[("2020-01-01", 0.5)])
        pricelist = self._create_pricelist(
            currency=euro, compute_price="percentage", percent_price=0
        )
        order = self._quote(self.high, pricelist_id=pricelist.id)
        self.assertEqual((order.currency_id, order.order_line.price_unit), (euro, 1000))

    def test_a_price_with_tax_in_it_is_mapped_like_a_list_price(self):
        taxes = [
            self.env["account.tax"].create(
                {
                    "name": f"{rate} % included",
                    "amount": rate,
                    "price_include_override": "tax_included",
                    "company_id": self.company.id,
                }
            )
            for rate in (25, 0)
        ]
        position = self.env["account.fiscal.position"].create(
            {"name": "Export", "company_id": self.company.id}
        )
        taxes[1].write({"fiscal_position_ids": position.ids, "original_tax_ids": taxes[0].ids})
        self.style.taxes_id = taxes[0]
        at_home = self._quote(self.high).order_line
        abroad = self._quote(self.high, fiscal_position_id=position.id).order_line
        self.assertEqual((at_home.price_unit, at_home.price_subtotal), (2000, 1600))
        self.assertEqual((abroad.price_unit, abroad.price_total), (1600, 1600))

    def test_a_typed_price_survives_and_a_recalculation_returns_to_the_piece(self):
        order = self._quote(self.high)
        with Form(order) as form, form.order_line.edit(0) as line:
            line.price_unit = 1900
        with Form(order) as form, form.order_line.edit(0) as line:
            line.name = "Ring, as agreed"
        self.assertEqual(order.order_line.price_unit, 1900)
        order._recompute_prices()
        self.assertEqual(order.order_line.price_unit, 2000)

    def test_another_piece_brings_its_own_price_and_description(self):
        order = self._quote(self.low)
        with Form(order) as form, form.order_line.edit(0) as line:
            line.piece_id = self.high
        self.assertEqual(order.order_line.price_unit, 2000)
        self.assertIn(self.high.name, order.order_line.name)

    def test_a_line_without_a_piece_keeps_the_price_of_the_style(self):
        line = self._quote_quantity(2).order_line
        self.assertEqual((line.price_unit, line.price_subtotal), (1000, 2000))
