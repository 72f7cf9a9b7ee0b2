"""A flow of the accountants' document."""

from dataclasses import dataclass

# A year that is over: what the closing reads as "since then" is never in the future. The styles
# are older than the moves: core reads a lot's cost from the newest of what was written on either.
FOUNDING_DAY, FIRST_DAY, ANY_DAY = "2024-12-31", "2025-01-01", "2025-06-16"
# What is sold on it leaves on any day.
EARLIER_DAY = "2025-06-12"


@dataclass(frozen=True)
class Flow:
    """A flow: its title, what happened and why the entry is right, and who plays it."""

    title: str
    why: str
    play: callable
    date: str


@dataclass(frozen=True)
class Played:
    """What a flow posted in one book, and what it added to the value of each piece."""

    flow: Flow
    entries: tuple
    added: tuple


def flow(title, why, date=ANY_DAY):
    """Make the decorated method a flow of the document."""

    def describe(method):
        method.flow = Flow(title, why, method, date)
        return method

    return describe


def get_flows(part):
    """Return the flows of a class, in the order in which it has them."""
    return [member.flow for member in vars(part).values() if hasattr(member, "flow")]
