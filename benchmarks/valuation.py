"""How long the value of the stock takes, against core alone: average cost by lot."""

import sys
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from support import full_store

from odoo import fields

CORE_LOTS = 200
PAGE = 80


def baseline(env):
    """Return the seconds that core takes for one lot of a stock, and for a page of lots."""
    full_store.open_books(env)
    product = full_store.core_product(env)
    lots = full_store.core_intake(env, product, CORE_LOTS)
    return {"lot": _time(env, product) / CORE_LOTS, "page": _time(env, lots[:PAGE])}


def run(env, report, core, few):
    """Value all stones, a page of them, at a date, in a warehouse and for the company."""
    for name, seconds in measure(env).items():
        page = name == "page of pieces"
        n = PAGE if page else full_store.ALL
        expected = core["page"] if page else core["lot"] * n
        ratio = expected / seconds
        report(name=name, n=n, value=seconds, unit="s", baseline=expected, ratio=ratio)
        if not page:
            full_store.report_growth(report, name, few[name], seconds)


def measure(env):
    """Return {what is valued: seconds}."""
    lots = full_store.get_stones(env)
    style, now = lots.product_id, fields.Datetime.now()
    warehouse = env["stock.warehouse"].search([], limit=1)
    accounts = env.company._get_accounts_by_product(style)
    env.invalidate_all()
    return {
        "whole stock": _time(env, style),
        "page of pieces": _time(env, lots[:PAGE]),
        "whole stock tomorrow": _time(env, style, to_date=now + timedelta(days=1)),
        "whole stock yesterday": _time(env, style, to_date=now - timedelta(days=1)),
        "whole stock, one warehouse": _time(env, style, warehouse_id=warehouse.id),
        "company, by account": full_store.timed(env.company.stock_value, accounts)[0],
    }


def _time(env, records, **context):
    """Return the seconds of reading the records' value with nothing cached."""
    env.invalidate_all()
    records = records.with_context(**context)
    return full_store.timed(lambda: sum(records.mapped("total_value")))[0]
