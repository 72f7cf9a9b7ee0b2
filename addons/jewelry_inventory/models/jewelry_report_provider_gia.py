import json
import logging

from odoo import api, models
from odoo.tools import groupby
from odoo.tools.misc import file_open

from ..tools import gia
from ..tools.report import ReportError
from ..tools.web import WebError, post_json

_logger = logging.getLogger(__name__)

MAX_ANSWER_BYTES = 5_000_000
PAGE = 20

FIELDS = "jewelry_inventory/data/gia/report_fields.graphql"
REPORT = """query ReportQuery($number: String!) {
  getReport(report_number: $number) {
    ...ReportFields
  }
}
"""
CHANGED = """query ChangedQuery($limit: Int, $cursor: String) {
  getChangedReports(limit: $limit, cursor: $cursor) {
    results {
      report {
        ...ReportFields
      }
    }
    endCursor
  }
}
"""
CLEAR = "mutation { clearChangedReports }"
QUOTA = "{ getQuota { remaining } }"


class JewelryReportProviderGia(models.AbstractModel):
    """GIA's Report Results API: one question in GraphQL, one key per company.

    Source: GIALaboratory/gialaboratory.github.io, commit b749a802.
    """

    _name = "jewelry.report.provider.gia"
    _inherit = ["jewelry.report.provider"]
    _description = "GIA Report Results"

    # === HOOKS === #

    @api.model
    def _fetch(self, company, number):
        """Override: ask for one report; it counts as one lookup of the plan."""
        payload = self._ask(company, REPORT + self._get_fields(), {"number": number})
        return self._get_part(payload, "getReport", dict)

    @api.model
    def _read(self, answer):
        """Override: by the tables of `tools.gia`."""
        return gia.read_report(answer)

    @api.model
    def _get_quota(self, answer):
        """Override: each answer says it."""
        quota = answer.get("quota")
        left = quota.get("remaining") if isinstance(quota, dict) else None
        return left if isinstance(left, int) else None

    @api.model
    def _get_accounts(self):
        """Override: those of one key, which is a plan, and of the companies below them."""
        # In sudo: keys are for administrators, and the night asks for everybody.
        companies = self.env["res.company"].sudo()
        owners = companies.search([("gia_key", "!=", False), ("gia_url", "!=", False)])
        sharing = companies.search([("id", "child_of", owners.ids)], order="id")
        accounts = groupby(sharing, self._get_account)
        return [companies.concat(*rows) for account, rows in accounts if all(account)]

    @api.model
    def _fetch_quota(self, company):
        """Override: asking for the quota is free."""
        payload = self._ask(company, QUOTA)
        return self._get_quota({"quota": self._get_part(payload, "getQuota", dict)}) or 0

    @api.model
    def _fetch_changed(self, company, cursor=None):
        """Override: whole reports, so that none has to be asked for again."""
        variables = {"limit": PAGE, "cursor": cursor}
        payload = self._ask(company, CHANGED + self._get_fields(), variables)
        page = self._get_part(payload, "getChangedReports", dict)
        rows = page.get("results")
        rows = rows if isinstance(rows, list) else []
        reports = [row.get("report") for row in rows if isinstance(row, dict)]
        return [report for report in reports if isinstance(report, dict)], page.get("endCursor")

    @api.model
    def _clear_changed(self, company):
        """Override: empty the queue."""
        self._ask(company, CLEAR)

    # === TOOLING === #

    @api.model
    def _get_account(self, company):
        """Return the address and the key of a company or of the one it belongs to."""
        # In sudo: who looks up a report asks with the key, but never sees it.
        for owner in (company.sudo(), company.sudo().root_id):
            if owner.gia_key:
                return owner.gia_url, owner.gia_key
        return False, False

    @api.model
    def _get_fields(self):
        with file_open(FIELDS) as file:
            return file.read()

    @api.model
    def _ask(self, company, query, variables=None):
        """Send a question and return the whole answer.

        :raises ReportError: if there is none, or it says that there was a fault
        """
        url, key = self._get_account(company)
        if not (url and key):
            raise ReportError("key")
        body = {"query": query, "variables": variables or {}}
        try:
            content = post_json(url, body, key, MAX_ANSWER_BYTES)
        except WebError as error:
            _logger.info("GIA did not answer: %s %s", error.code, error.values)
            raise ReportError(error.code, **error.values) from None
        return self._parse(content)

    @api.model
    def _parse(self, content):
        try:
            payload = json.loads(content)
        except ValueError:
            payload = None
        if not isinstance(payload, dict):
            raise ReportError("unreadable")
        return payload

    @api.model
    def _get_part(self, payload, name, kind):
        """Return the part of an answer that was asked for.

        :raises ReportError: with what the laboratory says, if it is not there
        """
        data = payload.get("data")
        part = data.get(name) if isinstance(data, dict) else None
        if isinstance(part, kind):
            return part
        code, message = gia.find_error(payload) or ("unreadable", "")
        raise ReportError(code, message=message)
