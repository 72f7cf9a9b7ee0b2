"""A text as customers read it: look-alikes, numbers in words and compounds made plain.

Nothing here knows a law. What a language joins, and how it names an offer, comes with the words.
"""

import re
import unicodedata
from functools import cache

from num2words import num2words

# How clear fractions look in one sign.
SINGLE_FRACTIONS = str.maketrans({"½": " 1/2", "¼": " 1/4", "¾": " 3/4", "⅓": " 1/3", "⅔": " 2/3"})

# Latin letters and those of other scripts that look like them: a part of `confusables.txt` of
# Unicode Technical Standard 39 (Cyrillic, Greek, Armenian, phonetic letters), and the small
# Cyrillic letters that look like small capitals.
LIKENESSES = {
    "A": "\u0410\u0391",
    "a": "\u0430\u03b1\u0251",
    "B": "\u0412\u0392",
    "b": "\u044c\u0432",
    "C": "\u0421",
    "c": "\u0441\u03c2",
    "d": "\u0501",
    "E": "\u0415\u0395",
    "e": "\u0435",
    "G": "\u050c",
    "g": "\u0581\u0261",
    "H": "\u041d\u0397",
    "h": "\u04bb\u043d\u0570",
    "I": "\u0406\u0399",
    "i": "\u0456\u03b9\u0131",
    "J": "\u0408",
    "j": "\u0458\u03f3",
    "K": "\u041a\u039a",
    "k": "\u043a\u03ba",
    "l": "\u04cf\u04c0",
    "M": "\u041c\u039c",
    "m": "\u043c",
    "N": "\u039d",
    "n": "\u0578",
    "O": "\u041e\u039f",
    "o": "\u043e\u03bf\u03c3\u0585",
    "P": "\u0420\u03a1",
    "p": "\u0440\u03c1",
    "Q": "\u051a",
    "q": "\u051b\u0566",
    "r": "\u0433",
    "S": "\u0405",
    "s": "\u0455",
    "T": "\u0422\u03a4",
    "t": "\u0442",
    "u": "\u03c5\u057d",
    "v": "\u0475\u03bd",
    "W": "\u051c",
    "w": "\u051d",
    "X": "\u0425\u03a7",
    "x": "\u0445",
    "Y": "\u0423\u03a5",
    "y": "\u0443\u03b3",
    "Z": "\u0396",
}
LOOKALIKES = str.maketrans({sign: letter for letter, signs in LIKENESSES.items() for sign in signs})
# Letters of Hangul and Khmer that have a width and no shape.
INVISIBLE = "\u115f\u1160\u17b4\u17b5"
UNSEEN = ("Cf", "Mn", "Me")

LANGUAGES = ("en", "de", "fr")
# What the library does not say: other forms of one, and parts.
OTHER_NUMBERS = {"ein": "1", "eine": "1", "einen": "1", "une": "1"}
PARTS = {
    "half": "1/2",
    "halb": "1/2",
    "halbe": "1/2",
    "halben": "1/2",
    "halber": "1/2",
    "halbes": "1/2",
    "demi": "1/2",
    "third": "1/3",
    "quarter": "1/4",
    "viertel": "1/4",
    "quart de": "1/4",
    "three quarter": "3/4",
    "three quarters": "3/4",
    "dreiviertel": "3/4",
    "trois quarts de": "3/4",
}
WEIGHED = r"(?:carats?|cts?|ctw|karats?)\b"


def normalize(text):
    """Return the text as it is read: with one kind of letter, digit, hyphen, blank and fraction,
    and without what nobody sees.
    """
    text = unicodedata.normalize("NFKC", (text or "").translate(SINGLE_FRACTIONS))
    text = "".join(map(_plain, text)).translate(LOOKALIKES)
    text = re.sub(r"[\u2010\u2011]", "-", text.replace("\u2044", "/"))
    return re.sub(r"[^\S\n]", " ", text)


def _plain(sign):
    category = unicodedata.category(sign)
    if category in UNSEEN or sign in INVISIBLE:
        return ""
    return str(unicodedata.decimal(sign)) if category == "Nd" else sign


def read_numbers(text):
    """Return the text with the weights in figures that it has in words: one carat, half a carat,
    Zweikaräter, achtzehnkarätig.
    """
    numbers, parts = _get_patterns()
    joint = r"[\s-]+(?:and[\s-]+)?(?:an?[\s-]+)?"
    text = re.sub(
        rf"(?<!\w)(?:(?P<whole>{numbers}|\d+){joint})?(?P<part>{parts})"
        rf"(?:[\s-]+(?:of[\s-]+)?an?)?[\s-]*(?={WEIGHED})",
        lambda match: _join(match["whole"], match["part"]),
        text,
        flags=re.IGNORECASE,
    )
    text = re.sub(
        rf"(?<!\w)({numbers})[\s-]+(?={WEIGHED})",
        lambda match: _join(match[1]),
        text,
        flags=re.IGNORECASE,
    )
    # A noun of that kind is a stone, an adjective may be of gold.
    for ending, unit in ((r"karäters?", "carat"), (r"karätig\w*", "karat")):
        text = re.sub(
            rf"(?<!\w)({numbers}|{parts}|[\d.,]+)-?{ending}(?!\w)",
            lambda match, unit=unit: _join(match[1]) + unit,
            text,
            flags=re.IGNORECASE,
        )
    return text


def _join(*words):
    known = _get_numbers() | PARTS
    figures = [known.get(_squeeze(word), word) for word in words if word]
    return " ".join([*figures, ""])


def _squeeze(word):
    return re.sub(r"[\s-]+", " ", word.lower())


@cache
def _get_numbers():
    """Return {number in words: in figures}, below a hundred."""
    spelled = {
        _squeeze(num2words(number, lang=lang)): str(number)
        for lang in LANGUAGES
        for number in range(1, 100)
    }
    return spelled | OTHER_NUMBERS


@cache
def _get_patterns():
    """Return the patterns of whole numbers and of parts in words, the longest first."""
    return tuple(any_of(words) for words in (_get_numbers(), PARTS))


def any_of(words):
    """Return the pattern of words, the longest first; blanks and hyphens are alike."""
    words = sorted({normalize(word).strip() for word in words} - {""}, key=len, reverse=True)
    return "|".join(re.sub(r"(?:\\?[ -])+", r"[\\s-]+", re.escape(word)) for word in words)


def split_compounds(text, names, starts, ends):
    """Return the text with hyphens in words that are joined from a name and what is named:
    Weißgoldring is Weiß-gold-ring.

    :param names: what metals and diamonds are called
    :param starts: what may stand before a name in one word
    :param ends: what may stand behind it, without the endings of cases
    """
    if not (starts or ends):
        return text
    start, end = (f"(?:{any_of(words)})" if words else r"(?!)" for words in (starts, ends))
    pattern = rf"(?<!\w)({start})?({any_of(names)})(?:(?:e?n|s)?({end}\w{{0,2}}))?(?!\w)"
    return re.sub(
        pattern, lambda match: "-".join(filter(None, match.groups())), text, flags=re.IGNORECASE
    )


def leave_out_offers(text, offered, offers):
    """Return the text without what can be had instead: 10K, 14K or 18K on request.

    :param str offered: pattern of one of the things that are offered
    :param offers: words that say so, before or behind
    """
    if not offers:
        return text
    things = rf"{offered}(?:\s*(?:,|/|&|\b(?:and|or|und|oder|et|ou)\b)\s*{offered})*"
    offer = rf"\b(?:{any_of(offers)})\b"
    pattern = rf"{things}\s*,?\s*{offer}|{offer}:?\s*(?:in\s+|en\s+)?{things}"
    return re.sub(pattern, "", text, flags=re.IGNORECASE)
