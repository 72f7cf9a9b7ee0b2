from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .jewelry_count_live import OVER
from .jewelry_count_scan import READER_PREFIX


class JewelryCount(models.Model):
    """A count of which readers do the scanning: what the zones of its places see since it began.

    Readers and people count together. Each gateway has a part, which nobody signs: whoever lets
    the readers begin answers for them. A manager may look at what is missing while it goes on, and
    does not scan by hand then: who counts is not told what should be there.
    """

    _name = "jewelry.count"
    _inherit = [
        "jewelry.count",
        "jewelry.count.reading",
        "jewelry.count.live",
        "jewelry.count.auto",
    ]

    is_by_readers = fields.Boolean(string="By Readers", readonly=True, copy=False)
    readers_date = fields.Datetime(string="Readers Since", readonly=True, copy=False)
    has_readers = fields.Boolean(compute="_compute_has_readers")
    shown_user_ids = fields.Many2many(
        comodel_name="res.users",
        relation="jewelry_count_shown_rel",
        string="Shown to",
        readonly=True,
        copy=False,
        help="Who has seen what was missing while it was counted.",
    )
    unknown_scan_ids = fields.One2many(
        comodel_name="jewelry.count.scan",
        inverse_name="count_id",
        string="Unknown Tags",
        domain=[("is_by_reader", "=", True), ("lot_id", "=", False)],
        readonly=True,
    )

    auto_zone_id = fields.Many2one(
        comodel_name="jewelry.rfid.zone",
        string="Counted Itself",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    _by_readers_index = models.Index("(company_id) WHERE is_by_readers AND state = 'open'")

    # === COMPUTE METHODS === #

    @api.depends("place_ids")
    def _compute_has_readers(self):
        for count in self:
            count.has_readers = bool(count._get_zones().antenna_ids)

    # === CRUD METHODS === #

    def _get_guarded_fields(self):
        """Override: readers count by the button."""
        return super()._get_guarded_fields() | {
            "is_by_readers",
            "readers_date",
            "shown_user_ids",
            "auto_zone_id",
            "unknown_scan_ids",
        }

    # === ACTION METHODS === #

    def action_count_by_readers(self):
        """Begin to count by readers, or let those count that were added since.

        :return: the live screen
        :raises UserError: when no reader looks at the places, or the count is closed
        """
        self._start()
        self._check_state("open")
        self._start_readers()
        self._join()
        return self.action_view_live()

    def action_view_live(self):
        """Show how the count goes on."""
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "jewelry_rfid_count",
            "name": self.name,
            "params": {"count_id": self.id},
            "context": {"active_id": self.id, "active_model": self._name},
        }

    def get_screen(self):
        """Override to keep whoever was shown what is missing from counting by hand.

        :raises UserError: saying so
        """
        self._check_blind()
        return super().get_screen()

    def register_scans(self, scans):
        """Override to keep whoever was shown what is missing from counting by hand.

        :raises UserError: saying so
        """
        self._check_blind()
        return super().register_scans(scans)

    # === BUSINESS METHODS === #

    def _check_blind(self):
        if self.env.user in self.sudo().shown_user_ids:
            raise UserError(
                self.env._(
                    "You have seen what is missing in %(count)s, and do not scan for it any more. "
                    "Hold the piece to a reader, or let somebody else scan it.",
                    count=", ".join(self.mapped("name")),
                )
            )

    @api.model
    def _check_scan(self, scan):
        """Override to keep screens from taking the numbers of what readers scan."""
        res = super()._check_scan(scan)
        if scan["uuid"].startswith(READER_PREFIX):
            raise UserError(self.env._("A scan needs a number of its own and a code."))
        return res

    def _start_readers(self):
        """Let the readers of the places count from now on; what is expected is frozen once.

        :raises UserError: when no reader looks at the places
        """
        # In sudo: readers count for whoever may count.
        count = self.sudo()
        gateways = count._get_gateways()
        if not gateways:
            raise UserError(
                self.env._(
                    "No reader looks at these places. Managers say in Configuration / RFID which "
                    "antenna looks at which zone, and which place that is."
                )
            )
        count._lock()
        count._join_gateways(gateways)
        if not count.is_by_readers:
            count.write({"is_by_readers": True, "readers_date": fields.Datetime.now()})
            count.env["jewelry.rfid.expected"]._freeze(count)
            count._begin_with_present()

    def _get_zones(self):
        """Return the zones that are counted, in sudo: those whose place is, or lies in, one of the
        count. A zone around it does not tell what of it lies inside.
        """
        domain = Domain("location_id", "child_of", self.place_ids.ids)
        return self.env["jewelry.rfid.zone"].sudo().search(domain)

    def _get_gateways(self):
        """Return the gateways whose readers look at the places, in sudo."""
        readers = self._get_zones().antenna_ids.reader_id.filtered("active")
        return readers.gateway_id.filtered("active")

    def _join_gateways(self, gateways):
        """Give each gateway a part of its own. Closing waits for whoever is joining."""
        self.join_date = fields.Datetime.now()
        devices = self.env["res.users"].union(*(each._require_device() for each in gateways))
        new = devices - self.part_ids.user_id
        self.part_ids.create([{"count_id": self.id, "user_id": device.id} for device in new])

    def _get_signers(self):
        """Override: nobody waits for a gateway to sign."""
        return super()._get_signers().filtered(lambda part: not part.user_id.share)

    def _set_state(self, state, vals=None):
        """Override to forget what was expected once a count is over."""
        res = super()._set_state(state, vals)
        if state in OVER:
            self.env["jewelry.rfid.expected"]._forget(self)
        return res

    def _close(self):
        """Override: a piece is where readers read it last, and then."""
        # In sudo: whoever signs last reads no scan.
        self.sudo()._note_last_readings()
        return super()._close()

    def _get_sequence_code(self):
        """Override: counts that are thrown away leave no gaps in the numbers of the others."""
        return "jewelry.rfid.auto.count" if self.auto_zone_id else super()._get_sequence_code()

    def _compare(self):
        """Override to leave out what no reader can see, as long as nobody counts it by hand."""
        findings = super()._compare()
        if not self.auto_zone_id or self.part_ids:
            return findings
        pieces = self.env["stock.lot"].union(*(f.lot for f in findings)).filtered("is_piece")
        tagged = pieces.filtered("rfid_tag_id")
        return [finding for finding in findings if finding.scan or finding.lot in tagged]
