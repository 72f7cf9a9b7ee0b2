"""Events of provenance as EPCIS 2.0: what each one reads like in the words of that standard.

An event names its row of the chain in fields of our own namespace, so that whoever holds the
document can seal the row again and compare.
"""

import json
from typing import NamedTuple

from .cbv import event_hash
from .provenance import KINDS, Kind, to_instant

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
PREFIX = "jewelry"
# Fields of a row that its EPCIS event repeats as they are hashed; its time is the event's own.
ROW_FIELDS = ("chain", "seq", "kind", "actor", "payload", "previous", "hash")
CUSTOM_STEP = "Bizstep-"


class Names(NamedTuple):
    """What uuids are called in a document."""

    base: str  # the store's own address, without a slash at the end
    links: dict  # {uuid: path of the Digital Link} of what has a number of GS1

    @property
    def namespace(self):
        """The namespace of the store's own words."""
        return f"{self.base}/jewelry/epcis#"

    def get_uri(self, uuid):
        """Return the address that stands for a piece, a stone or a place."""
        return self.base + (self.links.get(uuid) or f"/jewelry/id/{uuid}")


def make_contexts(names):
    """Return the `@context` of a document."""
    return [CONTEXT, {PREFIX: names.namespace}]


def to_epcis(event, names):
    """Return the EPCIS event of a row of a chain.

    :param event: `provenance.Event`
    :param names: `Names`
    """
    payload = json.loads(event.payload)
    kind = KINDS.get(event.kind) or Kind(
        "ObjectEvent", "OBSERVE", f"{CUSTOM_STEP}{event.kind}", "in_progress"
    )
    what = _SHAPES[kind.event_type](event, kind, payload, names)
    values = {
        **(what or _to_object(event, kind._replace(action="OBSERVE"), payload, names)),
        "eventTime": to_instant(event.time),
        "eventTimeZoneOffset": "+00:00",
        "bizStep": _get_step(kind.step, names),
        "disposition": kind.disposition,
        **{f"{PREFIX}:{name}": getattr(event, name) for name in ROW_FIELDS},
    }
    return values | {"eventID": event_hash(values, make_contexts(names))}


def _get_step(step, names):
    return f"{names.namespace}{step}" if step.startswith(CUSTOM_STEP) else step


def _to_object(event, kind, payload, names):
    values = {
        "type": "ObjectEvent",
        "action": kind.action,
        "epcList": [names.get_uri(event.chain)],
    }
    if payload.get("to") and event.kind not in ("set", "unset", "join", "leave"):
        values["bizLocation"] = {"id": names.get_uri(payload["to"])}
    return values


def _to_membership(event, kind, payload, names):
    """Return who holds whom, told by the holder or by what it holds; nothing without a holder."""
    side = "to" if kind.action == "ADD" else "from"
    told_by_holder = "stone" in payload
    holder = event.chain if told_by_holder else payload.get(side)
    held = payload["stone"] if told_by_holder else event.chain
    return holder and {
        "type": kind.event_type,
        "action": kind.action,
        "parentID": names.get_uri(holder),
        "childEPCs": [names.get_uri(held)],
    }


def _to_transformation(_event, kind, payload, names):
    """Return what became what; nothing when one side is material without a chain."""
    sources, results = payload.get("in"), payload.get("out")
    return (sources and results) and {
        "type": kind.event_type,
        "inputEPCList": [names.get_uri(uuid) for uuid in sources],
        "outputEPCList": [names.get_uri(uuid) for uuid in results],
    }


_SHAPES = {
    "ObjectEvent": _to_object,
    "AssociationEvent": _to_membership,
    "AggregationEvent": _to_membership,
    "TransformationEvent": _to_transformation,
}
