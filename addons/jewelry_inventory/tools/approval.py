"""Pure rules of approvals: what was approved, in a form that nothing else has."""

from decimal import Decimal
from hashlib import sha256

from .provenance import canonical

# Digits after the point that tell one approved number from another.
DIGITS = 6


def normalize(values, types):
    """Return `values` with each name of `types` in its type, and nothing else.

    :param dict values: {name: value}
    :param dict types: {name: type}
    :raises ValueError: when a name is missing, too many or of another type
    """
    if not isinstance(values, dict) or values.keys() != types.keys():
        raise ValueError(values)
    return {name: _convert(values[name], kind) for name, kind in types.items()}


def _convert(value, kind):
    if kind is float and isinstance(value, int | float) and not isinstance(value, bool):
        # Adding 0 makes -0.0 the same as 0.0.
        return round(float(value), DIGITS) + 0.0
    if type(value) is not kind:
        raise ValueError(value)
    return value


def digest(kind, model, values):
    """Return the SHA-256, in hex, of what is asked for.

    :param str kind: kind of the approval
    :param str model: model of the subjects
    :param dict values: {id of the subject: {name: value}}, as of `normalize`
    """
    rows = [[key, _exact(values[key])] for key in sorted(values)]
    return sha256(canonical([kind, model, rows]).encode()).hexdigest()


def _exact(values):
    return {
        name: f"{Decimal(str(value)):f}" if isinstance(value, float) else value
        for name, value in values.items()
    }
