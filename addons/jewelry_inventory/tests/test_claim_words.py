"""Texts and the rules that refuse them: each row names its rule, or none where it must pass."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, TransactionCase, tagged

from ..tools import claim_text
from ..tools import rule as rules
from ..tools.claim_check import Metal, Stone, Subject, Words, check
from .claim_common import LAWS

G585, G750, G375, G333 = (Metal("gold", fineness) for fineness in (585, 750, 375, 333))
G166 = Metal("gold", 166)
S800, P900, P950 = Metal("silver", 800), Metal("platinum", 900), Metal("platinum", 950)
BRASS = Metal("brass", 0)


def diamond(carat, clarity="VS1", **values):
    return Stone(("Diamond", "Diamant"), True, carat=Decimal(carat), clarity=clarity, **values)


D1, D90, D50 = diamond("1.00"), diamond("0.90"), diamond("0.50")
CLEAN, BEST = diamond("1.00", "IF"), diamond("1.00", "FL")
GROWN = diamond("1.00", is_grown=True)
ZIRCONIA = Stone(("Cubic Zirconia",), carat=Decimal("1.00"))

# (text, what it is about, the rule that refuses it and its reason; none: it must pass)
UNITED_STATES = [
    # Numbers in words.
    ("One carat diamond solitaire", [D1], None),
    ("One carat diamond solitaire", [D90], "claim_diamond_weight weight"),
    ("ONE-CARAT diamond", [D90], "claim_diamond_weight weight"),
    ("Twenty-one carats of diamonds", [D90], "claim_diamond_weight weight"),
    ("Half a carat of diamonds", [D50], "claim_diamond_weight fraction"),
    ("Half-carat diamond, 0.48 - 0.52 ct", [D50], None),
    ("Three quarter carat diamond", [D50], "claim_diamond_weight fraction"),
    ("One and a half carat diamond", [D1], "claim_diamond_weight fraction"),
    ("Eighteen karat gold ring", [G585], "claim_gold overstated"),
    ("Fourteen karat gold ring", [G585], None),
    ("One of a kind, two rings, half price", [D90, G585], None),
    ("Three stones for one life together", [D90, G585], None),
    # Abbreviations and symbols.
    ("PLAT band", [P950], None),
    ("PLAT band", [P900], "claim_platinum unqualified"),
    ("Plat. 900 band", [P900], None),
    ("PLAT band", [G585], "claim_platinum absent"),
    ("A template for a plateau", [G585], None),
    ("Au750 ring", [G750], None),
    ("Au750 ring", [G585], "claim_gold overstated"),
    ("750Au ring", [G585], "claim_gold overstated"),
    ("Au585", [BRASS], "claim_gold absent"),
    ("Ag925", [S800], "claim_silver overstated"),
    ("Ag800", [S800], None),
    ("Bau750 and Pau7500", [G585], None),
    # Letters that look like others, and signs that nobody sees.
    ("G\u043eld ring", [G585], "claim_gold unqualified"),
    ("G\u03bfld ring", [G585], "claim_gold unqualified"),
    ("\u050c\u043e\u04cf\u0501 ring", [G585], "claim_gold unqualified"),
    ("Di\u0430mond", [GROWN], "claim_diamond grown"),
    ("D\u0131amond", [GROWN], "claim_diamond grown"),
    ("Di\u0336amond", [GROWN], "claim_diamond grown"),
    ("Dia\u2060mond", [GROWN], "claim_diamond grown"),
    ("Dia\u034fmond", [GROWN], "claim_diamond grown"),
    ("Dia\u115fmond", [GROWN], "claim_diamond grown"),
    (
        "\U0001d403\U0001d422\U0001d41a\U0001d426\U0001d428\U0001d427\U0001d41d",
        [GROWN],
        "claim_diamond grown",
    ),
    ("\uff11\uff18\u041a gold", [G585], "claim_gold overstated"),
    ("\u0661\u0668K gold", [G585], "claim_gold overstated"),
    ("\uff10\uff0e\uff19\uff19 ct diamond", [D50], "claim_diamond_weight weight"),
    ("\u0420latinum", [G585], "claim_platinum absent"),
    # An offer of other metal is no word on this piece; its own karat is.
    ("Solitaire, 10K, 14K or 18K on request", [G585], None),
    ("Available in 10K, 14K and 18K white gold", [G585], None),
    ("18K gold solitaire, other sizes on request", [G585], "claim_gold overstated"),
    ("18K gold. On request: engraving", [G585], "claim_gold overstated"),
    ("10K, 14K or 18K", [G585], "claim_gold overstated"),
    ("18K on request", [BRASS], "claim_gold absent"),
    ("Gold, 18K on request", [G585], "claim_gold unqualified"),
]
GERMANY = [
    ("Lupenreiner Diamant", [D1], "claim_flawless flawed"),
    ("Ein lupenreines Juwel, Diamant", [D1], "claim_flawless flawed"),
    ("Lupenreiner Diamant", [CLEAN], None),
    ("Lupenrein", [BEST], None),
    ("Nicht lupenrein, ein Diamant mit Charakter", [D1], None),
    ("Die Lupenreinheit ist die höchste Stufe", [D1], None),
    ("Augenreiner Diamant", [D1], "claim_flawless vague"),
    ("Diamant, augenrein", [CLEAN], "claim_flawless vague"),
    ("Diamant (handelsrein)", [D1], "claim_flawless vague"),
    ("Augenweide", [D1], None),
    ("Goldring 585", [G585], None),
    ("Goldring, 14 Karat", [G585], None),
    ("585er Goldring", [G585], None),
    ("750er Goldring", [G585], "claim_gold overstated"),
    ("Goldring 750", [G585], "claim_gold overstated"),
    ("Goldring", [G333], None),
    ("Goldring", [G166], "claim_gold unqualified"),
    ("Weißgoldring", [BRASS], "claim_gold absent"),
    ("Weißgold 750", [G585], "claim_gold overstated"),
    ("Weißgold 585", [G585], None),
    ("WEISSGOLDRINGE", [BRASS], "claim_gold absent"),
    ("Feingoldbarren", [BRASS], "claim_gold absent"),
    ("Goldauflage auf Messing", [BRASS], None),
    ("Goldfarbener Ring", [BRASS], None),
    ("Goldplattiert", [BRASS], None),
    ("Vergoldet", [BRASS], None),
    ("Goldschmiedearbeit, goldige Idee", [BRASS], None),
    ("Diamantring", [GROWN], "claim_diamond grown"),
    ("Diamantring", [ZIRCONIA], "claim_diamond no_diamond"),
    ("Diamantring", [D1], None),
    ("Brillantringe", [GROWN], "claim_diamond grown"),
    ("Diamantenbesatz", [ZIRCONIA], "claim_diamond no_diamond"),
    ("Synthetischer Diamantring", [GROWN], None),
    ("Synthetischer Diamant", [GROWN], None),
    ("Ring mit synthetischen Diamanten", [GROWN], None),
    ("Laborgezüchteter Diamant", [GROWN], None),
    ("Echter Diamant", [GROWN], "claim_diamond grown"),
    ("Zuchtdiamant und Diamant", [GROWN], "claim_diamond grown"),
    ("Achtzehnkarätiges Gold", [G585], "claim_gold overstated"),
    ("Vierzehnkarätiges Gold", [G585], None),
    ("18-karätiger Goldring", [G585], "claim_gold overstated"),
    ("10 kt, 14 kt oder 18 kt Gold auf Wunsch", [G585], None),
    ("18 kt Gold", [G585], "claim_gold overstated"),
]
FRANCE = [
    ("Bague en or", [G750], None),
    ("Bague en or", [G585], "claim_gold unqualified"),
    ("Bague en or 585", [G585], None),
    ("Bague en or 750", [G585], "claim_gold overstated"),
    ("Bague plaqué or", [BRASS], None),
    ("14K ou 18K sur demande", [G585], None),
    ("Diamant synthétique", [GROWN], None),
    ("Diamants synthétiques", [GROWN], None),
    ("Diamant de synthèse", [GROWN], None),
    ("Diamant de laboratoire", [GROWN], "claim_diamond grown"),
    ("Diamant naturel", [GROWN], "claim_diamond grown"),
    ("Brillant", [ZIRCONIA], "claim_diamond no_diamond"),
    ("Diamant pur à la loupe", [D1], "claim_flawless flawed"),
    ("Diamant pur à la loupe", [CLEAN], None),
]
# What a store in the United States writes in German. Weights are a rule of that country alone, and
# which words say that a diamond was grown is for the rule of the place.
GERMAN_IN_AMERICA = [
    ("Synthetischer Diamant", [GROWN], "claim_diamond grown"),
    ("Einkaräter", [D90], "claim_diamond_weight weight"),
    ("Einkaräter", [D1], None),
    ("Zweikaräter", [D1], "claim_diamond_weight weight"),
    ("Halbkaräter", [D50], "claim_diamond_weight fraction"),
    ("Ein Karat Diamant", [D90], "claim_diamond_weight weight"),
    ("1 Karat Diamant", [D90], "claim_diamond_weight weight"),
    ("1 Karat Diamant", [D1], None),
    ("14 Karat Gold, Diamant 0,90 ct", [D90, G585], None),
    ("1/2 Karat Diamant", [D50], "claim_diamond_weight fraction"),
]

FRENCH = Words(gold=("gold", "Or"))
GERMAN = Words(diamond=("diamond", "Diamant"), gold=("gold", "Gold"))


@tagged("post_install", "-at_install")
class TestClaimWordsOfRules(TransactionCase):
    """What jewelers write in three countries, by the rules that the module brings for them."""

    def _get_laws(self, code):
        jurisdiction = self.env.ref(f"jewelry_inventory.jurisdiction_{code}")
        names = self.env["jewelry.rule"]._get_subjects()
        found = self.env["jewelry.rule"]._get_rules(names, jurisdiction)
        return {subject: rule.values for subject, rule in found.items()}

    def _check_table(self, table, laws, words=None):
        for text, goods, expected in table:
            stones = tuple(one for one in goods if isinstance(one, Stone))
            metals = tuple(one for one in goods if isinstance(one, Metal))
            found = check(text, Subject(stones, metals), laws, words)
            with self.subTest(text=text):
                self.assertEqual(
                    {f"{one.rule} {one.code}" for one in found}, {expected} - {None}, found
                )

    def test_what_may_be_said_in_the_united_states(self):
        self._check_table(UNITED_STATES, self._get_laws("us"))

    def test_what_may_be_said_in_germany(self):
        self._check_table(GERMANY, self._get_laws("de"))

    def test_what_may_be_said_in_france(self):
        self._check_table(FRANCE, self._get_laws("fr"), FRENCH)
        # In an English text it is no metal.
        self._check_table([("Oil or resin", [G585], None)], self._get_laws("fr"))

    def test_german_texts_are_read_by_the_rules_of_the_place_where_they_are_written(self):
        self._check_table(GERMAN_IN_AMERICA, self._get_laws("us"), GERMAN)

    def test_a_language_is_known_only_where_a_rule_says_its_words(self):
        for code, words in (("de", 1), ("fr", 0)):
            laws = self._get_laws(code)
            with self.subTest(code=code):
                self.assertEqual("ends" in laws["claim_words"], bool(words))
                del laws["claim_words"]
                found = check("Goldring", Subject(metals=(BRASS,)), laws)
                self.assertEqual(found, [])

    def test_words_that_a_store_adds_to_its_rule_count_the_same_day(self):
        laws = self._get_laws("de")
        text, subject = "Goldmanschette", Subject(metals=(BRASS,))
        self.assertEqual(check(text, subject, laws), [])
        laws["claim_words"] = laws["claim_words"] | {"ends": ["manschette"]}
        self.assertEqual([one.code for one in check(text, subject, laws)], ["absent"])
        laws["claim_flawless"] = laws["claim_flawless"] | {"vague_words": ["feuerrein"]}
        found = check("Feuerreiner Diamant", Subject((D1,)), laws)
        self.assertEqual([(one.code, one.words) for one in found], [("vague", "Feuerreiner")])

    def test_each_rule_of_the_module_has_a_source_and_fits_its_schema(self):
        for rule in self.env["jewelry.rule"].search([("subject", "=like", "claim_%")]):
            with self.subTest(rule=rule.display_name):
                self.assertTrue(rule.source and rule.checked_on)
                self.assertEqual(rules.check(rule.values, rule._get_schema()), [])
                again, problems = rules.from_text(rule.values_text, rule._get_schema())
                self.assertEqual((again, problems), (rule.values, []))

    def test_a_rule_may_leave_out_words_and_nothing_else(self):
        schema = self.env["jewelry.rule"]._get_subjects()["claim_flawless"][1]
        self.assertEqual(rules.check({"magnification": 10}, schema), [])
        (problem,) = rules.check({"vague_words": ["x"]}, schema)
        self.assertEqual((problem.name, problem.code), ("magnification", rules.MISSING))
        (problem,) = rules.check({"magnification": 10, "vague_words": []}, schema)
        self.assertEqual((problem.name, problem.code), ("vague_words", rules.TYPE))

    def test_words_that_are_left_empty_in_the_form_are_left_out(self):
        schema = self.env["jewelry.rule"]._get_subjects()["claim_flawless"][1]
        values, problems = rules.from_text("magnification = 10\nvague_words =", schema)
        self.assertEqual((values, problems), ({"magnification": 10}, []))


@tagged("post_install", "-at_install")
class TestClaimText(BaseCase):
    """How a text is made plain before it is compared."""

    def test_each_lookalike_is_one_latin_letter(self):
        for sign, letter in claim_text.LOOKALIKES.items():
            self.assertTrue(letter.isascii() and letter.isalpha(), chr(sign))
            self.assertFalse(chr(sign).isascii(), chr(sign))

    def test_what_is_plain_stays_as_it_is(self):
        text = "Weißgold, rosé, Émeraude huilée, 14K-gold 0.52 ct\nzweite Zeile"
        self.assertEqual(claim_text.normalize(text), text)

    @given(st.text(max_size=40))
    @settings(deadline=None, max_examples=300)
    def test_a_plain_text_is_not_made_plainer(self, text):
        plain = claim_text.normalize(text)
        self.assertEqual(claim_text.normalize(plain), plain)

    @given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz ", min_size=1, max_size=20), st.randoms())
    @settings(deadline=None, max_examples=300)
    def test_whoever_hides_a_text_behind_lookalikes_is_read(self, text, random):
        hidden = {}
        for sign, letter in claim_text.LOOKALIKES.items():
            hidden.setdefault(letter, []).append(chr(sign))
        disguised = "".join(
            random.choice([*hidden.get(one, []), one])
            + random.choice(["", "\u200b", "\u00ad", "\u0336"])
            for one in text
        )
        self.assertEqual(claim_text.normalize(disguised), text)

    def test_numbers_are_read_in_three_languages(self):
        for text, plain in (
            ("two carats", "2 carats"),
            ("ninety-nine carats", "99 carats"),
            ("zweiundzwanzig Karat", "22 Karat"),
            ("deux carats", "2 carats"),
            ("three quarters of a carat", "3/4 carat"),
            ("un demi carat", "1 1/2 carat"),
            ("2 and a half carats", "2 1/2 carats"),
            ("Dreikaräter", "3 carat"),
            ("one ring", "one ring"),
            ("someone carat", "someone carat"),
        ):
            self.assertEqual(claim_text.read_numbers(text), plain, text)

    def test_compounds_are_split_at_the_name(self):
        for word, parts in (
            ("Goldring", "Gold-ring"),
            ("Weißgoldringe", "Weiß-gold-ringe"),
            ("Gold", "Gold"),
            ("Goldener", "Goldener"),
            ("Marigold", "Marigold"),
            ("Goldringer Straße", "Gold-ringer Straße"),
        ):
            split = claim_text.split_compounds(word, ["gold"], ["weiß"], ["ring"])
            self.assertEqual(split, parts)
        self.assertEqual(claim_text.split_compounds("Goldring", ["gold"], [], []), "Goldring")

    def test_only_things_beside_the_offer_are_left_out(self):
        for text, left in (
            ("14K or 18K on request", ""),
            ("On request in 14K", ""),
            ("14K ring on request", "14K ring on request"),
            ("14K, 18K", "14K, 18K"),
        ):
            found = claim_text.leave_out_offers(text, r"\d+K", ["on request"])
            self.assertEqual(found, left)
        self.assertEqual(
            claim_text.leave_out_offers("14K on request", r"\d+K", ()), "14K on request"
        )

    def test_a_law_without_words_is_read_as_before(self):
        found = check("Goldring, Augenrein", Subject((D1,), (BRASS,)), LAWS)
        self.assertEqual(found, [])
