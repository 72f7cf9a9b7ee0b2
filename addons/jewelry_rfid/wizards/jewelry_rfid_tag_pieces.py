from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..tools import epc


class JewelryRfidTagPieces(models.TransientModel):
    """Tag pieces at a desk: scan the label of a piece, then its chip, and so on. Of chosen pieces
    the next one comes up by itself.
    """

    _name = "jewelry.rfid.tag.pieces"
    _description = "Tag Pieces"

    lot_ids = fields.Many2many(comodel_name="stock.lot", string="Pieces", readonly=True)
    lot_id = fields.Many2one(
        comodel_name="stock.lot",
        string="Piece",
        domain="[('jewelry_kind', '!=', False), ('void_reason', '=', False)]",
    )
    style_name = fields.Char(related="lot_id.product_id.display_name", string="Style")
    current_tag_id = fields.Many2one(related="lot_id.rfid_tag_id", string="Has the Tag")
    reason = fields.Char(help="Why a piece gets another tag. Its tag of now is retired.")
    tag_ids = fields.Many2many(comodel_name="jewelry.rfid.tag", string="Tagged", readonly=True)
    left_count = fields.Integer(string="Left", compute="_compute_left_count")

    # === COMPUTE METHODS === #

    @api.depends("lot_ids", "tag_ids")
    def _compute_left_count(self):
        for tagging in self:
            tagging.left_count = len(tagging._get_left())

    # === ACTION METHODS === #

    def action_scan(self, code):
        """Take what a scanner or a reader typed: the label of a piece, or a chip for the piece
        that is shown.

        :param str code: what was read
        :return: what to tell
        :rtype: str
        :raises UserError: saying what is wrong with it
        """
        self.ensure_one()
        self.check_access("write")
        lots = self.env["stock.lot"]
        code = lots._read_scan(code)
        if not self._is_chip(code):
            piece = lots._get_piece_by_scan(code)
            if piece or not epc.find_forms(code):
                return self._choose(piece, code)
        return self._attach(code)

    # === BUSINESS METHODS === #

    def _is_chip(self, code):
        """Tell whether a code can be nothing but the number of a chip."""
        is_live = bool(self.env["jewelry.rfid.tag"]._find_by_epc([code]))
        return is_live or epc.is_code(code)

    def _choose(self, piece, code):
        """Show the piece of a label.

        :raises UserError: where there is none
        """
        if not piece:
            raise UserError(self.env["stock.lot"]._describe_unknown_scan(code))
        piece._check_labelable()
        self.lot_id = piece
        return self.env._("%(piece)s: now read its chip.", piece=piece.name)

    def _attach(self, code):
        """Make a chip the tag of the piece that is shown, and show the next.

        :raises UserError: where no piece is shown, or as of `_tag`
        """
        if not self.lot_id:
            raise UserError(self.env._("Scan the label of the piece first, then its chip."))
        piece = self.lot_id
        tag = piece._tag(code, reason=self.reason)
        self.write({"tag_ids": [Command.link(tag.id)], "reason": False})
        self.lot_id = self._get_left().sorted("name")[:1]
        return self.env._("%(piece)s has the tag %(epc)s.", piece=piece.name, epc=tag.epc)

    def _get_left(self):
        """Return the chosen pieces that have not had their turn."""
        return self.lot_ids - self.tag_ids.lot_id
