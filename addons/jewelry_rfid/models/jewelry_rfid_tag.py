from odoo import api, fields, models

TAG_STATES = [
    ("written", "Written"),
    ("live", "Live"),
    ("lost", "Lost"),
    ("retired", "Retired"),
]


class JewelryRfidTag(models.Model):
    """A chip and the piece that it hangs on: rows are a piece's history of tags, newest first.

    A number is on one chip in use at most, in the whole database. What a reader sees is looked up
    here by the number alone.
    """

    _name = "jewelry.rfid.tag"
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
        selection=TAG_STATES, required=True, readonly=True, default="live", index=True
    )

    _epc_in_use_unique = models.UniqueIndex(
        "(epc) WHERE state IN ('written', 'live')",
        "This number is on the tag of another piece. Take another tag.",
    )
    _live_unique = models.UniqueIndex(
        "(lot_id) WHERE state = 'live'",
        "This piece has a live tag already. Replace it, with the reason.",
    )
    _epc_index = models.Index("(epc)")

    # === BUSINESS METHODS === #

    @api.model
    def _find_by_epc(self, epcs):
        """Return the live tags that readers saw, in one query.

        :param epcs: numbers in hexadecimal, with or without the zeros that readers add
        :rtype: dict
        :return: {number as given: tag}; what no live tag has is left out
        """
        # A reader pads to words of 16 bits: more zeros than that are part of the number.
        forms = {epc: {epc, epc.rstrip("0")} for epc in epcs}
        tags = self.search(
            [("epc", "in", sorted(set().union(*forms.values()))), ("state", "=", "live")]
        )
        by_epc = {tag.epc: tag for tag in tags}
        found = {epc: by_epc.get(epc) or by_epc.get(min(forms[epc], key=len)) for epc in epcs}
        return {epc: tag for epc, tag in found.items() if tag}
