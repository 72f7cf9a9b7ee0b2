from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .sourcing_common import SourcingCommon

STATED = "Recycled metal (stated, no evidence)"


@tagged("post_install", "-at_install")
class TestSourcingEvidence(SourcingCommon):
    """What somebody only states of metal is told apart from what a paper shows, to the end."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stated = cls._stock_metal(10, style=cls.metal_style)
        cls.stated.material_source = "recycled"
        cls.proven = cls._stock_metal(10, style=cls.metal_style)
        cls.proven.material_source = "recycled"
        cls.paper = cls._create_paper("recycled", carat=0, number="R77")
        cls._state(cls.proven, sourcing_ids=cls.paper)
        cls.mined = cls._stock_metal(10, style=cls.metal_style)
        cls.mined.material_source = "mined"

    def _melt_down(self, ins, grams):
        melt = self._melt(ins, grams)
        melt.action_done()
        return melt.output_ids.lot_id

    def _cast(self, *ins):
        style = self._create_style(name="Cast", categ_id=self.category_auto.id)
        lines = [self._prepare_line("in", lot, metal_weight=grams) for lot, grams in ins]
        gross = sum(grams for _lot, grams in ins)
        lines.append(self._prepare_line("out", product_id=style.id, gross_weight=gross))
        cast = self._create_transformation("cast", *lines)
        cast.action_done()
        return cast.output_ids.lot_id

    def _buy(self, lot, grams):
        lot._move_bulk(self.supplier_location, self.stock_location, grams, cost=1)

    def _get_percents(self, lot):
        """Return the percentages with evidence, and in all."""
        return lot.proven_percent, lot.recycled_percent

    def _get_facts(self, piece):
        return {fact["label"]: fact["value"] for fact in piece.get_client_card()["facts"]}

    # === LOTS === #

    def test_a_statement_is_no_evidence(self):
        self.assertEqual(self._get_percents(self.stated), (0, 100))
        self.assertIn("100.00 % of the metal is stated", self.stated.recycled_note)
        self.assertEqual(self._get_percents(self.proven), (100, 100))
        self.assertFalse(self.proven.recycled_note)
        self.assertEqual(self._get_percents(self.mined), (0, 0))

    def test_a_paper_proves_what_was_stated_and_its_absence_does_not(self):
        self._state(self.stated, sourcing_ids=self.paper)
        self.assertEqual(self._get_percents(self.stated), (100, 100))
        self.stated.sourcing_ids = False
        self.assertEqual(self._get_percents(self.stated), (0, 100))

    def test_only_a_paper_on_what_is_stated_is_evidence(self):
        for kind in ("fair_mined", "origin", "other"):
            self._state(self.stated, sourcing_ids=self._create_paper(kind, carat=0))
            self.assertEqual(self._get_percents(self.stated), (0, 100), kind)
        # And a paper on recycled metal makes no mined metal recycled.
        self._state(self.mined, sourcing_ids=self.paper)
        self.assertEqual(self._get_percents(self.mined), (0, 0))

    def test_metal_bought_into_a_proven_lot_is_stated_until_its_own_paper_comes(self):
        self._buy(self.proven, 30)
        self.assertEqual(self._get_percents(self.proven), (25, 100))
        self.assertEqual(self._get_mix(self.proven), {"recycled": 7.5, "recycled_stated": 22.5})
        self.assertEqual(self.proven.material_source, "recycled")
        second = self._create_paper("recycled", carat=0)
        self._state(self.proven, sourcing_ids=self.paper | second)
        self.assertEqual(self._get_percents(self.proven), (100, 100))

    def test_metal_bought_into_a_stated_lot_stays_stated(self):
        self._buy(self.stated, 30)
        self.assertEqual(self._get_percents(self.stated), (0, 100))
        self.assertFalse(self.stated.metal_source_ids)

    def test_the_first_metal_of_a_lot_is_what_its_paper_is_for(self):
        lot = self._stock_metal(10, style=self.metal_style)
        self._move_parcel(lot, 10, self.stock_location, self.customer_location)
        self._state(lot, material_source="recycled", sourcing_ids=self.paper)
        self._buy(lot, 5)
        self.assertEqual(self._get_percents(lot), (100, 100))

    def test_metal_bought_into_a_mix_has_no_source(self):
        lot = self._melt_down([(self.proven, 10)], 10)
        self._buy(lot, 10)
        self.assertEqual(self._get_mix(lot), {"recycled": 7.5, "unknown": 7.5})

    # === THROUGH THE BENCH === #

    def test_melting_and_casting_keep_evidence_and_statement_apart(self):
        lot = self._melt_down([(self.proven, 5), (self.stated, 3), (self.mined, 2)], 10)
        self.assertEqual(self._get_percents(lot), (50, 80))
        piece = self._cast((lot, 8))
        self.assertEqual(self._get_percents(piece), (50, 80))
        self.assertEqual(
            self._get_mix(piece), {"recycled": 3.0, "recycled_stated": 1.8, "mined": 1.2}
        )

    def test_proven_and_stated_metal_of_one_source_are_not_mixed(self):
        lot = self._melt_down([(self.proven, 5), (self.stated, 5)], 10)
        self.assertEqual(lot.material_source, "recycled")
        self.assertEqual(self._get_percents(lot), (50, 100))

    def test_a_paper_that_goes_along_proves_nothing_of_the_rest(self):
        lot = self._melt_down([(self.proven, 5), (self.stated, 5)], 10)
        self.assertEqual(lot.sourcing_ids, self.paper)
        self.assertEqual(lot.proven_percent, 50)

    def test_a_paper_that_comes_late_proves_what_was_cast_before(self):
        piece = self._cast((self.stated, 6), (self.mined, 4))
        self.assertEqual(self._get_percents(piece), (0, 60))
        self._state(piece, sourcing_ids=self.paper)
        self.assertEqual(self._get_percents(piece), (60, 60))
        self.assertIn('"recycled":"60.00"', self._get_events(piece)[-1].payload)

    def test_a_keeper_does_not_take_the_paper_off_what_it_proves(self):
        piece = self._cast((self.proven, 6))
        with self._refused("follows from the weights", UserError):
            piece.with_user(self.keeper).sourcing_ids = False
        self.assertEqual(piece.sourcing_ids, self.paper)

    def test_fair_mined_metal_is_proven_by_its_own_certificate(self):
        fair = self._stock_metal(10, style=self.metal_style)
        fair.material_source = "fair_mined"
        self.assertEqual(self._get_mix(self._melt_down([(fair, 2)], 2)), {"fair_mined_stated": 1.5})
        self._state(fair, sourcing_ids=self._create_paper("fair_mined", carat=0))
        self.assertEqual(self._get_mix(self._melt_down([(fair, 2)], 2)), {"fair_mined": 1.5})

    def test_worn_pieces_that_are_melted_need_no_paper(self):
        ring = self._stock_mount(gross=4, stock_type="trade_in")
        self.assertEqual(self._get_percents(self._melt_down([(ring, 0)], 4)), (100, 100))

    def test_undoing_gives_back_evidence_and_statement(self):
        melt = self._melt([(self.proven, 10), (self.stated, 10)], 20)
        melt.action_done()
        melt.action_reverse()
        self.assertEqual(self._get_percents(self.proven), (100, 100))
        self.assertEqual(self._get_percents(self.stated), (0, 100))

    # === WHAT OTHERS READ === #

    def test_the_card_tells_both_percentages(self):
        piece = self._cast((self.proven, 5), (self.stated, 3), (self.mined, 2))
        facts = self._get_facts(piece)
        self.assertEqual((facts["Recycled metal"], facts[STATED]), ("50 %", "30 %"))
        proven = self._get_facts(self._cast((self.proven, 5)))
        self.assertEqual(proven["Recycled metal"], "100 %")
        self.assertNotIn(STATED, proven)

    def test_the_passport_counts_what_has_evidence(self):
        piece = self._cast((self.proven, 5), (self.stated, 5))
        values = piece._get_passport_values()
        facts = {fact["label"]: fact["value"] for fact in values["card"]["facts"]}
        self.assertEqual((facts["Recycled metal"], facts[STATED]), ("50 %", "50 %"))
        story = " ".join(row["text"] for row in values["story"])
        self.assertIn("50 % recycled, 50 % recycled (stated, no evidence)", story)
        payload = self._get_events(piece)[-1].payload
        self.assertIn('"recycled":"50.00"', payload)
        self.assertIn('"stated":"50.00"', payload)

    def test_a_store_may_stand_for_its_statements(self):
        piece = self._cast((self.proven, 5), (self.stated, 5))
        self.company.tells_stated_recycled = True
        values = piece._get_passport_values()
        facts = {fact["label"]: fact["value"] for fact in values["card"]["facts"]}
        self.assertEqual(facts["Recycled metal"], "100 %")
        self.assertNotIn(STATED, facts)
        self.assertIn("100 % recycled", " ".join(row["text"] for row in values["story"]))
        # What is known stays written as it is.
        self.assertIn('"stated":"50.00"', self._get_events(piece)[-1].payload)
        self.assertEqual(self._get_percents(piece), (50, 100))

    def test_a_keeper_sees_both_on_the_form(self):
        piece = self._cast((self.proven, 5), (self.stated, 5))
        view = "jewelry_inventory.stock_lot_view_form_piece"
        form = Form(piece.with_user(self.keeper), view)
        self.assertEqual((form.proven_percent, form.recycled_percent), (50, 100))
        self.assertIn("50.00 % of the metal is stated", form.recycled_note)


@tagged("post_install", "-at_install")
class TestToldWarranty(SourcingCommon):
    """A warranty has the number of a supplier's invoice, which is the store's own affair."""

    NUMBER = "INV-2026-4711"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mount, cls.stone = cls._stock_mount(), cls._stock_stone()
        cls.warranty = cls._create_paper("warranty", number=cls.NUMBER)
        cls.kimberley = cls._create_paper(number="BW99")
        cls._state(cls.stone, sourcing_ids=cls.warranty | cls.kimberley)
        cls._set_stones(cls.mount, cls.stone)

    def test_a_client_reads_that_there_is_a_warranty_and_not_its_number(self):
        card = self.mount.with_user(self._create_user("associate")).get_client_card()
        facts = {fact["label"]: fact["value"] for fact in card["facts"]}
        self.assertEqual(facts["Sourcing"], "Kimberley certificate BW99, System of Warranties")
        self.assertNotIn(self.NUMBER, str(card))

    def test_no_passport_holds_the_number(self):
        values = self.mount._get_passport_values()
        story = " ".join(row["text"] for row in values["story"])
        self.assertIn("System of Warranties", story)
        self.assertIn("BW99", story)
        self.assertFalse(values["faults"])
        for told in (str(values["card"]), story, self.mount._get_passport_file().decode()):
            self.assertNotIn(self.NUMBER, told)

    def test_several_warranties_are_told_once(self):
        self._state(
            self.mount.stone_ids, sourcing_ids=self.warranty | self._create_paper("warranty")
        )
        self.assertEqual(self.mount.paper_ids._get_names(), ["System of Warranties"])
        self.assertEqual(self.mount.paper_ids._get_codes(), ["warranty"])

    def test_another_warranty_is_an_event_though_it_is_told_alike(self):
        before = len(self._get_events(self.stone))
        self._state(self.stone, sourcing_ids=self._create_paper("warranty") | self.kimberley)
        self.assertEqual(len(self._get_events(self.stone)), before + 1)
        self._state(self.stone, sourcing_ids=self.stone.sourcing_ids)
        self.assertEqual(len(self._get_events(self.stone)), before + 1)

    def test_a_number_in_an_event_of_old_is_not_told(self):
        payload = {"source": "mined", "papers": [f"warranty {self.NUMBER}", "kimberley BW99"]}
        said = self.mount._get_story_sentence("source", payload, False)
        self.assertEqual(
            said, "Source of a stone: System of Warranties, Kimberley certificate BW99."
        )

    def test_the_back_office_has_the_number(self):
        paper = self.warranty.with_user(self.keeper)
        self.assertEqual((paper.number, paper.issuer_id), (self.NUMBER, self.supplier))
        names = self.stone.with_user(self.keeper).sourcing_ids.mapped("display_name")
        self.assertIn(f"System of Warranties {self.NUMBER}", names)
