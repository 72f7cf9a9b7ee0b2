"""Pure rules of provenance: what a hash covers, how events are linked, how damage is found.

A chain can be checked from its rows alone, in any language. With version 2 the hash of an event
is "$2$" followed by the SHA-256, in hex, of the ASCII JSON array, written without spaces,
[chain, seq, time, content, previous]: time is ISO 8601 in UTC with microseconds and "Z", content
is the SHA-256, in hex, of the array [kind, actor, payload] written the same way, payload is the
stored text itself (so it is a JSON string here), previous is the hash of the event before in the
chain, or "" for the first event, whose seq is 1.

So a chain can be shown, and proven whole, without what an event says: `content` stands for it.
Each payload has a "salt" of 128 random bits, without which a price could be guessed from its
hash. With version 1, which older events have, the array is [chain, seq, kind, time, actor,
payload, previous], and an event can only be shown whole.
"""

import json
import os
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from json import JSONEncoder
from json.encoder import encode_basestring_ascii as _quote
from typing import NamedTuple

VERSION = "2"
GENESIS = (0, "")
SALT = "salt"
SALT_BYTES = 16

# Why an event is bad.
GAP = "gap"  # the event is missing, or stands at another place than its number says
LINK = "link"  # `previous` is not the hash of the event before
CONTENT = "content"  # what is stored does not give the stored hash
HEAD = "head"  # the chain ends elsewhere than its head says
ANCHOR = "anchor"  # the anchor file knows another event at this place
ANCHOR_LINE = "anchor_line"  # a line of the anchor file was changed, removed or inserted
ANCHOR_HEADS = "anchor_heads"  # the heads beside an anchor line are gone or do not give its root
ANCHOR_SIGNATURE = "anchor_signature"  # a line is not signed, or not by a key of this database
ANCHOR_LOST = "anchor_lost"  # this database wrote an anchor that the file does not hold


class Kind(NamedTuple):
    """How a kind of event reads in EPCIS 2.0: event type, action, business step, disposition."""

    event_type: str
    action: str
    step: str
    disposition: str


# Kinds are open: a room adds its own to this table. Steps that the vocabulary of EPCIS lacks
# are fragments of our own namespace, written with a capital as the standard asks of private
# vocabularies.
KINDS = {
    "commission": Kind("ObjectEvent", "ADD", "commissioning", "active"),
    "receive": Kind("ObjectEvent", "ADD", "receiving", "in_progress"),
    "move": Kind("ObjectEvent", "OBSERVE", "storing", "in_progress"),
    "ship": Kind("ObjectEvent", "OBSERVE", "shipping", "in_transit"),
    "return": Kind("ObjectEvent", "OBSERVE", "receiving", "returned"),
    "send_back": Kind("ObjectEvent", "OBSERVE", "shipping", "returned"),
    "count_in": Kind("ObjectEvent", "OBSERVE", "cycle_counting", "in_progress"),
    "count_out": Kind("ObjectEvent", "OBSERVE", "cycle_counting", "inactive"),
    "set": Kind("AssociationEvent", "ADD", "installing", "in_progress"),
    "unset": Kind("AssociationEvent", "DELETE", "removing", "in_progress"),
    "join": Kind("AggregationEvent", "ADD", "packing", "in_progress"),
    "leave": Kind("AggregationEvent", "DELETE", "unpacking", "in_progress"),
    "transform": Kind("TransformationEvent", "", "creating_class_instance", "in_progress"),
    "content": Kind("ObjectEvent", "OBSERVE", "inspecting", "in_progress"),
    "certificate": Kind("ObjectEvent", "OBSERVE", "inspecting", "conformant"),
    "source": Kind("ObjectEvent", "OBSERVE", "Bizstep-sourcing", "in_progress"),
    "owner": Kind("ObjectEvent", "OBSERVE", "Bizstep-owner_change", "in_progress"),
    "price": Kind("ObjectEvent", "OBSERVE", "Bizstep-pricing", "in_progress"),
    "cost": Kind("ObjectEvent", "OBSERVE", "Bizstep-costing", "in_progress"),
    "undo": Kind("ObjectEvent", "OBSERVE", "Bizstep-correction", "in_progress"),
    "void": Kind("ObjectEvent", "DELETE", "decommissioning", "inactive"),
}

# Read only by those who may see cost; the record rule of sales associates names the same kinds.
CONFIDENTIAL_KINDS = ("cost", "price")

# What everybody may read of the past of a piece, on its passport. Other kinds, and events with a
# value that `is_public` refuses, are shown there without what they say.
PUBLIC_KINDS = (
    "commission",
    "receive",
    "set",
    "unset",
    "join",
    "leave",
    "transform",
    "content",
    "certificate",
    "source",
    "void",
)
# Whose goods these are tells of people.
PRIVATE_KEYS = ("owner",)
PUBLIC_STOCK_TYPES = (None, "stock", "assembled")

# What a done move means, by the usage of the place it left and of the place it reached.
MOVE_KINDS = {
    ("supplier", "internal"): "receive",
    ("supplier", "customer"): "ship",
    ("internal", "customer"): "ship",
    ("customer", "internal"): "return",
    ("customer", "supplier"): "send_back",
    ("internal", "supplier"): "send_back",
    ("inventory", "internal"): "count_in",
    ("internal", "inventory"): "count_out",
}


class Event(NamedTuple):
    """One row of a chain, in the order that the hash covers; `time` is naive UTC."""

    chain: str
    seq: int
    kind: str
    time: datetime
    actor: str
    payload: str
    previous: str
    hash: str = ""


class Fault(NamedTuple):
    """The first bad event of a chain. Without a chain, `seq` is a line of the anchor file."""

    chain: str
    seq: int
    reason: str


_encode = JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False).encode


def canonical(payload):
    """Return the one JSON text of `payload`: ASCII, sorted keys, no spaces, decimals as strings.

    Floats are refused with TypeError: they have no exact text. So is every object JSON does not
    know, records and dates among them: an event holds codes and uuids that mean something
    outside the database.
    """
    return _encode(_exact(payload))


def _exact(value):
    if isinstance(value, str):  # first: it is what events hold most
        return value
    if isinstance(value, float):
        raise TypeError(f"{value!r} is a float: give provenance a Decimal or a string")
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dict):
        return {key: _exact(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_exact(item) for item in value]
    return value


def move_kind(source_usage, destination_usage):
    """Return the kind of a done move between two places; transit is still in the house."""
    inside = {"transit": "internal"}
    ends = (
        inside.get(source_usage, source_usage),
        inside.get(destination_usage, destination_usage),
    )
    return MOVE_KINDS.get(ends, "move")


def read_payload(text):
    """Return what the stored payload of an event tells: all of it but the salt."""
    return {key: value for key, value in json.loads(text).items() if key != SALT}


def is_public(kind, payload):
    """Tell whether everybody may read an event, on a passport.

    :param dict payload: what the event says
    """
    return (
        kind in PUBLIC_KINDS
        and not payload.keys() & set(PRIVATE_KEYS)
        and payload.get("stock_type") in PUBLIC_STOCK_TYPES
    )


def to_instant(time):
    """Return the text of a naive UTC time that hashes cover."""
    return time.isoformat(timespec="microseconds") + "Z"


def _hash_array(values):
    return sha256(_encode(values).encode()).hexdigest()


def content_hash(event):
    """Return what stands for kind, actor and payload where they are not shown."""
    # Written out, not encoded as a list: a million of these are verified in seconds.
    text = f"[{_quote(event[2])},{_quote(event[4])},{_quote(event[5])}]"
    return sha256(text.encode()).hexdigest()


def withheld_hash(chain, seq, instant, content, previous):
    """Return the hash of an event, with its version, from what is shown of a withheld one."""
    return f"$2${_hash_array([chain, seq, instant, content, previous])}"


def can_withhold(event_hash):
    """Tell whether an event with this hash can be proven without what it says."""
    return event_hash.startswith("$2$")


def _digest_1(event):
    chain, seq, kind, time, actor, payload, previous, _hash = event
    return _hash_array([chain, seq, kind, to_instant(time), actor, payload, previous])


def _digest_2(event):
    chain, seq, _kind, time, _actor, _payload, previous, _hash = event
    shown = f'[{_quote(chain)},{seq:d},"{to_instant(time)}","{content_hash(event)}"'
    return sha256(f"{shown},{_quote(previous)}]".encode()).hexdigest()


# An older version stays here for ever: its events are never hashed anew.
_DIGESTS = {"1": _digest_1, VERSION: _digest_2}


def digest(event, version=VERSION):
    """Return the hash of `event` with its version in front; its own `hash` plays no part."""
    return f"${version}${_DIGESTS[version](event)}"


def is_sealed(event):
    """Tell whether the hash covers what is stored, by the version that the hash names."""
    version = event.hash[1 : event.hash.find("$", 1)]
    return version in _DIGESTS and event.hash == digest(event, version)


def seal(entries, heads, time, actor):
    """Return the events that `entries`, triples (chain, kind, payload), add to their chains.

    `heads` maps a chain to its last (seq, hash) and is moved on, so it then holds what is to be
    stored. The key "salt" of a payload is taken.
    """
    events = []
    for chain, kind, payload in entries:
        seq, previous = heads.get(chain, GENESIS)
        text = canonical(payload | {SALT: os.urandom(SALT_BYTES).hex()})
        content = (chain, seq + 1, kind, time, actor, text, previous)
        event = Event(*content, digest((*content, "")))
        heads[chain] = (event.seq, event.hash)
        events.append(event)
    return events


class Verifier:
    """Walks events ordered by chain and seq, batch by batch, and keeps what is bad.

    Only the first fault of a chain is kept: behind it everything else looks bad too.
    """

    def __init__(self):
        self.events = 0
        self.chains = 0
        self.faults = []
        self._chain = None
        self._damaged = False
        self._head = GENESIS

    def feed(self, rows):
        """Check the next `rows`, sequences in the order of the fields of Event."""
        for event in map(Event._make, rows):
            self.events += 1
            if event.chain != self._chain:
                self._begin(event.chain)
            if not self._damaged:
                self._check(event)

    def _begin(self, chain):
        self.chains += 1
        self._chain, self._damaged, self._head = chain, False, GENESIS

    def _check(self, event):
        seq, previous = self._head
        if event.seq != seq + 1:
            self._blame(seq + 1, GAP)
        elif event.previous != previous:
            self._blame(event.seq, LINK)
        elif not is_sealed(event):
            self._blame(event.seq, CONTENT)
        self._head = (event.seq, event.hash)

    def _blame(self, seq, reason):
        self._damaged = True
        self.faults.append(Fault(self._chain, seq, reason))


class Verification(NamedTuple):
    """What a verification found: how much was read, and the first fault of each damaged chain."""

    events: int
    chains: int
    faults: tuple[Fault, ...] = ()

    @property
    def ok(self):
        """Whether nothing bad was found."""
        return not self.faults

    @property
    def first(self):
        """The first bad event, by chain and number, or None."""
        return self.faults[0] if self.faults else None


def first_faults(faults):
    """Return the first fault of each chain, sorted; those of the anchor file lead.

    Of two reasons for one event the one found first counts.
    """
    first = {}
    for fault in sorted(faults, key=lambda fault: fault[:2]):
        first.setdefault(fault.chain, fault)
    return tuple(first.values())
