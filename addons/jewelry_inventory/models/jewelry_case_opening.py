from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

OPENING_REASONS = [
    ("show", "Show to a client"),
    ("display", "Set up or change the display"),
    ("count", "Count"),
    ("clean", "Clean"),
    ("repair", "Take to the bench"),
    ("other", "Other"),
]


class JewelryCaseOpening(models.Model):
    """A case that was opened: who, when, why, what was taken out of it, and who closed it.

    A case is opened by `jewelry.case.open` and closed by its button; pieces are taken out and put
    back by scanning them. Nobody writes any of it by hand.
    """

    _name = "jewelry.case.opening"
    _inherit = "jewelry.guard.mixin"
    _description = "Opened Case"
    _order = "id desc"
    _rec_name = "place_id"

    place_id = fields.Many2one(
        comodel_name="stock.location",
        string="Case",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    create_uid = fields.Many2one(
        comodel_name="res.users", string="Opened By", readonly=True, index=True
    )
    create_date = fields.Datetime(string="Opened On", readonly=True)
    reason = fields.Selection(selection=OPENING_REASONS, required=True, readonly=True)
    note = fields.Char(readonly=True)
    closed_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    closed_date = fields.Datetime(string="Closed On", readonly=True)
    state = fields.Selection(
        selection=[("open", "Open"), ("closed", "Closed")],
        compute="_compute_state",
        search="_search_state",
    )
    item_ids = fields.One2many(
        comodel_name="jewelry.case.item",
        inverse_name="opening_id",
        string="Pieces Taken Out",
        readonly=True,
    )
    # Stored: taking out and closing then write the same row, so that of two at once one repeats.
    out_count = fields.Integer(string="Out Now", compute="_compute_out_count", store=True)
    excess_ids = fields.One2many(
        comodel_name="jewelry.custody.excess",
        inverse_name="opening_id",
        string="Exceeded Limits",
        readonly=True,
        groups="jewelry_inventory.group_keeper,jewelry_inventory.group_auditor",
    )

    _open_unique = models.UniqueIndex(
        "(place_id) WHERE closed_date IS NULL",
        "This case is open already. Close it first, or go on in the opening that there is.",
    )
    _closed_by_somebody = models.Constraint(
        "CHECK ((closed_date IS NULL) = (closed_by_id IS NULL))",
        "Somebody must have closed the case.",
    )
    _note_given = models.Constraint(
        "CHECK (reason <> 'other' OR TRIM(COALESCE(note, '')) <> '')",
        "Say in the note why the case is opened.",
    )

    # === COMPUTE METHODS === #

    @api.depends("closed_date")
    def _compute_state(self):
        for opening in self:
            opening.state = "closed" if opening.closed_date else "open"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        dates = {"open": [("closed_date", "=", False)], "closed": [("closed_date", "!=", False)]}
        chosen = [dates[state] for state in value if state in dates]
        return fields.Domain.OR(chosen)

    @api.depends("item_ids.back_date")
    def _compute_out_count(self):
        for opening in self:
            out = opening.item_ids.filtered(lambda item: not item.back_date)
            opening.out_count = len(out)

    # === CRUD METHODS === #

    def _get_guarded_fields(self):
        """Override: only opening and closing write it."""
        return super()._get_guarded_fields() | {"place_id", "closed_by_id", "closed_date"}

    def _get_frozen_fields(self):
        """Override: who opened which case and why stays as it is; when it is closed, that too."""
        frozen = super()._get_frozen_fields() | {"place_id", "company_id", "reason", "note"}
        if any(opening.closed_date for opening in self):
            frozen |= {"closed_by_id", "closed_date"}
        return frozen

    @api.ondelete(at_uninstall=False)
    def _unlink_except_opened(self):
        raise UserError(self.env._("That a case was opened stays on record. Close it instead."))

    # === ACTION METHODS === #

    def action_close(self):
        """Close cases that everything is back in.

        :raises UserError: naming what is still out
        """
        self._check_handler()
        openings = self.filtered(lambda opening: not opening.closed_date)
        if out := openings.item_ids.filtered(lambda item: not item.back_date):
            raise UserError(
                self.env._(
                    "Put back first, and scan: %(pieces)s.",
                    pieces=", ".join(out.lot_id.mapped("name")),
                )
            )
        # In sudo: nobody closes a case but by this button.
        openings.sudo().write({"closed_by_id": self.env.uid, "closed_date": fields.Datetime.now()})

    def action_scan(self, code):
        """Take a piece out of the case, or put it back, by what a scanner reads.

        :param str code: as of `_get_piece_by_scan`
        :return: what was done: `piece` and `direction`, out or back
        :raises UserError: saying why not
        """
        self.ensure_one()
        self._check_handler()
        self._wait_for_others()
        if self.closed_date:
            raise UserError(self.env._("The case is closed. Open it again first."))
        piece = self.env["stock.lot"]._get_piece_by_scan(code)
        if not piece:
            raise UserError(piece._describe_unknown_scan(code))
        items = self.env["jewelry.case.item"]
        out = items.search([("lot_id", "=", piece.id), ("back_date", "=", False)])
        if out:
            out._put_back(self)
        else:
            items._take_out(self, piece)
        return {"piece": piece.name, "direction": "back" if out else "out"}

    # === BUSINESS METHODS === #

    def _check_handler(self):
        """Refuse whoever may not open cases: what they read, they do not handle.

        :raises AccessError: saying so
        """
        self.check_access("read")
        self.env["jewelry.case.open"].check_access("create")

    def _wait_for_others(self):
        """Let scans at the same case come one after the other. A scan writes how many pieces are
        out: one that has waited for it begins anew, and sees what the other did.
        """
        self.env.execute_query(
            SQL("SELECT id FROM jewelry_case_opening WHERE id IN %s FOR UPDATE", tuple(self.ids))
        )

    @api.model
    def _open(self, place, reason, note=None):
        """Open a case for the current user.

        :param place: the case
        :param str reason: of `OPENING_REASONS`
        :param str note: needed for the reason other
        :return: the opening
        :raises UserError: when it is open, or no case
        """
        place.check_access("read")
        if place.usage != "internal":
            raise UserError(
                self.env._("%(place)s is no case of the store.", place=place.display_name)
            )
        if opening := self.sudo().search(
            [("place_id", "=", place.id), ("closed_date", "=", False)], limit=1
        ):
            raise UserError(
                self.env._(
                    "%(case)s is open already, by %(user)s. Close it there first.",
                    case=place.display_name,
                    user=opening.create_uid.name,
                )
            )
        # In sudo: nobody writes an opening but this method.
        return (
            self.sudo()
            .create(
                {
                    "place_id": place.id,
                    "company_id": (place.company_id or self.env.company).id,
                    "reason": reason,
                    "note": (note or "").strip(),
                }
            )
            .with_env(self.env)
        )
