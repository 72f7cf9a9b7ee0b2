"""Rules of insured custody: what places hold together, against what the insurer covers."""

from collections import defaultdict
from typing import NamedTuple

# From this share of a limit on, it is close.
NEAR = 0.9


class Exposure(NamedTuple):
    """What is at risk: lots, and their worth in company currency.

    `others` is the part of the price that belongs to somebody else: clients, vendors.
    """

    count: int = 0
    price: float = 0.0
    cost: float = 0.0
    others: float = 0.0

    def __add__(self, other):
        return Exposure(
            self.count + other.count,
            self.price + other.price,
            self.cost + other.cost,
            self.others + other.others,
        )

    def __neg__(self):
        return Exposure(-self.count, -self.price, -self.cost, -self.others)


class Place(NamedTuple):
    """A place that goods are in: `path` are the ids from the top down to its own."""

    id: int
    path: tuple
    role: str


class Limit(NamedTuple):
    """What the insurer covers: at a place with all that is inside it, or in all of a role."""

    id: int
    place_id: int
    role: str
    amount: float


class Totals(NamedTuple):
    """What there is: {place: Exposure} with all that is inside it, and {role: Exposure}."""

    places: dict
    roles: dict


def find_anchor(place, places):
    """Return the id of the place that a place counts for: the nearest from itself up that has a
    role; itself where none has.

    :param dict places: {id: Place}
    """
    for key in reversed(place.path):
        if key in places and places[key].role:
            return key
    return place.id


def find_role(place, places):
    """Return the role that a place has, of its own or from the place it is in; "" without."""
    anchor = find_anchor(place, places)
    return places[anchor].role if anchor in places else place.role


def add_up(exposures):
    """Return the sum of exposures."""
    return sum(exposures, Exposure())


def fold(amounts, places):
    """Return {place: what is in it and in the places that count for it}; nothing counts twice.

    :param dict amounts: {place: Exposure}, of each place alone
    """
    rows = {}
    for key, exposure in amounts.items():
        anchor = find_anchor(places[key], places)
        rows[anchor] = rows.get(anchor, Exposure()) + exposure
    return rows


def total_up(amounts, places):
    """Return the totals that limits are compared with.

    :param dict amounts: {place: Exposure}, of each place alone; those that are not in `places` are
        left out
    """
    totals = Totals(defaultdict(Exposure), defaultdict(Exposure))
    for key, exposure in amounts.items():
        if key in places:
            for above in places[key].path:
                totals.places[above] += exposure
            totals.roles[find_role(places[key], places)] += exposure
    return totals


def measure(limit, totals):
    """Return what there is of that which a limit is for."""
    if limit.place_id:
        return totals.places.get(limit.place_id, Exposure())
    return totals.roles.get(limit.role, Exposure())


def covers(limit, place, places):
    """Tell whether goods in a place count for a limit."""
    if limit.place_id:
        return limit.place_id in place.path
    return find_role(place, places) == limit.role


def rate(used, amount):
    """Return how near a limit is: ok, near or over."""
    if used > amount:
        return "over"
    return "near" if used and used >= amount * NEAR else "ok"


def is_open(hour, opens, closes):
    """Tell whether the store is open at an hour of the day; at equal hours it never closes.

    :param float hour: 13.5 is half past one in the afternoon
    """
    if opens == closes:
        return True
    if opens < closes:
        return opens <= hour < closes
    return hour >= opens or hour < closes
