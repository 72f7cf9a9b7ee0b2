from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.gs1 import check_digit
from ..tools.scan import (
    get_gtins,
    get_reference,
    is_amount,
    is_foreign,
    is_text,
    read_keys,
    to_element_string,
)

OURS = ("9521234",)
BASE = "https://shop.example"
GROCERY = "4006381333931"
GTIN = "04006381333931"


@tagged("post_install", "-at_install")
class TestScanRules(BaseCase):
    """Whose a label is, by what its code says. Prefix 952 is GS1's own, for examples."""

    def _is_foreign(self, code, *parts, prefixes=OURS):
        return is_foreign(code, parts, prefixes, BASE)

    def test_a_code_of_a_grocery_is_somebody_elses(self):
        for code in (GROCERY, GTIN, "036000291452"):
            self.assertTrue(self._is_foreign(code), code)

    def test_codes_in_other_words_say_the_same_element_string(self):
        for code in (
            "(01)09521234543213(21)R-1",
            "(01) 09521234543213 (21) R-1",
            "urn:epc:id:sgtin:9521234.054321.R-1",
            "https://shop.example/01/09521234543213/21/R-1",
        ):
            self.assertEqual(to_element_string(code), "0109521234543213\x1d21R-1", code)

    def test_what_says_nothing_of_gs1_stays_as_it_is(self):
        for code in ("R-1", "R(1)", "", "(x)1", "urn:epc:id:sgtin:1", "https://shop.example/a"):
            self.assertEqual(to_element_string(code), code)

    def test_a_number_with_a_wrong_check_digit_is_just_a_number(self):
        for code in ("4006381333930", "036000291451", "123", "", "R-1001", "٤٠٠٦٣٨١٣٣٣٩٣١"):
            self.assertEqual(read_keys(code), [], code)
            self.assertFalse(self._is_foreign(code), code)

    def test_a_short_number_may_be_anybodys(self):
        self.assertFalse(self._is_foreign("96385074"))

    def test_what_a_store_gives_out_for_itself_is_nobody_elses(self):
        for digits in ("200000000001", "210000000001", "020000000001", "040000000001"):
            code = digits + check_digit(digits)
            self.assertTrue(read_keys(code))
            self.assertFalse(self._is_foreign(code), code)

    def test_our_own_prefix_is_ours_in_each_kind_of_key(self):
        for key, ours, theirs in (
            ("01", "09521234543213", "04006381333931"),
            ("00", "395212340000000013", "340063810000000016"),
            ("414", "9521234000006", "4006381000004"),
            ("8003", "09521234000006R-1", "04006381000004R-1"),
            ("8004", "9521234R-1", "4006381R-1"),
        ):
            with self.subTest(key=key):
                self.assertFalse(self._is_foreign("x", (key, ours)))
                self.assertTrue(self._is_foreign("x", (key, theirs)))

    def test_without_a_prefix_of_ours_every_key_is_somebody_elses(self):
        for prefixes in ([], [""]):
            self.assertTrue(self._is_foreign("x", ("01", GTIN), prefixes=prefixes))

    def test_a_key_of_any_of_our_companies_is_ours(self):
        prefixes = [*OURS, "4006381"]
        self.assertFalse(self._is_foreign(GROCERY, prefixes=prefixes))

    def test_a_serial_number_alone_tells_nothing(self):
        self.assertFalse(self._is_foreign("x", ("21", "R-1"), ("10", "LOT")))

    def test_a_code_is_somebody_elses_as_soon_as_one_key_in_it_is(self):
        parts = [("01", "09521234543213"), ("8004", "4006381R-1")]
        self.assertTrue(self._is_foreign("x", *parts))

    def test_links_of_others_are_theirs_and_ours_are_ours(self):
        for code, foreign in (
            (f"{BASE}/jewelry/passport/token", False),
            (f"{BASE}/8004/9521234R-1?t=token", False),
            (f"{BASE}/8004/4006381R-1?t=token", True),
            ("https://id.gs1.org/8004/9521234R-1", False),
            ("https://other.example/jewelry/passport/token", True),
            ("https://other.example/01/04006381333931/21/R-1", True),
            ("HTTPS://OTHER.EXAMPLE/X", True),
            ("urn:epc:id:giai:4006381.R-1", True),
            ("urn:epc:id:giai:9521234.R-1", False),
            ("urn:other:thing", False),
            ("http://[half", True),
        ):
            with self.subTest(code=code):
                self.assertEqual(self._is_foreign(code), foreign)

    def test_what_follows_the_prefix_is_the_number_of_the_piece(self):
        self.assertEqual(get_reference("8004", "9521234R-1", "9521234"), "R-1")
        self.assertEqual(get_reference("8004", "9521234", "9521234"), "")
        for prefix in ("", False, None, "4006381"):
            self.assertIsNone(get_reference("8004", "9521234R-1", prefix))

    def test_a_trade_item_is_looked_up_in_each_length_that_holds_it(self):
        self.assertEqual(get_gtins(GROCERY), {GROCERY, GTIN})
        short = get_gtins("x", [("01", "00000096385074")])
        self.assertEqual(sorted(map(len, short)), [8, 12, 13, 14])
        self.assertEqual(get_gtins("R-1", [("21", "R-1")]), set())

    def test_a_number_in_a_link_is_read_as_it_was_written(self):
        self.assertEqual(read_keys(f"{BASE}/8004/9521234R%2F1"), [("8004", "9521234R/1")])

    @given(st.text(alphabet="0123456789", min_size=11, max_size=13))
    def test_of_ten_numbers_one_has_its_check_digit(self, digits):
        found = [last for last in "0123456789" if read_keys(digits + last)]
        self.assertEqual(found, [check_digit(digits)])

    @given(st.text(max_size=60))
    def test_whatever_is_scanned_has_an_answer(self, code):
        for text in (code, f"https://{code}", f"urn:epc:id:sgtin:{code}", f"{BASE}/8004/{code}"):
            self.assertIn(self._is_foreign(text), (True, False))


@tagged("post_install", "-at_install")
class TestScanValues(BaseCase):
    """What a screen may send."""

    def test_text_is_what_a_database_keeps(self):
        for value in ("R-1", "é", "]C1\x1d21R-1", "😀", "x" * 9):
            self.assertTrue(is_text(value, 9 + 3), value)
        for value in ("", "x" * 13, "a\0b", "\ud800", None, 1, b"x", ["x"], {"x": 1}, True):
            self.assertFalse(is_text(value, 12), value)

    def test_an_amount_is_a_number_from_0_on(self):
        for value in (0, 1, 0.5, 10**400, float("inf")):
            self.assertTrue(is_amount(value), value)
        for value in (-1, -0.1, float("nan"), True, False, None, "1", [1], {}):
            self.assertFalse(is_amount(value), value)
