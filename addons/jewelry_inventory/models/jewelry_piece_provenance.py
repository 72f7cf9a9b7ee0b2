from odoo import api, models
from odoo.tools import float_repr

from .jewelry_provenance_chain_mixin import BEGINNING


class JewelryPieceProvenance(models.AbstractModel):
    """What the chain of a piece tells: its beginning, its metals, and on what terms it is here."""

    _name = "jewelry.piece.provenance"
    _inherit = ["jewelry.provenance.chain.mixin"]
    _description = "Provenance of a Piece"

    # === BUSINESS METHODS === #

    def _filter_chained(self):
        """Override: other goods with lots have no provenance."""
        return self.filtered("jewelry_kind")

    @api.model
    def _get_provenance_fields(self):
        """Override: what a piece is called and weighs, and on what terms it is here."""
        return {
            "name": "content",
            "gross_weight": "content",
            "other_weight": "content",
            "stock_type": "owner",
        }

    def _prepare_beginning(self):
        """Override: new pieces have a price, metals and stones from the start."""
        priced = self.filtered("list_price")
        return [
            *super()._prepare_beginning(),
            *((lot, "price", {"new": lot._get_price_text(), "why": "new"}) for lot in priced),
            *(entry for entry in self._prepare_metals() if entry[2]["metals"]),
            *self._get_held_stones()._prepare_held(),
        ]

    def _get_held_stones(self):
        return self.env["jewelry.stone"].sudo().search([("holder_id", "in", self.ids)], order="id")

    def _get_price_text(self):
        self.ensure_one()
        return float_repr(self.list_price, self.currency_id.decimal_places or 2)

    def _log_metals(self, known=()):
        """Append what pieces consist of now, unless their beginning is going to tell.

        :param known: entries of `_prepare_metals` that say nothing new
        """
        if not self.env.context.get(BEGINNING):
            entries = self._filter_chained()._prepare_metals()
            self._append_events([entry for entry in entries if entry not in known])

    def _prepare_metals(self):
        """Return an entry for each piece with the grams of each alloy in it."""
        lines = self.env["jewelry.piece.metal"].sudo().search([("lot_id", "in", self.ids)])
        by_lot = lines.grouped("lot_id")
        return [
            (lot, "content", {"metals": by_lot.get(lot, lines.browse())._get_evidence()})
            for lot in self.sudo()
        ]
