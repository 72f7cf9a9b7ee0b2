from odoo import api, fields, models
from odoo.tools.sql import column_exists, create_column

from odoo.addons.jewelry_inventory.const import SPECIFIC
from odoo.addons.jewelry_inventory.tools.spread import spread

REFUND_KINDS = [
    ("goods", "Pieces taken back"),
    ("price", "Lower price"),
]


class AccountMoveLine(models.Model):
    """Bill lines of pieces: which they are for, and what a refund is of."""

    _inherit = "account.move.line"

    refund_kind = fields.Selection(
        selection=REFUND_KINDS,
        string="Refund Of",
        compute="_compute_refund_kind",
        store=True,
        readonly=False,
        copy=False,
        help="Pieces taken back: they are not billed any more, because they were sent back or "
        "because the bill is going to be written anew. Lower price: they stay, and cost less. "
        "Proposed from what was sent back and from the price.",
    )

    def _auto_init(self):
        """Override to add the column empty: no line that exists before is of a piece."""
        if not column_exists(self.env.cr, self._table, "refund_kind"):
            create_column(self.env.cr, self._table, "refund_kind", "varchar")
        return super()._auto_init()

    # === COMPUTE METHODS === #

    @api.depends("move_type", "purchase_line_id", "piece_ids", "price_unit", "discount", "quantity")
    def _compute_refund_kind(self):
        for line in self:
            line.refund_kind = line._is_piece_refund() and line._guess_refund_kind()

    # === ONCHANGE METHODS === #

    @api.onchange("quantity", "refund_kind")
    def _onchange_quantity_of_pieces(self):
        """Keep as many pieces as the line is for: of a refund those that were sent back."""
        if self.move_id.is_purchase_document() and self.refund_kind != "price":
            pieces = self.piece_ids._origin
            if self._takes_pieces_back():
                gone = pieces & self.purchase_line_id._origin._get_sent_back_pieces()
                pieces = gone | pieces
            self.piece_ids = pieces[: self._get_piece_quantity()]

    # === BUSINESS METHODS === #

    @api.model
    def _get_posted_fields(self):
        """Override: what a posted refund is of decides what the pieces cost."""
        return super()._get_posted_fields() | {"refund_kind"}

    def _is_piece_refund(self):
        """Tell whether the line gives back money of a vendor for pieces."""
        self.ensure_one()
        return (
            self.purchase_line_id
            and self.move_type in ("in_invoice", "in_refund")
            and self._takes_pieces_back()
            and self.product_id.cost_method == SPECIFIC
        )

    def _guess_refund_kind(self):
        """Return goods where no more are refunded than were sent back, or the price is a bill's."""
        order_line = self.purchase_line_id._origin
        gone = self.piece_ids._origin & order_line._get_sent_back_pieces()
        bills = order_line.invoice_lines.filtered(lambda line: not line._takes_pieces_back())
        as_billed = self._get_net_price() in {bill._get_net_price() for bill in bills}
        return "goods" if as_billed or 0 < self._get_piece_quantity() <= len(gone) else "price"

    def _check_piece_count(self):
        """Override of `jewelry_inventory`: a lower price is for all its pieces, whatever number
        of units it is written as.
        """
        lower = self.filtered(lambda line: line.refund_kind == "price")
        return super(AccountMoveLine, self - lower)._check_piece_count()

    def _get_net_price(self):
        """Return the untaxed price of one, discount taken off, in the bill's currency."""
        self.ensure_one()
        return self.currency_id.round(self.price_subtotal / (self.quantity or 1))

    def _count_unnamed_pieces(self):
        """Return how many pieces the line is for and does not name."""
        self.ensure_one()
        if self.refund_kind == "price":
            return 0 if self.piece_ids else None
        return max(self._get_piece_quantity() - len(self.piece_ids), 0)

    def _get_piece_shares(self, weights):
        """Spread what the line is worth over the pieces that it names.

        :param dict weights: {piece: what it was received at}
        :return: {piece: part of the line in company currency}
        :rtype: dict
        """
        self.ensure_one()
        pieces, currency = self.piece_ids, self.company_currency_id
        quantity = len(pieces)
        if self.refund_kind != "price":
            quantity = max(self._get_piece_quantity(), quantity)
        total = currency.round(self.balance * len(pieces) / quantity) if pieces else 0
        shares = [weights.get(piece, 0.0) for piece in pieces]
        parts = spread(total, shares, currency.rounding)
        return {piece: float(part) for piece, part in zip(pieces, parts, strict=True)}
