"""Chips of labels in ZPL: what a printer writes, locks and reads back, and what it answers.

Written from Zebra's public programming guide; not tried on a printer.
"""

import re
from typing import NamedTuple

from . import epc

# Banks of Gen2: EPC memory begins with its check, then the PC word, then the code.
_EPC_BANK, _TID_BANK = 1, 2
_PC_WORD, _CODE_WORD = 1, 2
_TID_BYTES = 12
_DIGITS = "[0-9A-Fa-f]"
_ANSWER = re.compile(rf"(EPC|TID) ({_DIGITS}+)=[ \t]*({_DIGITS}*)(?!\w)")


class Answer(NamedTuple):
    """What a printer read from a chip after it had written it."""

    #: The code that it was told to write, and the one that it found.
    written: str
    read: str
    tid: str


def render(code, password=""):
    """Return the commands that write a chip, lock it and read it back.

    The PC word is written with the code, because it says how long the code is and whether it is
    one of GS1.

    :param str code: hexadecimal, without padding
    :param str password: eight hexadecimal digits that protect the code; "" leaves it open
    """
    words = epc.pad(code)
    size = len(words) // 2
    lines = [
        "^RS8",  # Gen2
        f"^RFW,H,{_PC_WORD},{size + 2},{_EPC_BANK}^FD{epc.get_pc(code)}{words}^FS",
        *([f"^RZ{password},A,L^FS", f"^RZ{password},E,L^FS"] if password else []),
        f"^FN1^RFR,H,{_CODE_WORD},{size},{_EPC_BANK}^FS",
        f"^FN2^RFR,H,0,{_TID_BYTES},{_TID_BANK}^FS",
        f"^FH^HV1,{2 * size},EPC {code}=,_0D_0A,L",
        f"^FH^HV2,{2 * _TID_BYTES},TID {code}=,_0D_0A,L",
    ]
    return "\n".join(lines)


def read_answers(text):
    """Return what a printer answered, an `Answer` for each code that it was told to write.

    :param str text: all that came from the printer
    :rtype: list
    """
    found = {}
    for name, written, value in _ANSWER.findall(text):
        found.setdefault(written.upper(), {})[name] = value.upper()
    return [
        Answer(written, epc.normalize(read["EPC"]) if read.get("EPC") else "", read.get("TID", ""))
        for written, read in found.items()
    ]
