"""Checks a passport file: whether anything in it is not as it was written and anchored.

Needs nothing but Python, so that it runs at the customer's, far from the store's database.
"""

import json
from base64 import b64decode
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from . import ed25519
from .anchor_line import find_break, head_leaf, is_signed, make_statement
from .epcis import PREFIX, ROW_FIELDS, Names, make_contexts, to_epcis
from .gs1 import escape
from .merkle import root_of_path
from .passport import FORMAT, PROOF, event_order, to_signed_text
from .provenance import ANCHOR, CONTENT, GAP, LINK, Event, Fault, is_sealed, withheld_hash

# Why a passport is not believed, beside the reasons that chains in a database have.
UNREADABLE = "unreadable"
ORDER = "order"
EPCIS = "epcis"
END = "end"
MISSING = "missing"
STRANGE = "strange"
NUMBER = "number"
ROOT = "root"
SIGNATURE = "signature"
SEAL = "seal"
KEY = "key"
FILE = "file"
STAMP = "stamp"

MESSAGES = {
    UNREADABLE: "this is no passport, or it was damaged",
    ORDER: "the event stands out of its order, or twice",
    GAP: "the event is missing, or was moved to another number",
    LINK: "the event is not linked to the one before",
    CONTENT: "the event was changed after it was written",
    EPCIS: "the event reads otherwise than what was written",
    END: "the chain does not end where the passport says",
    ANCHOR: "the event is not the one that was anchored",
    MISSING: "the history of a stone in the piece was left out",
    STRANGE: "this history does not belong to the piece",
    NUMBER: "the number of GS1 is not the piece's own",
    ROOT: "the history is not under the anchored root",
    SIGNATURE: "the anchor is not signed by the key that it names",
    SEAL: "the passport was changed after the store signed it",
    KEY: "the passport is signed by another key than the one expected",
    STAMP: "the time stamp is of something else",
    FILE: "your copy of the anchors does not hold this anchor, or was changed",
}

SOUND, TAMPERED, UNPROVEN = "sound", "tampered", "unproven"


class Report(NamedTuple):
    """What a check found: the first bad event leads the faults."""

    state: str  # SOUND, TAMPERED, or UNPROVEN: consistent, with no anchor or signature to prove it
    faults: tuple = ()
    number: str = ""
    events: int = 0
    withheld: int = 0
    chains: int = 0
    later: int = 0  # events written since the anchor
    time: str = ""
    root: str = ""
    key: str = ""
    fork_of: str = ""


def check_text(text, keys=(), anchors=None):
    """Check the text of a passport file, as `check_passport` does."""
    try:
        document = json.loads(text)
    except (RecursionError, ValueError):
        return Report(TAMPERED, (Fault("", 0, UNREADABLE),))
    return check_passport(document, keys, anchors)


def check_passport(document, keys=(), anchors=None):
    """Check a passport.

    :param document: the file as parsed
    :param keys: public keys, in hex, of which one must have signed; any will do when empty
    :param list anchors: lines of an anchor file that the holder trusts, as `parse_line` gives
    :rtype: Report
    """
    try:
        return _Check(document).run(keys, anchors)
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        # Whatever a stranger wrote into the file, it is no passport of ours.
        return Report(TAMPERED, (Fault("", 0, UNREADABLE),))


class _Check:
    """One pass over one document."""

    def __init__(self, document):
        self.document = document
        self.proof = document[PROOF]
        if self.proof["format"] != FORMAT:
            raise ValueError(self.proof["format"])
        self.names = Names(self.proof["base"], self.proof["links"])
        self.anchor = self.proof["anchor"]
        self.chains = {chain["chain"]: chain for chain in self.proof["chains"]}
        self.subject = self.proof["chains"][0]["chain"]
        self.events = document["epcisBody"]["eventList"]
        self.rows = [_read_row(event) for event in self.events]
        self.faults = []

    def run(self, keys, anchors):
        """Check everything, the events first, and report."""
        self._check_events()
        for chain in self.chains.values():
            self._check_chain(chain)
        self._check_members()
        self._check_number()
        if self.anchor:
            self._check_anchor(anchors)
        self._check_seal()
        self._check_keys(set(keys))
        return self._report()

    def _blame(self, reason, chain="", seq=0):
        self.faults.append(Fault(chain, seq, reason))

    # === EVENTS === #

    def _check_events(self):
        """Compare each event with its row, and the document with the only order it can have."""
        if self.document["@context"] != make_contexts(self.names):
            self._blame(UNREADABLE)
        last = None
        for row, event in zip(self.rows, self.events, strict=True):
            if last and event_order(row) <= last:
                self._blame(ORDER, row.chain, row.seq)
            elif row.chain not in self.chains:
                self._blame(STRANGE, row.chain, row.seq)
            elif is_sealed(row) and to_epcis(row, self.names) != event:
                self._blame(EPCIS, row.chain, row.seq)
            last = event_order(row)

    def _check_chain(self, chain):
        """Walk a chain, shown and withheld events alike, and find its first bad event."""
        uuid, links = chain["chain"], self._get_links(chain)
        seq, last_hash = 0, ""
        for number, previous, event_hash, sealed in links:
            seq += 1
            if fault := self._find_fault(number, previous, sealed, (seq, last_hash)):
                return self._blame(fault, uuid, seq)
            last_hash = event_hash
        if (seq, last_hash) != (chain["seq"], chain["hash"]):
            return self._blame(END, uuid, seq + 1)
        return self._check_leaf(chain, [link[2] for link in links])

    def _get_links(self, chain):
        """Return (seq, previous, hash, whether the hash is right) of all events of a chain."""
        shown = [
            (row.seq, row.previous, row.hash, is_sealed(row))
            for row in self.rows
            if row.chain == chain["chain"]
        ]
        withheld = [
            (row["seq"], row["previous"], row["hash"], _is_withheld(chain["chain"], row))
            for row in chain["withheld"]
        ]
        return sorted(shown + withheld)

    def _find_fault(self, number, previous, sealed, place):
        seq, last_hash = place
        if number != seq:
            return GAP
        if previous != last_hash:
            return LINK
        return None if sealed else CONTENT

    def _check_leaf(self, chain, hashes):
        """Check that the anchored event is in the chain, and under the root."""
        anchored = chain["anchored"]
        if not (self.anchor and anchored):
            return
        uuid, seq, path = chain["chain"], anchored["seq"], anchored["path"]
        if not 0 < seq <= len(hashes) or hashes[seq - 1] != anchored["hash"]:
            self._blame(ANCHOR, uuid, seq)
            return
        leaf, size = head_leaf(uuid, seq, anchored["hash"]), self.anchor["chains"]
        if root_of_path(leaf, anchored["index"], size, path) != self.anchor["root"]:
            self._blame(ROOT, uuid, seq)

    # === WHAT BELONGS TOGETHER === #

    def _check_members(self):
        """Check that all stones of the piece are told of, and nothing else is."""
        said = {uuid: set() for uuid in self.chains}
        for row in self.rows:
            payload = json.loads(row.payload)
            said.setdefault(row.chain, set()).update(_get_texts(payload))
            told = row.chain == self.subject and row.kind == "set" and payload.get("stone")
            if told and told not in self.chains:
                self._blame(MISSING, row.chain, row.seq)
        reached = _get_reached(self.subject, {uuid: said[uuid] for uuid in self.chains})
        for uuid in self.chains:
            if uuid not in reached:
                self._blame(STRANGE, uuid)

    def _check_number(self):
        """Check that a number of GS1 ends like the number that the chain tells."""
        for uuid, link in self.names.links.items():
            number = self._get_number(uuid)
            if uuid not in self.chains or (number and not link.endswith(escape(number))):
                self._blame(NUMBER, uuid)

    def _get_number(self, uuid):
        """Return the last number that was written down for a piece, if it is shown."""
        payloads = [json.loads(row.payload) for row in self.rows if row.chain == uuid]
        numbers = [payload["name"] for payload in payloads if payload.get("name")]
        return numbers[-1] if numbers else ""

    # === SIGNATURES === #

    def _check_anchor(self, anchors):
        if not is_signed(self.anchor, ed25519.verify):
            self._blame(SIGNATURE)
        if "stamp" in self.proof:
            imprint = sha256(make_statement(self.anchor)).digest()
            if imprint not in b64decode(self.proof["stamp"], validate=True):
                self._blame(STAMP)
        if anchors is not None:
            known = [line for line in anchors if self.anchor.items() <= line.items()]
            if not known or find_break(anchors):
                self._blame(FILE)

    def _check_seal(self):
        if "signature" not in self.proof:
            return
        key, signature = (bytes.fromhex(self.proof[name]) for name in ("key", "signature"))
        if not ed25519.verify(key, to_signed_text(self.document), signature):
            self._blame(SEAL)

    def _check_keys(self, keys):
        """Check that one key signed everything, or keys that the holder trusts."""
        signed = [part["key"] for part in (self.proof, self.anchor) if part and "signature" in part]
        if set(signed) - keys if keys else len(set(signed)) > 1:
            self._blame(KEY)

    # === RESULT === #

    def _report(self):
        anchor, chains = self.anchor or {}, self.chains.values()
        total = sum(chain["seq"] for chain in chains)
        anchored = sum((chain["anchored"] or {}).get("seq", 0) for chain in chains)
        proven = self.anchor and "signature" in self.proof and self.chains[self.subject]["anchored"]
        return Report(
            TAMPERED if self.faults else SOUND if proven else UNPROVEN,
            tuple(self.faults),
            self._get_number(self.subject),
            total,
            sum(len(chain["withheld"]) for chain in chains),
            len(chains),
            total - anchored if anchor else total,
            *(anchor.get(name, "") for name in ("time", "root", "key", "fork_of")),
        )


def _read_row(event):
    """Return the row of a chain that an EPCIS event is of."""
    values = {name: event[f"{PREFIX}:{name}"] for name in ROW_FIELDS}
    if type(values["seq"]) is not int:  # a truth value is one, too
        raise TypeError(values["seq"])
    time = datetime.strptime(event["eventTime"], "%Y-%m-%dT%H:%M:%S.%fZ")
    return Event(**values, time=time)


def _is_withheld(chain, row):
    values = (row[name] for name in ("seq", "time", "content", "previous"))
    return row["hash"] == withheld_hash(chain, *values)


def _get_texts(value):
    """Yield all texts in a payload, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _get_texts(item)


def _get_reached(subject, said):
    """Return the chains that tell of the subject or that it tells of, and so on from those."""
    reached, waiting = set(), [subject]
    while waiting:
        uuid = waiting.pop()
        if uuid not in reached:
            reached.add(uuid)
            waiting += [other for other in said if other in said[uuid] or uuid in said[other]]
    return reached
