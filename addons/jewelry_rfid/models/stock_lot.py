from odoo import api, fields, models
from odoo.fields import Domain

from ..const import WRITING
from ..tools import zpl
from .jewelry_rfid_tag import IN_USE, LIVE, RETIRED, WRITTEN


class StockLot(models.Model):
    """A piece and its tags."""

    _name = "stock.lot"
    _inherit = ["stock.lot", "jewelry.rfid.tagging", "jewelry.rfid.seen", "jewelry.rfid.exit"]

    rfid_tag_ids = fields.One2many(
        comodel_name="jewelry.rfid.tag", inverse_name="lot_id", string="Tags", readonly=True
    )
    rfid_tag_id = fields.Many2one(
        comodel_name="jewelry.rfid.tag",
        string="Live Tag",
        compute="_compute_rfid_tag_id",
        search="_search_rfid_tag_id",
    )

    # === COMPUTE METHODS === #

    @api.depends("rfid_tag_ids.state")
    def _compute_rfid_tag_id(self):
        for lot in self:
            lot.rfid_tag_id = lot.rfid_tag_ids.filtered(lambda tag: tag.state == LIVE)

    def _search_rfid_tag_id(self, operator, value):
        if operator != "in":
            return NotImplemented
        tagged = [("rfid_tag_ids", "any", [("state", "=", LIVE), ("id", "in", list(value))])]
        if False not in value:
            return tagged
        untagged = [("rfid_tag_ids", "not any", [("state", "=", LIVE)])]
        return Domain.OR([untagged, tagged])

    # === ACTION METHODS === #

    def action_tag(self):
        """Open the dialog in which chips are read, one after the other.

        :return: window action of `jewelry.rfid.tag.pieces`
        """
        lots = self.filtered("jewelry_kind")
        lots._check_labelable()
        tagging = self.env["jewelry.rfid.tag.pieces"].create(
            {"lot_ids": lots.ids, "lot_id": lots.sorted("name")[:1].id}
        )
        return tagging._get_records_action(name=self.env._("Tag Pieces"), target="new")

    def action_view_tags(self):
        """Open all tags that these pieces have or had."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jewelry_rfid.jewelry_rfid_tag_action"
        )
        return action | {"domain": [("lot_id", "in", self.ids)], "context": {}}

    def action_void(self, reason):
        """Override: what is void has no tag that is looked for."""
        res = super().action_void(reason)
        used = self.rfid_tag_ids.filtered(lambda tag: tag.state in IN_USE)
        used._set_ended(RETIRED, reason)
        return res

    # === BUSINESS METHODS === #

    def _after_move(self, moves):
        """Override to settle what was proposed for pieces that have moved."""
        res = super()._after_move(moves)
        self.env["jewelry.rfid.proposal"]._settle(self)
        return res

    @api.model
    def _get_piece_by_scan(self, code):
        """Override: a code on a chip is asked for among the tags first, because its serial number
        is another one than the number of the piece.
        """
        code = self._read_scan(code)
        return self._get_piece_by_tag(code) or super()._get_piece_by_scan(code)

    @api.model
    def _get_pieces_by_scan(self, codes):
        """Override: chips are looked up in one query."""
        tags = self.env["jewelry.rfid.tag"]._find_by_epc(codes)
        found = {code: tag.lot_id for code, tag in tags.items()}
        return super()._get_pieces_by_scan([code for code in codes if code not in found]) | found

    @api.model
    def _get_piece_by_tag(self, code):
        """Return the piece whose live tag has a code: hexadecimal, or a URI of it."""
        return self.env["jewelry.rfid.tag"]._find_by_epc([code]).get(code, self.rfid_tag_ids).lot_id

    def _get_label_rf_block(self):
        """Override: the chip of the label gets the number that was made for it."""
        block = super()._get_label_rf_block()
        if not self.env.context.get(WRITING):
            return block
        tag = self.rfid_tag_ids.filtered(lambda tag: tag.state == WRITTEN)[:1]
        password = self.env["jewelry.rfid.access"]._get_password(tag.epc) if tag.is_locked else ""
        return "\n".join(filter(None, [block, zpl.render(tag.epc, password)]))
