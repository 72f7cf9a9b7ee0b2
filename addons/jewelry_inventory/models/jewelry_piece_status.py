from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import CHANGE_REASON

PIECE_STATUSES = [
    ("expected", "Expected"),
    ("available", "Available"),
    ("reserved", "Reserved"),
    ("memo_out", "Memo out"),
    ("bench", "At the bench"),
    ("layaway", "Layaway"),
    ("hold", "On hold"),
    ("transit", "In transit"),
    ("gone", "Gone"),
    ("sold", "Sold"),
    ("returned", "Returned to vendor"),
    ("used", "Used in another piece"),
    ("lost", "Lost"),
    ("void", "Void"),
]

# What a place outside the company says of a piece in it.
STATUS_BY_USAGE = {
    "customer": "sold",
    "supplier": "returned",
    "production": "used",
    "inventory": "lost",
}


class JewelryPieceStatus(models.AbstractModel):
    """What the place of a piece says of it, whether it can be sold, and how it is voided."""

    _name = "jewelry.piece.status"
    _description = "Status of a Piece"

    # === COMPUTE METHODS === #

    @api.depends(
        "void_reason",
        "transformation_id",
        "quant_ids.quantity",
        "quant_ids.reserved_quantity",
        "quant_ids.location_id.usage",
        "quant_ids.location_id.jewelry_role",
    )
    def _compute_piece_status(self):
        for lot in self:
            lot.piece_status = lot._get_piece_status() if lot.is_piece else False

    @api.depends("received_date")
    def _compute_age_days(self):
        today = fields.Date.context_today(self)
        for lot in self:
            lot.age_days = (today - lot.received_date).days if lot.received_date else 0

    # === ACTION METHODS === #

    def action_void(self, reason):
        """Void pieces entered by mistake, before they were labelled, moved on or sold.

        :param str reason: why; kept with the piece
        :raises UserError: when the reason is missing, or the piece is in stock, sold or labelled
        :raises RedirectWarning: when a second person must approve first
        """
        self.check_access("write")
        self._lock_pieces()
        if not (reason or "").strip():
            raise UserError(self.env._("Enter the reason for voiding the piece."))
        if blocked := self.filtered(lambda lot: lot.piece_status not in ("expected", "lost")):
            raise UserError(
                self.env._(
                    "%(pieces)s cannot be void: take the piece out of stock first.",
                    pieces=", ".join(blocked.mapped("name")),
                )
            )
        self._check_not_labelled()
        self._require_write_off("void", dict.fromkeys(self, 1.0))
        self.sudo().void_reason = reason.strip()
        # The reason is no part of the payload: people write names into it.
        self.with_context(**{CHANGE_REASON: reason})._log_event("void", {})

    # === BUSINESS METHODS === #

    def _get_piece_status(self):
        """Return the status that the piece's place gives it."""
        self.ensure_one()
        if self.void_reason:
            return "void"
        quants = self.sudo().quant_ids.filtered(lambda quant: quant.quantity > 0)
        quant = quants.sorted(lambda q: q.location_id.usage in STATUS_BY_USAGE)[:1]
        if not quant:
            # What came new out of the work place leaves nothing behind when it goes in again.
            return "used" if self.transformation_id else "expected"
        if status := STATUS_BY_USAGE.get(quant.location_id.usage):
            return status
        role = quant.location_id.jewelry_role
        if role and role not in ("sale", "safe"):
            return role
        return "reserved" if quant.reserved_quantity > 0 else "available"

    def _get_unavailability(self):
        """Tell why pieces cannot be sold now. Rooms extend it.

        :return: {piece: reason in the user's language}; pieces that can be sold are absent
        :rtype: dict
        """
        labels = dict(self._fields["piece_status"]._description_selection(self.env))
        mates = self._get_absent_mates()
        reasons = {}
        for lot in self:
            if lot.stock_type == "customer":
                reasons[lot] = self.env._("Belongs to a customer")
            elif lot.piece_status != "available":
                reasons[lot] = labels.get(lot.piece_status, lot.piece_status)
            elif mate := mates.get(lot):
                reasons[lot] = self.env._("Its mate %(mate)s is not loose", mate=mate.number)
        return reasons
