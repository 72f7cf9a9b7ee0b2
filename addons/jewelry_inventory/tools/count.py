"""What a count says of each piece and parcel: pure rules, no database.

The books are right as of the moment that matters: a piece that was seen in a place is compared
with where the books had it then or have it at the close, whichever fits; what moved meanwhile is
told, and is no difference.
"""

from typing import Any, NamedTuple

from .weight import round_milli

CUSTOMER = "customer"
# Usages of places in the store, as `stock.location._is_of_store` has them.
STORE = ("internal", "transit")


class Place(NamedTuple):
    """A place: the ids from the root down to it, as `parent_path` has them, and its usage."""

    path: str
    usage: str = "internal"

    def is_within(self, places):
        """Tell whether it is one of `places`, or in one of them."""
        return any(self.path.startswith(place.path) for place in places)


class Step(NamedTuple):
    """A booked move of a piece, or of so much of a parcel, since the count began."""

    time: Any
    source: Place
    dest: Place
    quantity: Any = 1


class Sighting(NamedTuple):
    """Where and when a piece was scanned, or how much of a parcel was weighed there."""

    time: Any
    place: Place
    quantity: Any = 1


class Verdict(NamedTuple):
    """What kind of line becomes of it, none where all is well, and what counts for how much."""

    kind: str | None
    expected: Any
    found: Any


NOWHERE = Place("", "")


def judge_piece(scope, now, steps, seen):
    """Judge one piece.

    :param scope: the places that were counted
    :param now: where the books have it at the close; `NOWHERE` for never received
    :param steps: its moves since the count began, in their order
    :param seen: the last `Sighting` of it that holds, or None
    :rtype: Verdict
    """
    if seen:
        return _judge_seen(scope, now, steps, seen)
    if now.is_within(scope):
        # Whoever counted may have passed the place before it came.
        came = any(step.dest.is_within(scope) for step in steps)
        return Verdict("moved", 0, 0) if came else Verdict("missing", 1, 0)
    if any(step.source.is_within(scope) for step in steps):
        return Verdict("sold" if now.usage == CUSTOMER else "moved", 0, 0)
    return Verdict(None, 0, 0)


def _judge_seen(scope, now, steps, seen):
    if any(place.is_within([seen.place]) for place in (now, *places_at(now, steps, seen.time))):
        return Verdict(None, 1, 1)
    if any(step.time >= seen.time for step in steps):
        return Verdict("moved", 1, 1)
    if now.usage in STORE:
        return Verdict("misplaced", int(now.is_within(scope)), 1)
    return Verdict("unexpected", 0, 1)


def places_at(now, steps, time):
    """Return the places that the books had a piece in at a time; more than one where it moved in
    the very second.
    """
    later = [step.source for step in steps if step.time > time]
    return [later[0] if later else now] + [step.source for step in steps if step.time == time]


def judge_weight(places, now, steps, seen):
    """Judge how much of a parcel, or of metal, was found.

    :param places: the places that it was weighed for, or the one that nothing was weighed in
    :param now: how much the books have in these at the close
    :param steps: its moves since the count began, in their order
    :param seen: the last `Sighting` that holds, or None
    :rtype: Verdict
    """
    now, zero = round_milli(now), round_milli(0)
    if not seen:
        came = any(step.dest in places for step in steps)
        return Verdict("moved", zero, zero) if came else Verdict("missing", now, zero)
    found = round_milli(seen.quantity)
    later = [step for step in steps if step.time > seen.time]
    expected = now - sum(_get_change(step, places) for step in later)
    return Verdict(None if found == expected else "weight", expected, found)


def _get_change(step, places):
    """Return how much more a step brought to these places than it took from them."""
    return ((step.dest in places) - (step.source in places)) * round_milli(step.quantity)


def share_out(places, weighed):
    """Return which places each weighing stands for: its own, and those inside that nothing was
    weighed in more closely.

    :param places: all places that are counted
    :param weighed: those in which something was weighed
    :rtype: dict
    :return: {weighed place, or None: set of places}
    """
    shares = {}
    for place in places:
        around = [other for other in weighed if place.is_within([other])]
        nearest = max(around, key=lambda other: len(other.path), default=None)
        shares.setdefault(nearest, set()).add(place)
    return shares
