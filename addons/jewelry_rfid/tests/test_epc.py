import json
import re

from odoo.tests import BaseCase, tagged
from odoo.tools.misc import file_open

from odoo.addons.jewelry_inventory.tools.gs1 import check_digit as trunk_check_digit
from odoo.addons.jewelry_inventory.tools.gs1 import to_canonical_link

from ..tools import epc

RING = "3066C4409047E140075BCD15"


def load_rows():
    """Return the worked examples of the standard."""
    with file_open("jewelry_rfid/tests/data/epc_tds_2_3.json") as file:
        return json.load(file)["rows"]


@tagged("post_install", "-at_install")
class TestEpc(BaseCase):
    """The worked examples of the standard, and what it says of each header."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rows = load_rows()
        cls.known = [row for row in cls.rows if row["scheme"] in epc.SCHEMES]

    def test_every_example_of_the_standard_has_its_codec_or_its_name(self):
        self.assertEqual(len(self.rows), 45)
        self.assertEqual({row["scheme"] for row in self.known}, set(epc.SCHEMES))
        names = {row["scheme"] for row in self.rows}
        self.assertEqual(set(epc.HEADERS.values()) - names, {"GDTI-113"})

    def test_an_example_is_read_as_the_standard_says(self):
        for row in self.known:
            code = epc.decode(row["epc_hex"])
            self.assertEqual(code.scheme, row["scheme"])
            self.assertEqual(code.filter, 0 if row["scheme"].startswith("SSCC") else 3)
            self.assertEqual(code.tag_uri, row["epc_tag_uri"])
            self.assertEqual(code.uri, row["epc_uri"])
            self.assertEqual(code.element_string, row["gs1_element_string"])
            self.assertEqual(code.digital_link, row["gs1_digital_link"])

    def test_an_example_is_written_bit_by_bit_from_each_of_its_forms(self):
        for row in self.known:
            code = epc.decode(row["epc_hex"])
            options = {
                "scheme": row["scheme"],
                "filter_value": code.filter,
                "prefix_length": code.prefix_length,
            }
            for name in ("epc_tag_uri", "epc_uri", "gs1_element_string", "gs1_digital_link"):
                if row[name]:
                    written = epc.encode(epc.parse(row[name], **options))
                    self.assertEqual(written, row["epc_hex"], (row["scheme"], name))

    def test_a_scheme_without_codec_is_refused_by_its_name(self):
        for row in self.rows:
            if row not in self.known:
                with self.assertRaisesRegex(epc.EpcError, re.escape(row["scheme"])):
                    epc.decode(row["epc_hex"])

    def test_all_headers_have_the_scheme_of_the_standard(self):
        for row in self.rows:
            header = int(row["epc_hex"][:2], 16)
            self.assertEqual(epc.HEADERS[header], row["scheme"])
        for scheme in epc.SCHEMES.values():
            self.assertEqual(epc.HEADERS[scheme.header], scheme.name)

    def test_every_other_header_is_refused(self):
        for header in range(256):
            if header not in epc.HEADERS:
                with self.assertRaises(epc.EpcError):
                    epc.decode(f"{header:02X}".ljust(24, "7"))

    def test_a_blank_chip_and_the_number_of_a_chip_are_told_apart(self):
        with self.assertRaisesRegex(epc.EpcError, "blank"):
            epc.decode("0" * 24)
        with self.assertRaisesRegex(epc.EpcError, "TID"):
            epc.decode("E28011702000020B5C0A0A4C")

    def test_check_digits_are_those_of_the_trunk(self):
        for digits in ("401234500005", "1061414107346", "34012345111111111", "0", "9521141123456"):
            self.assertEqual(epc.check_digit(digits), trunk_check_digit(digits))

    def test_links_are_those_of_the_trunk(self):
        for row in self.known:
            if row["epc_uri"]:
                self.assertEqual(
                    to_canonical_link(epc.decode(row["epc_hex"]).uri), row["gs1_digital_link"]
                )

    def test_signs_that_a_link_escapes_are_those_of_the_trunk(self):
        signs = "".join(sorted(epc.SIGNS - {"."}))
        for text in (signs[:20], signs[20:40], signs[40:60], signs[60:80], signs[80:]):
            code = epc.Epc("SGTIN-198", 1, "09506000134352", text, 11)
            self.assertEqual(to_canonical_link(code.uri), code.digital_link)


@tagged("post_install", "-at_install")
class TestHex(BaseCase):
    """Hexadecimal text as readers show it."""

    def test_small_letters_and_blanks_are_read(self):
        code = epc.decode(RING)
        for text in (
            RING.lower(),
            "3066 C440 9047 E140 075B CD15",
            f" {RING}\n",
            "30 66c440" + RING[8:],
        ):
            self.assertEqual(epc.decode(text), code)
            self.assertEqual(epc.normalize(text), RING)

    def test_what_is_not_hexadecimal_is_refused(self):
        for text in (
            "",
            " ",
            "0x" + RING,
            RING[:-1] + "G",
            "30_66",
            "+3066",
            "\uff13\uff10",
            None,
            48,
        ):
            for function in (epc.decode, epc.normalize, epc.pad, epc.clean_hex):
                with self.assertRaises(epc.EpcError):
                    function(text)

    def test_zeros_that_a_reader_adds_are_dropped(self):
        for row in load_rows():
            if row["scheme"] in epc.SCHEMES:
                for zeros in ("", "0", "0000", "0" * 8, "0" * 76):
                    padded = row["epc_hex"] + zeros
                    self.assertEqual(epc.normalize(padded), row["epc_hex"])
                    self.assertEqual(epc.decode(padded), epc.decode(row["epc_hex"]))

    def test_zeros_of_a_code_itself_stay(self):
        code = epc.parse("urn:epc:tag:sgtin-96:1.9521141.000000.0")
        self.assertEqual(epc.normalize(epc.encode(code) + "0000"), epc.encode(code))
        self.assertEqual(len(epc.encode(code)), 24)

    def test_anything_else_behind_a_code_is_refused(self):
        for row in load_rows():
            if row["scheme"] in epc.SCHEMES:
                with self.assertRaisesRegex(epc.EpcError, "one chip at a time"):
                    epc.decode(row["epc_hex"] + "0001")

    def test_a_code_that_was_cut_is_refused(self):
        for row in load_rows():
            if row["scheme"] in epc.SCHEMES:
                for length in range(1, len(row["epc_hex"])):
                    cut = row["epc_hex"][:length]
                    if not row["epc_hex"][length:].strip("0"):
                        continue
                    with self.assertRaises(epc.EpcError, msg=cut):
                        epc.decode(cut)

    def test_what_is_no_known_code_keeps_all_its_digits(self):
        for text in ("E28011702000020B5C0A0A4C0000", "ABCDEF", "2D76451FD4499602D20000000000", "7"):
            self.assertEqual(epc.normalize(text), text)

    def test_a_chip_holds_whole_words(self):
        self.assertEqual(epc.pad("FB342CDE795211411234538566CB0AFC4")[-4:], "4000")
        self.assertEqual(epc.pad(RING.lower()), RING)
        self.assertEqual(len(epc.pad("F" * 124)), 124)
        with self.assertRaisesRegex(epc.EpcError, "31 words"):
            epc.pad("F" * 125)

    def test_the_pc_word_counts_words_and_says_what_is_of_gs1(self):
        self.assertEqual(epc.get_pc(RING), "3000")
        self.assertEqual(epc.get_pc("F73795211411234538566CB0AFC40000"), "4000")
        self.assertEqual(epc.get_pc("3666C4409047E159B2C2BF100000000000000000000000000000"), "6800")
        self.assertEqual(epc.get_pc(epc.encode(epc.make_own("00000001", 1))), "3100")
        self.assertEqual(epc.get_pc("ABCD"), "0900")

    def test_more_data_behind_a_plus_code_are_kept_and_said(self):
        with_data = "F7B" + "795211411234538566CB0AFC4" + "17ABCD"
        code = epc.decode(with_data)
        self.assertTrue(code.has_data)
        self.assertEqual(code.element_string, "(01)79521141123453(21)32a/b")
        self.assertEqual(epc.normalize(with_data.lower()), with_data)
        with self.assertRaisesRegex(epc.EpcError, "would be lost"):
            epc.encode(code)


@tagged("post_install", "-at_install")
class TestOwnNumbers(BaseCase):
    """Numbers of a store that has no company prefix of GS1."""

    def test_an_own_number_tells_its_store_and_its_number(self):
        digits = epc.encode(epc.make_own("8A3F12CD", 42))
        self.assertEqual(digits[:20], "4A578A3F12CD0000002A")
        code = epc.decode(digits)
        self.assertEqual((code.scheme, code.store, code.key), ("own", "8A3F12CD", "42"))
        self.assertEqual(epc.parse(code.own_text), code)

    def test_it_is_no_code_of_gs1(self):
        code = epc.make_own("8A3F12CD", 42)
        self.assertNotIn(int(epc.encode(code)[:2], 16), epc.HEADERS)
        for form in (code.uri, code.tag_uri, code.element_string, code.digital_link, code.filter):
            self.assertIsNone(form)

    def test_a_number_with_any_bit_turned_is_refused(self):
        value = int(epc.encode(epc.make_own("8A3F12CD", 42)), 16)
        for bit in range(96):
            with self.assertRaises(epc.EpcError):
                epc.decode(f"{value ^ 1 << bit:024X}")

    def test_a_number_out_of_range_is_refused(self):
        epc.encode(epc.make_own("00000000", 0))
        epc.encode(epc.make_own("FFFFFFFF", 2**32 - 1))
        for store, number in (("0", 1), ("8a3f12cd", 1), ("8A3F12CD", 2**32), ("8A3F12CD", -1)):
            with self.assertRaisesRegex(epc.EpcError, "no number of a store"):
                epc.encode(epc.make_own(store, number))

    def test_padding_is_dropped_and_cutting_refused(self):
        digits = epc.encode(epc.make_own("8A3F12CD", 42))
        self.assertEqual(epc.normalize(digits + "0000"), digits)
        for text in (digits[:-4], digits + "0001", "4A57"):
            with self.assertRaises(epc.EpcError):
                epc.decode(text)
