from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class JewelryDeliveryEntry(models.TransientModel):
    """The pieces of a vendor's delivery, entered as a table: number, stone, weight and cost."""

    _name = "jewelry.delivery.entry"
    _description = "Pieces of a Delivery"

    picking_id = fields.Many2one(comodel_name="stock.picking", required=True, readonly=True)
    company_id = fields.Many2one(related="picking_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    line_ids = fields.One2many(
        comodel_name="jewelry.delivery.entry.line", inverse_name="entry_id", string="Pieces"
    )
    expected_cost = fields.Monetary(compute="_compute_costs", help="What was ordered, untaxed.")
    entered_cost = fields.Monetary(compute="_compute_costs")
    difference = fields.Monetary(compute="_compute_costs")

    # === COMPUTE METHODS === #

    @api.depends("line_ids.cost_unit", "picking_id")
    def _compute_costs(self):
        for entry in self:
            moves = entry._get_piece_moves()
            entry.expected_cost = sum(move._get_ordered_cost() for move in moves)
            entry.entered_cost = sum(entry.line_ids.mapped("cost_unit"))
            entry.difference = entry.entered_cost - entry.expected_cost

    # === CRUD METHODS === #

    @api.model
    def default_get(self, fields):
        """Override to propose a line for each piece that is expected."""
        vals = super().default_get(fields)
        picking = self.env["stock.picking"].browse(vals.get("picking_id"))
        if "line_ids" in fields and picking:
            moves = self.new({"picking_id": picking.id})._get_piece_moves()
            vals["line_ids"] = [
                Command.create({"move_id": move.id, "cost_unit": move._get_ordered_unit_cost()})
                for move in moves
                for _piece in range(round(move.product_uom_qty))
            ]
        return vals

    # === ACTION METHODS === #

    def action_apply(self):
        """Create the pieces with their stones and put them on the delivery.

        :raises UserError: when the delivery is done, or no piece is entered
        """
        self.ensure_one()
        if self.picking_id.state in ("done", "cancel") or not self.line_ids:
            raise UserError(
                self.env._("There is nothing to enter: the delivery is done or has no pieces.")
            )
        for move, lines in self.line_ids.grouped("move_id").items():
            lots = self.env["stock.lot"].create([line._prepare_lot_vals() for line in lines])
            lines._create_stones(lots)
            move.move_line_ids.unlink()
            move.move_line_ids = [
                Command.create(line._prepare_move_line_vals(lot))
                for line, lot in zip(lines, lots, strict=True)
            ]
            move.picked = True

    # === BUSINESS METHODS === #

    def _get_piece_moves(self):
        """Return the open moves of the delivery that bring pieces."""
        return self.picking_id.move_ids.filtered(
            lambda move: move.state not in ("done", "cancel") and move._is_specific()
        )
