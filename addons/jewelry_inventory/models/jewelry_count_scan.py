from odoo import fields, models

from ..const import WEIGHT_DIGITS


class JewelryCountScan(models.Model):
    """One scan of a count, as it came: it stays, also when it named nothing, or was a slip."""

    _name = "jewelry.count.scan"
    _inherit = "jewelry.guard.mixin"
    _description = "Scan of a Count"
    _order = "scan_date desc, id desc"

    # The scanner's device names it: sent twice, it is one scan.
    uuid = fields.Char(string="UUID", required=True, readonly=True)
    count_id = fields.Many2one(
        comodel_name="jewelry.count",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    user_id = fields.Many2one(
        comodel_name="res.users", string="Person", required=True, readonly=True, ondelete="restrict"
    )
    scan_date = fields.Datetime(string="Scanned On", required=True, readonly=True)
    code = fields.Char(required=True, readonly=True)
    place_id = fields.Many2one(comodel_name="stock.location", required=True, readonly=True)
    lot_id = fields.Many2one(
        comodel_name="stock.lot",
        string="Piece",
        readonly=True,
        index="btree_not_null",
        help="None: the code is of nothing that the store knows.",
    )
    quantity = fields.Float(
        digits=WEIGHT_DIGITS, readonly=True, help="1 for a piece; as weighed for other goods."
    )
    stone_count = fields.Integer(string="Stones", readonly=True, help="As counted, of a parcel.")
    undo_date = fields.Datetime(string="Undone On", readonly=True, help="It was a slip.")
    is_late = fields.Boolean(
        string="Too Late", readonly=True, help="It came in after the count was closed."
    )
    is_undo_late = fields.Boolean(
        string="Undone Too Late",
        readonly=True,
        help="It was taken back after the count was closed, in which it counts as found. Open the "
        "count again, and it does not.",
    )
    is_foreign = fields.Boolean(
        string="Somebody Else's Label",
        readonly=True,
        help="Nothing of the store has this code, and it is one that others give out.",
    )

    _uuid_unique = models.UniqueIndex("(uuid)", "This scan has come in already.")

    # === CRUD METHODS === #

    def _get_guarded_fields(self):
        """Override: nobody writes a scan by hand."""
        changing = {"undo_date", "is_late", "is_undo_late"}
        return super()._get_guarded_fields() | self._get_frozen_fields() | changing

    def _get_frozen_fields(self):
        """Override: what was scanned stays as it was."""
        return super()._get_frozen_fields() | {
            "uuid",
            "count_id",
            "user_id",
            "scan_date",
            "code",
            "place_id",
            "lot_id",
            "quantity",
            "stone_count",
            "is_foreign",
        }

    # === BUSINESS METHODS === #

    def _filter_valid(self):
        """Return the scans that count: of something known, weighed, in time and no slip."""
        return self.filtered(
            lambda scan: (
                scan.lot_id and scan.quantity and not scan._is_undone() and not scan.is_late
            )
        )

    def _is_undone(self):
        """Tell whether it was taken back in time."""
        self.ensure_one()
        return bool(self.undo_date) and not self.is_undo_late

    def _get_last(self):
        """Return the last of these scans of each piece, and of each parcel in each place: a piece
        that was put elsewhere while it was counted lies where it was scanned last.

        :rtype: dict
        :return: {(lot, place or None for a piece): scan}
        """
        return {
            (scan.lot_id, scan.place_id if not scan.lot_id.is_piece else None): scan
            for scan in self.sorted(lambda scan: (scan.scan_date, scan.id))
        }

    def _prepare_answer(self, seen=()):
        """Return what the screen shows of the scan; nothing in it tells what is expected.

        :param seen: ids of scans of pieces that had been scanned before
        :rtype: dict
        """
        self.ensure_one()
        lot = self.lot_id
        return {
            "uuid": self.uuid,
            "code": self.code,
            "state": self._get_answer_state(seen),
            "number": lot.name or "",
            "title": lot.product_id.name or "",
            "photo": self._get_answer_photo(),
            "unit": lot.product_uom_id.name if lot and not lot.is_piece else "",
            "has_stones": lot.jewelry_kind == "parcel",
            "quantity": self.quantity,
            "place_id": self.place_id.id,
        }

    def _get_answer_state(self, seen):
        if self.undo_date:
            return "undo_late" if self.is_undo_late else "undone"
        if self.is_late:
            return "late"
        if not self.lot_id:
            return "foreign" if self.is_foreign else "unknown"
        if not self.quantity:
            return "weigh"
        return "repeated" if self.id in seen else "counted"

    def _get_answer_photo(self):
        """Return the address of a small photo of the piece, or of its style."""
        lot = self.lot_id.with_context(bin_size=True)
        for record, field in ((lot, "image_128"), (lot.product_id, "image_128")):
            if record[field]:
                return f"/web/image/{record._name}/{record.id}/{field}"
        return ""
