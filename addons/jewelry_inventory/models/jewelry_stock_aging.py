from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..const import COST_GROUPS
from .jewelry_piece_status import PIECE_STATUSES

# Days that turnover and return look back on.
YEAR = 365
# What counts as stock: of our own, received, and not yet out of the house for good.
OUT_STATUSES = ("expected", "sold", "returned", "used", "lost", "gone", "void")
FOREIGN_TYPES = ("memo", "consignment", "customer")
# Bands: where the next one begins, and the label.
AGE_BANDS = [(91, "0 to 90 days"), (181, "91 to 180 days"), (366, "181 to 365 days")]
AGE_BANDS += [(731, "1 to 2 years"), (None, "More than 2 years")]
PRICE_BANDS = [(500, "Below 500"), (1_000, "500 to 1,000"), (2_500, "1,000 to 2,500")]
PRICE_BANDS += [(5_000, "2,500 to 5,000"), (10_000, "5,000 to 10,000"), (None, "From 10,000")]
# Measures that are no sum: which two sums they are the ratio of.
RATIOS = {"turn:avg": ("sold_cost", "average_cost"), "gmroi:avg": ("margin", "average_cost")}


def to_selection(bands):
    """Return bands as the values of a selection: the number of each, in their order."""
    return [(str(number), label) for number, (_limit, label) in enumerate(bands)]


class JewelryStockAging(models.Model):
    """How long each piece has been in stock, and what selling it brought: the age counts from the
    first receipt, turnover and return from what was sold and what lay there in the last year.

    Turn = cost of what was sold / average stock at cost. GMROI = gross margin of what was sold /
    average stock at cost. The average stock of a group is the sum over its pieces of their cost by
    the share of the year that they were in stock. A read-only query; nothing is kept here.
    """

    _name = "jewelry.stock.aging"
    _description = "Aging of the Stock"
    _auto = False
    _order = "age_days desc, id"
    _rec_name = "lot_id"
    _depends = {
        "stock.lot": [
            "company_id",
            "is_piece",
            "list_price",
            "piece_status",
            "product_id",
            "received_date",
            "standard_price",
            "stock_type",
            "vendor_id",
        ],
        "stock.move.line": [
            "date",
            "location_dest_id",
            "location_id",
            "lot_id",
            "piece_value",
            "state",
        ],
        "stock.location": ["usage"],
        "account.move.line": ["balance", "date", "display_type", "parent_state", "piece_ids"],
    }

    lot_id = fields.Many2one(comodel_name="stock.lot", string="Piece", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one(comodel_name="product.product", string="Style", readonly=True)
    categ_id = fields.Many2one(
        comodel_name="product.category", string="Product Category", readonly=True
    )
    vendor_id = fields.Many2one(comodel_name="res.partner", readonly=True)
    piece_status = fields.Selection(selection=PIECE_STATUSES, string="Status", readonly=True)
    in_stock = fields.Boolean(readonly=True)
    received_date = fields.Date(string="First Received", readonly=True)
    left_date = fields.Date(string="Left On", readonly=True)
    age_days = fields.Integer(
        string="Age (days)", readonly=True, aggregator="avg", help="Until today, or until sold."
    )
    age_band = fields.Selection(selection=to_selection(AGE_BANDS), string="Age", readonly=True)
    price_band = fields.Selection(
        selection=to_selection(PRICE_BANDS),
        readonly=True,
        help="By the price on the label, in the company's currency.",
    )
    stock_price = fields.Monetary(
        string="In Stock at Retail", readonly=True, help="The price of the piece while it is here."
    )
    stock_cost = fields.Monetary(
        string="In Stock at Cost", readonly=True, groups=COST_GROUPS, help="0 once it is sold."
    )
    average_cost = fields.Monetary(
        string="Average Stock at Cost",
        readonly=True,
        groups=COST_GROUPS,
        help="The cost, by the share of the last 365 days in which the piece was in stock.",
    )
    sold_cost = fields.Monetary(
        string="Sold at Cost",
        readonly=True,
        groups=COST_GROUPS,
        help="Cost of what was delivered in the last 365 days, less what came back.",
    )
    sold_amount = fields.Monetary(
        string="Sold",
        readonly=True,
        help="Invoiced for the piece in the last 365 days without tax, less what was credited.",
    )
    margin = fields.Monetary(
        string="Gross Margin",
        readonly=True,
        groups=COST_GROUPS,
        help="Of what is delivered and invoiced.",
    )
    turn = fields.Float(
        readonly=True,
        aggregator="avg",
        groups=COST_GROUPS,
        help="How often the average stock was sold in the last 365 days, at cost.",
    )
    gmroi = fields.Float(
        string="GMROI",
        readonly=True,
        aggregator="avg",
        groups=COST_GROUPS,
        help="Gross margin return on inventory investment: the margin of the last 365 days for "
        "each unit of the average stock at cost.",
    )

    # === ACTION METHODS === #

    def action_open_piece(self):
        """Open the piece."""
        return self.lot_id.get_formview_action()

    # === QUERIES === #

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Override of `base`: the turnover of a group is no average of those in it."""
        if aggregate_spec not in RATIOS:
            return super()._read_group_select(aggregate_spec, query)
        above, below = (
            self._field_to_sql(self._table, name, query) for name in RATIOS[aggregate_spec]
        )
        return SQL("SUM(%s) / NULLIF(SUM(%s), 0)", above, below)

    @property
    def _table_query(self):
        today = fields.Date.context_today(self)
        return SQL(
            """
            WITH traded AS (%(traded)s), billed AS (%(billed)s), piece AS (%(pieces)s)
            SELECT piece.*,
                   %(age_band)s AS age_band,
                   %(price_band)s AS price_band,
                   CASE WHEN in_stock THEN list_price ELSE 0 END AS stock_price,
                   CASE WHEN in_stock THEN cost ELSE 0 END AS stock_cost,
                   CASE WHEN sold_amount <> 0 THEN sold_amount - sold_cost ELSE 0 END AS margin,
                   sold_cost / NULLIF(average_cost, 0) AS turn,
                   CASE WHEN sold_amount <> 0 THEN (sold_amount - sold_cost)
                        / NULLIF(average_cost, 0) END AS gmroi
              FROM (SELECT piece.*,
                           cost * GREATEST(
                               COALESCE(left_date, %(today)s)
                               - GREATEST(received_date, %(start)s), 0
                           ) / %(year)s AS average_cost
                      FROM piece) piece
            """,
            traded=self._get_traded_query(today - timedelta(days=YEAR)),
            billed=self._get_billed_query(today - timedelta(days=YEAR)),
            pieces=self._get_piece_query(today),
            age_band=self._get_band(SQL("age_days"), AGE_BANDS),
            price_band=self._get_band(SQL("list_price"), PRICE_BANDS),
            today=today,
            start=today - timedelta(days=YEAR),
            year=float(YEAR),
        )

    @api.model
    def _get_piece_query(self, today):
        """Return the query of our own pieces that have been received."""
        return SQL(
            """
            SELECT lot.id, lot.id AS lot_id, lot.company_id, lot.product_id, template.categ_id,
                   lot.vendor_id, lot.piece_status, lot.received_date,
                   COALESCE(lot.list_price, 0) AS list_price,
                   lot.piece_status NOT IN %(out)s AS in_stock,
                   CASE WHEN lot.piece_status IN %(out)s THEN traded.left_date END AS left_date,
                   CASE WHEN lot.piece_status IN %(out)s
                        THEN COALESCE(traded.left_date, %(today)s) ELSE %(today)s END
                   - lot.received_date AS age_days,
                   COALESCE((lot.standard_price->>lot.company_id::text)::numeric, 0) AS cost,
                   COALESCE(traded.sold_cost, 0) AS sold_cost,
                   COALESCE(billed.sold_amount, 0) AS sold_amount
              FROM stock_lot lot
              JOIN product_product product ON product.id = lot.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              LEFT JOIN traded ON traded.lot_id = lot.id
              LEFT JOIN billed ON billed.lot_id = lot.id
             WHERE lot.is_piece AND lot.received_date IS NOT NULL
               AND lot.stock_type NOT IN %(foreign)s AND lot.piece_status != 'void'
            """,
            out=OUT_STATUSES,
            foreign=FOREIGN_TYPES,
            today=today,
        )

    @api.model
    def _get_traded_query(self, start):
        """Return the query of what was delivered to customers since `start`, and when a piece left
        last, for whatever reason.
        """
        return SQL(
            """
            SELECT line.lot_id,
                   MAX(line.date) FILTER (WHERE place.usage != 'internal')::date AS left_date,
                   -SUM(line.piece_value) FILTER (
                       WHERE line.date >= %s AND 'customer' IN (place.usage, source.usage)
                   ) AS sold_cost
              FROM stock_move_line line
              JOIN stock_location source ON source.id = line.location_id
              JOIN stock_location place ON place.id = line.location_dest_id
             WHERE line.state = 'done' AND line.lot_id IS NOT NULL
               AND (place.usage != 'internal' OR source.usage = 'customer')
             GROUP BY line.lot_id
            """,
            start,
        )

    @api.model
    def _get_billed_query(self, start):
        """Return the query of what was invoiced for each piece since `start`, credits taken off."""
        return SQL(
            """
            SELECT named.piece_id AS lot_id,
                   -SUM(line.balance / (SELECT COUNT(*) FROM account_move_line_piece_rel alike
                                         WHERE alike.line_id = line.id)) AS sold_amount
              FROM account_move_line_piece_rel named
              JOIN account_move_line line ON line.id = named.line_id
              JOIN account_move bill ON bill.id = line.move_id
             WHERE line.parent_state = 'posted' AND line.display_type = 'product'
               AND bill.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
               AND line.date >= %s
             GROUP BY named.piece_id
            """,
            start,
        )

    @api.model
    def _get_band(self, value, bands):
        """Return the number of the band that a value is in, as text."""
        cases = [
            SQL("WHEN %s < %s THEN %s", value, limit, str(number))
            for number, (limit, _label) in enumerate(bands)
            if limit is not None
        ]
        return SQL("CASE %s ELSE %s END", SQL(" ").join(cases), str(len(bands) - 1))
