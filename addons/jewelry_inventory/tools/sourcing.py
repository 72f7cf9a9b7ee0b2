"""Where metal comes from, by weight: mixes, and how they part and unite.

A mix maps each source to the grams of fine metal that are of it. Whatever is divided, the grams
of each source stay the same in all, to the microgram: what is recycled is neither made nor lost.
Everything is :class:`~decimal.Decimal`.
"""

from collections import Counter
from decimal import ROUND_FLOOR, Decimal

from .weight import to_decimal

MINED = "mined"
RECYCLED = "recycled"
FAIR_MINED = "fair_mined"
LAB_GROWN = "lab_grown"
MIXED = "mixed"
UNKNOWN = "unknown"

# What buyers pay for, and somebody must therefore prove. What is only stated has a source of its
# own, so that it is never mixed up with what a paper shows.
CLAIMED = (RECYCLED, FAIR_MINED)
STATED = "_stated"

# What a gram of metal can be.
METAL_SOURCES = (MINED, *CLAIMED, *(source + STATED for source in CLAIMED), UNKNOWN)

MICRO = Decimal("0.000001")


def state(source):
    """Return a source as what nobody has proven."""
    return source + STATED if source in CLAIMED else source


def prove(mix, source):
    """Return a mix in which what was stated of a source is proven."""
    return add([{source if one == state(source) else one: grams} for one, grams in mix.items()])


def round_micro(grams):
    """Round down to a microgram: never more than there is."""
    return to_decimal(grams).quantize(MICRO, ROUND_FLOOR)


def apportion(total, mix):
    """Return `total` grams that are mixed like `mix`; the parts sum to the total exactly.

    What rounding leaves goes, a microgram each, to the parts that rounding took most from.
    """
    base = sum(mix.values())
    if not base:
        return {UNKNOWN: total} if total else {}
    exact = {source: total * grams / base for source, grams in mix.items()}
    parts = {source: round_micro(grams) for source, grams in exact.items()}
    left = int((total - sum(parts.values())) / MICRO)
    for source in sorted(mix, key=lambda source: (parts[source] - exact[source], source))[:left]:
        parts[source] += MICRO
    return {source: grams for source, grams in parts.items() if grams}


def take(mix, grams):
    """Return what `grams` of a mix are of, and what is left of the mix.

    What is taken beyond the mix is of unknown source.
    """
    total = min(grams, sum(mix.values()))
    share = apportion(total, mix) if total else {}
    left = {source: mix[source] - share.get(source, 0) for source in mix}
    if grams > total:
        share[UNKNOWN] = share.get(UNKNOWN, Decimal()) + grams - total
    return share, {source: rest for source, rest in left.items() if rest}


def deal(mix, needs):
    """Return a list of what each of `needs`, in grams, gets of a mix; what no scale shows and is
    left over goes to the largest.
    """
    shares = []
    for need in needs:
        share, mix = take(mix, need)
        shares.append(share)
    if shares and mix:
        largest = max(range(len(needs)), key=needs.__getitem__)
        shares[largest] = add([shares[largest], mix])
    return shares


def add(mixes):
    """Return the sum of mixes."""
    total = Counter()
    for mix in mixes:
        total.update(mix)
    return {source: grams for source, grams in total.items() if grams}


def percent(mix, *sources):
    """Return how many percent of a mix are of sources; what is unknown is not."""
    base = sum(mix.values())
    part = sum((mix.get(source, Decimal()) for source in sources), Decimal())
    return 100 * part / base if base else Decimal()


def main_source(mix):
    """Return the one source of a mix, proven or not, or that it is mixed; of nothing it is
    unknown.
    """
    sources = list({source.removesuffix(STATED) for source, grams in mix.items() if grams})
    return sources[0] if len(sources) == 1 else MIXED if sources else UNKNOWN
