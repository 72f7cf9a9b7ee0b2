from unittest.mock import patch

from odoo import models
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import VocabularyCommon


@tagged("post_install", "-at_install")
class TestBulkCompanyCheck(VocabularyCommon):
    """What comes by the thousand is looked at together; core names what is wrong."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Other"})
        cls.ring = cls._create_lot()

    def _count_single_checks(self, records, fnames=None):
        """Return how many records core had to look at one by one."""
        looked = []
        with patch.object(
            models.BaseModel, "_check_company", lambda self, fnames=None: looked.extend(self)
        ):
            records._check_company(fnames)
        return len(looked)

    def test_stones_of_one_company_need_no_look_at_each(self):
        stones = self._create_stone(holder_id=self.ring.id) | self._create_stone()
        self.assertEqual(self._count_single_checks(stones), 0)

    def test_stones_of_two_companies_are_each_held_to_their_own(self):
        foreign = self._create_stone(company_id=self.other.id)
        own = self._create_stone(holder_id=self.ring.id)
        self.assertEqual(self._count_single_checks(own | foreign), 0)

    def test_one_wrong_stone_among_many_is_named(self):
        values = [self._prepare_stone(holder_id=self.ring.id) for _stone in range(5)]
        values[3]["company_id"] = self.other.id
        with self._refused("company inconsistencies", UserError):
            self.env["jewelry.stone"].create(values)
        self.assertFalse(self.env["jewelry.stone"].search([("holder_id", "=", self.ring.id)]))

    def test_a_company_changed_afterwards_is_refused(self):
        stone = self._create_stone(holder_id=self.ring.id)
        with self._refused("company", UserError):
            stone.company_id = self.other

    def test_a_piece_cannot_take_a_style_of_another_company(self):
        style = self.env["product.template"].create(
            {"name": "Foreign", "jewelry_kind": "piece", "company_id": self.other.id}
        )
        with self._refused("company", UserError):
            self._create_lot(product_id=style.product_variant_id.id)

    def test_a_piece_of_another_company_does_not_move(self):
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        foreign = self._create_lot(company_id=self.other.id)
        customers = self.env.ref("stock.stock_location_customers")
        vals = foreign._prepare_intake_vals(
            foreign.product_id, warehouse.lot_stock_id, customers, owner=None
        )
        move = self.env["stock.move"].create(vals | {"company_id": self.company.id})
        with self._refused("company", UserError):
            move._action_done()
