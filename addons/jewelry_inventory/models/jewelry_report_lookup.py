import base64
import json

from odoo import api, fields, models
from odoo.tools import groupby
from odoo.tools.translate import LazyTranslate

from ..tools.document import is_pdf
from ..tools.report import PASSING, ReportError, find_changes

_lt = LazyTranslate(__name__)

# Days after which a lookup that gave nothing, or that nobody kept, is forgotten. A laboratory
# answers again for two years at no charge.
KEPT_DAYS = 730

# The sections of the sheet.
SECTION_LABELS = {
    "report": _lt("Report"),
    "stone": _lt("Stone"),
    "proportions": _lt("Proportions"),
    "inscription": _lt("Inscriptions"),
    "comment": _lt("Comments"),
    "piece": _lt("Piece"),
    "pearl": _lt("Pearls"),
    "parcel": _lt("Parcel"),
    "reference": _lt("References"),
    "code": _lt("Codes for Machines"),
    "file": _lt("Files of the Laboratory"),
    "answer": _lt("Answer"),
    "unknown": _lt("Not Known to This Program"),
}


class JewelryReportLookup(models.Model):
    """A question to a laboratory about a report, and its answer as it came.

    Rows are only added: two people may ask at once without waiting for each other. The newest
    answer on a number is shown until somebody asks anew.
    """

    _name = "jewelry.report.lookup"
    _description = "Report Lookup"
    _order = "id desc"
    _rec_name = "number"

    laboratory_id = fields.Many2one(
        comodel_name="jewelry.laboratory", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, ondelete="cascade"
    )
    number = fields.Char(string="Asked For", required=True, readonly=True)
    answer_number = fields.Char(
        string="Answered With",
        readonly=True,
        help="Where a newer report took the place of the one asked for, its number.",
    )
    state = fields.Selection(
        selection=[("done", "Answered"), ("failed", "No answer")], required=True, readonly=True
    )
    reason = fields.Char(readonly=True)
    message = fields.Char(readonly=True)
    # Not as JSON, which the database would sort: the order is the laboratory's own.
    answer = fields.Text(readonly=True, help="As it came, with what we do not know yet.")
    is_change = fields.Boolean(
        string="Changed", readonly=True, help="Not asked for: the laboratory said that it changed."
    )
    has_quota = fields.Boolean(readonly=True)
    quota = fields.Integer(string="Lookups Left", readonly=True, aggregator=None)
    retry_at = fields.Datetime(string="Not Before", readonly=True)
    document = fields.Binary(attachment=True, readonly=True)
    document_problem = fields.Char(readonly=True)
    report_ids = fields.One2many(
        comodel_name="jewelry.grading.report", inverse_name="lookup_id", string="Reports"
    )
    sheet = fields.Html(compute="_compute_sheet", sanitize=False)

    _number_index = models.Index("(laboratory_id, number, id DESC) WHERE state = 'done'")
    _retry_index = models.Index("(laboratory_id, company_id) WHERE retry_at IS NOT NULL")

    # === COMPUTE METHODS === #

    @api.depends("answer", "state")
    def _compute_sheet(self):
        for lookup in self:
            lookup.sheet = lookup.state == "done" and lookup._render_sheet()

    # === BUSINESS METHODS === #

    @api.model
    def _look_up(self, laboratory, number, company, *, refresh=False):
        """Return the answer on a report: the kept one, unless there is none or it is refreshed.

        :rtype: JewelryReportLookup, of state `failed` if the laboratory gave none
        """
        domain = self._get_number_domain(laboratory, number, company)
        kept = not refresh and self.search(domain, limit=1)
        # In sudo: the log is written by what is asked, never by hand.
        return kept or self.sudo()._ask(laboratory, number, company).sudo(False)

    @api.model
    def _get_number_domain(self, laboratory, number, company):
        return [
            ("state", "=", "done"),
            ("laboratory_id", "=", laboratory.id),
            ("number", "=", number),
            ("company_id", "=", company.id),
        ]

    @api.model
    def _ask(self, laboratory, number, company):
        """Ask the laboratory now, unless it told us to wait; return the row of what came."""
        provider = laboratory._get_provider()
        values = {
            "laboratory_id": laboratory.id,
            "number": number,
            "company_id": company.id,
        }
        try:
            self._check_wait(laboratory, company)
            answer = provider._fetch(company, number)
        except ReportError as error:
            return self.create(values | self._prepare_failure(laboratory, number, error))
        return self.create(values | self._prepare_answer(laboratory, number, answer))

    @api.model
    def _check_wait(self, laboratory, company):
        """Refuse to ask before the laboratory wants to be asked.

        :raises ReportError: `busy` with the seconds
        """
        now = fields.Datetime.now()
        domain = [
            ("laboratory_id", "=", laboratory.id),
            ("company_id", "=", company.id),
            ("retry_at", ">", now),
        ]
        if waiting := self.search(domain, order="retry_at desc", limit=1):
            raise ReportError("busy", seconds=(waiting.retry_at - now).total_seconds())

    @api.model
    def _prepare_failure(self, laboratory, number, error):
        """Return the values of a row that tells why there is no answer."""
        provider = laboratory._get_provider()
        retry_at = provider._get_retry_time(error)
        return {
            "state": "failed",
            "reason": error.code,
            "retry_at": retry_at,
            "message": provider._get_message(laboratory, error, number, retry_at),
        }

    @api.model
    def _prepare_answer(self, laboratory, number, answer):
        """Return the values of a row with an answer, its document fetched while the link lives."""
        provider = laboratory._get_provider()
        reading = provider._read(answer)
        quota = provider._get_quota(answer)
        clean = self.env["jewelry.grading.report"]._get_clean_number
        values = {
            "state": "done",
            "answer": json.dumps(answer),
            "answer_number": clean(reading.number) or number,
            "has_quota": quota is not None,
            "quota": quota or 0,
        }
        return values | self._prepare_document(laboratory, reading.document_url)

    @api.model
    def _prepare_document(self, laboratory, url):
        """Return the document behind a link as values, or why there is none."""
        provider = laboratory._get_provider()
        try:
            if not url:
                raise ReportError("document_none")
            content = provider._fetch_document(url)
            if not is_pdf(content):
                raise ReportError("document_pdf")
        except ReportError as error:
            return {"document_problem": provider._get_message(laboratory, error)}
        return {"document": base64.b64encode(content)}

    @api.model
    def _get_last_quota(self, laboratory, company):
        """Return how many lookups were left when last heard, None if never."""
        domain = [
            ("laboratory_id", "=", laboratory.id),
            ("company_id", "=", company.id),
            ("has_quota", "=", True),
        ]
        last = self.search(domain, limit=1)
        return last.quota if last else None

    def _get_answer(self):
        """Return the answer as it came; an empty one if there is none."""
        self.ensure_one()
        return json.loads(self.answer or "{}")

    def _read_answer(self):
        """Return the `tools.report.Reading` of the answer."""
        self.ensure_one()
        return self.laboratory_id._get_provider()._read(self._get_answer())

    # === CHANGES === #

    @api.model
    def _cron_poll_changes(self):
        """Ask each laboratory, for each account, which reports changed since we asked."""
        for laboratory in self.env["jewelry.laboratory"].search([("provider", "!=", "manual")]):
            for companies in laboratory._get_provider()._get_accounts():
                self.with_company(companies[0])._poll_changes(laboratory, companies)

    @api.model
    def _poll_changes(self, laboratory, companies):
        """Take all changes, page by page; tell the laboratory only when all of them are kept.

        :param companies: those that share the account, and so its queue of changes
        """
        provider, company = laboratory._get_provider(), companies[0]
        cursor, seen = None, set()
        try:
            self._check_wait(laboratory, company)
            while cursor not in seen:
                seen.add(cursor)
                answers, cursor = provider._fetch_changed(company, cursor)
                self._take_changes(laboratory, companies, answers)
                if not self.env["ir.cron"]._commit_progress(len(answers)):
                    # What is kept is not taken twice; the queue is cleared another day.
                    return
                if not cursor:
                    break
            provider._clear_changed(company)
        except ReportError as error:
            failure = self._prepare_failure(laboratory, "", error)
            self.create(
                {
                    "laboratory_id": laboratory.id,
                    "number": self.env._("Changes"),
                    "company_id": company.id,
                    "is_change": True,
                    **failure,
                }
            )
            self.env["ir.cron"]._commit_progress(0)

    @api.model
    def _take_changes(self, laboratory, companies, answers):
        """Keep the new answers on reports that we hold, and tell whoever holds them."""
        provider = laboratory._get_provider()
        clean = self.env["jewelry.grading.report"]._get_clean_number
        by_number = {clean(provider._read(answer).number): answer for answer in answers}
        reports = self.env["jewelry.grading.report"].search(
            [
                ("laboratory_id", "=", laboratory.id),
                ("number", "in", list(by_number)),
                ("company_id", "in", companies.ids),
            ]
        )
        for report in reports:
            self._take_change(report, by_number[report.number])

    @api.model
    def _take_change(self, report, answer):
        """Keep a new answer on a report; what is typed on its stone stays until somebody looks."""
        laboratory, before = report.laboratory_id, report.lookup_id
        new = laboratory._get_provider()._read(answer)
        changes = find_changes(before._read_answer(), new) if before else []
        if before and not changes:
            return
        lookup = self.create(
            {
                "laboratory_id": laboratory.id,
                "number": report.number,
                "company_id": report.company_id.id,
                "is_change": True,
                **self._prepare_answer(laboratory, report.number, answer),
            }
        )
        report.lookup_id = lookup
        report._schedule_changed(changes)

    # === SHEET === #

    def _render_sheet(self):
        """Return the report as it was printed, section by section, beside what was read of it."""
        sections = [
            (str(SECTION_LABELS[section]), [self._prepare_line(line) for line in lines])
            for section, lines in groupby(
                self._read_answer().printed, key=lambda line: line.section
            )
        ]
        values = {"sections": sections}
        return self.env["ir.qweb"]._render("jewelry_inventory.report_sheet", values)

    @api.model
    def _prepare_line(self, line):
        """Return what the sheet shows of a line; links are of use for an hour only."""
        read = {name: self._get_read_text(value) for name, value in line.read.items()}
        return {
            "label": line.label,
            "path": line.path,
            "text": "" if line.section in PASSING and "://" in line.text else line.text,
            "read": {name: text for name, text in read.items() if text != line.text},
            "known": line.known,
        }

    @api.model
    def _get_read_text(self, value):
        if value is None:
            return self.env._("not readable")
        return ", ".join(value) if isinstance(value, list) else str(value)

    # === TOOLING === #

    @api.autovacuum
    def _gc_lookups(self):
        """Forget lookups that nobody kept, after the time in which they are answered for free."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=KEPT_DAYS)
        self.search([("report_ids", "=", False), ("create_date", "<", limit)], limit=1000).unlink()
