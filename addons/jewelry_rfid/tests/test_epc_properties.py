from epcpy import hex_to_tag_encodable
from hypothesis import assume, given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.jewelry_inventory.tests import common  # noqa: F401  the settings of properties

from ..tools import epc

DIGITS = "0123456789"
TEXT = st.text(sorted(epc.SIGNS), min_size=1)
PARTITIONED = [scheme for scheme in epc.SCHEMES.values() if scheme.has_partition]
PLUS = [scheme for scheme in epc.SCHEMES.values() if not scheme.has_partition]


def numbers(bits):
    """Return numbers as a chip of so many bits has them: the smallest and largest often."""
    return st.integers(0, (1 << bits) - 1).map(str)


def digits(count):
    return st.text(DIGITS, min_size=count, max_size=count)


@st.composite
def serials(draw, scheme):
    """Return a serial number that a scheme holds."""
    if not scheme.key.most_serial:
        return ""
    if scheme.has_partition and not scheme.is_text:
        return draw(numbers(scheme.serial_bits))
    return draw(st.text(sorted(epc.SIGNS), min_size=1, max_size=scheme.key.most_serial))


@st.composite
def assets(draw, scheme, prefix):
    """Return what follows the company prefix of an asset."""
    if scheme.has_partition and not scheme.is_text:
        return draw(numbers(scheme.split(12 - len(prefix)).reference_bits))
    return draw(st.text(sorted(epc.SIGNS), min_size=1, max_size=epc.MOST_GIAI - len(prefix)))


@st.composite
def codes(draw, schemes):
    """Return any code of some schemes."""
    scheme = draw(st.sampled_from(schemes))
    length = draw(st.integers(epc.LEAST_PREFIX, epc.MOST_PREFIX))
    prefix = draw(digits(length))
    if scheme.kind == "giai":
        reference = draw(assets(scheme, prefix))
    else:
        reference = draw(digits(scheme.key.reference_digits - length))
    dated = ()
    if scheme.kind == "dsgtin":
        day = draw(st.dates().map(lambda day: f"{day.year % 100:02d}{day.month:02d}{day.day:02d}"))
        assume(not day.endswith("0229"))
        dated = (draw(st.sampled_from(epc.DATE_KINDS)), day)
    return epc.Epc(
        scheme.name,
        draw(st.integers(0, 7)),
        epc.join_key(scheme.kind, prefix, reference),
        draw(serials(scheme)),
        length if scheme.has_partition else 0,
        dated,
    )


@tagged("post_install", "-at_install")
class TestEpcProperties(BaseCase):
    """What holds for every code, not for the examples alone."""

    @given(codes([*PARTITIONED, *PLUS]))
    def test_a_code_is_read_as_it_was_written(self, code):
        self.assertEqual(epc.decode(epc.encode(code)), code)

    @given(codes(PARTITIONED))
    def test_a_tag_uri_says_all(self, code):
        self.assertEqual(epc.parse(code.tag_uri), code)

    @given(codes(PARTITIONED))
    def test_an_identity_uri_says_all_but_scheme_and_filter(self, code):
        parsed = epc.parse(code.uri, scheme=code.scheme, filter_value=code.filter)
        self.assertEqual(parsed, code)

    @given(codes([*PARTITIONED, *PLUS]))
    def test_a_link_says_all_but_how_it_is_on_the_chip(self, code):
        options = {"filter_value": code.filter, "prefix_length": code.prefix_length}
        self.assertEqual(epc.parse(code.digital_link, scheme=code.scheme, **options), code)

    @given(codes([*PARTITIONED, *PLUS]))
    def test_an_element_string_says_all_but_how_it_is_on_the_chip(self, code):
        assume("(" not in code.serial)
        options = {"filter_value": code.filter, "prefix_length": code.prefix_length}
        self.assertEqual(epc.parse(code.element_string, scheme=code.scheme, **options), code)

    @given(codes([*PARTITIONED, *PLUS]), st.integers(0, 10))
    def test_zeros_of_readers_change_nothing(self, code, words):
        written = epc.encode(code)
        padded = epc.pad(written) + "0000" * words
        self.assertEqual(epc.normalize(padded), written)
        self.assertEqual(epc.decode(padded), code)

    @given(codes([*PARTITIONED, *PLUS]))
    def test_the_same_thing_is_the_same_in_every_scheme_that_holds_it(self, code):
        chosen = epc.parse(code.digital_link, prefix_length=code.prefix_length)
        self.assertEqual((chosen.key, chosen.serial), (code.key, code.serial))
        self.assertEqual(epc.decode(epc.encode(chosen)).element_string, code.element_string)

    @given(codes([*PARTITIONED, *PLUS]), st.data())
    def test_a_bit_turned_is_refused_or_seen_and_never_makes_another_key_with_a_check(
        self, code, data
    ):
        written = epc.encode(code)
        bit = data.draw(st.integers(0, 4 * len(written) - 1))
        turned = f"{int(written, 16) ^ 1 << bit:0{len(written)}X}"
        try:
            other = epc.decode(turned)
        except epc.EpcError:
            return
        self.assertNotEqual(other, code)
        self.assertEqual(
            epc.normalize(epc.encode(other._replace(has_data=False))),
            epc.encode(other._replace(has_data=False)),
        )
        if not code.prefix_length and code.scheme == other.scheme and other.kind != "giai":
            self.assertEqual(other.key, code.key)

    @given(codes([*PARTITIONED, *PLUS]), st.binary(max_size=70))
    def test_whatever_is_on_a_chip_is_read_or_refused(self, code, noise):
        header = f"{epc.SCHEMES[code.scheme].header:02X}"
        for text in (noise.hex(), header + noise.hex(), header.lower() + noise.hex()[1:]):
            try:
                found = epc.decode(text)
            except epc.EpcError as error:
                self.assertTrue(str(error))
                continue
            again = epc.encode(found._replace(has_data=False))
            self.assertEqual(epc.decode(again), found._replace(has_data=False))

    @given(st.text(max_size=60))
    def test_whatever_a_person_enters_is_read_or_refused(self, text):
        for start in ("", "urn:epc:tag:sgtin-96:", "urn:epc:id:giai:", "(8004)", "https://x/8004/"):
            for function in (epc.parse, epc.decode):
                try:
                    function(start + text)
                except epc.EpcError as error:
                    self.assertTrue(str(error))

    @given(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
    def test_an_own_number_is_read_as_it_was_written(self, store, number):
        code = epc.make_own(f"{store:08X}", number)
        written = epc.encode(code)
        self.assertEqual(epc.decode(written), code)
        self.assertEqual(epc.parse(code.own_text), code)
        self.assertEqual(epc.normalize(f"{written.lower()}0000"), written)

    @given(codes([scheme for scheme in PARTITIONED if not scheme.is_text]))
    def test_another_program_reads_the_same_numbers(self, code):
        theirs = hex_to_tag_encodable(epc.encode(code))
        self.assertEqual(theirs.epc_uri, code.uri)
