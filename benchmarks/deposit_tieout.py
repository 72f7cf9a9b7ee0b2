"""How long the tie-out of 50,000 deposits takes, against core's own sum of the account."""

import sys
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from support import full_store, rows

from odoo import Command, fields
from odoo.tools import SQL

DEPOSITS = 50_000
PAGE = 80
# What is asked for, in seconds.
MOST = 1.0
# The documents of each deposit: how much, how many days ago.
DOCUMENTS = (("_receive", 300, 20), ("_receive", 200, 10), ("_refund", 100, 5))
COLUMNS = ["amount_documents", "amount_ledger", "difference", "amount_pending", "kind_names"]


def run(env, report):
    """Tie all deposits out, today and as of a past day; open the page of those behind a row."""
    full_store.open_books(env)
    account = make_deposits(env).kind_id.account_id
    today = fields.Date.today()
    for name, days, owed in (("today", 0, 400), ("as of a past day", 7, 500)):
        day = today - timedelta(days=days)
        baseline = timed(env, read_ledger, account, day)[0]
        seconds, row = timed(env, tie_out, account, day)
        if (row["amount_documents"], row["difference"]) != (owed * (DEPOSITS + 1), 0):
            raise RuntimeError(row)
        tell(report, f"tie-out, {name}, against core's sum of the account", seconds, baseline)
        tell(report, f"tie-out, {name}, against what is asked for", seconds, MOST)
        seconds, found = timed(env, open_row, account, day)
        if found["length"] != DEPOSITS + 1:
            raise RuntimeError(found["length"])
        tell(report, f"page of the deposits behind a row, {name}", seconds, MOST)


def tell(report, name, seconds, baseline):
    """Report a time beside a baseline."""
    ratio = baseline / seconds
    report(name=name, n=DEPOSITS, value=seconds, unit="s", baseline=baseline, ratio=ratio)


def timed(env, read, account, day):
    """Return the seconds and the answer of reading with nothing in memory: the best of three."""
    answers = []
    for _turn in range(3):
        env.invalidate_all()
        answers.append(full_store.timed(read, env, account, day))
    return min(answers, key=lambda answer: answer[0])


# === WHAT IS MEASURED === #


def read_ledger(env, account, day):
    """Core alone: the balance of the account in the general ledger."""
    return env["account.move.line"]._read_group(
        [("account_id", "=", account.id), ("parent_state", "=", "posted"), ("date", "<=", day)],
        ["account_id"],
        ["balance:sum"],
    )


def tie_out(env, account, day):
    """Return the row of the account, as the list reads it."""
    rows_of_day = env["jewelry.deposit.tie.out"].with_context(deposit_date=day)
    found = rows_of_day.search_read([], ["account_id", *COLUMNS])
    return next(row for row in found if row["account_id"][0] == account.id)


def open_row(env, account, day):
    """Return a page of the deposits behind the row, as the list reads it."""
    balances = env["jewelry.deposit.balance"].with_context(deposit_date=day)
    names = {name: {} for name in ("partner_id", "order_id", "amount_held", "amount_owed")}
    return balances.web_search_read(
        [("account_id", "=", account.id)], names, limit=PAGE, count_limit=DEPOSITS * 2
    )


# === DEPOSITS === #


def make_deposits(env):
    """Return a deposit with its documents, of which there are DEPOSITS copies."""
    deposit = make_deposit(env)
    copies = rows.copy_rows(
        env, "jewelry_deposit", deposit.id, DEPOSITS, {"name": SQL("'COPY' || number")}
    )
    for move in deposit.line_ids.move_id:
        copy_document(env, move, copies)
    env.cr.execute("ANALYZE account_move, account_move_line, jewelry_deposit")
    env.invalidate_all()
    return deposit


def make_deposit(env):
    """Return a deposit that was received in two instalments and paid back in part."""
    product = env["product.product"].create({"name": "Ring", "type": "service"})
    partner = env["res.partner"].create({"name": "Customer"})
    lines = [Command.create({"product_id": product.id, "price_unit": 1000, "tax_ids": False})]
    order = env["sale.order"].create({"partner_id": partner.id, "order_line": lines})
    deposit = order._ensure_deposit()
    deposit.kind_id.tax_on_receipt = False
    bank = deposit.kind_id._find_journal("bank")
    for act, amount, days in DOCUMENTS:
        getattr(deposit, act)(amount, bank, date=fields.Date.today() - timedelta(days=days))
    env.flush_all()
    return deposit


def copy_document(env, move, deposits):
    """Copy a document with its journal items, one for each of the deposits."""
    name = SQL("%s || '-' || number", move.name)
    # Numbers that a sequence would give: no two documents of a journal have the same.
    number = SQL("source.sequence_number + 1000 + number")
    vals = {"name": name, "payment_reference": name, "sequence_number": number}
    moves = rows.copy_rows(env, "account_move", move.id, len(deposits), vals)
    for line in move.line_ids:
        values = {"move_id": rows.nth(moves), "move_name": name}
        # What is reconciled is so with the item that was copied, not with its copy.
        values |= {"full_reconcile_id": SQL("NULL"), "matching_number": SQL("NULL")}
        if line.deposit_id:
            values["deposit_id"] = rows.nth(deposits)
        rows.copy_rows(env, "account_move_line", line.id, len(deposits), values)
