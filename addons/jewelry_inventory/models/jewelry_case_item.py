from odoo import api, fields, models
from odoo.exceptions import UserError

OUTCOMES = [("back", "Put back"), ("moved", "Sold or moved")]


class JewelryCaseItem(models.Model):
    """A piece that somebody took out of an open case, until it is back, sold or elsewhere."""

    _name = "jewelry.case.item"
    _inherit = "jewelry.guard.mixin"
    _description = "Piece Taken Out of a Case"
    _order = "id desc"
    _rec_name = "lot_id"

    opening_id = fields.Many2one(
        comodel_name="jewelry.case.opening",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="opening_id.company_id", store=True, index=True)
    place_id = fields.Many2one(related="opening_id.place_id", string="Case", store=True)
    lot_id = fields.Many2one(
        comodel_name="stock.lot",
        string="Piece",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    create_uid = fields.Many2one(
        comodel_name="res.users", string="Taken Out By", readonly=True, index=True
    )
    create_date = fields.Datetime(string="Taken Out On", readonly=True)
    slot = fields.Integer(
        readonly=True, help="Which of the pieces that one person may have out this is."
    )
    back_by_id = fields.Many2one(comodel_name="res.users", string="Put Back By", readonly=True)
    back_date = fields.Datetime(string="Back On", readonly=True)
    outcome = fields.Selection(selection=OUTCOMES, readonly=True)

    _out_unique = models.UniqueIndex(
        "(lot_id) WHERE back_date IS NULL",
        "This piece is out already. It must be put back first.",
    )
    # What makes the limit hold when somebody scans at two screens at once.
    _slot_unique = models.UniqueIndex(
        "(create_uid, slot) WHERE back_date IS NULL",
        "You were taking another piece out at the same moment. Scan this one again.",
    )
    _outcome_given = models.Constraint(
        "CHECK ((back_date IS NULL) = (outcome IS NULL))",
        "A piece is out, or something became of it.",
    )

    # === CRUD METHODS === #

    def _get_guarded_fields(self):
        """Override: only scanning writes it."""
        return super()._get_guarded_fields() | {"opening_id", "lot_id", "slot"} | self._get_ends()

    def _get_frozen_fields(self):
        """Override: who took what stays as it is; once the piece is back, that too."""
        frozen = super()._get_frozen_fields() | {"opening_id", "lot_id", "slot"}
        return frozen | self._get_ends() if any(item.back_date for item in self) else frozen

    def _get_ends(self):
        return {"back_by_id", "back_date", "outcome"}

    @api.ondelete(at_uninstall=False)
    def _unlink_except_taken(self):
        raise UserError(self.env._("What was taken out of a case stays on record."))

    # === BUSINESS METHODS === #

    @api.model
    def _take_out(self, opening, piece):
        """Take a piece out of an open case for the current user.

        :raises UserError: when it is not in the case, or the user has enough pieces out
        """
        self._check_in_case(opening.place_id, piece)
        # In sudo: nobody writes it but by scanning.
        return self.sudo().create(
            {
                "opening_id": opening.id,
                "lot_id": piece.id,
                "slot": self._get_free_slot(opening.company_id),
            }
        )

    @api.model
    def _check_in_case(self, place, piece):
        """Refuse a piece that is kept elsewhere.

        :raises UserError: saying where
        """
        kept = self._get_places(piece)
        if self._is_inside(kept, place):
            return
        raise UserError(
            self.env._(
                "%(piece)s is kept in %(place)s, not in %(case)s.",
                piece=piece.name,
                place=", ".join(kept.mapped("display_name")) or self.env._("no place of the store"),
                case=place.display_name,
            )
        )

    @api.model
    def _get_free_slot(self, company):
        """Return which piece of those that the user may have out the next one is.

        :raises UserError: when there are as many as the company allows
        """
        out = self.sudo().search([("create_uid", "=", self.env.uid), ("back_date", "=", False)])
        taken = set(out.mapped("slot"))
        most = company.case_items_out
        if most and len(out) >= most:
            raise UserError(
                self.env._(
                    "You have %(pieces)s out, and no more than %(most)s at a time. Put one back "
                    "first, and scan it.",
                    pieces=", ".join(out.lot_id.mapped("name")),
                    most=most,
                )
            )
        return next(slot for slot in range(1, len(taken) + 2) if slot not in taken)

    def _put_back(self, opening):
        """Put a piece back into the case that it came from.

        :raises UserError: when that is another one
        """
        self.ensure_one()
        if self.opening_id != opening:
            raise UserError(
                self.env._(
                    "%(piece)s came out of %(case)s. Put it back there.",
                    piece=self.lot_id.name,
                    case=self.opening_id.place_id.display_name,
                )
            )
        self._end("back")

    def _end(self, outcome):
        # In sudo: nobody writes it but by scanning, and moves of the piece.
        self.sudo().write(
            {"back_by_id": self.env.uid, "back_date": fields.Datetime.now(), "outcome": outcome}
        )

    @api.model
    def _follow_moves(self, lots):
        """Let pieces be out no more that have been sold or put elsewhere."""
        # In sudo: whoever sells a piece is not always who took it out.
        out = self.sudo().search([("lot_id", "in", lots.ids), ("back_date", "=", False)])
        gone = out.filtered(
            lambda item: not self._is_inside(self._get_places(item.lot_id), item.place_id)
        )
        if gone:
            gone.with_env(self.env)._end("moved")

    @api.model
    def _get_places(self, piece):
        """Return the places that a piece is in, by the books."""
        # In sudo: it is somewhere, whoever may see that place.
        quants = piece.sudo().quant_ids.filtered(lambda quant: quant.quantity > 0)
        return quants.location_id

    @api.model
    def _is_inside(self, kept, place):
        """Tell whether one of the places `kept` is a place, or inside it."""
        return any(place.id in map(int, each.parent_path.split("/")[:-1]) for each in kept)
