from contextlib import contextmanager
from functools import partial

from odoo import api, models
from odoo.exceptions import UserError
from odoo.http import request, root
from odoo.service import security

from odoo.addons.base.models.ir_actions_report import _wkhtml
from odoo.addons.base.models.report_paperformat import PAPER_SIZES

from ..tools.chromium import Chromium, find_chromium
from ..tools.devtools import ChromiumError
from ..tools.letterhead import build_letterhead
from ..tools.overlay import assemble, count_pages, find_title
from ..tools.own_site import OwnSite
from ..tools.paper import Paper

SIZES = {size["key"]: (size["width"], size["height"]) for size in PAPER_SIZES if "width" in size}


class IrActionsReport(models.Model):
    """Prints reports with Chromium where wkhtmltopdf would lose headers and footers."""

    _inherit = "ir.actions.report"

    @api.model
    def get_wkhtmltopdf_state(self):
        """Report a working printer when Chromium stands in for wkhtmltopdf."""
        if not _wkhtml().is_patched_qt and find_chromium():
            return "ok"
        return super().get_wkhtmltopdf_state()

    @api.model
    def _run_wkhtmltopdf(
        self,
        bodies,
        report_ref=False,
        header=None,
        footer=None,
        landscape=False,
        specific_paperformat_args=None,
        set_viewport_size=False,
    ):
        """Print with Chromium unless wkhtmltopdf is the patched one.

        Takes and returns what core's method does; ``set_viewport_size`` changes nothing here,
        because Chromium lays a print out on its paper, not on a screen.

        :raises UserError: when Chromium is missing or fails
        """
        if _wkhtml().is_patched_qt:
            return super()._run_wkhtmltopdf(
                bodies,
                report_ref=report_ref,
                header=header,
                footer=footer,
                landscape=landscape,
                specific_paperformat_args=specific_paperformat_args,
                set_viewport_size=set_viewport_size,
            )
        report = self._get_report(report_ref) if report_ref else self
        arguments = self._build_wkhtmltopdf_args(
            report.get_paperformat(), landscape, specific_paperformat_args, set_viewport_size
        )
        paper = Paper.from_arguments(arguments, SIZES)
        try:
            return self._print_with_chromium(bodies, header, footer, paper)
        except ChromiumError as error:
            raise UserError(self.env._("Chromium could not print the report: %s", error)) from error

    @api.model
    def _print_with_chromium(self, bodies, header, footer, paper):
        """Return the PDF of all bodies, each with its own header, footer and page numbers."""
        program = find_chromium()
        if not program:
            raise UserError(
                self.env._(
                    "Printing needs Chromium, because the wkhtmltopdf of this system prints no "
                    "headers and footers. Ask your administrator to install it, for example with: "
                    "apt install chromium-headless-shell"
                )
            )
        base_url = self._get_report_url()
        with (
            self._lend_session() as session_headers,
            OwnSite({base_url, self.browse().get_base_url()}, session_headers) as site,
            Chromium(program, site.get) as browser,
        ):
            print_pdf = partial(browser.print_pdf, f"{base_url}/report/print")
            printed = [print_pdf(body, **paper.body_options) for body in bodies]
            letterhead = build_letterhead(header, footer, map(count_pages, printed), paper)
            if letterhead:
                letterhead = print_pdf(letterhead, **paper.letterhead_options)
        return assemble(printed, letterhead, paper, map(find_title, bodies))

    @contextmanager
    def _lend_session(self):
        """Give the headers that let a report fetch what the user who prints may see."""
        if not (request and request.db):
            yield {"X-Odoo-Database": self.env.cr.dbname}
            return
        session = root.session_store.new()
        session.update({**request.session, "debug": "", "_trace_disable": True})
        if session.uid:
            session.session_token = security.compute_session_token(session, self.env)
        root.session_store.save(session)
        try:
            yield {"Cookie": f"session_id={session.sid}"}
        finally:
            root.session_store.delete(session)
