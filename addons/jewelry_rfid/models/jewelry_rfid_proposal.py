from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.jewelry_inventory.const import CHANGE_REASON

from ..mention import Mention
from ..tools import batch

PROPOSAL_STATES = [
    ("open", "Seen Elsewhere"),
    ("accepted", "Moved"),
    ("dismissed", "Dismissed"),
    ("gone", "Settled"),
]
CURRENT = ("open", "dismissed")


class JewelryRfidProposal(models.Model):
    """A piece that is seen in another place than the books say. Nothing moves until somebody says
    so; when it is seen back home, or the books are right, the proposal is settled.

    One that was dismissed stays so as long as the piece is seen in the same zone.
    """

    _name = "jewelry.rfid.proposal"
    _inherit = ["jewelry.guard.mixin"]
    _description = "Piece Seen Elsewhere"
    _order = "first_seen desc, id desc"
    _rec_name = "lot_id"

    # Pieces are never deleted.
    lot_id = Mention(comodel_name="stock.lot", string="Piece", required=True, readonly=True)
    product_id = fields.Many2one(related="lot_id.product_id", string="Style")
    image_128 = fields.Image(related="lot_id.image_128")
    location_id = fields.Many2one(
        comodel_name="stock.location",
        string="By the Books",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    zone_id = fields.Many2one(
        comodel_name="jewelry.rfid.zone",
        string="Seen At",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    location_dest_id = fields.Many2one(related="zone_id.location_id", string="Its Place")
    first_seen = fields.Datetime(string="Seen Since", required=True, readonly=True)
    last_seen = fields.Datetime(required=True, readonly=True)
    state = fields.Selection(
        selection=PROPOSAL_STATES, required=True, readonly=True, default="open", index=True
    )
    done_by_id = fields.Many2one(comodel_name="res.users", string="Decided By", readonly=True)
    done_date = fields.Datetime(string="Decided On", readonly=True)
    # That of the zone, which stays as long as the row does.
    company_id = Mention(comodel_name="res.company", required=True, readonly=True, index=True)

    _current_unique = models.UniqueIndex(
        "(lot_id) WHERE state IN ('open', 'dismissed')",
        "There is a proposal for this piece already.",
    )

    # === CRUD METHODS === #

    def _get_guarded_fields(self):
        """Override: what is proposed is what readers see, and buttons decide."""
        stored = {name for name, field in self._fields.items() if field.store}
        return super()._get_guarded_fields() | stored

    # === ACTION METHODS === #

    def action_accept(self):
        """Move the pieces to where they are seen.

        :raises UserError: when one is settled, or has moved meanwhile
        """
        self.check_access("write")
        self.lot_id._lock_lots()
        self._check_open()
        for zone, proposals in self.grouped("zone_id").items():
            proposals._set_state("accepted")
            proposals._move(zone)

    def action_dismiss(self):
        """Leave the books as they are, as long as the pieces are seen where they are now."""
        self.check_access("write")
        self._check_open()
        self._set_state("dismissed")

    def action_open_piece(self):
        """Show the piece."""
        self.ensure_one()
        return self.lot_id.get_formview_action()

    # === BUSINESS METHODS === #

    def _check_open(self):
        self.invalidate_recordset(["state"])
        if settled := self.filtered(lambda each: each.state != "open"):
            raise UserError(
                self.env._(
                    "%(pieces)s: this has been decided, or settled by itself. Reload the list.",
                    pieces=", ".join(settled[:10].lot_id.mapped("name")),
                )
            )

    def _set_state(self, state):
        done = {"done_by_id": self.env.uid, "done_date": fields.Datetime.now()}
        # In sudo: what happens to a proposal is written by acts, whose right was asked for.
        self.sudo().write({"state": state} | done)

    def _move(self, zone):
        """Move the pieces to the place of a zone, by moves of core for each quant.

        :raises UserError: when a piece is not in one place of the store any more
        """
        quants = self.lot_id.quant_ids.filtered(
            lambda quant: quant.quantity > 0 and quant.location_id._is_of_store()
        )
        if lost := self.lot_id - quants.lot_id:
            raise UserError(
                self.env._(
                    "%(pieces)s is not in stock any more. Look at its moves.",
                    pieces=", ".join(lost[:10].mapped("name")),
                )
            )
        reason = self.env._("Seen by readers at %(zone)s", zone=zone.name)
        quants.with_context(**{CHANGE_REASON: reason}).move_quants(zone.location_id, message=reason)

    @api.model
    def _settle(self, lots):
        """Settle the proposals for pieces that the books have brought to where they are seen, or
        out of the store.
        """
        done = self._find_current(lots).filtered(lambda each: each._is_settled())
        if done:
            done._set_state("gone")

    @api.model
    def _withdraw(self, lots):
        """Settle the proposals for pieces whose tags no reader can see any more."""
        if current := self._find_current(lots):
            current._set_state("gone")

    @api.model
    def _find_current(self, lots):
        # In sudo: whoever moves a piece, or ends its tag, settles what was proposed for it.
        return self.sudo().search([("lot_id", "in", lots.ids), ("state", "in", CURRENT)])

    def _is_settled(self):
        place, own = self.zone_id.location_id, self.lot_id.location_id
        if not own or not own._is_of_store() or not place:
            return True
        return own.parent_path.startswith(place.parent_path)

    # === SIGHTINGS === #

    @api.model
    def _propose(self, changes):
        """Propose a move for what is seen elsewhere, and settle what is seen back home.

        :param changes: as of `jewelry.rfid.tag._see`
        """
        present = [change for change in changes if change["present"]]
        if not present:
            return
        tags = [change["tag"] for change in present]
        lots = [change["lot"] for change in present]
        self.flush_model()
        self.env["stock.lot"].flush_model(["location_id"])
        self.env["jewelry.rfid.zone"].flush_model(["location_id"])
        self.env["stock.location"].flush_model(["parent_path", "usage"])
        self.env.execute_query(self._get_settling(lots, tags))
        self.env.execute_query(self._get_proposing(tags))
        self.invalidate_model()

    @api.model
    def _get_places(self, tags):
        """Return the tables that tell where chips are seen, and where their pieces should be.
        Places of the store count only.
        """
        return SQL(
            """
            jewelry_rfid_tag tag
              JOIN stock_lot lot ON lot.id = tag.lot_id
              JOIN stock_location own ON own.id = lot.location_id
              JOIN jewelry_rfid_zone zone ON zone.id = tag.last_zone_id
              JOIN stock_location place ON place.id = zone.location_id
             WHERE tag.id = ANY(%s::int[])
               AND own.usage IN ('internal', 'transit')
            """,
            batch.as_array(tags),
        )

    @api.model
    def _get_settling(self, lots, tags):
        """Return the query that begins with the few proposals that there are."""
        return SQL(
            """
            WITH current AS MATERIALIZED (
                SELECT id, lot_id FROM jewelry_rfid_proposal
                 WHERE lot_id = ANY(%(lots)s::int[]) AND state IN ('open', 'dismissed')
            )
            UPDATE jewelry_rfid_proposal proposal
               SET state = 'gone', done_date = date_trunc('second', now() AT TIME ZONE 'UTC')
              FROM current
             WHERE proposal.id = current.id
               AND EXISTS (SELECT FROM %(places)s
                              AND tag.lot_id = current.lot_id
                              AND starts_with(own.parent_path, place.parent_path))
            RETURNING proposal.id
            """,
            lots=batch.as_array(lots),
            places=self._get_places(tags),
        )

    @api.model
    def _get_proposing(self, tags):
        return SQL(
            """
            INSERT INTO jewelry_rfid_proposal AS old (
                lot_id, location_id, zone_id, first_seen, last_seen, state, company_id,
                create_date, write_date, create_uid, write_uid
            )
            SELECT tag.lot_id, own.id, zone.id, tag.present_since, tag.last_seen, 'open',
                   zone.company_id, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC',
                   %(user)s, %(user)s
              FROM %(places)s
               AND NOT starts_with(own.parent_path, place.parent_path)
             ORDER BY tag.lot_id
            ON CONFLICT (lot_id) WHERE state IN ('open', 'dismissed') DO UPDATE
               SET zone_id = EXCLUDED.zone_id,
                   location_id = EXCLUDED.location_id,
                   last_seen = EXCLUDED.last_seen,
                   first_seen = CASE WHEN old.zone_id = EXCLUDED.zone_id
                       THEN old.first_seen ELSE EXCLUDED.first_seen END,
                   state = CASE WHEN old.zone_id = EXCLUDED.zone_id
                       THEN old.state ELSE 'open' END
             WHERE old.zone_id != EXCLUDED.zone_id
                OR old.last_seen < EXCLUDED.last_seen - INTERVAL '1 minute'
            RETURNING id
            """,
            user=self.env.uid,
            places=self._get_places(tags),
        )
