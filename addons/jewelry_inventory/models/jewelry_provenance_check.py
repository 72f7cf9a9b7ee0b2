import logging
from time import perf_counter

from odoo import api, fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)

LISTED_FAULTS = 20


class JewelryProvenanceCheck(models.Model):
    """One verification of provenance: what it found, and the anchor that it wrote."""

    _name = "jewelry.provenance.check"
    _description = "Provenance Check"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "date"

    date = fields.Datetime(default=fields.Datetime.now, required=True, readonly=True)
    state = fields.Selection(
        selection=[("ok", "Sound"), ("fork", "Copied Database"), ("failed", "Damaged")],
        string="Result",
        required=True,
        readonly=True,
    )
    event_count = fields.Integer(string="Events", readonly=True)
    chain_count = fields.Integer(string="Chains", readonly=True)
    duration = fields.Float(string="Seconds", digits=(16, 3), readonly=True)
    message = fields.Text(readonly=True)

    # First bad event
    fault_chain_uuid = fields.Char(string="First Damaged Chain", readonly=True)
    fault_seq = fields.Integer(string="First Bad Event", readonly=True, aggregator=None)
    fault_reason = fields.Selection(
        selection=[
            ("gap", "missing, or moved to another number"),
            ("link", "not linked to the event before"),
            ("content", "changed after it was written"),
            ("head", "not where the chain's head says that it ends"),
            ("anchor", "not the event that was anchored"),
            ("anchor_line", "anchor file: a line was changed, removed or inserted"),
            ("anchor_heads", "anchor file: the heads of the line are missing or changed"),
            ("anchor_signature", "anchor file: the line is not signed by a key of this database"),
            ("anchor_lost", "anchor file: the line of the last anchor is missing"),
        ],
        string="Reason",
        readonly=True,
    )

    # Anchor
    anchor = fields.Char(
        string="Anchor Digest", readonly=True, help="SHA-256 of the anchor file's line."
    )
    anchor_root = fields.Char(string="Merkle Root", readonly=True)
    database_uuid = fields.Char(string="Database UUID", readonly=True)
    signing_key = fields.Char(
        readonly=True, help="Public key that signed the anchor. Publish it: customers compare."
    )

    # === ACTION METHODS === #

    def action_verify(self):
        """Verify all chains now and open the result."""
        return self.env["jewelry.provenance.event"].action_verify()

    # === BUSINESS METHODS === #

    @api.model
    def _cron_verify(self):
        """Verify all chains every night; anchor them if they are sound, else call the managers."""
        if not self.env["jewelry.provenance.head"].search_count([], limit=1):
            return
        check = self._run()
        if check.state != "failed":
            check._anchor_safely()
        if check.state != "ok":
            check._alert()

    def _anchor_safely(self):
        """Anchor and send the anchor out; what hinders it is told, and is no damage to chains."""
        try:
            self._anchor()
        except UserError as error:
            self.write({"state": "failed", "message": str(error)})

    @api.model
    def _request_first(self):
        """Have the first event ever anchored within minutes, not only in the first night."""
        if not self.sudo().search_count([], limit=1):
            self.env.ref("jewelry_inventory.ir_cron_provenance_verify").sudo()._trigger()

    @api.model
    def _run(self, chain_uuids=None, *, anchored=True):
        """Verify as `verify_chains` does and return the result as a record."""
        start = perf_counter()
        verification = self.env["jewelry.provenance.event"].verify_chains(
            chain_uuids, anchored=anchored
        )
        duration = perf_counter() - start
        return self.create(self._prepare_values(verification) | {"duration": duration})

    def _prepare_values(self, verification):
        fork_of = self.env["jewelry.provenance.anchor"]._find_fork()
        values = {
            "state": "fork" if fork_of else "ok",
            "event_count": verification.events,
            "chain_count": verification.chains,
        }
        if fork_of:
            values["message"] = self.env._(
                "This database is a copy of %s: from here on its provenance is a fork.", fork_of
            )
        if fault := verification.first:
            values |= {
                "state": "failed",
                "fault_chain_uuid": fault.chain,
                "fault_seq": fault.seq,
                "fault_reason": fault.reason,
                "message": self._describe_faults(verification.faults),
            }
        return values

    def _describe_faults(self, faults):
        """Return one line for each of the first `faults`, naming pieces by their number.

        A fault of the anchor file has no chain; its number is that of the line.
        """
        reasons = dict(self._fields["fault_reason"]._description_selection(self.env))
        listed = faults[:LISTED_FAULTS]
        lots = self.env["stock.lot"].search(
            [("chain_uuid", "in", [fault.chain for fault in listed])]
        )
        names = dict(zip(lots.mapped("chain_uuid"), lots.mapped("name"), strict=True))
        return "\n".join(
            self.env._(
                "%(chain)s, event %(seq)s: %(reason)s",
                chain=names.get(fault.chain, fault.chain),
                seq=fault.seq,
                reason=reasons[fault.reason],
            )
            if fault.chain
            else self.env._(
                "Line %(number)s of the %(reason)s",
                number=fault.seq,
                reason=reasons[fault.reason],
            )
            for fault in listed
        )

    def _anchor(self, reason=""):
        """Write the anchor that follows from this check, and remember it."""
        anchors = self.env["jewelry.provenance.anchor"]
        if anchors._is_enabled():
            line = anchors._append_line(self.event_count, reason)
            self.write(
                {
                    "anchor": line["digest"],
                    "anchor_root": line["root"],
                    "database_uuid": line["database"],
                    "signing_key": line["key"],
                }
            )
            self._tell_problems(self.env["jewelry.provenance.witness"]._publish(line))

    def _tell_problems(self, problems):
        """Tell the managers where the anchor could not be sent; it is written all the same."""
        if problems:
            self.message = "\n".join(filter(None, [self.message, *problems]))
            self._alert()

    @api.model
    def _get_last_anchored(self):
        """Return the check that wrote the last anchor this database remembers, or none."""
        return self.search([("anchor", "!=", False)], limit=1)

    def _alert(self):
        """Tell the managers and the log what this check found."""
        _logger.error("Provenance verification: %s", self.message)
        for manager in self.env.ref("jewelry_inventory.group_manager").all_user_ids:
            self.activity_schedule(
                "mail.mail_activity_data_warning",
                summary=self.env._("Provenance needs attention"),
                note=self.message,
                user_id=manager.id,
            )
