"""Command line of the passport check: `python3 verify_passport.pyz PASSPORT.json`.

Ends with 0 when the passport is sound, 1 when it was tampered with, 2 when it is consistent but
nothing proves it.
"""

import argparse
import json
import sys
from base64 import b64decode
from pathlib import Path

from .anchor_line import make_statement, parse_line
from .passport import PROOF
from .passport_check import MESSAGES, SOUND, TAMPERED, UNPROVEN, check_text

EXITS = {SOUND: 0, TAMPERED: 1, UNPROVEN: 2}
RESULTS = {
    SOUND: "SOUND: this is what the store wrote down and anchored.",
    TAMPERED: "NOT SOUND: do not rely on this passport.",
    UNPROVEN: "UNPROVEN: consistent in itself, but no signed anchor stands behind it.",
}


def main(arguments=None):
    """Check one file and say what was found.

    :return: the exit code
    """
    options = _parse(arguments)
    try:
        text = options.passport.read_bytes()
        anchors = options.anchor and options.anchor.read_bytes()
    except OSError as error:
        sys.stderr.write(f"Cannot read {error.filename}: {error.strerror}.\n")
        return 3
    lines = None if anchors is None else [parse_line(line) for line in anchors.splitlines()]
    report = check_text(text, [key.lower() for key in options.key], lines)
    said = [*describe(report), *_advise(report, options)]
    if options.stamp and report.state == SOUND:
        said.append(_write_stamp(json.loads(text), options.stamp))
    sys.stdout.write("\n".join(said) + "\n")
    return EXITS[report.state]


def _parse(arguments):
    parser = argparse.ArgumentParser(
        prog="verify_passport", description="Check the passport of a piece of jewelry."
    )
    parser.add_argument("passport", type=Path, help="the file that the store exported")
    parser.add_argument(
        "--key",
        action="append",
        default=[],
        metavar="HEX",
        help="public key of the store, from a source that you trust; may be given again",
    )
    parser.add_argument(
        "--anchor",
        type=Path,
        metavar="FILE",
        help="anchors that the store sent out, as you kept them",
    )
    parser.add_argument(
        "--stamp",
        type=Path,
        metavar="FOLDER",
        help="write the time stamp out, to check with openssl",
    )
    return parser.parse_args(arguments)


def _write_stamp(document, folder):
    """Write the time stamp of the anchor and what it stamps into a folder.

    :return: what to do with them
    """
    proof = document[PROOF]
    if "stamp" not in proof:
        return "There is no time stamp in this passport."
    statement, stamp = folder / "anchor.json", folder / "anchor.tsr"
    statement.write_bytes(make_statement(proof["anchor"]))
    stamp.write_bytes(b64decode(proof["stamp"]))
    return f"openssl ts -verify -data {statement} -in {stamp} -CAfile <the authority's certificate>"


def _advise(report, options):
    """Yield what a holder should know who believes a file without a key from elsewhere."""
    if report.state == SOUND and not (options.key or options.anchor):
        yield "Compare the key with the one that the store publishes, or pass it with --key."


def describe(report):
    """Yield what a report says, in lines."""
    if report.chains:
        yield f"Piece {report.number or '(number withheld)'}"
        yield (
            f"{report.events} events in {report.chains} chains, "
            f"{report.withheld} of them without what they say"
        )
    if report.time:
        yield f"Anchored {report.time}, root {report.root}"
        yield f"Signed by key {report.key}"
        yield f"{report.later} events are later than the anchor"
    if report.fork_of:
        yield f"Written in a copy of database {report.fork_of}: a fork of its history"
    for fault in report.faults:
        where = f"chain {fault.chain}, event {fault.seq}: " if fault.chain else ""
        yield f"bad: {where}{MESSAGES[fault.reason]}"
    yield RESULTS[report.state]


if __name__ == "__main__":
    sys.exit(main())
