from decimal import Decimal

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.jewelry_inventory.tools import intake
from odoo.addons.jewelry_inventory.tools.table import TableError, read_rows

# Columns of a vendor's list that the table has, and what they are called here.
FIELD_BY_TARGET = {
    "name": "name",
    "vendor_ref": "vendor_ref",
    "cost": "cost_unit",
    "list_price": "list_price",
    "gross_weight": "gross_weight",
    "species": "species_id",
    "shape": "shape_id",
    "carat": "carat",
    "origin": "origin",
    "style": "style",
}
MAX_BYTES = 1024 * 1024


class JewelryDeliveryEntry(models.TransientModel):
    """The pieces of a vendor's delivery, entered as a table: number, stone, weight and cost."""

    _name = "jewelry.delivery.entry"
    _description = "Pieces of a Delivery"

    picking_id = fields.Many2one(comodel_name="stock.picking", required=True, readonly=True)
    company_id = fields.Many2one(related="picking_id.company_id")
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        compute="_compute_currency_id",
        help="What the vendor's costs are in: the currency of the order.",
    )
    pasted = fields.Text(
        string="Vendor's List",
        help="Copied from a spreadsheet or a CSV file, with a first line of headers such as "
        "Number, Vendor number, Style, Cost, Price, Gross, Stone, Shape, Carat, Origin.",
    )
    line_ids = fields.One2many(
        comodel_name="jewelry.delivery.entry.line", inverse_name="entry_id", string="Pieces"
    )
    expected_cost = fields.Monetary(compute="_compute_costs", help="What was ordered, untaxed.")
    entered_cost = fields.Monetary(compute="_compute_costs")
    difference = fields.Monetary(compute="_compute_costs")

    # === COMPUTE METHODS === #

    @api.depends("picking_id")
    def _compute_currency_id(self):
        for entry in self:
            order = entry.picking_id.purchase_id
            entry.currency_id = order.currency_id or entry.company_currency_id

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

    def action_read_list(self):
        """Fill the table from the pasted list.

        :return: window action of this same table
        :raises UserError: naming line and cell that cannot be used
        """
        self.ensure_one()
        free = self.line_ids
        for number, values in self._read_list():
            line = free._get_line_for(values.pop("style", None))
            if not line:
                raise UserError(
                    self.env._(
                        "Line %(line)s of the list is for no piece that is expected.", line=number
                    )
                )
            line.write(values)
            free -= line
        return self._get_records_action(target="new")

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

    def _read_list(self):
        """Return (line number, values of a line of the table) for each row of the list.

        :raises UserError: naming line and cell that cannot be used
        """
        texts = self.env["jewelry.import"]
        try:
            header, *rows = read_rows((self.pasted or "").encode(), "", MAX_BYTES)
        except TableError as error:
            raise UserError(texts._get_message(error.code, error.values)) from error
        columns = self._get_columns(header)
        vocabulary = texts._get_vocabulary()
        return [
            (number, self._read_line(number, cells, columns, vocabulary))
            for number, cells in enumerate(rows, 2)
            if any(cells)
        ]

    def _get_columns(self, header):
        """Return (place, target, factor) of each column whose header says what it is."""
        targets = [
            intake.guess_target(name, "piece") or intake.guess_target(name, "stone")
            for name in header
        ]
        columns = [
            (place, target, 1) for place, target in enumerate(targets) if target in FIELD_BY_TARGET
        ]
        if not columns:
            raise UserError(
                self.env._("The first line must name the columns, such as Number, Cost, Gross.")
            )
        return columns

    def _read_line(self, number, cells, columns, vocabulary):
        filled = [column for column in columns if column[0] < len(cells) and cells[column[0]]]
        row = intake.read_row(cells, filled, vocabulary)
        for _target, code, values in row.errors:
            message = self.env["jewelry.import"]._get_message(code, values)
            raise UserError(self.env._("Line %(line)s: %(message)s", line=number, message=message))
        return {
            FIELD_BY_TARGET[target]: float(value) if isinstance(value, Decimal) else value
            for target, value in row.values.items()
        }

    def _get_piece_moves(self):
        """Return the open moves of the delivery that bring pieces."""
        return self.picking_id.move_ids.filtered(
            lambda move: move.state not in ("done", "cancel") and move._is_specific()
        )
