"""What must not be said of a stone or a metal, by the rules that hold where it is sold.

No number of the law is here: limits come with the rules. A text is compared with what is known of
the goods; what is not known is not held against it.
"""

import re
from collections import Counter
from decimal import Decimal
from typing import Any, NamedTuple

from .claim import TIMES
from .claim_text import (
    any_of,
    leave_out_offers,
    normalize,
    read_numbers,
    split_compounds,
)
from .weight import round_milli, to_decimal

# What is wrong with a text.
UNQUALIFIED = "unqualified"  # a word that only finer metal may have
OVERSTATED = "overstated"  # finer than the metal is
ABSENT = "absent"  # a metal that is not in it
BASE = "base"  # vermeil on something else than silver of this fineness
UNNAMED = "unnamed"  # little platinum, and the other metals are not named
NO_DIAMOND = "no_diamond"
GROWN = "grown"  # a diamond that was grown, and the word before it is missing
WEIGHT = "weight"
POINTS = "points"  # without the decimal carat
FRACTION = "fraction"  # without the range that it stands for
FLAWED = "flawed"
VAGUE = "vague"  # a word for clarity that no grade has
TREATMENT = "treatment"

COLORS = (
    "yellow|white|rose|pink|red|green|grey|gray|black|blue|champagne|two-tone|tri-color|solid"
    "|gelb|weiß|rosé|rot|massiv|jaune|blanc|gris|rouge|vert|massif|deux tons"
)
# What stands between a fineness and its metal: colours, finishes, the fineness once more; nothing
# that begins another thing, as in "14K clasp on a gold chain".
FINISHES = "brushed|matte|matt|satin|polished|hammered|recycled|italian|rhodium[ -]plated"
BETWEEN = rf"(?:(?:{COLORS}|{FINISHES}|and|&|/|und|et|\(?\d{{3}}\)?)[\s-]*)*$"
# What follows a metal that is a layer, or a colour.
BASES = "(?:sterling|silver|brass|bronze|copper)"
COATED = (
    r"(?:plat(?:e|ed|ing)|filled|overlay|vermeil|bonded|dipped|wash(?:ed)?|leaf"
    rf"|over\s+{BASES})\b"
)
# The French name the layer first.
LAYERED = r"\b(?:plaqu\w*|doubl\w*)\s+$"
LAYERS = rf"[\s-]*(?:{COATED}|(?:tones?|toned|colou?r(?:ed)?|finish)\b)"
SHAPED = (
    r"-(?:cut|shaped?|patterned|set)\b|\s(?:shaped|pattern|cut (?:chain|rope|band|edge|finish))"
)
OTHER_PLATINUM = r"\b(?:iridium|palladium|ruthenium|rhodium|osmium|irid|pall|ruth|rhod|osmi)"
IMITATION = ("imitation", "simulated")
UNIT = r"(?:carats?|cts?|cttw|ctw|tcw)\b"
DECIMAL = r"\d*[.,]\d+"
FINE = r"(\d{3}(?:[.,]\d+)?)"
NO = (
    r"\b(?:no|not|non|never|without|un|nicht|kein\w*|ohne|pas|sans|aucune?)"
    r"[\s-]+(?:\w+\s+){0,3}$"
)
# Of adjectives in German and French.
ENDINGS = r"(?:e?s|e[nmr]?)?"
DENIED = r"\b(?:not|no|nicht|kein\w*|pas)\s+(?:an?\s+|de\s+|un\s+)?$"
# What is without flaw or perfect is not the stone.
WORK = r"(?!\s+(?:fit|finish|polish|setting|design|craft|workmanship|service))"
THING = r"(?:-set\b|\s+(?:ring|band|earring|stud|pendant|necklace|bracelet|gift|present))"

KARAT = re.compile(r"(?<![\d.,])(\d{1,2}(?:[.,]\d)?)[\s-]*(?:karats?|kt|k)\b", re.IGNORECASE)
# The British and the French write carat for karat, too.
CARAT_GOLD = rf"(?<![\d.,])(\d{{1,2}})[\s-]*(?:carats?|ct)\.?[\s-]+{BETWEEN}"
KARAT_GOLD = rf"(?:{KARAT.pattern})\.?[\s/-]*{BETWEEN}"
# What a compound names: Gold-ring 585.
JOINED = r"(?:-\w+)?"
GOLD_KARAT = (
    rf"{JOINED}[\s-]*(?:(?:{COLORS})\s+)*[:,(]?\s*(\d{{1,2}}(?:[.,]\d)?)[\s-]*"
    r"(?:karats?|kt|k|carats?|ct)\b"
)
RANGE = re.compile(rf"({DECIMAL})\s*(?:-|\u2013|to)\s*({DECIMAL})\s*-?\s*{UNIT}", re.IGNORECASE)
FRACTIONS = re.compile(rf"(?:\d+[\s-]+)?\d+/\d+\s*-?\s*(?:{UNIT}|karat\b)", re.IGNORECASE)
# Germans weigh stones in Karat; where it has decimals, or stands right before a diamond, it is not
# that of gold.
WEIGHTS = re.compile(
    rf"(?<![\d.,/])(?:({DECIMAL}|\d+)\s*-?\s*{UNIT}|({DECIMAL}|\d+)\s*karat\b)",
    re.IGNORECASE,
)
# From 500 on it is the fineness of platinum: 950 Pt.
POINTED = re.compile(
    r"(?<![\d.,])([1-4]?\d{1,2})[\s-]*(?:pointers?|points?|pts?)\b(?!\s*(?:setting|prong|star))",
    re.IGNORECASE,
)
FLAWLESS = re.compile(rf"(internally\s+)?\bflawless\b{WORK}", re.IGNORECASE)
CODES = re.compile(r"\(([A-Z]{1,4}(?:\s*[, /+]\s*[A-Z]{1,4})*)\)")

# How treatments are told beside their names, by the code of the trade.
STEMS = {
    "ASBL": ("assembl", "doublet", "triplet", "dublette"),
    "B": ("bleach", "gebleicht", "blanchi"),
    "C": ("coated", "coating", "beschicht", "revêtu"),
    "D": ("dye", "gefärbt", "teinté"),
    "E": ("enhanc", "verbesser", "amélior"),
    "F": ("filled", "filling", "gefüllt", "rissgefüllt", "rempli", "comblé"),
    "FH": ("flux",),
    "H": ("heat", "erhitz", "gebrannt", "hitze", "chauff"),
    "HP": ("hpht", "heat and pressure"),
    "I": ("impregnat", "stabili", "imprägn", "imprégn"),
    "IMIT": ("imitation", "simulated", "simulant"),
    "L": ("laser",),
    "O": ("oil", "resin", "geölt", "harz", "huil", "résine"),
    "R": ("irradi", "bestrahlt"),
    "SYN": ("synth", "lab", "created"),
    "U": ("diffus", "diffundiert"),
    "W": ("wax", "oil", "gewachst", "ciré"),
}


class Treatment(NamedTuple):
    """What was done to a stone: its code, its names in all languages, and why it is told."""

    code: str
    names: tuple
    needs_disclosure: bool = True
    special_care: bool = False


class Stone(NamedTuple):
    """What is known of a stone, or of a group of like stones."""

    #: Of species and variety, in all languages.
    names: tuple
    is_diamond: bool = False
    is_grown: bool = False
    #: Of all together; None if not known.
    carat: Decimal | None = None
    count: int = 1
    #: Code of the grade.
    clarity: str = ""
    treatments: tuple = ()
    #: Stones of one kind are added up.
    kind: Any = None


class Metal(NamedTuple):
    """A metal in a piece: its code, such as gold, and its parts per thousand."""

    code: str
    fineness: float


class Subject(NamedTuple):
    """What a text is about; nothing is known of what is empty."""

    stones: tuple = ()
    metals: tuple = ()


class Words(NamedTuple):
    """What things are called in the languages of the store, beside English."""

    diamond: tuple = ("diamond",)
    gold: tuple = ("gold",)
    silver: tuple = ("silver",)
    platinum: tuple = ("platinum",)
    #: What is said before the name of a stone that was grown, and of one that only looks like it.
    grown: tuple = ()
    simulant: tuple = ()
    #: What follows or precedes a metal that is but a layer or a colour.
    layers: tuple = ()
    #: What a language writes in one word with a metal or a diamond, before and behind it.
    starts: tuple = ()
    ends: tuple = ()
    #: What says that other metal can be had: on request.
    offers: tuple = ()


class Finding(NamedTuple):
    """What must not be said: the subject of the rule, what is wrong, the words, what is meant."""

    rule: str
    code: str
    words: str
    limit: Any = None


def check(text, subject, laws, words=None):
    """Return the `Finding` of all that a text must not say.

    :param str text: what a customer reads
    :param Subject subject: what it is about
    :param dict laws: {subject of a rule: its values}, as of `jewelry.rule`; what is not in it is
        not checked
    :param Words words: names in other languages
    """
    words = _extend(words or Words(), laws.get("claim_words", {}))
    text = _read_text(text, words)
    checks = {
        "claim_gold": _check_gold,
        "claim_silver": _check_silver,
        "claim_platinum": _check_platinum,
        "claim_vermeil": _check_vermeil,
        "claim_diamond": _check_diamond,
        "claim_diamond_weight": _check_weight,
        "claim_flawless": _check_flawless,
        "claim_treatment": _check_treatment,
    }
    found = [
        Finding(rule, *problem)
        for rule, find in checks.items()
        if rule in laws
        for problem in find(text, subject, laws[rule], words)
    ]
    return list(dict.fromkeys(found))


def _extend(words, law):
    """Return the words with those that the rule on the language adds."""
    more = {name: (*getattr(words, name), *law[name]) for name in law}
    return words._replace(**more)


def _read_text(text, words):
    """Return the text with all in it made plain that a language hides."""
    names = {*words.diamond, *words.gold, *words.silver, *words.platinum}
    text = read_numbers(normalize(text))
    ends = (*words.ends, *words.layers)
    return split_compounds(text, names, words.starts, ends)


def _find(names, text):
    """Return the matches of names, as whole words, singular or plural."""
    names = sorted({*names} - {""}, key=len, reverse=True)
    pattern = "|".join(re.escape(normalize(name)) for name in names)
    return re.finditer(rf"(?<!\w)(?:{pattern})s?(?!\w)", text, re.I) if pattern else ()


# === METALS === #


def _get_karat(fineness):
    """Return parts of twenty-four to a tenth, as the trade counts them: 585 and 583 are 14."""
    return round(fineness * 24 / 1000, 1)


def _get_best(subject, code):
    """Return the finest of a metal in the piece: 0 if there is none, None if nothing is known."""
    finenesses = [metal.fineness for metal in subject.metals if metal.code == code]
    return max(finenesses, default=0) if subject.metals else None


def _find_metal(names, text, words):
    """Yield each use of a metal's name that is not that of a layer or a colour."""
    own = rf"[\s-]*(?:{any_of(words.layers)})" if words.layers else r"(?!)"
    for match in _find(names, text):
        follows = re.match(rf"{LAYERS}|{own}", text[match.end() :], re.IGNORECASE)
        if not (follows or re.search(LAYERED, text[: match.start()], re.IGNORECASE)):
            yield match


def _find_marked(symbol, text):
    """Return marks of an element and its parts per thousand in one word: Au750, 750Au."""
    return re.finditer(
        rf"(?<!\w){symbol}(?=\d{{3}}(?!\d))|(?<=\b\d{{3}}){symbol}\b", text, re.IGNORECASE
    )


def _read_fineness(text, match):
    """Return the parts per thousand that stand beside a metal's name on its line, or None; of two
    the lower, since one may be that of another metal.
    """
    before = rf"(?<!\d)(?<!\d[.,]){FINE}(?:er\b)?\)?(?: *‰|/1000|/000|/-)?[ -]*{BETWEEN}"
    after = (
        rf"{JOINED}\.? *(?:(?:{COLORS}) +)*(?:\([a-z ]+\) *)?[:,]? *\(? *\.?{FINE}"
        r"(?![\d.,]* *(?:g|mm|cm|ct)\b)"
    )
    found = (
        re.search(before, text[: match.start()], re.IGNORECASE),
        re.match(after, text[match.end() :], re.IGNORECASE),
    )
    return min((_read(one[1]) for one in found if one), default=None)


def _read(number):
    return to_decimal(number.replace(",", "."))


def _excerpt(text, match):
    """Return what was said, with the two words before it."""
    start = text[: match.start()].rfind("\n") + 1
    before = text[start : match.start()].split()[-2:]
    return " ".join([*before, match[0]])


def _check_gold(text, subject, law, words):
    best = _get_best(subject, "gold")
    if best is None:
        return
    limit = law["unqualified_karat"]
    karat = _get_karat(best)
    coated = re.search(rf"\b{COATED}", text, re.IGNORECASE)
    text = _leave_out_offers(text, best, words)
    for match in KARAT.finditer(text):
        if not best and not coated:
            yield ABSENT, match[0]
        elif best and _read(match[1]) > to_decimal(karat):
            yield OVERSTATED, match[0], f"{karat:g}K"
    for match in [*_find_metal(words.gold, text, words), *_find_marked("au", text)]:
        yield from _check_gold_word(text, match, best, limit)


def _leave_out_offers(text, best, words):
    """Return the text without the karats that can be had instead of those of the piece: the rule
    is on the fineness of what is sold. A piece without gold is not sold by karats at all.
    """
    gold = rf"(?:[\s-]+(?:{COLORS}))*(?:[\s-]+(?:{any_of(words.gold)})s?\b)?"
    return leave_out_offers(text, KARAT.pattern + gold, words.offers) if best else text


def _check_gold_word(text, match, best, limit):
    before = text[: match.start()]
    british = re.search(CARAT_GOLD, before, re.IGNORECASE) or re.match(
        GOLD_KARAT, text[match.end() :], re.IGNORECASE
    )
    told = re.search(KARAT_GOLD, before, re.IGNORECASE)
    fineness = _read_fineness(text, match)
    karat = _get_karat(best)
    if not best:
        yield ABSENT, _excerpt(text, match)
    elif british and _read(british[1]) > to_decimal(karat):
        yield OVERSTATED, _excerpt(text, match), f"{karat:g}K"
    elif fineness and fineness > to_decimal(best):
        yield OVERSTATED, _excerpt(text, match), f"{best:g} ‰"
    elif not (british or told or fineness) and karat < limit:
        yield UNQUALIFIED, _excerpt(text, match), f"{limit}K"


def _check_silver(text, subject, law, words):
    best = _get_best(subject, "silver")
    if best is None:
        return
    grades = {"sterling": law["sterling_fineness"], "coin silver": law["coin_fineness"]}
    for name, limit in grades.items():
        for match in _find_metal([name], text, words):
            if best < limit:
                yield UNQUALIFIED, _excerpt(text, match), f"{limit:g} ‰"
    for match in [*_find_metal(words.silver, text, words), *_find_marked("ag", text)]:
        graded = re.search(r"\b(?:sterling|coin)\s+$", text[: match.start()], re.IGNORECASE)
        if not graded:
            yield from _check_fine_word(text, match, best, law["sterling_fineness"])


def _check_fine_word(text, match, best, limit):
    """Yield what is wrong with a metal's name: it says its fineness, or is as fine as the limit."""
    fineness = _read_fineness(text, match)
    if not best:
        yield ABSENT, _excerpt(text, match)
    elif fineness and fineness > to_decimal(best):
        yield OVERSTATED, _excerpt(text, match), f"{best:g} ‰"
    elif not fineness and best < limit:
        yield UNQUALIFIED, _excerpt(text, match), f"{limit:g} ‰"


def _check_platinum(text, subject, law, words):
    best = _get_best(subject, "platinum")
    if best is None:
        return
    short = re.finditer(
        r"\b(?:plat|pt)\b\.?(?=\s*\d{3})|(?<=[5-9]\d\d)\s*(?:plat|pt)\b", text, re.I
    )
    for match in [*_find_metal(words.platinum, text, words), *short, *_find_glued(text)]:
        problems = list(_check_fine_word(text, match, best, law["unqualified_fineness"]))
        yield from problems or _check_platinum_share(text, match, best, law)


def _find_glued(text):
    """Return marks written in one word: 900Plat, Pt950."""
    return re.finditer(r"\b(?:plat|pt)(?=\d{3}\b)", text, re.IGNORECASE)


def _check_platinum_share(text, match, best, law):
    if best < law["mixed_fineness"]:
        yield UNQUALIFIED, _excerpt(text, match), f"{law['mixed_fineness']:g} ‰"
    elif best < law["numbered_fineness"] and not re.search(OTHER_PLATINUM, text, re.IGNORECASE):
        yield UNNAMED, _excerpt(text, match), f"{law['numbered_fineness']:g} ‰"


def _check_vermeil(text, subject, law, words):
    best = _get_best(subject, "silver")
    if best is not None and best < law["base_fineness"]:
        for match in _find(["vermeil"], text):
            yield BASE, _excerpt(text, match), f"{law['base_fineness']:g} ‰"


# === STONES === #


def _check_diamond(text, subject, law, words):
    used = [
        match
        for match in _find([*words.diamond, *(f"{name}en" for name in words.diamond)], text)
        if not re.match(SHAPED, text[match.end() :], re.IGNORECASE)
    ]
    if not subject.stones or not used:
        return
    diamonds = [stone for stone in subject.stones if stone.is_diamond]
    grown = [stone for stone in diamonds if stone.is_grown]
    said = (*law["lab_grown_qualifiers"], *words.grown)
    if not diamonds:
        said = (*IMITATION, *words.simulant)
    bare = [match for match in used if not _qualifies(said, text, match)]
    if not diamonds:
        bare = [match for match in bare if not _denies(text, match, words)]
        yield from ((NO_DIAMOND, _excerpt(text, match)) for match in bare)
    elif grown and (len(grown) == len(diamonds) or len(bare) == len(used)):
        limit = law["lab_grown_qualifiers"][0]
        yield from ((GROWN, _excerpt(text, match), limit) for match in bare)


def _qualifies(said, text, match):
    """Tell whether one of the words said is right before a name; in other languages than English,
    right behind it, too.
    """
    pattern = _get_pattern(said)
    if re.search(rf"\b(?:{pattern}){ENDINGS}[\s-]*$", text[: match.start()], re.IGNORECASE):
        return True
    english = re.match("diamond", match[0], re.IGNORECASE)
    behind = re.match(rf"[\s-]*(?:{pattern}){ENDINGS}\b", text[match.end() :], re.IGNORECASE)
    return bool(behind and not english)


def _denies(text, match, words):
    """Tell whether a text says that it is no diamond, or what only looks like one."""
    looks = _get_pattern((*IMITATION, "simulant", *words.simulant))
    return bool(
        re.search(DENIED, text[: match.start()], re.IGNORECASE)
        or re.match(rf"[\s-]*(?:{looks})s?\b", text[match.end() :], re.IGNORECASE)
    )


def _get_pattern(said):
    """Return the pattern of words; the trade shortens laboratory."""
    return "|".join(
        re.sub(r"[\s-]+|\\[ -]", r"[\\s-]*", re.escape(normalize(word))).replace(
            "laboratory", "lab(?:oratory)?"
        )
        for word in said
        if word
    )


def _get_weights(stones):
    """Return all weights that can truly be said: of each stone and group, of one in a group, of
    all, of a kind, and of those beside the heaviest.
    """
    total, kinds, weights = Decimal(0), Counter(), set()
    for stone in stones:
        carat = round_milli(stone.carat)
        weights |= {carat, carat / stone.count}
        kinds[stone.kind] += carat
        kinds[stone.is_diamond, "diamond"] += carat
        total += carat
    heaviest = max(stones, key=lambda stone: stone.carat)
    first = round_milli(heaviest.carat)
    sums = {total, *kinds.values()}
    return weights | sums | {total - first, kinds[heaviest.kind] - first}


def _check_weight(text, subject, law, words):
    stones = subject.stones
    known = stones and all(stone.carat is not None for stone in stones)
    if not known or not any(stone.is_diamond for stone in stones):
        return
    weights = _get_weights(stones)
    ranges = [(_read(match[1]), _read(match[2])) for match in RANGE.finditer(text)]
    if law["fractions_need_range"]:
        yield from _check_fractions(text, weights, ranges)
    if not FRACTIONS.search(text):
        yield from _check_ranges(text, stones, weights)
    text = FRACTIONS.sub("", RANGE.sub("", text))
    said = []
    for match in WEIGHTS.finditer(text):
        number = match[1] or match[2]
        said.append(_read(number))
        is_karat = (match[2] and match[2].isdigit()) or _is_karat(number, subject)
        is_karat = is_karat and not _weighs_diamond(text, match, words)
        if not is_karat and not _is_accurate(number, weights, law["tolerance"]):
            yield WEIGHT, match[0], _say_weights(stones)
    if law["points_need_decimals"]:
        yield from _check_points(text, said)


def _check_ranges(text, stones, weights):
    """Yield each range that no weight is in."""
    for match in RANGE.finditer(text):
        if not any(_read(match[1]) <= weight <= _read(match[2]) for weight in weights):
            yield WEIGHT, match[0], _say_weights(stones)


def _weighs_diamond(text, match, words):
    """Tell whether carats stand right before diamonds, and are not what gold before them is."""
    before, rest = text[: match.start()], text[match.end() :]
    is_gold = any(
        re.fullmatch(rf"(?:\s*(?:{COLORS}))*\s*[:,(]?\s*", before[gold.end() :], re.IGNORECASE)
        for gold in _find(words.gold, before)
    )
    named = any(not rest[: name.start()].strip(" .-") for name in _find(words.diamond, rest))
    return named and not is_gold


def _is_accurate(number, weights, tolerance):
    """Tell whether a weight is right to its last place; one with fewer than two has the tolerance
    of the law.
    """
    stated = _read(number)
    places = max(-stated.as_tuple().exponent, 0)
    half = Decimal(10) ** -places / 2 if places > 1 else to_decimal(tolerance)
    return any(stated - half <= weight < stated + half for weight in weights)


def _is_karat(number, subject):
    """Tell whether a whole number of carats is the British karat of the gold."""
    karats = {_get_karat(metal.fineness) for metal in subject.metals if metal.code == "gold"}
    return number.isdigit() and float(number) in karats


def _say_weights(stones):
    heaviest = max(round_milli(stone.carat) for stone in stones)
    total = sum(round_milli(stone.carat) for stone in stones)
    return " / ".join(dict.fromkeys(f"{carat} ct" for carat in (heaviest, total)))


def _check_points(text, said):
    for match in POINTED.finditer(text):
        if not any(abs(stated - _read(match[1]) / 100) < Decimal("0.01") for stated in said):
            yield POINTS, match[0]


def _check_fractions(text, weights, ranges):
    told = any(low <= weight <= high for low, high in ranges for weight in weights)
    if not told:
        yield from ((FRACTION, match[0].strip()) for match in FRACTIONS.finditer(text))


def _check_flawless(text, subject, law, words):
    if not subject.stones:
        return
    grades = {stone.clarity for stone in subject.stones}
    limit = f"{law['magnification']}{TIMES}"
    for match in FLAWLESS.finditer(text):
        if not grades & ({"FL", "IF"} if match[1] else {"FL"}):
            yield FLAWED, match[0], limit
    if not grades & {"FL", "IF"}:
        said = _find_adjectives(law.get("internal_words"), text)
        yield from ((FLAWED, match[0], limit) for match in said)
    for match in _find_adjectives(law.get("vague_words"), text):
        yield VAGUE, match[0]
    yield from _check_perfect(text, subject, grades, words, limit)


def _find_adjectives(names, text):
    """Yield the matches of adjectives, in all their forms, of which nobody says that it is not."""
    for match in re.finditer(
        rf"(?<!\w)(?:{any_of(names or ()) or '(?!)'}){ENDINGS}(?!\w)", text, re.I
    ):
        if not re.search(DENIED, text[: match.start()], re.IGNORECASE):
            yield match


def _check_perfect(text, subject, grades, words, limit):
    names = {name for stone in subject.stones for name in stone.names}
    for match in _find({*names, *words.diamond, "gem", "gemstone", "stone", "clarity"}, text):
        is_stone = not re.match(THING, text[match.end() :], re.IGNORECASE)
        perfect = re.search(r"\bperfect\s+$", text[: match.start()], re.IGNORECASE)
        if "FL" not in grades and perfect and is_stone:
            yield FLAWED, f"perfect {match[0]}", limit


def _check_treatment(text, subject, law, _words):
    for stone in subject.stones:
        for treatment in stone.treatments:
            if not _must_tell(treatment, law) or _tells(text, treatment):
                continue
            for match in list(_find(stone.names, text))[:1]:
                yield TREATMENT, _excerpt(text, match), treatment.names[0]


def _must_tell(treatment, law):
    lasting = law["disclose_not_permanent"] or law["disclose_value_effect"]
    return (treatment.needs_disclosure and lasting) or (
        treatment.special_care and law["disclose_special_care"]
    )


def _tells(text, treatment):
    """Tell whether a text says what was done, and does not say that it was not."""
    codes = {code for match in CODES.finditer(text) for code in re.findall("[A-Z]+", match[1])}
    if treatment.code in codes:
        return True
    names = map(normalize, treatment.names)
    stems = [*map(re.escape, STEMS.get(treatment.code, ())), *map(re.escape, names)]
    return any(
        not re.search(NO, text[: match.start()], re.IGNORECASE)
        for stem in stems
        for match in re.finditer(rf"\b{stem}", text, re.IGNORECASE)
    )
