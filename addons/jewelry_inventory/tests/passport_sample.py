"""A passport made without a database: a ring, its stone, and the serial number of that stone."""

from datetime import datetime, timedelta

from ..tools.anchor_line import head_leaf, make_statement
from ..tools.epcis import Names
from ..tools.merkle import MerkleTree
from ..tools.passport import PROOF, build_passport, to_signed_text
from ..tools.provenance import is_public, read_payload, seal

RING, STONE, HOME, PLACE, SUPPLIER, CLIENT, CLERK, DATABASE = (
    f"{number:08x}-0000-4000-8000-000000000000" for number in range(1, 9)
)
BASE = "https://shop.example"
GIAI = "/8004/9521234R-0001"
STORY = (
    (
        (HOME, "commission", {"name": "S-1", "stock_type": "stock"}),
        (STONE, "commission", {"number": "ST-1", "carat": "0.520", "holder": HOME}),
    ),
    (
        (HOME, "receive", {"from": SUPPLIER, "to": PLACE, "document": "WH/IN/00001"}),
        (HOME, "cost", {"new": "400.00", "currency": "USD", "why": "receipt"}),
    ),
    ((STONE, "certificate", {"laboratory": "GIA", "number": "2141438171", "current": True}),),
    (
        (RING, "commission", {"name": "R-0001", "gross_weight": "4.000", "stock_type": "stock"}),
        (RING, "price", {"new": "900.00", "why": "new"}),
        (RING, "content", {"metals": {"AU750Y": "3.200"}}),
    ),
    (
        (STONE, "set", {"from": HOME, "to": RING}),
        (RING, "set", {"stone": STONE, "number": "ST-1"}),
        (RING, "transform", {"kind": "set", "in": [RING, HOME], "out": [RING], "lost": {}}),
        (RING, "cost", {"new": "700.00", "currency": "USD", "why": "set"}),
    ),
    (
        (RING, "owner", {"owner": CLIENT}),
        (RING, "ship", {"from": PLACE, "to": SUPPLIER, "document": "WH/OUT/00001"}),
    ),
)


class Sample:
    """A store that writes down `story`, anchors it among other chains, and issues a passport.

    :param sign: function that takes a message and returns {"key", "signature"}; none signs nothing
    """

    def __init__(self, story=STORY, sign=None, links=None):
        self.sign = sign
        self.names = Names(BASE, {RING: GIAI} if links is None else links)
        self.heads, self.events = {}, []
        self.time = datetime(2026, 3, 1, 12, 0, 0, 7)
        self.line, self.anchored = None, {}
        for entries in story:
            self.tell(*entries)

    def tell(self, *entries):
        """Write down what happens an hour later."""
        self.time += timedelta(hours=1, microseconds=3)
        self.events += seal(entries, self.heads, self.time, CLERK)

    def anchor(self, others=11):
        """Anchor all chains and as many of other pieces."""
        heads = [(chain, *head) for chain, head in self.heads.items()]
        heads += [(f"{n:08x}-ffff-4000-8000-000000000000", 1, f"$2${n}") for n in range(others)]
        heads.sort()
        tree = MerkleTree([head_leaf(*head) for head in heads])
        self.anchored = {
            chain: {"seq": seq, "hash": last, "index": index, "path": tree.get_path(index)}
            for index, (chain, seq, last) in enumerate(heads)
            if chain in self.heads
        }
        line = {
            "chains": len(heads),
            "database": DATABASE,
            "fork_of": "",
            "root": tree.root,
            "time": "2026-03-02T02:00:00+00:00",
        }
        self.line = line | (self.sign(make_statement(line)) if self.sign else {})
        return self

    def issue(self, shown=None):
        """Return the passport of the ring; `shown` tells which events can be read."""
        chains = {chain: [e for e in self.events if e.chain == chain] for chain in self.heads}
        own = {RING: chains.pop(RING)}
        document = build_passport(
            own | chains,
            shown or (lambda event: is_public(event.kind, read_payload(event.payload))),
            self.names,
            self.anchored,
            self.line if self.sign else None,
            "2026-03-03T10:00:00+00:00",
        )
        return self.seal(document)

    def seal(self, document):
        """Sign a document as the store does."""
        if not self.sign:
            return document
        return document | {PROOF: document[PROOF] | self.sign(to_signed_text(document))}
