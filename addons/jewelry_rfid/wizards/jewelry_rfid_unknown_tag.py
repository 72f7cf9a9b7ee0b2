from odoo import fields, models


class JewelryRfidUnknownTag(models.TransientModel):
    """Say which piece a tag hangs on that readers have seen and nobody has entered."""

    _name = "jewelry.rfid.unknown.tag"
    _description = "Tag a Piece with an Unknown Tag"

    epc = fields.Char(string="EPC", required=True)
    tid = fields.Char(string="TID")
    lot_id = fields.Many2one(
        comodel_name="stock.lot",
        string="Piece",
        required=True,
        domain="[('jewelry_kind', '!=', False), ('piece_status', '!=', 'void')]",
    )
    lot_tag_id = fields.Many2one(related="lot_id.rfid_tag_id", string="Its Tag so Far")
    reason = fields.Char(
        string="Why It Gets Another", help="Needed where the piece has a live tag already."
    )

    # === ACTION METHODS === #

    def action_tag(self):
        """Make the tag that of the piece. What was seen of it is now seen of the piece.

        :raises UserError: as of `jewelry.rfid.tagging._tag`
        """
        self.ensure_one()
        self.lot_id._tag(self.epc, tid=self.tid or None, reason=self.reason or None)
        return {"type": "ir.actions.act_window_close"}
