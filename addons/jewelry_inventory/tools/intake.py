"""What the columns of an intake file can mean, and how one row of it is read.

Pure rules: the caller passes the vocabulary as plain dictionaries.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from .table import TableError, parse_number, parse_text

KINDS = ("stone", "piece", "parcel")
EVERY_KIND = frozenset(KINDS)
STONE_LIKE = frozenset({"stone", "parcel"})


@dataclass(frozen=True)
class Target:
    """A meaning that a column can have.

    :param str key: name used in mappings
    :param str label: name people see
    :param str kind: how cells are read: ``text``, ``number`` or the vocabulary looked up in
    :param frozenset of: the kinds of file that have it
    :param str unit: unit that numbers are in, and that may stand behind them
    :param tuple names: headers that mean it, lower case
    :param bool required: a file without it, or an empty cell, is refused
    :param Decimal low: smallest number allowed
    :param Decimal high: largest number allowed
    """

    key: str
    label: str
    kind: str = "text"
    of: frozenset = EVERY_KIND
    unit: str = ""
    names: tuple = ()
    required: bool = False
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(10) ** 9


def _number(key, label, high, unit="", names=(), of=EVERY_KIND, required=False):
    return Target(key, label, "number", frozenset(of), unit, names, required, high=Decimal(high))


TARGETS = (
    Target("name", "Number", names=("number", "item", "item number", "sku", "stock no", "serial")),
    Target("vendor_ref", "Vendor number", names=("vendor ref", "supplier number", "reference")),
    Target("former_number", "Former number", names=("old number", "legacy number")),
    Target("inscription", "Inscription", names=("inscription", "laser inscription")),
    Target("style", "Style", names=("style", "model", "title"), of=frozenset({"piece", "parcel"})),
    Target("hallmark", "Hallmark", names=("hallmark", "marks"), of=frozenset({"piece"})),
    Target("report", "Report number", names=("report", "certificate", "cert", "report number")),
    Target("laboratory", "Laboratory", "laboratory", names=("lab", "laboratory")),
    Target("species", "Species", "species", STONE_LIKE, names=("species", "stone", "gem")),
    Target("variety", "Variety", "variety", STONE_LIKE, names=("variety",)),
    Target("origin", "Origin", "origin", STONE_LIKE, names=("origin", "natural / lab-grown")),
    Target("shape", "Shape", "shape", STONE_LIKE, names=("shape",)),
    Target("color", "Colour", "color", STONE_LIKE, names=("color", "colour")),
    Target("clarity", "Clarity", "clarity", STONE_LIKE, names=("clarity", "purity")),
    Target("cut", "Cut", "cut", STONE_LIKE, names=("cut", "cut grade", "make")),
    Target("polish", "Polish", "polish", STONE_LIKE, names=("polish",)),
    Target("symmetry", "Symmetry", "symmetry", STONE_LIKE, names=("symmetry", "sym")),
    Target(
        "fluorescence", "Fluorescence", "fluorescence", STONE_LIKE, names=("fluorescence", "fluor")
    ),
    Target("alloy", "Alloy", "alloy", frozenset({"piece"}), names=("alloy", "metal", "karat")),
    _number("carat", "Carats", 10_000, "ct", ("carat", "carats", "weight", "ct"), STONE_LIKE, True),
    _number("count", "Stones", 10**7, "", ("count", "pieces", "pcs"), {"parcel"}, True),
    _number("depth_percent", "Depth %", 100, "%", ("depth", "depth %"), STONE_LIKE),
    _number("table_percent", "Table %", 100, "%", ("table", "table %"), STONE_LIKE),
    _number("length", "Length (mm)", 500, "mm", ("x", "length")),
    _number("width", "Width (mm)", 500, "mm", ("y", "width")),
    _number("depth", "Depth (mm)", 500, "mm", ("z", "height"), STONE_LIKE),
    _number("gross_weight", "Gross (g)", 100_000, "g", ("gross", "gross weight"), {"piece"}),
    _number("other_weight", "Other parts (g)", 100_000, "g", ("other",), {"piece"}),
    _number("metal_weight", "Metal (g)", 100_000, "g", ("net", "net weight"), {"piece"}),
    _number("ring_circumference", "Ring (mm)", 200, "mm", ("circumference",), {"piece"}),
    _number("cost", "Cost", 10**9, "", ("cost", "unit cost", "purchase price")),
    _number("list_price", "Price", 10**9, "", ("price", "retail", "retail price")),
)

TARGET_BY_KEY = {target.key: target for target in TARGETS}
MEASUREMENTS = ("length", "width", "depth")


@dataclass
class Row:
    """A row that has been read: its values, and what is wrong or worth knowing about it."""

    values: dict = field(default_factory=dict)
    errors: list = field(default_factory=list)
    warnings: list = field(default_factory=list)


def guess_target(header, kind):
    """Return the key that a header most likely means in a file of `kind`, or None."""
    name = " ".join(header.strip().casefold().replace("_", " ").split())
    for target in TARGETS:
        if kind in target.of and (name in (target.key, target.label.casefold(), *target.names)):
            return target.key
    return None


def missing_targets(keys, kind):
    """Return the labels of what a file of `kind` must have and `keys` lack."""
    return [
        target.label
        for target in TARGETS
        if target.required and kind in target.of and target.key not in keys
    ]


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
    _check_measurements(row)
    return row


def _read_cell(cell, target, factor, vocabulary):
    value = _read_value(cell, target, vocabulary)
    if value is None and target.required:
        raise TableError("required")
    if isinstance(value, Decimal):
        return _check_range(value, target) * factor
    return value


def _read_value(cell, target, vocabulary):
    if target.kind == "number":
        return parse_number(cell, target.unit)
    text = parse_text(cell)
    if not text:
        return None
    if target.kind == "text":
        return text
    try:
        return vocabulary[target.kind][text.casefold()]
    except KeyError as error:
        raise TableError("unknown", cell=text[:40]) from error


def _check_range(value, target):
    if not target.low <= value <= target.high:
        raise TableError("range", cell=str(value), low=target.low, high=target.high)
    if target.required and not value:
        raise TableError("range", cell=str(value), low="0.001", high=target.high)
    return value


def _check_measurements(row):
    """A stone of which one dimension is zero has not been measured: keep it, and say so."""
    measured = [row.values[key] for key in MEASUREMENTS if key in row.values]
    if measured and not all(measured):
        row.warnings.append(("length", "not_measured", {}))
        for key in MEASUREMENTS:
            row.values.pop(key, None)
