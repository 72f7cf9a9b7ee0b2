import ast

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..tools.claim import TIMES
from .common import VocabularyCommon


@tagged("post_install", "-at_install")
class TestStoneNumber(VocabularyCommon):
    def test_a_stone_takes_the_next_number_of_its_company(self):
        first, second = self._create_stone(), self._create_stone()
        self.assertRegex(first.number, r"^S-\d{6}$")
        self.assertEqual(int(second.number[2:]), int(first.number[2:]) + 1)

    def test_many_stones_take_their_numbers_in_the_queries_of_one(self):
        sequence = self.env["ir.sequence"]
        with self.assertQueryCount(4):
            numbers = sequence._next_by_code_many("jewelry.stone", 100)
        self.assertEqual(len(set(numbers)), 100)
        self.assertEqual(numbers, sorted(numbers))
        self.assertGreater(self._create_stone().number, numbers[-1])

    def test_stones_entered_together_take_the_numbers_of_their_own_companies(self):
        other = self.env["res.company"].create({"name": "Other"})
        own = self._ref("ir_sequence_stone").copy(
            {"code": "jewelry.stone", "prefix": "O-", "company_id": other.id}
        )
        stones = self.env["jewelry.stone"].create(
            [
                self._prepare_stone(company_id=other.id),
                self._prepare_stone(),
                self._prepare_stone(number="OLD-7"),
                self._prepare_stone(company_id=other.id),
            ]
        )
        self.assertEqual(own.number_next_actual, 3)
        self.assertEqual(
            [number[:2] for number in stones.mapped("number")], ["O-", "S-", "OL", "O-"]
        )

    def test_a_sequence_without_gaps_is_drawn_one_by_one(self):
        self._ref("ir_sequence_stone").implementation = "no_gap"
        first, second = self.env["ir.sequence"]._next_by_code_many("jewelry.stone", 2)
        self.assertEqual(int(second[2:]), int(first[2:]) + 1)

    def test_an_unknown_sequence_gives_no_numbers(self):
        self.assertEqual(self.env["ir.sequence"]._next_by_code_many("jewelry.unknown", 2), [])

    def test_a_number_from_a_former_system_is_kept(self):
        self.assertEqual(self._create_stone(number="OLD-7").number, "OLD-7")

    def test_a_number_is_given_once_in_a_company(self):
        self._create_stone(number="OLD-7")
        with self._refused_by_database("jewelry.stone", "This stone number is taken"):
            self._create_stone(number="OLD-7")

    def test_another_company_may_use_the_same_number(self):
        other = self.env["res.company"].create({"name": "Other"})
        self._create_stone(number="OLD-7")
        self.assertTrue(self._create_stone(number="OLD-7", company_id=other.id))

    def test_a_copy_is_another_stone_with_its_own_number(self):
        stone = self._create_stone(holder_id=self._create_lot().id)
        twin = stone.copy()
        self.assertNotEqual(twin.number, stone.number)
        self.assertFalse(twin.holder_id)

    def test_a_stone_is_never_deleted(self):
        with self._refused("never deleted", UserError):
            self._create_stone().unlink()

    def test_a_stone_is_found_by_its_number_and_by_its_reports(self):
        stone = self._create_stone(number="OLD-7")
        self._create_report(stone_id=stone.id, number="2141438171")
        Stone = self.env["jewelry.stone"]
        self.assertEqual(Stone.name_search("OLD-7")[0][0], stone.id)
        self.assertEqual(Stone.name_search("2141438171")[0][0], stone.id)
        self.assertFalse(Stone.name_search("2141438172"))


@tagged("post_install", "-at_install")
class TestStonePlace(VocabularyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.home = cls._create_lot("stone")
        cls.ring = cls._create_lot("piece")
        cls.parcel = cls._create_lot("parcel")

    def test_a_stone_in_its_own_serial_number_is_loose(self):
        stone = self._create_stone(holder_id=self.home.id)
        self.assertEqual((stone.home_lot_id, stone.state), (self.home, "loose"))

    def test_the_first_serial_number_that_holds_a_stone_is_its_home_for_life(self):
        stone = self._create_stone(holder_id=self.ring.id)
        for holder in (self.home, self.ring, self._create_lot("stone")):
            stone.holder_id = holder
            self.assertEqual(stone.home_lot_id, self.home)
            self.assertEqual(stone.product_id, self.home.product_id)
        self.assertEqual(stone.state, "set")

    def test_a_stone_goes_from_loose_to_set_to_parcel_to_gone(self):
        stone = self._create_stone(holder_id=self.home.id, home_lot_id=self.home.id)
        states = []
        for holder in (self.ring, self.parcel, self.home, self.home.browse()):
            stone.holder_id = holder
            states.append(stone.state)
        self.assertEqual(states, ["set", "parcel", "loose", "gone"])

    def test_a_stone_bought_inside_a_ring_has_no_serial_number_yet(self):
        stone = self._create_stone(holder_id=self.ring.id)
        self.assertEqual(stone.state, "set")
        self.assertFalse(stone.home_lot_id)

    def test_a_serial_number_is_home_to_one_stone(self):
        self._create_stone(home_lot_id=self.home.id)
        with self._refused_by_database("jewelry.stone", "has this serial number already"):
            self._create_stone(holder_id=self.home.id)

    def test_a_stone_and_its_holder_are_in_one_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        with self._refused("company", UserError):
            self._create_stone(holder_id=self.ring.id, company_id=other.id)

    def test_many_stones_change_place_in_the_queries_of_one(self):
        other = self._create_lot("piece")
        values = [self._prepare_stone(holder_id=self.ring.id) for _ in range(20)]
        stones = self.env["jewelry.stone"].create(values)
        self.env.flush_all()
        # Four for the stones, three for their provenance.
        with self.assertQueryCount(7):
            stones.holder_id = other
            self.env.flush_all()
        self.assertEqual(set(stones.mapped("state")), {"set"})


@tagged("post_install", "-at_install")
class TestStoneName(VocabularyCommon):
    def test_a_stone_is_described_as_at_the_counter(self):
        self.assertEqual(self._create_stone().display_name, "0.52 ct Round E VS1 Diamond")

    def test_a_lab_grown_stone_is_called_so_before_its_species(self):
        stone = self._create_stone(origin="lab_grown")
        self.assertEqual(stone.display_name, "0.52 ct Round E VS1 Lab-grown Diamond")

    def test_a_lab_grown_variety_is_not_called_so_twice(self):
        variety = self._ref("variety_synthetic_diamond_cvd")
        stone = self._create_stone(origin="lab_grown", variety_id=variety.id)
        self.assertEqual(stone.display_name, "0.52 ct Round E VS1 Lab-grown Diamond (CVD)")

    def test_a_variety_is_named_instead_of_its_species(self):
        stone = self._create_stone(
            species_id=self._ref("species_corundum").id,
            variety_id=self._ref("variety_ruby").id,
            shape_id=self._ref("shape_oval").id,
            carat=1.204,
            color_grade_id=False,
            clarity_grade_id=False,
        )
        self.assertEqual(stone.display_name, "1.20 ct Oval Ruby")

    def test_a_fancy_colour_takes_the_place_of_the_letter(self):
        stone = self._create_stone(
            fancy_intensity_id=self._ref("grade_fancy_intensity_fancy_intense").id,
            fancy_color="Yellow",
        )
        self.assertEqual(stone.display_name, "0.52 ct Round Fancy Intense Yellow VS1 Diamond")

    def test_a_group_tells_its_count_and_its_weight_in_all(self):
        stone = self._create_stone(count=12, carat=0.06)
        name = f"12 {TIMES} Round E VS1 Diamond, 0.060 ct"
        self.assertEqual(stone.display_name, name)
        self.assertTrue(stone.is_group)

    def test_a_name_follows_the_grades(self):
        stone = self._create_stone()
        stone.color_grade_id = self._ref("grade_color_g")
        self.assertEqual(stone.display_name, "0.52 ct Round G VS1 Diamond")

    def test_a_name_is_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self._ref("species_diamond").with_context(lang="fr_FR").name = "Diamant"
        self._ref("shape_round").with_context(lang="fr_FR").name = "Rond"
        stone = self._create_stone()
        self.assertEqual(stone.display_name, "0.52 ct Round E VS1 Diamond")
        french = stone.with_context(lang="fr_FR")
        self.assertEqual(french.display_name, "0.52 ct Rond E VS1 Diamant")

    def test_a_simulant_and_an_assembled_stone_carry_their_own_names(self):
        values = {"color_grade_id": False, "clarity_grade_id": False}
        for species, origin, name in (
            ("cubic_zirconia", "simulant", "0.52 ct Round Cubic Zirconia"),
            ("opal_triplet", "composite", "0.52 ct Round Opal Triplet"),
        ):
            species = self._ref(f"species_{species}")
            stone = self._create_stone(species_id=species.id, origin=origin, **values)
            self.assertEqual(stone.display_name, name)

    def test_names_of_many_stones_need_no_query_for_each(self):
        stones = self.env["jewelry.stone"].create([self._prepare_stone() for _ in range(50)])
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(8):
            stones.mapped("display_name")


@tagged("post_install", "-at_install")
class TestStoneLimits(VocabularyCommon):
    def test_a_weight_is_above_nothing_and_below_any_record(self):
        for weight in (0, -0.5, 10_000.5):
            with self.subTest(weight=weight), self._refused("OLD-7: the weight must be above 0"):
                self._create_stone(number="OLD-7", carat=weight)

    def test_the_smallest_melee_has_a_weight(self):
        self.assertEqual(self._create_stone(carat=0.001).carat, 0.001)

    @given(st.integers(min_value=1, max_value=10_000_000))
    @settings(max_examples=40)
    def test_a_weight_of_thousandths_is_stored_as_it_is(self, thousandths):
        stone = self._create_stone(carat=thousandths / 1000)
        stone.invalidate_recordset()
        self.assertEqual(round(stone.carat * 1000), thousandths)
        self.assertEqual(stone.carat, thousandths / 1000)

    def test_a_declared_value_is_not_negative(self):
        with self._refused_by_database("jewelry.stone", "cannot be negative"):
            self._create_stone(declared_value=-1)

    def test_there_is_at_least_one_stone(self):
        for count in (0, -3):
            with self.subTest(count=count), self._refused("OLD-7: enter at least one stone"):
                self._create_stone(number="OLD-7", count=count)

    def test_measurements_are_those_of_a_stone(self):
        wrong = {
            "length": 500.01,
            "width": -1,
            "depth": 501,
            "depth_percent": 100.1,
            "table_percent": -0.1,
        }
        for name, value in wrong.items():
            with self.subTest(field=name), self._refused("OLD-7: .* must be between 0 and"):
                self._create_stone(number="OLD-7", **{name: value})

    def test_a_wrong_measurement_is_named_by_its_label(self):
        with self._refused(r"Length \(mm\) must be between 0 and 500"):
            self._create_stone(length=501)

    def test_a_grade_belongs_to_the_scale_of_its_field(self):
        clarity = self._ref("grade_clarity_vs1").id
        for name in ("color_grade_id", "cut_grade_id", "polish_grade_id", "fancy_intensity_id"):
            with self.subTest(field=name), self._refused("OLD-7: VS1 is no grade of"):
                self._create_stone(number="OLD-7", **{name: clarity})

    def test_a_trade_cut_grade_is_a_cut_grade(self):
        ideal = self._ref("grade_cut_trade_ideal")
        self.assertEqual(self._create_stone(cut_grade_id=ideal.id).cut_grade_id, ideal)

    def test_a_variety_is_one_of_the_species(self):
        with self._refused("OLD-7: Ruby is no variety of Diamond"):
            self._create_stone(number="OLD-7", variety_id=self._ref("variety_ruby").id)

    def test_what_was_grown_cannot_be_natural(self):
        with self._refused(r"Lab-grown Diamond \(CVD\) cannot have the origin Natural"):
            self._create_stone(variety_id=self._ref("variety_synthetic_diamond_cvd").id)

    def test_a_simulant_cannot_be_natural(self):
        zirconia = self._ref("species_cubic_zirconia").id
        with self._refused("Cubic Zirconia cannot have the origin Natural"):
            self._create_stone(species_id=zirconia)
        self.assertTrue(self._create_stone(species_id=zirconia, origin="simulant"))

    def test_an_assembled_stone_says_so(self):
        doublet = self._ref("species_opal_doublet").id
        with self._refused("cannot have the origin Natural"):
            self._create_stone(species_id=doublet)
        self.assertTrue(self._create_stone(species_id=doublet, origin="composite"))

    def test_the_form_takes_the_only_origin_a_material_can_have(self):
        with Form(self.env["jewelry.stone"]) as form:
            self.assertEqual(form.display_name, "New Stone")
            form.species_id = self._ref("species_cubic_zirconia")
            self.assertEqual(form.origin, "simulant")
            form.species_id = self._ref("species_diamond")
            self.assertEqual(form.origin, "unknown")
            form.variety_id = self._ref("variety_synthetic_diamond_cvd")
            self.assertEqual(form.origin, "lab_grown")
            self.assertEqual(form.display_name, "0.000 ct Lab-grown Diamond (CVD)")
            form.shape_id = self._ref("shape_round")
            form.carat = 1
            form.holder_id = self._create_lot()

    def test_the_form_drops_a_variety_of_another_species(self):
        with Form(self._create_stone()) as form:
            form.variety_id = self._ref("variety_synthetic_diamond_cvd")
            form.species_id = self._ref("species_corundum")
            self.assertFalse(form.variety_id)
            self.assertEqual(form.origin, "lab_grown")


@tagged("post_install", "-at_install")
class TestStoneEstimate(VocabularyCommon):
    def test_a_measured_diamond_has_an_estimate_with_its_interval(self):
        stone = self._create_stone(length=6.11, width=6.05, depth=3.63)
        self.assertTrue(stone.is_measured)
        self.assertAlmostEqual(stone.estimate_carat, 0.8185, places=3)
        self.assertLess(stone.estimate_low, 0.82)
        self.assertGreater(stone.estimate_high, 0.82)
        self.assertEqual(stone.estimate_basis, "measured")

    def test_a_stone_with_a_dimension_missing_is_not_measured(self):
        stone = self._create_stone(length=6.11, width=6.05)
        self.assertFalse(stone.is_measured or stone.estimate_carat or stone.estimate_basis)
        measured = self.env["jewelry.stone"].search([("is_measured", "=", True)])
        self.assertNotIn(stone, measured)

    def test_a_shape_without_formula_gives_no_estimate(self):
        shape = self._ref("shape_briolette")
        stone = self._create_stone(length=6, width=6, depth=4, shape_id=shape.id)
        self.assertTrue(stone.is_measured)
        self.assertFalse(stone.estimate_carat)

    def test_a_coloured_stone_is_estimated_by_the_density_of_its_variety(self):
        stone = self._create_stone(
            species_id=self._ref("species_beryl").id,
            variety_id=self._ref("variety_emerald").id,
            shape_id=self._ref("shape_emerald").id,
            length=8,
            width=6,
            depth=4,
        )
        self.assertAlmostEqual(stone.estimate_carat, 8 * 6 * 4 * 2.72 * 0.0025, places=3)
        self.assertEqual(stone.estimate_basis, "assumed")

    def test_a_gem_of_unknown_density_has_no_estimate(self):
        species = self._ref("species_spinel")
        species.write({"density_min": 0, "density_max": 0})
        stone = self._create_stone(species_id=species.id, length=6, width=6, depth=4)
        self.assertFalse(stone.estimate_carat)

    def test_a_group_is_estimated_from_one_of_its_stones(self):
        stone = self._create_stone(length=2, width=2, depth=1.2, count=10)
        self.assertAlmostEqual(stone.estimate_carat, 10 * 4 * 1.2 * 0.0061, places=3)


@tagged("post_install", "-at_install")
class TestMatchedPair(VocabularyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.one, cls.two, cls.three, cls.four = cls.env["jewelry.stone"].create(
            [cls._prepare_stone() for _ in range(4)]
        )

    def _get_mates(self):
        stones = self.one + self.two + self.three + self.four
        return [stone.mate_id for stone in stones]

    def test_a_stones_mate_is_mated_with_it(self):
        self.one.mate_id = self.two
        self.assertEqual(self.two.mate_id, self.one)

    def test_a_new_stone_may_come_with_its_mate(self):
        stone = self._create_stone(mate_id=self.one.id)
        self.assertEqual(self.one.mate_id, stone)

    def test_breaking_a_pair_frees_both(self):
        self.one.mate_id = self.two
        self.two.mate_id = False
        self.assertFalse(self.one.mate_id or self.two.mate_id)

    def test_a_new_pair_frees_the_former_mates(self):
        self.one.mate_id = self.two
        self.three.mate_id = self.four
        self.one.mate_id = self.three
        none = self.one.browse()
        self.assertEqual(self._get_mates(), [self.three, none, self.one, none])

    def test_pairing_the_same_two_again_changes_nothing(self):
        self.one.mate_id = self.two
        self.one.mate_id = self.two
        self.assertEqual(self._get_mates()[:2], [self.two, self.one])

    def test_a_stone_is_not_its_own_mate(self):
        with self._refused(f"{self.one.number} cannot be its own mate"):
            self.one.mate_id = self.one

    def test_other_values_are_written_beside_the_mate(self):
        self.one.write({"mate_id": self.two.id, "comment": "left ear"})
        self.assertEqual((self.one.mate_id, self.one.comment), (self.two, "left ear"))
        self.assertFalse(self.two.comment)

    def test_a_stone_written_as_mate_of_many_is_mated_with_one(self):
        (self.one + self.two).mate_id = self.three
        none = self.one.browse()
        self.assertEqual(self._get_mates(), [none, self.three, self.two, none])

    @given(st.lists(st.tuples(st.integers(0, 3), st.integers(-1, 3)), max_size=12))
    def test_pairs_are_mutual_after_any_pairing_and_breaking(self, acts):
        stones = self.one + self.two + self.three + self.four
        stones.mate_id = False
        for index, mate in acts:
            if index != mate:
                stones[index].mate_id = stones[mate] if mate >= 0 else False
            for stone in stones.filtered("mate_id"):
                self.assertEqual(stone.mate_id.mate_id, stone)

    def test_mates_are_in_one_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        foreign = self._create_stone(company_id=other.id)
        with self._refused("company", UserError):
            self.one.mate_id = foreign


@tagged("post_install", "-at_install")
class TestStoneSearch(VocabularyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Stone = cls.env["jewelry.stone"]
        cls.ring = cls._create_lot()
        cls.small = cls._create_stone(carat=0.3, holder_id=cls.ring.id)
        cls.large = cls._create_stone(
            carat=2.01,
            origin="lab_grown",
            shape_id=cls._ref("shape_oval").id,
            color_grade_id=cls._ref("grade_color_g").id,
            holder_id=cls.ring.id,
        )
        cls.gone = cls._create_stone(treatment_ids=cls._ref("treatment_f").ids)
        cls.stones = cls.small + cls.large + cls.gone

    def _filter(self, name):
        """Return the stones of the test that a filter of the search view finds."""
        arch = etree.fromstring(self.Stone.get_view(view_type="search")["arch"])
        domain = ast.literal_eval(arch.find(f".//filter[@name='{name}']").get("domain"))
        return self.Stone.search([("id", "in", self.stones.ids), *domain])

    def test_a_stone_that_is_gone_is_not_in_stock(self):
        self.assertEqual(self._filter("in_stock"), self.large + self.small)

    def test_stones_that_need_disclosure_are_found(self):
        self.assertEqual(self._filter("treated"), self.gone)

    def test_stones_with_and_without_report_are_found(self):
        self._create_report(stone_id=self.small.id)
        self.assertEqual(self._filter("with_report"), self.small)
        self.assertEqual(self._filter("without_report"), self.gone + self.large)

    def test_pairs_and_unmeasured_stones_are_found(self):
        self.small.mate_id = self.large
        self.assertEqual(self._filter("pairs"), self.large + self.small)
        self.small.write({"length": 4.3, "width": 4.3, "depth": 2.6})
        self.assertEqual(self._filter("not_measured"), self.gone + self.large)

    def test_every_filter_of_the_search_view_works(self):
        arch = etree.fromstring(self.Stone.get_view(view_type="search")["arch"])
        for node in arch.iterfind(".//filter[@domain]"):
            with self.subTest(filter=node.get("name")):
                self.assertLessEqual(set(self._filter(node.get("name"))), set(self.stones))

    def test_the_side_panel_counts_stones_by_what_customers_ask_for(self):
        expected = {
            "origin": {"Natural": 2, "Lab-grown": 1},
            "shape_id": {"Round": 2, "Oval": 1},
            "color_grade_id": {"E": 2, "G": 1},
            "clarity_grade_id": {"VS1": 3},
        }
        domain = [("id", "in", self.stones.ids)]
        for name, counts in expected.items():
            panel = self.Stone.search_panel_select_multi_range(
                name, enable_counters=True, search_domain=domain
            )
            found = {value["display_name"]: value["__count"] for value in panel["values"]}
            self.assertEqual({word: count for word, count in found.items() if count}, counts)
