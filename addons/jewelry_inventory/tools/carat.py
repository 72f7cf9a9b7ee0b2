"""Carat weight estimated from measurements in mm, for stones that cannot be unset.

An estimate is never a weight: it comes with the interval in which the true weight is
expected and with what that interval rests on, and must be shown as an estimate.

Diamond factors: ``tests/vectors/diamond_weight_estimation.json`` (trade and laboratory
lists). Coloured stones: the same file's formula over specific gravity.
"""

import itertools
from dataclasses import dataclass

DIAMOND_DENSITY = 3.52

# Checked on 53,902 measured round diamonds: 95 % lie within 3.91 % of the formula, whose
# mean is 0.39 % light. The bias is left in: it is far below what the interval says.
ROUND_MARGIN = 0.0391
# Factors of other shapes are published without their spread: the margin is our assumption.
FANCY_MARGIN = 0.10
# Beyond a list's length-to-width ratios, or where published lists disagree.
DOUBTFUL_MARGIN = 0.15
GEM_MARGIN = 0.15

# Shapes whose first two measurements are a diameter: the mean of both is squared.
_DIAMETER_SHAPES = {"round", "oval"}
_DIAMOND_FACTORS = {
    "round": 0.0061,
    "oval": 0.0062,
    "heart": 0.0059,
    "trillion": 0.0057,
    "princess": 0.0082,
    "asscher": 0.008,
    "cushion": 0.00815,
}
# (length to width, factor), rising; read between the points, flat beyond the ends.
_DIAMOND_CURVES = {
    "marquise": ((1.5, 0.00565), (2.0, 0.0058), (2.5, 0.00585)),
    "pear": ((1.25, 0.00615), (1.5, 0.006)),
    "emerald": ((1.25, 0.008), (1.5, 0.0092), (2.0, 0.01), (2.5, 0.0106)),
}
_DOUBTFUL_CURVES = {"emerald"}
_GEM_FACTORS = {
    "round": 0.0018,
    "oval": 0.0020,
    "emerald": 0.0025,
    "rectangular": 0.0026,
    "princess": 0.0023,
    "asscher": 0.0023,
    "marquise": 0.0016,
    "pear": 0.0018,
    "cabochon": 0.0027,
}
SHAPE_KEYS = sorted({*_DIAMOND_FACTORS, *_DIAMOND_CURVES, *_GEM_FACTORS})


@dataclass(frozen=True)
class Estimate:
    """An estimated weight in carats, the interval it lies in, and what that rests on.

    ``basis``: ``measured`` (from real stones), ``assumed``, or ``doubtful`` (sources
    disagree, or the stone is outside their range).
    """

    carat: float
    low: float
    high: float
    basis: str

    @classmethod
    def within(cls, carat, margin, basis):
        """Build an estimate off by at most ``margin``, a share of the true weight."""
        return cls(carat, carat / (1 + margin), carat / (1 - margin), basis)

    def __str__(self):
        return f"est. {self.carat:.2f} ct ({self.low:.2f} to {self.high:.2f})"


def estimate_diamond(shape, length, width, depth):
    """Return the :class:`Estimate` of a diamond, or None for a shape without a factor.

    :param str shape: one of ``SHAPE_KEYS``
    :raise ValueError: if a measurement is not positive
    """
    _check_measured(length, width, depth)
    factor, margin, basis = _diamond_factor(shape, length, width)
    if not factor:
        return None
    return Estimate.within(_base(shape, length, width) * depth * factor, margin, basis)


def estimate_gem(shape, length, width, depth, density):
    """Return the :class:`Estimate` of a coloured stone of ``density`` (g/cm³), or None.

    :param str shape: one of ``SHAPE_KEYS``
    :raise ValueError: if a measurement or the density is not positive
    """
    _check_measured(length, width, depth, density)
    factor = _GEM_FACTORS.get(shape)
    if not factor:
        return None
    base = length * width if shape == "oval" else _base(shape, length, width)
    return Estimate.within(base * depth * density * factor, GEM_MARGIN, "assumed")


def _check_measured(*measurements):
    if min(measurements) <= 0:
        raise ValueError("A weight can only be estimated from positive measurements.")


def _base(shape, length, width):
    """Return the square mm that the factor multiplies, before the depth."""
    return ((length + width) / 2) ** 2 if shape in _DIAMETER_SHAPES else length * width


def _diamond_factor(shape, length, width):
    """Return ``(factor, margin, basis)``; the factor is None for an unknown shape."""
    if shape == "round":
        return _DIAMOND_FACTORS[shape], ROUND_MARGIN, "measured"
    if shape not in _DIAMOND_CURVES:
        return _DIAMOND_FACTORS.get(shape), FANCY_MARGIN, "assumed"
    points = _DIAMOND_CURVES[shape]
    ratio = max(length, width) / min(length, width)
    factor = _interpolate(points, ratio)
    if shape in _DOUBTFUL_CURVES or not points[0][0] <= ratio <= points[-1][0]:
        return factor, DOUBTFUL_MARGIN, "doubtful"
    return factor, FANCY_MARGIN, "assumed"


def _interpolate(points, ratio):
    """Read a rising curve of ``(ratio, factor)`` points, flat beyond its ends."""
    ratio = min(max(ratio, points[0][0]), points[-1][0])
    (left, low), (right, high) = next(
        pair for pair in itertools.pairwise(points) if ratio <= pair[1][0]
    )
    return low + (high - low) * (ratio - left) / (right - left)
