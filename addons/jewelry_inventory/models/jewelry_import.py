import base64
import itertools
from decimal import Decimal

from psycopg2 import IntegrityError

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..tools import intake
from ..tools.table import TableError, read_rows

MAX_MEGABYTES = "50"
MAX_LISTED = 1000
FIRST_DATA_LINE = 2


class JewelryImport(models.Model):
    """A file of stones or pieces on its way into stock.

    It is read, checked as a whole without writing anything, and then taken in batch by batch:
    a batch is in stock whole or not at all, and what was interrupted goes on where it stopped.
    """

    _name = "jewelry.import"
    _description = "Intake from a File"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True)
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, default=lambda self: self.env.company
    )
    state = fields.Selection(
        selection=[
            ("draft", "File"),
            ("mapped", "Columns"),
            ("checked", "Checked"),
            ("running", "Running"),
            ("failed", "Stopped"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
        copy=False,
    )

    # File and mapping
    kind = fields.Selection(
        selection=[("stone", "Loose stones"), ("piece", "Finished pieces")],
        string="Content",
        required=True,
        default="stone",
    )
    file = fields.Binary(required=True, attachment=True, copy=False)
    filename = fields.Char()
    column_ids = fields.One2many(
        comodel_name="jewelry.import.column", inverse_name="import_id", string="Columns"
    )
    batch_size = fields.Integer(default=1000, required=True)

    # What the file does not say
    place_id = fields.Many2one(
        comodel_name="stock.location",
        required=True,
        check_company=True,
        domain=[("usage", "=", "internal")],
        default=lambda self: self._default_place_id(),
    )
    category_id = fields.Many2one(comodel_name="product.category", string="Category of New Styles")
    species_id = fields.Many2one(
        comodel_name="jewelry.gem.species", default=lambda self: self._default_word("species")
    )
    origin = fields.Selection(
        selection=lambda self: self.env["jewelry.stone"]._fields["origin"].selection,
        default="unknown",
        help="Used where the file has no such column. Unknown is an honest answer.",
    )
    shape_id = fields.Many2one(
        comodel_name="jewelry.shape", default=lambda self: self._default_word("shape")
    )
    cut_scheme = fields.Selection(
        selection=[("gia", "GIA"), ("trade", "Trade")],
        required=True,
        default="gia",
        help="Whose words the cut column uses: Ideal and Premium are the trade's, not GIA's.",
    )

    # Result
    row_count = fields.Integer(string="Rows", readonly=True, copy=False)
    row_done = fields.Integer(string="Rows in Stock", readonly=True, copy=False)
    progress = fields.Float(compute="_compute_progress")
    error_ids = fields.One2many(
        comodel_name="jewelry.import.error", inverse_name="import_id", string="To Look At"
    )
    error_count = fields.Integer(string="Errors", readonly=True, copy=False)
    warning_count = fields.Integer(string="Notes", readonly=True, copy=False)
    currency_id = fields.Many2one(related="company_id.currency_id")
    cost_total = fields.Monetary(string="Cost in File", readonly=True, copy=False)
    cost_done = fields.Monetary(string="Cost in Stock", readonly=True, copy=False)

    _batch_size_sane = models.Constraint(
        "CHECK (batch_size BETWEEN 1 AND 10000)", "A batch has between 1 and 10,000 rows."
    )

    # === DEFAULTS === #

    @api.model
    def _default_place_id(self):
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.env.company.id)], limit=1
        )
        return warehouse.lot_stock_id

    @api.model
    def _default_word(self, name):
        code = {"species": "diamond", "shape": "round"}[name]
        model = {"species": "jewelry.gem.species", "shape": "jewelry.shape"}[name]
        return self.env[model].search([("code", "=ilike", code)], limit=1)

    # === COMPUTE METHODS === #

    @api.depends("filename", "kind")
    def _compute_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for job in self:
            job.name = job.filename or kinds.get(job.kind)

    @api.depends("row_count", "row_done")
    def _compute_progress(self):
        for job in self:
            job.progress = 100 * job.row_done / job.row_count if job.row_count else 0

    # === ACTION METHODS === #

    def action_read(self):
        """Read the header and propose what each column means.

        :raises UserError: when the file cannot be used
        """
        self.ensure_one()
        rows = self._read_file()
        header, sample = next(rows, []), next(rows, [])
        self.column_ids.unlink()
        self.column_ids = [
            Command.create(
                {
                    "index": index,
                    "header": title,
                    "sample": sample[index] if index < len(sample) else "",
                    "target": intake.guess_target(title, self.kind),
                }
            )
            for index, title in enumerate(header)
        ]
        self._set_state("mapped")

    def action_check(self):
        """Read every row without writing any, and list what is wrong by line."""
        self.ensure_one()
        self._check_mapping()
        self.error_ids.sudo().unlink()
        totals = self._check_rows()
        self.write(totals)
        self._set_state("mapped" if totals["error_count"] else "checked")

    def action_import(self):
        """Take the rows in, in the background, from where it stopped.

        :raises UserError: when the file has not been checked
        """
        self.ensure_one()
        if self.state not in ("checked", "failed"):
            raise UserError(self.env._("Check the file first: nothing is imported unread."))
        self._set_state("running")
        self.env.ref("jewelry_inventory.ir_cron_import")._trigger()

    def action_cancel(self):
        """Stop; what is in stock stays there."""
        self._set_state("cancelled")

    def action_print_labels(self):
        """Print the labels of what this file has brought into stock."""
        lots = self.env["stock.lot"].search([("import_id", "in", self.ids)])
        return lots.action_print_labels()

    # === BUSINESS METHODS === #

    def _set_state(self, state):
        self.write({"state": state})

    @api.model
    def _cron_import(self):
        """Take in the running imports, batch by batch."""
        for job in self.search([("state", "=", "running")], order="id"):
            job._run()

    def _run(self):
        """Take in the remaining rows; each batch is kept by a commit of its own."""
        self = self.with_company(self.company_id).with_context(
            tracking_disable=True, mail_notrack=True, mail_create_nolog=True
        )
        rows = itertools.islice(self._read_values(), self.row_done, None)
        while batch := list(itertools.islice(rows, self.batch_size)):
            if not self._import_batch(batch):
                return
            left = self.row_count - self.row_done
            if not self.env["ir.cron"]._commit_progress(len(batch), remaining=left):
                self.env.ref("jewelry_inventory.ir_cron_import")._trigger()
                return
        self._set_state("done")

    def _import_batch(self, batch):
        """Take in one batch whole, or none of it.

        :param list batch: rows as `tools.intake.Row`
        :return: whether it is in stock
        """
        try:
            with self.env.cr.savepoint():
                writer = getattr(self, f"_write_{self.kind}")
                writer([row.values for row in batch])
                self.row_done += len(batch)
                self.cost_done += float(sum(self._get_cost(row) for row in batch))
        except (UserError, IntegrityError) as error:
            self._stop(len(batch), self._explain(error))
            return False
        self.env.invalidate_all()
        return True

    def _explain(self, error):
        """Return what a user can make of an error; the constraints know their messages."""
        if isinstance(error, IntegrityError):
            return self.env["stock.lot"]._sql_error_to_message(error)
        return str(error)

    def _stop(self, count, message):
        """Keep why a batch could not be taken in."""
        first = self.row_done + FIRST_DATA_LINE
        self._add_errors(
            [
                {
                    "row": first,
                    "message": self.env._(
                        "Lines %(first)s to %(last)s are not imported: %(message)s",
                        first=first,
                        last=first + count - 1,
                        message=message,
                    ),
                }
            ]
        )
        self._set_state("failed")

    # === READING === #

    def _read_file(self):
        """Return an iterator over the rows of the file, the header first.

        :raises UserError: when the file cannot be used
        """
        megabytes = (
            self.env["ir.config_parameter"]
            .sudo()
            .get_param("jewelry_inventory.import_max_megabytes", MAX_MEGABYTES)
        )
        try:
            content = base64.b64decode(self.file or b"")
            rows = read_rows(content, self.filename or "", int(megabytes) * 1024 * 1024)
            return self._translate_errors(rows)
        except TableError as error:
            raise UserError(self._get_message(error.code, error.values)) from error

    def _translate_errors(self, rows):
        try:
            yield from rows
        except TableError as error:
            raise UserError(self._get_message(error.code, error.values)) from error

    def _read_values(self):
        """Return an iterator over the rows as `tools.intake.Row`."""
        columns = [
            (column.index, column.target, Decimal(str(column.factor)))
            for column in self.column_ids.filtered("target")
        ]
        vocabulary = self._get_vocabulary()
        for cells in itertools.islice(self._read_file(), 1, None):
            yield intake.read_row(cells, columns, vocabulary)

    def _get_vocabulary(self):
        """Return {kind of target: {casefolded name or code: record id or key}}."""
        scales = ("color", "clarity", "polish", "symmetry", "fluorescence")
        grades = {
            scale: self._get_words("jewelry.grade", [("scale", "=", scale)]) for scale in scales
        }
        cuts = [("scale", "=", "cut"), ("scheme", "=", self.cut_scheme)]
        origins = self.env["jewelry.stone"]._fields["origin"]._description_selection(self.env)
        return grades | {
            "cut": self._get_words("jewelry.grade", cuts),
            "shape": self._get_words("jewelry.shape"),
            "species": self._get_words("jewelry.gem.species"),
            "variety": self._get_words("jewelry.gem.variety"),
            "alloy": self._get_words("jewelry.alloy"),
            "laboratory": self._get_words("jewelry.laboratory"),
            "origin": {word.casefold(): key for key, label in origins for word in (key, label)},
        }

    def _get_words(self, model, domain=()):
        words = {}
        for record in self.env[model].search(list(domain), order="sequence DESC, id DESC"):
            words |= {record.name.casefold(): record.id, record.code.casefold(): record.id}
        return words

    # === CHECKING === #

    def _check_mapping(self):
        """Refuse a mapping that lacks what every row needs.

        :raises UserError: naming what is missing
        """
        keys = self.column_ids.mapped("target")
        if missing := intake.missing_targets(keys, self.kind):
            raise UserError(
                self.env._("Say which column is %(columns)s.", columns=", ".join(missing))
            )

    def _check_rows(self):
        """Read all rows; return the totals and keep the first errors and notes."""
        totals = dict.fromkeys(("row_count", "error_count", "warning_count"), 0)
        cost, listed, numbers = Decimal(0), [], {}
        for line, row in enumerate(self._read_values(), FIRST_DATA_LINE):
            self._check_number(row, line, numbers)
            totals["row_count"] += 1
            totals["error_count"] += len(row.errors)
            totals["warning_count"] += len(row.warnings)
            cost += self._get_cost(row)
            if len(listed) < MAX_LISTED:
                listed += self._prepare_errors(line, row)
        known = self._find_known_numbers(numbers)
        self._add_errors(listed + known)
        totals["error_count"] += len(known)
        return totals | {"cost_total": float(cost)}

    @api.model
    def _check_number(self, row, line, numbers):
        if number := row.values.get("name"):
            if number in numbers:
                row.errors.append(("name", "twice", {"number": number, "line": numbers[number]}))
            numbers.setdefault(number, line)

    def _find_known_numbers(self, numbers):
        """Return an error for each number that the store has already."""
        lots = (
            self.env["stock.lot"]
            .sudo()
            .search(
                [
                    ("name", "in", list(numbers)),
                    ("is_piece", "=", True),
                    ("company_id", "=", self.company_id.id),
                ]
            )
        )
        return [
            {
                "row": numbers[lot.name],
                "column": intake.TARGET_BY_KEY["name"].label,
                "message": self._get_message("taken", {"number": lot.name}),
            }
            for lot in lots
        ]

    @api.model
    def _get_cost(self, row):
        return row.values.get("cost", Decimal(0)).quantize(Decimal("0.01"))

    def _prepare_errors(self, line, row):
        found = [("error", *error) for error in row.errors]
        found += [("warning", *warning) for warning in row.warnings]
        return [
            {
                "row": line,
                "column": intake.TARGET_BY_KEY[key].label,
                "severity": severity,
                "message": self._get_message(code, values),
            }
            for severity, key, code, values in found
        ]

    def _add_errors(self, vals_list):
        # The list is the program's: users read it, and never write it.
        errors = self.env["jewelry.import.error"].sudo()
        errors.create([{"import_id": self.id} | vals for vals in vals_list])

    def _get_message(self, code, values):
        """Return the message for a code of `tools.table` and `tools.intake`."""
        messages = {
            "too_large": self.env._("The file is too large. Split it, or ask to raise the limit."),
            "empty": self.env._("The file is empty."),
            "bomb": self.env._("The workbook unpacks to far more than it should. Save it anew."),
            "unreadable": self.env._("The file is neither CSV nor XLSX. Save it as one of them."),
            "formula": self.env._("“%(cell)s” looks like a formula. Export values only."),
            "number": self.env._("“%(cell)s” is not a number."),
            "unit": self.env._("“%(cell)s” has another unit than %(unit)s. Set the factor."),
            "unknown": self.env._("“%(cell)s” is not in the vocabulary. Add it, or correct it."),
            "required": self.env._("This must not be empty."),
            "range": self.env._("%(cell)s is not between %(low)s and %(high)s."),
            "not_measured": self.env._("A dimension is zero: taken in as not measured."),
            "twice": self.env._("Number %(number)s is on line %(line)s already."),
            "taken": self.env._("The store has a piece %(number)s already."),
        }
        return messages[code] % values

    # === WRITING === #

    def _write_stone(self, rows):
        """Create loose stones, each under its own serial number, and take them in."""
        styles = self._get_stone_styles(rows)
        numbers = self._get_numbers("jewelry.stone", rows)
        lots = self.env["stock.lot"].create(
            [
                self._prepare_lot_vals(row, number) | {"product_id": styles[self._get_key(row)].id}
                for row, number in zip(rows, numbers, strict=True)
            ]
        )
        stones = self.env["jewelry.stone"].create(
            [self._prepare_stone_vals(row, lot) for row, lot in zip(rows, lots, strict=True)]
        )
        self._create_reports(rows, "stone_id", stones)
        lots._take_in(self.company_id._get_opening_place(), self.place_id)

    def _write_piece(self, rows):
        """Create finished pieces with their metal, and take them in."""
        styles = self._get_piece_styles(rows)
        numbers = self._get_numbers("jewelry.piece", rows)
        lots = self.env["stock.lot"].create(
            [
                self._prepare_piece_vals(row, number) | {"product_id": styles[row["style"]].id}
                for row, number in zip(rows, numbers, strict=True)
            ]
        )
        self._create_reports(rows, "piece_id", lots)
        lots._take_in(self.company_id._get_opening_place(), self.place_id)

    def _get_numbers(self, code, rows):
        """Return the number of each row: the file's, else the next of the store."""
        missing = sum(not row.get("name") for row in rows)
        sequence = self.env["ir.sequence"].sudo().with_company(self.company_id)
        new = iter(sequence._next_by_code_many(code, missing))
        return [row.get("name") or next(new) for row in rows]

    def _prepare_lot_vals(self, row, number):
        return {
            "name": number,
            "company_id": self.company_id.id,
            "import_id": self.id,
            "former_number": row.get("former_number"),
            "vendor_ref": row.get("vendor_ref"),
            "inscription": row.get("inscription"),
            "standard_price": float(row.get("cost", 0)),
            "list_price": float(row.get("list_price", 0)),
        }

    def _prepare_piece_vals(self, row, number):
        numbers = ("gross_weight", "other_weight", "ring_circumference", "length", "width")
        metal = row.get("metal_weight") or row.get("gross_weight")
        vals = self._prepare_lot_vals(row, number)
        vals |= {name: float(row[name]) for name in numbers if name in row}
        vals["hallmark"] = row.get("hallmark")
        if row.get("alloy") and metal:
            line = {"alloy_id": row["alloy"], "weight": float(metal)}
            vals["metal_line_ids"] = [Command.create(line)]
        return vals

    def _prepare_stone_vals(self, row, lot):
        words = ("color", "clarity", "cut", "polish", "symmetry", "fluorescence")
        numbers = ("carat", "length", "width", "depth", "depth_percent", "table_percent")
        species, origin, shape = self._get_key(row)
        return {
            "number": lot.name,
            "company_id": self.company_id.id,
            "product_id": lot.product_id.id,
            "holder_id": lot.id,
            "home_lot_id": lot.id,
            "species_id": species,
            "origin": origin,
            "shape_id": shape,
            "variety_id": row.get("variety"),
            **{f"{word}_grade_id": row.get(word) for word in words},
            **{name: float(row.get(name, 0)) for name in numbers},
        }

    def _create_reports(self, rows, subject, records):
        self.env["jewelry.grading.report"].create(
            [
                {
                    "number": row["report"],
                    "laboratory_id": row["laboratory"],
                    subject: record.id,
                }
                for row, record in zip(rows, records, strict=True)
                if row.get("report") and row.get("laboratory")
            ]
        )

    def _get_key(self, row):
        """Return what a stone's style is keyed by: species, origin, shape."""
        return (
            row.get("species") or self.species_id.id,
            row.get("origin") or self.origin,
            row.get("shape") or self.shape_id.id,
        )

    def _get_stone_styles(self, rows):
        """Return {key: product} for the stones' styles, made where the store has none."""
        template = self.env["product.template"]
        return {
            key: template._get_stone_style(*key, category=self.category_id).product_variant_id
            for key in {self._get_key(row) for row in rows}
        }

    def _get_piece_styles(self, rows):
        """Return {style name: product}, made where the store has none."""
        template = self.env["product.template"]
        return {
            name: template._get_piece_style(name, self.category_id).product_variant_id
            for name in {row.setdefault("style", self.name) for row in rows}
        }
