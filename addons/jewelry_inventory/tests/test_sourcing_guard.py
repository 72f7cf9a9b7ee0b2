from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .sourcing_common import SourcingCommon


@tagged("post_install", "-at_install")
class TestSourcingGuard(SourcingCommon):
    """What was found out of a source, or said of it, is not talked away from outside."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mined = cls._stock_metal(10, style=cls.metal_style)
        cls.mined.material_source = "mined"

    def _pretend(self, record):
        """Return the record as a keeper sees it who says to be the program."""
        return record.with_user(self.keeper).with_context(sourcing_carried=True)

    def test_no_context_turns_made_metal_into_recycled_metal(self):
        melt = self._melt([(self.mined, 10)], 10)
        melt.action_done()
        lot = melt.output_ids.lot_id
        with self._refused("follows from the weights", UserError):
            self._pretend(lot).material_source = "recycled"
        self.assertEqual((lot.material_source, lot.recycled_percent), ("mined", 0))

    def test_no_context_puts_a_certificate_on_more_than_it_covers(self):
        paper = self._create_paper(carat=0.1)
        stone = self._create_stone(carat=0.5)
        with self._refused("covers 0.100 ct"):
            self._pretend(stone).sourcing_ids = paper
        self.assertFalse(stone.sourcing_ids)

    def test_a_stone_does_not_outgrow_its_certificate_by_hand(self):
        stone = self._create_stone(carat=0.5)
        stone.sourcing_ids = self._create_paper(carat=1.0)
        with self._refused("covers 1.000 ct"):
            stone.with_user(self.keeper).carat = 1.5
        stone.with_user(self.keeper).carat = 0.9
        self.assertEqual(stone.carat, 0.9)

    def test_a_paper_goes_on_things_by_their_side_alone_which_tells_their_passports(self):
        paper, stone = self._create_paper(), self._stock_stone(carat=0.5)
        ring = self._stock_mount(gross=4)
        for name, thing in (("stone_ids", stone), ("lot_ids", ring)):
            with self._refused("Use the buttons", AccessError):
                paper.with_user(self.keeper).write({name: thing.ids})
            papers = paper.with_user(self.keeper).with_context(**{f"default_{name}": thing.ids})
            values = self._prepare_paper("recycled")
            self.assertFalse(papers.create(values)[name])
            with self._refused("Use the buttons", AccessError):
                papers.create(self._prepare_paper("recycled") | {name: thing.ids})

    def test_a_paper_is_not_taken_off_what_is_sold(self):
        paper, stone = self._create_paper(), self._stock_stone(carat=0.5)
        ring, label = self._stock_mount(gross=4), self._create_paper("recycled")
        stone.sourcing_ids, ring.sourcing_ids = paper, label
        for lot in (stone.home_lot_id, ring):
            self._move(lot, self.stock_location, self.customer_location)
        for one, name in ((paper, "stone_ids"), (label, "lot_ids")):
            with self._refused("Use the buttons", AccessError):
                one.with_user(self.keeper).write({name: [Command.clear()]})
        self.assertEqual((stone.sourcing_ids, ring.sourcing_ids), (paper, label))

    def test_a_paper_on_metal_does_not_become_one_on_diamonds(self):
        ring, paper = self._stock_mount(gross=4), self._create_paper("recycled")
        ring.sourcing_ids = paper
        with self._refused("is for diamonds"):
            paper.kind = "kimberley"

    def test_a_paper_has_a_number(self):
        for number in ("   ", "\t", "\u00a0"):
            with self._refused("number"):
                self._create_paper(number=number)

    def test_stones_that_are_bought_into_a_parcel_have_nobody_s_word_yet(self):
        parcel = self._stock_parcel(5, 100)
        group = parcel.stone_ids
        self._state(
            group,
            material_source="mined",
            country_ids=self.botswana,
            sourcing_ids=self._create_paper("warranty"),
            mine="Jwaneng",
        )
        parcel._move_bulk(self.supplier_location, self.stock_location, 5, 100, cost=1)
        self.assertEqual(group.carat, 10)
        self.assertFalse(group.has_warranty)
        self.assertEqual(group.origin_text, "Mixed: Botswana, unknown")
        self.assertEqual((group.material_source, group.mine), ("mixed", False))
        group.with_user(self.keeper).sourcing_ids |= self._create_paper("warranty")
        self.assertTrue(group.has_warranty)

    def test_nobody_types_what_an_invoice_warrants(self):
        buyer = self.env["res.partner"].create({"name": "Goldsmiths", "is_company": True})
        clerk = self._create_user("keeper", "account.group_account_manager")
        values = {"move_type": "out_invoice", "partner_id": buyer.id, "company_id": self.company.id}
        moves = self.env["account.move"].with_user(clerk)
        invoice = moves.create(values)
        for vals in ({"warranty_statement": "Conflict free"}, {"warranty_carat": 100.0}):
            with self._refused("filled in by the program", AccessError):
                invoice.write(vals)
            with self._refused("filled in by the program", AccessError):
                moves.create(values | vals)
        proposed = moves.with_context(default_warranty_statement="Conflict free").create(values)
        self.assertFalse(proposed.warranty_statement)
