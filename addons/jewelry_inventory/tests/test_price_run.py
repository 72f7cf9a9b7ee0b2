from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..tools.provenance import read_payload
from .common import PriceCommon


class PriceRunCommon(PriceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Run = cls.env["jewelry.price.run"].with_user(cls.manager)
        cls.rings = cls._create_ring(4) + cls._create_ring(8)
        cls.rings._reprice()

    def _preview(self, ask=110, **values):
        """Return the preview of a repricing after gold has come to cost `ask`."""
        self._change_rate(ask)
        run = self.Run.create(values)
        run.action_preview()
        return run

    def _apply(self, ask=110, **values):
        run = self._preview(ask, **values)
        run.action_apply()
        return run

    def _get_lines(self, run):
        lines = self.env["jewelry.price.run.line"].search([("run_id", "=", run.id)])
        return {line.piece_id: line for line in lines}


@tagged("post_install", "-at_install")
class TestPriceRun(PriceRunCommon):
    """A change of the rate reprices the stock in one go, after a look at what moves."""

    def test_a_preview_shows_what_would_move_and_changes_nothing(self):
        run = self._preview()
        line = self._get_lines(run)[self.rings[0]]
        self.assertEqual((line.old_price, line.new_price), (600, 660))
        self.assertEqual((line.difference, line.percent, line.state), (60, 10, "up"))
        self.assertEqual(self.rings.mapped("list_price"), [600, 1200])
        self.assertEqual((run.total_before, run.total_after, run.difference), (1800, 1980, 180))

    def test_a_preview_counts_the_pieces_by_what_becomes_of_them(self):
        self._create_ring(list_price=600, price_locked=True)
        self._create_ring(alloy=self._ref("alloy_silver_925"))
        self.policy.floor_margin = 10
        held = self._create_ring(1, standard_price=1000)
        held._reprice()
        run = self._preview()
        counts = {
            name: run[f"{name}_count"]
            for name in ("piece", "up", "down", "same", "locked", "unpriced", "lifted")
        }
        self.assertEqual(
            counts,
            {
                "piece": 5,
                "up": 2,
                "down": 0,
                "same": 1,
                "locked": 1,
                "unpriced": 1,
                "lifted": 1,
            },
        )
        self.assertTrue(self._get_lines(run)[held].is_lifted)

    def test_a_locked_piece_shows_what_the_policy_would_ask(self):
        locked = self._create_ring(list_price=600, price_locked=True)
        run = self._preview()
        line = self._get_lines(run)[locked]
        self.assertEqual((line.state, line.new_price), ("locked", 660))
        self.assertEqual(run.total_after - run.total_before, 180)

    def test_the_largest_changes_are_shown_each_way(self):
        self.rings[0].list_price = 5000
        run = self._preview()
        self.assertEqual(run.mover_ids.piece_id, self.rings)
        self.assertEqual(run.mover_ids.mapped("state"), ["up", "down"])

    def test_applying_stores_the_prices_of_the_preview(self):
        run = self._apply()
        self.assertEqual(self.rings.mapped("list_price"), [660, 1320])
        self.assertEqual(run.state, "done")
        self.assertIn("2 pieces priced: 2 up, 0 down", run.message_ids[0].body)

    def test_a_price_that_changed_since_the_preview_stops_it(self):
        run = self._preview()
        self.rings[0].list_price = 650
        with self._refused("1 pieces have changed since the preview", UserError):
            run.action_apply()
        run.action_preview()
        run.action_apply()
        self.assertEqual(self.rings.mapped("list_price"), [660, 1320])

    def test_a_weight_that_changed_since_the_preview_stops_it(self):
        run = self._preview()
        self.rings[0].metal_line_ids.weight = 5
        with self._refused("1 pieces have changed since the preview", UserError):
            run.action_apply()

    def test_a_rate_that_changed_since_the_preview_stops_it(self):
        run = self._preview()
        self._change_rate(120)
        with self._refused("metal rate has changed since the preview", UserError):
            run.action_apply()

    def test_pieces_sold_or_locked_since_the_preview_are_left_out(self):
        run = self._preview()
        self.rings[0].price_locked = True
        run.action_apply()
        self.assertEqual(self.rings.mapped("list_price"), [600, 1320])
        self.assertEqual(self._get_lines(run)[self.rings[0]].state, "left")

    def test_pieces_that_came_after_the_preview_are_not_touched(self):
        run = self._preview()
        late = self._create_ring()
        run.action_apply()
        self.assertEqual(late.list_price, 0)

    def test_a_repricing_is_applied_once(self):
        run = self._apply()
        for action in (run.action_apply, run.action_preview):
            with self._refused("has been applied already", UserError):
                action()

    def test_a_category_is_repriced_alone_with_those_below_it(self):
        below = self._create_category(parent_id=self.category.id)
        other = self._create_category(jewelry_price_policy_id=self.policy.id)
        styles = [self._create_style(categ_id=category.id) for category in (below, other)]
        inside, outside = [self._create_ring(product_id=style.id) for style in styles]
        run = self._preview(categ_ids=[Command.link(self.category.id)])
        self.assertIn(inside, self._get_lines(run))
        self.assertNotIn(outside, self._get_lines(run))

    def test_a_policy_is_repriced_alone(self):
        other = self._create_policy(name="Other")
        category = self._create_category(jewelry_price_policy_id=other.id)
        outside = self._create_ring(product_id=self._create_style(categ_id=category.id).id)
        run = self._preview(policy_ids=[Command.link(other.id)])
        self.assertEqual(list(self._get_lines(run)), [outside])

    def test_prices_can_follow_the_rates_of_an_earlier_time(self):
        silver = self._ref("alloy_silver_925")
        self._create_rate(self.silver, time="2026-01-01 00:00:00", bid=1, ask=1)
        self._create_rate(self.silver, time="2026-02-01 00:00:00", bid=2, ask=2)
        ring = self._create_ring(100, alloy=silver)
        self._apply(rate_time="2026-01-15 00:00:00")
        self.assertEqual(ring.list_price, 2 * 92.5)
        self.assertEqual(self.rings.mapped("list_price"), [600, 1200])

    def test_the_pieces_of_a_repricing_open_by_result(self):
        run = self._preview()
        action = run.with_context(price_state="up").action_view_lines()
        self.assertEqual(action["context"], {"search_default_up": 1})
        found = self.env["jewelry.price.run.line"].search(action["domain"])
        self.assertEqual(found.piece_id, self.rings)

    def test_a_keeper_may_look_and_not_apply(self):
        run = self._preview().with_user(self.keeper)
        self.assertEqual(run.read(["up_count"])[0]["up_count"], 2)
        with self._refused("", AccessError):
            run.action_apply()

    def test_a_repricing_that_was_applied_is_never_deleted(self):
        run = self._apply()
        with self._refused("stays on record", UserError):
            run.unlink()


@tagged("post_install", "-at_install")
class TestPriceUndo(PriceRunCommon):
    """A repricing can be taken back."""

    def test_undoing_restores_price_floor_breakdown_and_date(self):
        names = ["list_price", "price_floor", "stone_price", "price_breakdown", "price_date"]
        before = self.rings.read(names)
        run = self._apply()
        self.assertNotEqual(self.rings.read(names), before)
        run.action_undo()
        self.assertEqual(self.rings.read(names), before)
        self.assertEqual(run.state, "undone")
        self.assertIn("2 prices are back", run.message_ids[0].body)

    def test_provenance_tells_of_the_repricing_and_of_its_undoing(self):
        self._apply().action_undo()
        events = self.env["jewelry.provenance.event"].search(
            [("lot_id", "=", self.rings[0].id), ("kind", "=", "price")], order="seq"
        )
        payloads = [read_payload(event.payload) for event in events]
        self.assertEqual([payload["why"] for payload in payloads], ["policy", "run", "undo"])
        self.assertEqual(payloads[-1]["new"], "600.00")

    def test_a_piece_that_was_priced_anew_since_keeps_its_price(self):
        run = self._apply()
        self.rings[0].list_price = 777
        run.action_undo()
        self.assertEqual(self.rings.mapped("list_price"), [777, 1200])

    def test_a_piece_that_was_locked_since_keeps_its_price(self):
        run = self._apply()
        self.rings[0].price_locked = True
        run.action_undo()
        self.assertEqual(self.rings.mapped("list_price"), [660, 1200])

    def test_repricings_are_undone_from_the_latest_back(self):
        first, second = self._apply(110), self._apply(120)
        second.done_date = first.done_date + timedelta(seconds=1)
        with self._refused("Undo the later repricing first", UserError):
            first.action_undo()
        second.action_undo()
        first.action_undo()
        self.assertEqual(self.rings.mapped("list_price"), [600, 1200])

    def test_only_what_was_applied_can_be_undone(self):
        run = self._preview()
        with self._refused("", UserError):
            run.action_undo()

    def test_old_repricings_forget_their_pieces_and_old_previews_go(self):
        done, preview = self._apply(), self._preview(120)
        long_ago = fields.Datetime.now() - timedelta(days=30)
        self.env.flush_all()
        self.env.cr.execute("UPDATE jewelry_price_run SET write_date = %s", [long_ago])
        self.env.invalidate_all()
        self.env["jewelry.price.run"]._gc_runs()
        self.assertFalse(preview.exists())
        self.assertFalse(self._get_lines(done))
        with self._refused("too old", UserError):
            done.action_undo()


@tagged("post_install", "-at_install")
class TestFollowRates(PriceRunCommon):
    """What a new metal rate does by itself, as each company decides."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cron = cls._ref("ir_cron_reprice")
        cls.whole = cls.env["jewelry.price.run"]

    def _follow(self, mode, ask=110):
        self.company.jewelry_reprice = mode
        self._change_rate(ask)
        self.whole._follow_rates(self.company)
        return self.whole.search([("company_id", "=", self.company.id)], limit=1)

    def _count_triggers(self):
        return self.env["ir.cron.trigger"].search_count([("cron_id", "=", self.cron.id)])

    def test_a_company_that_wants_to_be_asked_gets_a_preview_and_its_managers_an_activity(self):
        run = self._follow("ask")
        self.assertEqual((run.state, run.up_count), ("preview", 2))
        self.assertIn(self.manager, run.activity_ids.user_id)
        self.assertNotIn(self.keeper, run.activity_ids.user_id)

    def test_rates_that_change_again_renew_the_preview_without_asking_twice(self):
        first = self._follow("ask")
        asked = first.activity_ids
        second = self._follow("ask", 120)
        self.assertEqual(first, second)
        self.assertEqual(second.activity_ids, asked)
        self.assertEqual(self._get_lines(second)[self.rings[0]].new_price, 720)

    def test_applying_the_preview_settles_what_was_asked(self):
        run = self._follow("ask")
        run.with_user(self.manager).action_apply()
        self.assertFalse(run.activity_ids)

    def test_a_company_that_trusts_its_policies_is_repriced_at_once(self):
        run = self._follow("auto")
        self.assertEqual(run.state, "done")
        self.assertEqual(self.rings.mapped("list_price"), [660, 1320])

    def test_a_rate_that_moves_no_price_asks_nobody(self):
        self.policy.write({"rounding_step": 10000})
        self.rings._reprice()
        run = self._follow("ask")
        self.assertFalse(run.activity_ids)

    def test_rates_that_have_been_followed_are_not_followed_again(self):
        run = self._follow("auto")
        run.action_undo()
        self.whole._follow_rates(self.company)
        self.assertEqual(run, self.whole.search([], limit=1))
        self.assertEqual(self.rings.mapped("list_price"), [600, 1200])

    def test_the_background_job_asks_each_company_as_it_wants(self):
        self.company.jewelry_reprice = "auto"
        self._change_rate(110)
        with self.enter_registry_test_mode():
            self.cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.rings.mapped("list_price"), [660, 1320])

    def test_the_pieces_of_a_branch_are_repriced_with_its_main_company(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.category.with_company(branch).jewelry_price_policy_id = self.policy
        ring = self._create_ring(company_id=branch.id)
        self._change_rate(110)
        self.whole._follow_rates(self.company)
        run = self.whole.search([("company_id", "=", self.company.id)], limit=1)
        self.assertEqual(self._get_lines(run)[ring].new_price, 660)

    def test_a_new_or_corrected_rate_starts_the_background_job(self):
        self.company.jewelry_reprice = "ask"
        before = self._count_triggers()
        self._change_rate(110)
        self.assertEqual(self._count_triggers(), before + 1)
        self._create_rate(self.silver)
        self.assertEqual(self._count_triggers(), before + 2)
        self.rate.source = "Exchange"
        self.assertEqual(self._count_triggers(), before + 2)

    def test_a_company_that_does_not_want_it_is_left_alone(self):
        self.company.jewelry_reprice = "off"
        before = self._count_triggers()
        self._change_rate(110)
        self.assertEqual(self._count_triggers(), before)

    def test_a_manager_reprices_from_the_list_of_rates(self):
        self._change_rate(110)
        action = self.env["jewelry.metal.rate"].with_user(self.manager).action_reprice()
        run = self.Run.browse(action["res_id"])
        self.assertEqual((run.state, run.up_count), ("preview", 2))
