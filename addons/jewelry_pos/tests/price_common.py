"""What the tests of prices at the register share: people, floors and what a register asks."""

from contextlib import contextmanager
from uuid import uuid4

from odoo.exceptions import AccessError

from .common import PosCommon


class PriceCommon(PosCommon):
    """The high piece, priced 2,000, may go as low as 1,500; a cashier and two managers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cashier = cls._create_user("associate", "point_of_sale.group_pos_user")
        cls.manager = cls._create_user("manager", "point_of_sale.group_pos_manager")
        cls.other = cls._create_user("manager", login="price_other_manager")
        cls._set_floor(cls.high, 1500)

    @classmethod
    def _set_floor(cls, piece, amount):
        """Let the last pricing of a piece have said how low it may go."""
        piece.sudo().price_floor = amount

    @classmethod
    def _restrict_prices(cls):
        """Let only managers type prices, and nobody give discounts."""
        cls.config.write({"restrict_price_control": True, "manual_discount": False})

    @classmethod
    def _sell_at(cls, price, piece=None, user=None, **values):
        """Return the order of the cashier that sells a piece for this price."""
        line = cls._prepare_line(piece or cls.high, price_unit=price, **values)
        return cls._sell(line, user=user or cls.cashier)

    @classmethod
    def _sync(cls, *orders, user=None):
        """Override: return the orders that were sent, without those that they refund."""
        uuids = [order["uuid"] for order in orders]
        return super()._sync(*orders, user=user).filtered(lambda order: order.uuid in uuids)

    @classmethod
    def _create_pricelist(cls, **rule):
        """Return a pricelist of the register with one rule for all products."""
        values = {"name": "List", "currency_id": cls.config.currency_id.id}
        if rule:
            values["item_ids"] = [(0, 0, {"applied_on": "3_global"} | rule)]
        pricelist = cls.env["product.pricelist"].create(values)
        cls.config.write({"use_pricelist": True, "available_pricelist_ids": [(4, pricelist.id)]})
        return pricelist

    @classmethod
    def _prepare_question(cls, *prices, piece=None, pricelist=None, uuid=None):
        """Return an open order as the register describes it when it asks about prices."""
        lines = [
            {
                "uuid": str(uuid4()),
                "piece_id": (piece or cls.high).id,
                "quantity": 1,
                "price_unit": price,
                "discount": 0,
                "amount": price,
            }
            for price in prices
        ]
        return {
            "uuid": uuid or str(uuid4()),
            "pricelist_id": pricelist.id if pricelist else False,
            "total": sum(prices),
            "lines": lines,
        }

    @classmethod
    def _check(cls, question, user=None):
        """Return the texts of what somebody must agree to."""
        answer = cls.config.with_user(user or cls.cashier).check_prices(question)
        return [problem["text"] for problem in answer["problems"]]

    def _assert_kept(self, order):
        """Assert that a paid order stays paid, and that its piece is kept for the customer."""
        self.assertEqual(order.state, "paid")
        self.assertEqual(order.conflict_ids.mapped("kind"), ["price"])
        self.assertFalse(order.picking_ids.filtered(lambda picking: picking.state == "done"))
        piece = order.conflict_ids.piece_id
        self.assertEqual(piece.piece_status, "available")
        self.assertIn(order.name, piece._get_unavailability()[piece])

    @contextmanager
    def _refused(self, message, exception=AccessError):
        """Assert that the block is refused with a message, and undo what it did before."""
        with self.assertRaisesRegex(exception, message), self.env.cr.savepoint():
            yield
