from collections import defaultdict
from datetime import time

from odoo import api, fields, models
from odoo.tools import SQL


class JewelryPieceValuation(models.AbstractModel):
    """The value of pieces, read set-based.

    Today's value is what each piece on hand costs (`stock.lot.standard_price`); the value at a
    date is the sum of the signed values that its moves and revaluations left until then. Both
    count only places inside the company and goods that nobody else owns.
    """

    _name = "jewelry.piece.valuation"
    _description = "Piece Valuation"

    # === BUSINESS METHODS === #

    @api.model
    def _get_product_values(self, products):
        """Value and quantity of the pieces of `products` for the context's company, warehouse
        and `to_date`.

        :param products: recordset of `product.product`
        :return: {product id: (value in company currency, quantity)}
        :rtype: dict
        """
        return self._read_values("product_id", products.ids)

    @api.model
    def _get_lot_values(self, lots):
        """Value and quantity of each of `lots`, as `_get_product_values`.

        :param lots: recordset of `stock.lot`
        :return: {lot id: (value in company currency, quantity)}
        :rtype: dict
        """
        return self._read_values("lot_id", lots.ids)

    @api.model
    def _get_remaining_moves(self, products):
        """Number of pieces on hand by the move that last brought them.

        :return: {product: {move: quantity}}
        :rtype: dict
        """
        remaining = defaultdict(dict)
        for move_id, lots in self._get_pieces_here(products).items():
            move = self.env["stock.move"].browse(move_id)
            remaining[lots.product_id][move] = len(lots)
        return remaining

    @api.model
    def _get_pieces_here(self, products):
        """Pieces on hand by the move that last brought them.

        :return: {move id: recordset of `stock.lot`}
        :rtype: dict
        """
        pieces = defaultdict(self.env["stock.lot"].browse)
        if not products:
            return pieces
        self.env.flush_all()
        for move_id, lot_ids in self.env.execute_query(self._get_receipt_query(products)):
            pieces[move_id] = self.env["stock.lot"].browse(lot_ids)
        return pieces

    # === QUERIES === #

    @api.model
    def _read_values(self, key, ids):
        if not ids:
            return {}
        self.env.flush_all()
        at_date = self._get_at_date()
        query = self._get_dated_query if at_date else self._get_current_query
        rows = self.env.execute_query(query(key, ids, at_date))
        rounding = self.env.company.currency_id
        return {row[0]: (rounding.round(float(row[1])), float(row[2])) for row in rows}

    @api.model
    def _get_at_date(self):
        """Return the end of the context's `to_date`, or False for now."""
        to_date = fields.Datetime.to_datetime(self.env.context.get("to_date"))
        return to_date and to_date.combine(to_date, time(23, 59, 59))

    @api.model
    def _get_current_query(self, key, ids, _at_date):
        column = SQL.identifier("quant", key)
        columns = SQL(
            """%(key)s, SUM(ROUND(COALESCE((lot.standard_price->>%(company)s)::numeric, 0)
               * quant.quantity::numeric, 6)), SUM(quant.quantity)""",
            key=column,
            company=str(self.env.company.id),
        )
        return SQL(
            "%s AND %s IN %s GROUP BY %s",
            self._get_quant_query(columns),
            column,
            tuple(ids),
            column,
        )

    @api.model
    def _get_quant_query(self, columns, products=None):
        """Return the query over the quants that count in the company's books."""
        return SQL(
            """SELECT %(columns)s
                 FROM stock_quant quant
                 JOIN stock_lot lot ON lot.id = quant.lot_id
                 JOIN stock_location place ON place.id = quant.location_id
                WHERE %(valued)s
                  AND (quant.owner_id IS NULL OR quant.owner_id = %(partner)s)
                  AND %(products)s""",
            columns=columns,
            valued=self._get_place_condition("place"),
            partner=self.env.company.partner_id.id,
            products=SQL("quant.product_id IN %s", tuple(products)) if products else SQL("TRUE"),
        )

    @api.model
    def _get_receipt_query(self, products):
        """Return the query of the pieces on hand grouped by their last receipt."""
        return SQL(
            """
            SELECT last.move_id, ARRAY_AGG(last.lot_id ORDER BY last.lot_id)
              FROM (SELECT DISTINCT ON (line.lot_id) line.lot_id, line.move_id
                      FROM stock_move_line line
                      JOIN stock_move move ON move.id = line.move_id AND move.is_in
                     WHERE line.state = 'done'
                       AND line.product_id IN %(products)s
                       AND line.company_id = %(company)s
                     ORDER BY line.lot_id, line.date DESC, line.id DESC) last
             WHERE EXISTS (%(on_hand)s AND quant.lot_id = last.lot_id AND quant.quantity > 0)
             GROUP BY last.move_id
            """,
            products=tuple(products.ids),
            company=self.env.company.id,
            on_hand=self._get_quant_query(SQL("1"), products=products.ids),
        )

    @api.model
    def _get_place_condition(self, alias):
        """Return the condition that makes place `alias` count, inside the context's warehouse."""
        place = SQL.identifier(alias)
        condition = SQL(
            """COALESCE(%(place)s.company_id, 0) = %(company)s
               AND %(place)s.usage IN ('internal', 'transit')""",
            place=place,
            company=self.env.company.id,
        )
        if warehouse := self.env.context.get("warehouse_id"):
            ids = warehouse if isinstance(warehouse, list | tuple) else [warehouse]
            condition = SQL(
                "%s AND COALESCE(%s.warehouse_id, 0) IN %s", condition, place, tuple(ids)
            )
        return condition

    @api.model
    def _get_dated_query(self, key, ids, at_date):
        """Value at a date: per piece, the sum of its signed values, if it was here then."""
        company = self.env.company
        return SQL(
            """
            SELECT %(key)s, SUM(CASE WHEN presence > 0 THEN value ELSE 0 END), SUM(presence)
              FROM (SELECT lot_id, product_id, SUM(value) AS value, SUM(presence) AS presence
                      FROM (SELECT line.lot_id, line.product_id, line.company_id, line.date,
                                   COALESCE(line.piece_value, 0) AS value,
                                   line.quantity_product_uom * CASE WHEN %(owned)s
                                   THEN (%(dest)s)::int - (%(source)s)::int ELSE 0 END AS presence
                              FROM stock_move_line line
                              JOIN stock_location source ON source.id = line.location_id
                              JOIN stock_location dest ON dest.id = line.location_dest_id
                             WHERE line.state = 'done'
                            UNION ALL
                            SELECT change.lot_id, lot.product_id, change.company_id, change.date,
                                   COALESCE(change.delta, 0), 0
                              FROM product_value change
                              JOIN stock_lot lot ON lot.id = change.lot_id) entry
                     WHERE company_id = %(company)s AND date <= %(at_date)s AND %(key)s IN %(ids)s
                     GROUP BY lot_id, product_id) piece
             GROUP BY %(key)s
            """,
            key=SQL.identifier(key),
            ids=tuple(ids),
            owned=SQL("(line.owner_id IS NULL OR line.owner_id = %s)", company.partner_id.id),
            dest=self._get_place_condition("dest"),
            source=self._get_place_condition("source"),
            company=company.id,
            at_date=at_date,
        )
