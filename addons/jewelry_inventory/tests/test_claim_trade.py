from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ..tools.claim_check import Metal, Stone, Treatment, Words
from .claim_common import WORDS, find

GERMAN = Words(
    diamond=("diamond", "Diamant"),
    gold=("gold", "Gold"),
    silver=("silver", "Silber"),
    platinum=("platinum", "Platin"),
    grown=("Lab-grown", "Laborgezüchtet"),
    simulant=("Simulant", "Imitation"),
)
FRENCH = Words(
    diamond=("diamond", "Diamant"),
    gold=("gold", "Or"),
    silver=("silver", "Argent"),
    platinum=("platinum", "Platine"),
    grown=("Lab-grown", "de laboratoire"),
    simulant=("Simulant", "imitation"),
)

HEATED = Treatment("H", ("Heating",))
OILED = Treatment("O", ("Oil or resin",))
ZIRCONIA = Stone(("Cubic Zirconia",), carat=Decimal("1.00"))
BRASS = Metal("brass", 0)


def gold(fineness=585):
    return Metal("gold", fineness)


def silver(fineness=925):
    return Metal("silver", fineness)


def platinum(fineness=950):
    return Metal("platinum", fineness)


def diamond(carat, count=1, **values):
    return Stone(("Diamond", "Diamant"), True, carat=Decimal(carat), count=count, **values)


def grown(carat, count=1):
    return diamond(carat, count, is_grown=True)


def gem(*names, treatments=()):
    return Stone(names, carat=Decimal("1.20"), treatments=treatments, kind=names)


RUBY = gem("Ruby", "Rubin", "Rubis", treatments=(HEATED,))
EMERALD = gem("Emerald", "Smaragd", "Émeraude", treatments=(OILED,))

HONEST_AMERICAN = [
    (
        "Round brilliant diamond solitaire, 1.02 ct, G VS2, in 14K white gold",
        diamond("1.02"),
        gold(),
    ),
    ("14KT Gold Tennis Bracelet 3.00 CTW", diamond("3.00", 50), gold()),
    ("Two-tone 18K white and yellow gold ring", gold(750)),
    ("14k white & yellow gold ring", gold()),
    ("14K Italian gold chain", gold()),
    ("14K brushed gold ring", gold()),
    ("14K rhodium-plated white gold ring", gold()),
    ("14K champagne gold", gold()),
    ("18K (750) gold ring", gold(750)),
    ("18K/750 yellow gold", gold(750)),
    ("Gold: 14K", gold()),
    ("Gold (14K)", gold()),
    ("White Gold 14K diamond band, 0.50 ct t.w.", diamond("0.50", 20), gold()),
    ("14K gold over silver", silver()),
    ("18K gold over sterling silver", silver()),
    ("14K gold bonded sterling", silver()),
    ("Sterling silver ring, gold dipped", silver()),
    ("10k gold filled chain", BRASS),
    ("Silver .800 tray", silver(800)),
    ("Silver, 800 fine", silver(800)),
    ("PT950 wedding band 6mm", platinum()),
    ("Lab-grown diamond studs 2.00 ctw 14K white gold, E VS1", grown("2.00", 2), gold()),
    ("Diamond shaped pendant", ZIRCONIA, silver()),
    ("Diamond simulant", ZIRCONIA, silver()),
    ("Cubic zirconia, not a diamond", ZIRCONIA, silver()),
    ("The perfect diamond ring for her", diamond("0.50"), gold()),
    ("A perfect stone-set band", diamond("0.50"), gold()),
    ("A flawless fit. Diamond ring", diamond("0.50"), gold()),
    ("Diamond ring, 1/4 ct (0.23-0.28 ct)", diamond("0.25"), gold()),
    ("18 carat gold diamond ring 0.33 ct", diamond("0.33"), gold(750)),
]
HONEST_GERMAN = [
    ("Brillantring 585er Weißgold, 0,50 ct, Wesselton SI", diamond("0.50"), gold()),
    ("585er Gold Ring", gold()),
    ("333er Gold Creolen", gold(333)),
    ("Ring 750/- Gold", gold(750)),
    ("750/000 Gold", gold(750)),
    ("Gold 585/1000, 14 Karat", gold()),
    ("Gold, 585", gold()),
    ("Gold 14 kt", gold()),
    ("800er Silber", silver(800)),
    ("Silber 835, Taufbecher", silver(835)),
    ("Laborgezüchteter Diamant 1,00 ct", grown("1.00")),
    ("Ring mit laborgezüchteten Diamanten, zus. 1,00 ct", grown("1.00", 10)),
    ("1 Karat Diamant, 750er Gold", diamond("1.00"), gold(750)),
    ("Diamant 0,50 Karat", diamond("0.50")),
    ("Rubin, erhitzt, 1,20 ct, mit Diamanten 0,24 ct", RUBY, diamond("0.24", 12)),
    ("Rubin (gebrannt)", RUBY),
    ("Smaragd, geölt", EMERALD),
]
HONEST_FRENCH = [
    ("Bague or 18 carats diamant 0,30 ct", diamond("0.30"), gold(750)),
    ("Bague en or jaune 750/1000, diamant 0,25 carat", diamond("0.25"), gold(750)),
    ("Or blanc 750", gold(750)),
    ("Or jaune 18 carats (750 millièmes)", gold(750)),
    ("Bague or deux tons 750", gold(750)),
    ("Alliance or rose 18K", gold(750)),
    ("Collier or 9 carats (375/1000)", gold(375)),
    ("Plaqué or 18 carats", BRASS),
    ("Argent 800/1000", silver(800)),
    ("Bague diamants de laboratoire 1,00 ct, or 750", grown("1.00", 10), gold(750)),
    ("Rubis chauffé 1,20 ct et diamants 0,20 ct", RUBY, diamond("0.20", 10)),
    ("Émeraude huilée", EMERALD),
]
DISHONEST_AMERICAN = [
    ("18K white and yellow gold", gold()),
    ("Gold ring", gold()),
    ("14K clasp on a gold chain", gold()),
    ("Gold (18K)", gold()),
    ("Sterling silver", silver(800)),
    ("Silver .925", silver(800)),
    ("18K gold earrings worn over everything", BRASS),
    ("Natural diamond ring", grown("1.00")),
    ("Dia\u200bmond ring", grown("1.00")),
    ("Dia\u00admond ring", grown("1.00")),
    ("\uff24iamond ring", grown("1.00")),
    ("Diamond lab-grown", grown("1.00")),
    ("Not only a diamond: two", ZIRCONIA),
    ("0.90-1.10 ct diamond", diamond("0.44")),
    ("14 ct diamond", diamond("0.44"), gold()),
    ("1 carat diamond", diamond("0.90")),
    ("A flawless fit and a flawless diamond", diamond("0.44")),
    ("A perfect diamond set in 14K", diamond("0.44"), gold()),
    ("Unheated ruby", RUBY),
]
DISHONEST_GERMAN = [
    ("750er Gold", gold()),
    ("Gold 18 Karat", gold()),
    ("Gold 750/000", gold()),
    ("925er Silber", silver(800)),
    ("Diamanten 1,00 ct", grown("1.00")),
    ("Diamant 0,50 Karat", diamond("0.44")),
    ("Rubin, nicht erhitzt", RUBY),
    ("Rubin ohne Hitzebehandlung", RUBY),
]
DISHONEST_FRENCH = [
    ("Or 18 carats", gold(375)),
    ("Bague or jaune 18 carats", gold(375)),
    ("Bague or jaune", gold()),
    ("Diamants naturels", grown("1.00")),
    ("Rubis non chauffé", RUBY),
    ("Rubis sans chauffage", RUBY),
]


@tagged("post_install", "-at_install")
class TestClaimTrade(BaseCase):
    """What jewelers of three countries type of their goods, by the rules of the United States."""

    def _find(self, text, *goods, words):
        stones = [one for one in goods if isinstance(one, Stone)]
        metals = [one for one in goods if isinstance(one, Metal)]
        return find(text, *stones, metals_known=metals, words=words)

    def test_what_is_true_is_not_refused(self):
        for goods, words in (
            (HONEST_AMERICAN, WORDS),
            (HONEST_GERMAN, GERMAN),
            (HONEST_FRENCH, FRENCH),
        ):
            for text, *known in goods:
                with self.subTest(text=text):
                    self.assertEqual(self._find(text, *known, words=words), [])

    def test_what_is_not_true_is_refused(self):
        for goods, words in (
            (DISHONEST_AMERICAN, WORDS),
            (DISHONEST_GERMAN, GERMAN),
            (DISHONEST_FRENCH, FRENCH),
        ):
            for text, *known in goods:
                with self.subTest(text=text):
                    self.assertTrue(self._find(text, *known, words=words))

    def test_a_range_that_no_weight_is_in_is_refused(self):
        for text in ("0.90 - 1.10 ct", ".5 to .6 carats"):
            found = self._find(text, diamond("0.44"), words=WORDS)
            self.assertEqual([what for _rule, what, _words in found], ["weight"], text)
        self.assertFalse(self._find("0.40 - 0.50 ct", diamond("0.44"), words=WORDS))
