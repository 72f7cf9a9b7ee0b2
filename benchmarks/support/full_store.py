"""A store with all 53,940 diamonds in it, and the same work done core's way beside it."""

import base64
import gzip
import math
import time
from pathlib import Path

from odoo.tools import SQL

from .rows import copy_rows, nth

DIAMONDS = Path(__file__).parents[1] / "data" / "diamonds.csv.gz"
ALL = 53_940
#: The smaller store that growth is measured against.
FEW = 5_000
PLACES = ("Safe", "Case A", "Case B", "Window")


def timed(function, *args):
    """Return (seconds, result) of one call."""
    start = time.perf_counter()
    result = function(*args)
    return time.perf_counter() - start, result


def percentile(values, share):
    """Return the smallest value that `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def quiet(env):
    """Return an environment that does not write to chatters, as imports do."""
    return env(context=dict(env.context, tracking_disable=True, mail_create_nolog=True))


def open_books(env):
    """Give the company a chart of accounts, so that valuation has where to go."""
    if not env.company.chart_template:
        env["account.chart.template"].try_loading("generic_coa", env.company, False)
    env.cr.commit()


def prepare_import(env, rows=ALL):
    """Return a checked import of the first `rows` diamonds, costed at half their price."""
    lines = gzip.decompress(DIAMONDS.read_bytes()).splitlines(keepends=True)
    job = env["jewelry.import"].create(
        {
            "kind": "stone",
            "file": base64.b64encode(b"".join(lines[: rows + 1])),
            "filename": "diamonds.csv",
            "origin": "natural",
            "cut_scheme": "trade",
        }
    )
    job.action_read()
    map_cost(job)
    job.action_check()
    job.action_import()
    env.cr.commit()
    return job


def map_cost(job):
    """Let stones cost half of their price: the file has no cost."""
    price = job.column_ids.filtered(lambda column: column.target == "list_price")
    price.action_duplicate()
    job.column_ids.filtered(lambda column: not column.target).write(
        {"target": "cost", "factor": 0.5}
    )


def fill(env, rows=ALL):
    """Take the diamonds in batch by batch, each with its own commit.

    :return: {rows in stock: seconds until then}
    """
    job = prepare_import(quiet(env), rows)
    batch, start, marks = [], time.perf_counter(), {0: 0.0}
    for row in job._read_values():
        batch.append(row)
        if len(batch) == job.batch_size or job.row_done + len(batch) == rows:
            take_batch(job, batch)
            batch = []
            marks[job.row_done] = time.perf_counter() - start
    job._set_state("done")
    env.cr.commit()
    env.cr.execute("ANALYZE")
    env.cr.commit()
    return marks


def take_batch(job, batch):
    """Take in one batch and keep it."""
    if not job._import_batch(batch):
        raise RuntimeError(job.error_ids[:1].message)
    job.env.cr.commit()


def get_stones(env):
    """Return the loose stones of the store."""
    return env["stock.lot"].search([("jewelry_kind", "=", "stone")])


def report_growth(report, name, few, full):
    """Report how a time grows from ``FEW`` pieces to ``ALL``: 0 not at all, 1 in proportion."""
    slope = math.log(full / few) / math.log(ALL / FEW)
    report(name=f"{name}: growth from {FEW:,}", n=ALL, value=slope, unit="power")


def spread_over_places(env, lots):
    """Spread the stones over safe, cases and window, so that places tell them apart."""
    stock = env["stock.warehouse"].search([], limit=1).lot_stock_id
    for index, name in enumerate(PLACES):
        values = {"name": name, "location_id": stock.id}
        known = env["stock.location"].search([(key, "=", value) for key, value in values.items()])
        place = known or env["stock.location"].create(values)
        ids = tuple(lots.ids[index :: len(PLACES)])
        for table in ("stock_quant", "stock_lot"):
            column = "lot_id" if table == "stock_quant" else "id"
            env.cr.execute(
                f"UPDATE {table} SET location_id = %s WHERE {column} IN %s AND location_id = %s",
                (place.id, ids, stock.id),
            )
    env.invalidate_all()
    env.cr.commit()


def core_product(env, cost_method="average"):
    """Return a product as core would keep pieces: by serial number, valued by lot."""
    category = env["product.category"].create(
        {"name": f"Core {cost_method}", "property_cost_method": cost_method}
    )
    return env["product.product"].create(
        {
            "name": f"Core {cost_method}",
            "is_storable": True,
            "tracking": "serial",
            "lot_valuated": True,
            "categ_id": category.id,
        }
    )


def core_intake(env, product, count, prefix="C"):
    """Take pieces in core's way: a lot each, counted in inventory mode, applied, committed."""
    stock = env["stock.warehouse"].search([], limit=1).lot_stock_id
    lots = env["stock.lot"].create(
        [
            {"name": f"{prefix}{index}", "product_id": product.id, "standard_price": 100 + index}
            for index in range(count)
        ]
    )
    quants = env["stock.quant"].with_context(inventory_mode=True)
    quants.create(
        [
            {
                "product_id": product.id,
                "location_id": stock.id,
                "lot_id": lot.id,
                "inventory_quantity": 1,
            }
            for lot in lots
        ]
    ).action_apply_inventory()
    env.cr.commit()
    return lots


def fill_core(env, product, count):
    """Fill a store of core's with serial numbers: one taken in by core, the others its copies."""
    lot = core_intake(env, product, 1, f"F{count}-")
    move_line = env["stock.move.line"].search([("lot_id", "=", lot.id)])
    quants = env["stock.quant"].search([("lot_id", "=", lot.id)])
    lots = copy_rows(env, "stock_lot", lot.id, count, {"name": SQL("%s || number", lot.name)})
    moves = copy_rows(env, "stock_move", move_line.move_id.id, count, {})
    own = {"lot_id": nth(lots)}
    copy_rows(env, "stock_move_line", move_line.id, count, own | {"move_id": nth(moves)})
    for quant in quants:
        copy_rows(env, "stock_quant", quant.id, count, own)
    env.cr.execute("ANALYZE")
    env.invalidate_all()
    env.cr.commit()
