"""The gateway: reads through smoothing to disk, beside each read on disk as a row to send."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
NEEDED_RATE = 20_000  # reads a second
#: Bytes that a process may grow by over all reads; a list of them would take a hundred times more.
MOST_GROWTH = 16 * 1024 * 1024


def run(env, report):
    """Measure in a process of its own: the gateway shares nothing with Odoo but the wire."""
    found = measure_reads()
    for name, key in (("by hand", "pipeline"), ("by the core's threads", "threads")):
        report(
            name=f"reads through smoothing to disk, {name}",
            n=found["reads"],
            value=found[key],
            unit="1/s",
            baseline=found["naive"],
            ratio=found[key] / found["naive"],
        )
    report(
        name="share of one core at 20,000 reads/s", n=found["tags"], value=found["share"], unit=""
    )
    report(
        name="bytes on disk for each read",
        n=found["reads"],
        value=found["bytes"],
        unit="B",
        baseline=found["naive_bytes"],
        ratio=found["naive_bytes"] / found["bytes"],
    )
    report(
        name="sightings told of tags that lie still",
        n=found["reads"],
        value=found["told"],
        unit="",
        baseline=found["naive_told"],
        ratio=found["naive_told"] / found["told"],
    )
    report(name="memory grown meanwhile", n=found["reads"], value=found["growth"], unit="B")
    assert min(found["pipeline"], found["threads"]) > NEEDED_RATE
    assert found["growth"] < MOST_GROWTH


def measure_reads():
    """{what: figure} of support/gateway_reads.py, which needs no other package than the gateway."""
    command = [sys.executable, ROOT / "benchmarks/support/gateway_reads.py"]
    folders = [str(ROOT / "rfid_gateway" / name) for name in ("src", "tests")]
    environment = os.environ | {"PYTHONPATH": ":".join(folders)}
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)
