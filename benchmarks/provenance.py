"""Provenance: how fast chains are written and verified, and what events cost a delivery of core."""

from contextlib import nullcontext
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from unittest.mock import patch

from odoo.fields import Command
from odoo.tools import config

PIECES = 5_000
ROUNDS = 40
DELIVERY = 50
REPEATS = 15
NEEDED_RATE = 50_000  # events a second


def run(env, report):
    """Measure, and leave nothing behind in the database or in the real anchor file."""
    with TemporaryDirectory() as folder:
        option = {"jewelry_anchor_file": str(Path(folder, "anchors.jsonl"))}
        with patch.dict(config.options, option), env.cr.savepoint() as savepoint:
            template = env["product.template"].create({"name": "Ring", "jewelry_kind": "piece"})
            style = template.product_variant_id
            # First, while the tables are small: all that a transaction writes slows it down.
            measure_delivery(env, report, style)
            measure_chains(env, report, create_pieces(env, style, "chain", PIECES))
            savepoint.rollback()


def create_pieces(env, style, prefix, count):
    """Return `count` new serials of `style`."""
    return env["stock.lot"].create(
        [{"name": f"{prefix}-{n}", "product_id": style.id} for n in range(count)]
    )


def timed(work, *args):
    """Return the seconds that `work` takes, and what it returns."""
    start = perf_counter()
    result = work(*args)
    return perf_counter() - start, result


def measure_chains(env, report, pieces):
    """Append ROUNDS events to each of `pieces`, then verify and anchor all chains."""
    events = env["jewelry.provenance.event"]
    count = len(pieces) * ROUNDS
    payload = {"from": pieces[0].chain_uuid, "to": pieces[1].chain_uuid, "document": "WH/OUT/00001"}
    batches = [[(piece, "move", payload) for piece in pieces] for _round in range(ROUNDS)]
    seconds = sum(timed(events._append, batch)[0] for batch in batches)
    report(name="append in batches of 5,000", n=count, value=count / seconds, unit="events/s")
    measure_verification(events, report, "verify all chains")
    check = env["jewelry.provenance.check"]._run()
    report(name="anchor all heads", n=check.chain_count, value=timed(check._anchor)[0], unit="s")
    measure_verification(events, report, "verify against the anchor")


def measure_verification(events, report, name):
    """Verify all chains and compare with the rate that a store needs."""
    seconds, verification = timed(events.verify_chains)
    rate = verification.events / seconds
    report(
        name=name,
        n=verification.events,
        value=rate,
        unit="events/s",
        baseline=NEEDED_RATE,
        ratio=rate / NEEDED_RATE,
    )


def measure_delivery(env, report, style):
    """Deliver DELIVERY serials with events and without, in turn, and compare the medians."""
    silent = patch.multiple(
        type(env["jewelry.provenance.event"]),
        _append=lambda self, entries: None,
        _prepare_move_entries=lambda self, lines: [],
    )
    env["jewelry.provenance.check"].create({"state": "ok"})  # a store past its first day
    seconds = {True: [], False: []}
    for turn in range(2 * REPEATS):
        written = bool(turn % 2)
        picking = prepare_delivery(env, create_pieces(env, style, f"sale-{turn}", DELIVERY))
        with nullcontext() if written else silent:
            seconds[written].append(timed(deliver, env, picking)[0])
    core, ours = median(seconds[False]), median(seconds[True])
    report(
        name="deliver 50 serials with events",
        n=DELIVERY,
        value=ours,
        unit="s",
        baseline=core,
        ratio=core / ours,
    )


def prepare_delivery(env, pieces):
    """Take `pieces` into stock and return a transfer that has reserved them."""
    warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
    stock, customers = warehouse.lot_stock_id, env.ref("stock.stock_location_customers")
    pieces._take_in(env.company._get_opening_place(), stock)
    places = {"location_id": stock.id, "location_dest_id": customers.id}
    line = {"product_id": pieces.product_id.id, "product_uom_qty": len(pieces), **places}
    picking = env["stock.picking"].create(
        {"picking_type_id": warehouse.out_type_id.id, "move_ids": [Command.create(line)], **places}
    )
    picking.action_confirm()
    picking.action_assign()
    picking.move_ids.picked = True
    env.flush_all()
    env.invalidate_all()
    return picking


def deliver(env, picking):
    """Validate the transfer down to the database."""
    picking._action_done()
    env.flush_all()
