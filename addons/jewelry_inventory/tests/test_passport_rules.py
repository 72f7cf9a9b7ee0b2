import json
import subprocess
import sys
from base64 import b64encode
from copy import deepcopy
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import passport_check as check
from ..tools.anchor_line import make_statement, parse_line
from ..tools.cbv import event_hash
from ..tools.epcis import Names, make_contexts, to_epcis
from ..tools.passport import PROOF, _withhold
from ..tools.passport_check import SOUND, TAMPERED, UNPROVEN, check_passport, check_text
from ..tools.provenance import (
    ANCHOR,
    CONTENT,
    GAP,
    KINDS,
    LINK,
    Fault,
    canonical,
    digest,
    seal,
)
from ..tools.verifier import build_verifier
from .passport_sample import BASE, CLIENT, HOME, PLACE, RING, STONE, STORY, Sample

PAYLOAD, HASH, SEQ = "jewelry:payload", "jewelry:hash", "jewelry:seq"


def make_signer():
    """Return a function that signs with a new key."""
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw().hex()
    return lambda message: {"key": public, "signature": key.sign(message).hex()}


class PassportCase(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sign = staticmethod(make_signer())
        cls.sample = Sample(sign=cls.sign).anchor()
        cls.document = cls.sample.issue()
        cls.key = cls.document[PROOF]["key"]

    def setUp(self):
        super().setUp()
        self.forged = deepcopy(self.document)
        self.events = self.forged["epcisBody"]["eventList"]
        self.chains = self.forged[PROOF]["chains"]

    def _find(self, chain, seq):
        """Return the shown event of a chain."""
        (event,) = (
            event for event in self.events if (event["jewelry:chain"], event[SEQ]) == (chain, seq)
        )
        return event

    def _withheld(self, chain=RING):
        (entry,) = (entry for entry in self.chains if entry["chain"] == chain)
        return entry["withheld"]

    def _assert_first(self, reason, chain="", seq=0, **options):
        report = check_passport(self.forged, **options)
        self.assertEqual(report.state, TAMPERED)
        self.assertEqual(report.faults[0], Fault(chain, seq, reason))


@tagged("post_install", "-at_install")
class TestPassportDocument(PassportCase):
    def test_an_untouched_passport_is_sound_and_says_how_much_it_holds(self):
        report = check_passport(self.document)
        self.assertEqual((report.state, report.faults), (SOUND, ()))
        total = sum(map(len, STORY))
        self.assertEqual((report.number, report.events, report.chains), ("R-0001", total, 3))
        self.assertEqual((report.withheld, report.later, report.key), (5, 0, self.key))

    def test_it_is_sound_as_a_file_too(self):
        self.assertEqual(check_text(json.dumps(self.document, indent=1)).state, SOUND)
        self.assertEqual(check_text(json.dumps(self.document).encode()).state, SOUND)

    def test_no_price_no_cost_and_no_client_is_in_it(self):
        text = json.dumps(self.document).lower()
        for word in ("price", "cost", "owner", "900.00", "400.00", "700.00", "usd", CLIENT):
            self.assertNotIn(word, text)

    def test_the_id_of_an_event_is_its_hash(self):
        for event in self.events:
            told = event.pop("eventID")
            self.assertEqual(told, event_hash(event, self.document["@context"]))

    def test_a_number_of_gs1_names_the_piece_and_own_addresses_the_rest(self):
        event = self._find(RING, 4)
        self.assertEqual(event["type"], "AssociationEvent")
        self.assertEqual(event["parentID"], f"{BASE}/8004/9521234R-0001")
        self.assertEqual(event["childEPCs"], [f"{BASE}/jewelry/id/{STONE}"])
        own = Sample(links={}).issue()["epcisBody"]["eventList"]
        ids = {uri for event in own for uri in event.get("epcList", [])}
        self.assertEqual(ids, {f"{BASE}/jewelry/id/{uuid}" for uuid in (RING, STONE, HOME)})

    def test_stone_and_ring_tell_the_same_setting(self):
        by_ring, by_stone = self._find(RING, 4), self._find(STONE, 3)
        for name in ("type", "action", "parentID", "childEPCs", "bizStep", "eventTime"):
            self.assertEqual(by_ring[name], by_stone[name])

    def test_a_receipt_has_its_place_and_a_transformation_both_sides(self):
        receipt, work = self._find(HOME, 2), self._find(RING, 5)
        self.assertEqual(receipt["bizLocation"], {"id": f"{BASE}/jewelry/id/{PLACE}"})
        self.assertEqual(work["type"], "TransformationEvent")
        self.assertEqual(len(work["inputEPCList"]), 2)
        self.assertNotIn("action", work)

    def test_every_kind_reads_as_an_event_of_epcis_whatever_its_payload(self):
        names = Names(BASE, {})
        required = {"TransformationEvent": "inputEPCList", "ObjectEvent": "epcList"}
        for kind in [*KINDS, "kind of another room"]:
            for payload in ({}, {"from": "a", "to": "b"}, {"stone": "s"}, {"in": ["a"], "out": []}):
                (row,) = seal([("c", kind, payload)], {}, self.sample.time, "me")
                event = to_epcis(row, names)
                self.assertIn(required.get(event["type"], "parentID"), event)
                self.assertTrue(event["bizStep"])
                self.assertEqual(event["eventID"], event_hash(event, make_contexts(names)))

    def test_without_an_anchor_or_a_signature_nothing_is_proven(self):
        self.assertEqual(check_passport(Sample().issue()).state, UNPROVEN)
        self.assertEqual(check_passport(Sample(sign=self.sign).issue()).state, UNPROVEN)
        for name in ("key", "signature"):
            del self.forged[PROOF][name]
        self.assertEqual(check_passport(self.forged).state, UNPROVEN)

    def test_what_happened_since_the_anchor_is_told_apart(self):
        sample = Sample(sign=self.sign).anchor()
        sample.tell((RING, "content", {"gross_weight": "3.990"}), (RING, "price", {"new": "1"}))
        report = check_passport(sample.issue())
        self.assertEqual((report.state, report.later), (SOUND, 2))

    def test_a_piece_younger_than_the_anchor_is_unproven(self):
        sample = Sample(STORY[:3], sign=self.sign).anchor()
        for entries in STORY[3:]:
            sample.tell(*entries)
        self.assertEqual(check_passport(sample.issue()).state, UNPROVEN)

    def test_a_fork_says_so(self):
        sample = Sample(sign=self.sign).anchor()
        line = sample.line | {"fork_of": "mother"}
        sample.line = line | self.sign(make_statement(line))
        report = check_passport(sample.issue())
        self.assertEqual((report.state, report.fork_of), (SOUND, "mother"))


@tagged("post_install", "-at_install")
class TestTamperedPassport(PassportCase):
    """Whatever is done to the file is found, and the first bad event is named."""

    def test_a_changed_payload(self):
        event = self._find(STONE, 1)
        event[PAYLOAD] = event[PAYLOAD].replace("0.520", "0.920")
        self._assert_first(CONTENT, STONE, 1)

    def test_a_changed_payload_sealed_again(self):
        event = self._find(STONE, 1)
        event[PAYLOAD] = event[PAYLOAD].replace("0.520", "0.920")
        row = check._read_row(event)
        event |= to_epcis(row._replace(hash=digest(row)), self.sample.names)
        self._assert_first(LINK, STONE, 2)

    def test_a_chain_rebuilt_from_there_to_its_end(self):
        story = deepcopy(STORY)
        story[0][1][2]["carat"] = "0.920"
        rebuilt = Sample(story, sign=self.sign)
        rebuilt.line, rebuilt.anchored = self.sample.line, self.sample.anchored
        self.forged = rebuilt.issue()
        self._assert_first(ANCHOR, RING, 8)

    def test_a_rebuilt_chain_whose_head_is_put_in_the_place_of_the_anchored_one(self):
        rebuilt = Sample(sign=self.sign).anchor()
        rebuilt.line = self.sample.line
        self.forged = rebuilt.issue()
        self.assertEqual({f.reason for f in check_passport(self.forged).faults}, {check.ROOT})

    def test_everything_rebuilt_and_anchored_anew_is_found_by_who_kept_an_anchor(self):
        kept = [parse_line(canonical(self.sample.line | {"previous": ""}).encode())]
        self.assertEqual(check_passport(self.document, anchors=kept).state, SOUND)
        self.forged = Sample(STORY[:-1], sign=self.sign).anchor().issue()
        self.assertEqual(check_passport(self.forged).state, SOUND)
        self._assert_first(check.FILE, anchors=kept)

    def test_everything_rebuilt_with_another_key_is_found_by_who_knows_the_key(self):
        self.forged = Sample(sign=make_signer()).anchor().issue()
        self.assertEqual(check_passport(self.forged).state, SOUND)
        self._assert_first(check.KEY, keys=[self.key])
        self.assertEqual(check_passport(self.document, keys=["ab", self.key]).state, SOUND)

    def test_a_true_anchor_in_a_file_signed_by_another(self):
        stranger = Sample(sign=make_signer())
        self.forged = stranger.seal(self.forged)
        self._assert_first(check.KEY)

    def test_a_removed_event(self):
        self.events.remove(self._find(RING, 3))
        self._assert_first(GAP, RING, 3)

    def test_a_removed_withheld_event(self):
        self._withheld().pop(0)
        self._assert_first(GAP, RING, 2)

    def test_the_end_cut_off(self):
        self._withheld().pop()
        self._assert_first(check.END, RING, 8)
        (chain,) = (chain for chain in self.chains if chain["chain"] == RING)
        chain |= {"seq": 7, "hash": self._withheld()[-1]["hash"]}
        self._assert_first(ANCHOR, RING, 8)

    def test_reordered_events(self):
        self.events[2], self.events[3] = self.events[3], self.events[2]
        later = self.events[3]
        self._assert_first(check.ORDER, later["jewelry:chain"], later[SEQ])

    def test_an_event_told_twice(self):
        self.events.insert(2, deepcopy(self.events[1]))
        event = self.events[1]
        self._assert_first(check.ORDER, event["jewelry:chain"], event[SEQ])

    def test_an_inserted_event(self):
        row = check._read_row(self._find(STONE, 3))
        forged = row._replace(kind="content", payload='{"carat":"0.920","salt":""}')
        forged = forged._replace(hash=digest(forged))
        place = self.events.index(self._find(STONE, 3))
        self.events.insert(place, to_epcis(forged, self.sample.names))
        self._assert_first(check.ORDER, STONE, 3)

    def test_events_swapped_with_their_numbers(self):
        one, two = self._find(RING, 4), self._find(RING, 5)
        one[SEQ], two[SEQ] = 5, 4
        report = check_passport(self.forged)
        self.assertIn(Fault(RING, 4, LINK), report.faults)

    def test_an_event_that_reads_otherwise_than_what_was_sealed(self):
        self._find(HOME, 2)["bizLocation"]["id"] = f"{BASE}/jewelry/id/elsewhere"
        self._assert_first(check.EPCIS, HOME, 2)

    def test_another_id_on_an_event(self):
        self._find(HOME, 2)["eventID"] = self._find(HOME, 1)["eventID"]
        self._assert_first(check.EPCIS, HOME, 2)

    def test_a_withheld_event_with_another_time_or_content(self):
        for change in ({"time": "2026-03-01T00:00:00.000000Z"}, {"content": "ab"}):
            self.setUp()
            self._withheld()[0] |= change
            self._assert_first(CONTENT, RING, 2)

    def test_a_shown_event_withheld_later(self):
        """The holder may not hide what the store shows: the signature of the file is gone."""
        event = self._find(RING, 3)
        row = check._read_row(event)
        self.events.remove(event)
        self._withheld().append(_withhold(row))
        self._assert_first(check.SEAL)

    def test_the_history_of_a_stone_left_out(self):
        self.chains[:] = [chain for chain in self.chains if chain["chain"] != STONE]
        self.events[:] = [event for event in self.events if event["jewelry:chain"] != STONE]
        self._assert_first(check.MISSING, RING, 4)

    def test_the_history_of_a_better_stone_put_in(self):
        sample = Sample(sign=self.sign)
        sample.tell(("9" * 8, "commission", {"number": "ST-9", "carat": "9.000"}))
        self.forged = sample.anchor().issue()
        self._assert_first(check.STRANGE, "9" * 8)

    def test_an_event_of_a_chain_that_nobody_announced(self):
        self.chains[:] = [chain for chain in self.chains if chain["chain"] != HOME]
        self.assertIn(check.STRANGE, {f.reason for f in check_passport(self.forged).faults})

    def test_a_number_of_gs1_of_another_piece(self):
        self.forged = Sample(sign=self.sign, links={RING: "/8004/9521234R-0002"}).anchor().issue()
        self._assert_first(check.NUMBER, RING)

    def test_a_forged_anchor(self):
        for change in (
            {"root": "00" * 32},
            {"time": "2020-01-01T00:00:00+00:00"},
            {"chains": 1},
            {"signature": "00" * 64},
            {"key": "00" * 32},
            {"fork_of": "x"},
        ):
            self.setUp()
            self.forged[PROOF]["anchor"] |= change
            reasons = {fault.reason for fault in check_passport(self.forged).faults}
            self.assertIn(check.SIGNATURE, reasons, change)

    def test_another_path_to_the_root(self):
        self.chains[0]["anchored"]["path"][0] = "00" * 32
        self._assert_first(check.ROOT, RING, 8)

    def test_a_time_stamp_of_something_else(self):
        self.forged[PROOF]["stamp"] = "AAAA"
        self._assert_first(check.STAMP)

    def test_another_date_of_issue(self):
        self.forged["creationDate"] = "2020-01-01T00:00:00+00:00"
        self._assert_first(check.SEAL)

    def test_an_old_event_that_cannot_be_withheld_is_not_believed(self):
        self._withheld()[0] |= {"hash": "$1$" + "0" * 64}
        self._assert_first(CONTENT, RING, 2)

    def test_what_is_no_passport_is_refused_without_a_crash(self):
        for text in (b"", b"{}", b"[]", b"null", b"1", b"\xff\xfe", b"PK\x03\x04", "[" * 100_000):
            report = check_text(text)
            self.assertEqual(report.faults[0].reason, check.UNREADABLE)


def nodes(value, path=()):
    """Yield the path of every scalar in a document."""
    if isinstance(value, dict | list) and value:
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from nodes(item, (*path, key))
    else:
        yield path


@tagged("post_install", "-at_install")
class TestAnyTampering(PassportCase):
    """One value anywhere in the file, changed or taken away: never sound, never a crash."""

    def _get_parent(self, document, path):
        for key in path[:-1]:
            document = document[key]
        return document

    @given(st.data())
    def test_any_changed_value_is_found(self, data):
        forged = deepcopy(self.document)
        path = data.draw(st.sampled_from(list(nodes(self.document))))
        parent = self._get_parent(forged, path)
        old = parent[path[-1]]
        choices = [None, "", "x", 0, -1, 7, True, [], {}, ["x"], {"x": 1}, "0" * 64]
        if isinstance(old, str) and old:
            choices += [old[:-1], old + "0", ("x" if old[0] != "x" else "y") + old[1:]]
        parent[path[-1]] = data.draw(st.sampled_from([c for c in choices if c != old]))
        self.assertNotEqual(check_passport(forged).state, SOUND, path)

    @given(st.data())
    def test_any_missing_value_is_found(self, data):
        forged = deepcopy(self.document)
        path = data.draw(st.sampled_from(list(nodes(self.document))))
        del self._get_parent(forged, path)[path[-1]]
        self.assertNotEqual(check_passport(forged).state, SOUND, path)

    @given(st.data())
    def test_any_event_moved_is_found(self, data):
        forged = deepcopy(self.document)
        events = forged["epcisBody"]["eventList"]
        places = st.integers(0, len(events) - 1)
        start, end = data.draw(st.tuples(places, places).filter(lambda pair: pair[0] != pair[1]))
        events.insert(end, events.pop(start))
        self.assertEqual(check_passport(forged).state, TAMPERED)


@tagged("post_install", "-at_install")
class TestVerifierFile(PassportCase):
    """The program that customers run: one file, Python alone, no site packages."""

    def setUp(self):
        super().setUp()
        self.folder = Path(mkdtemp())
        self.addCleanup(rmtree, self.folder)
        self.program = self.folder / "verify_passport.pyz"
        self.program.write_bytes(build_verifier())

    def _run(self, document, *options):
        file = self.folder / "passport.json"
        file.write_text(document if isinstance(document, str) else json.dumps(document))
        command = [sys.executable, "-I", "-S", self.program, file, *options]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=self.folder)
        self.assertEqual(done.stderr, "")
        return done.returncode, done.stdout

    def test_a_sound_passport_ends_with_0_and_asks_to_compare_the_key(self):
        code, said = self._run(self.document)
        self.assertEqual(code, 0, said)
        for words in ("R-0001", "SOUND", self.key, "Compare the key"):
            self.assertIn(words, said)

    def test_a_tampered_one_ends_with_1_and_names_the_event(self):
        event = self._find(STONE, 1)
        event[PAYLOAD] = event[PAYLOAD].replace("0.520", "0.920")
        code, said = self._run(self.forged)
        self.assertEqual(code, 1)
        self.assertIn(f"chain {STONE}, event 1: the event was changed", said)

    def test_one_without_an_anchor_ends_with_2(self):
        self.assertEqual(self._run(Sample().issue())[0], 2)

    def test_a_key_and_a_file_of_anchors_may_be_asked_for(self):
        anchors = self.folder / "anchors.jsonl"
        anchors.write_text(canonical(self.sample.line | {"previous": ""}) + "\n")
        self.assertEqual(self._run(self.document, "--key", self.key.upper())[0], 0)
        self.assertEqual(self._run(self.document, "--anchor", anchors)[0], 0)
        self.assertEqual(self._run(self.document, "--key", "00" * 32)[0], 1)
        anchors.write_text("")
        code, said = self._run(self.document, "--anchor", anchors)
        self.assertEqual(code, 1)
        self.assertIn("your copy of the anchors", said)

    def test_a_time_stamp_is_written_out_for_openssl(self):
        statement = make_statement(self.sample.line)
        stamp = b"answer" + sha256(statement).digest()
        self.forged[PROOF]["stamp"] = b64encode(stamp).decode()
        self.forged = self.sample.seal(self.forged)
        code, said = self._run(self.forged, "--stamp", self.folder)
        self.assertEqual(code, 0, said)
        self.assertIn("openssl ts -verify", said)
        self.assertEqual((self.folder / "anchor.json").read_bytes(), statement)
        self.assertEqual((self.folder / "anchor.tsr").read_bytes(), stamp)
        self.assertIn("no time stamp", self._run(self.document, "--stamp", self.folder)[1])

    def test_what_cannot_be_read_is_said_plainly(self):
        code, said = self._run("no passport")
        self.assertEqual(code, 1)
        self.assertIn("this is no passport", said)
        command = [sys.executable, "-I", self.program, self.folder / "nothing.json"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 3)
        self.assertIn("Cannot read", done.stderr)

    def test_the_same_program_is_the_same_file(self):
        self.assertEqual(build_verifier(), build_verifier())
