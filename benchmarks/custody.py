"""How fast the page of custody is with 53,940 pieces, against limits for every place."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from support import full_store

ROUNDS = 20
CASES = 40
TRAYS = 10
# What is asked for, in seconds.
MOST = 0.3


def run(env, report, few):
    """Measure the one call that the page makes, and the warning before a move."""
    for name, seconds in measure(env).items():
        report(
            name=name,
            n=full_store.ALL,
            value=seconds,
            unit="s",
            baseline=MOST,
            ratio=MOST / seconds,
        )
        full_store.report_growth(report, name, few[name], seconds)


def measure(env):
    """Return {what is asked: seconds}, p95."""
    spread_over_trays(env, full_store.get_stones(env))
    exposures = env["jewelry.custody.exposure"]
    place = env["stock.location"].search([("name", "=", "Case 0")], limit=1)
    piece = env["stock.lot"].search([("location_id", "child_of", place.id)], limit=1)
    changes = {place.id: piece._get_exposure()}
    return {
        "page of custody": _p95(env, exposures.get_page),
        "warning before a move": _p95(env, exposures._find_excess, env.company, changes),
    }


def spread_over_trays(env, lots):
    """Spread the stones over the trays of cases, and give each case a limit."""
    stock = env["stock.warehouse"].search([], limit=1).lot_stock_id
    places = env["stock.location"]
    cases = places.create(
        [
            {"name": f"Case {number}", "location_id": stock.id, "jewelry_role": "sale"}
            for number in range(CASES)
        ]
    )
    trays = places.create(
        [
            {"name": f"Tray {number}", "location_id": case.id}
            for case in cases
            for number in range(TRAYS)
        ]
    )
    env["jewelry.custody.limit"].create(
        [{"name": "Policy", "place_id": case.id, "amount": 10**6} for case in cases]
    )
    env.flush_all()
    for index, tray in enumerate(trays):
        ids = tuple(lots.ids[index :: len(trays)])
        for table, column in (("stock_quant", "lot_id"), ("stock_lot", "id")):
            env.cr.execute(
                f"UPDATE {table} SET location_id = %s WHERE {column} IN %s AND location_id = %s",
                (tray.id, ids, stock.id),
            )
    env.cr.commit()
    env.cr.execute("ANALYZE")
    env.cr.commit()


def _p95(env, function, *args):
    times = []
    for _round in range(ROUNDS):
        env.invalidate_all()
        times.append(full_store.timed(function, *args)[0])
    return full_store.percentile(times, 0.95)
