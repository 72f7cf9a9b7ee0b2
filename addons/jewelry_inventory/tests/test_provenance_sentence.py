from odoo.tests import tagged

from .common import TransformationCommon
from .test_screens import Screen


@tagged("post_install", "-at_install")
class TestProvenanceSentence(TransformationCommon):
    """People read what happened; the sealed payload is for those who look after the program."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mount = cls._stock_mount(cost=500, gross=5.0, list_price=900)
        cls.stone = cls._stock_stone(cost=1000, carat=1.5)
        cls.keeper = cls._create_user("keeper")

    def _tell(self, record, kind=None, user=None):
        """Return the sentences of the record's chain, oldest first."""
        events = self.env["jewelry.provenance.event"].with_user(user or self.keeper)
        events = events.search([("chain_uuid", "=", record.chain_uuid)], order="seq")
        return events.filtered(lambda event: kind in (None, event.kind)).mapped("summary")

    def test_a_changed_field_is_told_with_its_label_old_and_new(self):
        self.mount.gross_weight = 5.25
        self.assertEqual(
            self._tell(self.mount, "content")[-1], "Description changed: Gross (g): 5.000 → 5.250"
        )

    def test_words_of_the_vocabulary_are_told_and_no_codes(self):
        self.stone.color_grade_id = self._ref("grade_color_g")
        self.stone.treatment_ids = self.env["jewelry.treatment"].search([], limit=1)
        color, treatment = self._tell(self.stone, "content")[-2:]
        self.assertEqual(color, "Description changed: Colour: E → G")
        self.assertEqual(
            treatment, f"Description changed: Treatments: {self.stone.treatment_ids.name}"
        )

    def test_what_was_cleared_is_told(self):
        self.stone.color_grade_id = False
        self.assertEqual(
            self._tell(self.stone, "content")[-1], "Description changed: Colour: E → nothing"
        )

    def test_what_was_before_is_found_however_far_back_it_was_said(self):
        self.mount.gross_weight = 5.25
        self.mount.inscription = "FOREVER"
        self.mount.stock_type = "memo"
        self.mount.gross_weight = 5.5
        self.assertEqual(
            self._tell(self.mount, "content")[-1], "Description changed: Gross (g): 5.250 → 5.500"
        )

    def test_what_was_cleared_and_filled_again_was_nothing_before(self):
        self.stone.color_grade_id = False
        self.stone.color_grade_id = self._ref("grade_color_g")
        self.assertEqual(self._tell(self.stone, "content")[-1], "Description changed: Colour: G")

    def test_a_page_of_events_reads_no_other_events(self):
        for weight in range(20):
            self.mount.gross_weight = 5.5 + weight / 10
        self.env.flush_all()
        events = self.env["jewelry.provenance.event"].with_user(self.keeper)
        last = events.search(
            [("chain_uuid", "=", self.mount.chain_uuid)], order="seq DESC", limit=1
        )
        self.env.invalidate_all()
        self.assertIn("7.300 → 7.400", last.summary)
        known = last._fields["payload"]._get_all_cache_ids(self.env)
        self.assertEqual(set(known), set(last.ids))

    def test_only_the_words_that_a_page_speaks_are_read(self):
        events = self.env["jewelry.provenance.event"].with_user(self.keeper)
        events._get_codes(set())  # whether the keeper may, is known from now on
        with self.assertQueryCount(0):
            self.assertNotIn("metals", events._get_codes({"price", "quantity"}))
        for key, model in (
            ("metals", "jewelry.alloy"),
            ("laboratory", "jewelry.laboratory"),
            ("shape_id", "jewelry.shape"),
        ):
            codes = self.env[model].search([("code", "!=", False)]).mapped("code")
            self.assertEqual(events._get_codes({key})[key].keys(), set(codes))

    def test_terms_are_told_as_on_the_form(self):
        self.mount.stock_type = "memo"
        self.assertEqual(
            self._tell(self.mount, "owner")[-1], "Owner or terms changed: Stock Type: Stock → Memo"
        )

    def test_metals_are_told_in_grams(self):
        self.mount._set_metals({self.gold_18k: 4.5})
        self.assertEqual(
            self._tell(self.mount, "content")[-1],
            f"Description changed: Metals: 5.000 g {self.gold_18k.name}"
            f" → 4.500 g {self.gold_18k.name}",
        )

    def test_a_move_is_told_with_its_places(self):
        self._move(self.mount, self.stock_location, self.safe)
        self.assertEqual(
            self._tell(self.mount, "move")[-1],
            f"Moved: {self.stock_location.display_name} → {self.safe.display_name}",
        )

    def test_carats_and_stones_of_a_parcel_are_told(self):
        parcel = self._stock_parcel(carat=5, count=100)
        parcel._move_bulk(self.stock_location, self.bench, 2, 40)
        told = self._tell(parcel, "move")[-1]
        self.assertIn("Quantity: 2.000, Stones: 40", told)

    def test_price_and_cost_are_told_with_their_reason(self):
        self.mount.list_price = 950
        self.mount._set_cost({self.mount: 450}, "write_down")
        self.assertEqual(
            self._tell(self.mount, "price")[-1], "Price: 900.00 → 950.00, Reason: By hand"
        )
        self.assertEqual(
            self._tell(self.mount, "cost")[-1],
            f"Cost: 450.00 {self.company.currency_id.name}, "
            "Reason: Write-down to net realisable value",
        )

    def test_a_transformation_is_told_with_its_pieces(self):
        setting = self._set_stones(self.mount, self.stone)
        told = self._tell(self.mount, "transform")[-1]
        for word in (setting.name, "Set stones", self.mount.name, self.stone.home_lot_id.name):
            self.assertIn(word, told)
        self.assertIn(f"Number: {self.stone.number}", self._tell(self.mount, "set")[-1])

    def test_no_sentence_shows_a_uuid_or_json(self):
        self._set_stones(self.mount, self.stone)
        self._unset_stones(self.mount, self.stone)
        self._move(self.mount, self.stock_location, self.customer_location)
        self._create_report(stone_id=self.stone.id)
        for record in (self.mount, self.stone, self.stone.home_lot_id):
            for told in self._tell(record):
                self.assertNotRegex(told, r"[0-9a-f]{8}-[0-9a-f]{4}-|[{}\"]|[0-9a-f]{64}")

    def test_associates_are_told_neither_price_nor_cost(self):
        self.mount._set_cost({self.mount: 4321}, "correction")
        told = self._tell(self.mount, user=self._create_user("associate"))
        self.assertTrue(told)
        self.assertNotIn("4321", str(told))

    def test_only_those_who_look_after_the_program_see_the_payload(self):
        action = self._ref("jewelry_provenance_event_action")
        for role, shown in (("keeper", False), ("manager", True)):
            screen = Screen(action, self._create_user(role, login=f"sees_{role}"))
            with self.subTest(role=role):
                for kind, seen in (("list", False), ("form", shown)):
                    self.assertEqual(
                        bool(screen.arch[kind].xpath("//field[@name='payload']")), seen
                    )
                    self.assertTrue(screen.arch[kind].xpath("//field[@name='summary']"))
