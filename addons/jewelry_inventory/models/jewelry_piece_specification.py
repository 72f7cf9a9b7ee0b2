from odoo import models
from odoo.tools.misc import formatLang

from ..tools import claim


class JewelryPieceSpecification(models.AbstractModel):
    """What a piece is, in words for a customer, on a quotation or an invoice."""

    _name = "jewelry.piece.specification"
    _description = "Specification of a Piece"

    # === BUSINESS METHODS === #

    def _get_specification(self):
        """Describe the piece to a customer: number, metal, stones, weights, marks and reports of
        laboratories; never its cost.

        :return: one fact per line, in the language of the context
        :rtype: str
        """
        self.ensure_one()
        # Whoever may offer the piece may say what it is, also without access to the vocabulary.
        return "\n".join(filter(None, self.sudo()._get_specification_lines()))

    def _get_specification_lines(self):
        """Hook: the facts of the piece, most telling first; empty ones are left out."""
        stones = self.stone_ids.sorted(lambda stone: (-stone.carat, stone.id))
        return [
            self.env._("No. %(number)s", number=self.name),
            self._get_metal_names(),
            *(stone._get_specification() for stone in stones),
            *self._get_measured_lines(),
            ", ".join(self._get_own_reports().mapped("display_name")),
        ]

    def _get_metal_names(self):
        """Return the alloys with their finenesses, the heaviest first."""
        lines = self.metal_line_ids.sorted(lambda line: -line.weight)
        return ", ".join(claim.name_metal(alloy._get_claim_words()) for alloy in lines.alloy_id)

    def _get_measured_lines(self):
        """Return what was weighed, measured and read on the piece, in words."""
        grams = formatLang(self.env, self.gross_weight, digits=3)
        circumference = formatLang(self.env, self.ring_circumference, digits=1)
        return [
            self.gross_weight and self.env._("Weight: %(grams)s g", grams=grams),
            self.ring_circumference
            and self.env._("Inside circumference: %(size)s mm", size=circumference),
            self.hallmark and self.env._("Hallmark: %(marks)s", marks=self.hallmark),
        ]

    def _get_own_reports(self):
        """Return the current laboratory reports on the piece as a whole."""
        return self.env["jewelry.grading.report"].search(
            [("piece_id", "=", self.id), ("is_current", "=", True)]
        )
