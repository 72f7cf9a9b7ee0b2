"""Spreading an amount so that its parts add up to it."""

from .weight import to_decimal


def spread(total, weights, step):
    """Spread `total` in proportion to `weights`; what rounding leaves goes to the largest.

    :param total: amount to spread
    :param list weights: a weight of each part, none negative; all zero spreads evenly
    :param step: smallest unit of the parts, such as 0.01
    :return: list of Decimal, as long as `weights`, that sums to `total` exactly
    """
    total, step = to_decimal(total), to_decimal(step)
    weights = [to_decimal(weight) for weight in weights]
    if not any(weights):
        weights = [to_decimal(1)] * len(weights)
    base = sum(weights)
    parts = [round(total * weight / base / step) * step for weight in weights]
    if parts:
        largest = max(range(len(parts)), key=lambda index: weights[index])
        parts[largest] += total - sum(parts)
    return parts
