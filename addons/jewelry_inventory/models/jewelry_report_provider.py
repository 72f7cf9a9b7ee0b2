from odoo import api, fields, models
from odoo.tools import format_datetime
from odoo.tools.translate import LazyTranslate

from ..tools.document import MAX_BYTES
from ..tools.report import ReportError
from ..tools.web import WebError, fetch

_lt = LazyTranslate(__name__)

# What to tell the user, by the code of a `ReportError`: one line that says what to do.
MESSAGES = {
    "manual": _lt("%(laboratory)s is not asked: enter its reports by hand."),
    "key": _lt(
        "There is no key for %(laboratory)s. An administrator enters it in the settings, "
        "or enter the report by hand."
    ),
    "address": _lt("The address of %(laboratory)s in the settings must begin with https://."),
    "offline": _lt(
        "%(laboratory)s cannot be reached. Check the connection and try again, or enter "
        "the report by hand."
    ),
    "timeout": _lt("%(laboratory)s does not answer. Try again later, or enter the report by hand."),
    "refused": _lt("%(laboratory)s refused the key. An administrator checks it in the settings."),
    "busy": _lt("%(laboratory)s was asked too often. Try again after %(time)s."),
    "status": _lt(
        "%(laboratory)s has a fault (%(status)s). Try again later, or enter the report by hand."
    ),
    "large": _lt("The answer of %(laboratory)s is too large to be a report."),
    "unreadable": _lt("The answer of %(laboratory)s cannot be read. Try again later."),
    "not_found": _lt("%(laboratory)s shows no report %(number)s. Check the number on the paper."),
    "forbidden": _lt(
        "The key may not see report %(number)s of %(laboratory)s. A key for trials sees "
        "samples only."
    ),
    "in_service": _lt(
        "%(laboratory)s is working on the item of report %(number)s. Try again when it is back."
    ),
    "quota": _lt(
        "All lookups at %(laboratory)s are used up. Buy more there, or enter the report by hand."
    ),
    "failed": _lt("%(laboratory)s says: %(message)s"),
    "document_pdf": _lt("What %(laboratory)s sent as its document is no PDF."),
    "document_large": _lt("The document of %(laboratory)s is above 20 MB."),
    "document_refused": _lt("The link to the document of %(laboratory)s has expired: ask again."),
    "document": _lt(
        "The document of %(laboratory)s could not be fetched: ask again, or upload it."
    ),
    "document_none": _lt("%(laboratory)s offers no document for this report."),
}


class JewelryReportProvider(models.AbstractModel):
    """What asks a laboratory for its reports; as it stands, it asks nobody.

    A provider is a value of `jewelry.laboratory.provider` and a model with that value at the end
    of its name, which overrides the hooks below.
    """

    _name = "jewelry.report.provider"
    _description = "Laboratory Report Provider"

    # === HOOKS === #

    @api.model
    def _fetch(self, company, number):
        """Hook: return the laboratory's answer on a number, a JSON object as it came.

        :raises ReportError: saying why there is none
        """
        raise ReportError("manual")

    @api.model
    def _read(self, answer):
        """Hook: return the `tools.report.Reading` of an answer."""
        raise NotImplementedError

    @api.model
    def _get_quota(self, answer):
        """Hook: return how many lookups an answer says are left, None if it does not say."""
        return

    @api.model
    def _get_accounts(self):
        """Hook: return the companies that ask with one account, for each account."""
        return []

    @api.model
    def _fetch_quota(self, company):
        """Hook: return how many lookups are left, without using one.

        :raises ReportError: saying why it is not known
        """
        raise ReportError("manual")

    @api.model
    def _fetch_changed(self, company, cursor=None):
        """Hook: return a page of answers that changed since we asked, and the next cursor.

        :raises ReportError: saying why there is none
        """
        return [], None

    @api.model
    def _clear_changed(self, company):
        """Hook: tell the laboratory that all changes are taken.

        :raises ReportError: if it does not hear
        """

    # === TOOLING === #

    @api.model
    def _fetch_document(self, url):
        """Return the bytes behind the link to a report's document.

        :raises ReportError: saying why there are none
        """
        try:
            return fetch(url, MAX_BYTES)
        except WebError as error:
            raise ReportError(f"document_{error.code}", **error.values) from None

    @api.model
    def _get_message(self, laboratory, error, number="", retry_at=None):
        """Return what to tell the user of a `ReportError`: one line that says what to do."""
        kind = "document" if error.code.startswith("document") else "failed"
        template = str(MESSAGES.get(error.code, MESSAGES[kind]))
        values = {
            "laboratory": laboratory.name,
            "number": number,
            "time": format_datetime(self.env, retry_at) if retry_at else "",
            "message": error.code,
            **error.values,
        }
        return template % values

    @api.model
    def _get_retry_time(self, error):
        """Return when to ask again after an error, False if it does not say."""
        seconds = error.values.get("seconds")
        return error.code == "busy" and fields.Datetime.add(
            fields.Datetime.now(), seconds=seconds or 0
        )
