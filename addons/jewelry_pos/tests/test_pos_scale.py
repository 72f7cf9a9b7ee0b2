from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import PosCommon

FEW, MANY = 3, 30


class PosScaleCommon(PosCommon):
    """A register, many pieces, and how many queries it takes to work with them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pieces = cls.env["stock.lot"].union(
            *(cls._stock_piece(cost=100, list_price=300) for _number in range(FEW + MANY))
        )
        cls.few, cls.many = cls.pieces[:FEW], cls.pieces[FEW:]
        cls.session = cls._open_session()

    def _count_queries(self, work, *args):
        """Return how many queries `work` takes on records that nothing is known of yet."""
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        work(*args)
        self.env.flush_all()
        return self.env.cr.sql_log_count - start

    def _count_sync(self, count):
        """Return how many queries it takes to sync an order of new pieces."""
        pieces = self.env["stock.lot"].union(
            *(self._stock_piece(cost=100, list_price=300) for _number in range(count))
        )
        order = self._prepare_order(*pieces)
        queries = self._count_queries(self.env["pos.order"].sync_from_ui, [order])
        self.assertEqual(set(pieces.mapped("piece_status")), {"sold"})
        return queries


@tagged("post_install", "-at_install")
class TestPosScale(PosScaleCommon):
    """What a register asks for takes as many queries for many pieces as for few."""

    def test_the_catalog(self):
        def load(pieces):
            columns = self.config._read_catalog_columns(pieces)
            self.assertEqual(columns["id"], pieces.sorted("id").ids)

        self._count_queries(load, self.few)
        counts = [self._count_queries(load, pieces) for pieces in (self.few, self.many)]
        self.assertEqual(*counts)

    def test_what_changed(self):
        cursor = fields.Datetime.to_string(fields.Datetime.now() - timedelta(days=1))
        self._count_queries(self.config.load_piece_catalog, cursor)
        counts = [self._count_queries(self.config.load_piece_catalog, cursor)]
        for _number in range(FEW):
            self._stock_piece(cost=100, list_price=300)
        counts.append(self._count_queries(self.config.load_piece_catalog, cursor))
        self.assertEqual(*counts)

    def test_each_line_of_an_order_takes_as_many_queries_as_the_one_before(self):
        self._count_sync(1)  # what is asked once in a process
        one, five, ten = (self._count_sync(count) for count in (1, 5, 10))
        self.assertAlmostEqual((ten - five) / 5, (five - one) / 4, delta=1)
