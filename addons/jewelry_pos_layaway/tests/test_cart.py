from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.cart import CartError, CartLine, read_id, read_lines, read_number

GOOD = {"product_id": 7, "piece_id": False, "quantity": 1, "price_unit": 300, "discount": 0}
# What a browser may send instead of a number.
ODD = st.one_of(
    st.none(),
    st.text(),
    st.booleans(),
    st.just(float("nan")),
    st.just(float("inf")),
    st.lists(st.integers()),
    st.dictionaries(st.text(), st.integers()),
)


@tagged("post_install", "-at_install")
class TestCart(BaseCase):
    """What a register sends is a cart, or nothing."""

    def test_a_line_is_read_as_it_was_sent(self):
        row = GOOD | {"piece_id": 3, "discount": 10, "is_made": True, "note": " Size 54 "}
        self.assertEqual(
            read_lines([row]), [CartLine(7, 3, 1.0, 300.0, 10.0, is_made=True, note="Size 54")]
        )

    def test_a_piece_is_one(self):
        self.assertEqual(read_lines([GOOD | {"piece_id": 3, "quantity": 5}])[0].quantity, 1)

    def test_what_is_no_list_of_lines_is_no_cart(self):
        for rows in (None, "lines", {"lines": []}, [None], [7], ["line"]):
            with self.assertRaises(CartError):
                read_lines(rows)

    def test_amounts_that_no_order_has_are_refused(self):
        for name, value in (
            ("quantity", 0),
            ("quantity", -1),
            ("price_unit", -0.01),
            ("discount", -1),
            ("discount", 100.5),
        ):
            with self.assertRaises(CartError, msg=f"{name} {value}"):
                read_lines([GOOD | {name: value}])

    @given(value=ODD, name=st.sampled_from(["quantity", "price_unit"]))
    def test_what_is_no_number_is_refused(self, value, name):
        with self.assertRaises(CartError):
            read_lines([GOOD | {name: value}])

    @given(value=ODD)
    def test_what_is_no_id_is_refused(self, value):
        with self.assertRaises(CartError):
            read_id(value)

    @given(value=st.integers(min_value=0, max_value=2**31 - 1))
    def test_an_id_is_read_as_it_is(self, value):
        self.assertEqual(read_id(value), value)

    @given(value=st.floats(allow_nan=False, allow_infinity=False))
    def test_a_number_is_read_as_it_is(self, value):
        self.assertEqual(read_number(value), value)

    def test_an_id_that_the_database_cannot_have_is_refused(self):
        for value in (-1, 2**31, 1.5):
            with self.assertRaises(CartError):
                read_id(value)

    def test_only_yes_means_that_it_is_made(self):
        for value in (1, "yes", [True], None):
            self.assertFalse(read_lines([GOOD | {"is_made": value}])[0].is_made)
