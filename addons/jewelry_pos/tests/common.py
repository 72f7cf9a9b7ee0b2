"""What the tests of this module share: a register that sells pieces, and what it sends."""

from uuid import uuid4

from odoo import Command, fields

from odoo.addons.jewelry_inventory.tests.common import JewelryCommon


def prepare_line(piece, quantity=1, **values):
    """Return a line that sells a piece at its own price, as the browser sends it."""
    price = values.get("price_unit", piece.list_price)
    net = price * (1 - values.get("discount", 0) / 100) * quantity
    defaults = {
        "uuid": str(uuid4()),
        "product_id": piece.product_id.id,
        "full_product_name": piece.product_id.display_name,
        "qty": quantity,
        "price_unit": price,
        "discount": 0,
        "price_subtotal": net,
        "price_subtotal_incl": net,
        "tax_ids": [Command.set(piece.product_id.taxes_id.ids)],
        "pack_lot_ids": [Command.create({"lot_name": piece.name})],
    }
    return defaults | values


def prepare_order(session, method, rows, **values):
    """Return an order that is paid by one payment method, as the browser sends it.

    :param rows: its lines, as of `prepare_line`
    """
    total = sum(row["price_subtotal_incl"] for row in rows)
    now = fields.Datetime.to_string(fields.Datetime.now())
    payment = {
        "uuid": str(uuid4()),
        "name": now,
        "payment_method_id": method.id,
        "amount": total,
    }
    defaults = {
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
        "lines": [Command.create(row) for row in rows],
        "payment_ids": [Command.create(payment)],
    }
    return defaults | values


class PosCommon(JewelryCommon):
    """A store with a register and two pieces of one style, 100 and 900, priced 300 and 2,000."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client = cls._create_partner(name="Client")
        cls.style.product_tmpl_id.available_in_pos = True
        cls.style.taxes_id = False
        cls.low = cls._stock_piece(cost=100, list_price=300)
        cls.high = cls._stock_piece(cost=900, list_price=2000)
        cls.cash, cls.bank = cls._create_payment_methods()
        cls.config = cls._create_register("Register 1", cls.cash)

    # === FACTORIES === #

    @classmethod
    def _create_payment_methods(cls):
        journals = cls.env["account.journal"]
        domain = journals._check_company_domain(cls.company)
        cash = journals.search([*domain, ("type", "=", "cash")], limit=1) or journals.create(
            {"name": "Cash", "code": "CSHJ", "type": "cash", "company_id": cls.company.id}
        )
        bank = journals.search([*domain, ("type", "=", "bank")], limit=1)
        methods = cls.env["pos.payment.method"].create(
            [
                {"name": "Cash", "journal_id": cash.id, "company_id": cls.company.id},
                {"name": "Card", "journal_id": bank.id, "company_id": cls.company.id},
            ]
        )
        return methods[0], methods[1]

    @classmethod
    def _create_register(cls, name, *more, **values):
        """Return a register that takes cards and `more` payment methods."""
        defaults = {
            "name": name,
            "company_id": cls.company.id,
            "payment_method_ids": [Command.set((cls.bank + sum(more, cls.bank.browse())).ids)],
        }
        return cls.env["pos.config"].create(defaults | values)

    @classmethod
    def _open_session(cls, config=None):
        """Return the open session of a register, the test's own by default."""
        config = config or cls.config
        if not config.current_session_id:
            config.open_ui()
            config.current_session_id.set_opening_control(0, "")
        return config.current_session_id

    # === WHAT A REGISTER DOES === #

    @classmethod
    def _prepare_line(cls, piece, quantity=1, **values):
        return prepare_line(piece, quantity, **values)

    @classmethod
    def _prepare_order(cls, *lines, session=None, method=None, **values):
        """Return a paid order of lines or pieces, as the browser sends it."""
        session = session or cls._open_session()
        rows = [line if isinstance(line, dict) else cls._prepare_line(line) for line in lines]
        return prepare_order(session, method or cls.bank, rows, **values)

    @classmethod
    def _sync(cls, *orders, user=None):
        """Send orders, as the browser of `user` does, and return them, without what they refund."""
        model = cls.env["pos.order"].with_user(user or cls.env.user)
        uuids = [order["uuid"] for order in orders]
        model.sync_from_ui(list(orders))
        return cls.env["pos.order"].search([("uuid", "in", uuids)])

    @classmethod
    def _sell(cls, *lines, user=None, **values):
        """Return the paid order of lines or pieces, synced."""
        return cls._sync(cls._prepare_order(*lines, **values), user=user)

    @classmethod
    def _take_back(cls, order, **values):
        """Return the paid order that refunds another, synced."""
        lines = [
            cls._prepare_line(
                line.piece_id,
                -1,
                price_unit=line.price_unit,
                discount=line.discount,
                refunded_orderline_id=line.id,
            )
            for line in order.lines
        ]
        return cls._sell(*lines, is_refund=True, **values)
