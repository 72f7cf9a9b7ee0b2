from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import groupby

from ..models.jewelry_grading_report import SUBJECTS
from ..tools.report import MEASURES, find_mismatches
from ..tools.weight import to_decimal

# What the laboratory's own words go into: they are of the report, not of what it is on.
OWN_FIELDS = ("inscription", "comment")
# What tells whether a report is on this stone, by the field that holds it.
CODED = ("shape_id", "species_id")


class JewelryGradingReportLookup(models.TransientModel):
    """Look a report up: the laboratory's answer beside what was typed, to take or to leave."""

    _name = "jewelry.grading.report.lookup"
    _description = "Look Up a Report"

    laboratory_id = fields.Many2one(
        comodel_name="jewelry.laboratory",
        required=True,
        domain=[("provider", "!=", "manual")],
        default=lambda self: self.env["jewelry.laboratory"].search(
            [("provider", "!=", "manual")], limit=1
        ),
    )
    number = fields.Char(string="Report Number")
    report_id = fields.Many2one(comodel_name="jewelry.grading.report", readonly=True)
    stone_id = fields.Many2one(comodel_name="jewelry.stone")
    piece_id = fields.Many2one(comodel_name="stock.lot", domain=[("jewelry_kind", "=", "piece")])
    parcel_id = fields.Many2one(comodel_name="stock.lot", domain=[("jewelry_kind", "=", "parcel")])
    has_subject = fields.Boolean(help="It was opened from a stone, piece, parcel or report.")
    quota = fields.Char(string="Lookups Left", compute="_compute_quota")
    message = fields.Char(readonly=True)

    # Answer
    lookup_id = fields.Many2one(comodel_name="jewelry.report.lookup", readonly=True)
    asked_number = fields.Char(related="lookup_id.number")
    asked_on = fields.Datetime(string="Answered", related="lookup_id.create_date")
    note = fields.Char(readonly=True)
    warning = fields.Char(readonly=True)
    is_confirmed = fields.Boolean(string="It is this one all the same")
    line_ids = fields.One2many(
        comodel_name="jewelry.grading.report.lookup.line", inverse_name="wizard_id"
    )
    difference_count = fields.Integer(readonly=True)
    sheet = fields.Html(related="lookup_id.sheet", sanitize=False)
    document_problem = fields.Char(related="lookup_id.document_problem")
    has_other_document = fields.Boolean(readonly=True)
    replace_document = fields.Boolean(string="Put the fetched document in place of the kept one")

    # === COMPUTE METHODS === #

    @api.depends("laboratory_id", "lookup_id", "message")
    def _compute_quota(self):
        for wizard in self:
            quota = self.env["jewelry.report.lookup"]._get_last_quota(
                wizard.laboratory_id, wizard._get_company()
            )
            wizard.quota = str(quota) if quota is not None else ""

    # === ACTION METHODS === #

    @api.model
    def action_open(self):
        """Open the wizard on the stone, piece or parcel that the screen shows."""
        record = self.env[self.env.context["active_model"]].browse(self.env.context["active_id"])
        return self._open(self._get_subject_values(record))

    def action_look_up(self):
        """Show the laboratory's answer, kept or new, beside what was typed."""
        return self._look_up()

    def action_ask_again(self):
        """Ask the laboratory even if its answer is kept; it may cost a lookup of the plan."""
        return self._look_up(refresh=True)

    def action_take_all(self):
        """Mark everything that can be taken over."""
        self.line_ids.filtered(lambda line: line._can_take()).is_taken = True
        return self._reopen()

    def action_apply(self):
        """Keep the report on its subject, with what was chosen to be taken over.

        :raises UserError: if the report looks to be on something else and nobody confirmed
        """
        self.ensure_one()
        if not self.lookup_id:
            raise UserError(self.env._("Look the report up first."))
        if self.warning and not self.is_confirmed:
            raise UserError(
                self.env._(
                    "%(warning)s Compare number and inscription. If it is the right one, tick that "
                    "it is.",
                    warning=self.warning,
                )
            )
        report = self._keep_report()
        self._take_over()
        return {
            "type": "ir.actions.act_window",
            "res_model": report._name,
            "res_id": report.id,
            "view_mode": "form",
        }

    # === LOOKING UP === #

    @api.model
    def _open(self, values):
        """Return the action that opens a new wizard with these values; what is kept is shown."""
        wizard = self.create(values | self._prepare_of_report(values))
        wizard._show_kept()
        return wizard._reopen()

    @api.model
    def _prepare_of_report(self, values):
        report = self.env["jewelry.grading.report"].browse(values.get("report_id"))
        if not report:
            return {}
        subjects = {name: report[name].id for name in SUBJECTS}
        own = {"laboratory_id": report.laboratory_id.id, "number": report.number}
        return own | subjects | {"has_subject": True}

    @api.model
    def _get_subject_values(self, record):
        """Return the subject that a screen stands for; of a piece of one stone, that stone."""
        if record._name == "jewelry.stone":
            values = {"stone_id": record.id}
        elif record.jewelry_kind == "parcel":
            values = {"parcel_id": record.id}
        elif record.jewelry_kind == "stone" or len(record.stone_ids) == 1:
            values = {"stone_id": record.stone_ids[:1].id}
        else:
            values = {"piece_id": record.id}
        return values | {
            "has_subject": any(values.values()),
            "number": self._get_known_number(record),
        }

    @api.model
    def _get_known_number(self, record):
        reports = record.report_ids.filtered(lambda report: report.can_look_up)
        return reports[:1].number

    def _show_kept(self):
        """Show the answer that is kept with the report, without asking anybody."""
        if self.report_id.lookup_id:
            self._compare(self.report_id.lookup_id)

    def _look_up(self, *, refresh=False):
        self.ensure_one()
        number = self.env["jewelry.grading.report"]._get_clean_number(self.number or "")
        self._forget()
        if problem := self._find_problem(number):
            self.message = problem
            return self._reopen()
        lookup = self.env["jewelry.report.lookup"]._look_up(
            self.laboratory_id, number, self._get_company(), refresh=refresh
        )
        if lookup.state == "failed":
            self.message = lookup.message
        else:
            self._compare(lookup)
        return self._reopen()

    def _forget(self):
        self.write(
            {
                "lookup_id": False,
                "message": False,
                "warning": False,
                "note": False,
                "is_confirmed": False,
                "has_other_document": False,
                "replace_document": False,
                "difference_count": 0,
                "line_ids": [Command.clear()],
            }
        )

    def _find_problem(self, number):
        """Return why a number cannot be looked up for this subject, in words."""
        if not self._get_subject():
            return self.env._("Choose the stone, piece or parcel that the report is on.")
        if not number.isalnum():
            return self.env._("Enter the number as the report prints it: digits and letters.")
        return self._find_other_subject(number)

    def _find_other_subject(self, number):
        """Return in words what else this report is on, in any company."""
        # In sudo: a number is given once over all companies.
        reports = self.env["jewelry.grading.report"].sudo()
        report = reports.with_context(active_test=False).search(
            [("laboratory_id", "=", self.laboratory_id.id), ("number", "=", number)], limit=1
        )
        if not report or report._get_subject() == self._get_subject():
            return ""
        if report.company_id not in self.env.companies:
            return self.env._(
                "%(report)s is on something of another company: a number is given once.",
                report=report.display_name,
            )
        return self.env._(
            "%(report)s is already on %(subject)s: a number is given to one subject only.",
            report=report.display_name,
            subject=report._get_subject().display_name,
        )

    def _compare(self, lookup):
        """Fill the wizard with an answer."""
        reading = lookup._read_answer()
        number = lookup.answer_number
        problem = number != lookup.number and self._find_other_subject(number)
        report = self._get_report(number)
        lines = self._prepare_lines(reading, report)
        self.write(
            {
                "lookup_id": lookup.id,
                "message": problem,
                "note": self._get_note(lookup, reading),
                "warning": self._get_warning(reading),
                "line_ids": [Command.create(line) for line in lines],
                "difference_count": sum(line["status"] == "differs" for line in lines),
                "has_other_document": self._has_other_document(report, lookup),
            }
        )

    @api.model
    def _has_other_document(self, report, lookup):
        documents = [record.with_context(bin_size=False).document for record in (report, lookup)]
        return all(documents) and documents[0] != documents[1]

    def _get_note(self, lookup, reading):
        """Return what the laboratory says about the answer, such as a newer report's number."""
        if lookup.answer_number == lookup.number:
            return reading.note
        newer = self.env._(
            "%(laboratory)s answers with report %(new)s in place of %(old)s.",
            laboratory=self.laboratory_id.name,
            new=lookup.answer_number,
            old=lookup.number,
        )
        return " ".join(filter(None, [newer, reading.note]))

    def _get_warning(self, reading):
        """Return in words why the report seems to be on something else; nothing if it fits."""
        expected = self._get_subject_kind()
        if reading.subject != expected and reading.kind != "other":
            return self.env._("This report is not on what you opened it for.")
        stone = self._get_compared_stone()
        if not stone or expected == "piece":
            return ""
        typed = self._get_identity(stone)
        read = {name: value.value for name, value in reading.values.items()}
        resolve = self.env["jewelry.report.comparison"]._resolve
        read |= {name: resolve(stone._fields[name], read.get(name)) for name in CODED}
        names = find_mismatches(typed, read)
        if not names:
            return ""
        labels = [stone._fields[name]._description_string(self.env) for name in names]
        return self.env._(
            "This report seems to be on another stone: %(fields)s differ.",
            fields=", ".join(labels),
        )

    @api.model
    def _get_identity(self, stone):
        figures = {name: to_decimal(stone[name]) for name in ("carat", *MEASURES)}
        return figures | {name: stone[name].id for name in CODED} | {"origin": stone.origin}

    # === COMPARING === #

    def _prepare_lines(self, reading, report):
        """Return the values of the lines: of the subject, of its stones, and of the report."""
        compare = self.env["jewelry.report.comparison"]._compare
        lines = []
        for stone, values in self._get_stones(reading):
            lines += compare(stone, values)
        if self.piece_id:
            lines += compare(self.piece_id, reading.values)
        if report:
            lines += compare(report, reading.values)
        return lines

    def _get_stones(self, reading):
        """Return `(stone, values)` of what the report tells of stones that we know."""
        if stone := self._get_compared_stone():
            return [(stone, reading.values)] if not self.piece_id else []
        found = []
        for number, values in reading.parts.items():
            clean = self.env["jewelry.grading.report"]._get_clean_number(number)
            stones = self.piece_id.stone_ids.filtered(
                lambda stone, clean=clean: clean in stone.report_ids.mapped("number")
            )
            found += [(stone, values) for stone in stones[:1]]
        return found

    # === TAKING OVER === #

    def _keep_report(self):
        """Create the report, or renew the one that is there."""
        lookup = self.lookup_id
        reading = lookup._read_answer()
        report = self._get_report(lookup.answer_number)
        values = self._prepare_report(lookup, reading, report)
        if report:
            report.write(values)
            return report
        own = {name: reading.values[name].value for name in OWN_FIELDS if name in reading.values}
        subject = {name: self[name].id for name in SUBJECTS}
        identity = {"laboratory_id": self.laboratory_id.id, "number": lookup.answer_number}
        return self.env["jewelry.grading.report"].create(identity | subject | own | values)

    def _prepare_report(self, lookup, reading, report):
        values = {"lookup_id": lookup.id, "kind": reading.kind, "active": True}
        if reading.date:
            values["report_date"] = reading.date
        document = lookup.with_context(bin_size=False).document
        if document and (not report.document or self.replace_document):
            values["document"] = document
            values["document_name"] = f"{lookup.answer_number}.pdf"
        return values

    def _take_over(self):
        """Write what was chosen, record by record."""
        chosen = self.line_ids.filtered(lambda line: line.is_taken and line._can_take())
        for (model, res_id), lines in groupby(chosen, lambda line: (line.res_model, line.res_id)):
            self.env[model].browse(res_id).write({line.name: line.value for line in lines})

    # === TOOLING === #

    def _get_subject(self):
        return self.stone_id or self.piece_id or self.parcel_id

    def _get_subject_kind(self):
        kinds = {"stone_id": "stone", "piece_id": "piece", "parcel_id": "parcel"}
        return next((kinds[name] for name in SUBJECTS if self[name]), "")

    def _get_compared_stone(self):
        """Return the stone that the report describes: itself, or what a parcel consists of."""
        return self.stone_id or self.parcel_id.stone_ids[:1]

    def _get_company(self):
        return self._get_subject().company_id or self.env.company

    def _get_report(self, number):
        """Return the report with this number that the subject has already, be it filed away."""
        reports = self.env["jewelry.grading.report"].with_context(active_test=False)
        domain = [("laboratory_id", "=", self.laboratory_id.id), ("number", "=", number)]
        return reports.search(domain, limit=1)

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Look Up a Report"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }
