from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

# What GS1 codes put before a serial number.
SERIAL_AI = "21"


class JewelryPieceScan(models.AbstractModel):
    """How a piece is found by what a scanner reads: its number, an older one, or a GS1 code."""

    _name = "jewelry.piece.scan"
    _description = "Piece Found by Scanning"

    # === ACTION METHODS === #

    @api.model
    @api.readonly
    def open_by_scan(self, code):
        """Return the action that opens the piece a scanned code names.

        :param str code: what the scanner read
        :return: an action, or False when no piece or more than one is meant
        """
        piece = self._get_piece_by_scan(code)
        return piece.get_formview_action() if piece else False

    # === BUSINESS METHODS === #

    @api.model
    def _get_piece_by_scan(self, code):
        """Return the piece that a scanned code names, or an empty recordset. Rooms extend it.

        :param str code: piece number, number in a former system, inscription or number of a
            laboratory report on the piece or a stone in it, or a GS1 code that has one of them as
            its serial number
        """
        code = (code or "").strip()
        return self._find_by_code(code) or self._find_by_code(self._get_gs1_serial(code))

    @api.model
    def _get_pieces_by_scan(self, codes):
        """Return what each of many scanned codes names: those that are the number of one piece in
        one query, the others as of `_get_piece_by_scan`.

        :rtype: dict
        :return: {code: piece, or an empty recordset}
        """
        named = self.search(Domain("jewelry_kind", "!=", False) & Domain("name", "in", list(codes)))
        pieces = named.grouped("name")
        one = {name: lots for name, lots in pieces.items() if len(lots) == 1}
        return {code: one.get(code) or self._get_piece_by_scan(code) for code in codes}

    @api.model
    def _find_by_code(self, code):
        """Return the piece of a number or inscription; none where more than one has it."""
        for name in self._get_scan_fields():
            if code and (piece := self.search(self._get_scan_domain(name, code), limit=2)):
                return piece if len(piece) == 1 else self.browse()
        return self.browse()

    @api.model
    def _get_gs1_serial(self, code):
        """Return the serial number, application identifier 21, of a GS1 code; "" for others."""
        nomenclature = self.env.ref("barcodes_gs1_nomenclature.default_gs1_nomenclature")
        try:
            parts = nomenclature.gs1_decompose_extended(code) or []
        except ValidationError:  # no date where one should be
            return ""
        return next((part["value"] for part in parts if part["ai"] == SERIAL_AI), "")

    @api.model
    def _get_scan_fields(self):
        """Hook: names of the fields a scanned code is looked up in, most specific first."""
        return [
            "name",
            "former_number",
            "inscription",
            "report_ids.number",
            "stone_ids.report_ids.number",
        ]

    @api.model
    def _get_scan_domain(self, name, code):
        return Domain("jewelry_kind", "!=", False) & Domain(name, "=", code)
