from contextlib import contextmanager
from random import Random

from odoo.tests import tagged

from ..models import jewelry_provenance_event
from ..tools.provenance import CONTENT, GAP, HEAD, LINK, digest
from .common import ProvenanceCommon


@tagged("post_install", "-at_install")
class TestProvenanceVerify(ProvenanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.piece, cls.other = cls._create_serials(2)
        kinds = ("commission", "price", "owner", "ship")
        cls.Event._append(
            [(piece, kind, {"n": kind}) for kind in kinds for piece in (cls.piece, cls.other)]
        )

    def _tamper_event(self, seq, assignment):
        self._tamper(
            f"UPDATE jewelry_provenance_event SET {assignment} WHERE chain_uuid = %s AND seq = %s",
            self.piece.chain_uuid,
            seq,
        )

    def test_untouched_chains_are_sound_and_counted(self):
        verification = self.Event.verify_chains([self.piece.chain_uuid, self.other.chain_uuid])
        self.assertEqual((verification.ok, verification.events, verification.chains), (True, 8, 2))

    def test_a_change_of_any_column_is_named_by_event(self):
        changes = {
            "kind = 'void'": (2, CONTENT),
            "event_time = event_time + interval '1 microsecond'": (2, CONTENT),
            "actor = actor || ' '": (2, CONTENT),
            "payload = replace(payload, ':', ': ')": (2, CONTENT),
            "previous = ''": (2, LINK),
            "hash = upper(hash)": (2, CONTENT),
            "hash = replace(hash, '$2$', '$1$')": (2, CONTENT),
            "seq = 99": (2, GAP),
        }
        for assignment, (seq, reason) in changes.items():
            with self.subTest(assignment), self._undone():
                self._tamper_event(2, assignment)
                self._assert_fault(self.piece, seq, reason)

    @contextmanager
    def _undone(self):
        """Throw away what the block changes in the database."""
        with self.env.cr.savepoint() as savepoint:
            yield
            savepoint.rollback()
        self.env.invalidate_all()

    def test_an_event_moved_to_another_chain_is_missed_where_it_was(self):
        self._tamper_event(4, f"seq = 5, chain_uuid = '{self.other.chain_uuid}'")
        faults = set(self.Event.verify_chains().faults)
        self.assertEqual(
            faults, {(self.piece.chain_uuid, 4, HEAD), (self.other.chain_uuid, 5, LINK)}
        )

    def test_the_lot_is_no_evidence(self):
        self._tamper_event(2, "lot_id = NULL")
        self.assertTrue(self.Event.verify_chains().ok)

    def test_an_event_taken_from_the_middle_is_named(self):
        self._tamper(
            "DELETE FROM jewelry_provenance_event WHERE chain_uuid = %s AND seq = 2",
            self.piece.chain_uuid,
        )
        self._assert_fault(self.piece, 2, GAP)

    def test_an_end_cut_off_is_named_by_the_head(self):
        self._tamper(
            "DELETE FROM jewelry_provenance_event WHERE chain_uuid = %s AND seq > 2",
            self.piece.chain_uuid,
        )
        self._assert_fault(self.piece, 3, HEAD)

    def test_a_whole_chain_taken_away_is_named_by_the_head(self):
        self._tamper(
            "DELETE FROM jewelry_provenance_event WHERE chain_uuid = %s", self.piece.chain_uuid
        )
        self._assert_fault(self.piece, 1, HEAD)

    def test_a_head_that_was_changed_or_removed_is_named(self):
        with self._undone():
            self.env.cr.execute(
                "UPDATE jewelry_provenance_head SET seq = 2 WHERE chain_uuid = %s",
                [self.piece.chain_uuid],
            )
            self._assert_fault(self.piece, 3, HEAD)
        with self._undone():
            self.env.cr.execute(
                "UPDATE jewelry_provenance_head SET hash = 'x' WHERE chain_uuid = %s",
                [self.piece.chain_uuid],
            )
            self._assert_fault(self.piece, 4, HEAD)
        self.env.cr.execute(
            "DELETE FROM jewelry_provenance_head WHERE chain_uuid = %s", [self.piece.chain_uuid]
        )
        self._assert_fault(self.piece, 1, HEAD)

    def test_an_event_sealed_again_is_found_at_the_next_one(self):
        forged = self._get_rows(self.piece)[1]._replace(payload='{"n":"cheap"}')
        self._tamper_event(2, f"payload = '{forged.payload}', hash = '{digest(forged)}'")
        self._assert_fault(self.piece, 3, LINK)

    def test_only_the_chains_asked_for_are_read(self):
        self._tamper_event(2, "kind = 'void'")
        self.assertTrue(self.Event.verify_chains([self.other.chain_uuid]).ok)
        self.assertFalse(self.Event.verify_chains([self.piece.chain_uuid]).ok)
        self.assertEqual(self.Event.verify_chains([]).events, 0)

    def test_batches_of_the_cursor_may_cut_a_chain(self):
        self.patch(jewelry_provenance_event, "VERIFY_BATCH", 3)
        chains = [self.piece.chain_uuid, self.other.chain_uuid]
        self.assertEqual(self.Event.verify_chains(chains)[:2], (8, 2))

    def test_two_verifications_in_one_transaction_do_not_disturb_each_other(self):
        self.assertEqual(self.Event.verify_chains(), self.Event.verify_chains())

    def test_any_order_of_appends_in_any_batches_verifies(self):
        random = Random(7)
        pieces = self._create_serials(12)
        for _call in range(25):
            chosen = [random.choice(pieces) for _entry in range(random.randint(1, 20))]
            self.Event._append(
                [
                    (piece, random.choice(["move", "price"]), {"n": random.random().hex()})
                    for piece in chosen
                ]
            )
        self.assertTrue(self.Event.verify_chains().ok)

    def test_every_damaged_chain_is_listed_once_in_order(self):
        self._tamper(
            "UPDATE jewelry_provenance_event SET kind = 'void' WHERE chain_uuid = ANY(%s)",
            [self.piece.chain_uuid, self.other.chain_uuid],
        )
        faults = self.Event.verify_chains().faults
        self.assertEqual(
            [fault.chain for fault in faults],
            sorted([self.piece.chain_uuid, self.other.chain_uuid]),
        )
        self.assertEqual({fault.seq for fault in faults}, {1})
