"""Codes on RFID chips: how long one takes to read and to write, beside `epcpy` in the same run."""

from functools import partial
from timeit import Timer

from epcpy import hex_to_tag_encodable
from epcpy.epc_schemes.giai import GIAI, GIAIFilterValue
from epcpy.epc_schemes.sgtin import SGTIN, SGTINFilterValue

# Short rounds, and many: one of them is free of what else runs.
CALLS, ROUNDS = 500, 400
# A code of each scheme that stores write, and how epcpy is asked to write it.
CODES = {
    "SGTIN-96": (
        "3066C4409047E140075BCD15",
        SGTIN.BinaryCodingScheme.SGTIN_96,
        SGTINFilterValue.RESERVED_3,
    ),
    "SGTIN-198": (
        "3666C4409047E159B2C2BF100000000000000000000000000000",
        SGTIN.BinaryCodingScheme.SGTIN_198,
        SGTINFilterValue.RESERVED_3,
    ),
    "GIAI-96": (
        "3476451FD40000000000162E",
        GIAI.BinaryCodingScheme.GIAI_96,
        GIAIFilterValue.RESERVED_3,
    ),
}
# What is asked for of SGTIN-96, in microseconds.
MOST_DECODE, MOST_ENCODE = 6.0, 8.0


def run(env, report):
    """Measure in this process alone: neither the database nor a chip takes part."""
    from odoo.addons.jewelry_rfid.tools import epc

    for name, (digits, scheme, filter_value) in CODES.items():
        code, theirs = epc.decode(digits), hex_to_tag_encodable(digits)
        their_writing = partial(theirs.hex, binary_coding_scheme=scheme, filter_value=filter_value)
        if not epc.encode(code) == their_writing() == digits:
            raise RuntimeError(name)
        reading = measure_calls(partial(epc.decode, digits))
        writing = measure_calls(partial(epc.encode, code))
        tell(report, f"{name} read", reading, measure_calls(partial(hex_to_tag_encodable, digits)))
        tell(report, f"{name} written", writing, measure_calls(their_writing))
        if name == "SGTIN-96":
            tell(report, "the same read, wanted", reading, MOST_DECODE)
            tell(report, "the same written, wanted", writing, MOST_ENCODE)
    own = epc.encode(epc.make_own("8A3F12CD", 42))
    padded = f"{own}0000"
    tell(report, "a store's own number read", measure_calls(partial(epc.decode, own)))
    tell(report, "zeros of a reader dropped", measure_calls(partial(epc.normalize, padded)))


def measure_calls(call):
    """Return how long a call takes, in microseconds: the best round, free of what else runs."""
    return min(Timer(call).repeat(ROUNDS, CALLS)) / CALLS * 1e6


def tell(report, name, value, baseline=None):
    """Report a time, beside another where there is one."""
    ratio = baseline and baseline / value
    report(name=name, n=CALLS, value=value, unit="us", baseline=baseline, ratio=ratio)
