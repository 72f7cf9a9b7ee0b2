"""A register, and what its browser sends: the same with our modules and with core's alone."""

from uuid import uuid4

from odoo import Command, fields

from . import full_store

#: Other goods that every store sells beside pieces.
GOODS = 200


def open_register(env):
    """Return the open session of a new register that takes cards, in a store with other goods.

    Nothing is taxed: orders are prepared without taxes, and a piece that is due some is refused.
    """
    taxed = env["product.template"].search([("tracking", "=", "serial"), ("taxes_id", "!=", False)])
    taxed.taxes_id = False
    journal = env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1
    )
    method = env["pos.payment.method"].create({"name": "Card", "journal_id": journal.id})
    config = env["pos.config"].create(
        {"name": f"Register {uuid4()}", "payment_method_ids": [Command.set(method.ids)]}
    )
    env["product.template"].create(
        [{"name": f"Box {number}", "available_in_pos": True} for number in range(GOODS)]
    )
    session = env["pos.session"].create({"config_id": config.id})
    session.set_opening_control(0, "")
    env.cr.commit()
    return session


def prepare_order(session, lots, price=100.0):
    """Return a paid order of one line for each of `lots`, as the browser sends it."""
    now = fields.Datetime.to_string(fields.Datetime.now())
    total = price * len(lots)
    payment = {
        "uuid": str(uuid4()),
        "name": now,
        "payment_method_id": session.payment_method_ids[0].id,
        "amount": total,
    }
    return {
        "uuid": str(uuid4()),
        "access_token": str(uuid4()),
        "session_id": session.id,
        "company_id": session.company_id.id,
        "user_id": session.env.uid,
        "state": "paid",
        "date_order": now,
        "amount_total": total,
        "amount_paid": total,
        "amount_tax": 0,
        "amount_return": 0,
        "pricelist_id": session.config_id.pricelist_id.id,
        "fiscal_position_id": False,
        "partner_id": False,
        "to_invoice": False,
        "last_order_preparation_change": "{}",
        "lines": [Command.create(_prepare_line(lot, price)) for lot in lots],
        "payment_ids": [Command.create(payment)],
    }


def _prepare_line(lot, price):
    return {
        "uuid": str(uuid4()),
        "product_id": lot.product_id.id,
        "full_product_name": lot.product_id.display_name,
        "qty": 1,
        "price_unit": price,
        "discount": 0,
        "price_subtotal": price,
        "price_subtotal_incl": price,
        "tax_ids": [Command.clear()],
        "pack_lot_ids": [Command.create({"lot_name": lot.name})],
    }


def sync(session, order):
    """Send an order as the browser does, down to the database; return its seconds."""
    env = session.env
    env.invalidate_all()

    def work():
        env["pos.order"].sync_from_ui([order])
        env.flush_all()

    seconds, _nothing = full_store.timed(work)
    env.cr.commit()
    _check_delivered(env, order)
    return seconds


def _check_delivered(env, order):
    """Refuse to measure an order of which something stayed in the store."""
    synced = env["pos.order"].search([("uuid", "=", order["uuid"])])
    done = synced.picking_ids.move_ids.filtered(lambda move: move.state == "done")
    goods = [line for _command, _id, line in order["lines"] if line["pack_lot_ids"]]
    if sum(done.mapped("quantity")) != len(goods):
        problems = "; ".join(synced.conflict_ids.mapped("problem"))
        raise RuntimeError(f"Nothing was sold, there is nothing to measure. {problems}")


def close(session):
    """Close a session by its books; return its seconds."""
    env = session.env
    env.invalidate_all()

    def work():
        session.action_pos_session_closing_control()
        env.flush_all()

    seconds, _nothing = full_store.timed(work)
    if session.state != "closed":
        raise RuntimeError("The session is open: there is nothing to measure.")
    env.cr.commit()
    return seconds


def load(session):
    """Return (seconds, answer) of what the browser asks for when it opens, unlike what it keeps."""
    session.env.invalidate_all()
    return full_store.timed(session.load_data, [])
