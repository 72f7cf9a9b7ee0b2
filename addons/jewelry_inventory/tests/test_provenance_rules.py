import json
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import provenance
from ..tools.provenance import (
    CONTENT,
    GAP,
    LINK,
    Fault,
    Verification,
    Verifier,
    can_withhold,
    canonical,
    content_hash,
    digest,
    first_faults,
    is_public,
    is_sealed,
    move_kind,
    read_payload,
    seal,
    to_instant,
    withheld_hash,
)

NOW = datetime(2026, 3, 1, 12, 30, 15, 7)

scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=10)
payloads = st.dictionaries(
    st.text(max_size=6),
    st.recursive(scalars, lambda item: st.lists(item, max_size=3), max_leaves=5),
)
entries = st.lists(
    st.tuples(
        st.sampled_from(["a1", "b2", "c3"]), st.sampled_from(sorted(provenance.KINDS)), payloads
    ),
    max_size=12,
)


def chain_of(*kinds, chain="a1"):
    return seal([(chain, kind, {"n": n}) for n, kind in enumerate(kinds)], {}, NOW, "actor")


def verify(events):
    verifier = Verifier()
    verifier.feed(sorted(events))
    return verifier


def swap_character(text, place):
    return text[:place] + ("x" if text[place] != "x" else "y") + text[place + 1 :]


def tampered(event, field, place):
    """Return the event with one character, one unit or one microsecond of `field` changed."""
    value = getattr(event, field)
    if isinstance(value, datetime):
        return event._replace(time=value + timedelta(microseconds=1))
    if isinstance(value, int):
        return event._replace(seq=value + 1 + place)
    if not value:
        return event._replace(**{field: "x"})
    return event._replace(**{field: swap_character(value, place % len(value))})


@tagged("post_install", "-at_install")
class TestCanonicalPayload(BaseCase):
    def test_keys_are_sorted_and_no_space_is_wasted(self):
        self.assertEqual(
            canonical({"b": [1, None], "a": {"d": True, "c": "é"}}),
            '{"a":{"c":"\\u00e9","d":true},"b":[1,null]}',
        )

    def test_a_decimal_keeps_its_digits_as_text(self):
        self.assertEqual(
            canonical({"gram": Decimal("1.250"), "big": Decimal("1E+3")}),
            '{"big":"1000","gram":"1.250"}',
        )

    def test_a_float_is_refused_however_deep_it_lies(self):
        for payload in ({"a": 1.5}, {"a": [{"b": 0.1}]}, {"a": (float("nan"),)}):
            with self.assertRaisesRegex(TypeError, "float"):
                canonical(payload)

    def test_what_has_no_text_of_its_own_is_refused(self):
        for value in (NOW, {1, 2}, b"bytes", object()):
            with self.assertRaises(TypeError):
                canonical({"a": value})

    @given(payloads)
    def test_the_text_is_ascii_and_reads_back_as_it_was(self, payload):
        text = canonical(payload)
        self.assertTrue(text.isascii())
        self.assertEqual(json.loads(text), payload)
        self.assertEqual(canonical(dict(reversed(payload.items()))), text)


@tagged("post_install", "-at_install")
class TestKinds(BaseCase):
    def test_a_done_move_is_named_by_the_ends_of_its_way(self):
        self.assertEqual(move_kind("supplier", "internal"), "receive")
        self.assertEqual(move_kind("transit", "customer"), "ship")
        self.assertEqual(move_kind("customer", "transit"), "return")
        self.assertEqual(move_kind("internal", "supplier"), "send_back")
        self.assertEqual(move_kind("inventory", "internal"), "count_in")
        self.assertEqual(move_kind("internal", "inventory"), "count_out")
        self.assertEqual(move_kind("internal", "production"), "move")
        self.assertEqual(move_kind("internal", "transit"), "move")

    def test_every_kind_of_move_and_every_confidential_kind_has_its_reading_in_epcis(self):
        self.assertLessEqual(set(provenance.MOVE_KINDS.values()), set(provenance.KINDS))
        self.assertLessEqual(set(provenance.CONFIDENTIAL_KINDS), set(provenance.KINDS))

    def test_nobody_outside_reads_what_is_confidential(self):
        self.assertFalse({*provenance.CONFIDENTIAL_KINDS} & {*provenance.PUBLIC_KINDS})
        self.assertLessEqual(set(provenance.PUBLIC_KINDS), set(provenance.KINDS))

    def test_an_event_is_public_unless_it_tells_of_people_or_of_money(self):
        self.assertTrue(is_public("receive", {"from": "a", "to": "b"}))
        self.assertFalse(is_public("receive", {"from": "a", "to": "b", "owner": "c"}))
        self.assertTrue(is_public("commission", {"name": "R", "stock_type": "stock"}))
        for terms in ("memo", "consignment", "trade_in", "customer"):
            self.assertFalse(is_public("commission", {"name": "R", "stock_type": terms}))
        for kind in ("cost", "price", "owner", "ship", "move", "kind of another room"):
            self.assertFalse(is_public(kind, {}), kind)

    def test_actions_are_those_that_epcis_allows_for_the_type(self):
        for name, kind in provenance.KINDS.items():
            allowed = (
                {""} if kind.event_type == "TransformationEvent" else {"ADD", "OBSERVE", "DELETE"}
            )
            self.assertIn(kind.action, allowed, name)


@tagged("post_install", "-at_install")
class TestHash(BaseCase):
    def test_the_hash_can_be_computed_without_this_program(self):
        event = chain_of("receive")[0]._replace(payload='{"n":0}')
        content = sha256(b'["receive","actor","{\\"n\\":0}"]').hexdigest()
        array = f'["a1",1,"2026-03-01T12:30:15.000007Z","{content}",""]'
        self.assertEqual(digest(event), "$2$" + sha256(array.encode()).hexdigest())

    def test_a_hash_of_the_first_version_can_be_computed_without_this_program(self):
        event = chain_of("receive")[0]._replace(payload='{"n":0}')
        array = '["a1",1,"receive","2026-03-01T12:30:15.000007Z","actor","{\\"n\\":0}",""]'
        self.assertEqual(digest(event, "1"), "$1$" + sha256(array.encode()).hexdigest())

    def test_a_withheld_event_is_sealed_by_what_stands_for_its_content(self):
        event = chain_of("receive", "price")[1]
        shown = (event.chain, event.seq, to_instant(event.time), content_hash(event))
        self.assertEqual(withheld_hash(*shown, event.previous), event.hash)
        self.assertNotEqual(withheld_hash(*shown, "x"), event.hash)
        self.assertNotIn("price", content_hash(event))

    def test_the_same_price_twice_has_two_hashes_that_nobody_can_guess(self):
        first, second = (chain_of("price")[0] for _n in range(2))
        self.assertNotEqual(content_hash(first), content_hash(second))
        self.assertEqual(read_payload(first.payload), read_payload(second.payload))

    def test_only_a_version_that_hashes_the_content_apart_can_be_withheld(self):
        event = chain_of("receive")[0]
        self.assertTrue(can_withhold(event.hash))
        self.assertFalse(can_withhold(digest(event, "1")))

    def test_a_version_that_nobody_knows_seals_nothing(self):
        event = chain_of("receive")[0]
        for forged in ("$9$" + event.hash[3:], event.hash[3:], "", "$$", "$1$", "$2$"):
            self.assertFalse(is_sealed(event._replace(hash=forged)), forged)

    def test_an_older_version_stays_verifiable(self):
        event = chain_of("receive")[0]
        with self.subTest("a chain whose events have two versions"):
            older = dict(
                provenance._DIGESTS,
                **{"0": lambda event: sha256(event.payload.encode()).hexdigest()},
            )
            self.patch(provenance, "_DIGESTS", older)
            self.assertTrue(is_sealed(event._replace(hash=digest(event, "0"))))
            self.assertTrue(is_sealed(event))

    def test_text_cannot_wander_from_one_column_to_the_next(self):
        event = chain_of("receive")[0]._replace(kind="move", actor="ab")
        self.assertNotEqual(digest(event), digest(event._replace(kind="movea", actor="b")))
        self.assertNotEqual(digest(event), digest(event._replace(kind='move","x', actor="ab")))


@tagged("post_install", "-at_install")
class TestChain(BaseCase):
    def test_each_event_holds_the_hash_of_the_one_before(self):
        first, second, third = chain_of("receive", "price", "ship")
        self.assertEqual([first.seq, second.seq, third.seq], [1, 2, 3])
        self.assertEqual(
            [first.previous, second.previous, third.previous], ["", first.hash, second.hash]
        )

    def test_chains_in_one_batch_do_not_mix(self):
        heads = {}
        events = seal([("a", "move", {}), ("b", "move", {}), ("a", "move", {})], heads, NOW, "me")
        self.assertEqual(
            [(event.chain, event.seq) for event in events], [("a", 1), ("b", 1), ("a", 2)]
        )
        self.assertEqual(heads, {"a": (2, events[2].hash), "b": (1, events[1].hash)})

    def test_a_later_batch_goes_on_from_the_head(self):
        heads = {}
        events = seal([("a", "move", {})], heads, NOW, "me")
        events += seal([("a", "ship", {})], heads, NOW, "me")
        self.assertEqual(verify(events).faults, [])

    @given(st.lists(entries, max_size=4))
    def test_any_sequence_of_batches_verifies(self, batches):
        heads = {}
        events = [event for batch in batches for event in seal(batch, heads, NOW, "me")]
        verifier = verify(events)
        self.assertEqual(verifier.faults, [])
        self.assertEqual(verifier.events, len(events))
        self.assertEqual(verifier.chains, len({event.chain for event in events}))

    @given(entries.filter(bool), st.data())
    def test_any_single_change_is_found(self, batch, data):
        events = seal(batch, {}, NOW, "me")
        place = data.draw(st.integers(0, len(events) - 1))
        field = data.draw(st.sampled_from(provenance.Event._fields))
        events[place] = tampered(events[place], field, data.draw(st.integers(0, 80)))
        self.assertTrue(verify(events).faults)

    @given(entries.filter(bool), st.data())
    def test_a_fault_names_a_chain_that_was_touched(self, batch, data):
        events = seal(batch, {}, NOW, "me")
        place = data.draw(st.integers(0, len(events) - 1))
        original = events[place]
        events[place] = tampered(original, "payload", data.draw(st.integers(0, 80)))
        self.assertEqual(verify(events).faults, [Fault(original.chain, original.seq, CONTENT)])

    @given(entries.filter(bool), st.data())
    def test_an_event_taken_from_before_the_end_leaves_a_gap(self, batch, data):
        events = seal(batch, {}, NOW, "me")
        gone = events.pop(data.draw(st.integers(0, len(events) - 1)))
        followed = any(event.chain == gone.chain and event.seq > gone.seq for event in events)
        self.assertEqual(
            verify(events).faults, [Fault(gone.chain, gone.seq, GAP)] if followed else []
        )


@tagged("post_install", "-at_install")
class TestVerifier(BaseCase):
    def test_the_first_bad_event_of_each_chain_is_named_and_no_later_one(self):
        events = chain_of("receive", "price", "ship") + chain_of("receive", "ship", chain="b2")
        events[1] = events[1]._replace(payload="{}")
        events[2] = events[2]._replace(actor="somebody")
        events[3] = events[3]._replace(kind="void")
        self.assertEqual(verify(events).faults, [Fault("a1", 2, CONTENT), Fault("b2", 1, CONTENT)])

    def test_an_event_sealed_again_breaks_the_link_of_the_next(self):
        events = chain_of("receive", "price", "ship")
        forged = events[1]._replace(payload="{}")
        events[1] = forged._replace(hash=digest(forged))
        self.assertEqual(verify(events).faults, [Fault("a1", 3, LINK)])

    def test_batches_may_cut_a_chain_anywhere(self):
        verifier = Verifier()
        for event in chain_of("receive", "price", "ship"):
            verifier.feed([event])
        self.assertEqual((verifier.events, verifier.chains, verifier.faults), (3, 1, []))

    def test_a_chain_that_does_not_begin_at_one_lacks_its_beginning(self):
        self.assertEqual(verify(chain_of("receive", "ship")[1:]).faults, [Fault("a1", 1, GAP)])

    def test_of_several_faults_of_a_chain_the_first_counts(self):
        faults = [
            Fault("b", 2, CONTENT),
            Fault("a", 3, GAP),
            Fault("a", 1, LINK),
            Fault("", 4, GAP),
        ]
        self.assertEqual(
            first_faults(faults), (Fault("", 4, GAP), Fault("a", 1, LINK), Fault("b", 2, CONTENT))
        )

    def test_a_verification_without_faults_is_sound(self):
        self.assertTrue(Verification(3, 1).ok)
        self.assertIsNone(Verification(3, 1).first)
        damaged = Verification(3, 1, (Fault("a", 1, GAP),))
        self.assertFalse(damaged.ok)
        self.assertEqual(damaged.first.seq, 1)
