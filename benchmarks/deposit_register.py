"""The sync of an order that pays a deposit, beside the same lines without one, in the same run."""

import sys
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent))

from support import full_store, register

from odoo import Command

STONES = 500
PIECES = 5
ROUNDS = 15
PAID = 10.0
#: What a payment may add to the sync of an order.
EXTRA = 1.10


def run(env, report):
    """Sync orders of PIECES pieces and a line of money, by turns: a service, and a deposit."""
    full_store.open_books(env)
    full_store.fill(env, STONES)
    lots = full_store.get_stones(env)
    session = register.open_register(env)
    deposit = _open_deposit(env, lots[-1])
    box = env["product.product"].create({"name": "Engraving", "type": "service"})
    times = {"plain": [], "deposit": []}
    rows = {
        "plain": {"product_id": box.id},
        "deposit": {
            "product_id": deposit.kind_id.product_id.id,
            "deposit_number": deposit.name,
        },
    }
    for number in range(2 * (ROUNDS + 1)):
        name = ("plain", "deposit")[number % 2]
        chosen = lots[number * PIECES : (number + 1) * PIECES]
        times[name].append(_sync(session, chosen, rows[name], deposit.partner_id))
    # The first of each warms up.
    plain, paid = (median(times[name][1:]) for name in ("plain", "deposit"))
    if deposit.amount_paid != PAID * (ROUNDS + 1):
        raise RuntimeError(f"{deposit.amount_paid} was paid: there is nothing to measure.")
    name = f"order of {PIECES} pieces that pays a deposit synced"
    report(name=name, n=ROUNDS, value=paid, unit="s", baseline=plain, ratio=plain / paid)
    limit = plain * EXTRA
    report(
        name=f"{name}, against what is asked for",
        n=ROUNDS,
        value=paid,
        unit="s",
        baseline=limit,
        ratio=limit / paid,
    )


def _open_deposit(env, piece):
    """Return the deposit of a quotation, with instalments that are never all paid."""
    customer = env["res.partner"].create({"name": "Payer"})
    order = env["sale.order"].create(
        {"partner_id": customer.id, "order_line": [Command.create({"piece_id": piece.id})]}
    )
    order.order_line.write({"price_unit": 100_000, "tax_ids": [Command.clear()]})
    deposit = order._ensure_deposit()
    deposit.kind_id.tax_on_receipt = False
    deposit.instalment_ids = [
        Command.create({"date": f"2030-{month:02}-01", "amount": 10_000}) for month in range(1, 11)
    ]
    env.cr.commit()
    return deposit


def _sync(session, lots, row, partner):
    """Return the seconds of syncing an order of pieces and of a line of money."""
    order = register.prepare_order(session, lots)
    line = register.prepare_order(session, lots[:1], price=PAID)["lines"][0][2]
    line |= {"pack_lot_ids": [], "full_product_name": "Money"} | row
    order["lines"].append(Command.create(line))
    order["partner_id"] = partner.id
    total = order["amount_total"] + PAID
    order |= {"amount_total": total, "amount_paid": total}
    order["payment_ids"][0][2]["amount"] = total
    return register.sync(session, order)
