import itertools
import logging
from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError

from ..tools import intake
from ..tools.table import TableError, read_rows

_logger = logging.getLogger(__name__)

MAX_PARAMETER = "jewelry_inventory.import_max_megabytes"
MAX_MEGABYTES = "50"
MAX_LISTED = 1000
FIRST_DATA_LINE = 2
# So many rows tell whose words a column uses.
SAMPLED_ROWS = 1000


class JewelryImportReading(models.AbstractModel):
    """How an intake file is read, and checked as a whole without taking anything in."""

    _name = "jewelry.import.reading"
    _description = "Reading of an Intake File"

    # === READING === #

    def _get_attachment(self):
        """Return the attachment that holds the file."""
        self.ensure_one()
        # What belongs to a field is in no search but superuser's; the record has been read.
        return (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "=", self.id),
                    ("res_field", "=", "file"),
                ],
                limit=1,
            )
        )

    def _read_file(self):
        """Return an iterator over the rows of the file, the header first.

        :raises UserError: when the file cannot be used
        """
        attachment, limit = self._get_attachment(), self._get_max_bytes()
        try:
            if attachment.file_size > limit:
                # Before it is in memory.
                raise TableError("too_large", size=attachment.file_size, limit=limit)
            rows = read_rows(attachment.raw or b"", self.filename or "", limit)
            return self._translate_errors(rows)
        except TableError as error:
            raise UserError(self._get_message(error.code, error.values)) from error

    @api.model
    def _check_size(self, vals):
        """Refuse a file that is too large before it is stored.

        :raises UserError: saying what to do
        """
        size = len(vals.get("file") or "") * 3 // 4
        if size > self._get_max_bytes():
            raise UserError(self._get_message("too_large", {"size": size}))

    @api.model
    def _get_max_bytes(self):
        # In sudo: whoever uploads a file cannot read the settings of the system.
        megabytes = self.env["ir.config_parameter"].sudo().get_param(MAX_PARAMETER, MAX_MEGABYTES)
        if not megabytes.isdecimal():
            _logger.warning(
                "System parameter %s is %r, and must be a whole number of megabytes: %s counts.",
                MAX_PARAMETER,
                megabytes,
                MAX_MEGABYTES,
            )
            megabytes = MAX_MEGABYTES
        return int(megabytes) * 1024 * 1024

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
        return grades | {
            "cut": self._get_cut_words(self.cut_scheme),
            "shape": self._get_words("jewelry.shape"),
            "species": self._get_words("jewelry.gem.species"),
            "variety": self._get_words("jewelry.gem.variety"),
            "alloy": self._get_words("jewelry.alloy"),
            "laboratory": self._get_words("jewelry.laboratory"),
            "origin": self._get_choices("jewelry.stone", "origin"),
            "source": self._get_choices("jewelry.stone", "material_source"),
            "metal_source": self._get_choices("jewelry.metal.source", "source"),
            "country": self._get_countries(),
        }

    def _get_choices(self, model, name):
        """Return {casefolded key or label: key} of a selection."""
        choices = self.env[model]._fields[name]._description_selection(self.env)
        return {word.casefold(): key for key, label in choices for word in (key, label)}

    def _get_countries(self):
        """Return {casefolded name or code: id} of the countries."""
        countries = self.env["res.country"].search([("code", "!=", False)])
        return {
            word.casefold(): country.id
            for country in countries
            for word in (country.name, country.code)
        }

    def _guess_cut_scheme(self):
        """Return the scheme whose words the column of cuts has, the present one if in doubt."""
        column = self.column_ids.filtered(lambda column: column.target == "cut")[:1]
        rows = itertools.islice(self._read_file(), 1, SAMPLED_ROWS) if column else ()
        used = {row[column.index].strip().casefold() for row in rows if len(row) > column.index}
        fitting = [
            scheme
            for scheme, _label in self._fields["cut_scheme"]._description_selection(self.env)
            if used - {""} <= self._get_cut_words(scheme).keys()
        ]
        return fitting[0] if fitting and self.cut_scheme not in fitting else self.cut_scheme

    def _get_cut_words(self, scheme):
        return self._get_words("jewelry.grade", [("scale", "=", "cut"), ("scheme", "=", scheme)])

    def _get_words(self, model, domain=()):
        words = {}
        for record in self.env[model].search(list(domain), order="sequence DESC, id DESC"):
            words |= {record.name.casefold(): record.id, record.code.casefold(): record.id}
        return words

    # === CHECKING === #

    def _check_mapping(self):
        """Refuse a mapping that is of another file, or lacks what every row needs.

        :raises UserError: naming what is missing
        """
        self._check_header()
        keys = self.column_ids.filtered("target").mapped("target")
        if missing := intake.missing_targets(keys, self.kind):
            self._refuse_columns(self.env._("Choose which column is %(columns)s."), missing)
        if repeated := intake.find_repeated(keys):
            self._refuse_columns(
                self.env._(
                    "More than one column is %(columns)s. Keep one, and "
                    "clear the meaning of the others."
                ),
                repeated,
            )
        if unfit := intake.unfit_targets(keys, self.kind):
            self._refuse_columns(
                self.env._(
                    "A file of this content has no %(columns)s. Clear the meaning of that column."
                ),
                unfit,
            )

    def _refuse_columns(self, message, targets):
        labels = map(self.env["jewelry.import.column"]._get_label, targets)
        raise UserError(message % {"columns": ", ".join(labels)})

    def _check_header(self):
        """Refuse a file whose columns are not those that were said to mean something.

        :raises UserError: when the columns must be read anew
        """
        header = dict(enumerate(next(self._read_file(), [])))
        if any(header.get(column.index) != (column.header or "") for column in self.column_ids):
            raise UserError(
                self.env._(
                    "The columns of this file are not those that were read before. Read the "
                    "columns again, or upload the file with its former columns."
                )
            )

    def _check_rows(self):
        """Read all rows; return the totals and keep the first errors and notes.

        :raises UserError: when there is none, or one that is in stock has changed
        """
        self._check_taken()
        totals = dict.fromkeys(("row_count", "error_count", "warning_count"), 0)
        cost, listed, seen = Decimal(0), [], {}
        step = self._get_money_step()
        for line, row in enumerate(self._read_values(), FIRST_DATA_LINE):
            self._check_repeated(row, line, seen)
            totals["row_count"] += 1
            totals["error_count"] += len(row.errors)
            totals["warning_count"] += len(row.warnings)
            cost += row.get_cost(step)
            if len(listed) < MAX_LISTED:
                listed += self._prepare_errors(line, row)
        if not totals["row_count"]:
            raise UserError(
                self.env._(
                    "The file has a header but no rows, so there is nothing "
                    "to take in. Choose another file."
                )
            )
        known = self._find_known(seen)
        self._add_errors((known + listed)[:MAX_LISTED])
        totals["error_count"] += len(known)
        return totals | {"cost_total": float(cost)}

    def _get_money_step(self):
        """Return the smallest amount of the company's currency, exactly."""
        return Decimal(str(self.currency_id.rounding))

    def _check_taken(self):
        """Refuse a corrected file that has changed what is in stock already.

        :raises UserError: saying how to go on
        """
        taken = list(itertools.islice(self._read_values(), self.row_done))
        if len(taken) < self.row_done or self._chain_digest("", taken) != (self.taken_digest or ""):
            raise UserError(
                self.env._(
                    "The first %(count)s rows are in stock already, but this file has other "
                    "rows in their place. Leave those rows as they were, or start another "
                    "import with only the remaining rows.",
                    count=self.row_done,
                )
            )

    @api.model
    def _chain_digest(self, digest, rows):
        for row in rows:
            digest = intake.chain_digest(digest, row)
        return digest

    @api.model
    def _check_repeated(self, row, line, seen):
        """Refuse a number of a piece, or of a laboratory's report, that an earlier line has.

        :param dict seen: {number, or (laboratory, number): line}; the row's own are added
        """
        report = (row.values.get("laboratory"), row.values.get("report"))
        for key, number in (("name", row.values.get("name")), ("report", all(report) and report)):
            if not number:
                continue
            if number in seen:
                shown = {"number": row.values[key], "line": seen[number]}
                row.errors.append((key, "twice", shown))
            seen.setdefault(number, line)

    def _find_known(self, seen):
        """Return an error for each number that the store has already.

        :param dict seen: as of `_check_repeated`
        """
        new = {key: line for key, line in seen.items() if line >= FIRST_DATA_LINE + self.row_done}
        numbers = [key for key in new if isinstance(key, str)]
        lots = self._get_known_lots(numbers)
        reports = self._get_known_reports(new.keys() - set(numbers))
        found = [("name", "taken", lot.name, lot.name) for lot in lots]
        found += [
            ("report", "report", (report.laboratory_id.id, report.number), report.number)
            for report in reports
        ]
        return [
            self._prepare_error(new[key], "error", target, code, {"number": number})
            for target, code, key, number in found
        ]

    def _get_known_lots(self, numbers):
        """Return the pieces, stones and parcels of the company that have one of these numbers."""
        # In sudo: a number is taken, whoever may see its piece.
        return (
            self.env["stock.lot"]
            .sudo()
            .search(
                [
                    ("name", "in", numbers),
                    ("jewelry_kind", "!=", False),
                    ("company_id", "=", self.company_id.id),
                ]
            )
        )

    def _get_known_reports(self, keys):
        """Return the reports that are there, in whatever company; keys as (laboratory, number)."""
        # In sudo: a laboratory gives a number once, to all companies together.
        reports = self.env["jewelry.grading.report"].sudo()
        numbers = [number for _laboratory, number in keys]
        return reports.search([("number", "in", numbers)]).filtered(
            lambda report: (report.laboratory_id.id, report.number) in keys
        )

    def _prepare_errors(self, line, row):
        found = [("error", *error) for error in row.errors]
        found += [("warning", *warning) for warning in row.warnings]
        return [self._prepare_error(line, *problem) for problem in found]

    def _prepare_error(self, line, severity, key, code, values):
        return {
            "row": line,
            "column": self.env["jewelry.import.column"]._get_label(intake.TARGET_BY_KEY[key]),
            "severity": severity,
            "message": self._get_message(code, values),
        }

    def _add_errors(self, vals_list):
        # The list is the program's: users read it, and never write it.
        errors = self.env["jewelry.import.error"].sudo()
        errors.create([{"import_id": self.id} | vals for vals in vals_list])

    def _get_message(self, code, values):
        """Return the message for a code of `tools.table` and `tools.intake`."""
        return (self._get_file_messages() | self._get_row_messages())[code] % values

    def _get_file_messages(self):
        """Return {code: message} of what is wrong with a file or the text of a cell."""
        return {
            "too_large": self.env._(
                "The file is too large. Split it into smaller files, or ask "
                "your administrator to raise the limit."
            ),
            "empty": self.env._("The file is empty. Choose another one."),
            "bomb": self.env._(
                "This workbook is far larger inside than its file is. Save it "
                "again with a spreadsheet program, or as CSV, and upload that."
            ),
            "unreadable": self.env._(
                "The file is neither CSV nor XLSX. Save it as one of them and upload it again."
            ),
            "formula": self.env._(
                "“%(cell)s” looks like a formula. Export the file with values instead of formulas."
            ),
            "number": self.env._("“%(cell)s” is not a number."),
            "unit": self.env._(
                "“%(cell)s” is not in %(unit)s. Set the factor of the column to convert it."
            ),
        }

    def _get_row_messages(self):
        """Return {code: message} of what is wrong with a row and its values."""
        return {
            "unknown": self.env._(
                "“%(cell)s” is not in the vocabulary. Add it there, or correct the file."
            ),
            "required": self.env._("This cell must not be empty. Fill it in."),
            "range": self.env._("“%(cell)s” is not between %(low)s and %(high)s."),
            "not_measured": self.env._(
                "A dimension is zero. The stone is taken in as not measured."
            ),
            "twice": self.env._("Number %(number)s is on line %(line)s already."),
            "taken": self.env._("The store has a piece %(number)s already."),
            "report": self.env._("The store has a report %(number)s already."),
            "whole": self.env._("“%(cell)s” is not a whole number."),
            "net": self.env._(
                "Other parts weigh %(other)s g and the whole piece %(gross)s g: that leaves "
                "nothing for the metal."
            ),
            "parts": self.env._("The parts weigh %(parts)s g and the whole piece %(gross)s g."),
            "no_laboratory": self.env._("Enter the laboratory that wrote report %(number)s."),
            "costs": self.env._(
                "The cost is %(cost)s, but carats times cost per carat is %(total)s. Correct "
                "one of them."
            ),
        }
