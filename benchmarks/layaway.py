"""A night with 20,000 schedules: customers are reminded, and notice is given."""

import base64
import io
import sys
from datetime import timedelta
from pathlib import Path

from PIL import Image

sys.path.insert(0, str(Path(__file__).parent))

from support import full_store
from support.rows import copy_rows, nth

from odoo import Command, fields
from odoo.tools import SQL

SCHEDULES = 20_000
INSTALMENTS = 5
# What is asked for, in seconds.
MOST = 60
# Days over which the second instalment falls due.
SPREAD = 31
ENDED = 10


def run(env, report):
    """Run an ordinary night, then one in which everybody has a payment due."""
    full_store.open_books(env)
    layaway = _open_one(env)
    _copy(env, layaway)
    layaways = env["jewelry.layaway"]
    told = len(layaways._get_reminders())
    _report(env, report, f"an ordinary night, {told} reminded", _time_night(env))
    env.cr.execute(
        "UPDATE jewelry_deposit_instalment SET reminded = NULL, date = %s WHERE amount_open > 0",
        [fields.Date.today()],
    )
    env.cr.execute("UPDATE jewelry_layaway SET state = 'open' WHERE state = 'notice'")
    env.cr.commit()
    env.invalidate_all()
    told = len(layaways._get_reminders())
    _report(env, report, f"all due on one day, {told} reminded", _time_night(env))
    _report_ends(env, report)


def _report(env, report, name, seconds):
    report(name=name, n=SCHEDULES, value=seconds, unit="s", baseline=MOST, ratio=MOST / seconds)


def _report_ends(env, report):
    """Report what it takes to end one that was not paid: entries, order and deposit."""
    # With money in the ledger, which the copies have not.
    late = env["jewelry.layaway"].union(*[_open_one(env) for _number in range(ENDED)])
    late._set_state("notice")
    late.date_notice = fields.Date.today() - timedelta(days=60)
    late.deposit_id.instalment_ids.date = "2020-01-01"
    env.flush_all()
    seconds, _ended = full_store.timed(lambda: [one._default_or_tell() for one in late])
    if any(one.state == "notice" for one in late):
        raise RuntimeError("Nothing was ended: there is nothing to measure.")
    report(name="one ended and credited", n=ENDED, value=seconds / ENDED, unit="s")


def _time_night(env):
    """Return the seconds of one night, down to the database."""
    env.flush_all()
    env.invalidate_all()
    before = env["mail.mail"].search_count([])
    seconds, _done = full_store.timed(env["jewelry.layaway"]._cron_follow_schedules)
    if env["mail.mail"].search_count([]) == before:
        raise RuntimeError("Nobody was reminded: there is nothing to measure.")
    return seconds


# === THE STORE === #


def _open_one(env):
    """Return a special order that is signed, with its first payment made."""
    quiet = full_store.quiet(env)
    client = quiet["res.partner"].create({"name": "Client", "email": "client@example.com"})
    style = quiet["product.product"].create(
        {"name": "Ring", "type": "consu", "list_price": 1000, "taxes_id": False}
    )
    term = quiet["jewelry.layaway.term"].create(
        {"name": "Five months", "kind": "special_order", "instalment_count": INSTALMENTS}
    )
    order = quiet["sale.order"].create(
        {"partner_id": client.id, "order_line": [Command.create({"product_id": style.id})]}
    )
    wizard = quiet["jewelry.layaway.create"].create(
        {"order_id": order.id, "kind": "special_order", "term_id": term.id}
    )
    layaway = quiet["jewelry.layaway"].browse(wizard.action_create_layaway()["res_id"])
    layaway._sign("Client", signature=_draw())
    bank = quiet["account.journal"].search([("type", "=", "bank")], limit=1)
    layaway.deposit_id._receive(layaway.amount_first, bank)
    env.cr.commit()
    return layaway


def _draw():
    """Return a signature, base64."""
    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    return base64.b64encode(picture.getvalue())


def _copy(env, layaway):
    """Copy it, each for a customer of its own, due on one of SPREAD days."""
    order, deposit = layaway.order_id, layaway.deposit_id
    name = SQL("'COPY/' || number")
    person = {"name": name, "chain_uuid": SQL("gen_random_uuid()")}
    partners = copy_rows(env, "res_partner", layaway.partner_id.id, SCHEDULES, person)
    partner = {"partner_id": nth(partners), "name": name}
    orders = copy_rows(env, "sale_order", order.id, SCHEDULES, partner)
    copy_rows(env, "sale_order_line", order.order_line.id, SCHEDULES, {"order_id": nth(orders)})
    today = fields.Date.today()
    due = SQL("%s::date - 10 + (number %% %s)::int", today, SPREAD)
    deposits = copy_rows(
        env,
        "jewelry_deposit",
        deposit.id,
        SCHEDULES,
        partner | {"order_id": nth(orders), "date_due": due},
    )
    of_deposit = {"deposit_id": nth(deposits)}
    copy_rows(
        env,
        "jewelry_layaway",
        layaway.id,
        SCHEDULES,
        partner | of_deposit | {"order_id": nth(orders)},
    )
    for number, instalment in enumerate(deposit.instalment_ids.sorted("date")):
        day = SQL("%s + %s", due, 30 * (number - 1))
        copy_rows(
            env,
            "jewelry_deposit_instalment",
            instalment.id,
            SCHEDULES,
            of_deposit | {"date": day, "partner_id": nth(partners)},
        )
    _forget_told(env, today)
    env.cr.commit()
    env.invalidate_all()


def _forget_told(env, today):
    """What earlier nights have told is told, so that this one is a night like others."""
    env.cr.execute(
        """UPDATE jewelry_deposit_instalment
              SET reminded = CASE WHEN date < %(today)s - 8 THEN '3_late'
                                  WHEN date < %(today)s THEN '2_due'
                                  WHEN date < %(today)s + 3 THEN '1_before' END
            WHERE amount_open > 0""",
        {"today": today},
    )
    # Those that were late yesterday have their notice.
    env.cr.execute(
        """UPDATE jewelry_layaway
              SET state = 'notice', date_notice = deposit.date_due + grace_days + 1
             FROM jewelry_deposit deposit
            WHERE deposit.id = deposit_id AND deposit.date_due + grace_days + 1 < %s""",
        [today],
    )
