from odoo import api, models

from ..tools import weight


class JewelryPieceContent(models.AbstractModel):
    """What the stones and metals of a piece come to: carats, weights, main stone and alloy."""

    _name = "jewelry.piece.content"
    _description = "Content of a Piece"

    # === COMPUTE METHODS === #

    @api.depends(
        "stone_ids.carat",
        "stone_ids.count",
        "stone_ids.species_id",
        "stone_ids.origin",
        "stone_ids.shape_id",
        "stone_ids.color_grade_id",
        "stone_ids.clarity_grade_id",
        "stone_ids.cut_grade_id",
    )
    def _compute_stones(self):
        for lot in self:
            stones = lot.stone_ids
            main = stones.sorted(lambda stone: (-stone.carat / (stone.count or 1), stone.id))[:1]
            lot.main_stone_id = main
            lot.stone_count = sum(stones.mapped("count"))
            lot.carat_weight = sum(stones.mapped("carat"))
            lot.species_id, lot.stone_origin = main.species_id, main.origin
            lot.shape_id, lot.cut_grade_id = main.shape_id, main.cut_grade_id
            lot.color_grade_id = main.color_grade_id
            lot.clarity_grade_id = main.clarity_grade_id

    @api.depends("gross_weight", "other_weight", "stone_ids.carat")
    def _compute_net_weight(self):
        for lot in self:
            carats = sum(lot.stone_ids.mapped("carat"))
            lot.stone_weight = float(weight.round_milli(weight.stone_grams(carats)))
            lot.net_weight = (
                float(weight.net_weight(lot.gross_weight, carats, lot.other_weight))
                if lot.gross_weight
                else 0.0
            )

    @api.depends(
        "metal_line_ids.alloy_id",
        "metal_line_ids.weight",
        "metal_line_ids.fine_weight",
        "product_tmpl_id.alloy_id",
    )
    def _compute_metals(self):
        for lot in self:
            lines = lot.metal_line_ids.sorted(lambda line: -line.weight)
            lot.alloy_id = lines[:1].alloy_id or lot.product_tmpl_id.alloy_id
            lot.fine_weight = sum(lines.mapped("fine_weight"))

    @api.depends("gross_weight", "other_weight", "stone_weight", "metal_line_ids.weight")
    def _compute_weight_warning(self):
        for lot in self:
            metal = sum(lot.metal_line_ids.mapped("weight"))
            off = bool(
                lot.gross_weight
                and metal
                and weight.is_weighing_off(
                    lot.gross_weight, metal, lot.carat_weight, lot.other_weight
                )
            )
            lot.weight_warning = off and self.env._(
                "Gross weight and parts differ by %(grams).3f g, more than a scale may err.",
                grams=lot.gross_weight - metal - lot.stone_weight - lot.other_weight,
            )
