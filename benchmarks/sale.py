"""A quotation of ten pieces confirmed and delivered, against core alone with ten serial numbers."""

import sys
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent))

from support import full_store

from odoo import Command

PIECES = 10
ROUNDS = 5


def baseline(env):
    """Return the seconds of confirming and delivering in a store of core's, few pieces and all."""
    full_store.open_books(env)
    quiet = full_store.quiet(env)
    product = full_store.core_product(quiet)
    line = {"product_id": product.id, "product_uom_qty": PIECES}
    found = {}
    for name, count in (("few", full_store.FEW), ("full", full_store.ALL - full_store.FEW)):
        full_store.fill_core(quiet, product, count)
        found[name] = _time_sales(quiet, lambda _round: [line])
    return found


def measure(env):
    """Return {step: seconds} of selling ten numbered stones."""
    stones = full_store.get_stones(env)
    chosen = [stones[index * PIECES : (index + 1) * PIECES] for index in range(ROUNDS)]
    return _time_sales(
        full_store.quiet(env), lambda index: [{"piece_id": piece.id} for piece in chosen[index]]
    )


def run(env, report, core, few):
    """Sell ten numbered stones, ROUNDS times, in the full store."""
    for step, seconds in measure(env).items():
        expected = core["full"][step]
        ratio = expected / seconds
        n = full_store.ALL
        report(name=step, n=n, value=seconds, unit="s", baseline=expected, ratio=ratio)
        full_store.report_growth(report, step, few[step], seconds)
        full_store.report_growth(report, f"{step}, core", core["few"][step], expected)


def _time_sales(env, get_lines):
    """Return {step: median seconds} of ROUNDS sales with the lines of `get_lines(round)`."""
    times = {"quote": [], "confirm": [], "deliver": [], "confirm and deliver": []}
    for index in range(ROUNDS):
        seconds = _sell(env, get_lines(index))
        seconds["confirm and deliver"] = seconds["confirm"] + seconds["deliver"]
        for step, value in seconds.items():
            times[step].append(value)
    return {step: median(values) for step, values in times.items()}


def _sell(env, lines):
    """Return {step: seconds} of one sale, each step down to the database."""
    env.invalidate_all()
    client = env["res.partner"].create({"name": "Client"})
    env.flush_all()
    seconds = {}
    seconds["quote"], order = full_store.timed(_quote, env, client, lines)
    seconds["confirm"] = full_store.timed(_confirm, order)[0]
    seconds["deliver"] = full_store.timed(_deliver, order)[0]
    if sum(order.order_line.mapped("qty_delivered")) != PIECES:
        raise RuntimeError("Nothing was sold: there is nothing to measure.")
    env.cr.commit()
    return seconds


def _quote(env, client, lines):
    commands = [Command.create(line) for line in lines]
    order = env["sale.order"].create({"partner_id": client.id, "order_line": commands})
    env.flush_all()
    return order


def _confirm(order):
    order.action_confirm()
    order.env.flush_all()


def _deliver(order):
    order.picking_ids.move_ids.picked = True
    order.picking_ids.button_validate()
    order.env.flush_all()
