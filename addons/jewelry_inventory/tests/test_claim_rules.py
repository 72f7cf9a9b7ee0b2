from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import claim, claim_check
from ..tools.claim_check import Metal, Treatment, Words
from .claim_common import (
    DIAMOND,
    GROWN,
    HEATING,
    LAWS,
    RUBY,
    TREATMENTS,
    find,
    metals,
    stones,
)


def carats(*weights, **values):
    """Return diamonds of these weights."""
    return [DIAMOND._replace(carat=Decimal(weight), **values) for weight in weights]


@tagged("post_install", "-at_install")
class TestClaimWords(BaseCase):
    """The words of a stone and of a metal, in their order."""

    STONE = claim.Stone(
        material="Diamond",
        grown="Lab-grown",
        carat=0.52,
        shape="Round",
        color="E",
        clarity="VS1",
        cut="Excellent cut",
        treatments=("Heat and pressure", "No treatment"),
        told=("Heat and pressure",),
        codes=("HP",),
        reports=("GIA 2",),
    )

    def test_a_stone_is_named_described_and_specified(self):
        stone = self.STONE
        self.assertEqual(claim.name_stone(stone), "Round Lab-grown Diamond")
        self.assertEqual(
            claim.describe_stone(stone),
            "0.52 ct Round E VS1 Lab-grown Diamond, Heat and pressure",
        )
        self.assertEqual(
            claim.specify_stone(stone),
            "0.52 ct Round E VS1 Lab-grown Diamond, Excellent cut, Heat and pressure, "
            "No treatment, GIA 2",
        )

    def test_a_group_is_counted(self):
        group = claim.Stone("Ruby", carat=0.2, count=8, shape="Oval")
        self.assertEqual(claim.describe_stone(group), f"8 {claim.TIMES} Oval Ruby, 0.20 ct")
        self.assertEqual(claim.count_stone(group), f"8 {claim.TIMES} Oval Ruby")
        self.assertEqual(claim.shorten_stone(group)[0], "0.20 ct (8) Ruby Oval")

    def test_a_label_says_less_and_less_and_never_leaves_out_what_was_done(self):
        self.assertEqual(
            claim.shorten_stone(self.STONE),
            (
                "0.52 ct Lab-grown Diamond (Heat and pressure) E VS1 Round",
                "0.52 ct Lab-grown Diamond (HP) E VS1 Round",
                "0.52 ct Lab-grown Diamond (HP) E VS1",
                "0.52 ct Lab-grown Diamond (HP)",
            ),
        )
        bare = claim.Stone("Diamond", carat=1)
        self.assertEqual(claim.shorten_stone(bare), ("1.00 ct Diamond",))

    def test_stones_are_added_up_by_what_they_are(self):
        main = claim.Stone("Diamond", carat=1)
        side = claim.Stone("Diamond", carat=0.1, count=3)
        grown = claim.Stone("Diamond", grown="Lab-grown", carat=0.2, count=8)
        dyed = claim.Stone("Diamond", carat=0.3, told=("Dyeing",), codes=("D",))
        self.assertEqual(
            claim.add_up([side, side, grown, dyed], main),
            ["+ 0.20 ct (6)", "+ 0.20 ct (8) Lab-grown Diamond", "+ 0.30 ct (1) Diamond (D)"],
        )
        self.assertEqual(claim.add_up([side]), ["+ 0.10 ct (3) Diamond"])
        self.assertEqual(claim.add_up([]), [])

    def test_a_metal_has_its_fineness(self):
        yellow = claim.Metal("18K Yellow Gold", 750)
        self.assertEqual(claim.name_metal(yellow), "18K Yellow Gold (750 ‰)")
        self.assertEqual(claim.shorten_metal(yellow), "18K Yellow Gold")
        plain = claim.Metal("Gold", 585)
        self.assertEqual(claim.shorten_metal(plain), "Gold (585 ‰)")
        platinum = claim.Metal("Platinum 950", 950)
        self.assertEqual(claim.name_metal(platinum), "Platinum 950")
        steel = claim.Metal("Stainless Steel")
        self.assertEqual(claim.name_metal(steel), "Stainless Steel")


@tagged("post_install", "-at_install")
class TestClaimGenerator(BaseCase):
    """What the program says of itself passes its own rules."""

    @given(st.lists(stones(), min_size=1, max_size=4), st.lists(metals(), max_size=3))
    @settings(deadline=None, max_examples=400)
    def test_what_is_composed_is_never_forbidden(self, goods, alloys):
        told = [words for words, _known in goods]
        known = [stone for _words, stone in goods]
        for words, stone in goods:
            for text in (claim.describe_stone(words), claim.specify_stone(words)):
                self.assertEqual(find(text, stone), [], text)
            # Treatments are told below a name.
            self.assertEqual(find(claim.name_stone(words), stone._replace(treatments=())), [])
        heaviest = max(range(len(known)), key=lambda at: known[at].carat)
        main, others = told[heaviest], told[:heaviest] + told[heaviest + 1 :]
        names = [name for words, _known in alloys for name in self._name(words)]
        known_metals = [metal for _words, metal in alloys]
        labels = [
            "\n".join([*names, form, " · ".join(claim.add_up(others, main))])
            for form in claim.shorten_stone(main)
        ]
        quoted = "\n".join([*names, *map(claim.specify_stone, told)])
        for text in (quoted, *labels):
            self.assertEqual(find(text, *known, metals_known=known_metals), [], text)

    def _name(self, metal):
        return claim.name_metal(metal), claim.shorten_metal(metal)

    @given(stones())
    @settings(deadline=None)
    def test_no_form_of_a_stone_lets_its_disclosures_go(self, goods):
        words, known = goods
        forms = [claim.describe_stone(words), claim.specify_stone(words)]
        forms += claim.shorten_stone(words) + tuple(claim.add_up([words]))
        for form in forms:
            for treatment in known.treatments:
                told = treatment.names[0] in form or treatment.code in form.partition("(")[2]
                self.assertTrue(told, form)
            if known.is_grown:
                self.assertIn(f"Lab-grown {words.material}", form)

    @given(st.text())
    @settings(deadline=None)
    def test_no_text_upsets_the_check(self, text):
        for stone in (DIAMOND, GROWN, RUBY):
            find(text, stone, metals_known=[Metal("gold", 585), Metal("platinum", 900)])


@tagged("post_install", "-at_install")
class TestClaimCheck(BaseCase):
    """What must not be said."""

    def _assert_found(self, code, texts, *known, metals_known=(), **options):
        for text in texts:
            found = find(text, *known, metals_known=metals_known, **options)
            self.assertEqual([what for _rule, what, _words in found], [code], text)

    def _assert_fine(self, texts, *known, metals_known=(), **options):
        for text in texts:
            self.assertEqual(find(text, *known, metals_known=metals_known, **options), [], text)

    # === WEIGHT === #

    def test_a_weight_is_right_to_its_last_place(self):
        self._assert_found("weight", [".5 ct", "0.5 carat diamond", "0.50 ct", "0,5 ct"], DIAMOND)
        self._assert_fine(["0.49 ct", ".49 carats", "0,49 ct", "0.490 ct diamond"], DIAMOND)

    def test_one_place_stands_for_what_the_law_lets_it(self):
        for weight in ("0.495", "0.500", "0.504"):
            self._assert_fine([".5 ct", "0.50 ct"], *carats(weight))
        for weight in ("0.494", "0.505"):
            self._assert_found("weight", [".5 ct"], *carats(weight))
        wider = LAWS | {"claim_diamond_weight": LAWS["claim_diamond_weight"] | {"tolerance": 0.05}}
        self._assert_fine([".5 ct"], *carats("0.494"), laws=wider)

    @given(st.integers(10, 20_000), st.integers(10, 20_000))
    def test_two_places_are_fine_exactly_when_the_weight_rounds_to_them(self, milli, cents):
        weight, stated = Decimal(milli) / 1000, Decimal(cents) / 100
        found = find(f"{stated} ct", DIAMOND._replace(carat=weight))
        rounds = stated - Decimal("0.005") <= weight < stated + Decimal("0.005")
        self.assertEqual(not found, rounds)

    def test_weights_may_be_of_a_stone_of_each_of_a_group_or_of_all(self):
        ring = [*carats("1.02"), *carats("0.2", count=8)]
        texts = [
            "1.02 ct",
            "0.20 ct",
            "1.22 ct total",
            "1.22 ctw",
            f"8 {claim.TIMES} 0.025 ct each",
        ]
        self._assert_fine(texts, *ring)
        self._assert_found("weight", ["1.20 ctw"], *ring)

    def test_what_is_not_weighed_or_no_diamond_is_not_held_against_a_text(self):
        self._assert_fine([".5 ct"], DIAMOND._replace(carat=None))
        self._assert_fine([".5 ct heated"], RUBY)
        self._assert_fine([".5 ct"])

    def test_points_need_the_decimals_beside_them(self):
        self._assert_found("points", ["49 points", "49 pt diamond", "49-pointer"], DIAMOND)
        self._assert_fine(["49 points (0.49 ct)", "A 4-point setting", "950 Pt"], DIAMOND)
        self._assert_found("points", ["100 pt"], *carats("1.00"), metals_known=[Metal("gold", 585)])
        free = LAWS["claim_diamond_weight"] | {"points_need_decimals": False}
        self._assert_fine(["49 points"], DIAMOND, laws=LAWS | {"claim_diamond_weight": free})

    def test_a_fraction_needs_the_range_that_it_stands_for(self):
        texts = ["1/2 ct diamond", "½ carat", "1\u20442 ct", "1/2-carat"]
        self._assert_found("fraction", texts, DIAMOND)
        self._assert_fine(["1/2 ct (0.48 - 0.52 ct)", "½ ct, .47 to .54 carats"], DIAMOND)
        self._assert_found("fraction", ["1/2 ct (0.50 - 0.54 ct)"], DIAMOND)
        free = LAWS["claim_diamond_weight"] | {"fractions_need_range": False}
        self._assert_fine(["1/2 ct"], DIAMOND, laws=LAWS | {"claim_diamond_weight": free})

    # === GROWN AND TREATED === #

    def test_a_grown_diamond_is_called_so_right_before_the_word(self):
        texts = ["Diamond", "Diamonds", "A diamond that is lab-grown", "Natural diamond"]
        self._assert_found("grown", texts, GROWN)
        self._assert_found("grown", ["Lab-grown diamond ring. This diamond is round."], GROWN)
        texts = ["Lab-grown diamond", "lab grown Diamonds", "Laboratory-created diamond"]
        self._assert_fine([*texts, "LAB-CREATED DIAMOND", "Solitaire"], GROWN)

    def test_which_words_say_that_a_diamond_was_grown_is_for_the_rule(self):
        text = "Cultured diamond"
        self._assert_found("grown", [text], GROWN)
        law = LAWS["claim_diamond"] | {"lab_grown_qualifiers": ["cultured"]}
        self._assert_fine([text], GROWN, laws=LAWS | {"claim_diamond": law})

    def test_beside_a_natural_diamond_grown_ones_are_told_once(self):
        both = [DIAMOND, GROWN._replace(carat=Decimal("0.2"))]
        self._assert_fine(["Diamond with lab-grown diamonds"], *both)
        self._assert_found("grown", ["Diamond ring"], *both)

    def test_what_is_no_diamond_is_not_called_one(self):
        zirconia = claim_check.Stone(("Cubic Zirconia",))
        self._assert_found("no_diamond", ["Diamond ring"], zirconia)
        texts = ["Simulated diamond", "Imitation diamonds", "Diamond-cut chain", "Cubic zirconia"]
        self._assert_fine(texts, zirconia)
        self._assert_fine(["Diamond ring"])

    def test_diamonds_are_known_in_the_languages_of_the_store(self):
        words = Words(diamond=("diamond", "Diamant"), grown=("Labor-Diamant: gezüchteter",))
        self._assert_found("grown", ["Diamant"], GROWN, words=words)
        self._assert_fine(["Labor-Diamant: gezüchteter Diamant"], DIAMOND, words=words)

    def test_a_treatment_is_told_where_the_stone_is_named(self):
        texts = ["Ruby", "Oval rubys", "Unheated ruby", "Ruby, no heat", "Ruby, not been heated"]
        self._assert_found("treatment", texts, RUBY)
        self._assert_found("treatment", ["Corundum (F)", "Ruby H"], RUBY)
        texts = ["Heated ruby", "Ruby, heat-treated", "Ruby (H)", "Ruby (F, H)", "Ruby, Heating"]
        self._assert_fine([*texts, "Solitaire"], RUBY)

    def test_each_treatment_is_told_by_its_name_and_by_its_code(self):
        for code, name in TREATMENTS.items():
            stone = RUBY._replace(treatments=(Treatment(code, (name,)),))
            self._assert_fine([f"Ruby, {name}", f"Ruby ({code})", f"Ruby, {name.lower()}"], stone)
            self._assert_found("treatment", ["Ruby, loupe clean"], stone)

    def test_a_treatment_of_the_stores_own_is_told_by_its_name(self):
        own = RUBY._replace(treatments=(Treatment("X9", ("Moonlit", "Mondlicht")),))
        self._assert_fine(["Ruby, moonlit", "Ruby (Mondlicht)"], own)
        self._assert_found("treatment", ["Ruby, heated"], own)

    def test_which_treatments_are_told_is_for_the_rule(self):
        law = dict.fromkeys(LAWS["claim_treatment"], False)
        self._assert_fine(["Ruby"], RUBY, laws={"claim_treatment": law})
        care = RUBY._replace(treatments=(HEATING._replace(needs_disclosure=False),))
        self._assert_fine(["Ruby"], care)
        care = RUBY._replace(treatments=(Treatment("H", ("Heating",), False, True),))
        self._assert_found("treatment", ["Ruby"], care)
        law = law | {"disclose_value_effect": True}
        self._assert_found("treatment", ["Ruby"], RUBY, laws={"claim_treatment": law})
        self._assert_fine(["Ruby"], care, laws={"claim_treatment": law})

    def test_flawless_is_what_is_graded_so(self):
        self._assert_found("flawed", ["Flawless", "internally flawless", "Perfect gem"], DIAMOND)
        clean = DIAMOND._replace(clarity="IF")
        self._assert_fine(["Internally flawless", "The perfect gift"], clean)
        self._assert_found("flawed", ["Flawless diamond", "Perfect diamond"], clean)
        best = DIAMOND._replace(clarity="FL")
        self._assert_fine(["Flawless", "internally flawless", "Perfect diamond"], best)

    # === METAL === #

    def test_gold_has_its_karat_or_fineness_unless_it_is_fine(self):
        gold = [Metal("gold", 585)]
        texts = ["Gold ring", "Rose gold", "Karat gold", "White-gold band"]
        self._assert_found("unqualified", texts, metals_known=gold)
        texts = ["14K gold", "14 karat yellow gold", "14kt. white gold", "14ct gold", "585 gold"]
        self._assert_fine([*texts, "Gold 585", "Gold (585 ‰)", "14K"], metals_known=gold)
        self._assert_fine(["Gold ring", "Fine Gold"], metals_known=[Metal("gold", 999)])
        self._assert_fine(["Golden hour", "Marigold"], metals_known=gold)

    def test_how_fine_gold_is_alone_is_for_the_rule(self):
        laws = LAWS | {"claim_gold": {"unqualified_karat": 14}}
        self._assert_fine(["Gold ring"], metals_known=[Metal("gold", 585)], laws=laws)

    def test_no_metal_is_finer_than_it_is(self):
        gold = [Metal("gold", 585)]
        for text in ("18K", "15 karat yellow gold", "18ct gold", "Gold 750"):
            found = find(text, metals_known=gold)
            self.assertEqual({what for _rule, what, _words in found}, {"overstated"}, text)
        self._assert_found("overstated", ["Silver 925"], metals_known=[Metal("silver", 800)])
        self._assert_found("overstated", ["Platinum 950"], metals_known=[Metal("platinum", 900)])
        # Trade's karats, whichever of their finenesses the alloy has.
        for fineness, karat in ((375, 9), (417, 10), (583.3, 14), (916, 22), (916.67, 22)):
            self._assert_fine([f"{karat}K gold"], metals_known=[Metal("gold", fineness)])

    def test_a_metal_that_is_not_there_is_not_named(self):
        brass = [Metal("brass", 630)]
        self._assert_found("absent", ["Silver ring", "Platinum", "18K"], metals_known=brass)
        self._assert_fine(
            ["Gold-plated", "Gold tone", "Silver-colored", "14K gold plated", "Platinum finish"],
            metals_known=brass,
        )
        self._assert_fine(["Gold ring", "Sterling", "Platinum", "18K"])

    def test_sterling_and_coin_silver_are_so_fine(self):
        texts = ["Sterling", "Coin silver", "Sterling silver", "Silver"]
        self._assert_found("unqualified", texts, metals_known=[Metal("silver", 800)])
        self._assert_fine(["Silver 800", "800 silver"], metals_known=[Metal("silver", 800)])
        self._assert_fine([*texts, "Fine silver"], metals_known=[Metal("silver", 925)])
        self._assert_fine(["Coin silver"], metals_known=[Metal("silver", 900)])

    def test_platinum_says_how_fine_it_is_below_what_the_word_alone_stands_for(self):
        self._assert_fine(["Platinum"], metals_known=[Metal("platinum", 950)])
        fine = [Metal("platinum", 900)]
        self._assert_found("unqualified", ["Platinum ring"], metals_known=fine)
        texts = ["Platinum 900", "900Plat", "Pt900", "Pt 900", "900 Pt.", "Plat. 900"]
        self._assert_fine(texts, metals_known=fine)
        low = [Metal("platinum", 600)]
        self._assert_found("unnamed", ["600Plat", "Platinum 600"], metals_known=low)
        self._assert_fine(["600Plat350Irid", "Platinum 600 Iridium"], metals_known=low)
        self._assert_found("unqualified", ["Platinum 450"], metals_known=[Metal("platinum", 450)])

    def test_vermeil_is_on_sterling(self):
        self._assert_found("base", ["Vermeil"], metals_known=[Metal("silver", 800)])
        self._assert_found("base", ["Vermeil"], metals_known=[Metal("brass", 630)])
        self._assert_fine(["Vermeil", "Gold vermeil"], metals_known=[Metal("silver", 925)])

    def test_nothing_is_forbidden_where_no_rule_holds(self):
        texts = ["Flawless diamond, .5 ct, gold, sterling, vermeil and platinum"]
        known = [Metal("gold", 585)]
        self._assert_fine(texts, GROWN, metals_known=known, laws={})
        self.assertEqual(
            {rule for rule, _what, _words in find(texts[0], GROWN, metals_known=known)},
            {
                "claim_diamond",
                "claim_diamond_weight",
                "claim_flawless",
                "claim_gold",
                "claim_platinum",
                "claim_silver",
                "claim_vermeil",
            },
        )
