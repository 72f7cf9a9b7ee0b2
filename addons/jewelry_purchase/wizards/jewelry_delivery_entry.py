import base64
from decimal import Decimal

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.jewelry_inventory.const import COST_GROUPS
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
    "count": "count",
    "origin": "origin",
    "variety": "variety_id",
    "color": "color_grade_id",
    "clarity": "clarity_grade_id",
    "cut": "cut_grade_id",
    "alloy": "alloy_id",
    "metal_weight": "metal_weight",
    "hallmark": "hallmark",
    "inscription": "inscription",
    "laboratory": "laboratory_id",
    "report": "report",
    "style": "style",
}
KINDS = ("piece", "stone", "parcel")
MAX_BYTES = 1024 * 1024


class JewelryDeliveryEntry(models.TransientModel):
    """The pieces of a vendor's delivery, entered as a table: number, stones, metals, reports,
    weight and cost.
    """

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
        "Number, Vendor number, Style, Cost, Price, Gross, Alloy, Stone, Shape, Carat, Origin, "
        "Colour, Clarity, Laboratory, Report. A further line with the same number adds a stone or "
        "a metal to that piece.",
    )
    file = fields.Binary(attachment=False, help="The list as CSV or XLSX.")
    filename = fields.Char()
    line_ids = fields.One2many(
        comodel_name="jewelry.delivery.entry.line", inverse_name="entry_id", string="Pieces"
    )
    part_ids = fields.One2many(
        comodel_name="jewelry.delivery.entry.part",
        inverse_name="entry_id",
        string="Further Stones and Metals",
    )
    expected_cost = fields.Monetary(
        compute="_compute_costs", groups=COST_GROUPS, help="What was ordered, untaxed."
    )
    entered_cost = fields.Monetary(compute="_compute_costs", groups=COST_GROUPS)
    difference = fields.Monetary(compute="_compute_costs", groups=COST_GROUPS)

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
                Command.create(self._prepare_proposal(move))
                for move in moves
                for _piece in range(round(move.product_uom_qty))
            ]
        return vals

    # === ACTION METHODS === #

    def action_read_list(self):
        """Fill the table from the pasted list or the file.

        :return: window action of this same table
        :raises UserError: naming line and cell that cannot be used
        """
        self.ensure_one()
        self.part_ids.unlink()
        free, numbers = self.line_ids, set()
        for number, values in self._read_list():
            name = values.get("name")
            if name and name in numbers:
                self._add_part(values)
            else:
                free -= self._fill_line(free, number, values)
                numbers.add(name)
        return self.picking_id.action_enter_pieces() | {"res_id": self.id}

    def action_apply(self):
        """Create the pieces with their stones, metals and reports, and put them on the delivery.

        :raises UserError: when the delivery is done or entered, no piece is entered, or a further
            stone is of none
        """
        self.ensure_one()
        # Of two people who enter a delivery at once, the second finds the pieces of the first.
        self.picking_id.lock_for_update(allow_referencing=True)
        if self.picking_id.state in ("done", "cancel") or not self.line_ids:
            raise UserError(
                self.env._("There is nothing to enter: the delivery is done or has no pieces.")
            )
        if self.line_ids.move_id - self._get_piece_moves():
            raise UserError(
                self.env._(
                    "A piece of the table is for another delivery. Close the "
                    "table, and open it from the delivery of these pieces."
                )
            )
        self.picking_id._check_not_entered()
        lots = self._create_lots()
        self._create_content(lots)
        # All values first: what is deleted takes with it what is known of the table.
        moves = {
            move: [Command.create(line._prepare_move_line_vals(lots[line])) for line in lines]
            for move, lines in self.line_ids.grouped("move_id").items()
        }
        for move, commands in moves.items():
            move.move_line_ids.unlink()
            move.write({"move_line_ids": commands, "picked": True})

    # === BUSINESS METHODS === #

    @api.model
    def _prepare_proposal(self, move):
        """Return the values of a line for a piece of `move`, at the cost of the order; without
        it for those who may not see costs.
        """
        vals = {"move_id": move.id}
        if self._has_field_access(self._fields["expected_cost"], "read"):
            vals["cost_unit"] = move._get_ordered_unit_cost()
        return vals

    def _fill_line(self, free, number, values):
        """Write what line `number` of a list says on the first free line that it may be for.

        :raises UserError: when no such piece is expected
        """
        line = free._get_line_for(values.pop("style", None))
        if not line:
            raise UserError(
                self.env._(
                    "Line %(line)s of the list is for no piece that is expected. Correct the "
                    "list, or the order.",
                    line=number,
                )
            )
        line.write(values)
        return line

    def _add_part(self, values):
        """Add a further stone or metal to the piece that an earlier line names."""
        known = self.env["jewelry.delivery.entry.part"]._fields
        vals = {name: value for name, value in values.items() if name in known}
        self.part_ids = [Command.create(vals)]

    def _create_lots(self):
        """Create the pieces and return {line: piece}."""
        lots = self.env["stock.lot"].create([line._prepare_lot_vals() for line in self.line_ids])
        return dict(zip(self.line_ids, lots, strict=True))

    def _create_content(self, lots):
        """Create the stones, metals and reports of the pieces.

        :param dict lots: {line: piece}
        """
        rows = [*lots.items(), *self._get_part_rows(lots)]
        stones = self._create_stones([row for row in rows if row[0]._has_stone()])
        metals = [material._prepare_metal_vals(lot) for material, lot in rows]
        self.env["jewelry.piece.metal"].create(list(filter(None, metals)))
        reports = [
            material._prepare_report_vals(lot, stones.get(material)) for material, lot in rows
        ]
        self.env["jewelry.grading.report"].create(list(filter(None, reports)))

    def _create_stones(self, rows):
        """Create the stones of (material, piece) rows and return {material: stone}."""
        stones = self.env["jewelry.stone"].create(
            [material._prepare_stone_vals(lot) for material, lot in rows]
        )
        return {material: stone for (material, _lot), stone in zip(rows, stones, strict=True)}

    def _get_part_rows(self, lots):
        """Return (part, piece) of the further stones and metals.

        :raises UserError: when the table has no piece of that number
        """
        by_number = {line.name: lot for line, lot in lots.items() if line.name}
        for part in self.part_ids:
            if part.name not in by_number:
                raise UserError(
                    self.env._(
                        "A further stone or metal is of piece %(number)s, which is not in the "
                        "table. Correct its number.",
                        number=part.name,
                    )
                )
        return [(part, by_number[part.name]) for part in self.part_ids]

    def _read_list(self):
        """Return (line number, values of a line of the table) for each row of the list.

        :raises UserError: naming line and cell that cannot be used
        """
        texts = self.env["jewelry.import"]
        try:
            header, *rows = read_rows(*self._get_list(), MAX_BYTES)
        except TableError as error:
            raise UserError(texts._get_message(error.code, error.values)) from error
        columns = self._get_columns(header)
        vocabulary = texts._get_vocabulary()
        return [
            (number, self._read_line(number, cells, columns, vocabulary))
            for number, cells in enumerate(rows, 2)
            if any(cells)
        ]

    def _get_list(self):
        """Return (content, file name) of the file, else of what was pasted."""
        if self.file:
            return base64.b64decode(self.file), self.filename or ""
        return (self.pasted or "").encode(), ""

    def _get_columns(self, header):
        """Return (place, target, factor) of each column whose header says what it is."""
        targets = [
            next(filter(None, (intake.guess_target(name, kind) for kind in KINDS)), None)
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
