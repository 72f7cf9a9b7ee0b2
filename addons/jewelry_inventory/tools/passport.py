"""The passport of a piece as one file: its past as an EPCIS document that proves itself.

The file holds the events that everybody may read; of the others, what it takes to prove that
nothing was left out between; for each chain the way from its head to an anchored root; and the
signatures of the store's key under that root and under the file. `passport_check` reads it.
"""

from .anchor_line import STATED
from .epcis import make_contexts, to_epcis
from .provenance import can_withhold, canonical, content_hash, to_instant

FORMAT = "jewelry-passport-1"
PROOF = "jewelry:passport"


def build_passport(chains, shown, names, anchored, anchor, created):
    """Return the document of a piece, without its signature.

    :param dict chains: {uuid: list of `provenance.Event`}, the piece's own chain first
    :param shown: function that tells whether an event is to be readable
    :param names: `epcis.Names`
    :param dict anchored: {uuid: dict of seq, hash, index and path} of the chains under the anchor
    :param dict anchor: the line of the anchor file, or None
    :param str created: when the document is made, ISO 8601
    """
    rows = [event for events in chains.values() for event in events]
    visible = [event for event in rows if shown(event)]
    return {
        "@context": make_contexts(names),
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": created,
        "epcisBody": {
            "eventList": [to_epcis(event, names) for event in sorted(visible, key=event_order)]
        },
        PROOF: {
            "format": FORMAT,
            "base": names.base,
            "links": {uuid: link for uuid, link in names.links.items() if uuid in chains},
            "chains": [
                _prepare_chain(uuid, events, set(visible), anchored.get(uuid))
                for uuid, events in chains.items()
            ],
            "anchor": anchor and {name: anchor[name] for name in (*STATED, "key", "signature")},
        },
    }


def event_order(event):
    """Return the key that events of a document are sorted by."""
    return to_instant(event.time), event.chain, event.seq


def to_signed_text(document):
    """Return the text, as bytes, that the signature of a document is of."""
    proof = {
        name: value for name, value in document[PROOF].items() if name not in ("key", "signature")
    }
    return canonical(document | {PROOF: proof}).encode()


def _prepare_chain(uuid, events, visible, anchored):
    return {
        "chain": uuid,
        "seq": len(events),
        "hash": events[-1].hash if events else "",
        "anchored": anchored,
        "withheld": [_withhold(event) for event in events if event not in visible],
    }


def _withhold(event):
    """Return what is told of an event that is not shown: enough to seal it again."""
    return {
        "seq": event.seq,
        "time": to_instant(event.time),
        "content": content_hash(event) if can_withhold(event.hash) else "",
        "previous": event.previous,
        "hash": event.hash,
    }
