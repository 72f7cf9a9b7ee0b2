"""Layaways that are committed: for tests in which people act at once, or servers are killed."""

from datetime import date

from odoo import Command

from odoo.addons.jewelry_deposit.tests.race_common import find_bank, make_order
from odoo.addons.jewelry_sale.tests.common import SaleCommon

# So long ago that grace and notice are over, whatever day it is.
LONG_AGO = date(2020, 1, 1)


def make_term(env, **values):
    """Return a term of four fifths after the first payment; 50 is kept at the end."""
    return env["jewelry.layaway.term"].create(
        {
            "name": "Race",
            "first_percent": 20,
            "instalment_count": 4,
            "kept_amount": 50,
            "outcome": "credit",
        }
        | values
    )


def sign(env, order, term):
    """Return the signed layaway of a quotation."""
    wizard = env["jewelry.layaway.create"].create(
        {"order_id": order.id, "kind": term.kind, "term_id": term.id}
    )
    layaway = env["jewelry.layaway"].browse(wizard.action_create_layaway()["res_id"])
    layaway._sign("Race", paper=SaleCommon._image("black"))
    return layaway


def open_one(env, *prices, term=None):
    """Return a layaway of pieces at these prices, with its first payment made."""
    layaway = sign(env, make_order(env, *prices), term or make_term(env))
    layaway.deposit_id._receive(layaway.amount_first, find_bank(env))
    return layaway


def make_late(layaway):
    """Let all that is still to pay have been due long ago."""
    layaway.deposit_id.instalment_ids.filtered("amount_open").date = LONG_AGO


def make_many(env, number):
    """Return open special orders of as many customers, each with one instalment due today.

    They are written as they would be after their first payment.
    """
    term = make_term(env, kind="special_order", remind_by="mail")
    return env["jewelry.layaway"].create(
        [
            {
                "kind": "special_order",
                "state": "open",
                "order_id": deposit.order_id.id,
                "deposit_id": deposit.id,
                "term_id": term.id,
                "outcome": "credit",
                "grace_days": 7,
                "notice_days": 14,
            }
            for deposit in _make_deposits(env, number)
        ]
    )


def _make_deposits(env, number):
    product = env["product.product"].create({"name": "Ring", "type": "service", "taxes_id": False})
    line = [Command.create({"product_id": product.id, "price_unit": 1000})]
    partners = env["res.partner"].create(
        [{"name": f"N{n}", "email": f"n{n}@example.com"} for n in range(number)]
    )
    orders = env["sale.order"].create(
        [{"partner_id": partner.id, "order_line": line} for partner in partners]
    )
    kind = env["jewelry.deposit.kind"]._get_kind("special_order", env.company)
    due = [Command.create({"date": env.cr.now().date(), "amount": 1000})]
    return env["jewelry.deposit"].create(
        [
            {
                "order_id": order.id,
                "partner_id": order.partner_id.id,
                "kind_id": kind.id,
                "instalment_ids": due,
            }
            for order in orders
        ]
    )
