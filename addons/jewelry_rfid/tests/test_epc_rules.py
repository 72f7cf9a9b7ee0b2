from odoo.tests import BaseCase, tagged

from ..tools import epc

SGTIN = "urn:epc:tag:sgtin-96:3.95060001343.05."


class EpcCase(BaseCase):
    def _refuse(self, text, message, **options):
        with self.assertRaisesRegex(epc.EpcError, message, msg=text):
            epc.encode(epc.parse(text, **options))


@tagged("post_install", "-at_install")
class TestSerials(EpcCase):
    """A serial number is on the chip as it is, or not at all."""

    def test_a_leading_zero_is_refused_where_it_would_be_lost(self):
        for text in (
            SGTIN + "0678",
            SGTIN + "00",
            "urn:epc:tag:grai-96:3.9521141.12345.05",
            "urn:epc:tag:sgln-96:3.9521141.12345.05",
            "urn:epc:tag:giai-96:3.9521141.05678",
        ):
            self._refuse(text, "begins with a zero, which would be lost")
        self.assertEqual(epc.parse(SGTIN + "0").serial, "0")

    def test_a_number_too_large_is_refused_with_the_scheme_that_holds_it(self):
        largest = epc.parse(SGTIN + "274877906943")
        self.assertEqual(epc.encode(largest)[-10:], "7FFFFFFFFF"[-10:])
        self._refuse(SGTIN + "274877906944", "Use SGTIN-198")
        self._refuse("urn:epc:tag:grai-96:0.9521141.12345.274877906944", "Use GRAI-170")
        self._refuse("urn:epc:tag:sgln-96:0.9521141.12345.2199023255552", "Use SGLN-195")
        self._refuse("urn:epc:tag:giai-96:0.9521141.288230376151711744", "Use GIAI-202")

    def test_text_is_refused_where_only_digits_fit(self):
        for serial in ("32a", "-1", "+1", "1e3", "٣", ""):
            self._refuse(SGTIN + serial, "SGTIN-198|not written as")

    def test_text_as_long_as_the_standard_allows_is_held(self):
        for scheme, most in (("sgtin-198", 20), ("sgln-195", 20), ("grai-170", 16)):
            reference = "012345" if scheme.startswith("sgtin") else "12345"
            start = f"urn:epc:tag:{scheme}:1.9521141.{reference}."
            self.assertEqual(
                epc.decode(epc.encode(epc.parse(start + "z" * most))).serial, "z" * most
            )
            self._refuse(start + "z" * (most + 1), f"up to {most} signs")
            self._refuse(start, "signs")
        for prefix in ("952114", "952114112345"):
            most = 30 - len(prefix)
            start = f"urn:epc:tag:giai-202:0.{prefix}."
            code = epc.decode(epc.encode(epc.parse(start + "z" * most)))
            self.assertEqual(code.key, prefix + "z" * most)
            self._refuse(start + "z" * (most + 1), "30 signs")

    def test_signs_that_gs1_does_not_allow_are_refused(self):
        for sign in (" ", "#", "$", "@", "[", "^", "~", "é", "\0", "\n"):
            self._refuse(f"urn:epc:tag:sgtin-198:3.95060001343.05.a{sign}", "cannot hold")

    def test_escapes_are_exactly_those_of_the_standard(self):
        start = "urn:epc:tag:sgtin-198:3.95060001343.05."
        for escaped, sign in (
            ("%22", '"'),
            ("%25", "%"),
            ("%26", "&"),
            ("%2F", "/"),
            ("%3C", "<"),
            ("%3E", ">"),
            ("%3F", "?"),
            ("%2f", "/"),
        ):
            self.assertEqual(epc.parse(start + escaped).serial, sign)
        for text in ('"', "%", "&", "/", "<", ">", "?", "%41", "%2", "%zz", "%C3%A9", "100%"):
            self._refuse(start + text, "not written as a URI has it")

    def test_what_follows_text_on_a_chip_is_refused(self):
        written = epc.encode(epc.parse("urn:epc:tag:sgtin-198:3.95060001343.05.ab"))
        gap = f"{int(written, 16) | 0x41 << 10 + 7 * 10:052X}"
        with self.assertRaisesRegex(epc.EpcError, "follows the text"):
            epc.decode(gap)

    def test_text_of_a_chip_that_is_none_is_refused(self):
        empty = int(epc.encode(epc.parse("urn:epc:tag:sgtin-198:3.95060001343.05.a")), 16)
        for code in (0, ord("#"), 1, 127):
            other = empty & ~(127 << 10 + 133) | code << 10 + 133
            with self.assertRaisesRegex(epc.EpcError, "is none"):
                epc.decode(f"{other:052X}")


@tagged("post_install", "-at_install")
class TestKeys(EpcCase):
    """Company prefixes, references and check digits."""

    def test_a_company_prefix_has_six_to_twelve_digits(self):
        self._refuse("urn:epc:tag:sgtin-96:1.95211.01234567.1", "no company prefix")
        self._refuse("urn:epc:tag:sgtin-96:1.9521141123456.0.1", "no company prefix")
        self._refuse("urn:epc:tag:sgtin-96:1.95211x.0123456.1", "no company prefix")
        for length in range(6, 13):
            prefix, item = "952114112345"[:length], "0" * (13 - length)
            code = epc.parse(f"urn:epc:tag:sgtin-96:1.{prefix}.{item}.1")
            self.assertEqual(epc.decode(epc.encode(code)), code)

    def test_a_reference_has_the_digits_that_are_left(self):
        for item in ("5", "005", "", "x5"):
            self._refuse(f"urn:epc:tag:sgtin-96:3.95060001343.{item}.1", "has not the 2 digits")
        self._refuse("urn:epc:tag:sscc-96:0.9521141.123456789", "digits")
        self._refuse("urn:epc:tag:sgtin-96:3.95060001343.05", "too few parts")

    def test_a_filter_is_kept_and_is_one_digit_up_to_seven(self):
        for number in range(8):
            code = epc.parse(f"urn:epc:tag:sgtin-96:{number}.95060001343.05.1")
            self.assertEqual(epc.decode(epc.encode(code)).filter, number)
            self.assertEqual(code.tag_uri[21:22], str(number))
        for text in ("8", "-1", "03", "", "x"):
            self._refuse(f"urn:epc:tag:sgtin-96:{text}.95060001343.05.1", "filter")
        self._refuse("urn:epc:id:sgtin:95060001343.05.1", "filter", filter_value=8)
        self._refuse("urn:epc:id:sgtin:95060001343.05.1", "filter", filter_value="1")

    def test_the_seventh_partition_is_refused(self):
        for scheme in epc.SCHEMES.values():
            if scheme.has_partition:
                value = (scheme.header << 6 | 7) << scheme.bits - 14
                digits = f"{value << 4 * scheme.words - scheme.bits:0{scheme.words}X}"
                with self.assertRaisesRegex(epc.EpcError, "Partition 7"):
                    epc.decode(digits)

    def test_a_prefix_or_reference_with_too_many_digits_is_refused(self):
        prefix = (0x30 << 6 | 1 << 3 | 5) << 82 | (2**24 - 1) << 58 | 5
        with self.assertRaisesRegex(epc.EpcError, "company prefix in this SGTIN-96 is too large"):
            epc.decode(f"{prefix:024X}")
        reference = (0x30 << 6 | 1 << 3 | 5) << 82 | 9521141 << 58 | (2**20 - 1) << 38 | 5
        with self.assertRaisesRegex(epc.EpcError, "reference in this SGTIN-96 is too large"):
            epc.decode(f"{reference:024X}")
        for header in (0x32, 0x33):  # no digit is left behind a prefix of twelve
            bits = 41 if header == 0x32 else 38
            value = (header << 6) << 82 | 952114112345 << 42 | 1 << bits | 5
            with self.assertRaisesRegex(epc.EpcError, "too large"):
                epc.decode(f"{value:024X}")

    def test_the_last_bits_of_a_container_are_zeros(self):
        with self.assertRaisesRegex(epc.EpcError, "ends with zeros"):
            epc.decode("311BA1B300CE0A6A83000001")

    def test_a_wrong_check_digit_is_refused(self):
        for text in (
            "(01)09506000134353(21)1",
            "(00)095201234567891236",
            "(414)9521141123455(254)1",
            "(8003)095211411234555678",
            "https://id.gs1.org/01/09506000134353/21/1",
        ):
            self._refuse(text, "check digit")
        with self.assertRaisesRegex(epc.EpcError, "check digit"):
            epc.decode("F73795211411234548566CB0AFC4")

    def test_an_asset_begins_with_a_company_and_goes_on(self):
        for text in ("(8004)952", "(8004)9521", "(8004)A521X", "(8004)9521" + "x" * 27):
            self._refuse(text, "number of an asset")
        check = epc.check_digit("1952114112345")
        self._refuse(f"(8003)1952114112345{check}5678", "begins with 0")

    def test_a_scheme_that_tells_no_prefix_is_taken_where_nobody_knows_it(self):
        for text, scheme in (
            ("(01)09506000134352(21)0678", "SGTIN+"),
            ("(01)09506000134352(21)1(17)261231", "DSGTIN+"),
            ("(00)095201234567891235", "SSCC+"),
            ("(414)9521141123454", "SGLN+"),
            ("(8003)095211411234545678", "GRAI+"),
            ("(8004)952114132a/b", "GIAI+"),
        ):
            self.assertEqual(epc.parse(text).scheme, scheme)

    def test_the_shortest_scheme_that_holds_a_value_is_taken(self):
        for serial, scheme in (("678", "SGTIN-96"), ("0678", "SGTIN-198"), ("x", "SGTIN-198")):
            code = epc.parse(f"urn:epc:id:sgtin:95060001343.05.{serial}")
            self.assertEqual((code.scheme, code.serial), (scheme, serial))
        code = epc.parse("(8004)9521141R-1001", prefix_length=7)
        self.assertEqual((code.scheme, code.uri), ("GIAI-202", "urn:epc:id:giai:9521141.R-1001"))

    def test_a_scheme_of_another_key_is_refused(self):
        self._refuse("(8004)95211415678", "Use one of GIAI-96", scheme="SGTIN-96")
        self._refuse("(8004)95211415678", "Use one of GIAI-96", scheme="GIAI-97")
        self._refuse("(8004)95211415678", "how many digits", scheme="GIAI-96")
        self._refuse("(8004)95211415678", "does not begin", scheme="GIAI-96", prefix_length=12)

    def test_a_place_without_extension_stays_one(self):
        for options in ({}, {"prefix_length": 7}):
            code = epc.parse("(414)9521141123454", **options)
            self.assertEqual(epc.decode(epc.encode(code)).element_string, "(414)9521141123454")
            self.assertEqual(code.digital_link, "https://id.gs1.org/414/9521141123454")

    def test_a_container_has_no_serial_number(self):
        for scheme, length in (("SSCC-96", 6), ("SSCC+", 0)):
            code = epc.Epc(scheme, 0, "095201234567891235", "1", length)
            with self.assertRaisesRegex(epc.EpcError, "no serial number"):
                epc.encode(code)

    def test_a_scheme_that_is_only_known_by_name_is_not_written(self):
        with self.assertRaisesRegex(epc.EpcError, "no scheme 'GSRN-96'"):
            epc.encode(epc.Epc("GSRN-96", 0, "952114112345678906"))


@tagged("post_install", "-at_install")
class TestTexts(EpcCase):
    """URIs, element strings and links are what the standard says, to the letter."""

    def test_another_case_or_blanks_are_refused(self):
        good = "urn:epc:tag:sgtin-96:3.95060001343.05.1"
        for text in (
            good.upper(),
            good.replace("sgtin", "SGTIN"),
            f" {good}",
            f"{good} ",
            good.replace("3.", "3. "),
            good.replace(":", ": "),
        ):
            with self.assertRaises(epc.EpcError, msg=text):
                epc.encode(epc.parse(text))

    def test_a_dot_belongs_to_the_last_part(self):
        code = epc.parse("urn:epc:id:giai:9521141.A.B")
        self.assertEqual(code.key, "9521141A.B")
        code = epc.parse("urn:epc:tag:sgtin-198:1.95060001343.05.a.b")
        self.assertEqual(epc.decode(epc.encode(code)).serial, "a.b")

    def test_kinds_that_are_not_written_here_are_refused(self):
        for text in (
            "urn:epc:id:gsrn:9521141.1234567890",
            "urn:epc:id:dsgtin:95060001343.05.1",
            "urn:epc:id:",
            "urn:epc:tag:gsrn-96:3.9521141.1234567890",
            "urn:epc:tag:sgtin+:3.95060001343.05.1",
            "urn:epc:raw:96.x3066C4409047E140075BCD15",
            "9521141",
            "",
        ):
            with self.assertRaises(epc.EpcError, msg=text):
                epc.parse(text)

    def test_a_link_of_any_domain_says_the_same(self):
        code = epc.parse("https://id.gs1.org/01/09506000134352/21/32a%2Fb")
        for text in (
            "https://shop.example/01/09506000134352/21/32a%2Fb",
            "http://shop.example/some/where/01/09506000134352/21/32a%2Fb?linkType=gs1:pip",
        ):
            self.assertEqual(epc.parse(text), code)

    def test_a_link_to_less_or_more_than_a_chip_holds_is_refused(self):
        for text in (
            "https://id.gs1.org/01/09506000134352",
            "https://id.gs1.org/01/09506000134352/10/L1/21/1",
            "https://id.gs1.org/01/09506000134352/21",
            "https://id.gs1.org/00/095201234567891235/21/1",
            "https://id.gs1.org/01/09506000134352/21/1?17=261231&15=261231",
            "https://id.gs1.org/00/095201234567891235?17=261231",
            "https://shop.example/ring",
        ):
            self._refuse(text, "Digital Link|dates|kind of thing")

    def test_an_element_string_has_all_its_parts(self):
        for text in (
            "(01)09506000134352",
            "(21)1",
            "(01)0950600013435(21)1",
            "(00)1",
            "(414)",
            "(",
        ):
            self._refuse(text, "no element string")

    def test_a_date_is_one(self):
        start = "(01)79521141123453(21)1"
        for text in ("(17)261231", "(11)260200", "(7006)240229", "(7007)000101"):
            code = epc.parse(start + text)
            self.assertEqual(epc.decode(epc.encode(code)).element_string, start + text)
        for text in ("(17)260230", "(17)261301", "(17)260001", "(11)230229"):
            self._refuse(start + text, "no date")

    def test_each_kind_of_date_has_its_place(self):
        for number, kind in enumerate(("11", "13", "15", "16", "17", "7006", "7007")):
            digits = epc.encode(
                epc.Epc("DSGTIN+", 3, "79521141123453", "1", dated=(kind, "220630"))
            )
            self.assertEqual(digits[3], str(number))
        with self.assertRaisesRegex(epc.EpcError, "one date"):
            epc.encode(epc.Epc("DSGTIN+", 3, "79521141123453", "1", dated=("12", "220630")))
        with self.assertRaisesRegex(epc.EpcError, "kind unknown"):
            epc.decode("FB372CDE795211411234538566CB0AFC4")
        with self.assertRaisesRegex(epc.EpcError, "no date"):
            epc.decode("FB34FFFF795211411234538566CB0AFC4")


@tagged("post_install", "-at_install")
class TestPlus(EpcCase):
    """How a '+' scheme writes text."""

    def _write(self, serial):
        return epc.encode(epc.Epc("SGTIN+", 3, "79521141123453", serial))[17:]

    def test_the_shortest_encoding_is_taken(self):
        for serial, indicator in (
            ("0678", epc.INTEGER),
            ("AB12", epc.UPPER_HEX),
            ("ab12", epc.LOWER_HEX),
            ("rif981", epc.BASE64),
            ("32a/b", epc.ASCII),
            ("RING-1001", epc.CODE40),
            ("RING:9", epc.CODE40),
        ):
            written = int(self._write(serial)[:2], 16)
            self.assertEqual((written >> 5, written & 31), (indicator, len(serial)), serial)

    def test_encodings_are_those_of_the_standards_examples(self):
        self.assertEqual(self._write("rif981"), "66AE27FDF35"[:11] + self._write("rif981")[11:])
        self.assertEqual(self._write("32a/b"), "8566CB0AFC4")
        self.assertTrue(self._write("5678").startswith("0458B8"))

    def test_three_capitals_are_one_word(self):
        # R, I, N are 18, 9, 14; G, - and 1 are 7, 27, 31; 0, 0, 1 are 30, 30, 31.
        words = [1600 * 18 + 40 * 9 + 14 + 1, 1600 * 7 + 40 * 27 + 31 + 1, 1600 * 30 + 40 * 30 + 32]
        expected = "A9" + "".join(f"{word:04X}" for word in words)
        self.assertEqual(self._write("RING-1001"), expected)
        self.assertEqual(self._write("RIN"), f"A3{words[0]:04X}")

    def test_leading_zeros_are_kept(self):
        for serial in ("0", "00", "0678", "00000000000000000000"):
            code = epc.decode(epc.encode(epc.Epc("SGTIN+", 3, "79521141123453", serial)))
            self.assertEqual(code.serial, serial)

    def test_an_encoding_that_the_standard_reserves_is_refused(self):
        for indicator in (6, 7):
            digits = "F73795211411234533"[:17] + f"{indicator << 5 | 1:02X}" + "0000"
            with self.assertRaisesRegex(epc.EpcError, "no encoding known"):
                epc.decode(digits)

    def test_text_of_no_length_or_too_long_is_refused(self):
        start = "F7379521141123453"
        for length in (0, 21, 31):
            with self.assertRaisesRegex(epc.EpcError, "no encoding known"):
                epc.decode(start + f"{epc.ASCII << 5 | length:02X}" + "41" * 40)
        for serial in ("", "x" * 21, "x#"):
            with self.assertRaisesRegex(epc.EpcError, "cannot hold"):
                self._write(serial)

    def test_an_integer_larger_than_its_digits_is_refused(self):
        with self.assertRaisesRegex(epc.EpcError, "is none"):
            epc.decode("F7379521141123453" + f"{epc.INTEGER << 5 | 1:02X}" + "F")

    def test_words_that_are_no_three_signs_are_refused(self):
        start = "F7379521141123453" + f"{epc.CODE40 << 5 | 3:02X}"
        for word in ("0000", "FFFF", "0001"):
            with self.assertRaisesRegex(epc.EpcError, "is none"):
                epc.decode(start + word)

    def test_digits_of_a_key_are_digits(self):
        with self.assertRaisesRegex(epc.EpcError, "not made of digits"):
            epc.decode("F7379521141A234538566CB0AFC4")
        with self.assertRaisesRegex(epc.EpcError, "number of the asset"):
            epc.decode("FA39521141A2E83C2BF10")

    def test_an_asset_of_digits_alone_ends_with_its_terminator(self):
        digits = epc.encode(epc.parse("(8004)95211415678", filter_value=3))
        self.assertEqual(digits, "FA395211415678F")
        self.assertEqual(epc.decode(digits).key, "95211415678")


@tagged("post_install", "-at_install")
class TestForms(EpcCase):
    """What a text can be on a chip."""

    def test_hexadecimal_is_one_number(self):
        self.assertEqual(
            epc.find_forms("3066c440 9047e140075bcd15 0000"), ["3066C4409047E140075BCD15"]
        )
        self.assertEqual(epc.find_forms("abcd"), ["ABCD"])

    def test_a_tag_uri_is_one_number(self):
        self.assertEqual(epc.find_forms(SGTIN + "123456789"), ["3066C4409047E140075BCD15"])
        (own,) = epc.find_forms("own:8A3F12CD.42")
        self.assertEqual(own, epc.encode(epc.make_own("8A3F12CD", 42)))

    def test_an_identity_is_a_number_for_each_filter_and_scheme_that_holds_it(self):
        forms = epc.find_forms("urn:epc:id:sgtin:95060001343.05.123456789")
        self.assertEqual(len(forms), len(set(forms)))
        self.assertEqual(len(forms), 8 * 3)
        self.assertIn("3066C4409047E140075BCD15", forms)
        for form in forms:
            self.assertEqual(epc.decode(form).element_string, "(01)09506000134352(21)123456789")
        self.assertEqual(len(epc.find_forms("urn:epc:id:giai:9521141.A-1")), 8 * 2)
        self.assertEqual(len(epc.find_forms("urn:epc:id:sscc:952012.03456789123")), 8 * 2)

    def test_other_texts_are_no_number(self):
        for text in ("", "P-000123", "urn:epc:id:gsrn:9521141.1", "urn:epc:id:sgtin:1", None, 7):
            self.assertEqual(epc.find_forms(text), [])

    def test_what_is_read_here_is_known_by_its_beginning(self):
        for text in ("30", "FA", "4A57", "00", "E2", "f7"):
            self.assertTrue(epc.is_known(text), text)
        for text in ("2D", "4A", "4A58", "AB", "3"):
            self.assertFalse(epc.is_known(text), text)

    def test_a_whole_code_is_told_from_what_only_looks_like_one(self):
        self.assertTrue(epc.is_code("3066C4409047E140075BCD15"))
        for text in ("3066C440", "P-1", "0109506000134352211234", "2D76451FD4499602D2000000"):
            self.assertFalse(epc.is_code(text), text)


@tagged("post_install", "-at_install")
class TestTables(EpcCase):
    """The tables of the standard, written out once more and compared."""

    # Digits of the company prefix: bits of the prefix and of the reference, digits of that.
    SGTIN = {12: (40, 4, 1), 11: (37, 7, 2), 10: (34, 10, 3), 9: (30, 14, 4)}
    SGTIN |= {8: (27, 17, 5), 7: (24, 20, 6), 6: (20, 24, 7)}
    SSCC = {12: (40, 18, 5), 11: (37, 21, 6), 10: (34, 24, 7), 9: (30, 28, 8)}
    SSCC |= {8: (27, 31, 9), 7: (24, 34, 10), 6: (20, 38, 11)}
    SGLN = {12: (40, 1, 0), 11: (37, 4, 1), 10: (34, 7, 2), 9: (30, 11, 3)}
    SGLN |= {8: (27, 14, 4), 7: (24, 17, 5), 6: (20, 21, 6)}
    GRAI = {12: (40, 4, 0), 11: (37, 7, 1), 10: (34, 10, 2), 9: (30, 14, 3)}
    GRAI |= {8: (27, 17, 4), 7: (24, 20, 5), 6: (20, 24, 6)}
    GIAI = {12: (40, 42), 11: (37, 45), 10: (34, 48), 9: (30, 52), 8: (27, 55), 7: (24, 58)}
    GIAI |= {6: (20, 62)}
    GIAI_LONG = {12: (40, 148), 11: (37, 151), 10: (34, 154), 9: (30, 158), 8: (27, 161)}
    GIAI_LONG |= {7: (24, 164), 6: (20, 168)}
    TABLES = {
        "SGTIN-96": SGTIN,
        "SGTIN-198": SGTIN,
        "SSCC-96": SSCC,
        "SGLN-96": SGLN,
        "SGLN-195": SGLN,
        "GRAI-96": GRAI,
        "GRAI-170": GRAI,
        "GIAI-96": GIAI,
        "GIAI-202": GIAI_LONG,
    }

    def test_partitions_are_those_of_the_standard(self):
        named = {name for name, scheme in epc.SCHEMES.items() if scheme.has_partition}
        self.assertEqual(set(self.TABLES), named)
        for name, table in self.TABLES.items():
            for digits, expected in table.items():
                split = epc.SCHEMES[name].split(12 - digits)
                self.assertEqual(split.prefix_digits, digits)
                found = (split.prefix_bits, split.reference_bits, split.reference_digits)
                self.assertEqual(found[: len(expected)], expected, (name, digits))

    def test_all_bits_of_a_scheme_are_spoken_for(self):
        unused = {"SSCC-96": 24}
        for name in self.TABLES:
            scheme = epc.SCHEMES[name]
            for partition in range(7):
                split = scheme.split(partition)
                used = 14 + split.prefix_bits + split.reference_bits + scheme.serial_bits
                self.assertEqual(used + unused.get(name, 0), scheme.bits, name)

    def test_a_chip_has_whole_words(self):
        for name in self.TABLES:
            scheme = epc.SCHEMES[name]
            self.assertFalse(scheme.words % 4, name)
            self.assertLess(4 * scheme.words - scheme.bits, 16, name)

    def test_the_smallest_and_the_largest_value_of_each_field_are_held(self):
        for name, table in self.TABLES.items():
            scheme = epc.SCHEMES[name]
            for digits, row in table.items():
                for digit in "09":
                    prefix = digit * digits
                    if scheme.kind == "giai":
                        reference = "0" if digit == "0" else str(2 ** row[1] - 1)
                        if scheme.is_text:
                            reference = "!" if digit == "0" else "z" * (30 - digits)
                        parts = (prefix, reference)
                    elif scheme.kind == "sscc":
                        parts = (prefix, digit * row[2])
                    else:
                        serial = "!" if digit == "0" else "z" * scheme.key.most_serial
                        if not scheme.is_text:
                            serial = "0" if digit == "0" else str(2**scheme.serial_bits - 1)
                        parts = (prefix, digit * row[2], serial)
                    uri = f"urn:epc:tag:{name.lower()}:7.{'.'.join(parts)}"
                    code = epc.parse(uri)
                    self.assertEqual(epc.decode(epc.encode(code)).tag_uri, uri)

    def test_the_bits_of_an_integer_are_those_of_the_standard(self):
        for digits, bits in ((1, 4), (2, 7), (3, 10), (4, 14), (5, 17), (6, 20), (9, 30), (20, 67)):
            written = epc.encode(epc.Epc("SGTIN+", 0, "79521141123453", "9" * digits))
            # Header, filter and key have 68 bits, the encoding and the length 8.
            self.assertEqual(len(written), -(-(76 + bits) // 4), digits)
