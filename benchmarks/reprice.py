"""Reprice a whole stock after a change of the gold rate, against writing piece by piece."""

import sys
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parent))

from support import full_store
from support.rows import copy_rows, nth

from odoo.tools import SQL

PIECES = full_store.ALL
SAMPLE = 300


def run(env, report):
    """Measure a repricing of PIECES rings, its preview and its undoing.

    The baseline is the ORM: the same prices written to SAMPLE pieces one by one, scaled up.
    """
    env = env(context=dict(env.context, tracking_disable=True))
    gold = env.ref("jewelry_inventory.metal_gold")
    company = env.company
    pieces = _make_stock(env)
    rate = env["jewelry.metal.rate"].create({"metal_id": gold.id, "bid": 99, "ask": 101})
    baseline = _time(_write_one_by_one, pieces[:SAMPLE]) / SAMPLE * PIECES

    pieces._reprice()
    _check(pieces)
    rate.write({"bid": 104, "ask": 106})
    few = _time(pieces[: full_store.FEW]._reprice)
    rate.write({"bid": 109, "ask": 111})
    seconds = _time(pieces._reprice)
    full_store.report_growth(report, "reprice", few, seconds)
    report(
        name="reprice, events included",
        n=len(pieces),
        value=seconds,
        unit="s",
        baseline=baseline,
        ratio=baseline / seconds,
    )

    rate.write({"bid": 114, "ask": 116})
    price_run = env["jewelry.price.run"].create({"company_id": company.id})
    for name in ("preview", "apply", "undo"):
        seconds = _time(getattr(price_run, f"action_{name}"))
        report(name=f"reprice: {name}", n=len(pieces), value=seconds, unit="s")


def _time(function, *arguments):
    """Return the seconds of a call in a transaction of its own, as in a store."""
    env = function.__self__.env if hasattr(function, "__self__") else arguments[0].env
    env.cr.commit()
    start = perf_counter()
    function(*arguments)
    env.cr.commit()
    return perf_counter() - start


def _write_one_by_one(pieces):
    for number, piece in enumerate(pieces):
        piece.list_price = 100 + number
        piece.env.flush_all()


def _check(pieces):
    """Fail rather than measure a repricing that did nothing."""
    prices = pieces[::50].mapped("list_price")
    assert len(set(prices)) > 100, "the pieces were not priced"


def _make_stock(env):
    """Return PIECES rings of 2 to 20 g, priced by a policy with three tiers."""
    policy = env["jewelry.price.policy"].create(
        {
            "name": "Benchmark rings",
            "loss": 5,
            "labour_piece": 80,
            "labour_gram": 4,
            "rounding_step": 10,
            "rounding_ending": 9,
            "floor_margin": 20,
            "tier_ids": [
                (0, 0, {"start": 0, "multiplier": 3}),
                (0, 0, {"start": 1000, "multiplier": 2.5}),
                (0, 0, {"start": 5000, "multiplier": 2.2}),
            ],
        }
    )
    category = env["product.category"].create(
        {"name": "Benchmark", "jewelry_price_policy_id": policy.id}
    )
    style = env["product.template"].create(
        {"name": "Benchmark ring", "jewelry_kind": "piece", "categ_id": category.id}
    )
    piece = env["stock.lot"].create(
        {
            "product_id": style.product_variant_id.id,
            "company_id": env.company.id,
            "standard_price": 300,
            "stone_price": 250,
        }
    )
    env["jewelry.piece.metal"].create(
        {"lot_id": piece.id, "alloy_id": _get_alloy(env).id, "weight": 5}
    )
    warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
    source = env.ref("stock.stock_location_suppliers")
    piece._take_in(source, warehouse.lot_stock_id)
    return _clone(env, piece, PIECES - 1)


def _get_alloy(env):
    return env.ref("jewelry_inventory.alloy_gold_750_yellow")


def _clone(env, piece, count):
    """Copy a piece, its metal and its quant in SQL: entering them is another measurement."""
    env.flush_all()
    ids = copy_rows(
        env,
        "stock_lot",
        piece.id,
        count,
        {
            "name": SQL("'BENCH-' || number"),
            "chain_uuid": SQL("gen_random_uuid()"),
        },
    )
    line = env["jewelry.piece.metal"].search([("lot_id", "=", piece.id)])
    copy_rows(
        env,
        "jewelry_piece_metal",
        line.id,
        count,
        {
            "lot_id": nth(ids),
            "weight": SQL("2 + number %% 18000 / 1000.0"),
            "fine_weight": SQL("ROUND((2 + number %% 18000 / 1000.0) * 0.75, 3)"),
        },
    )
    quant = piece.quant_ids.filtered(lambda quant: quant.quantity > 0)
    copy_rows(env, "stock_quant", quant.id, count, {"lot_id": nth(ids)})
    env.cr.execute("ANALYZE stock_lot, jewelry_piece_metal, stock_quant")
    env.invalidate_all()
    return env["stock.lot"].browse([piece.id, *ids])
