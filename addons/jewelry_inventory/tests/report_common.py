"""What the tests of lookups share: a GIA of our own, a company with its key, and stones."""

import base64
from unittest.mock import patch

from odoo.tests import BaseCase
from odoo.tests.common import _super_send

from ..tools import web
from .common import VocabularyCommon
from .fake_gia import KEY, FakeGia


class FakeGiaCase(BaseCase):
    """Real requests to a server on this machine; it forgets between tests."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fake = FakeGia()
        cls.addClassCleanup(cls.fake.stop)

    def setUp(self):
        super().setUp()
        self.fake.reset()

    @classmethod
    def _request_handler(cls, s, r, /, **kw):
        """Override: tests of slowness wait as long as they say, not ten seconds."""
        if r.url.startswith(cls.fake.base):
            return _super_send(s, r, **kw)
        return super()._request_handler(s, r, **kw)

    def _hurry(self, seconds=0.3):
        """Let the program lose its patience soon."""
        self.startPatcher(patch.object(web, "ANSWER_SECONDS", seconds))


class ReportLookupCommon(FakeGiaCase, VocabularyCommon):
    """A company that may ask, its keeper, and a stone that fits the sample report."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.gia = cls._ref("laboratory_gia")
        cls.gia.provider = "gia"
        cls.company.write({"gia_url": f"{cls.fake.base}/graphql", "gia_key": KEY})
        cls.keeper = cls._create_user("keeper")
        cls.Lookup = cls.env["jewelry.report.lookup"]
        cls.Wizard = cls.env["jewelry.grading.report.lookup"].with_user(cls.keeper)

    # === FACTORIES === #

    @classmethod
    def _create_round(cls, **values):
        """Return a stone as made-up report 9000000001 describes it, in part."""
        piece = cls._create_lot()
        defaults = {
            "holder_id": piece.id,
            "carat": 1.012,
            "color_grade_id": cls._ref("grade_color_g").id,
            "clarity_grade_id": cls._ref("grade_clarity_vs1").id,
        }
        return cls._create_stone(**(defaults | values))

    def _open(self, record):
        """Open the wizard from a screen, as its button does."""
        active = {"active_model": record._name, "active_id": record.id}
        action = self.Wizard.with_context(**active).action_open()
        return self.Wizard.browse(action["res_id"])

    def _look_up(self, record, number):
        """Open the wizard, enter a number and ask."""
        wizard = self._open(record)
        wizard.number = number
        wizard.action_look_up()
        return wizard

    def _keep(self, record, number, taken=()):
        """Look a report up and keep it, with these fields taken over."""
        wizard = self._look_up(record, number)
        wizard.line_ids.filtered(lambda line: line.name in taken).is_taken = True
        return self.env["jewelry.grading.report"].browse(wizard.action_apply()["res_id"])

    # === READERS === #

    def _get_lines(self, wizard):
        return {line.name: line for line in wizard.line_ids}

    def _get_statuses(self, wizard):
        return {line.name: line.status for line in wizard.line_ids}

    def _get_document(self, record):
        return base64.b64decode(record.with_context(bin_size=False).document or b"")
