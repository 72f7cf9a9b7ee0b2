import base64
import itertools
import time
from urllib.parse import quote

from psycopg2 import IntegrityError

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..const import CHANGE_REASON, COST_GROUPS
from ..tools import intake
from ..tools.table import write_csv
from .jewelry_import_reading import FIRST_DATA_LINE

# What rows were checked with: whoever changes one of these has to check again.
SETUP_FIELDS = {
    "kind",
    "file",
    "column_ids",
    "company_id",
    "place_id",
    "category_id",
    "species_id",
    "origin",
    "shape_id",
    "cut_scheme",
}
# What only the program finds out.
RESULT_FIELDS = {
    "state",
    "user_id",
    "row_count",
    "row_done",
    "rate",
    "error_count",
    "warning_count",
    "cost_total",
    "cost_done",
    "taken_digest",
    "checked_file",
}


class JewelryImport(models.Model):
    """A file of stones, pieces or parcels on its way into stock.

    It is read, checked as a whole without writing anything, and then taken in batch by batch:
    a batch is in stock whole or not at all, and what was interrupted goes on where it stopped.
    What was checked is what comes in: a change in between asks for another check.
    """

    _name = "jewelry.import"
    _description = "Intake from a File"
    _inherit = [
        "mail.thread",
        "jewelry.guard.mixin",
        "jewelry.import.reading",
        "jewelry.import.parcel",
    ]
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
        selection=[
            ("stone", "Loose stones"),
            ("piece", "Finished pieces"),
            ("parcel", "Parcels"),
        ],
        string="Content",
        required=True,
        default="stone",
    )
    file = fields.Binary(required=True, attachment=True, copy=False)
    filename = fields.Char()
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Imported By",
        readonly=True,
        copy=False,
        help="Who pressed Import: what the program does in the background counts as done by them.",
    )
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
    rate = fields.Float(string="Rows a Second", readonly=True, copy=False, digits=(16, 1))
    progress = fields.Float(compute="_compute_progress")
    checked_file = fields.Char(
        readonly=True, copy=False, help="Checksum of the file as it was checked."
    )
    taken_digest = fields.Char(
        readonly=True, copy=False, help="Digest of what the rows in stock said."
    )
    error_ids = fields.One2many(
        comodel_name="jewelry.import.error", inverse_name="import_id", string="To Look At"
    )
    error_count = fields.Integer(string="Errors", readonly=True, copy=False)
    warning_count = fields.Integer(string="Notes", readonly=True, copy=False)
    error_file = fields.Binary(string="List of Errors", compute="_compute_error_file")

    # Value
    currency_id = fields.Many2one(related="company_id.currency_id")
    cost_total = fields.Monetary(
        string="Cost in File", readonly=True, copy=False, groups=COST_GROUPS
    )
    cost_done = fields.Monetary(
        string="Cost of Rows in Stock",
        readonly=True,
        copy=False,
        groups=COST_GROUPS,
        help="What the file says that the rows cost which are in stock.",
    )
    move_ids = fields.One2many(
        comodel_name="stock.move", inverse_name="jewelry_import_id", string="Moves"
    )
    cost_booked = fields.Monetary(
        string="Value in Stock",
        compute="_compute_booked",
        compute_sudo=True,
        groups=COST_GROUPS,
        help="What the moves that took the rows in were valued at.",
    )
    cost_posted = fields.Monetary(
        string="Posted Against Opening Stock",
        compute="_compute_booked",
        compute_sudo=True,
        groups=COST_GROUPS,
        help="What the entries of these moves credit to the opening account. Goods of categories "
        "with periodic valuation are posted by the stock closing.",
    )
    is_tied_out = fields.Boolean(
        compute="_compute_booked",
        compute_sudo=True,
        help="File, rows in stock and their moves tell the same value.",
    )

    _batch_size_sane = models.Constraint(
        "CHECK (batch_size BETWEEN 1 AND 10000)", "A batch has between 1 and 10,000 rows."
    )

    # === DEFAULTS === #

    @api.model
    def _default_place_id(self):
        return self.env.company._get_stock_place()

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

    def _compute_error_file(self):
        """Write what is wrong as a table, so that whoever corrects the file can tick it off."""
        for job in self:
            header = [
                job.error_ids._fields[name].get_description(self.env)["string"]
                for name in ("row", "column", "severity", "message")
            ]
            severities = dict(job.error_ids._fields["severity"]._description_selection(self.env))
            rows = [
                (error.row, error.column, severities[error.severity], error.message)
                for error in job.error_ids
            ]
            job.error_file = base64.b64encode(write_csv([header, *rows]))

    @api.depends("cost_total", "cost_done", "state")
    def _compute_booked(self):
        """Ask the moves and the ledger what came in, whatever the file says; as superuser, because
        keepers see no journal items.
        """
        for job in self:
            moves = job.move_ids.filtered(lambda move: move.state == "done")
            job.cost_booked = sum(moves.mapped("value"))
            job.cost_posted = -sum(moves._get_opening_items().mapped("balance"))
            job.is_tied_out = not any(
                job.currency_id.compare_amounts(amount, job.cost_total)
                for amount in (job.cost_done, job.cost_booked)
            )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Override to refuse files that are too large."""
        for vals in vals_list:
            self._check_size(vals)
        return super().create(vals_list)

    def write(self, vals):
        """Override to forget the check of what changes.

        :raises UserError: when rows are in stock, or coming in, that were read differently
        """
        self._check_size(vals)
        if changed := SETUP_FIELDS & vals.keys():
            self._check_change(changed)
        result = super().write(vals)
        if changed:
            self._forget_check()
        return result

    # === ACTION METHODS === #

    def action_read(self):
        """Read the header and propose what each column means.

        :raises UserError: when the file cannot be used
        """
        self.ensure_one()
        self._require_state("draft", "mapped", "checked")
        rows = self._read_file()
        header, sample = next(rows, []), next(rows, [])
        labels = dict(self.env["jewelry.import.column"]._selection_target())
        targets = intake.guess_targets(header, self.kind, labels)
        self.column_ids.unlink()
        self.column_ids = [
            Command.create(
                {
                    "index": index,
                    "header": title,
                    "sample": sample[index] if index < len(sample) else "",
                    "target": targets[index],
                }
            )
            for index, title in enumerate(header)
        ]
        self.cut_scheme = self._guess_cut_scheme()
        self._set_state("mapped")

    def action_check(self):
        """Read every row without writing any, and list what is wrong by line."""
        self.ensure_one()
        self._require_state("mapped", "checked", "failed")
        self._check_mapping()
        # The list and the results are the program's: users read them, and never write them.
        self.error_ids.sudo().unlink()
        totals = self._check_rows()
        checksum = self._get_attachment().checksum
        self.sudo().write(totals | {"checked_file": checksum})
        self._set_state("mapped" if totals["error_count"] else "checked")

    def action_import(self):
        """Take the rows in, in the background, from where it stopped.

        :raises UserError: when the file has not been checked
        """
        self.ensure_one()
        if self.state not in ("checked", "failed"):
            raise UserError(
                self.env._(
                    "Check the file first. It can be imported once the check has found no errors."
                )
            )
        self.error_ids.filtered(lambda error: error.severity == "error").sudo().unlink()
        self.sudo().write({"error_count": 0, "user_id": self.env.uid})
        self._set_state("running")
        self.env.ref("jewelry_inventory.ir_cron_import")._trigger()

    def action_cancel(self):
        """Stop; what is in stock stays there."""
        self._require_state("running", "failed")
        self._set_state("cancelled")

    def action_print_labels(self):
        """Print the labels of what this file has brought into stock."""
        lots = self.env["stock.lot"].search([("import_id", "in", self.ids)])
        return lots.action_print_labels()

    def action_download_errors(self):
        """Return the action that downloads what is wrong as a table."""
        self.ensure_one()
        name = self.env._("Errors in %(file)s", file=self.name.removesuffix(".csv"))
        path = f"/web/content/{self._name}/{self.id}/error_file/{quote(name)}.csv"
        return {"type": "ir.actions.act_url", "url": f"{path}?download=true", "target": "download"}

    # === BUSINESS METHODS === #

    def _set_state(self, state):
        # Users start a step, and never say how it ended.
        self.sudo().write({"state": state})

    def _require_state(self, *states):
        """Refuse a step out of turn, such as from another window.

        :raises UserError: naming the state
        """
        labels = dict(self._fields["state"]._description_selection(self.env))
        for job in self.filtered(lambda job: job.state not in states):
            raise UserError(
                self.env._(
                    "%(file)s is not at this step any more: it is now at “%(state)s”. Reload "
                    "the page.",
                    file=job.name,
                    state=labels[job.state],
                )
            )

    def _get_guarded_fields(self):
        """Override: what became of a file is found out, not written."""
        return super()._get_guarded_fields() | RESULT_FIELDS

    def _check_change(self, changed):
        """Refuse to change how a file is read whose rows are in stock or coming in.

        :param set changed: names of fields
        :raises UserError: saying what to do
        """
        self._require_state("draft", "mapped", "checked", "failed")
        if changed != {"file"} and any(job.row_done for job in self):
            raise UserError(
                self.env._(
                    "Rows of this file are already in stock. Upload a corrected file with the "
                    "same columns, or stop this import and start another one with the remaining "
                    "rows."
                )
            )

    def _forget_check(self):
        """Ask for another check: what was checked has changed."""
        self.filtered(lambda job: job.state in ("checked", "failed"))._set_state("mapped")

    @api.model
    def _cron_import(self):
        """Take in the running imports, batch by batch."""
        for job in self.search([("state", "=", "running")], order="id"):
            job._run()

    def _run(self):
        """Take in the remaining rows; each batch is kept by a commit of its own."""
        self = self._as_importer()
        if self._get_attachment().checksum != self.checked_file:
            self._stop(
                self.row_count - self.row_done,
                self.env._("The file has changed since it was checked. Check it again."),
            )
            return
        rows = itertools.islice(self._read_values(), self.row_done, None)
        begun, before = time.monotonic(), self.row_done
        while self.state == "running" and (batch := list(itertools.islice(rows, self.batch_size))):
            if not self._import_batch(batch):
                return
            self.rate = self._get_rate(self.row_done - before, time.monotonic() - begun)
            if not self._keep_batch(len(batch)):
                return
        if self.state == "running":
            self._set_state("done")
            self._notify()

    def _as_importer(self):
        """Return the import as whoever pressed the button runs it, whatever user the cron has.

        In sudo, as the cron: they were allowed to start it, and it writes what they may not write
        one by one, such as moves and styles.
        """
        # Those that were running when the program was updated do not know their importer.
        user = self.user_id or self.create_uid
        return (
            self.with_user(user)
            .sudo()
            .with_company(self.company_id)
            .with_context(
                lang=user.lang, tracking_disable=True, mail_notrack=True, mail_create_nolog=True
            )
        )

    def _get_rate(self, rows, seconds):
        """Return rows a second, of late and before: single batches vary too much to hope by."""
        rate = rows / max(seconds, 0.001)
        return (2 * self.rate + rate) / 3 if self.rate else rate

    def _keep_batch(self, count):
        """Commit a batch of `count` rows; return whether there is time for another one."""
        self._notify()
        left = self.row_count - self.row_done
        seconds = self.env["ir.cron"]._commit_progress(count, remaining=left)
        # Somebody may have stopped it in the meantime.
        self.invalidate_recordset()
        if not seconds:
            self.env.ref("jewelry_inventory.ir_cron_import")._trigger()
        return bool(seconds)

    def _notify(self):
        """Tell the screens that show the import how far it is."""
        keepers = self.env.ref("jewelry_inventory.group_keeper")
        keepers._bus_send(
            "jewelry.import/progress",
            {
                "id": self.id,
                "state": self.state,
                "row_count": self.row_count,
                "row_done": self.row_done,
                "rate": self.rate,
            },
        )

    def _import_batch(self, batch):
        """Take in one batch whole, or none of it.

        :param list batch: rows as `tools.intake.Row`
        :return: whether it is in stock
        """
        try:
            with self.env.cr.savepoint():
                self._check_batch(batch)
                result = self._prepare_result(batch)
                # So that the moves say which file they come from, and the audit trail why.
                writer = self.with_context(
                    default_jewelry_import_id=self.id, **{CHANGE_REASON: self.display_name}
                )
                getattr(writer, f"_write_{self.kind}")([row.values for row in batch])
                self.sudo().write(result)
        except (UserError, IntegrityError) as error:
            self._stop(len(batch), self._explain(error))
            return False
        self.env.invalidate_all()
        return True

    def _prepare_result(self, batch):
        """Return what is known once the batch is in stock."""
        step = self._get_money_step()
        return {
            "row_done": self.row_done + len(batch),
            "cost_done": self.cost_done + float(sum(row.get_cost(step) for row in batch)),
            "taken_digest": self._chain_digest(self.taken_digest or "", batch),
        }

    def _check_batch(self, batch):
        """Refuse rows that have become wrong since the check: a word left the vocabulary.

        :raises UserError: naming the first of them
        """
        for line, row in enumerate(batch, self.row_done + FIRST_DATA_LINE):
            for problem in self._prepare_errors(line, row):
                if problem["severity"] == "error":
                    raise UserError(
                        self.env._(
                            "%(column)s in line %(row)s: %(message)s",
                            column=problem["column"],
                            row=line,
                            message=problem["message"],
                        )
                    )

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
        self.sudo().error_count += 1
        self._set_state("failed")
        self._notify()

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
        if source := row.get("metal_source"):
            vals["material_source"] = source
        return vals

    @api.model
    def _prepare_sourced_vals(self, row):
        """Return where a row says that its stones come from."""
        vals = {"material_source": row["source"]} if row.get("source") else {}
        if country := row.get("country"):
            vals["country_ids"] = [Command.set([country])]
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
            **self._prepare_sourced_vals(row),
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
