"""What the tests of layaways at registers share: a cart, and what a register asks with it."""

from uuid import uuid4

from odoo.addons.jewelry_layaway.tests.common import LayawayCommon
from odoo.addons.jewelry_pos_deposit.tests.common import PosDepositCommon


class RegisterLayawayCommon(PosDepositCommon, LayawayCommon):
    """A store with a register, a cashier and a manager, and terms of both kinds."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cashier = cls.associate
        cls.special = cls._create_term(name="To be made", kind="special_order", first_percent=50)
        cls.pen_text = cls.pen.decode()
        cls._open_session()
        cls.register = cls.config.with_user(cls.cashier)

    # === WHAT A REGISTER ASKS === #

    @classmethod
    def _cart_line(cls, piece, **values):
        defaults = {
            "product_id": piece.product_id.id,
            "piece_id": piece.id,
            "quantity": 1,
            "price_unit": piece.list_price,
            "discount": 0,
            "is_made": False,
            "note": "",
        }
        return defaults | values

    @classmethod
    def _style_line(cls, style, price, **values):
        """Return the line of a style of which nothing is there."""
        return cls._cart_line(cls.env["stock.lot"]) | {
            "product_id": style.id,
            "piece_id": False,
            "price_unit": price,
            **values,
        }

    @classmethod
    def _cart(cls, *lines, **values):
        """Return a cart of pieces or lines, as the register sends it."""
        rows = [line if isinstance(line, dict) else cls._cart_line(line) for line in lines]
        defaults = {
            "uuid": str(uuid4()),
            "partner_id": cls.client.id,
            "pricelist_id": cls.config.pricelist_id.id,
            "fiscal_position_id": False,
            "kind": False,
            "term_id": False,
            "amount_first": False,
            "lines": rows,
        }
        return defaults | values

    @classmethod
    def _start(cls, *lines, user=None, **values):
        """Return what is begun at the register from a cart."""
        register = cls.config.with_user(user or cls.cashier)
        answer = register.start_layaway(cls._cart(*lines, **values))
        return cls.env["jewelry.layaway"].browse(answer["id"])

    def _sign(self, layaway):
        self.register.sign_layaway(layaway.id, "Client", self.pen_text)

    # === READERS === #

    def _count(self):
        """Return how many quotations, deposits and layaways there are."""
        models = ("sale.order", "jewelry.deposit", "jewelry.layaway")
        return [self.env[model].search_count([]) for model in models]

    def _assert_refused(self, message, *lines, **values):
        """Assert that a cart is refused with a message, and that nothing of it is left."""
        before = self._count()
        with self._refused(message):
            self._start(*lines, **values)
        self.assertEqual(self._count(), before)
        self.assertFalse((self.low | self.high).layaway_id)
