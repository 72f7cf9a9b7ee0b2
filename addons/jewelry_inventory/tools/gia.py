"""GIA's answers, read: each field of its query has a place here, whatever it is asked about.

Names are those of GIA's own documentation of its Report Results API. An answer is a tree;
every leaf becomes a line of the report as printed, and what we have a field for is read from
it. A leaf or a kind of result that is not in these tables is kept and shown as it came.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple

from . import report
from .report import Printed, Reading, Value, read_first, read_number, read_text, read_word

# Sections of the sheet, in the order in which they are shown.
SECTIONS = (
    "report",
    "stone",
    "proportions",
    "inscription",
    "comment",
    "piece",
    "pearl",
    "parcel",
    "reference",
    "code",
    "file",
    "answer",
    "unknown",
)

# Parts whose name says no more than the section that they are shown in.
WHOLES = ("results", "report_results", "proportions", "links", "data", "quota")

STONE_PARTS = "gia_report_results"
PART_RESULTS = f"{STONE_PARTS}.report_results"


class Target(NamedTuple):
    """Where a leaf goes: a section of the sheet, and the fields that its reader fills."""

    section: str
    fields: tuple = ()
    read: object = None
    # Whether a text that says nothing of the fields is no cause to look.
    is_silent: bool = False


# === WORDS === #

QUALITIES = {"excellent": "EX", "very good": "VG", "good": "G", "fair": "F", "poor": "P"}
QUALITIES |= {code.lower(): code for code in QUALITIES.values()}
CLARITIES = {"flawless": "FL", "internally flawless": "IF"}
CLARITIES |= {
    code.lower(): code
    for code in [
        "FL",
        "IF",
        "VVS1",
        "VVS2",
        "VS1",
        "VS2",
        "SI1",
        "SI2",
        "I1",
        "I2",
        "I3",
        "VVS",
        "VS",
        "SI",
        "I",
    ]
}
# Laboratory-grown diamonds were described by these before 2020.
COLOR_RANGES = {
    "colorless": "D-F",
    "near colorless": "G-J",
    "near-colorless": "G-J",
    "faint": "K-M",
    "very light": "N-R",
    "light": "S-Z",
}
COLOR = re.compile(r"([D-Z])(?:(?: *[-–] *| to )([D-Z]))?(?: range)?(?:,.*)?", re.I)  # noqa: RUF001
FANCY = re.compile(
    r"(fancy light|fancy intense|fancy vivid|fancy deep|fancy dark|fancy|faint|very light|light)"
    r" +(.+)",
    re.I,
)
FLUORESCENCE = re.compile(
    r"(none|faint|medium|very strong|strong)(?: +(blue|yellow|green|orange|red|white))?", re.I
)
INTENSITIES = {
    "none": "NON",
    "faint": "FNT",
    "medium": "MED",
    "strong": "STG",
    "very strong": "VST",
}
SHAPES = (
    (r"cut-?cornered|radiant", "radiant"),
    (r"princess|square modified brilliant", "princess"),
    (r"cushion", "cushion"),
    (r"square emerald|asscher", "asscher"),
    (r"emerald", "emerald"),
    (r"tapered baguette", "tapered-baguette"),
    (r"baguette", "baguette"),
    (r"old european", "old-european"),
    (r"old mine", "old-mine"),
    (r"rose cut", "rose-cut"),
    (r"single cut", "single-cut"),
    (r"half.?moon", "half-moon"),
    (r"heart", "heart"),
    (r"pear", "pear"),
    (r"marquise", "marquise"),
    (r"oval", "oval"),
    (r"trilliant|trillion|triang", "trillion"),
    (r"kite", "kite"),
    (r"hexagon", "hexagon"),
    (r"briolette", "briolette"),
    (r"cabochon", "cabochon"),
    (r"\bbead", "bead"),
    (r"square", "square"),
    (r"rectang", "rectangular"),
    (r"round", "round"),
)
PEARL_SHAPES = (
    (r"baroque|circl", "pearl-baroque"),
    (r"drop", "pearl-drop"),
    (r"button", "pearl-button"),
    (r"round", "pearl-round"),
)
COLOR_ORIGINS = (
    (r"undetermined", "undetermined"),
    (r"treat|process|irradiat|hpht|artificial|enhanced", "treated"),
    (r"^natural$", "natural"),
)
GROWN = r"laborator|lab-?grown|synthetic|man-?made|created"
MATERIAL = re.compile(rf"(?:\b(?:natural|cultured)\b|\b\w*(?:{GROWN})[\w-]*)", re.I)
GROWTHS = (
    (r"\bCVD\b|chemical vapou?r", "synthetic-diamond-cvd"),
    (r"\bHPHT\b.{0,60}growth|growth.{0,60}\bHPHT\b", "synthetic-diamond-hpht"),
)
# What was done to a stone, by the code of the trade; methods before what they are for.
TREATMENTS = (
    (r"high pressure|\bhpht\b|hpht[- ]", "HP"),
    (r"flux", "FH"),
    (r"\bheat(?!.{0,12}pressure)", "H"),
    (r"diffus", "U"),
    (r"irradiat", "R"),
    (r"\bdye|color added", "D"),
    (r"bleach", "B"),
    (r"coat", "C"),
    (r"impregnat|polymer", "I"),
    (r"\bwax", "W"),
    (r"\boil|resin", "O"),
    (r"fill|glass", "F"),
    (r"laser drill|internal laser", "L"),
    (r"assembled|doublet|triplet", "ASBL"),
    (r"enhanc", "E"),
)
NEGATION = re.compile(r"\b(?:no|not|none|without|absence)\b", re.I)
CLAUSE = re.compile(r"[.;,\n]|\b(?:but|however)\b")
# Of a diamond only what its comments say outright; all else they tell is of the grading.
DIAMOND_TREATMENT = re.compile(
    r"laser drill|internal laser|clarity enhanced|fracture|irradiat|coated|hpht|high pressure"
    r"|artificial|treated",
    re.I,
)
INSCRIBED = re.compile(r"inscri", re.I)


# === READERS === #


def read_color(text):
    """Read a colour from D to Z, one or several steps, or a fancy colour."""
    text = text.strip()
    if match := COLOR.fullmatch(text):
        return {"color_grade_id": "-".join(filter(None, match.groups())).upper()}
    if text.lower() in COLOR_RANGES:
        return {"color_grade_id": COLOR_RANGES[text.lower()]}
    if match := FANCY.fullmatch(text):
        intensity = match[1].upper().replace(" ", "-")
        return {"fancy_intensity_id": intensity, "fancy_color": match[2].strip()}
    return {}


def read_fluorescence(text):
    """Read `Medium Blue`: how strong, and of which colour."""
    match = FLUORESCENCE.fullmatch(text.strip())
    if not match:
        return {}
    values = {"fluorescence_grade_id": INTENSITIES[match[1].lower()]}
    if match[2]:
        values["fluorescence_color_id"] = match[2].upper()
    return values


def read_treatments(text):
    """Read what was done to a stone; that nothing was found is `N`, no treatment."""
    found, denied = [], False
    for clause in filter(str.strip, CLAUSE.split(text)):
        if NEGATION.search(clause):
            denied = True
            continue
        codes = [code for pattern, code in TREATMENTS if re.search(pattern, clause, re.I)]
        # How it was enhanced says more than that it was.
        found += [code for code in codes if code != "E" or len(codes) == 1]
    codes = list(dict.fromkeys(found)) or (["N"] if denied else [])
    return {"treatment_ids": codes} if codes else {}


def read_diamond_treatments(text):
    """Read what comments on a natural diamond say was done to it."""
    clauses = CLAUSE.split(text)
    told = [
        clause
        for clause in clauses
        if DIAMOND_TREATMENT.search(clause) and not INSCRIBED.search(clause)
    ]
    values = read_treatments(".".join(told))
    return values if values.get("treatment_ids") != ["N"] else {}


def read_treatment_code(text):
    """Read a code as it is; whether we know it is for our vocabulary to say."""
    return {"treatment_ids": [text.strip().upper()]}


def read_material(name):
    """Return a reader of `Natural Corundum`: the material, and how it came to be."""

    def read(text):
        material = " ".join(MATERIAL.sub(" ", text).split())
        return read_origin(text) | ({name: material} if material else {})

    return read


def read_origin(text):
    """Read whether a stone grew in the ground or in a laboratory, if that is said."""
    if re.search(GROWN, text, re.I):
        return {"origin": "lab_grown"}
    # A cultured pearl is neither: people began it.
    is_natural = re.search(r"\bnatural\b", text, re.I) and not re.search("cultured", text, re.I)
    return {"origin": "natural"} if is_natural else {}


# === TABLES === #


def _section(name, *paths, prefix=""):
    return {prefix + path: Target(name) for path in paths}


def _target(section, read, *fields, is_silent=False):
    return Target(section, fields, read, is_silent)


CARAT = _target("stone", report.read_carats, "carat")
SIZE = _target("stone", report.read_millimetres, *report.MEASURES)
SHAPE = _target("stone", read_first("shape_id", SHAPES), "shape_id")
TREATMENT = _target("stone", read_treatments, "treatment_ids")
TREATMENT_CODE = _target("code", read_treatment_code, "treatment_ids")
INSCRIPTION = _target("inscription", read_text("inscription"), "inscription")
COMMENT = _target("comment", read_text("comment"), "comment")
GRAPHICS = _section("inscription", "inscription_graphics.description", "inscription_graphics.image")

ROOT = {
    "report_number": _target("report", read_text("number"), "number"),
    "report_date": Target("report"),
    "report_date_iso": _target("report", report.read_date, "report_date"),
    "report_type": Target("report"),
    "report_type_code": Target("report"),
    "info_message": Target("report"),
    "is_digital": Target("report"),
    "is_sleeve": Target("report"),
    "quota.remaining": Target("answer"),
    **_section("reference", "name", "code", prefix="industry_disclosures.disclosed_source."),
    **_section(
        "reference",
        "shape_and_cutting_style",
        "measurements",
        "carat_weight",
        "light_performance_grade",
        "brightness",
        "fire",
        "contrast",
        "__typename",
        prefix="supplemental_report_results.",
    ),
    **_section(
        "reference",
        "reference_type_code",
        "reference_type_description",
        "reference_id",
        prefix="associated_references.",
    ),
    **_section(
        "file",
        "pdf",
        "proportions_diagram",
        "plotting_diagram",
        "image",
        "rough_image",
        "rough_video",
        "polished_image",
        "polished_video",
        "dtl_pdf_filename",
        "dttl_pdf_filename",
        "dtlp_pdf_filename",
        "dtlp_image_filename",
        "ideal_report_pdf",
        "aset_image",
        "digital_card",
        "custom_inscription_image",
        "qr_code_image",
        prefix="links.",
    ),
    **_section("file", "asset_type_code", "asset_type_description", "link", prefix="assets."),
}

PROPORTIONS = {
    "depth_pct": _target("proportions", read_number("depth_percent"), "depth_percent"),
    "table_pct": _target("proportions", read_number("table_percent"), "table_percent"),
    "girdle": _target("proportions", read_text("girdle"), "girdle"),
    "culet": _target("proportions", read_text("culet"), "culet"),
    **_section(
        "proportions",
        "crown_angle",
        "crown_height",
        "pavilion_angle",
        "pavilion_depth",
        "star_length",
        "lower_half",
    ),
}

# The same once more, for machines: what was not readable as printed may be so here.
DATA = {
    "shape.shape_group": Target("code"),
    "shape.shape_category": Target("code"),
    "shape.shape_code": Target("code"),
    "shape.shape_group_code": Target("code"),
    "weight.weight": _target("code", report.read_carats, "carat"),
    "weight.weight_unit": Target("code"),
    "color.color_grade_code": _target("code", read_color, "color_grade_id"),
    "color.color_modifier": Target("code"),
    "color_grades.color_grade_code": _target("code", read_color, "color_grade_id"),
    "clarity": _target("code", read_word("clarity_grade_id", CLARITIES), "clarity_grade_id"),
    "cut": _target("code", read_word("cut_grade_id", QUALITIES), "cut_grade_id"),
    "polish": _target("code", read_word("polish_grade_id", QUALITIES), "polish_grade_id"),
    "symmetry": _target("code", read_word("symmetry_grade_id", QUALITIES), "symmetry_grade_id"),
    **_section(
        "code",
        "measurements.__typename",
        "measurements.min_diam",
        "measurements.max_diam",
        "measurements.length",
        "measurements.width",
        "measurements.depth",
        "color_grades.__typename",
        "color_grades.colored_diamond_color_grade",
        "color_grades.colored_diamond_color_grade_code",
        "color_grades.colored_diamond_color_description",
        "color_grades.colored_diamond_color_description_code",
        "color_grades.color_modifier",
        "fluorescence.fluorescence_intensity",
        "fluorescence.fluorescence_color",
        "girdle.girdle_condition",
        "girdle.girdle_condition_code",
        "girdle.girdle_pct",
        "girdle.girdle_size",
        "girdle.girdle_size_code",
        "culet.culet_code",
    ),
    **GRAPHICS,
}

GRADED = {
    "__typename": Target("code"),
    "shape_and_cutting_style": SHAPE,
    "measurements": SIZE,
    "carat_weight": CARAT,
    "color_grade": _target(
        "stone", read_color, "color_grade_id", "fancy_intensity_id", "fancy_color"
    ),
    "color_origin": _target("stone", read_first("color_origin", COLOR_ORIGINS), "color_origin"),
    "color_distribution": Target("stone"),
    "clarity_grade": _target("stone", read_word("clarity_grade_id", CLARITIES), "clarity_grade_id"),
    "cut_grade": _target("stone", read_word("cut_grade_id", QUALITIES), "cut_grade_id"),
    "polish": _target("stone", read_word("polish_grade_id", QUALITIES), "polish_grade_id"),
    "symmetry": _target("stone", read_word("symmetry_grade_id", QUALITIES), "symmetry_grade_id"),
    "fluorescence": _target(
        "stone", read_fluorescence, "fluorescence_grade_id", "fluorescence_color_id"
    ),
    "inscriptions": INSCRIPTION,
    "inscription_reference_id": Target("inscription"),
    "report_comments": COMMENT,
    **_section(
        "stone",
        "key_to_symbols.order",
        "key_to_symbols.characteristic",
        "key_to_symbols.image",
        "key_to_symbols.location",
    ),
    **{f"proportions.{path}": target for path, target in PROPORTIONS.items()},
    **{f"data.{path}": target for path, target in DATA.items()},
}

DIAMOND = GRADED | {
    "clarity_characteristics": _target(
        "stone", read_diamond_treatments, "treatment_ids", is_silent=True
    ),
    "report_comments": _target(
        "comment",
        lambda text: {"comment": text} | read_diamond_treatments(text),
        "comment",
        "treatment_ids",
    ),
    "country_of_origin": Target("stone"),
    "diamond_type": Target("stone"),
}

LAB_GROWN = GRADED | {
    "identification": _target(
        "stone", read_first("variety_id", GROWTHS), "variety_id", is_silent=True
    ),
    "report_comments": _target(
        "comment",
        lambda text: {"comment": text} | read_first("variety_id", GROWTHS)(text),
        "comment",
        "variety_id",
    ),
    "color_distribution_code": Target("code"),
    "clarity_characteristics": Target("stone"),
    "duplicate_comments": Target("comment"),
}

ASSESSMENT = {
    "__typename": Target("code"),
    "assessment_result": _target(
        "stone",
        read_first(
            "lab_grown_class_id", ((r"\bpremium\b", "PREMIUM"), (r"\bstandard\b", "STANDARD"))
        ),
        "lab_grown_class_id",
    ),
    "carat_weight": CARAT,
    "measurements": SIZE,
    "shape_and_cutting_style": SHAPE,
    "inscriptions": INSCRIPTION,
    "inscription_reference_id": Target("inscription"),
    **GRAPHICS,
}

IDENTIFICATION = {
    "__typename": Target("code"),
    "weight": CARAT,
    "measurements": SIZE,
    "shape": SHAPE,
    "species": _target("stone", read_material("species_id"), "species_id"),
    "variety": _target("stone", read_material("variety_id"), "variety_id"),
    "treatment": TREATMENT,
    "treatment_codes.treatment_code": TREATMENT_CODE,
    "inscriptions": INSCRIPTION,
    "inscription_reference_id": Target("inscription"),
    "report_comments": COMMENT,
    **GRAPHICS,
    **_section(
        "stone",
        "cutting_style",
        "cutting_style_crown",
        "cutting_style_pavilion",
        "transparency",
        "color",
        "item_description",
        "geographic_origin",
        "phenomenon",
        "fei_cui_type",
        "trade_name",
    ),
}

PEARL = {
    "__typename": Target("code"),
    "weight": _target("pearl", report.read_carats, "carat", is_silent=True),
    "shape": _target("pearl", read_first("shape_id", PEARL_SHAPES), "shape_id"),
    "quantity": _target("pearl", report.read_count, "count", is_silent=True),
    "treatment": _target("pearl", read_treatments, "treatment_ids"),
    "report_comments": COMMENT,
    "duplicate_comments": Target("comment"),
    **_section(
        "pearl",
        "report_title",
        "item_description",
        "measurements",
        "bodycolor",
        "overtone",
        "identification",
        "environment",
        "mollusk",
        "surface",
        "luster",
        "matching",
        "drilling",
        "nacre",
    ),
}

NARRATIVE = {
    "__typename": Target("code"),
    "report_comments": COMMENT,
    "duplicate_comments": Target("comment"),
    "inscriptions": INSCRIPTION,
    "treatment_codes.treatment_code": TREATMENT_CODE,
    **_section(
        "stone",
        "report_title",
        "description",
        "conclusion",
        "pearl_identification",
        "country_of_origin_code",
        "diamond_type",
    ),
}

JEWELRY = {
    "__typename": Target("code"),
    "item_weight": _target("piece", report.read_grams, "gross_weight"),
    "stampings": _target("piece", read_text("hallmark"), "hallmark"),
    "inscriptions": INSCRIPTION,
    f"{STONE_PARTS}.report_number": Target("piece"),
    f"{STONE_PARTS}.report_type_code": Target("piece"),
    **_section(
        "piece",
        "total_stones",
        "stone_type",
        "estimated_clarity_range",
        "estimated_color_range",
        "estimated_total_carat_weight",
        "shape_and_cutting_style",
        prefix="additional_stones.",
    ),
    **_section(
        "piece",
        "image_comments",
        "item_description",
        "metal_tested_as",
        "stamping_graphics.description",
        "stamping_graphics.image",
        "center_stone",
    ),
    **GRAPHICS,
}

MELEE = {
    "__typename": Target("code"),
    "packages.melee_shape": _target("parcel", read_first("shape_id", SHAPES), "shape_id"),
    "packages.diameter": _target("parcel", read_text("sieve"), "sieve"),
    "packages.total_carat_weight": _target("parcel", report.read_carats, "carat"),
    "packages.color_range": _target("parcel", read_color, "color_grade_id"),
    "packages.number_of_items": _target("parcel", report.read_count, "count"),
    "packages.material_test_results": _target("parcel", read_origin, "origin"),
    "packages.comments": _target("comment", read_text("comment"), "comment"),
    **_section("parcel", "service_results_number", "issue_date", prefix="packages."),
}

MEMBERS = {
    "DiamondGradingReportResults": DIAMOND,
    "LabGrownDiamondGradingReportResults": LAB_GROWN,
    "LabGrownQualityAssessmentResults": ASSESSMENT,
    "JewelryGradingReportResults": JEWELRY,
    "IdentificationReportResults": IDENTIFICATION,
    "PearlIdentReportResults": PEARL,
    "MeleeServiceResults": MELEE,
    "NarrativeReportResults": NARRATIVE,
}

# What a kind of result says without words.
DIAMOND_FACTS = {"species_id": "diamond"}
FACTS = {
    "DiamondGradingReportResults": DIAMOND_FACTS | {"origin": "natural"},
    "LabGrownDiamondGradingReportResults": DIAMOND_FACTS | {"origin": "lab_grown"},
    "LabGrownQualityAssessmentResults": DIAMOND_FACTS | {"origin": "lab_grown"},
    "PearlIdentReportResults": {"species_id": "pearl"},
    "MeleeServiceResults": DIAMOND_FACTS,
}
KINDS = {
    "DiamondGradingReportResults": "grading",
    "LabGrownDiamondGradingReportResults": "lab_grown",
    "LabGrownQualityAssessmentResults": "assessment",
    "JewelryGradingReportResults": "jewelry",
    "IdentificationReportResults": "colored",
    "PearlIdentReportResults": "pearl",
    "MeleeServiceResults": "melee",
    "NarrativeReportResults": "identification",
}
TYPE_KINDS = (("dossier", "dossier"), ("origin", "origin"), ("identification", "identification"))
TYPED_MEMBERS = {"DiamondGradingReportResults", "IdentificationReportResults"}
SUBJECTS = {"JewelryGradingReportResults": "piece", "MeleeServiceResults": "parcel"}


# === READING === #


@dataclass(frozen=True)
class _Leaf:
    path: tuple
    place: str
    member: str
    part: int
    text: str


def read_report(answer):
    """Read the object that GIA calls `getReport`.

    :param dict answer: as it came, nulls and all
    :rtype: Reading
    """
    leaves = list(_walk(answer))
    lines = [(leaf, _read_leaf(leaf)) for leaf in leaves]
    results = answer.get("results") if isinstance(answer.get("results"), dict) else {}
    member = str(results.get("__typename") or "")
    title = str(answer.get("report_type") or "")
    values = _collect(_choose(lines, answer), member, title)
    return Reading(
        number=values.pop("number", Value("", "")).value,
        kind=_get_kind(member, title),
        date=values.pop("report_date", Value("")).value,
        subject=SUBJECTS.get(member, "stone"),
        printed=tuple(sorted((line for _leaf, line in lines), key=_get_order)),
        values=values,
        parts=_read_parts(lines, results),
        document_url=_find_document(answer),
        note=str(answer.get("info_message") or "").strip(),
    )


def find_target(path, member):
    """Return the :class:`Target` of a leaf, None if it is not known.

    :param tuple path: names from `getReport` on, without the places in lists
    :param str member: the kind of result that the leaf is in
    """
    if path[0] != "results":
        return ROOT.get(".".join(path))
    name = ".".join(path[1:])
    return MEMBERS.get(member, {}).get(name.removeprefix(f"{PART_RESULTS}."))


def _walk(node, path=(), place="", member="", part=-1):
    """Yield the leaves that are not null, in their order."""
    if isinstance(node, dict):
        if ".".join(path) in ("results", f"results.{PART_RESULTS}"):
            member = str(node.get("__typename") or _guess_member(node))
        for name, child in node.items():
            where = f"{place}.{name}" if place else name
            yield from _walk(child, (*path, name), where, member, part)
    elif isinstance(node, list):
        for number, child in enumerate(node):
            counted = number if path[-1] in (STONE_PARTS, "packages") else part
            yield from _walk(child, path, f"{place}[{number}]", member, counted)
    elif node is not None and str(node).strip():
        yield _Leaf(path, place, member, part, str(node).strip())


def _guess_member(node):
    """Name the kind of a stone in a piece, which the query of the documentation does not ask."""
    grown = bool(node.get("identification"))
    return f"{'LabGrownDiamond' if grown else 'Diamond'}GradingReportResults"


def _read_leaf(leaf):
    target = find_target(leaf.path, leaf.member)
    section, fields, read, is_silent = target or Target("unknown")
    values = read(leaf.text) if read else {}
    if read and not values and not is_silent:
        values = {fields[0]: None}
    return Printed(
        section=section,
        path=leaf.place,
        label=_get_label(leaf),
        text=leaf.text,
        read=values,
        known=target is not None,
    )


def _get_label(leaf):
    """Return the words of a name, below what it is part of; of a list, which one it is."""
    names = [leaf.path[-1]]
    if len(leaf.path) > 1 and leaf.path[-2] not in WHOLES:
        numbers = re.findall(r"\[(\d+)\]", leaf.place)
        counted = (str(int(number) + 1) for number in numbers)
        names.insert(0, " ".join([leaf.path[-2], *counted]))
    return ": ".join(name.strip("_").replace("_", " ") for name in names).capitalize()


def _get_order(line):
    return SECTIONS.index(line.section)


def _choose(lines, answer):
    """Return the lines that tell of the subject: not its stones, and of one package only."""
    number = str(answer.get("report_number") or "")
    packages = {leaf.part for leaf, _line in lines if "packages" in leaf.path}
    own = {
        leaf.part
        for leaf, _line in lines
        if leaf.path[-1] == "service_results_number" and leaf.text == number
    }
    wanted = own or (packages if len(packages) == 1 else set())
    return [
        line
        for leaf, line in lines
        if STONE_PARTS not in leaf.path and ("packages" not in leaf.path or leaf.part in wanted)
    ]


def _collect(lines, member, title):
    """Return {field: Value}: the first readable text of each, and what the kind says."""
    values = {}
    for line in lines:
        for name, value in line.read.items():
            kept = values.get(name)
            if kept is None or kept.value is None:
                # A code may be readable where the print was not; the print stays.
                values[name] = Value(kept.text if kept else line.text, value)
            elif isinstance(value, list):
                values[name] = Value(f"{kept.text}; {line.text}", _merge(kept.value, value))
    for name, value in FACTS.get(member, {}).items():
        values.setdefault(name, Value(title, value))
    _drop_contradictions(values)
    return values


def _merge(codes, more):
    merged = list(dict.fromkeys([*codes, *more]))
    return [code for code in merged if code != "N"] or merged


def _drop_contradictions(values):
    """No treatment is said of natural stones only: what was grown is none."""
    treatments, origin = values.get("treatment_ids"), values.get("origin")
    if treatments and treatments.value == ["N"] and origin and origin.value == "lab_grown":
        del values["treatment_ids"]


def _read_parts(lines, results):
    """Return {report number: values} of the stones that a report on a piece tells of."""
    parts = {}
    stones = results.get(STONE_PARTS)
    for number, stone in enumerate(stones if isinstance(stones, list) else []):
        inside = stone.get("report_results") if isinstance(stone, dict) else None
        if not isinstance(inside, dict) or not stone.get("report_number"):
            continue
        member = str(inside.get("__typename") or _guess_member(inside))
        own = [
            line
            for leaf, line in lines
            if leaf.part == number and "report_results" in leaf.path and leaf.path[0] == "results"
        ]
        title = str(stone.get("report_type_code") or "")
        parts[str(stone["report_number"])] = _collect(own, member, title)
    return parts


def _get_kind(member, report_type):
    if member in TYPED_MEMBERS:
        lowered = report_type.lower()
        kind = next((kind for word, kind in TYPE_KINDS if word in lowered), None)
        return kind or KINDS[member]
    return KINDS.get(member, "other")


def _find_document(answer):
    """Return the address of the report itself, an empty text if there is none."""
    links = answer.get("links")
    if isinstance(links, dict) and links.get("pdf"):
        return str(links["pdf"])
    assets = answer.get("assets")
    for asset in assets if isinstance(assets, list) else []:
        if isinstance(asset, dict) and asset.get("asset_type_code") == "REPORT_FACSIMILE_PDF":
            return str(asset.get("link") or "")
    return ""


# === ERRORS === #

ERRORS = (
    (r"quota", "quota"),
    (r"report in house|undergoing", "in_service"),
    (r"forbidden", "forbidden"),
    (r"report not found|report unavailable", "not_found"),
)


def find_error(payload):
    """Return the code of what GIA says went wrong, with its own message; None if nothing did.

    :param dict payload: the whole answer of the server
    """
    errors = payload.get("errors")
    for error in errors if isinstance(errors, list) else []:
        error = error if isinstance(error, dict) else {"message": error}
        kinds = f"{error.get('errorInfo') or ''} {error.get('errorType') or ''}"
        found = (code for pattern, code in ERRORS if re.search(pattern, kinds, re.I))
        return next(found, "failed"), str(error.get("message") or kinds).strip()
    return None
