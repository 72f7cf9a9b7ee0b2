import importlib
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from types import ModuleType

from store_lib import node
from store_lib.paths import Paths
from store_lib.process import clean_environment

ROOT = Path(__file__).resolve().parents[2]
TRUNK = ROOT / "addons/jewelry_inventory"
# Prints what another implementation of EPCIS makes of documents: errors, and hashes of events.
JUDGE = """
const { validateEpcisDocument, eventToHashedId } = require("epcis2.js");
const documents = JSON.parse(require("fs").readFileSync(0));
const judge = (document) => {
    const contexts = document["@context"].filter((part) => typeof part !== "string");
    const hash = ({ eventID, ...event }) => eventToHashedId(event, Object.assign({}, ...contexts));
    try {
        const { errors } = validateEpcisDocument(document);
        return { errors, hashes: errors.length ? [] : document.epcisBody.eventList.map(hash) };
    } catch (error) {
        return { errors: [error.message], hashes: [] };
    }
};
console.log(JSON.stringify(documents.map(judge)));
"""


def load_rules(name):
    """Import a pure module of the trunk: packages that load nothing else, and no Odoo."""
    for package, folder in (
        ("trunk", TRUNK),
        ("trunk.tools", TRUNK / "tools"),
        ("trunk.tests", TRUNK / "tests"),
    ):
        if package not in sys.modules:
            sys.modules[package] = ModuleType(package)
            sys.modules[package].__path__ = [str(folder)]
    return importlib.import_module(f"trunk.{name}")


class TestPassportFile(unittest.TestCase):
    """Passports judged by epcis2.js, which shares nothing with us but the standard."""

    @classmethod
    def setUpClass(cls):
        cls.sample = load_rules("tests.passport_sample")
        cls.modules = node.prepare(Paths(ROOT))

    def judge(self, *documents):
        done = subprocess.run(
            ["node", "-e", JUDGE],
            input=json.dumps(documents),
            env=clean_environment(NODE_PATH=self.modules),
            capture_output=True,
            text=True,
            check=True,
        )
        return json.loads(done.stdout)

    def test_passports_are_documents_of_epcis_2(self):
        own = self.sample.Sample(links={}).issue()
        numbered = self.sample.Sample(sign=lambda text: {"key": "ab", "signature": "cd"})
        documents = [own, numbered.anchor().issue()]
        for document, verdict in zip(documents, self.judge(*documents), strict=True):
            self.assertEqual(verdict["errors"], [])
            told = [event["eventID"] for event in document["epcisBody"]["eventList"]]
            self.assertEqual(told, verdict["hashes"])

    def test_every_kind_of_event_is_an_event_of_epcis_2(self):
        rules, sample = load_rules("tools.provenance"), self.sample
        payloads = ({}, {"from": "a", "to": "b"}, {"stone": "s"}, {"in": ["a"], "out": ["b"]})
        story = [
            [(sample.RING, kind, payload)]
            for kind in [*rules.KINDS, "kind_of_another_room"]
            for payload in payloads
        ]
        document = sample.Sample(story).issue(lambda _event: True)
        self.assertEqual(len(document["epcisBody"]["eventList"]), len(story))
        (verdict,) = self.judge(document)
        self.assertEqual(verdict["errors"], [])

    def test_the_judge_sees_what_is_wrong(self):
        document = self.sample.Sample().issue()
        for change in ({"bizStep": 1}, {"action": "SELL"}, {"eventTime": "noon"}, {"shape": "x"}):
            forged = json.loads(json.dumps(document))
            forged["epcisBody"]["eventList"][0] |= change
            (verdict,) = self.judge(forged)
            self.assertTrue(verdict["errors"], change)

    def test_the_program_for_customers_runs_with_this_python_and_nothing_else(self):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        program, passport = folder / "verify.pyz", folder / "passport.json"
        program.write_bytes(load_rules("tools.verifier").build_verifier())
        passport.write_text(json.dumps(self.sample.Sample().issue()))
        command = [sys.executable, "-I", "-S", program, passport]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("UNPROVEN", done.stdout)
