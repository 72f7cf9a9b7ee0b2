from hashlib import sha256

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.jewelry_inventory.const import CHANGE_REASON

from ..tools import epc
from .jewelry_provenance_event import TAG, UNTAG

WRITTEN, LIVE, LOST, RETIRED = "written", "live", "lost", "retired"
TAG_STATES = [(WRITTEN, "Written"), (LIVE, "Live"), (LOST, "Lost"), (RETIRED, "Retired")]
IN_USE = (WRITTEN, LIVE)


class JewelryRfidTag(models.Model):
    """A chip and the piece that it hangs on: rows are a piece's history of tags, newest first.

    A label's chip is written first, and live once somebody or the printer has read it. A number is
    on one chip in use at most, in the whole database: what a reader sees is looked up by the
    number alone. Nothing is deleted, so that a number of old still tells what it was.
    """

    _name = "jewelry.rfid.tag"
    _inherit = "jewelry.guard.mixin"
    _description = "RFID Tag"
    _order = "id desc"
    _rec_name = "epc"

    epc = fields.Char(
        string="EPC",
        required=True,
        readonly=True,
        help="The number on the chip as readers show it: hexadecimal, in capitals.",
    )
    tid = fields.Char(
        string="TID",
        readonly=True,
        help="The number that the maker of the chip gave it, which nobody can change.",
    )
    lot_id = fields.Many2one(
        comodel_name="stock.lot",
        string="Piece",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="lot_id.company_id", store=True, index=True)
    state = fields.Selection(
        selection=TAG_STATES, required=True, readonly=True, default=LIVE, index=True
    )
    live_date = fields.Datetime(string="Live Since", readonly=True)
    end_date = fields.Datetime(string="Until", readonly=True)
    reason = fields.Char(readonly=True, help="Why the tag is no longer live.")
    is_locked = fields.Boolean(
        string="Locked",
        readonly=True,
        help="The chip asks for its access password before it is written again.",
    )
    create_uid = fields.Many2one(comodel_name="res.users", string="Tagged By", readonly=True)
    scheme = fields.Char(compute="_compute_content")
    content = fields.Char(
        compute="_compute_content", help="What the number says in the words of its scheme."
    )

    _epc_in_use_unique = models.UniqueIndex(
        "(epc) WHERE state IN ('written', 'live')",
        "This number is on the tag of another piece. Take another tag.",
    )
    _live_unique = models.UniqueIndex(
        "(lot_id) WHERE state = 'live'",
        "Somebody else has just tagged this piece. Look at its tag first.",
    )
    _epc_index = models.Index("(epc)")
    _tid_index = models.Index("(tid) WHERE tid IS NOT NULL")

    # === COMPUTE METHODS === #

    @api.depends("epc")
    def _compute_content(self):
        for tag in self:
            try:
                code = epc.decode(tag.epc or "")
            except epc.EpcError:
                tag.scheme = tag.content = False
                continue
            is_own = code.scheme == epc.OWN
            tag.scheme = self.env._("Own number") if is_own else code.scheme
            tag.content = code.key if is_own else code.uri or code.element_string

    # === CRUD METHODS === #

    def _get_guarded_fields(self):
        """Override: tags come and go by what is done to pieces."""
        return super()._get_guarded_fields() | set(self._fields)

    def _get_frozen_fields(self):
        """Override: a number that was on a piece stays written."""
        return super()._get_frozen_fields() | {"epc", "lot_id"}

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Tags stay on record. Retire the tag instead."))

    # === ACTION METHODS === #

    def action_end(self):
        """Ask why tags are no longer live.

        :return: window action of `jewelry.rfid.tag.end`
        """
        self._check_keeper()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jewelry_rfid.jewelry_rfid_tag_end_action"
        )
        return action | {"context": {"default_tag_ids": self.ids}}

    def action_find(self):
        """Make lost tags live again: they were found on their pieces.

        :raises UserError: for another tag, or where the piece has a new one
        """
        self._check_keeper()
        self.lot_id._lock_lots()
        if self.filtered(lambda tag: tag.state != LOST):
            raise UserError(self.env._("Only a lost tag can be found again."))
        if replaced := self.lot_id.filtered("rfid_tag_id"):
            raise UserError(
                self.env._(
                    "%(pieces)s has a new tag by now. Take the old one off and destroy it.",
                    pieces=", ".join(replaced[:5].mapped("name")),
                )
            )
        self._check_free({tag.lot_id: tag.epc for tag in self})
        self._set_live({})

    def action_show_password(self):
        """Show a manager the access password of a chip, to change it by hand."""
        self.ensure_one()
        if not self.env.user.has_group("jewelry_inventory.group_manager"):
            raise AccessError(self.env._("Ask a manager for the password of a chip."))
        password = self.env["jewelry.rfid.access"]._get_password(self.epc)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Access password of %(epc)s", epc=self.epc),
                "message": password,
                "sticky": True,
            },
        }

    # === BUSINESS METHODS === #

    @api.model
    def _find_by_epc(self, epcs):
        """Return the live tags that readers saw, in at most two queries.

        :param epcs: numbers in hexadecimal, with or without the zeros that readers add
        :rtype: dict
        :return: {number as given: tag}; what no live tag has is left out
        """
        found = self._find_live(epcs)
        forms = {code: epc.find_forms(code) for code in epcs if code not in found}
        others = self._find_live(set().union(*forms.values()))
        for code, candidates in forms.items():
            if tag := next((others[form] for form in candidates if form in others), None):
                found[code] = tag
        return found

    @api.model
    def _find_live(self, numbers):
        """Return {number: the live tag that has it}."""
        domain = [("epc", "in", sorted(numbers)), ("state", "=", LIVE)]
        return {tag.epc: tag for tag in self.search_fetch(domain, ["epc"])} if numbers else {}

    @api.model
    def _check_free(self, numbers):
        """Refuse numbers that are on tags in use of other pieces.

        :param dict numbers: {piece: the number that its tag shall have}
        :raises UserError: naming the other piece
        """
        pieces = {number: lot for lot, number in numbers.items()}
        if len(pieces) < len(numbers):
            raise UserError(self.env._("One chip was read for two pieces. Read them again."))
        # In sudo: a reader knows no companies.
        used = self.sudo().search([("epc", "in", list(pieces)), ("state", "in", IN_USE)])
        for tag in used.filtered(lambda tag: tag.lot_id != pieces[tag.epc]):
            raise UserError(self._describe_used(tag))

    @api.model
    def _describe_used(self, tag):
        """Return why a number is not free; a piece of a company that one does not see is not
        named.
        """
        if tag.company_id and tag.company_id not in self.env.companies:
            return self.env._(
                "%(epc)s is on a piece of another company. Take another tag.", epc=tag.epc
            )
        return self.env._(
            "%(epc)s is the tag of %(piece)s. Take another tag, or retire that one first.",
            epc=tag.epc,
            piece=tag.lot_id.name,
        )

    @api.model
    def _get_store_code(self):
        """Return what our own numbers call this database: eight hexadecimal digits. A copy of the
        database that goes its own way has another name, and so have its numbers.
        """
        # In sudo: the name is on every chip.
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid") or ""
        return sha256(uuid.encode()).hexdigest()[:8].upper()

    def _check_keeper(self):
        """Refuse whoever may not tag pieces.

        :raises AccessError: saying so
        """
        self.env["jewelry.rfid.tag.pieces"].check_access("create")

    def _set_live(self, tids):
        """Make tags the live ones of their pieces, and write it into the chains of these.

        :param dict tids: {tag: number that the maker gave the chip}, as far as known
        """
        # In sudo here and below: tags are written by what is done to pieces, never by hand.
        tags = self.sudo()
        vals = {"state": LIVE, "end_date": False, "reason": False}
        tags.write(vals | {"live_date": fields.Datetime.now()})
        for tag in tags:
            tag.tid = tids.get(tag) or tag.tid
        self._log(TAG)

    def _set_ended(self, state, reason):
        """Let tags be live no longer.

        :param str state: lost or retired
        :param str reason: in the words of whoever says so
        """
        live = self.filtered(lambda tag: tag.state in (LIVE, LOST) and tag.live_date)
        ended = {"state": state, "reason": reason, "end_date": fields.Datetime.now()}
        self.sudo().write(ended)
        # First, so that another tag of the piece can be live.
        self.flush_recordset(["state"])
        live.with_context(**{CHANGE_REASON: reason})._log(UNTAG, why=state)

    def _log(self, kind, **more):
        """Append an event to the chain of each tag's piece."""
        self.lot_id._append_events(
            [
                (
                    tag.lot_id,
                    kind,
                    {"epc": tag.epc, **({"tid": tag.tid} if tag.tid else {}), **more},
                )
                for tag in self
            ]
        )
