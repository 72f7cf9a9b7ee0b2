import json
from datetime import datetime
from decimal import Decimal

from psycopg2 import Error
from psycopg2.errors import RestrictViolation

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools import provenance
from .common import ProvenanceCommon


@tagged("post_install", "-at_install")
class TestProvenanceEvent(ProvenanceCommon):
    def test_a_user_is_named_by_uuid_and_shown_by_name(self):
        user = self._create_user("keeper")
        piece = self._create_serials()
        self.Event.with_user(user)._append([(piece.with_user(user), "price", {})])
        event = self._get_chain(piece)
        self.assertEqual(event.actor, user.chain_uuid)
        user.active = False
        self.assertEqual(event.actor_id, user)

    def test_the_time_is_that_of_the_clock_to_the_microsecond(self):
        piece = self._create_serials()
        before = datetime.utcnow()
        self._append(piece, "price")
        self.env.cr.execute(
            "SELECT event_time FROM jewelry_provenance_event ORDER BY id DESC LIMIT 1"
        )
        (stored,) = self.env.cr.fetchone()
        self.assertLessEqual(before, stored)
        self.assertLessEqual(stored, datetime.utcnow())

    def test_decimals_are_stored_as_text_and_floats_refused(self):
        piece = self._create_serials()
        self.Event._append([(piece, "price", {"amount": Decimal("1234.50"), "currency": "USD"})])
        stored = json.loads(self._get_chain(piece).payload)
        self.assertEqual(len(bytes.fromhex(stored.pop("salt"))), 16)
        self.assertEqual(stored, {"amount": "1234.50", "currency": "USD"})
        with self.assertRaises(TypeError):
            self.Event._append([(piece, "price", {"amount": 1234.5})])

    def test_the_form_shows_the_payload_in_lines(self):
        piece = self._create_serials()
        self._append(piece, "price")
        event = self._get_chain(piece)
        self.assertEqual(event.payload_pretty, '{\n  "by": "test"\n}')
        self.assertEqual(event.display_name, "price #1")

    def test_the_form_names_places_and_people_whom_the_user_may_read(self):
        piece = self._create_serials()
        place = self.env["stock.location"].create({"name": "Safe 1"})
        owner = self.env["res.partner"].create({"name": "Consignor"})
        payload = {"from": place.chain_uuid, "owner": owner.chain_uuid, "metals": {"AU": "1"}}
        self.Event._append([(piece, "owner", payload)])
        event = self._get_chain(piece)
        shown = json.loads(event.payload_pretty)
        self.assertEqual(shown, {"from": "Safe 1", "owner": "Consignor", "metals": {"AU": "1"}})
        keeper = self._create_user("keeper")
        self.env["ir.rule"].create(
            {
                "name": "Not this one",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": [("name", "!=", "Consignor")],
            }
        )
        shown = json.loads(event.with_user(keeper).payload_pretty)
        self.assertEqual((shown["from"], shown["owner"]), ("Safe 1", owner.chain_uuid))

    def test_five_thousand_events_are_one_insert(self):
        pieces = self._create_serials(5000)
        self.env.flush_all()
        self._append(pieces[0], "commission")
        entries = [(piece, "price", {"amount": str(n)}) for n, piece in enumerate(pieces)]
        # Heads locked, first anchor asked for, heads stored, events inserted.
        self.Check.create({"state": "ok"})
        with self.assertQueryCount(4):
            self.Event._append(entries)
        self.assertEqual(self.Event.search_count([("lot_id", "in", pieces.ids)]), 5001)
        self.assertTrue(self.Event.verify_chains(pieces.mapped("chain_uuid")).ok)

    def test_an_empty_batch_asks_nothing_of_the_database(self):
        with self.assertQueryCount(0):
            self.Event._append([])

    def test_several_events_of_a_piece_in_one_batch_are_numbered_in_their_order(self):
        piece = self._create_serials()
        self.Event._append([(piece, kind, {}) for kind in ("commission", "content", "price")])
        self.assertEqual(self._get_chain(piece).mapped("kind"), ["commission", "content", "price"])

    def test_a_rollback_leaves_nothing(self):
        piece = self._create_serials()
        self._append(piece, "commission")
        with self.env.cr.savepoint() as savepoint:
            self._append(piece, "price")
            savepoint.rollback()
        self.assertEqual(self._get_chain(piece).mapped("kind"), ["commission"])
        self._append(piece, "cost")
        self.assertTrue(self.Event.verify_chains([piece.chain_uuid]).ok)

    def test_whatever_has_the_mixin_can_have_a_chain(self):
        partner = self.env["res.partner"].create({"name": "Anybody"})
        self._append(partner, "content")
        self.assertFalse(self._get_chain(partner).lot_id)

    def test_a_deleted_lot_leaves_its_chain_whole(self):
        piece = self._create_serials()
        self._append(piece, "commission", "void")
        uuid = piece.chain_uuid
        piece.unlink()
        events = self.Event.search([("chain_uuid", "=", uuid)])
        self.assertEqual((len(events), events.lot_id.id), (2, False))
        self.assertTrue(self.Event.verify_chains([uuid]).ok)

    def test_partners_merge_though_events_speak_of_them(self):
        piece = self._create_serials()
        owners = self.env["res.partner"].create([{"name": "Twin"}, {"name": "Twin"}])
        for owner in owners:
            self.Event._append([(piece, "owner", {"owner": owner.chain_uuid})])
        kept = owners[0]
        uuid = kept.chain_uuid
        self.env["base.partner.merge.automatic.wizard"]._merge(owners.ids, kept)
        self.assertFalse(owners[1].exists())
        self.assertEqual(kept.chain_uuid, uuid)
        self.assertTrue(self.Event.verify_chains([piece.chain_uuid]).ok)


@tagged("post_install", "-at_install")
class TestProvenanceSeal(ProvenanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.piece = cls._create_serials()
        cls.Event._append([(cls.piece, "commission", {}), (cls.piece, "price", {})])
        cls.events = cls.Event.search([("chain_uuid", "=", cls.piece.chain_uuid)], order="seq")

    def _assert_refused(self, query):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(RestrictViolation, "append-only"),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(query)

    def test_even_the_superuser_cannot_create_write_or_delete(self):
        with self.assertRaisesRegex(UserError, "never by hand"):
            self.Event.create({"kind": "price"})
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            self.events[0].write({"kind": "void"})
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            self.events[0].lot_id = False
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            self.events.unlink()
        with self.assertRaisesRegex(UserError, "never by hand"):
            self.events[0].copy()

    def test_the_database_refuses_to_change_any_hashed_column(self):
        for column in (
            "id",
            "chain_uuid",
            "seq",
            "kind",
            "event_time",
            "actor",
            "payload",
            "previous",
            "hash",
        ):
            self._assert_refused(f"UPDATE jewelry_provenance_event SET {column} = {column}")

    def test_every_stored_column_is_sealed_but_the_lot(self):
        self.env.cr.execute(
            """SELECT attname FROM pg_attribute, pg_trigger
                WHERE attrelid = 'jewelry_provenance_event'::regclass
                  AND attnum > 0 AND NOT attisdropped
                  AND tgrelid = attrelid AND tgname = 'jewelry_provenance_sealed'
                  AND attnum != ALL (tgattr)"""
        )
        self.assertEqual(self.env.cr.fetchall(), [("lot_id",)])

    def test_the_database_refuses_to_delete_or_empty(self):
        self._assert_refused("DELETE FROM jewelry_provenance_event")
        self._assert_refused("DELETE FROM jewelry_provenance_event WHERE id = -1")
        self._assert_refused("TRUNCATE jewelry_provenance_event")
        self._assert_refused("TRUNCATE stock_lot CASCADE")

    def test_the_database_refuses_an_insert_that_turns_into_an_update(self):
        self._assert_refused(
            """INSERT INTO jewelry_provenance_event
                      (id, chain_uuid, seq, kind, event_time, actor, payload, hash)
               SELECT id, chain_uuid, seq, kind, event_time, actor, payload, hash
                 FROM jewelry_provenance_event
               ON CONFLICT (id) DO UPDATE SET payload = '{}'"""
        )

    def test_a_number_of_a_chain_is_given_once(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(Error), self.env.cr.savepoint():
            self.env.cr.execute(
                """INSERT INTO jewelry_provenance_event
                          (chain_uuid, seq, kind, event_time, actor, payload, hash)
                   SELECT chain_uuid, seq, kind, event_time, actor, '{}', hash
                     FROM jewelry_provenance_event
                    WHERE id = %s""",
                [self.events[0].id],
            )

    def test_nothing_but_the_lot_refers_to_another_table(self):
        self.env.cr.execute(
            """SELECT confrelid::regclass::text FROM pg_constraint
                WHERE conrelid = 'jewelry_provenance_event'::regclass AND contype = 'f'"""
        )
        self.assertEqual(self.env.cr.fetchall(), [("stock_lot",)])

    def test_updating_the_module_puts_the_seal_back_and_touches_no_row(self):
        before = self.events.read()
        self.env.cr.execute("DROP TRIGGER jewelry_provenance_sealed ON jewelry_provenance_event")
        self.Event.init()
        self.env.invalidate_all()
        self.assertEqual(self.events.read(), before)
        self._assert_refused("DELETE FROM jewelry_provenance_event")

    def test_no_event_belongs_to_a_module(self):
        self.assertFalse(
            self.env["ir.model.data"].search([("model", "=", "jewelry.provenance.event")])
        )

    def test_the_function_and_its_triggers_go_when_the_module_goes(self):
        from ..hooks import uninstall_hook

        uninstall_hook(self.env)
        self.env.cr.execute("SELECT FROM pg_proc WHERE proname LIKE 'jewelry_provenance%'")
        self.assertFalse(self.env.cr.fetchall())
        self.env.cr.execute(
            "DELETE FROM jewelry_provenance_event WHERE id = %s", [self.events[1].id]
        )


@tagged("post_install", "-at_install")
class TestProvenanceMigration(ProvenanceCommon):
    def setUp(self):
        super().setUp()
        self.piece = self._create_serials()
        self.Event._append(
            [(self.piece, kind, {"city": "Wein"}) for kind in ("commission", "content")]
        )
        self.Check._cron_verify()

    def _drop_chain(self, cr):
        for table in ("jewelry_provenance_event", "jewelry_provenance_head"):
            cr.execute(f"DELETE FROM {table} WHERE chain_uuid = %s", [self.piece.chain_uuid])

    def _seal_anew(self, cr):
        """Correct a payload, with all hashes behind it: what a migration of the format would do."""
        previous = ""
        for row in self._get_rows(self.piece):
            row = row._replace(payload='{"city":"Wien"}', previous=previous)
            previous = provenance.digest(row)
            cr.execute(
                """UPDATE jewelry_provenance_event SET payload = %s, previous = %s, hash = %s
                    WHERE chain_uuid = %s AND seq = %s""",
                [row.payload, row.previous, previous, row.chain, row.seq],
            )
        cr.execute(
            "UPDATE jewelry_provenance_head SET hash = %s WHERE chain_uuid = %s",
            [previous, self.piece.chain_uuid],
        )

    def test_a_migration_changes_events_and_leaves_sound_chains_behind(self):
        self.assertEqual(self._migrate(self._seal_anew, "spelling").state, "ok")
        self.assertEqual(set(self._get_chain(self.piece).mapped("payload")), {'{"city":"Wien"}'})
        self.assertTrue(self.Event.verify_chains().ok)

    def test_a_migration_tells_the_anchor_file_why(self):
        self._migrate(self._seal_anew, "spelling")
        lines = [json.loads(line) for line in self.anchor_path.read_text().splitlines()]
        self.assertEqual(lines[-1]["reason"], "spelling")

    def test_a_chain_can_be_removed_by_order(self):
        self._migrate(self._drop_chain, "court order")
        self.assertFalse(self._get_chain(self.piece))
        self.assertTrue(self.Event.verify_chains().ok)

    def test_a_migration_that_breaks_a_chain_is_refused(self):
        with self.assertRaisesRegex(UserError, self.piece.name), self.env.cr.savepoint():
            self.Event.migrate_events(
                lambda cr: cr.execute("UPDATE jewelry_provenance_event SET payload = '{}'"),
                "careless",
            )
        self.assertTrue(self.Event.verify_chains().ok)

    def test_the_seal_is_back_after_a_migration(self):
        self._migrate(lambda cr: None, "nothing")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(RestrictViolation),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute("DELETE FROM jewelry_provenance_event")
