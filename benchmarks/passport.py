"""Passports: how long one takes to make and to check, and what it rests on: roots and chains."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).parent))

from support import full_store

from odoo.tools import SQL, config

HEADS = 54_000
EVENTS = 200
STONES = 5
CHAINS = 5_000
ROUNDS = 200
# What is asked for, in seconds.
MOST_PASSPORT, MOST_ROOT, MOST_VERIFICATION = 1.0, 5.0, 20.0


def run(env, report):
    """Measure, and leave nothing behind in the database or in the real files."""
    with TemporaryDirectory() as folder:
        options = {
            "jewelry_anchor_file": str(Path(folder, "anchors.jsonl")),
            "jewelry_signing_key_file": str(Path(folder, "signing_key.pem")),
        }
        env["jewelry.provenance.check"].search([]).unlink()
        with patch.dict(config.options, options), env.cr.savepoint() as savepoint:
            measure_passport(env, report, create_piece(env))
            savepoint.rollback()
        with patch.dict(config.options, options), env.cr.savepoint() as savepoint:
            measure_verification(env, report)
            savepoint.rollback()


def report_seconds(report, name, count, seconds, most):
    """Report a time beside the most that it may be."""
    report(name=name, n=count, value=seconds, unit="s", baseline=most, ratio=most / seconds)


def create_piece(env):
    """Return a piece with STONES stones and EVENTS events in all their chains."""
    style = env["product.template"].create({"name": "Ring", "jewelry_kind": "piece"})
    piece = env["stock.lot"].create(
        {"name": "bench", "product_id": style.product_variant_id.id, "list_price": 1000}
    )
    diamond = {
        "species_id": env.ref("jewelry_inventory.species_diamond").id,
        "shape_id": env.ref("jewelry_inventory.shape_round").id,
        "origin": "natural",
        "carat": 0.1,
    }
    stones = env["jewelry.stone"].create([diamond | {"holder_id": piece.id}] * STONES)
    written = sum(map(len, get_chains(piece).values()))
    records = [piece, *stones]
    env["jewelry.provenance.event"]._append(
        [
            (records[number % len(records)], ("content", "price")[number % 2], {"n": number})
            for number in range(EVENTS - written)
        ]
    )
    return piece


def get_chains(piece):
    """Return {uuid: events} of the piece, its stones and the parcels that they came from."""
    own = piece._fetch_chains([piece.chain_uuid])
    stones, parcels = piece._get_passport_stones(own), piece._get_passport_parcels(own)
    return piece._get_passport_chains(own, stones, parcels)


def measure_passport(env, report, piece):
    """Anchor the piece among HEADS others, then issue its passport, check it, and show its page."""
    from odoo.addons.jewelry_inventory.tools.passport_check import check_text

    env.cr.execute(
        SQL(
            """INSERT INTO jewelry_provenance_head (chain_uuid, seq, hash)
               SELECT gen_random_uuid()::varchar, 1, '$2$' || md5(n::text) || md5(n::text)
                 FROM generate_series(1, %s) n""",
            HEADS,
        )
    )
    anchors = env["jewelry.provenance.anchor"]
    seconds, line = full_store.timed(anchors._append_line, HEADS)
    report_seconds(report, "daily root, signed", line["chains"], seconds, MOST_ROOT)
    seconds, content = full_store.timed(piece._get_passport_file)
    report_seconds(report, "issue the passport of a piece", EVENTS, seconds, MOST_PASSPORT)
    seconds, result = full_store.timed(check_text, content)
    if (result.state, result.events) != ("sound", EVENTS):
        raise RuntimeError(result)
    report_seconds(report, "check it with Python alone", EVENTS, seconds, MOST_PASSPORT)
    seconds, _values = full_store.timed(piece._get_passport_values)
    report_seconds(report, "what its page shows, checked anew", EVENTS, seconds, MOST_PASSPORT)


def measure_verification(env, report):
    """Write a million events, then verify all chains against each other and the anchor file."""
    events = env["jewelry.provenance.event"]
    box = env["product.product"].create({"name": "Box", "tracking": "serial"})
    lots = env["stock.lot"].create(
        [{"name": f"bench-{n}", "product_id": box.id} for n in range(CHAINS)]
    )
    for number in range(ROUNDS):
        events._append([(lot, "move", {"n": number}) for lot in lots])
    env["jewelry.provenance.anchor"]._append_line(CHAINS * ROUNDS)
    seconds, verification = full_store.timed(events.verify_chains)
    if not verification.ok:
        raise RuntimeError(verification.first)
    report_seconds(report, "verify all chains", verification.events, seconds, MOST_VERIFICATION)
