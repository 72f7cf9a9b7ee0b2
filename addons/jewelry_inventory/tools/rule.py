"""Pure rules of rules: what values a subject has, and how people read and write them."""

import json
from typing import Any, NamedTuple

# What is wrong with a value.
MISSING = "missing"
UNKNOWN = "unknown"
TYPE = "type"
LOW = "low"
HIGH = "high"
LINE = "line"

NUMBER, WHOLE, FLAG, TEXT, TEXTS = "number", "whole", "flag", "text", "texts"


class Value(NamedTuple):
    """One value of a subject: its type, its unit and its bounds, and whether a rule may do
    without it.
    """

    kind: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    is_optional: bool = False


class Problem(NamedTuple):
    """What is wrong with a value, or with a line of the text that states it."""

    name: str
    code: str
    limit: Any = None


def check(values, schema):
    """Return the `Problem` of each value that does not fit.

    :param dict values: {name: value}
    :param dict schema: {name: Value}
    """
    if not isinstance(values, dict):
        return [Problem("", TYPE)]
    problems = [Problem(name, UNKNOWN) for name in sorted(values.keys() - schema.keys())]
    for name, value in schema.items():
        if name not in values:
            problems += [] if value.is_optional else [Problem(name, MISSING)]
        elif problem := _check_value(name, values[name], value):
            problems.append(problem)
    return problems


def _check_value(name, found, value):
    if not _fits(found, value.kind):
        return Problem(name, TYPE, value.kind)
    if value.low is not None and found < value.low:
        return Problem(name, LOW, value.low)
    if value.high is not None and found > value.high:
        return Problem(name, HIGH, value.high)
    return None


def _fits(found, kind):
    if kind == FLAG:
        return isinstance(found, bool)
    if kind == TEXT:
        return isinstance(found, str) and bool(found.strip())
    if kind == TEXTS:
        return isinstance(found, list) and bool(found) and all(_fits(one, TEXT) for one in found)
    whole = isinstance(found, int) and not isinstance(found, bool)
    # What is no number is neither above nor below a bound.
    return whole or (kind == NUMBER and isinstance(found, float) and abs(found) < float("inf"))


def to_text(values, schema):
    """Return the values as people edit them: a line each, `name = value unit`."""
    order = [name for name in schema if name in values] + sorted(values.keys() - schema.keys())
    return "\n".join(_to_line(name, values[name], schema.get(name)) for name in order)


def _to_line(name, found, value):
    unit = value.unit if value else ""
    return f"{name} = {json.dumps(found, ensure_ascii=False)} {unit}".rstrip()


def from_text(text, schema):
    """Return the values that a text states, and the `Problem` of each line that states none.

    :return: ({name: value}, problems)
    """
    values, problems = {}, []
    # A text may hold other signs that end a line.
    for line in (text or "").split("\n"):
        name, equals, stated = (part.strip() for part in line.partition("="))
        if not line.strip():
            continue
        if not equals or not name or name in values:
            problems.append(Problem(line.strip(), LINE))
            continue
        if not stated and name in schema and schema[name].is_optional:
            continue
        unit = schema[name].unit if name in schema else ""
        values[name] = _read(stated.removesuffix(unit).strip() if unit else stated)
    return values, problems


def _read(stated):
    try:
        return json.loads(stated)
    except ValueError:
        return stated
