"""Spreading an amount so that its parts add up to it."""

from decimal import ROUND_HALF_UP, Decimal

from .weight import to_decimal

CENT = Decimal("0.01")


def spread(total, weights, step=CENT):
    """Spread `total` in proportion to `weights`; what rounding leaves goes to the largest.

    :param total: amount to spread
    :param list weights: a weight of each part, none negative; all zero spreads evenly
    :param step: smallest unit of the parts, such as 0.01
    :return: list of Decimal, as long as `weights`, that sums to `total` exactly
    :raises ValueError: if there is an amount and nothing to spread it over, or a weight is negative
    """
    total, step = to_decimal(total), to_decimal(step)
    weights = [to_decimal(weight) for weight in weights]
    if min(weights, default=-abs(total)) < 0:
        raise ValueError("Spread over at least one weight, none of them negative.")
    if not any(weights):
        weights = [Decimal(1)] * len(weights)
    base = sum(weights)
    parts = [_round(total * weight / base, step) for weight in weights]
    if parts:
        parts[weights.index(max(weights))] += total - sum(parts)
    return parts


def _round(amount, step):
    return (amount / step).quantize(Decimal(1), ROUND_HALF_UP) * step
