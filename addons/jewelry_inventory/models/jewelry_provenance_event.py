import json
import logging
from datetime import UTC, datetime

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, float_repr

from ..const import CHANGE_REASON
from ..tools.bulk import to_array
from ..tools.provenance import (
    Verification,
    Verifier,
    first_faults,
    move_kind,
    read_payload,
    seal,
)
from .jewelry_provenance_head import in_chains

_logger = logging.getLogger(__name__)

VERIFY_BATCH = 10_000


class JewelryProvenanceEvent(models.Model):
    """What happened to a piece: rows written once, each with the hash of the one before.

    Written in the transaction of the change itself by `_append`, and by nothing else. The hash
    covers all columns but `id` and `lot_id`. There is no other reference to a record, no log
    column and no stored compute, because anything that updates a row later (a partner merge, a
    module update) would be refused.
    """

    _name = "jewelry.provenance.event"
    _description = "Provenance Event"
    _log_access = False
    _order = "id desc"
    _rec_name = "kind"

    chain_uuid = fields.Char(string="Chain", required=True, readonly=True)
    seq = fields.Integer(string="Number", required=True, readonly=True, aggregator=None)
    kind = fields.Char(required=True, readonly=True)
    event_time = fields.Datetime(
        string="Time", required=True, readonly=True, help="UTC, to the microsecond."
    )
    actor = fields.Char(required=True, readonly=True, help="Provenance UUID of the user.")
    payload = fields.Text(required=True, readonly=True, help="Canonical JSON, as hashed.")
    previous = fields.Char(string="Previous Hash", readonly=True)
    hash = fields.Char(required=True, readonly=True)
    lot_id = fields.Many2one(
        comodel_name="stock.lot",
        string="Piece",
        ondelete="set null",
        index="btree_not_null",
        readonly=True,
        help="A convenience outside the hash: the chain belongs to the UUID.",
    )

    reason = fields.Char(
        readonly=True,
        groups="jewelry_inventory.group_manager",
        help="In the words of whoever did it. Outside the hash: it may name people, who can ask to "
        "have it erased.",
    )

    payload_pretty = fields.Text(string="Details", compute="_compute_payload_pretty")
    actor_id = fields.Many2one(comodel_name="res.users", string="User", compute="_compute_actor_id")

    _chain_seq_unique = models.UniqueIndex(
        "(chain_uuid, seq)", "A chain has one event of each number."
    )
    _content_index = models.Index("(id) WHERE kind = 'content'")

    # === COMPUTE METHODS === #

    @api.depends("payload")
    @api.depends_context("uid")
    def _compute_payload_pretty(self):
        """Lay the payload out for people, with the names of what it refers to by uuid."""
        payloads = {event: read_payload(event.payload) for event in self}
        values = {
            value
            for payload in payloads.values()
            for value in payload.values()
            if isinstance(value, str)
        }
        names = self._get_names(values)
        for event, payload in payloads.items():
            named = {key: names.get(str(value), value) for key, value in payload.items()}
            event.payload_pretty = json.dumps(named, indent=2, ensure_ascii=False)

    @api.depends("actor")
    def _compute_actor_id(self):
        # In sudo: an archived or foreign user is still who did it.
        users = self.env["res.users"].sudo().with_context(active_test=False)
        by_uuid = users.search([("chain_uuid", "in", self.mapped("actor"))]).grouped("chain_uuid")
        for event in self:
            event.actor_id = by_uuid.get(event.actor)

    @api.depends("kind", "seq")
    def _compute_display_name(self):
        for event in self:
            event.display_name = f"{event.kind} #{event.seq}"

    # === CRUD METHODS === #

    def init(self):
        """Override of `base` to let the database itself refuse what the ORM refuses, whoever asks.

        `lot_id` is left out, for it empties when a lot is deleted. So are columns that others
        may add.
        """
        self.env.cr.execute(
            """
            CREATE OR REPLACE FUNCTION jewelry_provenance_refuse() RETURNS trigger
                   LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'Provenance events are append-only: % refused', TG_OP
                      USING ERRCODE = 'restrict_violation';
            END $$;
            DROP TRIGGER IF EXISTS jewelry_provenance_sealed ON jewelry_provenance_event;
            CREATE TRIGGER jewelry_provenance_sealed
                BEFORE DELETE OR TRUNCATE OR UPDATE OF
                       id, chain_uuid, seq, kind, event_time, actor, payload, previous, hash,
                       reason
                ON jewelry_provenance_event EXECUTE FUNCTION jewelry_provenance_refuse();
            """
        )

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        """Override of `base`: only `_append` knows the hash of the event before."""
        raise UserError(
            self.env._("Provenance events are written by what happens to a piece, never by hand.")
        )

    def write(self, vals):  # pylint: disable=method-required-super
        """Override of `base`: what is written stays."""
        raise UserError(self.env._("Provenance events cannot be changed."))

    @api.ondelete(at_uninstall=True)
    def _unlink_never(self):
        raise UserError(self.env._("Provenance events cannot be deleted."))

    # === ACTION METHODS === #

    def action_verify(self):
        """Verify the chains of the selected events, or all chains, and open the result."""
        checks = self.env["jewelry.provenance.check"]
        checks.check_access("read")
        # In sudo: nobody may write a result by hand.
        check = checks.sudo()._run(sorted(set(self.mapped("chain_uuid"))) or None)
        return {
            "type": "ir.actions.act_window",
            "res_model": check._name,
            "res_id": check.id,
            "views": [(False, "form")],
        }

    # === BUSINESS METHODS === #

    @api.model
    def _append(self, entries, heads=None, execute=None):
        """Write events: `entries` are triples (record, kind, payload) in their order.

        The record is a piece, a stone or whatever else has the provenance mixin. The payload is
        a dict that `canonical` accepts, without database ids and without personal data. All
        events of a call share one instant, and the reason that the context gives. Three
        statements, however many entries; later calls of a transaction go on from here.

        :param dict heads: of `_lock`, when one call has locked the chains of several calls
        :param execute: what executes the statements, the cursor by default
        """
        if not entries:
            return
        named = [(record.sudo().chain_uuid, record) for record, _kind, _payload in entries]
        chains = {chain for chain, _record in named}
        stored_heads = self.env["jewelry.provenance.head"].sudo()
        heads = stored_heads._lock(chains) if heads is None else heads
        if not heads.keys() >= chains:
            self.env["jewelry.provenance.check"]._request_first()
        events = seal(
            ((chain, *entry[1:]) for (chain, _record), entry in zip(named, entries, strict=True)),
            heads,
            time=datetime.now(UTC).replace(tzinfo=None),
            actor=self.env.user.sudo().chain_uuid,
        )
        lot_ids = [record.id if record._name == "stock.lot" else None for _chain, record in named]
        execute = execute or self.env.cr.execute
        execute(stored_heads._get_store({chain: heads[chain] for chain in chains}))
        execute(self._get_insert(events, lot_ids))

    def _get_insert(self, events, lot_ids):
        """Return the query that writes sealed events of those lots (None: of something else)."""
        columns = [*zip(*events, strict=True), lot_ids]
        return SQL(
            """INSERT INTO jewelry_provenance_event
                      (chain_uuid, seq, kind, event_time, actor, payload, previous, hash, lot_id,
                       reason)
               SELECT *, %s FROM unnest(%s::varchar[], %s::int[], %s::varchar[], %s::timestamp[],
                      %s::varchar[], %s::text[], %s::varchar[], %s::varchar[], %s::int[])""",
            self._get_change_reason() or None,
            *map(to_array, columns),
        )

    @api.model
    def _get_change_reason(self):
        """Return why what happens now is done, as whoever does it says; "" when nobody asked."""
        context = self.env.context
        return (context.get(CHANGE_REASON) or context.get("inventory_name") or "").strip()

    @api.model
    def _prepare_move_entries(self, move_lines):
        """Return the entries, for `_append`, of those `move_lines` that are done and moved a piece.

        What a piece cost when it came is an event of its own: fewer people may read it.
        """
        # In sudo: whoever may move a piece need not read its owner or every place.
        done = move_lines.sudo().filtered(
            lambda line: line.state == "done" and line.lot_id.jewelry_kind
        )
        moves = [(line.lot_id, *self._prepare_move_event(line)) for line in done]
        costs = [
            self._prepare_cost_entry(
                line.lot_id, line.piece_value, line.company_currency_id, "receipt"
            )
            for line in done
            if line.piece_value > 0
        ]
        return moves + costs

    def _prepare_move_event(self, line):
        """Return kind and payload of a done move line. Who receives is in its document only."""
        source, destination = line.location_id, line.location_dest_id
        payload = {
            "from": source.chain_uuid,
            "to": destination.chain_uuid,
            "quantity": f"{line.quantity_product_uom:.3f}",
        }
        if line.stone_count and line.lot_id.jewelry_kind == "parcel":
            payload["stones"] = line.stone_count
        if line.picking_id:
            payload["document"] = line.picking_id.name
        if line.owner_id:
            payload["owner"] = line.owner_id.chain_uuid
        return move_kind(source.usage, destination.usage), payload

    @api.model
    def _prepare_cost_entry(self, lot, cost, currency, why):
        """Return the entry that says what a piece costs from now on, and why."""
        text = float_repr(cost, currency.decimal_places)
        return lot, "cost", {"new": text, "currency": currency.name, "why": why}

    @api.model
    def _get_names(self, uuids):
        """Return {uuid: display name} of what carries one of `uuids` and the user may read."""
        names = {}
        for model in self.pool.descendants(["jewelry.provenance.mixin"], "_inherit"):
            if not self.env[model]._abstract and self.env[model].has_access("read"):
                records = self.env[model].search([("chain_uuid", "in", list(uuids))])
                names |= {record.chain_uuid: record.display_name for record in records}
        return names

    # === VERIFICATION === #

    @api.private
    def verify_chains(self, chain_uuids=None, *, anchored=True):
        """Check stored events against each other, against the heads and against the anchor file.

        :param list chain_uuids: the chains to check; all by default
        :param bool anchored: whether to read the anchor file
        :return: how much was read and the first bad event of each damaged chain, sorted
        :rtype: odoo.addons.jewelry_inventory.tools.provenance.Verification
        """
        verifier = Verifier()
        for rows in self._fetch_events(chain_uuids):
            verifier.feed(rows)
        witnesses = ["head", "anchor"] if anchored else ["head"]
        faults = verifier.faults
        for witness in witnesses:
            model = self.env[f"jewelry.provenance.{witness}"].sudo()
            faults += model._find_faults(chain_uuids)
        return Verification(verifier.events, verifier.chains, first_faults(faults))

    def _fetch_events(self, chain_uuids=None):
        """Yield the rows of the chains in batches, ordered, from a cursor of the database."""
        self.env.cr.execute(
            SQL(
                """DECLARE jewelry_provenance_events NO SCROLL CURSOR FOR
                   SELECT chain_uuid, seq, kind, event_time, actor, payload, previous, hash
                     FROM jewelry_provenance_event %s ORDER BY chain_uuid, seq""",
                in_chains(chain_uuids),
            )
        )
        fetch = SQL("FETCH %s FROM jewelry_provenance_events", VERIFY_BATCH)
        while rows := self.env.execute_query(fetch):
            yield rows
        self.env.cr.execute("CLOSE jewelry_provenance_events")

    # === MIGRATION === #

    @api.private
    def migrate_events(self, change, reason):
        """Change stored events: the one documented way, for a migration script or a court order.

        In the caller's transaction the trigger is taken off, `change` is called with the cursor
        and has to leave events and heads whole, the trigger is put back and all chains are
        verified; a broken one raises UserError. The anchor file gets a line with `reason`, from
        which verification goes on; the lines before it stay and keep telling what was there.

        :param change: callable that takes the cursor and changes events and heads in SQL
        :param str reason: why, without personal data
        :return: the check of the migrated chains
        """
        self.env.cr.execute(
            "ALTER TABLE jewelry_provenance_event DISABLE TRIGGER jewelry_provenance_sealed"
        )
        change(self.env.cr)
        self.env.cr.execute(
            "ALTER TABLE jewelry_provenance_event ENABLE TRIGGER jewelry_provenance_sealed"
        )
        self.env.invalidate_all()
        check = self.env["jewelry.provenance.check"].sudo()._run(anchored=False)
        if check.state == "failed":
            raise UserError(
                self.env._("The migration would leave broken chains: %s", check.message)
            )
        _logger.warning("Provenance events were migrated: %s", reason)
        check._anchor(reason)
        return check
