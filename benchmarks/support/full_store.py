"""A store with all 53,940 diamonds in it, and the same work done core's way beside it."""

import base64
import gzip
import time
from pathlib import Path

DIAMONDS = Path(__file__).parents[1] / "data" / "diamonds.csv.gz"
ALL = 53_940
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


def fill(env, rows=ALL, on_batch=None):
    """Take the diamonds in batch by batch, each with its own commit; return the lots.

    :param on_batch: called with (rows done, seconds so far) after each batch
    """
    job = prepare_import(quiet(env), rows)
    batch, start = [], time.perf_counter()
    for row in job._read_values():
        batch.append(row)
        if len(batch) == job.batch_size or job.row_done + len(batch) == rows:
            if not job._import_batch(batch):
                raise RuntimeError(job.error_ids[:1].message)
            env.cr.commit()
            batch = []
            if on_batch:
                on_batch(job.row_done, time.perf_counter() - start)
    job._set_state("done")
    env.cr.commit()
    env.cr.execute("ANALYZE")
    return env["stock.lot"].search([("jewelry_kind", "=", "stone")])


def spread_over_places(env, lots):
    """Spread the stones over safe, cases and window, so that places tell them apart."""
    stock = env["stock.warehouse"].search([], limit=1).lot_stock_id
    for index, name in enumerate(PLACES):
        place = env["stock.location"].create({"name": name, "location_id": stock.id})
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
