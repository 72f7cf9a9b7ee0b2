from odoo import api, fields, models
from odoo.tools import SQL

from ..const import COST_GROUPS, TRANSFORMATION_KINDS
from .product_value import VALUE_REASONS

# A customer brings a piece back at what it cost before: that is no change.
UNCHANGED_FROM = "customer"


class JewelryPieceCost(models.Model):
    """Whatever has changed what a piece costs: its receipt, what was set, unset or made of it, and
    each revaluation. Read from the moves and from `product.value`; nothing is kept here.
    """

    _name = "jewelry.piece.cost"
    _description = "Cost History of a Piece"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "what"
    _depends = {
        "product.value": [
            "lot_id",
            "company_id",
            "date",
            "reason",
            "description",
            "value",
            "previous_value",
            "delta",
            "user_id",
        ],
        "stock.move": ["transformation_line_id", "jewelry_import_id"],
        "stock.move.line": [
            "lot_id",
            "move_id",
            "picking_id",
            "company_id",
            "date",
            "state",
            "location_id",
            "piece_value",
        ],
        "stock.location": ["usage"],
        "jewelry.transformation": ["kind"],
        "jewelry.transformation.line": ["transformation_id"],
        "jewelry.transformation.cost": ["transformation_id", "name"],
    }

    lot_id = fields.Many2one(comodel_name="stock.lot", string="Piece", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Datetime(readonly=True)
    what = fields.Selection(
        selection=[("receipt", "Receipt"), *VALUE_REASONS, *TRANSFORMATION_KINDS], readonly=True
    )
    note = fields.Char(readonly=True)
    amount = fields.Monetary(
        readonly=True, groups=COST_GROUPS, help="By how much the cost rose (+) or fell (-)."
    )
    cost_after = fields.Monetary(
        readonly=True,
        groups=COST_GROUPS,
        help="What the piece cost from then on; 0 when it became part of another piece.",
    )
    user_id = fields.Many2one(comodel_name="res.users", readonly=True)
    transformation_id = fields.Many2one(comodel_name="jewelry.transformation", readonly=True)
    picking_id = fields.Many2one(comodel_name="stock.picking", readonly=True)
    import_id = fields.Many2one(comodel_name="jewelry.import", readonly=True)
    document = fields.Char(compute="_compute_document")

    # === COMPUTE METHODS === #

    @api.depends("transformation_id", "picking_id", "import_id")
    def _compute_document(self):
        for change in self:
            # In sudo: whoever sees the cost may know the name of what it comes from.
            change.document = change._get_document().sudo().display_name

    # === ACTION METHODS === #

    def action_open_document(self):
        """Open the transformation, the receipt or the import that the change comes from."""
        self.ensure_one()
        return self._get_document().get_formview_action()

    # === QUERIES === #

    def _get_document(self):
        return self.transformation_id or self.picking_id or self.import_id

    @property
    def _table_query(self):
        return SQL(
            "%s UNION ALL %s UNION ALL %s",
            self._get_value_query(),
            self._get_receipt_query(),
            self._get_transformation_query(),
        )

    @api.model
    def _get_value_query(self):
        """Return the revaluations, late bills and landed costs of pieces."""
        return SQL(
            """
            SELECT 3 * value.id AS id, value.lot_id, value.company_id, value.date,
                   value.reason AS what, value.description AS note,
                   CASE value.reason WHEN 'opening' THEN value.delta
                        ELSE value.value - value.previous_value END AS amount,
                   value.value AS cost_after, value.user_id,
                   NULL::int AS transformation_id, NULL::int AS picking_id, NULL::int AS import_id
              FROM product_value value
             WHERE value.lot_id IS NOT NULL
            """
        )

    @api.model
    def _get_receipt_query(self):
        """Return what pieces cost when they came."""
        return SQL(
            """
            SELECT 3 * line.id + 1, line.lot_id, line.company_id, line.date,
                   'receipt', NULL, line.piece_value,
                   line.piece_value, line.create_uid,
                   NULL::int, line.picking_id, move.jewelry_import_id
              FROM stock_move_line line
              JOIN stock_move move ON move.id = line.move_id
              JOIN stock_location source ON source.id = line.location_id
             WHERE line.state = 'done' AND line.lot_id IS NOT NULL AND line.piece_value > 0
               AND move.transformation_line_id IS NULL AND source.usage != %s
            """,
            UNCHANGED_FROM,
        )

    @api.model
    def _get_transformation_query(self):
        """Return what each transformation added to a piece: what came out of it as this piece less
        what went in, and what the work was.
        """
        return SQL(
            """
            SELECT 3 * MIN(line.id) + 2, line.lot_id, line.company_id, MAX(line.date),
                   work.kind, (SELECT STRING_AGG(cost.name, ', ' ORDER BY cost.id)
                                 FROM jewelry_transformation_cost cost
                                WHERE cost.transformation_id = work.id),
                   SUM(line.piece_value),
                   GREATEST(MAX(line.piece_value), 0), MIN(line.create_uid),
                   work.id, NULL::int, NULL::int
              FROM stock_move_line line
              JOIN stock_move move ON move.id = line.move_id
              JOIN jewelry_transformation_line part ON part.id = move.transformation_line_id
              JOIN jewelry_transformation work ON work.id = part.transformation_id
             WHERE line.state = 'done' AND line.lot_id IS NOT NULL
             GROUP BY line.lot_id, line.company_id, work.id
            """
        )
