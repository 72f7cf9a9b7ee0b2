import json
from collections import Counter
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..models import jewelry_piece_pricing
from ..tools.provenance import read_payload
from .common import PriceCommon

PRICE_FIELDS = ("labour_amount", "stone_price", "price_floor", "price_breakdown")


@tagged("post_install", "-at_install")
class TestReprice(PriceCommon):
    """Pieces are priced by the policy of their category, many at once."""

    def _get_states(self, pieces):
        return Counter(quote.state for quote in pieces._reprice())

    def _get_price_events(self, pieces):
        """Return the events of prices that changed; a piece begins with the price it came with."""
        events = self.env["jewelry.provenance.event"].search(
            [("lot_id", "in", pieces.ids), ("kind", "=", "price")]
        )
        return events.filtered(lambda event: read_payload(event.payload)["why"] != "new")

    def test_a_ring_is_priced_by_its_metal_and_the_policy(self):
        ring = self._create_ring()
        ring._reprice()
        self.assertEqual(ring.list_price, 600)
        self.assertTrue(ring.price_date)

    def test_the_breakdown_and_the_rate_with_its_time_are_kept_with_the_price(self):
        self.policy.write({"loss": 10, "labour_piece": 50})
        ring = self._create_ring(stone_price=200)
        ring._reprice()
        kept = ring.price_breakdown
        self.assertEqual(kept["policy"], "Rings")
        self.assertEqual(
            kept["metals"],
            [
                {
                    "metal": "gold",
                    "fine": "3.000",
                    "rate": "100.0",
                    "time": fields.Datetime.to_string(self.rate.time),
                    "value": "300.00",
                }
            ],
        )
        parts = {name: float(kept[name]) for name in ("loss", "stones", "labour", "base", "price")}
        self.assertEqual(
            parts, {"loss": 30, "stones": 200, "labour": 50, "base": 580, "price": 1160}
        )

    def test_two_alloys_count_each_with_its_metal(self):
        self._create_rate(self.silver, bid=1, ask=2)
        ring = self._create_ring()
        ring.metal_line_ids.create(
            {"lot_id": ring.id, "alloy_id": self._ref("alloy_silver_925").id, "weight": 10}
        )
        ring._reprice()
        self.assertEqual(ring.list_price, 2 * (300 + 9.25 * 2))

    def test_a_dearer_metal_raises_the_metals_part_and_nothing_else(self):
        ring = self._create_ring(stone_price=200, labour_amount=50)
        ring._reprice()
        before = ring.price_breakdown
        self._change_rate(110)
        ring._reprice()
        after = ring.price_breakdown
        self.assertEqual(after["metals"][0]["value"], "330.00")
        self.assertEqual(after["stones"], before["stones"])
        self.assertEqual(after["labour"], before["labour"])
        self.assertEqual(ring.stone_price, 200)
        self.assertEqual(ring.list_price, 2 * (330 + 250))

    def test_a_price_can_be_computed_at_rates_of_another_day(self):
        ring = self._create_ring()
        past = self.env["jewelry.metal.rate"].new({"metal_id": self.gold, "bid": 40, "ask": 50})
        past.time = "2026-01-01 00:00:00"
        ring._reprice({self.gold.id: past})
        self.assertEqual(ring.list_price, 300)

    def test_stones_are_put_in_at_what_they_cost_when_loose_and_stay_there(self):
        ring = self._create_ring()
        stone, home = self._create_loose_stone(standard_price=400, list_price=900)
        stone.holder_id = ring
        ring._reprice()
        self.assertEqual(ring.stone_price, 400)
        self.assertEqual(ring.list_price, 2 * 700)
        home.with_context(disable_auto_revaluation=True).standard_price = 500
        ring._reprice()
        self.assertEqual(ring.stone_price, 400)

    def test_stones_at_their_own_price_come_in_at_what_they_were_offered_for(self):
        self.policy.stone_basis = "price"
        ring = self._create_ring()
        stone, _home = self._create_loose_stone(standard_price=400, list_price=900)
        stone.holder_id = ring
        ring._reprice()
        self.assertEqual(ring.list_price, 600 + 900)

    def test_a_piece_is_never_priced_below_cost_with_its_margin(self):
        self.policy.floor_margin = 25
        ring = self._create_ring(standard_price=1000)
        ring._reprice()
        self.assertEqual((ring.price_floor, ring.list_price), (1250, 1250))

    def test_a_locked_price_stays(self):
        ring = self._create_ring(list_price=99, price_locked=True)
        self.assertEqual(self._get_states(ring), {"locked": 1})
        self.assertEqual(ring.list_price, 99)

    def test_a_sold_piece_keeps_the_price_it_was_sold_for(self):
        ring = self._create_ring(list_price=99)
        self._sell(ring)
        self.assertEqual(ring.piece_status, "sold")
        self.assertFalse(ring._reprice())
        self.assertEqual(ring.list_price, 99)

    def test_what_a_client_owns_has_no_price_of_ours(self):
        self.assertFalse(self._create_ring(stock_type="customer")._reprice())

    def test_pieces_that_cannot_be_priced_keep_their_price_and_say_why(self):
        silver = self._create_ring(alloy=self._ref("alloy_silver_925"), list_price=10)
        empty = self._create_ring(grams=0, list_price=20)
        style = self._create_style(categ_id=self._create_category().id)
        without = self._create_ring(product_id=style.id, list_price=30)
        pieces = silver + empty + without
        self.assertEqual(self._get_states(pieces), {"no_rate": 1, "empty": 1, "no_policy": 1})
        self.assertEqual(pieces.mapped("list_price"), [10, 20, 30])
        self.assertFalse(any(pieces.mapped("price_breakdown")))

    def test_each_company_prices_by_its_own_policy_and_rate(self):
        other = self.env["res.company"].create({"name": "Other"})
        self._create_rate(company_id=other.id, bid=190, ask=200)
        triple = self._create_policy(company_id=other.id)
        triple.tier_ids.multiplier = 3
        self.category.with_company(other).jewelry_price_policy_id = triple
        ours, theirs = self._create_ring(), self._create_ring(company_id=other.id)
        (ours + theirs)._reprice()
        self.assertEqual((ours + theirs).mapped("list_price"), [600, 1800])

    def test_each_new_price_is_in_the_provenance_of_its_piece(self):
        ring, same = self._create_ring(), self._create_ring(list_price=600)
        (ring + same)._reprice()
        events = self._get_price_events(ring + same)
        self.assertEqual(events.lot_id, ring)
        self.assertEqual(
            read_payload(events.payload), {"new": "600.00", "old": "0.00", "why": "policy"}
        )

    def test_a_price_by_hand_is_in_the_provenance_too(self):
        ring = self._create_ring(list_price=500)
        ring.list_price = 550
        ring.list_price = 550
        payloads = [read_payload(event.payload) for event in self._get_price_events(ring)]
        self.assertEqual(payloads, [{"new": "550.00", "old": "500.00", "why": "manual"}])

    def test_repricing_nothing_does_nothing(self):
        self.assertEqual(self.env["stock.lot"]._reprice(), [])

    def test_many_pieces_take_as_many_queries_as_few(self):
        queries = []
        for count in (10, 200):
            pieces = self._create_rings(count)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            pieces._reprice()
            queries.append(self.env.cr.sql_log_count - before)
            self.assertGreater(len(set(pieces.mapped("list_price"))), count / 2)
        self.assertEqual(*queries)

    def test_pieces_that_are_stored_in_several_batches_are_priced_like_those_of_one(self):
        rings = self.env["stock.lot"].concat(*(self._create_ring() for _ring in range(7)))
        with patch.object(jewelry_piece_pricing, "BATCH", 3):
            quotes = rings._reprice()
        self.assertEqual([quote.piece_id for quote in quotes], rings.ids)
        self.assertEqual(rings.mapped("list_price"), [600] * 7)
        self.assertEqual(len(self._get_price_events(rings)), 7)
        verification = self.env["jewelry.provenance.event"].verify_chains(
            rings.mapped("chain_uuid"), anchored=False
        )
        self.assertTrue(verification.ok)

    def test_what_is_read_after_repricing_is_what_was_stored(self):
        ring = self._create_ring()
        self.assertEqual(ring.list_price, 0)
        ring._reprice()
        self.assertEqual(ring.list_price, 600)
        self.env.invalidate_all()
        self.assertEqual(ring.list_price, 600)

    def test_the_button_tells_what_became_of_the_pieces(self):
        ring, locked = self._create_ring(), self._create_ring(price_locked=True)
        action = (ring + locked).with_user(self.keeper).action_reprice()
        self.assertEqual(action["params"]["message"], "Up: 1, Locked: 1")
        self.assertEqual(action["params"]["type"], "success")
        action = locked.action_reprice()
        self.assertEqual(action["params"]["type"], "warning")

    def test_the_calculation_is_shown_with_names_and_amounts(self):
        ring = self._create_ring()
        self.assertFalse(ring.price_breakdown_html)
        ring._reprice()
        for words in ("Gold", "3.000 g fine", "300.00", "600.00"):
            self.assertIn(words, ring.price_breakdown_html)
        self.assertNotIn("Set by hand", ring.price_breakdown_html)
        ring.list_price = 550
        self.assertIn("Set by hand", ring.price_breakdown_html)

    def test_labour_of_the_policy_alone_prices_nothing(self):
        self.policy.labour_piece = 80
        self.assertEqual(self._get_states(self._create_ring(grams=0)), {"empty": 1})
        self.assertEqual(self._get_states(self._create_ring(grams=0, labour_amount=80)), {"up": 1})


@tagged("post_install", "-at_install")
class TestBasePrice(PriceCommon):
    """One question for counter, quotation and web."""

    def test_a_piece_is_offered_at_its_own_price(self):
        rings = self._create_ring(list_price=500) + self._create_ring(list_price=700)
        self.assertEqual(list(rings._compute_base_price().values()), [500, 700])

    def test_a_piece_without_a_price_is_offered_at_its_styles(self):
        self.style.list_price = 80
        ring = self._create_ring()
        self.assertEqual(ring._compute_base_price(), {ring: 80})


@tagged("post_install", "-at_install")
class TestManualPrice(PriceCommon):
    """Who may set a price by hand, and how far down."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.floor_margin = 50
        cls.ring = cls._create_ring(standard_price=300)
        cls.ring._reprice()

    def _set_price(self, user, amount, **values):
        """Set the price of the ring as the wizard does."""
        wizard = self.env["jewelry.piece.price"].with_user(user)
        with Form(wizard.with_context(default_piece_id=self.ring.id)) as form:
            form.new_price = amount
            for name, value in values.items():
                form[name] = value
        return form.record.action_set()

    def test_a_keeper_sets_a_price_above_the_floor(self):
        self.assertEqual(self.ring.price_floor, 450)
        self._set_price(self.keeper, 480)
        self.assertEqual(self.ring.list_price, 480)

    def test_a_price_that_costs_have_overtaken_is_pointed_out(self):
        self.assertFalse(self.ring.price_warning)
        self.ring.standard_price = 900
        self.assertIn("below the lowest price", self.ring.price_warning)
        with self.assertRaises(AccessError):
            self.ring.with_user(self._create_user("associate")).read(["price_warning"])
        self.ring._reprice()
        self.assertFalse(self.ring.price_warning)

    def test_a_piece_without_a_price_is_not_too_cheap(self):
        ring = self._create_ring(standard_price=300)
        self.assertFalse(ring.list_price)
        self.assertFalse(ring.price_warning)

    def test_a_keeper_cannot_go_below_the_floor(self):
        with self._refused("below the lowest price", UserError):
            self._set_price(self.keeper, 449, reason="A friend")

    def test_a_manager_goes_below_the_floor_with_a_reason(self):
        with self._refused("below the lowest price", UserError):
            self.ring.with_user(self.manager).list_price = 400
        self._set_price(self.manager, 400, reason="Window sale")
        self.assertEqual(self.ring.list_price, 400)

    def test_the_reason_stays_in_the_history_of_the_piece(self):
        # What was created in this transaction is not tracked before the next one.
        self.env.cr.flush()
        ring = self.ring.with_context(tracking_disable=False, change_reason="Window sale")
        ring.with_user(self.manager).list_price = 400
        self.env.flush_all()
        self.env.cr.flush()
        message = self.env["mail.message"].search(
            [("model", "=", "stock.lot"), ("res_id", "=", self.ring.id)], limit=1
        )
        self.assertIn("Window sale", message.body)
        values = message.tracking_value_ids
        self.assertEqual((values.old_value_float, values.new_value_float), (600, 400))

    def test_the_floor_of_the_day_counts_and_not_that_of_the_last_pricing(self):
        self.policy.write({"floor_margin": 0, "floor_factor": 1.5})
        self.ring._reprice()
        self.assertEqual(self.ring.price_floor, 450)
        self._change_rate(200)
        self.assertEqual(self.ring.price_floor, 450, "nothing was priced since")
        with self._refused("below the lowest price", UserError):
            self.ring.with_user(self.keeper).list_price = 899
        self._set_price(self.keeper, 900)
        self._change_rate(50)
        self._set_price(self.keeper, 300)
        self.assertEqual(self.ring.list_price, 300, "what it cost, half the old metal")

    def test_a_cost_that_rose_since_raises_the_floor(self):
        with_cost = self.ring.with_context(disable_auto_revaluation=True)
        with_cost.standard_price = 600
        with self._refused("below the lowest price", UserError):
            self.ring.with_user(self.keeper).list_price = 899
        self._set_price(self.keeper, 900)

    def test_without_a_policy_the_floor_of_the_last_pricing_stays(self):
        self.category.jewelry_price_policy_id = False
        self._change_rate(20)
        with self._refused("below the lowest price", UserError):
            self.ring.with_user(self.keeper).list_price = 449
        self._set_price(self.keeper, 450)

    def test_without_a_rate_the_floor_of_the_last_pricing_stays(self):
        self.rate.unlink()
        self.assertEqual(self.ring._get_price_floors(), {self.ring: 450})

    def test_looking_at_the_floor_prices_nothing(self):
        self._change_rate(500)
        before = self.ring.read(["list_price", "price_floor", "price_date"])
        self.ring._get_price_floors()
        self.env.invalidate_all()
        self.assertEqual(self.ring.read(["list_price", "price_floor", "price_date"]), before)

    def test_the_floors_of_many_pieces_take_as_many_queries_as_one(self):
        few, many = self._create_rings(2), self._create_rings(12)
        for rings in (few, many):
            rings._reprice()
        self.env.flush_all()
        counts = []
        for rings in (few, many):
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            rings._get_price_floors()
            counts.append(self.env.cr.sql_log_count - start)
        self.assertEqual(*counts)

    def test_the_wizard_shows_the_floor_of_the_day_to_those_who_see_costs(self):
        self.policy.write({"floor_margin": 0, "floor_factor": 1.5})
        self._change_rate(200)
        wizard = self.env["jewelry.piece.price"].create({"piece_id": self.ring.id})
        self.assertEqual(wizard.with_user(self.manager).floor, 900)
        associate = self._create_user("associate")
        self.assertFalse(wizard.with_user(associate).has_access("read"))

    def test_blanks_are_no_reason(self):
        with self._refused("below the lowest price", UserError):
            ring = self.ring.with_user(self.manager).with_context(change_reason="  ")
            ring.list_price = 400

    def test_staff_without_the_keys_to_the_stock_set_no_prices(self):
        associate = self._create_user("associate")
        with self._refused("", AccessError):
            self.ring.with_user(associate).list_price = 700
        associate.group_ids += self.env.ref("stock.group_stock_user")
        with self._refused("Only inventory keepers and managers can set prices", AccessError):
            self.ring.with_user(associate).list_price = 700

    def test_only_a_manager_locks_and_unlocks_a_price(self):
        for user, values in ((self.keeper, {"price_locked": True}),):
            with self._refused("Only managers can lock prices", AccessError):
                self.ring.with_user(user).write(values)
        self._set_price(self.manager, 800, is_locked=True)
        self.assertTrue(self.ring.price_locked)
        self._set_price(self.manager, 800, is_locked=False)
        self.assertFalse(self.ring.price_locked)

    def test_only_a_manager_creates_a_piece_with_a_locked_price(self):
        values = {
            "product_id": self.style.id,
            "company_id": self.company.id,
            "price_locked": True,
        }
        with self._refused("Only managers can lock prices", AccessError):
            self.env["stock.lot"].with_user(self.keeper).create(values)
        self.assertTrue(self.env["stock.lot"].with_user(self.manager).create(values))

    def test_only_a_manager_changes_a_locked_price(self):
        self.ring.price_locked = True
        with self._refused("Only managers can lock prices", AccessError):
            self._set_price(self.keeper, 900)
        self._set_price(self.manager, 900)
        self.assertEqual(self.ring.list_price, 900)

    def test_saving_the_same_price_again_asks_for_no_rights(self):
        self.ring.price_locked = True
        self.ring.with_user(self.keeper).write({"list_price": 600, "price_locked": True})
        self.assertEqual(self.ring.list_price, 600)

    def test_the_wizard_warns_before_the_price_is_set(self):
        wizard = self.env["jewelry.piece.price"].with_user(self.manager)
        with Form(wizard.with_context(default_piece_id=self.ring.id)) as form:
            self.assertEqual(form.new_price, 600)
            self.assertFalse(form.is_below)
            form.new_price = 449
            self.assertTrue(form.is_below)
            form.reason = "Window sale"

    def test_how_a_price_comes_about_is_hidden_from_who_may_not_see_cost(self):
        ring = self.ring.with_user(self._create_user("associate"))
        self.assertFalse(ring.fields_get(PRICE_FIELDS))
        for name in PRICE_FIELDS:
            with self.subTest(field=name):
                self.assertFalse(ring._has_field_access(ring._fields[name], "read"))
        self.assertEqual(ring.list_price, 600)

    def test_the_breakdown_is_plain_json(self):
        self.assertEqual(json.loads(json.dumps(self.ring.price_breakdown))["price"], "600.00")
