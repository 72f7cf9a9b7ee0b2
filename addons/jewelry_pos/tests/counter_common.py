"""What the tests of faults, returns and shipping share: perpetual books, users, a second shop."""

from .common import PosCommon


class BooksMixin:
    """What a register does to perpetual books, for classes of `PosCommon`."""

    @classmethod
    def _keep_books(cls):
        """Let the cost of goods be posted when they leave, and know the accounts."""
        cls.style.categ_id = cls.category_auto
        cls.deposits = cls.company._get_sale_conflict_account()
        accounts = cls.style.product_tmpl_id.get_product_accounts()
        cls.income, cls.expense = accounts["income"], accounts["expense"]
        cls.stock_account = accounts["stock_valuation"]

    # === FACTORIES === #

    @classmethod
    def _create_shop(cls):
        """Return the warehouse of another shop of the company."""
        return cls.env["stock.warehouse"].create(
            {"name": "Shop 2", "code": "S2", "company_id": cls.company.id}
        )

    # === WHAT A REGISTER DOES === #

    def _close(self, config=None):
        """Close the open session of a register and return it."""
        session = self._open_session(config)
        session.action_pos_session_closing_control()
        self.assertEqual(session.state, "closed")
        return session

    def _bring(self, piece, origin=None, **values):
        """Return the paid order by which a customer brings a piece back."""
        user = values.pop("user", None)
        line = self._prepare_line(piece, -1, refunded_orderline_id=bool(origin) and origin.lines.id)
        return self._sell(line, user=user, is_refund=bool(origin), **values)

    def _deliver(self, pickings):
        """Do transfers as the keeper does them."""
        for picking in pickings.sorted("id"):
            picking.action_assign()
            picking.move_ids.picked = True
            picking._action_done()

    # === READERS === #

    def _get_books(self):
        """Return what deposits, income and expense hold."""
        return tuple(map(self._ledger, (self.deposits, self.income, self.expense)))

    def _assert_conflict(self, order, kind, text):
        """Expect the one conflict of an order to say this, and nothing of it to have moved."""
        self.assertEqual(order.state, "paid")
        self.assertEqual(order.conflict_ids.kind, kind)
        self.assertIn(text, order.conflict_ids.problem)
        self.assertFalse(order.picking_ids.move_ids.filtered(lambda m: m.state == "done"))


class CounterCommon(BooksMixin, PosCommon):
    """The register of the tests, with goods whose cost is posted when they leave."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("manager", "point_of_sale.group_pos_manager")
        cls.associate = cls._create_user("associate", "point_of_sale.group_pos_user")
        cls._keep_books()
