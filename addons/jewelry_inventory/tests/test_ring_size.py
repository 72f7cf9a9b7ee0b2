from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import tagged

from ..tools import ring_size
from .common import VectorCase

fingers = st.floats(min_value=38, max_value=75, allow_nan=False)
scales = st.sampled_from(sorted(ring_size.SCALES))


@tagged("post_install", "-at_install")
class TestRingSize(VectorCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rows = cls._load_vector("ring_sizes.json")["rows"]

    def _label(self, circumference, scale):
        return ring_size.to_size(circumference, scale).label

    def test_us_sizes_have_the_circumference_of_the_vectors(self):
        for row in self.rows:
            circumference = ring_size.to_circumference(row["us"], "us")
            self.assertAlmostEqual(circumference, row["circumference_mm"], delta=0.006)

    def test_vector_circumferences_give_back_their_us_size(self):
        for row in self.rows:
            size = ring_size.to_size(row["circumference_mm"], "us")
            self.assertEqual(size.label, f"{row['us']:g}")
            self.assertTrue(size.is_exact)

    def test_other_scales_give_the_vectors_nearest_sizes(self):
        for row in self.rows:
            mm = row["circumference_mm"]
            self.assertEqual(self._label(mm, "iso"), str(row["iso_8653_nearest"]))
            self.assertEqual(self._label(mm, "uk"), row["uk_bs6820_nearest"])
            self.assertEqual(self._label(mm, "jp"), str(row["jp_nearest"]))
            self.assertAlmostEqual(ring_size.to_number(mm, "ch"), row["eu_minus40"], places=2)

    def test_sizes_that_jewelers_quote_for_us_7(self):
        mm = ring_size.to_circumference("7", "us")
        self.assertAlmostEqual(mm, 54.42, places=2)
        found = {scale: self._label(mm, scale) for scale in ring_size.SCALES}
        self.assertEqual(found, {"us": "7", "iso": "54", "ch": "14", "uk": "N½", "jp": "14"})

    def test_uk_letter_c_is_forty_millimetres(self):
        self.assertEqual(ring_size.to_circumference("C", "uk"), 40)
        self.assertEqual(ring_size.to_circumference("c½", "uk"), 40.625)

    def test_halves_and_quarters_may_be_typed_as_decimals(self):
        for sign, decimal, scale in (
            ("6½", "6.5", "us"),
            ("6¼", "6.25", "us"),
            ("L½", "L.5", "uk"),
        ):
            self.assertEqual(
                ring_size.to_circumference(sign, scale),
                ring_size.to_circumference(decimal, scale),
            )

    def test_a_size_between_two_scales_says_that_it_is_only_near(self):
        size = ring_size.convert("7", "us", "uk")
        self.assertFalse(size.is_exact)
        self.assertEqual(str(size), "≈ N½")
        self.assertAlmostEqual(size.deviation, -0.046, places=3)

    def test_an_exact_size_is_written_plain(self):
        self.assertEqual(str(ring_size.convert("54", "iso", "ch")), "14")

    def test_a_finger_beyond_the_scale_gives_its_end_and_the_gap(self):
        size = ring_size.to_size(90, "uk")
        self.assertEqual(size.label, "Z+6")
        self.assertAlmostEqual(size.deviation, -13.75)

    def test_nonsense_sizes_are_refused_by_name(self):
        wrong = [("us", "7.1"), ("us", "17"), ("us", "-1"), ("us", ""), ("uk", "7"), ("uk", "L¼")]
        wrong += [
            ("uk", "L+1"),
            ("uk", "Z+7"),
            ("uk", ""),
            ("jp", "0"),
            ("iso", "54.5"),
            ("us", "N"),
        ]
        for scale, label in wrong:
            refused = self.assertRaisesRegex(ValueError, "has no ring size")
            with self.subTest(scale=scale, label=label), refused:
                ring_size.to_circumference(label, scale)

    def test_a_ring_without_circumference_is_refused(self):
        with self.assertRaisesRegex(ValueError, "must be positive"):
            ring_size.to_size(0, "us")

    def test_uk_sizes_run_from_a_to_z_plus_six_in_halves(self):
        labels = [label for label, _mm in ring_size.sizes("uk")]
        self.assertEqual(labels[:3], ["A", "A½", "B"])
        self.assertEqual(labels[-3:], ["Z+5", "Z+5½", "Z+6"])
        self.assertEqual(len(labels), 63)

    @given(scales)
    def test_every_size_of_every_scale_reads_back_exactly(self, scale):
        for label, circumference in ring_size.sizes(scale):
            if circumference > 0:
                size = ring_size.to_size(circumference, scale)
                self.assertEqual((size.label, size.is_exact), (label, True))
                self.assertEqual(ring_size.to_circumference(label, scale), circumference)

    @given(fingers, scales)
    def test_a_finger_is_within_half_a_step_of_its_size(self, circumference, scale):
        line = ring_size.SCALES[scale]
        number = ring_size.to_number(circumference, scale)
        if line.lowest <= number <= line.highest:
            deviation = abs(ring_size.to_size(circumference, scale).deviation)
            self.assertLessEqual(deviation, float(line.step) * line.slope / 2 + 1e-9)

    @given(fingers, fingers, scales)
    def test_a_larger_finger_never_has_a_smaller_size(self, one, other, scale):
        small, large = sorted((one, other))
        smaller = ring_size.to_size(small, scale)
        larger = ring_size.to_size(large, scale)
        self.assertLessEqual(small + smaller.deviation, large + larger.deviation + 1e-9)

    @given(st.integers(min_value=0, max_value=50))
    def test_a_uk_half_size_survives_a_stay_in_millimetres(self, halves):
        label, circumference = ring_size.sizes("uk")[halves]
        self.assertEqual(self._label(round(circumference, 2), "uk"), label)
