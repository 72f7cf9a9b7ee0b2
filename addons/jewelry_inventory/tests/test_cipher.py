from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import cipher

WORD, REPEAT = "BLACKHORSE", "X"


def read_amount(letters, word, repeat):
    """Return the amount that letters stand for, as staff reads them."""
    digits = ""
    for letter in letters:
        digits += digits[-1] if letter == repeat else str((word.index(letter) + 1) % 10)
    return int(digits)


@tagged("post_install", "-at_install")
class TestCipher(BaseCase):
    """What a piece cost, in letters."""

    def test_letters_stand_for_one_to_nine_and_nought(self):
        self.assertEqual(cipher.write_amount(1234567890, WORD, REPEAT), WORD)

    def test_a_digit_that_repeats_gets_the_further_letter(self):
        self.assertEqual(cipher.write_amount(1100, WORD, REPEAT), "BXEX")
        self.assertEqual(cipher.write_amount(777, WORD, REPEAT), "OXX")

    def test_an_amount_is_rounded_to_whole_units(self):
        self.assertEqual(cipher.write_amount(119.6, WORD, REPEAT), "BLE")

    def test_the_month_and_the_year_of_the_receipt_come_behind(self):
        day = date(2026, 3, 9)
        self.assertEqual(cipher.write_cost(420, day, WORD, REPEAT), "CLE 0326")
        self.assertEqual(cipher.write_cost(420, False, WORD, REPEAT), "CLE")

    @given(
        st.integers(0, 10**9), st.permutations("ABCDEFGHIJKLMNOPQRSTUVWXYZ").map(lambda x: x[:11])
    )
    def test_whoever_knows_the_word_reads_every_amount_back(self, amount, letters):
        word, repeat = "".join(letters[:10]), letters[10]
        self.assertEqual(cipher.find_fault(word, repeat), "")
        written = cipher.write_amount(amount, word, repeat)
        self.assertEqual(read_amount(written, word, repeat), amount)
        alike = [one for one, other in pairwise(written) if one == other]
        self.assertLessEqual(set(alike), {repeat})

    def test_without_a_letter_for_repeats_each_digit_has_its_own(self):
        self.assertEqual(cipher.find_fault(WORD, ""), "")
        self.assertEqual(cipher.write_amount(1100, WORD, ""), "BBEE")

    def test_what_is_no_cipher_is_found(self):
        for word in ("", "BLACK", "BLACKHORSES", "BLACKHORSB", "BLACKHORS1", "blackhorse"):
            self.assertEqual(cipher.find_fault(word, REPEAT), "word", word)
        for repeat in ("B", "XY", "x", "1", "É"):
            self.assertEqual(cipher.find_fault(WORD, repeat), "repeat", repeat)
