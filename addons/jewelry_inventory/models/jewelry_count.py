from odoo import api, fields, models
from odoo.exceptions import LockError, UserError, ValidationError
from odoo.fields import Domain

from ..const import COST_GROUPS

COUNT_KINDS = [
    ("opening", "Opening"),
    ("closing", "Closing"),
    ("cycle", "Cycle"),
    ("full", "Full"),
]
COUNT_STATES = [
    ("draft", "Draft"),
    ("open", "Counting"),
    ("counted", "Counted"),
    ("done", "Applied"),
    ("cancelled", "Cancelled"),
]
# What follows what.
TRANSITIONS = {
    ("draft", "open"),
    ("draft", "cancelled"),
    ("open", "counted"),
    ("open", "cancelled"),
    ("counted", "open"),
    ("counted", "done"),
    ("counted", "cancelled"),
}

# Written by the acts below and by nobody else.
GUARDED_FIELDS = {
    "name",
    "state",
    "part_ids",
    "scan_ids",
    "tie_out_ids",
    "move_ids",
    "start_date",
    "close_date",
    "done_date",
    "done_by_id",
    "expected_quantity",
    "found_quantity",
    "join_date",
}


class JewelryCount(models.Model):
    """A count of what lies in some places, blind: nobody who counts is told what should be there.

    People join it at the counting screen, scan, and close their part with their initials. When
    enough of them have, the count closes by itself: what they scanned is compared with the books
    (`tools.count`), and each difference becomes a line with its value and a reason. Applying the
    count moves, writes off and brings back by ordinary stock moves.
    """

    _name = "jewelry.count"
    _inherit = [
        "jewelry.guard.mixin",
        "jewelry.count.scanning",
        "jewelry.count.closing",
        "jewelry.count.applying",
        "jewelry.count.audit",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _description = "Count"
    _order = "id desc"
    _check_company_auto = True

    # Identity
    name = fields.Char(string="Number", readonly=True, copy=False, index="trigram")
    kind = fields.Selection(selection=COUNT_KINDS, required=True, default="cycle", tracking=True)
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    place_ids = fields.Many2many(
        comodel_name="stock.location",
        string="Places",
        check_company=True,
        domain="[('usage', 'in', ('internal', 'transit')), ('company_id', '=', company_id)]",
        help="What is in places inside them is counted, too.",
    )
    note = fields.Char()

    # What happened
    state = fields.Selection(
        selection=COUNT_STATES,
        required=True,
        readonly=True,
        copy=False,
        default="draft",
        index=True,
        tracking=True,
    )
    start_date = fields.Datetime(string="Started On", readonly=True, copy=False)
    join_date = fields.Datetime(string="Last Joined On", readonly=True, copy=False)
    close_date = fields.Datetime(string="Counted On", readonly=True, copy=False, index=True)
    done_date = fields.Datetime(string="Applied On", readonly=True, copy=False)
    done_by_id = fields.Many2one(
        comodel_name="res.users", string="Applied By", readonly=True, copy=False
    )
    part_ids = fields.One2many(
        comodel_name="jewelry.count.part",
        inverse_name="count_id",
        string="People",
        readonly=True,
        copy=False,
    )
    scan_ids = fields.One2many(
        comodel_name="jewelry.count.scan",
        inverse_name="count_id",
        string="Scans",
        readonly=True,
        copy=False,
    )
    line_ids = fields.One2many(
        comodel_name="jewelry.count.line", inverse_name="count_id", string="Lines", copy=False
    )
    tie_out_ids = fields.One2many(
        comodel_name="jewelry.count.tie.out",
        inverse_name="count_id",
        string="Tie-Outs",
        readonly=True,
    )
    move_ids = fields.One2many(
        comodel_name="stock.move", inverse_name="jewelry_count_id", string="Moves", readonly=True
    )

    # What came out; empty while it is counted
    expected_quantity = fields.Integer(
        string="Expected", readonly=True, copy=False, help="Pieces, as the books have it."
    )
    found_quantity = fields.Integer(string="Found", readonly=True, copy=False, help="Pieces.")
    late_count = fields.Integer(
        string="Came Too Late",
        compute="_compute_late_count",
        help="Scans, and slips taken back, that reached the count after its close.",
    )
    difference_count = fields.Integer(string="Differences", compute="_compute_differences")
    missing_value = fields.Monetary(
        string="Missing at Retail", compute="_compute_differences", help="At today's prices."
    )
    missing_cost = fields.Monetary(
        string="Missing at Cost", compute="_compute_missing_cost", groups=COST_GROUPS
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("place_ids")
    def _check_places(self):
        """Refuse a count of nothing, and of places outside the store."""
        for count in self:
            if not count.place_ids or not all(place._is_of_store() for place in count.place_ids):
                raise ValidationError(
                    self.env._("Choose the places of the store that shall be counted.")
                )

    # === COMPUTE METHODS === #

    def _compute_late_count(self):
        late = Domain("is_late", "=", True) | Domain("is_undo_late", "=", True)
        domain = Domain("count_id", "in", self.ids) & late
        # In sudo: how many they are is told to whoever reads the count, what they are is not.
        scans = self.env["jewelry.count.scan"].sudo()
        counts = dict(scans._read_group(domain, ["count_id"], ["__count"]))
        for count in self:
            count.late_count = counts.get(count._origin, 0)

    @api.depends("line_ids.kind", "line_ids.retail_value")
    def _compute_differences(self):
        for count in self:
            differences = count.line_ids._filter_differences()
            count.difference_count = len(differences)
            count.missing_value = sum(differences._filter_shrink().mapped("retail_value"))

    @api.depends("line_ids.cost_value")
    def _compute_missing_cost(self):
        for count in self:
            shrink = count.line_ids._filter_shrink()
            count.missing_cost = sum(shrink.mapped("cost_value"))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Override to number counts."""
        counts = super().create(vals_list)
        counts._check_places()
        for count in counts:
            # In sudo: the number comes from the program.
            code = count._get_sequence_code()
            count.sudo().name = self.env["ir.sequence"].sudo().next_by_code(code)
        return counts

    def write(self, vals):
        """Override to keep what is counted, once it is being counted.

        :raises UserError: naming the count
        """
        if {"place_ids", "kind", "company_id"} & vals.keys():
            self._check_state("draft")
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        self._check_state("draft")

    def _get_guarded_fields(self):
        """Override: a count is written by its acts."""
        return super()._get_guarded_fields() | GUARDED_FIELDS

    # === ACTION METHODS === #

    def action_count(self):
        """Begin to count, or go on: open the screen for scanning."""
        self._start()
        return {
            "type": "ir.actions.client",
            "tag": "jewelry_count",
            "name": self.name,
            "target": "fullscreen",
            "params": {"count_id": self.id},
            "context": {"active_id": self.id, "active_model": self._name},
        }

    def action_cancel(self):
        """Give the count up; what was scanned stays on record.

        :raises UserError: when it is applied
        """
        self.check_access("write")
        self._set_state("cancelled")

    def action_reopen(self):
        """Let people go on counting; the lines are made anew at the next close.

        :raises UserError: unless the count waits to be applied
        """
        self.check_access("write")
        self._set_state("open", {"close_date": False, "expected_quantity": 0, "found_quantity": 0})
        # In sudo: lines and people's parts are written by the count alone.
        self.sudo().line_ids.unlink()
        self.sudo().part_ids.close_date = False
        self.sudo().scan_ids.write({"is_late": False, "is_undo_late": False})

    def action_view_lines(self):
        """Show the lines in a list of their own, where many get their reason at once."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jewelry_inventory.jewelry_count_line_action"
        )
        return action | {
            "name": self.env._("Lines of %(count)s", count=self.name),
            "domain": [("count_id", "in", self.ids)],
            "context": {"search_default_by_kind": 1},
        }

    def action_view_late(self):
        """Show the scans, and the slips taken back, that came in after the close."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jewelry_inventory.jewelry_count_scan_action"
        )
        return action | {
            "name": self.env._("Came Too Late for %(count)s", count=self.name),
            "domain": [("count_id", "in", self.ids)],
            "context": {"search_default_late": 1, "search_default_undo_late": 1},
        }

    def action_view_moves(self):
        """Show the moves that the count made."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Moves of %(count)s", count=self.name),
            "res_model": "stock.move",
            "view_mode": "list,form",
            "domain": [("jewelry_count_id", "in", self.ids)],
        }

    # === BUSINESS METHODS === #

    def _get_sequence_code(self):
        """Hook: return the code of the sequence that numbers the count."""
        return self._name

    def _start(self):
        """Let a draft be counted."""
        self._check_counter()
        if self.state == "draft":
            self._set_state("open", {"start_date": fields.Datetime.now()})

    def _set_state(self, state, vals=None):
        """Change the state; the one funnel that does.

        :raises UserError: where the one does not follow the other
        """
        for count in self:
            if (count.state, state) not in TRANSITIONS:
                count._refuse_state()
        # In sudo: the acts have checked who may.
        self.sudo().write({"state": state, **(vals or {})})

    def _check_state(self, *states):
        """Refuse what can only be done in one of `states`.

        :raises UserError: naming the count and its state
        """
        for count in self:
            if count.state not in states:
                count._refuse_state()

    def _refuse_state(self):
        labels = dict(self._fields["state"]._description_selection(self.env))
        raise UserError(
            self.env._(
                "%(count)s is in state “%(state)s”: this cannot be done now.",
                count=self.name,
                state=labels[self.state],
            )
        )

    def _lock(self):
        """Take the count, and all who scan for it, for this transaction alone.

        :raises UserError: while somebody's scans come in
        """
        try:
            self.sudo().lock_for_update(allow_referencing=True)
            self.sudo().part_ids.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._("Scans are coming in right now. Try again in a moment.")
            ) from error

    def _get_places(self):
        """Return all places that the count covers, those inside others included."""
        # In sudo: what is counted does not depend on who counts.
        domain = Domain("id", "child_of", self.place_ids.ids)
        return self.env["stock.location"].sudo().search(domain)
