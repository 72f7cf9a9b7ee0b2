from uuid import uuid4

from odoo.tests import tagged

from odoo.addons.jewelry_pos.tests.test_pos_race import REGISTERS, PosRaceCase

# What is made when a layaway is needed for the first time in a company.
MADE = (
    "jewelry.deposit.kind",
    "product.template",
    "account.journal",
    "account.account",
    "ir.sequence",
)


@tagged("post_install", "-at_install")
class TestBeginRace(PosRaceCase):
    """Registers that begin layaways at once, in transactions that commit."""

    def setUp(self):
        super().setUp()
        with self._commit() as env:
            env.company.flush_recordset()
            self.known = {model: self._find_all(env, model).ids for model in MADE}
            for code in ("layaway", "special_order"):
                env["jewelry.deposit.kind"]._get_kind(code, env.company)
            env["product.product"].browse(self.product_id).available_in_pos = True
            self.partner_id = env["res.partner"].create({"name": "Race client"}).id
            terms = env["jewelry.layaway.term"].create(
                [
                    {"name": "Race", "kind": kind, "company_id": env.company.id, "sequence": -1}
                    for kind in ("layaway", "special_order")
                ]
            )
            self.term_ids = terms.ids

    def _find_all(self, env, model):
        return env[model].with_context(active_test=False).search([])

    def _clean(self):
        with self._commit() as env:
            orders = env["sale.order"].search([("partner_id", "=", self.partner_id)])
            pos_orders = env["pos.order"].search([("partner_id", "=", self.partner_id)])
            pos_orders.partner_id = False
            env.flush_all()
            names = {"orders": orders.ids, "pieces": self.piece_ids}
            for query in (
                "UPDATE stock_lot SET layaway_id = NULL WHERE id = ANY(%(pieces)s)",
                "DELETE FROM jewelry_layaway_create WHERE order_id = ANY(%(orders)s)",
                "DELETE FROM jewelry_layaway WHERE order_id = ANY(%(orders)s)",
                "DELETE FROM jewelry_deposit WHERE order_id = ANY(%(orders)s)",
                "DELETE FROM sale_order_line WHERE order_id = ANY(%(orders)s)",
                "DELETE FROM sale_order WHERE id = ANY(%(orders)s)",
            ):
                env.cr.execute(query, names)
        res = super()._clean()
        with self._commit() as env:
            env["jewelry.layaway.term"].browse(self.term_ids).unlink()
            env["res.partner"].browse(self.partner_id).unlink()
            for model in MADE:
                made = self._find_all(env, model).filtered(
                    lambda record, model=model: record.id not in self.known[model]
                )
                made.unlink()
        return res

    # === ACTS === #

    def _begin(self, register, *places, uuid=None):
        """Return the act of a register that begins a layaway; of no piece, a style is ordered."""
        lines = [self._line(piece_id=self.piece_ids[place]) for place in places]
        cart = {
            "uuid": uuid or str(uuid4()),
            "partner_id": self.partner_id,
            "lines": lines or [self._line()],
        }

        def work(env):
            env["pos.config"].browse(self.config_ids[register]).start_layaway(cart)

        return work

    def _line(self, **values):
        return {"product_id": self.product_id, "quantity": 1, "price_unit": 500} | values

    def _get_layaways(self):
        with self._commit() as env:
            found = env["jewelry.layaway"].search([("partner_id", "=", self.partner_id)])
            orders = env["sale.order"].search([("partner_id", "=", self.partner_id)])
            deposits = env["jewelry.deposit"].search([("partner_id", "=", self.partner_id)])
            kept = env["stock.lot"].browse(self.piece_ids).filtered("layaway_id")
            return len(found), len(orders), len(deposits), len(kept)

    # === TESTS === #

    def test_of_registers_that_want_a_piece_at_once_one_gets_it_and_the_others_are_told(self):
        refusals = self._race(*(self._begin(register, 0) for register in range(REGISTERS)))
        self.assertEqual(refusals.count(None), 1)
        for refusal in filter(None, refusals):
            self.assertIn("On layaway", refusal)
        self.assertEqual(self._get_layaways(), (1, 1, 1, 1))

    def test_two_pieces_in_opposite_order_end_without_a_deadlock(self):
        refusals = self._race(self._begin(0, 0, 1), self._begin(1, 1, 0))
        self.assertEqual(refusals.count(None), 1)
        self.assertEqual(self._get_layaways(), (1, 1, 1, 2))

    def test_a_cart_that_is_sent_several_times_at_once_is_one_layaway(self):
        begin = self._begin(0, 0, uuid=str(uuid4()))
        self.assertEqual(self._race(begin, begin, begin), [None] * 3)
        self.assertEqual(self._get_layaways(), (1, 1, 1, 1))

    def test_a_style_that_is_ordered_several_times_at_once_is_ordered_once(self):
        begin = self._begin(0, uuid=str(uuid4()))
        self.assertEqual(self._race(begin, begin, begin), [None] * 3)
        self.assertEqual(self._get_layaways(), (1, 1, 1, 0))

    def test_a_piece_that_is_sold_and_put_away_at_once_is_one_or_the_other(self):
        refusals = self._race(self._sync(0, 0), self._begin(1, 0))
        self.assertIsNone(refusals[0])
        paid, _once, moved, conflicts = self._get_outcome()
        kept = self._get_layaways()[-1]
        self.assertEqual((paid, moved + kept, conflicts), (1, 1, kept))
        self.assertEqual(kept, int(refusals[1] is None))

    def test_registers_that_begin_the_first_layaway_of_a_company_at_once_share_its_kind(self):
        with self._commit() as env:
            self._find_kinds(env).unlink()
        works = [self._begin(register, register) for register in range(2)]
        self.assertEqual(self._race(*works), [None, None])
        self.assertEqual(self._get_layaways(), (2, 2, 2, 2))
        with self._commit() as env:
            self.assertEqual(len(self._find_kinds(env)), 1)

    def _find_kinds(self, env):
        return env["jewelry.deposit.kind"].search(
            [("code", "=", "layaway"), ("company_id", "=", env.company.id)]
        )
