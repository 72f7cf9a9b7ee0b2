"""What the tests of this module share: a register that takes deposits, and what it sends."""

from uuid import uuid4

from odoo import Command

from odoo.addons.jewelry_deposit.tests.common import DepositCommon
from odoo.addons.jewelry_pos.tests.common import PosCommon


def prepare_deposit_row(values, **more):
    """Return a line that takes money for a deposit, as the browser sends it.

    :param dict values: a line as `prepare_deposit_lines` tells it
    """
    net = values["price_unit"] * values["qty"]
    return (
        values
        | {
            "uuid": str(uuid4()),
            "discount": 0,
            "price_subtotal": net,
            "price_subtotal_incl": values.get("gross", net),
            "tax_ids": [Command.set(values["tax_ids"])],
            "pack_lot_ids": [],
        }
        | more
    )


class PosDepositCommon(PosCommon, DepositCommon):
    """A register of a store that takes money ahead; users who stand at it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.journal_bank = cls.kind._find_journal("bank")
        cls.manager = cls._create_user("manager", "point_of_sale.group_pos_manager")
        cls.associate = cls._create_user("associate", "point_of_sale.group_pos_user")
        cls.other = cls._create_register("Register 2")
        cls.deposit = cls._open()

    # === WHAT A REGISTER DOES === #

    @classmethod
    def _pay(cls, deposit, amount, **values):
        """Take money in the back office."""
        return deposit._receive(amount, cls.journal_bank, **values)

    @classmethod
    def _rows(cls, deposit, amount, config=None, user=None, **more):
        """Return the lines that take `amount`, as the browser of `user` sends them."""
        config = (config or cls.config).with_user(user or cls.env.user)
        cls._open_session(config.with_user(cls.env.user))
        answer = config.prepare_deposit_lines(deposit.id, amount)
        return [prepare_deposit_row(values, **more) for values in answer["lines"]]

    @classmethod
    def _raw(cls, deposit, amount, **more):
        """Return a line that a browser makes by itself, whoever allows it."""
        values = {
            "product_id": deposit.kind_id.product_id.id,
            "full_product_name": "Deposit",
            "qty": 1 if amount > 0 else -1,
            "price_unit": abs(amount),
            "tax_ids": [],
            "extra_tax_data": False,
            "deposit_number": deposit.name,
        }
        return prepare_deposit_row(values, **more)

    @classmethod
    def _take(cls, deposit, amount, *others, config=None, user=None, handed=False, **values):
        """Return the paid order that takes `amount` for a deposit, with other lines, synced."""
        rows = cls._rows(deposit, amount, config, user, is_handed_over=handed)
        total = values.pop("total", None)
        order = cls._prepare_order(
            *rows,
            *others,
            session=cls._open_session(config),
            **{"partner_id": deposit.partner_id.id} | values,
        )
        if total is not None:
            cls._set_total(order, total)
        return cls._sync(order, user=user)

    @classmethod
    def _set_total(cls, order, total):
        """Let an order come to what it does with taxes."""
        order |= {"amount_total": total, "amount_paid": total}
        order["payment_ids"][0][2]["amount"] = total

    @classmethod
    def _sell_rows(cls, *rows, user=None, **values):
        return cls._sync(cls._prepare_order(*rows, **values), user=user)

    @classmethod
    def _close(cls, config=None):
        """Close the open session of a register and return it."""
        session = cls._open_session(config)
        session.action_pos_session_closing_control()
        return session

    # === READERS === #

    def _amounts(self, deposit=None):
        """Return what is paid, held, still to pay and pending of a deposit."""
        deposit = deposit or self.deposit
        return (
            deposit.amount_paid,
            deposit.amount_held,
            deposit.amount_due,
            deposit.amount_pending,
        )

    def _tasks(self, record=None):
        """Return what managers are asked to do, without the order that they are to look at."""
        activities = (record or self.deposit).activity_ids
        return [activity.summary.partition(":")[0] for activity in activities]
