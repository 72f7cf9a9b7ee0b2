from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .reader_common import ReaderCommon


@tagged("-at_install", "post_install")
class TestSeenFilters(ReaderCommon):
    """The filters of pieces by what readers see, as the view has them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.untagged = cls._stock_piece(place=cls.case)
        cls.never, cls.long_ago, cls.now_here = (cls._create_tag(number) for number in (1, 2, 3))
        cls.pieces = cls.untagged | (cls.never | cls.long_ago | cls.now_here).lot_id

    def setUp(self):
        super().setUp()
        self._send(self._row(self.long_ago, "appear", 20), self._row(self.now_here, "appear", 10))
        two_days_ago = fields.Datetime.now() - timedelta(days=2)
        self.long_ago.sudo().write({"last_seen": two_days_ago, "is_present": False})

    def _filter(self, name):
        arch = etree.fromstring(self.env.ref("jewelry_rfid.stock_lot_view_search_piece_seen").arch)
        (node,) = arch.xpath(f"//filter[@name='{name}']")
        domain = Domain(safe_eval(node.get("domain")))
        return self.env["stock.lot"].search(domain & Domain("id", "in", self.pieces.ids))

    def test_what_is_seen_now(self):
        self.assertEqual(self._filter("rfid_present"), self.now_here.lot_id)

    def test_not_seen_for_a_day_has_tags_that_were_never_seen_and_nothing_without_a_tag(self):
        found = self._filter("rfid_unseen")
        self.assertEqual(found, (self.never | self.long_ago).lot_id)
