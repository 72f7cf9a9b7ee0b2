"""What is said of made-up goods, and the rules for it as the module brings them."""

from decimal import Decimal

from hypothesis import strategies as st

from ..tools import claim, claim_check
from ..tools.claim_check import Metal, Subject, Treatment, Words

# Values of the rules in `data/jewelry_rule_data.xml`; `TestClaimScreens` compares them.
LAWS = {
    "claim_gold": {"unqualified_karat": 24},
    "claim_silver": {"sterling_fineness": 925, "coin_fineness": 900},
    "claim_platinum": {
        "unqualified_fineness": 950,
        "numbered_fineness": 850,
        "mixed_fineness": 500,
        "mixed_total_fineness": 950,
    },
    "claim_vermeil": {"base_fineness": 925, "gold_karat": 10, "thickness": 2.5},
    "claim_diamond": {
        "facets": 17,
        "lab_grown_qualifiers": ["laboratory-grown", "laboratory-created"],
    },
    "claim_diamond_weight": {
        "tolerance": 0.005,
        "points_need_decimals": True,
        "fractions_need_range": True,
    },
    "claim_flawless": {"magnification": 10},
    "claim_treatment": {
        "disclose_not_permanent": True,
        "disclose_special_care": True,
        "disclose_value_effect": True,
    },
}
WORDS = Words(grown=("Lab-grown",), simulant=("Simulant",))

DIAMOND = claim_check.Stone(("Diamond",), is_diamond=True, carat=Decimal("0.49"), clarity="VS1")
GROWN = DIAMOND._replace(is_grown=True)
HEATING = Treatment("H", ("Heating",))
RUBY = claim_check.Stone(("Corundum", "Ruby"), carat=Decimal("1.2"), treatments=(HEATING,))

# The treatments, materials and alloys of the module's own vocabulary: code, name.
TREATMENTS = {
    "E": "Enhanced",
    "ASBL": "Assembled",
    "B": "Bleaching",
    "C": "Coating",
    "D": "Dyeing",
    "F": "Filling",
    "FH": "Flux healing",
    "H": "Heating",
    "HP": "Heat and pressure",
    "I": "Impregnation",
    "IMIT": "Imitation",
    "L": "Laser drilling",
    "O": "Oil or resin",
    "R": "Irradiation",
    "SYN": "Synthetic",
    "U": "Diffusion",
    "W": "Waxing or oiling of the surface",
}
MATERIALS = ("Diamond", "Corundum", "Ruby", "Emerald", "Amber", "Freshwater Pearl")
ALLOYS = [
    ("gold", "9K White Gold (nickel)", 375),
    ("gold", "14K Rose Gold", 585),
    ("gold", "18K Yellow Gold", 750),
    ("gold", "Gold 800", 800),
    ("gold", "Gold", 585),
    ("gold", "Grandmother's Gold", 333),
    ("gold", "22K Yellow Gold", 916),
    ("gold", "Gold 990", 990),
    ("gold", "Fine Gold 999.9", 999.9),
    ("silver", "Silver 800", 800),
    ("silver", "Silver", 830),
    ("silver", "Sterling Silver", 925),
    ("silver", "Britannia Silver", 958),
    ("platinum", "Platinum 850", 850),
    ("platinum", "Platinum", 900),
    ("platinum", "Platinum 900 Iridium", 900),
    ("platinum", "Platinum 950 Cobalt", 950),
    ("steel", "Stainless Steel 316L", 0),
]

codes = st.lists(st.sampled_from(sorted(TREATMENTS)), max_size=3, unique=True)


@st.composite
def stones(draw):
    """Return the words of a stone, and what is known of it."""
    material, is_grown = draw(st.sampled_from(MATERIALS)), draw(st.booleans())
    carat = Decimal(draw(st.integers(1, 30_000))) / 1000
    count = draw(st.just(1) | st.integers(2, 400))
    treatments, clarity = draw(codes), draw(st.sampled_from(["", "FL", "IF", "VS1", "I1"]))
    names = tuple(TREATMENTS[code] for code in treatments)
    told = claim.Stone(
        material=material,
        grown="Lab-grown" if is_grown else "",
        carat=carat,
        count=count,
        shape=draw(st.sampled_from(["", "Round", "Cut-Cornered Rectangular"])),
        color=draw(st.sampled_from(["", "E", "K", "Fancy Vivid Orangy Yellow"])),
        clarity=clarity,
        cut=draw(st.sampled_from(["", "Excellent cut"])),
        treatments=names,
        told=names,
        codes=tuple(treatments),
        reports=draw(st.sampled_from([(), ("GIA 2141438171",)])),
    )
    known = claim_check.Stone(
        names=(material,),
        is_diamond=material == "Diamond",
        is_grown=is_grown,
        carat=carat,
        count=count,
        clarity=clarity,
        treatments=tuple(Treatment(code, (TREATMENTS[code],)) for code in treatments),
        kind=(material, is_grown, tuple(treatments)),
    )
    return told, known


@st.composite
def metals(draw):
    """Return the words of an alloy, and what is known of it."""
    code, name, fineness = draw(st.sampled_from(ALLOYS))
    return claim.Metal(name, fineness), Metal(code, fineness)


def find(text, *stones_known, metals_known=(), laws=None, words=WORDS):
    """Return [(rule, what is wrong, words)] of a text on stones and metals."""
    subject = Subject(stones_known, tuple(metals_known))
    found = claim_check.check(text, subject, LAWS if laws is None else laws, words)
    return [(one.rule, one.code, one.words) for one in found]
