from hypothesis import given, settings
from hypothesis import strategies as st

from odoo import Command
from odoo.tests import tagged

from ..models.jewelry_stone import ORIGINS_BY_CATEGORY
from ..tools import claim, claim_check
from ..tools.claim_check import Metal, Subject
from ..tools.weight import round_milli
from .claim_common import LAWS
from .common import VocabularyCommon


@tagged("post_install", "-at_install")
class TestClaimVocabulary(VocabularyCommon):
    """The module's own words: all materials, treatments and alloys, as the program says them."""

    def _find(self, text, *stones, metals=()):
        words = self.env["jewelry.stone"]._get_claim_vocabulary()
        return claim_check.check(text, Subject(stones, metals), LAWS, words)

    def _find_anywhere(self, text, *stones, metals=()):
        """Return what any of the countries forbids that the module has rules for."""
        words = self.env["jewelry.stone"]._get_claim_vocabulary()
        subject = Subject(stones, metals)
        return [
            (country, one)
            for country, laws in self._get_packs().items()
            for one in claim_check.check(text, subject, laws, words)
        ]

    def _get_packs(self):
        """Return {country: its rules} of all that have rules of their own."""
        rules = self.env["jewelry.rule"]
        subjects = [one for one in rules._get_subjects() if one.startswith("claim_")]
        places = rules.search([("subject", "in", subjects)]).jurisdiction_id
        return {
            place.code: {
                subject: rule.values for subject, rule in rules._get_rules(subjects, place).items()
            }
            for place in places
        }

    def _get_materials(self):
        """Yield a stone of each species and variety, of each origin that it can have."""
        stones = self.env["jewelry.stone"]
        species = self.env["jewelry.gem.species"].search([])
        varieties = self.env["jewelry.gem.variety"].search([])
        pairs = [(one, varieties.browse()) for one in species]
        for one, variety in [*pairs, *((one.species_id, one) for one in varieties)]:
            for origin in ORIGINS_BY_CATEGORY[(variety or one).category]:
                values = {"species_id": one.id, "variety_id": variety.id, "origin": origin}
                yield stones.new(self._prepare_stone(**values))

    def test_no_material_is_called_what_a_rule_forbids(self):
        count = 0
        for stone in self._get_materials():
            words, facts = stone._get_claim_words(), stone._get_claim_facts()
            specified = claim.specify_stone(words)
            for text in (claim.name_stone(words), specified, *claim.shorten_stone(words)):
                self.assertEqual(self._find_anywhere(text, facts), [], text)
            count += 1
        self.assertGreater(count, 100)

    def test_what_is_grown_says_so_in_each_form_of_words(self):
        for stone in self._get_materials():
            if stone.origin != "lab_grown":
                continue
            words = stone._get_claim_words()
            material = stone._get_material()
            said = (
                material.name if material.category == "synthetic" else f"Lab-grown {material.name}"
            )
            forms = [claim.name_stone(words), *claim.shorten_stone(words), *claim.add_up([words])]
            for text in (*forms, stone._get_specification()):
                self.assertIn(said, text)

    def test_each_treatment_of_the_module_is_told(self):
        for treatment in self.env["jewelry.treatment"].search([]):
            stone = self.env["jewelry.stone"].new(
                self._prepare_stone(treatment_ids=[Command.link(treatment.id)])
            )
            words, facts = stone._get_claim_words(), stone._get_claim_facts()
            for text in (claim.describe_stone(words), *claim.shorten_stone(words)):
                self.assertEqual(self._find_anywhere(text, facts), [], text)
            told = bool(facts.treatments)
            self.assertEqual(told, treatment.code != "N", treatment.name)
            self.assertEqual(bool(self._find("0.52 ct Diamond", facts)), told, treatment.name)

    def test_each_treatment_of_the_module_has_its_words(self):
        codes = set(self.env["jewelry.treatment"].search([]).mapped("code"))
        self.assertEqual(codes - {"N"}, set(claim_check.STEMS))

    def test_no_alloy_is_called_what_a_rule_forbids(self):
        alloys = self.env["jewelry.alloy"].search([])
        self.assertGreater(len(alloys), 40)
        for alloy in alloys:
            metal = Metal(alloy.metal_id.code, alloy.fineness)
            words = alloy._get_claim_words()
            for text in (claim.name_metal(words), claim.shorten_metal(words)):
                self.assertEqual(self._find_anywhere(text, metals=(metal,)), [], text)

    def test_the_module_has_rules_for_three_countries(self):
        self.assertEqual(set(self._get_packs()), {"US", "DE", "FR"})

    def _draw_stones(self):
        """Return a strategy of stones: what is said of them, and what they are."""
        materials = [
            (stone._get_claim_words(), stone._get_claim_facts()) for stone in self._get_materials()
        ]
        treatments = self.env["jewelry.treatment"].search([])
        stone = self.env["jewelry.stone"].new(
            self._prepare_stone(treatment_ids=[Command.set(treatments.ids)])
        )
        done = stone._get_claim_words(), stone._get_claim_facts()

        @st.composite
        def stones(draw):
            words, facts = draw(st.sampled_from(materials))
            carat, count = draw(st.integers(1, 40_000)) / 1000, draw(st.integers(1, 300))
            if draw(st.booleans()):
                told, codes = done[0].told, done[0].codes
                words = words._replace(treatments=told, told=told, codes=codes)
                facts = facts._replace(treatments=done[1].treatments)
            known = {"carat": round_milli(carat), "count": count}
            return words._replace(**known), facts._replace(**known)

        return stones()

    def test_no_piece_of_any_stones_and_metal_is_called_what_a_country_forbids(self):
        """Whatever is set into whatever alloy, in any weight and number, wherever it is sold."""
        stones = self._draw_stones()
        alloys = [
            (alloy._get_claim_words(), Metal(alloy.metal_id.code, alloy.fineness))
            for alloy in self.env["jewelry.alloy"].search([])
        ]
        packs = self._get_packs()
        vocabulary = self.env["jewelry.stone"]._get_claim_vocabulary()

        @given(st.lists(stones, min_size=1, max_size=4), st.lists(st.sampled_from(alloys)))
        @settings(deadline=None, max_examples=300)
        def run(goods, metals):
            told = [words for words, _facts in goods]
            names = [claim.name_metal(words) for words, _metal in metals]
            lines = [*names, *map(claim.specify_stone, told)]
            subject = Subject(
                tuple(facts for _words, facts in goods), tuple(metal for _words, metal in metals)
            )
            for country, laws in packs.items():
                for text in ("\n".join(lines), "\n".join([*names, *claim.add_up(told)])):
                    found = claim_check.check(text, subject, laws, vocabulary)
                    self.assertEqual(found, [], f"{country}: {text}")

        run()

    def test_only_precious_metals_are_fine(self):
        steel = self._ref("alloy_gold_750_yellow").copy(
            {"code": "x", "name": "Steel", "metal_id": self._ref("metal_steel").id}
        )
        self.assertEqual(claim.name_metal(steel._get_claim_words()), "Steel")
        self.assertEqual(self.gold_18k._get_claim_words().fineness, 750)

    def test_words_and_facts_of_a_stone_say_the_same(self):
        stone = self.env["jewelry.stone"].new(
            self._prepare_stone(
                origin="lab_grown",
                count=3,
                carat=0.6,
                treatment_ids=[Command.link(self._ref("treatment_hp").id)],
            )
        )
        words, facts = stone._get_claim_words(), stone._get_claim_facts()
        self.assertEqual((words.carat, words.count, words.codes), (0.6, 3, ("HP",)))
        self.assertEqual((float(facts.carat), facts.count, facts.clarity), (0.6, 3, "VS1"))
        self.assertTrue(facts.is_diamond and facts.is_grown)
        self.assertEqual([one.code for one in facts.treatments], ["HP"])

    def test_names_are_known_in_every_language_that_is_installed(self):
        diamond, heating = self._ref("species_diamond"), self._ref("treatment_h")
        self.env["res.lang"]._activate_lang("fr_FR")
        diamond.with_context(lang="fr_FR").name = "Diamant"
        heating.with_context(lang="fr_FR").name = "Chauffage"
        self.gold.with_context(lang="fr_FR").name = "Or"
        self.assertEqual(diamond._get_all_names(), ("Diamond", "Diamant"))
        vocabulary = self.env["jewelry.stone"]._get_claim_vocabulary()
        self.assertIn("Diamant", vocabulary.diamond)
        self.assertEqual(vocabulary.gold, ("gold", "Gold"))
        french = self.env["jewelry.stone"].with_context(lang="fr_FR")._get_claim_vocabulary()
        self.assertEqual(french.gold, ("gold", "Or"))
        stone = self.env["jewelry.stone"].new(
            self._prepare_stone(treatment_ids=[Command.link(heating.id)])
        )
        facts = stone._get_claim_facts()
        found = self._find("Diamant", facts)
        self.assertEqual([one.code for one in found], [claim_check.TREATMENT])
        self.assertEqual(self._find("Diamant, chauffage", facts), [])

    def test_metals_are_known_in_the_language_of_the_text(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.gold.with_context(lang="fr_FR").name = "Or"
        ring, text = (Metal("gold", 585),), "Yes or no"
        self.assertEqual(self._find(text, metals=ring), [])
        self.env = self.env(context={"lang": "fr_FR"})
        self.assertEqual([one.words for one in self._find("En or", metals=ring)], ["En or"])
        self.assertEqual(self._find("En or 585", metals=ring), [])

    def test_a_stone_is_described_with_what_was_done_to_it(self):
        stone = self._create_stone(treatment_ids=self._ref("treatment_f").ids)
        self.assertEqual(stone.display_name, "0.52 ct Round E VS1 Diamond, Filling")
        stone.treatment_ids = self._ref("treatment_n")
        self.assertEqual(stone.display_name, "0.52 ct Round E VS1 Diamond")
        self.assertIn("No treatment", stone._get_specification())
        self._ref("treatment_n").special_care = True
        self.assertEqual(stone.display_name, "0.52 ct Round E VS1 Diamond, No treatment")
