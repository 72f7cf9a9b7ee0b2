from odoo.tests import tagged

from ..tools import provenance
from .common import ProvenanceCommon


@tagged("post_install", "-at_install")
class TestProvenanceCheck(ProvenanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.piece = cls._create_serials()
        cls.cron = cls.env.ref("jewelry_inventory.ir_cron_provenance_verify")

    def _damage(self):
        self._append(self.piece, "commission", "price")
        self._tamper(
            "UPDATE jewelry_provenance_event SET payload = '{}' WHERE chain_uuid = %s AND seq = 2",
            self.piece.chain_uuid,
        )

    def test_a_store_without_events_has_nothing_to_check(self):
        self._migrate(
            lambda cr: cr.execute(
                "DELETE FROM jewelry_provenance_event; DELETE FROM jewelry_provenance_head"
            ),
            "test",
        )
        before = self.Check.search_count([])
        self.Check._cron_verify()
        self.assertEqual(self.Check.search_count([]), before)

    def test_the_first_event_asks_for_an_anchor_at_once_and_later_ones_do_not(self):
        self.Check.search([]).unlink()
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", self.cron.id)])
        self._append(self.piece, "commission")
        asked = self.env["ir.cron.trigger"].search([("cron_id", "=", self.cron.id)]) - triggers
        self.assertEqual(len(asked), 1)
        self.Check._cron_verify()
        self._append(self._create_serials(), "commission")
        self.assertEqual(
            self.env["ir.cron.trigger"].search([("cron_id", "=", self.cron.id)]), triggers | asked
        )

    def test_a_good_night_is_recorded_with_its_anchor(self):
        self._append(self.piece, "commission")
        self.Check._cron_verify()
        check = self.Check.search([], limit=1)
        self.assertEqual((check.state, check.chain_count), ("ok", self.Head.search_count([])))
        self.assertEqual(check.event_count, self.Event.search_count([]))
        self.assertTrue(check.anchor and check.anchor_root and check.database_uuid)
        self.assertFalse(check.activity_ids)

    def test_the_cron_runs_as_it_is_scheduled(self):
        self._append(self.piece, "commission")
        before = self.Check.search_count([])
        with self.enter_registry_test_mode():
            self.cron.method_direct_trigger()
        self.assertEqual(self.Check.search_count([]), before + 1)

    def test_a_bad_night_names_the_piece_and_calls_every_manager(self):
        manager = self._create_user("manager")
        self._damage()
        with self.assertLogs("odoo.addons.jewelry_inventory", "ERROR") as logs:
            self.Check._cron_verify()
        check = self.Check.search([], limit=1)
        self.assertEqual(
            (check.state, check.fault_chain_uuid, check.fault_seq, check.fault_reason),
            ("failed", self.piece.chain_uuid, 2, "content"),
        )
        self.assertIn(f"{self.piece.name}, event 2: changed", check.message)
        self.assertIn(self.piece.name, logs.output[0])
        self.assertIn(manager, check.activity_ids.user_id)
        self.assertFalse(check.anchor)

    def test_every_reason_has_words(self):
        known = {
            value
            for name, value in vars(provenance).items()
            if isinstance(value, str) and name.isupper()
        } - {provenance.VERSION, provenance.SALT}
        self.assertEqual(known, set(self.Check._fields["fault_reason"].get_values(self.env)))

    def test_the_message_lists_no_more_than_a_screen(self):
        pieces = self._create_serials(30)
        self.Event._append([(piece, "commission", {}) for piece in pieces])
        self._tamper(
            "UPDATE jewelry_provenance_event SET payload = '[]' WHERE chain_uuid = ANY(%s)",
            pieces.mapped("chain_uuid"),
        )
        self.assertEqual(len(self.Check._run().message.splitlines()), 20)

    def test_the_button_verifies_everything_and_opens_the_result(self):
        self._append(self.piece, "commission")
        keeper = self._create_user("keeper")
        action = self.Check.with_user(keeper).action_verify()
        check = self.env[action["res_model"]].with_user(keeper).browse(action["res_id"])
        self.assertEqual((check.state, check.event_count), ("ok", self.Event.search_count([])))

    def test_the_button_on_selected_events_verifies_their_chains(self):
        self._append(self.piece, "commission", "price")
        self._append(self._create_serials(), "commission")
        action = self._get_chain(self.piece)[0].action_verify()
        check = self.Check.browse(action["res_id"])
        self.assertEqual((check.chain_count, check.event_count), (1, 2))
