from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.jewelry_piece_passport import PAGE
from .common import JewelryCommon

GROCERY = "4006381333931"


@tagged("post_install", "-at_install")
class TestForeignLabels(JewelryCommon):
    """What is said of labels that are not of this store, wherever they are scanned."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.gs1_prefix = "9521234"
        cls.associate = cls._create_user("associate")
        cls.lots = cls.env["stock.lot"].with_user(cls.associate)
        cls.ring = cls._stock_piece(name="R-1001")

    def _assert_foreign(self, code, foreign=True):
        self.assertFalse(self.lots._get_piece_by_scan(code), code)
        text = self.lots.describe_unknown_scan(code)
        self.assertIn("label of somebody else" if foreign else "No piece is found", text)
        self.assertIn(code.strip(), text)

    def test_a_label_of_somebody_else_is_told_from_an_unknown_number(self):
        self._assert_foreign(GROCERY)
        self._assert_foreign(f"01{GROCERY.zfill(14)}21R-9")
        self._assert_foreign("https://other.example/8004/4006381R-1001")
        self._assert_foreign("https://other.example/jewelry/passport/abc")
        for code in ("R-9999", "4006381333930", "010952123454321321R-9", "96385074"):
            self._assert_foreign(code, False)

    def test_the_serial_number_of_somebody_elses_goods_is_not_our_piece(self):
        self._assert_foreign(f"01{GROCERY.zfill(14)}21R-1001")
        found = self.lots._get_piece_by_scan("010952123454321321R-1001")
        self.assertEqual(found.id, self.ring.id)

    def test_the_serial_number_is_found_however_it_is_written(self):
        for code in (
            "(01)09521234543213(21)R-1001",
            "\x1d010952123454321310A7\x1d21R-1001",
            "]C1010952123454321321R-1001",
            "]d221R-1001",
            "urn:epc:id:sgtin:9521234.054321.R-1001",
            "https://shop.example/01/09521234543213/21/R-1001",
        ):
            self.assertEqual(self.lots._get_piece_by_scan(code).id, self.ring.id, code)

    def test_goods_of_a_maker_that_we_stock_by_its_barcode_are_ours(self):
        self.style.barcode = GROCERY
        found = self.lots._get_piece_by_scan(f"01{GROCERY.zfill(14)}21R-1001")
        self.assertEqual(found.id, self.ring.id)
        self._assert_foreign(GROCERY, False)

    def test_a_barcode_in_any_length_is_the_one_of_the_product(self):
        self.style.barcode = "36000291452".zfill(14)
        self._assert_foreign("036000291452", False)

    def test_without_a_prefix_a_serial_number_is_found_as_ever(self):
        self.company.gs1_prefix = False
        found = self.lots._get_piece_by_scan(f"01{GROCERY.zfill(14)}21R-1001")
        self.assertEqual(found.id, self.ring.id)

    def test_the_code_on_our_own_passport_opens_the_piece(self):
        _link, token = self.env["jewelry.link"]._issue(self.ring)
        with_prefix = self.ring._get_passport_url(token)
        self.assertIn("/8004/9521234R-1001", with_prefix)
        self.assertEqual(self.lots._get_piece_by_scan(with_prefix).id, self.ring.id)
        self.company.gs1_prefix = False
        plain = self.ring._get_passport_url(token)
        self.assertIn(PAGE, plain)
        self.assertEqual(self.lots._get_piece_by_scan(plain).id, self.ring.id)
        self.assertEqual(self.lots.open_by_scan(plain)["res_id"], self.ring.id)

    def test_a_passport_that_was_withdrawn_is_unknown_but_ours(self):
        self.company.gs1_prefix = False
        link, token = self.env["jewelry.link"]._issue(self.ring)
        link.action_revoke()
        self._assert_foreign(self.ring._get_passport_url(token), False)

    def test_a_passport_of_a_piece_of_another_company_opens_nothing(self):
        other = self.env["res.company"].create({"name": "Other store"})
        theirs = self._create_piece(name="THEIRS-1", company_id=other.id)
        _link, token = self.env["jewelry.link"]._issue(theirs)
        self.assertFalse(self.lots._get_piece_by_scan(theirs._get_passport_url(token)))

    def test_an_impossible_date_in_a_code_is_no_reason_to_stop(self):
        for code in ("17999900", "17001300", "17990231", "11000000"):
            self._assert_foreign(code, False)

    def test_what_no_scanner_reads_is_refused_in_words(self):
        for code in (["R-1"], {"code": "R-1"}, 7, True, "a\0b", "\ud800", "x" * 5000):
            for act in (self.lots.open_by_scan, self.lots.describe_unknown_scan):
                with self.subTest(code=code), self.assertRaisesRegex(UserError, "is a text"):
                    act(code)
        for code in (None, False, "", "  "):
            self.assertFalse(self.lots.open_by_scan(code))

    def test_who_has_no_pieces_is_told_nothing_of_labels(self):
        outsider = self._create_user("portal")
        with self.assertRaises(AccessError):
            self.env["stock.lot"].with_user(outsider).describe_unknown_scan(GROCERY)

    def test_many_labels_of_others_are_told_in_as_many_queries_as_one(self):
        digits = [f"40063810000{number}" for number in range(10)]
        codes = [f"01{gtin.zfill(13)}0" for gtin in digits] + [GROCERY] * 2
        counts = []
        for some in ([GROCERY], codes):
            self.lots._find_foreign_scans(some)
            before = self.env.cr.sql_log_count
            self.lots._find_foreign_scans(some)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)
