"""Counting by scanner: what a batch of scans costs the server, and what a count of many takes to
open and to close."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from support import full_store

PIECES = 2_000
# How many scans travel together: one, when the network keeps up with the scanner; many, when it
# has been away.
BATCHES = (1, 40)
# What is asked for, in seconds: no scan makes anybody wait for longer.
MOST = 0.1


def run(env, report):
    """Count PIECES pieces one by one and in batches, then close; nothing stays in the database.

    The browser does not wait for any of it: a scan is counted there at once. This measures that
    the server keeps up with somebody who scans as fast as can be.
    """
    with env.cr.savepoint() as savepoint:
        case, pieces = make_case(env)
        for size in BATCHES:
            count_pieces(env, report, case, pieces, size)
        savepoint.rollback()


def make_case(env):
    """Return a case, and PIECES pieces in it, beside all that the store has."""
    stock = env.company._get_stock_place()
    case = env["stock.location"].create({"name": "Benchmark case", "location_id": stock.id})
    style = env["product.template"].create({"name": "Benchmark ring", "jewelry_kind": "piece"})
    vals = {"product_id": style.product_variant_id.id, "company_id": env.company.id}
    pieces = env["stock.lot"].create([vals] * PIECES)
    pieces._take_in(env.company._get_opening_place(), case)
    return case, pieces


def count_pieces(env, report, place, pieces, size):
    """Count all of the pieces in batches of a size."""
    count = env["jewelry.count"].create({"kind": "full", "place_ids": place.ids})
    count.get_screen()
    names = pieces.mapped("name")
    scans = [
        {"uuid": f"bench-{size}-{name}", "code": name, "place_id": place.id, "age": 0}
        for name in names
    ]
    waits = []
    for start in range(0, PIECES, size):
        # As a request would find it: with nothing in memory.
        env.invalidate_all()
        seconds, answers = full_store.timed(count.register_scans, scans[start : start + size])
        if {answer["state"] for answer in answers} != {"counted"}:
            raise RuntimeError(answers)
        waits.append(seconds)
    for name, share in (("median", 0.5), ("99 of 100", 0.99), ("slowest", 1)):
        seconds = full_store.percentile(waits, share)
        report_seconds(report, f"{size} a time, {name}", len(waits), seconds)
    env.invalidate_all()
    seconds, screen = full_store.timed(count.get_screen)
    if len(screen["codes"]) != PIECES:
        raise RuntimeError(len(screen["codes"]))
    report_seconds(report, f"open the screen again after {PIECES:,} scans", PIECES, seconds, 1.0)
    seconds, closed = full_store.timed(count.action_sign)
    if not closed or count.found_quantity != PIECES:
        raise RuntimeError(count.found_quantity)
    report_seconds(report, "close: compare with the books", count.expected_quantity, seconds, 30.0)


def report_seconds(report, name, number, seconds, most=MOST):
    """Report a time beside the most that it may be."""
    report(name=name, n=number, value=seconds, unit="s", baseline=most, ratio=most / seconds)
