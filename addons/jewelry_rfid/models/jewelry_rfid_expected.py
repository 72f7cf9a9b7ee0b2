from odoo import api, fields, models
from odoo.tools import SQL


class JewelryRfidExpected(models.Model):
    """A piece that the books had in a place when readers began to count it. Nobody reads these
    rows but the program: who counts is not told what should be there.
    """

    _name = "jewelry.rfid.expected"
    _description = "Piece Expected in a Count"
    _log_access = False
    _rec_name = "lot_id"

    count_id = fields.Many2one(
        comodel_name="jewelry.count", required=True, readonly=True, ondelete="cascade"
    )
    lot_id = fields.Many2one(
        comodel_name="stock.lot", string="Piece", required=True, readonly=True, ondelete="cascade"
    )
    place_id = fields.Many2one(
        comodel_name="stock.location", required=True, readonly=True, ondelete="cascade"
    )

    _lot_unique = models.UniqueIndex("(count_id, lot_id)", "The piece is expected already.")

    # === BUSINESS METHODS === #

    @api.model
    def _freeze(self, count):
        """Write down what the books have in the places of a count, in one query."""
        self.env["stock.quant"].flush_model(["lot_id", "location_id", "quantity"])
        self.env["stock.lot"].flush_model(["is_piece"])
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO jewelry_rfid_expected (count_id, lot_id, place_id)
                SELECT DISTINCT ON (lot.id) %s, lot.id, quant.location_id
                  FROM stock_quant quant
                  JOIN stock_lot lot ON lot.id = quant.lot_id
                 WHERE quant.location_id = ANY(%s) AND quant.quantity > 0 AND lot.is_piece
                 ORDER BY lot.id, quant.id
                """,
                count.id,
                count._get_places().ids,
            )
        )
        self.invalidate_model()

    @api.model
    def _forget(self, counts):
        """Delete what was expected in counts that are over: their lines tell the outcome."""
        query = SQL("DELETE FROM jewelry_rfid_expected WHERE count_id = ANY(%s)", counts.ids)
        self.env.cr.execute(query)
        self.invalidate_model()
