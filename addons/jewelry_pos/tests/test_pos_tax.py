from odoo import Command
from odoo.tests import tagged

from .price_common import PriceCommon


@tagged("post_install", "-at_install")
class TestPosTax(PriceCommon):
    """A piece is taxed as its style is, through a fiscal position that the register or its customer
    may have; whatever a browser says.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.full = cls._create_tax(20)
        cls.half = cls._create_tax(10)
        cls.included = cls._create_tax(20, price_include_override="tax_included")
        cls.style.taxes_id = cls.full

    @classmethod
    def _create_tax(cls, amount, **values):
        count = cls.env["account.tax"].search_count([])
        defaults = {"name": f"{amount} % ({count})", "amount": amount}
        return cls.env["account.tax"].create(
            defaults | {"company_id": cls.company.id, "tax_group_id": cls._get_group().id} | values
        )

    @classmethod
    def _get_group(cls):
        groups = cls.env["account.tax.group"]
        domain = groups._check_company_domain(cls.company)
        return groups.search(domain, limit=1) or groups.create(
            {"name": "Taxes", "company_id": cls.company.id}
        )

    @classmethod
    def _create_position(cls, source, dest, **values):
        """Return a fiscal position that puts a tax in the place of another, or none."""
        position = cls.env["account.fiscal.position"].create(
            {"name": "Abroad", "company_id": cls.company.id} | values
        )
        if dest:
            dest.write(
                {
                    "fiscal_position_ids": [Command.link(position.id)],
                    "original_tax_ids": [Command.link(source.id)],
                }
            )
        return position

    def _sell_taxed(self, taxes, rate=None, user=None, **values):
        """Return the order that sells the high piece with these taxes, and their sum on top."""
        rate = sum(taxes.mapped("amount")) if rate is None else rate
        line = self._prepare_line(self.high, tax_ids=[Command.set(taxes.ids)])
        line["price_subtotal_incl"] = 2000 + 20 * rate
        return self._sell(line, user=user or self.cashier, **values)

    def _assert_kept_for_tax(self, order):
        """Assert that a paid order stays paid, and that its piece waits for a manager."""
        self.assertEqual((order.state, order.conflict_ids.kind), ("paid", "tax"))
        self.assertIn("taxed with less", order.conflict_ids.problem)
        self.assertEqual(self.high.piece_status, "available")
        self.assertIn(order.name, self.high._get_unavailability()[self.high])

    # === TAXES OF THE LINE === #

    def test_the_tax_of_the_style_is_fine(self):
        self.assertFalse(self._sell_taxed(self.full).conflict_ids)

    def test_a_line_without_its_tax_keeps_the_piece(self):
        self._assert_kept_for_tax(self._sell_taxed(self.env["account.tax"]))

    def test_a_lower_tax_keeps_the_piece(self):
        self._assert_kept_for_tax(self._sell_taxed(self.half))

    def test_a_tax_that_is_higher_is_none_of_this(self):
        self.assertFalse(self._sell_taxed(self.full | self.half).conflict_ids)

    def test_another_tax_that_comes_to_the_same_is_fine(self):
        self.assertFalse(self._sell_taxed(self.half | self.half.copy()).conflict_ids)

    def test_a_tax_that_is_in_the_price_may_not_be_dropped_either(self):
        self.style.taxes_id = self.included
        line = self._prepare_line(self.high, tax_ids=[Command.clear()])
        self._assert_kept_for_tax(self._sell(line, user=self.cashier))

    def test_the_other_lines_are_delivered(self):
        line = self._prepare_line(self.high, tax_ids=[Command.clear()])
        other = self._prepare_line(self.low) | {"price_subtotal_incl": 360}
        order = self._sell(line, other, user=self.cashier)
        self.assertEqual(order.conflict_ids.piece_id, self.high)
        self.assertEqual(self.low.piece_status, "sold")

    def test_taxes_of_another_company_are_not_due_here(self):
        country = self.env.ref("base.be")
        company = self.env["res.company"].create({"name": "Other", "country_id": country.id})
        group = self.env["account.tax.group"].create(
            {"name": "T", "company_id": company.id, "country_id": country.id}
        )
        theirs = self.env["account.tax"].create(
            {
                "name": "50 %",
                "amount": 50,
                "company_id": company.id,
                "country_id": country.id,
                "tax_group_id": group.id,
            }
        )
        self.style.sudo().taxes_id |= theirs
        self.assertFalse(self._sell_taxed(self.full).conflict_ids)

    def test_a_manager_hands_it_over_all_the_same(self):
        order = self._sell_taxed(self.half)
        order.conflict_ids.with_user(self.manager).action_hand_over(self.high, "Reduced rate")
        self.assertEqual((order.conflict_ids.state, self.high.piece_status), ("settled", "sold"))

    def test_a_price_that_is_too_low_is_told_before_its_tax(self):
        line = self._prepare_line(self.high, price_unit=1, tax_ids=[Command.clear()])
        self._assert_kept(self._sell(line, user=self.cashier))

    # === FISCAL POSITIONS === #

    def test_a_fiscal_position_of_the_register_makes_the_tax(self):
        position = self._create_position(self.full, self.half)
        self.config.write(
            {"tax_regime_selection": True, "fiscal_position_ids": [Command.link(position.id)]}
        )
        order = self._sell_taxed(self.full, rate=10, fiscal_position_id=position.id)
        self.assertEqual(order.amount_total, 2200)
        self.assertFalse(order.conflict_ids)

    def test_a_fiscal_position_that_the_register_does_not_have_makes_none(self):
        position = self._create_position(self.full, self.half)
        self._assert_kept_for_tax(
            self._sell_taxed(self.full, rate=10, fiscal_position_id=position.id)
        )

    def test_the_fiscal_position_of_the_customer_is_fine(self):
        position = self._create_position(self.full, self.half)
        self.client.with_company(self.company).property_account_position_id = position
        order = self._sell_taxed(
            self.full, rate=10, fiscal_position_id=position.id, partner_id=self.client.id
        )
        self.assertFalse(order.conflict_ids)

    def test_the_fiscal_position_of_a_preset_is_fine(self):
        position = self._create_position(self.full, self.half)
        preset = self.env["pos.preset"].create(
            {"name": "Export", "fiscal_position_id": position.id}
        )
        self.config.write({"use_presets": True, "default_preset_id": preset.id})
        order = self._sell_taxed(
            self.full, rate=10, fiscal_position_id=position.id, preset_id=preset.id
        )
        self.assertFalse(order.conflict_ids)

    # === RETURNS === #

    def test_a_return_pays_the_taxes_back_that_were_paid(self):
        sold = self._sell_taxed(self.full)
        back = self._prepare_line(
            self.high, -1, refunded_orderline_id=sold.lines.id, price_subtotal_incl=-2400
        )
        self.assertFalse(self._sell(back, is_refund=True, user=self.cashier).conflict_ids)

    def test_a_return_without_a_receipt_pays_no_taxes_that_are_not_those_of_the_style(self):
        self._move(self.high, self.stock_location, self.customer_location)
        made_up = self._create_tax(90)
        back = self._prepare_line(
            self.high, -1, tax_ids=[Command.set(made_up.ids)], price_subtotal_incl=-3800
        )
        order = self._sell(back, user=self.manager)
        self.assertEqual((order.state, order.conflict_ids.kind), ("paid", "price"))
