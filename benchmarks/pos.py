"""Registers beside core's: opening with all pieces, a scan, the sync of an order, the closing."""

import gzip
import json
import sys
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent))

from support import browser, full_store, register

PIECES = 5
ROUNDS = 7
SCANS = 200
#: Orders of the session that is closed, one piece each.
ORDERS = 500
#: What a first opening may take more than core's, and a scan until its line is shown.
FIRST_EXTRA, SCAN_LIMIT = 3.0, 0.1
OPEN, SYNC, CLOSE = "server opens a register", "order of 5 pieces synced", "session of 500 closed"


def baseline(env):
    """Return {step: seconds} of core's register in a store with as many serial numbers.

    What fills the session that is closed is of a product with few of them: core takes seconds to
    sync an order from many, and a closing asks nothing of the stock.
    """
    full_store.open_books(env)
    quiet = full_store.quiet(env)
    many, few = (_fill_core(quiet, count) for count in (full_store.ALL, ORDERS))
    return _time_register(env, many, few)


def _fill_core(env, count):
    """Return the serial numbers that a register of core's may sell of a new product."""
    product = full_store.core_product(env)
    product.available_in_pos = True
    full_store.fill_core(env, product, count)
    return env["stock.lot"].search([("product_id", "=", product.id)], order="id")[1:]


def measure(env):
    """Return {step: seconds} of what grows with the stock."""
    session = register.open_register(env)
    return _time_catalog(session) | {SYNC: _time_syncs(session, full_store.get_stones(env))}


def run(env, report, core, few):
    """Open, scan, sync and close in the full store."""
    lots = full_store.get_stones(env)
    first = PIECES * ROUNDS + 1
    found = _time_register(env, lots, lots[first : first + ORDERS])
    for step in (OPEN, SYNC, CLOSE):
        report(
            name=step,
            n=full_store.ALL,
            value=found[step],
            unit="s",
            baseline=core[step],
            ratio=core[step] / found[step],
        )
    session = register.open_register(env)
    _report_catalog(session, report, few, core[OPEN])
    _report_claims(session, report, lots[-SCANS:])
    _report_browser(session, report)
    full_store.report_growth(report, SYNC, few[SYNC], found[SYNC])


# === THE REGISTER, OURS AND CORE'S === #


def _time_register(env, lots, more):
    """Return {step: seconds} of opening, selling `lots`, selling `more` and closing."""
    session = register.open_register(env)
    found = {OPEN: _time_opening(session), SYNC: _time_syncs(session, lots)}
    for lot in more[: ORDERS - ROUNDS - 1]:
        register.sync(session, register.prepare_order(session, lot))
    return found | {CLOSE: register.close(session)}


def _time_opening(session):
    """Return the seconds of what the server does for a register that is opened again: with our
    modules, it tells which pieces changed, too.
    """
    ask, cursor = getattr(session.config_id, "load_piece_catalog", None), None
    if ask:
        cursor = ask()["cursor"]
    times = []
    for _round in range(ROUNDS):
        seconds, _answer = register.load(session)
        times.append(seconds + (full_store.timed(ask, cursor)[0] if ask else 0))
    return median(times)


def _time_syncs(session, lots):
    """Return the median seconds of ROUNDS orders of PIECES, after one that warms up."""
    register.sync(session, register.prepare_order(session, lots[PIECES * ROUNDS]))
    return median(
        register.sync(
            session, register.prepare_order(session, lots[number * PIECES : (number + 1) * PIECES])
        )
        for number in range(ROUNDS)
    )


# === THE CATALOG === #


def _time_catalog(session):
    """Return {what is asked: seconds} of all pieces, of none that changed and of one."""
    config, env = session.config_id, session.env
    piece = full_store.get_stones(env)[-1:]
    env.invalidate_all()
    first, answer = full_store.timed(config.load_piece_catalog)
    cursor = answer["cursor"]
    piece.inscription = "ENGRAVED"
    env.cr.commit()
    times = []
    for _round in range(ROUNDS):
        env.invalidate_all()
        times.append(full_store.timed(config.load_piece_catalog, cursor)[0])
    return {"all pieces": first, "pieces that changed": median(times)}


def _report_catalog(session, report, few, core):
    """Report what the pieces add to the first opening and to each later one, and their size."""
    found = _time_catalog(session)
    whole, changed = found["all pieces"], found["pieces that changed"]
    n = full_store.ALL
    report(
        name="all pieces, on top of core's opening",
        n=n,
        value=whole,
        unit="s",
        baseline=FIRST_EXTRA,
        ratio=FIRST_EXTRA / whole,
    )
    report(name="pieces that changed, on top", n=n, value=changed, unit="s", baseline=core)
    for name, seconds in found.items():
        full_store.report_growth(report, name, few[name], seconds)
    wire = len(gzip.compress(json.dumps(session.config_id.load_piece_catalog()).encode(), 6))
    report(name="all pieces on the wire, compressed", n=n, value=wire / 2**20, unit="MiB")


def _report_claims(session, report, lots):
    """Report how long the server takes to keep a scanned piece for its order."""
    times = []
    for lot in lots:
        session.env.invalidate_all()
        seconds, answer = full_store.timed(session.config_id.claim_piece, lot.id, "benchmark")
        session.env.cr.commit()
        if answer["reason"]:
            raise RuntimeError(f"{lot.name}: {answer['reason']}")
        times.append(seconds)
    value = full_store.percentile(times, 0.95)
    report(name="piece kept for its order, p95", n=len(times), value=value, unit="s")


# === THE BROWSER === #


def _report_browser(session, report):
    """Report what the pieces cost in a browser: opening, finding and searching."""
    answer = session.config_id.load_piece_catalog()
    for name, seconds in browser.time_catalog(answer).items():
        limit = SCAN_LIMIT if "p95" in name else None
        ratio = limit and limit / max(seconds, 1e-6)
        report(
            name=f"browser: {name}",
            n=full_store.ALL,
            value=seconds,
            unit="s",
            baseline=limit,
            ratio=ratio,
        )
