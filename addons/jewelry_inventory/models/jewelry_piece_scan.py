from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..tools import scan as rules
from ..tools.gs1 import GIAI
from .jewelry_piece_passport import PAGE

# What GS1 codes put before a serial number.
SERIAL_AI = "21"
# A scanner reads no more than a QR code holds.
LONGEST_CODE = 4296


class JewelryPieceScan(models.AbstractModel):
    """How a piece is found by what a scanner reads: its number, an older one, a GS1 code, or the
    link to its passport; and what is said of a code that finds none.
    """

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

    @api.model
    @api.readonly
    def describe_unknown_scan(self, code):
        """Return what to tell whoever scanned a code that no piece is found by.

        :param str code: what the scanner read
        :rtype: str
        """
        self.check_access("read")
        return self._describe_unknown_scan(self._read_scan(code))

    # === BUSINESS METHODS === #

    @api.model
    def _get_piece_by_scan(self, code):
        """Return the piece that a scanned code names, or an empty recordset. Rooms extend it.

        Where it finds none, `_describe_unknown_scan` says why.

        :param str code: piece number, number in a former system, inscription or number of a
            laboratory report on the piece or a stone in it, a GS1 code or an EPC URN that has
            one of them as its serial number, or the link to the passport of the piece
        :raises UserError: for what no scanner reads
        """
        code = self._read_scan(code)
        return (
            self._find_by_code(code)
            or self._find_by_code(self._get_gs1_serial(code))
            or self._find_by_link(code)
        )

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
    def _describe_unknown_scan(self, code):
        """Hook: return what to tell whoever scanned a code that no piece is found by."""
        code = self._read_scan(code)
        if self._find_foreign_scans([code]):
            return self.env._(
                "“%(code)s” is a label of somebody else: another store or maker gave it out. Put "
                "the piece aside and look what it is.",
                code=code,
            )
        return self.env._("No piece is found by “%(code)s”.", code=code)

    @api.model
    def _find_foreign_scans(self, codes):
        """Return those of some codes, by which no piece is found, that somebody else gave out:
        GS1 codes under another prefix than ours, EANs, passports and links of others. What is the
        barcode of a product here is none of them.

        :rtype: set
        """
        # In sudo: which prefix is ours is no secret.
        prefixes = [company.gs1_prefix for company in self.env.companies.sudo()]
        base = self.get_base_url()
        parts = self._read_gs1_parts(codes)
        prefixes = list(filter(None, prefixes))
        foreign = {
            code: parts[code]
            for code in codes
            if rules.is_foreign(code, parts[code], prefixes, base)
        }
        return foreign.keys() - self._find_own_barcodes(foreign) if foreign else set()

    @api.model
    def _find_own_barcodes(self, parts):
        """Return those of some codes that have the barcode of a product in them.

        :param dict parts: as of `_read_gs1_parts`
        """
        barcodes = {code: {code, *rules.get_gtins(code, each)} for code, each in parts.items()}
        domain = Domain("barcode", "in", sorted(set().union(*barcodes.values())))
        known = set(self.env["product.product"].search(domain).mapped("barcode"))
        return {code for code, each in barcodes.items() if each & known}

    @api.model
    def _read_scan(self, code):
        """Return what a scanner read, without what is around it.

        :raises UserError: for what no scanner reads
        """
        if not code:
            return ""
        if not rules.is_text(code, LONGEST_CODE):
            raise UserError(self.env._("A scanned code is a text. Scan the label again."))
        return code.strip()

    @api.model
    def _find_by_code(self, code):
        """Return the piece of a number or inscription; none where more than one has it."""
        for name in self._get_scan_fields():
            if code and (piece := self.search(self._get_scan_domain(name, code), limit=2)):
                return piece if len(piece) == 1 else self.browse()
        return self.browse()

    @api.model
    def _find_by_link(self, code):
        """Return the piece to whose passport a link of ours leads: by our number of GS1, or by
        its token.
        """
        for company in self.env.companies.sudo():
            for key, value in rules.read_keys(code):
                number = rules.get_reference(key, value, company.gs1_prefix)
                if key == GIAI and number:
                    return self._find_by_code(number)
        page = f"{self.get_base_url()}{PAGE}/"
        if not code.startswith(page):
            return self.browse()
        # In sudo: whoever holds the passport may be told whose it is; what they may read of the
        # piece is asked for by the search.
        links = self.env["jewelry.link"].sudo()
        link = links._find(code.removeprefix(page), "view", "stock.lot")
        return self.search(Domain("id", "=", link.res_id)) if link else self.browse()

    @api.model
    def _get_gs1_serial(self, code):
        """Return the serial number, application identifier 21, of a GS1 code; "" for others, and
        where it is the serial number of somebody else's goods.
        """
        parts = self._read_gs1_parts([code])[code]
        serial = next((value for key, value in parts if key == SERIAL_AI), "")
        has_prefix = any(self.env.companies.sudo().mapped("gs1_prefix"))
        return "" if serial and has_prefix and self._find_foreign_scans([code]) else serial

    @api.model
    def _read_gs1_parts(self, codes):
        """Return what element strings of GS1 are made of; nothing for other codes.

        :rtype: dict
        :return: {code: list of pairs, application identifier and value}
        """
        nomenclature = self.env.ref("barcodes_gs1_nomenclature.default_gs1_nomenclature")
        return {code: self._read_parts(nomenclature, code) for code in codes}

    @api.model
    def _read_parts(self, nomenclature, code):
        try:
            parts = nomenclature.gs1_decompose_extended(rules.to_element_string(code)) or []
        except (ValidationError, ValueError):  # no date where one should be
            return []
        return [(part["ai"], part["value"]) for part in parts]

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
