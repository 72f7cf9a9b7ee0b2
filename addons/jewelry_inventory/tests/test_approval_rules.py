from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.approval import digest, normalize

TYPES = {"bid": float, "note": str}
ROWS = st.dictionaries(
    st.integers(1, 9),
    st.fixed_dictionaries(
        {"bid": st.floats(-1e6, 1e6).map(lambda x: round(x, 6) + 0.0), "note": st.text(max_size=3)}
    ),
    min_size=1,
    max_size=3,
)


@tagged("post_install", "-at_install")
class TestApprovalRules(BaseCase):
    """What was approved has a digest that nothing else has."""

    @given(ROWS, ROWS)
    def test_two_digests_are_one_only_for_the_same(self, one, other):
        same = digest("write_off", "stock.lot", one) == digest("write_off", "stock.lot", other)
        self.assertEqual(same, one == other)

    @given(ROWS)
    def test_the_order_of_subjects_and_values_does_not_count(self, rows):
        turned = {key: dict(reversed(rows[key].items())) for key in reversed(rows)}
        self.assertEqual(digest("release", "x", rows), digest("release", "x", turned))

    def test_kind_and_model_count(self):
        rows = {1: {"bid": 1.0}}
        digests = {digest(kind, model, rows) for kind in "ab" for model in "cd"}
        self.assertEqual(len(digests), 4)

    def test_ten_is_not_a_thousand_and_a_whole_number_is_a_number(self):
        rows = [normalize({"bid": bid, "note": ""}, TYPES) for bid in (10, 10.0, 10.0000001, 1000)]
        digests = [digest("rate_override", "x", {1: row}) for row in rows]
        self.assertEqual(len(set(digests[:3])), 1)
        self.assertNotEqual(digests[0], digests[3])

    def test_what_is_missing_too_many_or_of_another_type_is_refused(self):
        wrong = (
            {},
            {"bid": 1.0},
            {"bid": 1.0, "note": "", "more": 1},
            {"bid": "1", "note": ""},
            {"bid": True, "note": ""},
            {"bid": 1.0, "note": 5},
            None,
            [],
        )
        for values in wrong:
            with self.subTest(values=values), self.assertRaises(ValueError):
                normalize(values, TYPES)
