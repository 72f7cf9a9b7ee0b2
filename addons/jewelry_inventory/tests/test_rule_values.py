from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.rule import (
    FLAG,
    HIGH,
    LINE,
    LOW,
    MISSING,
    NUMBER,
    TEXT,
    TEXTS,
    TYPE,
    UNKNOWN,
    WHOLE,
    Problem,
    Value,
    check,
    from_text,
    to_text,
)

SCHEMA = {
    "fineness": Value(NUMBER, "‰", 1, 1000),
    "facets": Value(WHOLE),
    "disclosed": Value(FLAG),
    "wording": Value(TEXT),
    "qualifiers": Value(TEXTS),
}
GOOD = {
    "fineness": 925,
    "facets": 17,
    "disclosed": True,
    "wording": "sterling",
    "qualifiers": ["a", "b"],
}
WORDS = st.text(min_size=1, max_size=9).filter(str.strip)
VALUES = st.fixed_dictionaries(
    {
        "fineness": st.floats(1, 1000),
        "facets": st.integers(),
        "disclosed": st.booleans(),
        "wording": WORDS,
        "qualifiers": st.lists(WORDS, min_size=1, max_size=3),
    }
)


@tagged("post_install", "-at_install")
class TestRuleValues(BaseCase):
    """What a subject declares is what its rules state."""

    @given(VALUES)
    def test_what_is_written_for_people_is_read_back_as_it_was(self, values):
        self.assertEqual(check(values, SCHEMA), [])
        self.assertEqual(from_text(to_text(values, SCHEMA), SCHEMA), (values, []))

    def test_a_unit_may_follow_or_not(self):
        for line in (
            "fineness = 925 ‰",
            "fineness=925",
            "  fineness =  925‰ ",
            "\nfineness = 925\n",
        ):
            with self.subTest(line=line):
                self.assertEqual(from_text(line, SCHEMA), ({"fineness": 925}, []))

    def test_each_value_that_does_not_fit_is_named(self):
        wrong = (
            ("fineness", "925", TYPE, NUMBER),
            ("fineness", True, TYPE, NUMBER),
            ("fineness", None, TYPE, NUMBER),
            ("fineness", float("nan"), TYPE, NUMBER),
            ("fineness", float("inf"), TYPE, NUMBER),
            ("fineness", 0.5, LOW, 1),
            ("fineness", 1001, HIGH, 1000),
            ("facets", 17.5, TYPE, WHOLE),
            ("facets", False, TYPE, WHOLE),
            ("disclosed", 1, TYPE, FLAG),
            ("wording", " ", TYPE, TEXT),
            ("wording", 5, TYPE, TEXT),
            ("qualifiers", [], TYPE, TEXTS),
            ("qualifiers", "a", TYPE, TEXTS),
            ("qualifiers", ["a", 1], TYPE, TEXTS),
        )
        for name, found, code, limit in wrong:
            with self.subTest(name=name, found=found):
                self.assertEqual(check(GOOD | {name: found}, SCHEMA), [Problem(name, code, limit)])

    def test_what_is_missing_or_too_many_is_named(self):
        values = {name: GOOD[name] for name in GOOD if name != "facets"} | {"carats": 1}
        self.assertEqual(
            check(values, SCHEMA), [Problem("carats", UNKNOWN), Problem("facets", MISSING)]
        )
        self.assertEqual(check([], SCHEMA), [Problem("", TYPE)])

    def test_a_line_that_states_nothing_is_named(self):
        _values, problems = from_text("fineness\n= 5\nfacets = 1\nfacets = 2", SCHEMA)
        self.assertEqual({problem.code for problem in problems}, {LINE})
        self.assertEqual([problem.name for problem in problems], ["fineness", "= 5", "facets = 2"])
