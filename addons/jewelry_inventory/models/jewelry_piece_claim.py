from odoo import api, fields, models

from ..tools.claim_check import TREATMENT, Metal, Subject


class JewelryPieceClaim(models.AbstractModel):
    """What may be said of a piece: what is known of its stones and metals, and whether the words
    of its style fit it.
    """

    _name = "jewelry.piece.claim"
    _description = "Claims on a Piece"

    claim_warning = fields.Text(compute="_compute_claim_warning")
    has_fitting_name = fields.Boolean(
        compute="_compute_claim_warning",
        help="The name of the style fits the piece where its specification stands below.",
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "product_id.name",
        "product_id.description_sale",
        "stone_ids.origin",
        "stone_ids.carat",
        "stone_ids.count",
        "stone_ids.treatment_ids",
        "stone_ids.clarity_grade_id",
        "metal_line_ids.alloy_id.fineness",
    )
    @api.depends_context("lang", "company")
    def _compute_claim_warning(self):
        """Say where the words of the style, that customers read, do not fit the piece."""
        styles = self.env["product.template"]
        self.claim_warning = False
        self.has_fitting_name = True
        for company, lots in self.filtered("is_piece").grouped("company_id").items():
            book = styles._get_claim_book(company or self.env.company)
            for lot in lots:
                problems = lot._find_style_claims(book)
                lot.claim_warning = "\n".join(styles._say_claim(*one) for one in problems)
                # Specification, card and label tell each treatment themselves.
                codes = {finding.code for _name, _rule, finding in problems}
                lot.has_fitting_name = codes <= {TREATMENT}

    # === BUSINESS METHODS === #

    def _get_fitting_name(self):
        """Return the name of the style, or nothing where its words do not fit this piece."""
        self.ensure_one()
        # In sudo: what may be said does not depend on who says it.
        return self.product_id.name if self.sudo().has_fitting_name else ""

    def _find_style_claims(self, book):
        """Return what the style's words must not say of this piece, as `_check_claim` does."""
        style = self.product_tmpl_id
        text = style._get_claim_text(style)
        found = style._check_claim(text, [(self.name, self._get_claim_subject())], book)
        return style._leave_out_approved(found) if found else []

    def _get_claim_subject(self):
        """Return what is known of the piece, as `tools.claim_check.Subject`."""
        self.ensure_one()
        # In sudo: what may be said does not depend on who says it.
        lot = self.sudo()
        stones = tuple(stone._get_claim_facts() for stone in lot.stone_ids)
        alloys = lot.metal_line_ids.alloy_id
        return Subject(stones, tuple(Metal(one.metal_id.code, one.fineness) for one in alloys))
