from odoo import api, models

from ..tools.claim_check import Metal, Stone, Subject

# Statuses of pieces that nobody is told of any more.
PAST_STATUSES = ("sold", "returned", "used", "lost", "gone", "void")

# So many pieces of the styles that are written at once, the newest, are compared with the words.
MAX_PIECES = 500


class JewelryStyleClaim(models.AbstractModel):
    """What may be said of a style: what is true of its pieces."""

    _name = "jewelry.style.claim"
    _inherit = "jewelry.claim.mixin"
    _description = "Claims on a Style"

    # === CLAIM HOOKS === #

    @api.model
    def _get_claim_fields(self):
        """Override: quotations show both, one below the other."""
        return (*super()._get_claim_fields(), "name", "description_sale")

    def _get_claim_subjects(self):
        """Override: stones and metal are what their style says, pieces what is in them."""
        subjects = {style: style._get_material_subjects() for style in self}
        rest = self.filtered(lambda style: style.jewelry_kind and not subjects[style])
        return subjects | rest._get_piece_subjects()

    # === BUSINESS METHODS === #

    def _get_material_subjects(self):
        """Return what is known of loose stones or metal of this style, without their weight."""
        if self.alloy_id:
            metal = Metal(self.alloy_id.metal_id.code, self.alloy_id.fineness)
            return [(self.alloy_id.name, Subject(metals=(metal,)))]
        if not self.stone_species_id:
            return []
        # In sudo: what may be said does not depend on who says it.
        species = self.stone_species_id.sudo()
        stone = Stone(
            names=species._get_all_names(),
            is_diamond=species.code == "diamond",
            is_grown=self.stone_origin == "lab_grown",
        )
        return [(species.name, Subject(stones=(stone,)))]

    def _get_piece_subjects(self):
        """Return {style: what is known of its pieces that are not gone, the newest first}."""
        # In sudo: what may be said does not depend on who says it.
        lots = self.env["stock.lot"].sudo()
        domain = [("product_tmpl_id", "in", self.ids), ("piece_status", "not in", PAST_STATUSES)]
        subjects = {style: [] for style in self}
        for piece in lots.search(domain, order="id desc", limit=MAX_PIECES):
            style = piece.product_tmpl_id.with_env(self.env)
            subjects[style].append((piece.name, piece._get_claim_subject()))
        return subjects
