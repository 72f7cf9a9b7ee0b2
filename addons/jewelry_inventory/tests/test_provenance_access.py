from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from ..tools.provenance import CONFIDENTIAL_KINDS
from .common import ProvenanceCommon


@tagged("post_install", "-at_install")
class TestProvenanceAccess(ProvenanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.piece = cls._create_serials()
        cls.Event._append(
            [(cls.piece, kind, {"x": "1"}) for kind in ("commission", "cost", "price", "ship")]
        )
        cls.Check._run()
        names = ("associate", "keeper", "manager", "employee")
        cls.users = {name: cls._create_user(name) for name in names}
        cls.users["both"] = new_test_user(
            cls.env,
            "both",
            groups="jewelry_inventory.group_associate,jewelry_inventory.group_keeper",
        )

    def _get_kinds(self, user):
        events = self.Event.with_user(self.users[user])
        return events.search([("lot_id", "=", self.piece.id)], order="seq").mapped("kind")

    def test_keepers_and_managers_read_every_event(self):
        for user in ("keeper", "manager"):
            self.assertEqual(self._get_kinds(user), ["commission", "cost", "price", "ship"], user)

    def test_whoever_may_not_see_cost_reads_no_cost_and_no_price(self):
        for user in ("associate", "both"):
            self.assertEqual(self._get_kinds(user), ["commission", "ship"], user)

    def test_a_cost_event_cannot_be_read_counted_or_grouped_by_an_associate(self):
        events = self.Event.with_user(self.users["associate"])
        hidden = self.Event.search(
            [("kind", "in", CONFIDENTIAL_KINDS), ("lot_id", "=", self.piece.id)]
        )
        with self.assertRaises(AccessError):
            hidden.with_user(self.users["associate"]).read(["payload"])
        self.assertEqual(events.search_count([("id", "in", hidden.ids)]), 0)
        self.assertEqual(events._read_group([("id", "in", hidden.ids)], ["payload"]), [])
        self.assertEqual(events.name_search("cost", [("id", "in", hidden.ids)]), [])

    def test_the_rule_hides_the_kinds_that_the_rules_of_provenance_call_confidential(self):
        rule = self.env.ref("jewelry_inventory.jewelry_provenance_event_rule_cost_hidden")
        self.assertEqual(
            safe_eval(rule.domain_force), [("kind", "not in", list(CONFIDENTIAL_KINDS))]
        )

    def test_other_staff_read_nothing(self):
        for model in ("event", "head", "check"):
            with self.assertRaises(AccessError):
                self.env[f"jewelry.provenance.{model}"].with_user(self.users["employee"]).search([])

    def test_results_are_for_keepers_and_heads_for_managers(self):
        self.assertTrue(self.Check.with_user(self.users["keeper"]).search([]))
        self.assertTrue(self.Head.with_user(self.users["manager"]).search([]))
        for model, user in ((self.Check, "associate"), (self.Head, "keeper")):
            with self.assertRaises(AccessError):
                model.with_user(self.users[user]).search([])

    def test_nobody_writes_heads_or_results_by_hand(self):
        for user in self.users.values():
            for model in (self.Head, self.Check):
                for operation in ("create", "write", "unlink"):
                    self.assertFalse(
                        model.with_user(user).has_access(operation), (user.login, operation)
                    )

    def test_an_associate_cannot_start_a_verification(self):
        with self.assertRaises(AccessError):
            self.Event.with_user(self.users["associate"]).action_verify()

    def test_an_associate_moves_a_piece_and_the_event_is_written(self):
        self.Event.with_user(self.users["associate"])._append(
            [(self.piece.with_user(self.users["associate"]), "move", {})]
        )
        self.assertEqual(self._get_chain(self.piece)[-1].actor, self.users["associate"].chain_uuid)

    def test_pieces_of_another_company_keep_their_history_to_themselves(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = self._create_serials(company_id=company.id)
        self._append(foreign, "commission")
        shared = self._create_serials(company_id=False)
        self._append(shared, "commission")
        events = self.Event.with_user(self.users["keeper"])
        self.assertFalse(events.search([("chain_uuid", "=", foreign.chain_uuid)]))
        self.assertTrue(events.search([("chain_uuid", "=", shared.chain_uuid)]))

    def test_the_history_of_a_deleted_lot_stays_readable(self):
        gone = self._create_serials()
        self._append(gone, "commission")
        uuid = gone.chain_uuid
        gone.unlink()
        self.assertTrue(
            self.Event.with_user(self.users["keeper"]).search([("chain_uuid", "=", uuid)])
        )
