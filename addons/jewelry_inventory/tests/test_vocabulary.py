from psycopg2 import IntegrityError

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools import carat
from .common import VocabularyCommon

VOCABULARY = [
    "jewelry.alloy",
    "jewelry.gem.species",
    "jewelry.gem.variety",
    "jewelry.grade",
    "jewelry.laboratory",
    "jewelry.metal",
    "jewelry.shape",
    "jewelry.treatment",
]


@tagged("post_install", "-at_install")
class TestVocabulary(VocabularyCommon):
    def _get(self, model, code):
        return self.env[model].search([("code", "=", code)])

    def _get_codes(self, scale, scheme="gia", **values):
        domain = [("scale", "=", scale), ("scheme", "=", scheme), ("is_range", "=", False)]
        return self.env["jewelry.grade"].search(domain).mapped("code")

    def test_a_code_is_given_once_in_every_vocabulary(self):
        for model in VOCABULARY:
            word = self.env[model].search([], limit=1)
            with self.subTest(model=model), self._refused_by_database(model, "code"):
                word.copy({"code": word.code})

    def test_a_word_is_found_by_its_code(self):
        self.assertEqual(
            self.env["jewelry.metal"].name_search("palladium", operator="=ilike"),
            [(self._ref("metal_palladium").id, "Palladium")],
        )
        found = dict(self.env["jewelry.alloy"].name_search("18K"))
        self.assertIn(self.gold_18k.id, found)

    def test_words_can_be_translated_and_archived(self):
        for model in VOCABULARY:
            with self.subTest(model=model):
                self.assertTrue(self.env[model]._fields["name"].translate)
                self.assertEqual(self.env[model]._active_name, "active")

    def test_a_store_may_change_words_without_losing_them_to_an_upgrade(self):
        data = self.env["ir.model.data"].search(
            [("module", "=", "jewelry_inventory"), ("model", "in", VOCABULARY)]
        )
        self.assertGreater(len(data), 350)
        self.assertTrue(all(data.mapped("noupdate")))

    def test_the_usual_finenesses_are_there(self):
        expected = {
            "gold": {333, 375, 417, 585, 750, 800, 833, 875, 916, 990, 999, 999.9},
            "silver": {800, 830, 925, 958, 999},
            "platinum": {850, 900, 950, 999},
            "palladium": {500, 950, 999},
        }
        for metal, finenesses in expected.items():
            alloys = self.env["jewelry.alloy"].search([("metal_id.code", "=", metal)])
            self.assertEqual(set(alloys.mapped("fineness")), finenesses)

    def test_22_karat_is_916_and_not_a_fraction_of_24(self):
        alloy = self.env["jewelry.alloy"].search([("label", "=", "22K")])
        self.assertEqual(alloy.fineness, 916)

    def test_nickel_white_gold_names_its_allergen_and_palladium_white_gold_does_not(self):
        self.assertEqual(self._ref("alloy_gold_750_white_nickel").allergens, "Nickel")
        self.assertFalse(self._ref("alloy_gold_750_white_palladium").allergens)

    def test_a_fineness_is_between_nothing_and_a_thousand(self):
        for fineness in (0, -1, 1000.5):
            with (
                self.subTest(fineness=fineness),
                self._refused_by_database("jewelry.alloy", "above 0 and at most 1000"),
            ):
                self.gold_18k.fineness = fineness

    def test_figures_of_a_gem_are_in_order(self):
        ruby = self._ref("variety_ruby")
        wrong = {
            "Mohs": {"hardness_min": 9.5, "hardness_max": 9},
            "the hardness": {"hardness_max": 11},
            "specific gravity": {"density_min": -1},
        }
        for message, values in wrong.items():
            with (
                self.subTest(values=values),
                self._refused_by_database("jewelry.gem.variety", message),
            ):
                ruby.write(values)

    def test_a_density_is_not_negative(self):
        for model, word in (("jewelry.metal", self.gold), ("jewelry.alloy", self.gold_18k)):
            with self._refused_by_database(model, "density cannot be negative"):
                word.density = -1

    def test_a_word_in_use_cannot_be_deleted(self):
        stone = self._create_stone()
        for word in (stone.shape_id, stone.species_id, stone.color_grade_id):
            with (
                self.subTest(word=word._name),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                word.unlink()

    def test_colour_grades_run_from_d_to_z(self):
        self.assertEqual("".join(self._get_codes("color")), "DEFGHIJKLMNOPQRSTUVWXYZ")

    def test_colour_ranges_follow_their_first_letter(self):
        colors = self.env["jewelry.grade"].search([("scale", "=", "color")]).mapped("code")
        for name in ("D-F", "G-J", "K-M", "N-R", "S-Z"):
            self.assertGreater(colors.index(name), colors.index(name[0]))
            self.assertLess(colors.index(name), colors.index(chr(ord(name[0]) + 1)))

    def test_clarity_has_gias_eleven_grades_in_order(self):
        expected = ["FL", "IF", "VVS1", "VVS2", "VS1", "VS2", "SI1", "SI2", "I1", "I2", "I3"]
        self.assertEqual(self._get_codes("clarity"), expected)

    def test_cut_polish_and_symmetry_share_five_grades(self):
        for scale in ("cut", "polish", "symmetry"):
            self.assertEqual(self._get_codes(scale), ["EX", "VG", "G", "F", "P"])

    def test_the_trades_own_cut_grades_stand_beside_gias(self):
        grades = self.env["jewelry.grade"].search([("scale", "=", "cut"), ("scheme", "=", "trade")])
        self.assertEqual(grades.mapped("name"), ["Ideal", "Premium", "Very Good", "Good", "Fair"])

    def test_fluorescence_and_lab_grown_classes_are_there(self):
        self.assertEqual(self._get_codes("fluorescence"), ["NON", "FNT", "MED", "STG", "VST"])
        self.assertEqual(self._get_codes("lab_grown_class"), ["PREMIUM", "STANDARD"])

    def test_every_estimate_formula_has_a_shape(self):
        keys = self.env["jewelry.shape"].search([]).mapped("estimate_key")
        self.assertEqual(set(filter(None, keys)), set(carat.SHAPE_KEYS))

    def test_only_an_untreated_stone_needs_no_disclosure(self):
        silent = self.env["jewelry.treatment"].search([("needs_disclosure", "=", False)])
        self.assertEqual(silent.mapped("code"), ["N"])

    def test_fillings_and_coatings_need_special_care(self):
        treatments = self.env["jewelry.treatment"].search([("special_care", "=", True)])
        self.assertLessEqual({"C", "D", "F", "I", "O", "W"}, set(treatments.mapped("code")))

    def test_well_known_gems_have_the_figures_of_the_references(self):
        expected = {
            ("jewelry.gem.species", "diamond"): (10, 10, 3.52, 3.52),
            ("jewelry.gem.variety", "ruby"): (9, 9, 4.0, 4.0),
            ("jewelry.gem.variety", "sapphire"): (9, 9, 3.99, 4.01),
            ("jewelry.gem.variety", "emerald"): (7.5, 8, 2.72, 2.72),
            ("jewelry.gem.species", "quartz"): (7, 7, 2.65, 2.65),
            ("jewelry.gem.species", "zircon"): (6, 7.5, 3.93, 4.73),
        }
        for (model, code), figures in expected.items():
            gem = self._get(model, code)
            found = (gem.hardness_min, gem.hardness_max, gem.density_min, gem.density_max)
            self.assertEqual(found, figures, code)

    def test_a_corrected_figure_says_so(self):
        self.assertIn("corrected: hardness was 7.5", self._ref("variety_emerald").source)

    def test_varieties_belong_to_the_species_they_are(self):
        species = {
            "ruby": "corundum",
            "emerald": "beryl",
            "tanzanite": "zoisite",
            "synthetic-diamond-cvd": "diamond",
            "synthetic-ruby-flux": "corundum",
            "akoya-pearl": "pearl",
        }
        for code, expected in species.items():
            self.assertEqual(self._get("jewelry.gem.variety", code).species_id.code, expected)

    def test_what_is_grown_is_named_as_lab_grown(self):
        grown = self.env["jewelry.gem.variety"].search([("category", "=", "synthetic")])
        self.assertEqual(len(grown), 19)
        for variety in grown:
            self.assertTrue(variety.name.startswith("Lab-grown "), variety.name)

    def test_every_gem_has_hardness_density_and_care(self):
        for model in ("jewelry.gem.species", "jewelry.gem.variety"):
            for gem in self.env[model].search([]):
                with self.subTest(gem=gem.name):
                    self.assertTrue(gem.hardness_min and gem._get_density())
                    self.assertTrue(gem.care and gem.care_source and gem.source)

    def test_care_follows_hardness_cleavage_and_treatments(self):
        self.assertIn("no ultrasonic", self._ref("variety_emerald").care)
        self.assertIn("ultrasonic or steam only after", self._ref("species_diamond").care)
        self.assertIn("Acid, perfume and heat", self._ref("species_pearl").care)
        self.assertIn("glued", self._ref("species_opal_triplet").care)
        self.assertIn("fade in strong light", self._ref("variety_kunzite").care)

    def test_usual_treatments_are_known_by_their_codes(self):
        self.assertEqual(self._ref("variety_ruby").treatment_ids.mapped("code"), ["F", "FH", "H"])
        self.assertEqual(self._ref("variety_emerald").treatment_ids.mapped("code"), ["C", "F", "O"])
        self.assertFalse(self._ref("species_spinel").treatment_ids.filtered("special_care"))

    def test_a_laboratory_leads_to_its_own_check_of_a_report(self):
        gia = self._ref("laboratory_gia")
        self.assertEqual(
            gia._get_verification_url("2141438171"),
            "https://www.gia.edu/report-check?reportno=2141438171",
        )
        self.assertIn("reportno=A%20B%26c", gia._get_verification_url("A B&c"))

    def test_a_laboratory_without_known_address_leads_nowhere(self):
        self.assertFalse(self._ref("laboratory_hrd")._get_verification_url("1"))

    def test_a_verification_address_must_be_secure_and_take_a_number(self):
        gia = self._ref("laboratory_gia")
        for address in ("http://gia.edu/{number}", "https://gia.edu", "javascript:{number}"):
            with self.subTest(address=address), self._refused("GIA must start with https"):
                gia.verification_url = address
