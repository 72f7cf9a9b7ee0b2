"""What the columns of an intake file can mean, and how one row of it is read.

Pure rules: the caller passes the vocabulary as plain dictionaries.
"""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256

from odoo.tools.translate import LazyTranslate

from . import weight
from .table import TableError, parse_number, parse_size, parse_text

_lt = LazyTranslate(__name__)

KINDS = ("stone", "piece", "parcel")
EVERY_KIND = frozenset(KINDS)
STONE_LIKE = frozenset({"stone", "parcel"})
SINGLE = frozenset({"stone", "piece"})
PARCEL = frozenset({"parcel"})
CENT = Decimal("0.01")


@dataclass(frozen=True, eq=False)
class Target:
    """A meaning that a column can have.

    :param str key: name used in mappings
    :param LazyGettext label: name people see, in their language
    :param str kind: how cells are read: ``text``, ``size``, ``number`` or a vocabulary's name
    :param frozenset of: the kinds of file that have it
    :param str unit: unit that numbers are in, and that may stand behind them
    :param tuple names: headers that mean it, lower case
    :param bool required: a file without it, or an empty cell, is refused
    :param Decimal low: smallest number allowed
    :param Decimal high: largest number allowed
    :param bool whole: numbers are counts, without decimals
    """

    key: str
    label: object
    kind: str = "text"
    of: frozenset = EVERY_KIND
    unit: str = ""
    names: tuple = ()
    required: bool = False
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(10) ** 9
    whole: bool = False


def _number(key, label, high, unit="", names=(), of=EVERY_KIND, low=0, **flags):
    limits = {"low": Decimal(low), "high": Decimal(high)}
    return Target(key, label, "number", frozenset(of), unit, names, **limits, **flags)


TARGETS = (
    Target(
        "name",
        _lt("Number"),
        names=("number", "item", "item number", "sku", "stock no", "serial", "parcel", "lot"),
    ),
    Target(
        "vendor_ref",
        _lt("Vendor number"),
        names=("vendor number", "supplier number", "reference"),
    ),
    Target("former_number", _lt("Former number"), names=("old number", "legacy number")),
    Target("inscription", _lt("Inscription"), of=SINGLE, names=("laser inscription",)),
    Target("style", _lt("Style"), of=PARCEL | {"piece"}, names=("style", "model", "title")),
    Target("hallmark", _lt("Hallmark"), of=frozenset({"piece"}), names=("hallmark", "marks")),
    Target("report", _lt("Report number"), names=("report number", "certificate", "cert")),
    Target("laboratory", _lt("Laboratory"), "laboratory", names=("lab", "laboratory")),
    Target("species", _lt("Species"), "species", STONE_LIKE, names=("species", "stone", "gem")),
    Target("variety", _lt("Variety"), "variety", STONE_LIKE),
    Target("origin", _lt("Origin"), "origin", STONE_LIKE, names=("natural / lab-grown",)),
    Target(
        "country",
        _lt("Country of origin"),
        "country",
        STONE_LIKE,
        names=("country", "country of origin", "mined in"),
    ),
    Target("source", _lt("Source"), "source", STONE_LIKE, names=("source",)),
    Target(
        "metal_source",
        _lt("Source of metal"),
        "metal_source",
        frozenset({"piece"}),
        names=("source", "source of metal", "metal source"),
    ),
    Target("shape", _lt("Shape"), "shape", STONE_LIKE),
    Target(
        "sieve",
        _lt("Sieve or size"),
        "size",
        PARCEL,
        names=("sieve or size", "size", "mm", "size range"),
    ),
    Target("color", _lt("Colour"), "color", STONE_LIKE, names=("colour", "color from")),
    Target("color_to", _lt("Colour to"), "color", PARCEL, names=("colour to", "lowest color")),
    Target("clarity", _lt("Clarity"), "clarity", STONE_LIKE, names=("purity", "clarity from")),
    Target("clarity_to", _lt("Clarity to"), "clarity", PARCEL, names=("lowest clarity",)),
    Target("cut", _lt("Cut"), "cut", STONE_LIKE, names=("cut grade", "make")),
    Target("polish", _lt("Polish"), "polish", frozenset({"stone"})),
    Target("symmetry", _lt("Symmetry"), "symmetry", frozenset({"stone"}), names=("sym",)),
    Target("fluorescence", _lt("Fluorescence"), "fluorescence", STONE_LIKE, names=("fluor",)),
    Target("alloy", _lt("Alloy"), "alloy", frozenset({"piece"}), names=("metal", "karat")),
    _number(
        "carat",
        _lt("Carats"),
        10_000,
        "ct",
        ("carat", "carats", "weight", "ct", "total carats"),
        STONE_LIKE,
        low="0.001",
        required=True,
    ),
    _number(
        "count",
        _lt("Stones"),
        10**7,
        "pcs",
        ("count", "pieces", "pcs", "stones"),
        PARCEL,
        low=1,
        required=True,
        whole=True,
    ),
    _number("depth_percent", _lt("Depth %"), 100, "%", ("depth", "depth %"), STONE_LIKE),
    _number("table_percent", _lt("Table %"), 100, "%", ("table", "table %"), STONE_LIKE),
    _number("length", _lt("Length (mm)"), 500, "mm", ("x", "length", "length (mm)"), SINGLE),
    _number("width", _lt("Width (mm)"), 500, "mm", ("y", "width", "width (mm)"), SINGLE),
    _number("depth", _lt("Depth (mm)"), 500, "mm", ("z", "height", "depth (mm)"), {"stone"}),
    _number("gross_weight", _lt("Gross (g)"), 100_000, "g", ("gross", "gross (g)"), {"piece"}),
    _number(
        "other_weight",
        _lt("Other parts (g)"),
        100_000,
        "g",
        ("other", "other parts (g)"),
        {"piece"},
    ),
    _number(
        "metal_weight",
        _lt("Metal (g)"),
        100_000,
        "g",
        ("net", "net weight", "metal (g)"),
        {"piece"},
    ),
    _number(
        "ring_circumference", _lt("Ring (mm)"), 200, "mm", ("circumference", "ring (mm)"), {"piece"}
    ),
    _number("cost", _lt("Cost"), 10**9, "", ("cost", "unit cost", "purchase price", "total cost")),
    _number("cost_carat", _lt("Cost per carat"), 10**9, "", ("cost/ct", "cost ct"), PARCEL),
    _number("list_price", _lt("Price"), 10**9, "", ("price", "retail", "retail price"), SINGLE),
    _number(
        "price_carat",
        _lt("Price per carat"),
        10**9,
        "",
        ("price/ct", "price ct", "price", "retail"),
        PARCEL,
    ),
)

TARGET_BY_KEY = {target.key: target for target in TARGETS}
MEASUREMENTS = ("length", "width", "depth")


@dataclass
class Row:
    """A row that has been read: its values, and what is wrong or worth knowing about it."""

    values: dict = field(default_factory=dict)
    errors: list = field(default_factory=list)
    warnings: list = field(default_factory=list)

    def get_cost(self, step=CENT):
        """Return what the row costs, rounded as the books round: half a cent up.

        :param Decimal step: the smallest amount of the currency, such as 0.01
        """
        steps = (self.values.get("cost", Decimal(0)) / step).to_integral_value(ROUND_HALF_UP)
        return steps * step


def guess_target(header, kind, labels=None):
    """Return the key that a header most likely means in a file of `kind`, or None.

    :param dict labels: {key: name in the user's language}, known beside the trade's English
    """
    name = _to_name(header)
    for target in TARGETS:
        label = _to_name((labels or {}).get(target.key, ""))
        if kind in target.of and name in (_to_name(target.key), *target.names, label):
            return target.key
    return None


def _to_name(text):
    return " ".join(text.strip().casefold().replace("_", " ").split())


def guess_targets(headers, kind, labels=None):
    """Return what each header most likely means; of two that mean the same, the first does."""
    guesses = [guess_target(header, kind, labels) for header in headers]
    return [None if guess in guesses[:place] else guess for place, guess in enumerate(guesses)]


def find_repeated(keys):
    """Return the targets that more than one column means."""
    return [target for target in TARGETS if keys.count(target.key) > 1]


def chain_digest(digest, row):
    """Return a digest of the rows so far and this one, as hexadecimal text.

    It is of what rows mean, not of how they are written: a workbook saved as CSV has the same.
    """
    values = sorted((key, _to_canonical(value)) for key, value in row.values.items())
    return sha256(f"{digest}{values}".encode()).hexdigest()


def _to_canonical(value):
    return _plain(value) if isinstance(value, Decimal) else value


def _plain(number):
    """Return a number without zeros at its end: the same, however it was written."""
    return f"{number.normalize():f}"


def missing_targets(keys, kind):
    """Return the targets that a file of `kind` must have and `keys` lack."""
    return [
        target
        for target in TARGETS
        if target.required and kind in target.of and target.key not in keys
    ]


def unfit_targets(keys, kind):
    """Return the targets that `keys` name and a file of `kind` has not."""
    return [TARGET_BY_KEY[key] for key in keys if kind not in TARGET_BY_KEY[key].of]


def read_row(cells, columns, vocabulary):
    """Read one row.

    :param list cells: the row's texts
    :param list columns: (index, target key, factor) of each column that means something
    :param dict vocabulary: {kind of target: {casefolded name: value}}
    :return: :class:`Row`; its values hold Decimals, texts and vocabulary values
    """
    row = Row()
    for index, key, factor in columns:
        cell = cells[index] if index < len(cells) else ""
        try:
            value = _read_cell(cell, TARGET_BY_KEY[key], factor, vocabulary)
        except TableError as error:
            row.errors.append((key, error.code, error.values))
        else:
            if value is not None:
                row.values[key] = value
    for check in (_check_measurements, _check_weights, _check_report, _check_costs):
        check(row)
    return row


def _read_cell(cell, target, factor, vocabulary):
    value = _read_value(cell, target, vocabulary)
    if value is None and target.required:
        raise TableError("required")
    if isinstance(value, Decimal):
        return _check_range(value * factor, target)
    return value


def _read_value(cell, target, vocabulary):
    if target.kind == "number":
        return parse_number(cell, target.unit)
    text = parse_size(cell) if target.kind == "size" else parse_text(cell)
    if not text:
        return None
    if target.kind in ("text", "size"):
        return text
    try:
        return vocabulary[target.kind][text.casefold()]
    except KeyError as error:
        raise TableError("unknown", cell=text[:40]) from error


def _check_range(value, target):
    if not target.low <= value <= target.high:
        raise TableError("range", cell=_plain(value), low=target.low, high=target.high)
    if target.whole and value != value.to_integral_value():
        raise TableError("whole", cell=_plain(value))
    return value


def _check_measurements(row):
    """A stone of which one dimension is zero has not been measured: keep it, and say so."""
    measured = [row.values[key] for key in MEASUREMENTS if key in row.values]
    if measured and not all(measured):
        row.warnings.append(("length", "not_measured", {}))
        for key in MEASUREMENTS:
            row.values.pop(key, None)


def _check_weights(row):
    """Parts and stones leave some weight for the metal, and together weigh what the piece does."""
    gross, other = row.values.get("gross_weight"), row.values.get("other_weight", Decimal(0))
    metal = row.values.get("metal_weight")
    if not gross:
        return
    if gross <= other:
        row.errors.append(("gross_weight", "net", {"gross": _plain(gross), "other": _plain(other)}))
    elif metal and metal + other > gross + weight.weighing_tolerance(gross):
        row.errors.append(
            ("metal_weight", "parts", {"gross": _plain(gross), "parts": _plain(metal + other)})
        )


def _check_report(row):
    """The number of a report says nothing without the laboratory that wrote it."""
    if row.values.get("report") and not row.values.get("laboratory"):
        row.errors.append(("laboratory", "no_laboratory", {"number": row.values["report"]}))


def _check_costs(row):
    """A cost per carat gives the cost of all; where both are there, they tell the same."""
    if not {"carat", "cost_carat"} <= row.values.keys():
        return
    carat = row.values["carat"]
    total = (carat * row.values["cost_carat"]).quantize(CENT)
    cost = row.values.setdefault("cost", total)
    # Costs per carat are rounded to the cent: that much may be between them.
    if abs(total - cost) > CENT * max(carat, 1):
        row.errors.append(("cost", "costs", {"cost": cost, "total": total}))
