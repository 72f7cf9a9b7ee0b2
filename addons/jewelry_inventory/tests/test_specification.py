from odoo import Command
from odoo.tests import tagged

from .common import VocabularyCommon


@tagged("post_install", "-at_install")
class TestSpecification(VocabularyCommon):
    """What a customer reads of a piece."""

    def test_it_names_what_is_known_and_no_cost(self):
        piece = self._create_lot(standard_price=987)
        self.assertEqual(piece._get_specification(), f"No. {piece.name}")
        piece.write({"gross_weight": 3.42, "hallmark": "750", "ring_circumference": 54.4})
        self.assertEqual(
            piece._get_specification().splitlines()[1:],
            ["Weight: 3.420 g", "Inside circumference: 54.4 mm", "Hallmark: 750"],
        )

    def test_it_tells_metal_stones_treatments_and_current_reports(self):
        piece = self._create_lot(
            metal_line_ids=[Command.create({"alloy_id": self.gold_18k.id, "weight": 3})]
        )
        stone = self._create_stone(
            holder_id=piece.id,
            cut_grade_id=self._ref("grade_cut_ex").id,
            treatment_ids=self._ref("treatment_e").ids,
        )
        self._create_report(stone_id=stone.id, number="1")
        self._create_report(stone_id=stone.id, number="2")
        self._create_report(piece_id=piece.id, number="3")
        metal, words, report = piece._get_specification().splitlines()[1:]
        self.assertEqual(metal, f"{self.gold_18k.name} (750 ‰)")
        self.assertIn("0.52 ct", words)
        self.assertIn(f"{stone.cut_grade_id.name} cut, {stone.treatment_ids.name}, GIA 2", words)
        self.assertEqual(report, "GIA 3")

    def test_the_heavier_stone_comes_first(self):
        piece = self._create_lot()
        for carat in (0.1, 1.2):
            self._create_stone(holder_id=piece.id, carat=carat)
        lines = piece._get_specification().splitlines()[1:]
        self.assertEqual([line.split(" ct")[0] for line in lines], ["1.20", "0.10"])

    def test_whoever_offers_a_piece_may_describe_it(self):
        piece = self._create_lot()
        self._create_stone(holder_id=piece.id)
        employee = self._create_user("employee")
        self.env.invalidate_all()
        self.assertIn("0.52 ct", piece.with_user(employee)._get_specification())
