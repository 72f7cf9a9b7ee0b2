"""How long the value of the stock takes, against core's average cost by lot."""

import sys
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from support import full_store

from odoo import fields

CORE_LOTS = 200
PAGE = 80


def run(env, report):
    """Value all stones, a page of them, at a date, in a warehouse and for the company."""
    full_store.open_books(env)
    lots = full_store.fill(env)
    style = lots.product_id
    core = full_store.core_product(env)
    core_lots = full_store.core_intake(env, core, CORE_LOTS)
    per_lot = _time(env, core)[0] / CORE_LOTS
    core_page = _time(env, core_lots[:PAGE])[0]
    yesterday = fields.Datetime.now() - timedelta(days=1)
    tomorrow = fields.Datetime.now() + timedelta(days=1)
    warehouse = env["stock.warehouse"].search([], limit=1)
    count = len(lots)
    _report(report, "whole stock", count, _time(env, style), per_lot * count)
    _report(report, "page of pieces", PAGE, _time(env, lots[:PAGE]), core_page)
    for name, context in (
        ("whole stock tomorrow", {"to_date": tomorrow}),
        ("whole stock yesterday", {"to_date": yesterday}),
        ("whole stock, one warehouse", {"warehouse_id": warehouse.id}),
    ):
        _report(report, name, count, _time(env, style, **context), per_lot * count)
    accounts = env.company._get_accounts_by_product(style)
    seconds = full_store.timed(env.company.stock_value, accounts)
    _report(report, "company, by account", count, seconds, per_lot * count)


def _time(env, records, **context):
    """Return (seconds, total) of reading the records' value with nothing cached."""
    env.invalidate_all()
    records = records.with_context(**context)
    return full_store.timed(lambda: sum(records.mapped("total_value")))


def _report(report, name, n, timing, baseline):
    seconds = timing[0]
    report(name=name, n=n, value=seconds, unit="s", baseline=baseline, ratio=baseline / seconds)
