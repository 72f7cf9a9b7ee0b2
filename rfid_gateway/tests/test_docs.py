"""What is written says what the program does."""

import ast
import re
from pathlib import Path

from jewelry_rfid_gateway import drivers
from jewelry_rfid_gateway.drivers.base import REQUIRED
from jewelry_rfid_gateway.wire.lines import LINE

DOCS = Path(__file__).resolve().parents[1] / "docs"
#: Values that are told in words.
WORDS = {
    "needed": REQUIRED,
    "none": None,
    "an EPC, perhaps with dBm": LINE,
    "`true`": True,
    "`false`": False,
}


def _read_options():
    """{driver: {option: default}} of the tables in options.md."""
    sections = re.split(r"^## `(\w+)`.*$", (DOCS / "options.md").read_text(), flags=re.MULTILINE)
    return {
        name: {
            option: WORDS[default] if default in WORDS else ast.literal_eval(default.strip("`"))
            for option, default in re.findall(r"^\| `(\w+)` \| (.+?) \|", text, re.MULTILINE)
        }
        for name, text in zip(sections[1::2], sections[2::2], strict=True)
    }


def test_each_driver_has_its_options_and_their_defaults_in_the_table():
    written = _read_options()
    assert set(written) == set(drivers.names())
    for name, options in written.items():
        assert options == drivers.load(name).OPTIONS
