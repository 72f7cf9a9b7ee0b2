"""What a piece cost, in letters that staff can read and clients cannot.

A word of ten different letters stands for the digits 1 to 9 and 0, in this order, so that with
BLACKHORSE the B is 1 and the E is 0. A further letter, if there is one, stands for a digit that
repeats the one before it, which would otherwise give away that two are alike. Behind the letters
stand the month and the year of the receipt.
"""

from itertools import pairwise

DIGITS = "1234567890"


def find_fault(word, repeat):
    """Return why a word and a letter are no cipher: ``word``, ``repeat``, or "" for a good one."""
    if len(word) != len(DIGITS) or len(set(word)) != len(DIGITS) or not _are_letters(word):
        return "word"
    if repeat and (len(repeat) != 1 or repeat in word or not _are_letters(repeat)):
        return "repeat"
    return ""


def write_amount(amount, word, repeat):
    """Return an amount, rounded to whole units of its currency, in letters."""
    digits = str(round(amount))
    letters = dict(zip(DIGITS, word, strict=True))
    rest = (repeat if repeat and new == old else letters[new] for old, new in pairwise(digits))
    return letters[digits[0]] + "".join(rest)


def write_cost(amount, date, word, repeat):
    """Return an amount in letters with the month and the year of a date, if there is one."""
    return " ".join(filter(None, [write_amount(amount, word, repeat), date and f"{date:%m%y}"]))


def _are_letters(text):
    return text.isascii() and text.isalpha() and text.isupper()
