from odoo import Command
from odoo.fields import Domain
from odoo.tests import tagged

from .common import TransformationCommon
from .test_screens import Screen

FEW, MANY = 5, 40


class ScaleCommon(TransformationCommon):
    """Pieces with metal, each of them with a stone set, and the same work with few and many."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keeper = cls._create_user("keeper")
        cls.associate = cls._create_user("associate")
        cls.pieces = cls._stock_rings(FEW + MANY)
        cls.few, cls.many = cls.pieces[:FEW], cls.pieces[FEW:]

    @classmethod
    def _create_rings(cls, count, **values):
        """Return rings with gold and a diamond that was bought inside, with their costs."""
        vals = {
            "product_id": cls.style.id,
            "company_id": cls.company.id,
            "standard_price": 100.0,
            "list_price": 250.0,
            "gross_weight": 4.104,
            "metal_line_ids": [Command.create({"alloy_id": cls.gold_18k.id, "weight": 4.0})],
            "stone_ids": [Command.create(cls._prepare_stone(company_id=cls.company.id))],
        }
        return cls.env["stock.lot"].create([vals | values for _number in range(count)])

    @classmethod
    def _stock_rings(cls, count):
        rings = cls._create_rings(count)
        rings._take_in(cls.company._get_opening_place(), cls.stock_location)
        return rings

    def _count_queries(self, work, records):
        """Return how many queries `work` takes on records that nothing is known of yet."""
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        work(records)
        self.env.flush_all()
        return self.env.cr.sql_log_count - start

    def _assert_flat(self, work, few, many, slack=0):
        """Assert that `work` takes no query more for many records than for few.

        :param int slack: queries that may come on top, such as a second batch
        """
        # Anew, so that they are read together however they came together.
        few, many = (records.browse(records.ids) for records in (few, many))
        self._count_queries(work, few[:1])  # what is asked once in a process
        counts = [self._count_queries(work, records) for records in (few, many)]
        self.assertLessEqual(counts[1], counts[0] + slack, f"{counts} queries")


@tagged("post_install", "-at_install")
class TestPagesAtScale(ScaleCommon):
    """A page takes as many queries as it has columns to fetch, whatever its length."""

    def _assert_page_flat(self, action, kind, user, few, many, slack=0):
        screen = Screen(self._ref(action), user)
        spec = screen.get_spec(screen.arch[kind])

        def read(records):
            domain = screen.domain & Domain("id", "in", records.ids)
            found = screen.model.web_search_read(domain, spec, limit=80)
            self.assertEqual(len(found["records"]), len(records))

        self._assert_flat(read, few, many, slack)

    def test_the_pages_of_pieces(self):
        for user in (self.associate, self.keeper):
            for kind in ("kanban", "list"):
                with self.subTest(kind=kind, user=user.login):
                    self._assert_page_flat(
                        "stock_lot_action_pieces", kind, user, self.few, self.many
                    )

    def test_the_pages_of_stones(self):
        for user in (self.associate, self.keeper):
            for kind in ("kanban", "list"):
                screen = Screen(self._ref("jewelry_stone_action"), user)
                if kind in screen.arch:
                    with self.subTest(kind=kind, user=user.login):
                        self._assert_page_flat(
                            "jewelry_stone_action",
                            kind,
                            user,
                            self.few.stone_ids,
                            self.many.stone_ids,
                        )

    def test_the_list_of_styles(self):
        styles = self.env["product.template"].create(
            [{"name": f"Style {n}", "jewelry_kind": "piece"} for n in range(FEW + MANY)]
        )
        self._assert_page_flat(
            "product_template_action_styles", "list", self.keeper, styles[:FEW], styles[FEW:]
        )

    def test_the_list_of_events(self):
        events = self.env["jewelry.provenance.event"]
        few, many = (
            events.search([("lot_id", "in", lots.ids)], limit=70) for lots in (self.few, self.many)
        )
        # One more where what the pages before have read is still known for the few.
        self._assert_page_flat("jewelry_provenance_event_action", "list", self.keeper, few, many, 1)

    def test_the_list_of_transformations(self):
        drafts = self.env["jewelry.transformation"].union(
            *(
                self._create_transformation("disassemble", self._prepare_line("in", piece))
                for piece in self.pieces
            )
        )
        self._assert_page_flat(
            "jewelry_transformation_action", "list", self.keeper, drafts[:FEW], drafts[FEW:]
        )


@tagged("post_install", "-at_install")
class TestWorkAtScale(ScaleCommon):
    """What is done to many pieces at once takes no query for each of them."""

    def test_new_pieces_with_their_stones_and_metals(self):
        def create(count):
            self._create_rings(count)

        create(1)
        counts = [self._count_queries(create, count) for count in (FEW, MANY)]
        # Each piece and stone takes its number from a sequence of the database.
        numbers = 2 * (MANY - FEW)
        self.assertLessEqual(counts[1], counts[0] + numbers + 10, counts)

    def test_taking_pieces_into_stock(self):
        rings = self._create_rings(1 + FEW + MANY)
        source = self.company._get_opening_place()

        def take_in(records):
            records._take_in(source, self.stock_location)

        take_in(rings[:1])
        counts = [
            self._count_queries(take_in, records)
            for records in (rings[1 : FEW + 1], rings[FEW + 1 :])
        ]
        self.assertLessEqual(counts[1], counts[0] + 2 * (MANY - FEW) // 10, counts)

    def test_pricing_by_policy(self):
        self._create_rate(company_id=self.company.id)
        self.category.jewelry_price_policy_id = self.env["jewelry.price.policy"].create(
            {
                "name": "Rings",
                "company_id": self.company.id,
                "tier_ids": [Command.create({"start": 0, "multiplier": 2})],
            }
        )
        self._assert_flat(lambda pieces: pieces._reprice(), self.few, self.many)

    def test_a_new_price_for_all(self):
        prices = iter(range(300, 400))

        def price(pieces):
            pieces.list_price = next(prices)

        self._assert_flat(price, self.few, self.many)

    def test_printing_labels(self):
        labels = self.env["jewelry.label"]
        options = labels._get_last_options() | {"label_format": "zpl"}
        self._assert_flat(
            lambda pieces: labels._print(pieces, options, 1, "again"), self.few, self.many
        )

    def test_why_pieces_cannot_be_sold(self):
        self._assert_flat(lambda pieces: pieces._get_unavailability(), self.few, self.many)

    def test_what_pieces_are_offered_for(self):
        self._assert_flat(lambda pieces: pieces._compute_base_price(), self.few, self.many)

    def test_how_the_costs_of_pieces_came_about(self):
        self._assert_flat(
            lambda pieces: pieces.mapped("cost_change_ids.document"), self.few, self.many
        )

    def test_what_the_stock_is_worth(self):
        self._assert_flat(lambda pieces: pieces.mapped("total_value"), self.few, self.many)

    def test_setting_many_stones_in_one_piece(self):
        mounts = self._create_rings(2)
        mounts._take_in(self.company._get_opening_place(), self.stock_location)
        few, many = self._stock_loose(3), self._stock_loose(12)
        counts = [
            self._count_setting(mount, stones)
            for mount, stones in zip(mounts, (few, many), strict=True)
        ]
        # A stone is a move of a serial number of its own, through core.
        self.assertLessEqual((counts[1] - counts[0]) / 9, counts[0] / 3, counts)

    def _count_setting(self, mount, stones):
        setting = self._prepare_setting(mount, stones)
        return self._count_queries(lambda records: records.action_done(), setting)

    def _stock_loose(self, count):
        return self.env["jewelry.stone"].union(*(self._stock_stone() for _n in range(count)))


@tagged("post_install", "-at_install")
class TestStonesAtScale(ScaleCommon):
    """What is asked about stones and parcels takes no query for each of them."""

    few_count, many_count = 5, 25

    def _make_both(self, make):
        return make(self.few_count), make(self.many_count)

    def _stock_loose(self, count):
        return self.env["jewelry.stone"].union(*(self._stock_stone() for _n in range(count)))

    def _set_loose(self, count):
        """Return that many stones, set into one new piece."""
        mount, stones = self._stock_mount(), self._stock_loose(count)
        self._prepare_setting(mount, stones).action_done()
        return stones

    def _stock_parcels(self, count):
        return self.env["stock.lot"].union(*(self._stock_parcel() for _n in range(count)))

    def test_why_stones_cannot_be_worked_on(self):
        few, many = self._make_both(self._set_loose)
        lots = many.home_lot_id
        self._assert_flat(lambda lots: lots._get_untransformable(), few.home_lot_id, lots)
        self.assertEqual(len(lots._get_untransformable()), self.many_count)

    def test_what_set_stones_cost(self):
        few, many = self._make_both(self._set_loose)
        self._assert_flat(lambda stones: stones._get_set_costs(), few, many)
        self.assertEqual(set(many._get_set_costs().values()), {1000.0})

    def test_which_lines_keep_the_cost_of_a_stone(self):
        few, many = self._make_both(self._set_loose)
        few, many = (
            self._prepare_unsetting(stones.holder_id, stones).output_ids for stones in (few, many)
        )
        self._assert_flat(lambda lines: lines._compute_cost_rule(), few, many)
        self.assertEqual(many.mapped("cost_rule").count("kept"), self.many_count)

    def test_a_later_bill_of_stones_that_are_set(self):
        few, many = self._make_both(self._set_loose)
        holders = few.holder_id, many.holder_id
        cents = iter(range(1, 4))

        def bill(lots):
            rise = next(cents)
            lots._set_cost({lot: 1000 + rise + rank for rank, lot in enumerate(lots)}, "bill")

        self._assert_flat(bill, few.home_lot_id, many.home_lot_id)
        self.assertEqual(holders[0].standard_price, 500 + 5 * 1002 + sum(range(5)))
        self.assertEqual(holders[1].standard_price, 500 + 25 * 1003 + sum(range(25)))

    def test_how_many_stones_move_with_so_many_carats(self):
        few, many = (self._take(parcels) for parcels in self._make_both(self._stock_parcels))
        self._assert_flat(lambda lines: lines._estimate_stone_counts(), few, many)
        self.assertEqual(set(many.mapped("stone_count")), {40})

    def _take(self, parcels):
        """Return lines, not done yet, that take 2 of 5 ct out of each parcel."""
        common = {
            "quantity": 2,
            "company_id": self.company.id,
            "location_id": self.stock_location.id,
            "location_dest_id": self.bench.id,
        }
        return self.env["stock.move.line"].create(
            [
                common | {"lot_id": parcel.id, "product_id": parcel.product_id.id}
                for parcel in parcels
            ]
        )

    def test_what_of_parcels_is_where(self):
        few, many = self._make_both(self._stock_parcels)
        self._assert_flat(lambda parcels: parcels._get_amounts(), few, many)

    def test_parcels_follow_their_moves(self):
        few, many = self._make_both(self._stock_parcels)
        few, many = (
            self.env["stock.move.line"].search([("lot_id", "in", parcels.ids)])
            for parcels in (few, many)
        )
        self._assert_flat(lambda lines: lines.lot_id._sync_parcels(lines), few, many)
