from copy import deepcopy

from odoo.tests import tagged

from ..tools.cbv import event_hash, prehash
from .common import VectorCase

CONTEXT = [{"shop": "https://shop.example/ns#"}]


@tagged("post_install", "-at_install")
class TestEventHash(VectorCase):
    """The hash of section 8.9 of the Core Business Vocabulary, against the published examples."""

    def setUp(self):
        super().setUp()
        self.event = {
            "type": "ObjectEvent",
            "eventTime": "2026-03-01T12:00:00.0005Z",
            "eventTimeZoneOffset": "+00:00",
            "action": "OBSERVE",
            "epcList": ["urn:epc:id:giai:9521234.R-2", "urn:epc:id:giai:9521234.R-1"],
        }

    def test_the_published_events_have_their_published_hashes(self):
        vectors = self._load_vector("epcis_cbv_event_hashes.json")["vectors"]
        count = 0
        for vector in vectors:
            document = vector["document"]
            hashes = [
                event_hash(event, document["@context"])
                for event in document["epcisBody"]["eventList"]
            ]
            self.assertEqual(hashes, vector["expected_hashes"], vector["file"])
            count += len(hashes)
        self.assertEqual(count, 28)

    def test_the_order_of_fields_and_members_says_nothing(self):
        other = dict(reversed(deepcopy(self.event).items()))
        other["epcList"].reverse()
        self.assertEqual(event_hash(other), event_hash(self.event))

    def test_the_same_instant_elsewhere_is_the_same_instant(self):
        other = self.event | {"eventTime": "2026-03-01T14:00:00.0005+02:00"}
        self.assertEqual(event_hash(other), event_hash(self.event))
        self.assertIn("eventTime=2026-03-01T12:00:00.001Z", prehash(self.event))

    def test_an_id_and_the_time_of_recording_are_no_part_of_an_event(self):
        other = self.event | {"eventID": "urn:x", "recordTime": "2027-01-01T00:00:00Z"}
        self.assertEqual(event_hash(other), event_hash(self.event))

    def test_anything_else_is(self):
        hashes = {
            event_hash(self.event | change, CONTEXT)
            for change in (
                {},
                {"action": "ADD"},
                {"bizStep": "storing"},
                {"shop:seq": 1},
                {"shop:seq": 2},
                {"shop:nested": {"shop:seq": 1}},
                {"shop:flag": True},
                {"epcList": ["urn:epc:id:giai:9521234.R-1"]},
            )
        }
        self.assertEqual(len(hashes), 8)

    def test_words_of_a_vocabulary_are_written_out(self):
        text = prehash(
            self.event | {"bizStep": "cbv:BizStep-storing", "disposition": "in_progress"}
        )
        self.assertIn("bizStep=https://ref.gs1.org/cbv/BizStep-storing", text)
        self.assertIn("disposition=https://ref.gs1.org/cbv/Disp-in_progress", text)
        own = self.event | {"bizStep": "https://shop.example/ns#Bizstep-pricing"}
        self.assertIn("bizStep=https://shop.example/ns#Bizstep-pricing", prehash(own))

    def test_the_namespace_counts_and_its_short_name_does_not(self):
        one = event_hash(self.event | {"shop:a": "x"}, CONTEXT)
        two = event_hash(self.event | {"store:a": "x"}, [{"store": "https://shop.example/ns#"}])
        other = event_hash(self.event | {"shop:a": "x"}, [{"shop": "https://other.example/ns#"}])
        self.assertEqual(one, two)
        self.assertNotEqual(one, other)

    def test_numbers_have_no_trailing_zeros(self):
        event = self.event | {"quantityList": [{"epcClass": "urn:x", "quantity": 1.50}]}
        self.assertIn("quantity=1.5", prehash(event))
        self.assertIn("quantity=600", prehash(event | {"quantityList": [{"quantity": 600}]}))
