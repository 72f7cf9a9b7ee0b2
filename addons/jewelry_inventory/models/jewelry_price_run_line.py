from odoo import fields, models
from odoo.tools import SQL

from ..const import COST_GROUPS
from ..tools.bulk import to_array

PRICE_STATES = [
    ("up", "Up"),
    ("down", "Down"),
    ("same", "Unchanged"),
    ("locked", "Locked"),
    ("left", "Left out"),
    ("no_policy", "No policy"),
    ("no_rate", "No metal rate"),
    ("empty", "Nothing to price"),
]


class JewelryPriceRunLine(models.Model):
    """What a repricing does to one piece, and what it takes to undo it.

    Rows are written in SQL only, and cleared some days after the repricing.
    """

    _name = "jewelry.price.run.line"
    _description = "Repriced Piece"
    _log_access = False
    _order = "run_id desc, id"
    _rec_name = "piece_id"

    run_id = fields.Many2one(
        comodel_name="jewelry.price.run", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="run_id.currency_id")
    piece_id = fields.Many2one(
        comodel_name="stock.lot", required=True, readonly=True, index=True, ondelete="cascade"
    )
    categ_id = fields.Many2one(
        comodel_name="product.category", string="Category", readonly=True, ondelete="set null"
    )
    state = fields.Selection(
        selection=PRICE_STATES,
        string="Result",
        readonly=True,
        help="Left out: sold, locked or promised between preview and repricing.",
    )
    is_lifted = fields.Boolean(
        string="Held by Floor", readonly=True, help="Only the lowest price keeps it up."
    )
    old_price = fields.Monetary(string="Before", readonly=True)
    new_price = fields.Monetary(
        string="After", readonly=True, help="For a locked price: what the policy would ask."
    )
    difference = fields.Monetary(readonly=True)
    percent = fields.Float(
        string="Change (%)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="0 for a new price.",
    )

    # For undoing
    old_floor = fields.Monetary(readonly=True, groups=COST_GROUPS)
    old_stones = fields.Monetary(readonly=True, groups=COST_GROUPS)
    old_breakdown = fields.Json(readonly=True, groups=COST_GROUPS)
    old_date = fields.Datetime(readonly=True)

    _mover_index = models.Index("(run_id, state, difference)")

    # === BUSINESS METHODS === #

    def _insert(self, run, quotes):
        """Keep quotes as the lines of a run, with what their pieces have now, in one statement.

        :param list quotes: of `tools.reprice.PriceQuote`
        """
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO jewelry_price_run_line
                       (run_id, piece_id, categ_id, state, is_lifted, old_price, new_price,
                        difference, percent, old_floor, old_stones, old_breakdown, old_date)
                SELECT %s, lot.id, template.categ_id, new.state, new.lifted, new.old, new.price,
                       new.price - new.old,
                       COALESCE(ROUND(100 * (new.price - new.old) / NULLIF(new.old, 0), 2), 0),
                       lot.price_floor, lot.stone_price, lot.price_breakdown, lot.price_date
                  FROM unnest(%s::int[], %s::varchar[], %s::bool[], %s::numeric[], %s::numeric[])
                       AS new(id, state, lifted, old, price)
                  JOIN stock_lot lot ON lot.id = new.id
                  JOIN product_product product ON product.id = lot.product_id
                  JOIN product_template template ON template.id = product.product_tmpl_id
                """,
                run.id,
                to_array(quote.piece_id for quote in quotes),
                to_array(quote.state for quote in quotes),
                to_array(quote.lifted for quote in quotes),
                to_array(quote.old for quote in quotes),
                to_array(quote.new for quote in quotes),
            )
        )
        self.invalidate_model()

    def _delete(self, runs):
        """Delete the lines of runs in one statement."""
        self.flush_model()
        self.env.cr.execute(
            SQL("DELETE FROM jewelry_price_run_line WHERE run_id = ANY(%s)", list(runs.ids))
        )
        self.invalidate_model()

    def _get_prices(self, run):
        """Return {piece id: (old price, new price)} of the lines that a run will store, as text."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT piece_id, old_price::text, new_price::text
                  FROM jewelry_price_run_line
                 WHERE run_id = %s AND state IN ('up', 'down', 'same')
                """,
                run.id,
            )
        )
        return {piece_id: prices for piece_id, *prices in rows}

    def _leave_out(self, run, piece_ids):
        """Mark those lines of a run that are not stored after all."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE jewelry_price_run_line SET state = 'left'
                 WHERE run_id = %s AND piece_id = ANY(%s::int[])
                """,
                run.id,
                to_array(piece_ids),
            )
        )
        self.invalidate_model()

    def _restore(self, run):
        """Give pieces the price back that they had before a run, where it is still the run's.

        :return: {piece id: (price after the run, price before it)} of those restored, as text
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                WITH locked AS (
                    SELECT lot.id
                      FROM jewelry_price_run_line line
                      JOIN stock_lot lot ON lot.id = line.piece_id
                     WHERE line.run_id = %(run)s
                       AND line.state IN ('up', 'down')
                       AND lot.list_price = line.new_price
                       AND lot.price_locked IS NOT TRUE
                     ORDER BY lot.id
                       FOR NO KEY UPDATE OF lot
                )
                UPDATE stock_lot lot
                   SET list_price = line.old_price, price_floor = line.old_floor,
                       stone_price = line.old_stones, price_breakdown = line.old_breakdown,
                       price_date = line.old_date, write_date = %(now)s, write_uid = %(user)s
                  FROM locked, jewelry_price_run_line line
                 WHERE lot.id = locked.id AND line.run_id = %(run)s AND line.piece_id = lot.id
             RETURNING lot.id, line.new_price::text, line.old_price::text
                """,
                run=run.id,
                now=fields.Datetime.now(),
                user=self.env.uid,
            )
        )
        return {piece_id: prices for piece_id, *prices in rows}
