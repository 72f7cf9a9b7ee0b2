from odoo.tests import BaseCase, tagged

from ..tools.gs1 import check_digit, make_giai_path, to_canonical_link


@tagged("post_install", "-at_install")
class TestGs1(BaseCase):
    """Prefix 952 is GS1's own, for examples."""

    def test_check_digits_are_those_of_gs1(self):
        self.assertEqual(check_digit("401234500005"), "4")
        self.assertEqual(check_digit("1061414107346"), "4")
        self.assertEqual(check_digit("34012345111111111"), "1")

    def test_a_piece_is_an_asset_of_the_company(self):
        self.assertEqual(make_giai_path("9521234", "R-1001"), "/8004/9521234R-1001")
        self.assertEqual(make_giai_path("9521234", "R/1"), "/8004/9521234R%2F1")

    def test_no_number_is_made_that_gs1_does_not_allow(self):
        for prefix, number in (
            ("", "R-1001"),
            ("952", "R-1001"),
            ("95212345678901", "R"),
            ("952123x", "R"),
            ("9521234", ""),
            ("9521234", "Ring № 1"),
            ("9521234", "R 1"),
            ("9521234", "R" * 24),
        ):
            self.assertEqual(make_giai_path(prefix, number), "", (prefix, number))
        self.assertTrue(make_giai_path("9521234", "R" * 23))

    def test_links_of_any_domain_name_the_same_thing(self):
        canonical = "https://id.gs1.org/8004/9521234R-1001"
        for text in (
            "urn:epc:id:giai:9521234.R-1001",
            "https://shop.example/8004/9521234R-1001",
            "https://shop.example/some/where/8004/9521234R-1001?t=token",
            "https://shop.example/giai/9521234R-1001",
            canonical,
        ):
            self.assertEqual(to_canonical_link(text), canonical, text)

    def test_what_is_no_number_of_gs1_stays(self):
        for text in (
            "https://shop.example/jewelry/id/3f0c",
            "https://shop.example/po/12345678",
            "urn:uuid:3f0c",
            "urn:epc:id:unknown:1.2",
            "R-1001",
            "",
        ):
            self.assertEqual(to_canonical_link(text), text)
