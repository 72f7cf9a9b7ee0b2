from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.jewelry_inventory.tests.common import TransformationCommon

from ..models.pos_config import COLUMNS
from .common import PosCommon

LONG_AGO, SINCE = "2020-01-01 00:00:00", "2021-01-01 00:00:00"
# What a change of is told to registers, and the index that finds it.
WATCHED = ("stock_lot", "product_template", "jewelry_grading_report")


@tagged("post_install", "-at_install")
class TestPosCatalog(PosCommon, TransformationCommon):
    """What a register is told of the pieces: all of them once, then what changed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stone_style.product_tmpl_id.available_in_pos = True
        cls.gem = cls._stock_stone()
        cls.stone = cls.gem.holder_id
        cls.report = cls._create_report(stone_id=cls.gem.id)

    def _age(self):
        """Let everything be written long ago, as a transaction cannot by itself."""
        self.env.flush_all()
        for table in WATCHED:
            self.env.cr.execute(
                SQL("UPDATE %s SET write_date = %s", SQL.identifier(table), LONG_AGO)
            )
        self.env.invalidate_all()

    def _ask(self, cursor=SINCE):
        """Return ({piece: row}, pieces that are gone) of what the register is told."""
        answer = self.config.load_piece_catalog(cursor)
        columns = answer["columns"]
        rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        lots = self.env["stock.lot"]
        return {lots.browse(row["id"]): row for row in rows}, lots.browse(answer["gone"])

    # === ALL === #

    def test_all_pieces_come_first(self):
        rows, gone = self._ask(cursor=False)
        self.assertLessEqual({self.low, self.high, self.stone}, rows.keys())
        self.assertFalse(gone)
        self.assertEqual([rows[self.low]["price"], rows[self.high]["price"]], [300, 2000])
        self.assertEqual(rows[self.stone]["reports"], self.report.number)
        self.assertFalse(rows[self.low]["reports"])
        self.assertFalse(rows[self.stone]["reason"])

    def test_a_store_without_pieces_has_columns_all_the_same(self):
        pieces, _gone = self.config._get_catalog_pieces(False)
        pieces.product_id.product_tmpl_id.available_in_pos = False
        answer = self.config.load_piece_catalog()
        self.assertLessEqual({*COLUMNS, "price", "reason", "reports"}, answer["columns"].keys())
        self.assertEqual(set(map(len, answer["columns"].values())), {0})

    def test_reports_of_a_piece_and_of_its_stones_stand_side_by_side(self):
        laboratory = self._ref("laboratory_igi")
        self._create_report(piece_id=self.stone.id, laboratory_id=laboratory.id, number="111")
        rows, _gone = self._ask(cursor=False)
        self.assertEqual(rows[self.stone]["reports"], f"111 {self.report.number}")

    def test_a_report_that_a_newer_one_replaced_is_not_told(self):
        self._create_report(stone_id=self.gem.id, number="888")
        self.assertFalse(self.report.is_current)
        rows, _gone = self._ask(cursor=False)
        self.assertEqual(rows[self.stone]["reports"], "888")

    # === CHANGES === #

    def test_nothing_is_told_when_nothing_changed(self):
        self._age()
        self.assertEqual(self._ask(), ({}, self.env["stock.lot"]))

    def test_only_what_changed_is_told(self):
        self._age()
        self.low.inscription = "ENGRAVED"
        rows, gone = self._ask()
        self.assertEqual(rows.keys(), {self.low})
        self.assertEqual(rows[self.low]["inscription"], "ENGRAVED")
        self.assertFalse(gone)

    def test_a_new_price_of_the_style_is_told_for_its_pieces(self):
        self._age()
        self.style.product_tmpl_id.write({"list_price": 77})
        self.assertEqual(self._ask()[0].keys(), {self.low, self.high})

    def test_a_style_that_is_taken_off_the_registers_takes_its_pieces_out(self):
        self._age()
        self.style.product_tmpl_id.available_in_pos = False
        rows, gone = self._ask()
        self.assertFalse(rows)
        self.assertEqual(gone, self.low | self.high)

    def test_a_sold_piece_is_gone(self):
        self._age()
        self._sell(self.low)
        rows, gone = self._ask()
        self.assertNotIn(self.low, rows)
        self.assertEqual(gone, self.low)

    def test_a_report_is_told_with_its_stone(self):
        self._age()
        self.report.number = "999"
        rows, _gone = self._ask()
        self.assertEqual(rows.keys(), {self.stone})
        self.assertEqual(rows[self.stone]["reports"], "999")

    def test_a_report_is_told_with_its_piece(self):
        self._age()
        self._create_report(piece_id=self.high.id, number="555")
        self.assertEqual(self._ask()[0][self.high]["reports"], "555")

    def test_nothing_of_another_company_is_told(self):
        other = self.env["res.company"].create({"name": "Another store"})
        self._age()
        foreign = self.env["stock.lot"].create(
            {"product_id": self.style.id, "company_id": other.id, "name": "FOREIGN"}
        )
        rows, gone = self._ask()
        self.assertNotIn(foreign, [*rows, *gone])

    def test_each_kind_of_change_has_an_index(self):
        self._age()
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        for table in WATCHED:
            plan = self.env.execute_query(
                SQL(
                    "EXPLAIN SELECT id FROM %s WHERE write_date >= %s", SQL.identifier(table), SINCE
                )
            )
            self.assertIn("write_date_index", str(plan), table)

    # === REASONS === #

    def test_a_mate_that_is_away_is_a_reason(self):
        mate = self._stock_stone()
        self.gem.mate_id = mate
        pair = self.stone | mate.holder_id
        self.assertFalse(pair._get_unavailability())
        mate.sudo().holder_id = self.low
        self.assertEqual(mate.state, "set")
        reasons = pair._get_unavailability()
        self.assertEqual(reasons.keys(), {self.stone})
        self.assertIn(mate.number, reasons[self.stone])

    def test_the_reasons_of_a_piece_are_asked_for_once(self):
        lots, asked = type(self.env["stock.lot"]), []
        ask = lots._get_unavailability

        def listen(pieces):
            asked.append(pieces)
            return ask(pieces)

        with patch.object(lots, "_get_unavailability", listen):
            answer = self.config.read_piece(self.low.id, "an order")
        self.assertEqual(asked, [self.low])
        self.assertFalse(answer["reason"] or answer["row"]["reason"])

    def test_what_is_asked_for_by_an_order_is_kept_from_others_in_the_catalog(self):
        shop = self.env["stock.warehouse"].create(
            {"name": "Shop 2", "code": "S2", "company_id": self.company.id}
        )
        far = self._stock_piece(cost=1, list_price=5, place=shop.lot_stock_id)
        answer = self.config.request_piece(far.id, "an order")
        told = f"Asked for by {self.config.picking_type_id.warehouse_id.name}"
        self.assertEqual((answer["reason"], answer["row"]["reason"]), (False, told))
        self.assertEqual(self.config.read_piece(far.id, "another")["reason"], told)
