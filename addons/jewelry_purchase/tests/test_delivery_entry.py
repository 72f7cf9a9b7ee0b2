import base64

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .common import JewelryPurchaseCommon

FEW, MANY = 5, 50
# Queries that come and go with what happens to be kept in memory; one for each piece is more.
COINCIDENCES = 3


@tagged("post_install", "-at_install")
class TestDeliveryEntry(JewelryPurchaseCommon):
    def _open_entry(self, order):
        action = order.picking_ids.action_enter_pieces()
        return self.env[action["res_model"]].with_context(**action["context"])

    def test_whoever_may_not_read_orders_is_not_stopped_by_those_of_a_piece(self):
        order = self._create_order(quantity=1)
        piece = self._receive(order, [400])
        asked = piece.with_user(self._create_user("associate"))
        self.assertEqual((asked.purchase_order_count, asked.purchase_order_ids.ids), (0, []))
        self.env.invalidate_all()
        keeper = piece.with_user(self._create_user("keeper"))
        self.assertEqual(keeper.purchase_order_ids.ids, order.ids)

    def test_a_line_is_proposed_for_each_expected_piece_at_the_price_of_the_order(self):
        form = Form(self._open_entry(self._create_order(quantity=3, price=250)))
        self.assertEqual(len(form.line_ids), 3)
        entry = form.save()
        self.assertEqual(entry.line_ids.mapped("cost_unit"), [250, 250, 250])
        self.assertEqual((entry.expected_cost, entry.difference), (750, 0))

    def test_pieces_come_in_with_number_stone_weight_and_cost(self):
        order = self._create_order(quantity=2)
        entry = self._open_entry(order).create({})
        shape = self.env.ref("jewelry_inventory.shape_round")
        diamond = self.env["jewelry.gem.species"].search([("code", "=", "diamond")])
        entry.line_ids[0].write(
            {
                "name": "V-1",
                "cost_unit": 900,
                "gross_weight": 3.4,
                "species_id": diamond.id,
                "shape_id": shape.id,
                "carat": 0.71,
            }
        )
        entry.line_ids[1].cost_unit = 100
        self.assertEqual(entry.difference, 0)
        entry.action_apply()
        order.picking_ids.button_validate()
        pieces = order.picking_ids.move_line_ids.lot_id.sorted("id")
        self.assertEqual(pieces.mapped("standard_price"), [900, 100])
        self.assertEqual((pieces[0].name, pieces[0].carat_weight), ("V-1", 0.71))
        self.assertRegex(pieces[1].name, r"^P-\d+$")
        self.assertEqual(pieces.vendor_id, self.vendor)
        self.assertEqual(self._value(self.style), 1000)

    def test_a_done_delivery_takes_no_more_pieces(self):
        order = self._create_order()
        entry = self._open_entry(order).create({})
        entry.action_apply()
        order.picking_ids.button_validate()
        with self.assertRaisesRegex(UserError, "nothing to enter"):
            entry.action_apply()

    def test_pieces_of_a_delivery_are_entered_once(self):
        order = self._create_order(quantity=2)
        first, second = (self._paste(order, *self.RICH) for _table in range(2))
        first.action_apply()
        known = {model: self.env[model].search([]) for model in ("stock.lot", "jewelry.stone")}
        second.line_ids[0].name = "V-3"
        for table in (first, second):
            with self.assertRaisesRegex(UserError, "V-1, V-2 .* entered already"):
                table.action_apply()
        with self.assertRaisesRegex(UserError, "entered already"):
            order.picking_ids.action_enter_pieces()
        for model, records in known.items():
            self.assertEqual(self.env[model].search([]), records)
        order.picking_ids.button_validate()
        self.assertEqual(order.picking_ids.move_line_ids.lot_id.mapped("name"), ["V-1", "V-2"])

    def test_pieces_that_were_typed_on_the_delivery_are_not_entered_again(self):
        order = self._create_order(quantity=1)
        order.picking_ids.move_line_ids.lot_id = piece = self._create_piece()
        with self.assertRaisesRegex(UserError, f"{piece.name} .* entered already"):
            self._open_entry(order).create({}).action_apply()

    def test_a_wrong_delivery_is_voided_and_entered_anew(self):
        order = self._create_order(quantity=2)
        self._paste(order, *self.RICH).action_apply()
        wrong = order.picking_ids.move_line_ids.lot_id
        wrong[0].action_void("Wrong list")
        with self.assertRaisesRegex(UserError, "V-2 .* entered already"):
            order.picking_ids.action_enter_pieces()
        wrong[1].action_void("Wrong list")
        self._apply(order, "Number,Cost", "V-3,900", "V-4,100")
        self.assertEqual(order.picking_ids.move_line_ids.lot_id.mapped("name"), ["V-3", "V-4"])
        self.assertEqual(set(wrong.mapped("piece_status")), {"void"})

    def test_the_rest_of_a_delivery_is_entered_when_it_comes(self):
        order = self._create_order(quantity=2)
        entry = self._open_entry(order).create({})
        entry.line_ids[0].unlink()
        entry.action_apply()
        order.picking_ids._action_done()
        rest = order.picking_ids.filtered(lambda picking: picking.state != "done")
        entry = self.env["jewelry.delivery.entry"].with_context(default_picking_id=rest.id)
        entry.create({}).action_apply()
        self.assertEqual(len(order.picking_ids.move_line_ids.lot_id), 2)

    def test_a_delivery_takes_no_query_for_each_of_its_pieces(self):
        self._count_queries(1)  # what is asked once in a process
        few, many = map(self._count_queries, (FEW, MANY))
        for act, (more, less) in enumerate(zip(many, few, strict=True)):
            with self.subTest(act=act):
                self.assertLessEqual(more - less, COINCIDENCES)

    def test_a_delivery_takes_two_queries_at_most_for_each_cost(self):
        self._count_queries(1, step=7)
        few, many = (sum(self._count_queries(count, step=7)) for count in (FEW, MANY))
        self.assertLessEqual(many - few, 2 * (MANY - FEW))

    def _count_queries(self, count, step=0):
        """Return how many queries it takes to enter a delivery of rings, and to receive it.

        :param int step: how much more each ring costs than the one before
        """
        order = self._create_order(quantity=count)
        row = "Q-{}-{};{};3,42;18K Yellow Gold;Diamond;Round;1,00"
        rows = [row.format(count, number, 900 + number * step) for number in range(count)]
        entry = self._paste(order, "Number;Cost;Gross;Alloy;Stone;Shape;Carat", *rows)
        self.env.flush_all()
        self.env.invalidate_all()
        return [self._count(entry.action_apply), self._count(order.picking_ids.button_validate)]

    def _count(self, act):
        start = self.env.cr.sql_log_count
        act()
        self.env.flush_all()
        return self.env.cr.sql_log_count - start

    def test_pieces_go_on_the_delivery_that_they_are_entered_for(self):
        other = self._create_order()
        entry = self._open_entry(self._create_order()).create({})
        entry.line_ids.move_id = other.picking_ids.move_ids
        with self.assertRaisesRegex(UserError, "another delivery"):
            entry.action_apply()

    def _paste(self, order, *lines):
        entry = self._open_entry(order).create({"pasted": "\n".join(lines)})
        entry.action_read_list()
        return entry

    def test_a_vendors_list_fills_the_table(self):
        entry = self._paste(
            self._create_order(quantity=3),
            "Number;Vendor number;Cost;Gross;Stone;Shape;Carat;Price",
            "V-1;AB 7;1.234,50;3,42 g;Diamond;Round;0,71 ct;4900",
            ";AB 8;100;2,1;;;;",
        )
        first, second, third = entry.line_ids
        self.assertEqual((first.name, first.vendor_ref, first.cost_unit), ("V-1", "AB 7", 1234.5))
        self.assertEqual((first.gross_weight, first.carat, first.list_price), (3.42, 0.71, 4900))
        self.assertEqual(first.shape_id, self.env.ref("jewelry_inventory.shape_round"))
        self.assertEqual((second.vendor_ref, second.carat), ("AB 8", 0))
        self.assertFalse(third.vendor_ref)
        self.assertEqual(entry.entered_cost, 1234.5 + 100 + 500)

    def test_a_list_copied_from_a_spreadsheet_is_read_too(self):
        entry = self._paste(self._create_order(quantity=1), "Cost\tGross", "450\t3.1")
        self.assertEqual((entry.line_ids.cost_unit, entry.line_ids.gross_weight), (450, 3.1))

    def test_the_style_of_a_list_finds_its_line(self):
        order = self._create_order(quantity=1)
        brooch = self._create_style(name="Brooch", default_code="BR-1")
        order.order_line = [
            Command.create({"product_id": brooch.id, "product_qty": 1, "price_unit": 70})
        ]
        entry = self._paste(order, "Style,Cost", "br-1,75", "Solitaire,480")
        costs = {line.product_id: line.cost_unit for line in entry.line_ids}
        self.assertEqual(costs, {brooch: 75, self.style: 480})

    def test_a_list_that_cannot_be_used_says_where(self):
        order = self._create_order(quantity=1)
        for lines, message in (
            ([""], "empty"),
            (["Nonsense", "1"], "first line must name the columns"),
            (["Cost", "450", "a lot"], "Line 3: “a lot” is not a number"),
            (["Shape", "Roundish"], "Line 2: “Roundish” is not in the vocabulary"),
            (["Cost", "450", "460"], "Line 3 of the list is for no piece"),
            (["Style,Cost", "Tiara,1"], "Line 2 of the list is for no piece"),
        ):
            with self.subTest(lines=lines), self.assertRaisesRegex(UserError, message):
                self._paste(order, *lines)

    def test_costs_in_the_vendors_currency_come_in_at_the_rate_of_the_day(self):
        euro = self.setup_other_currency("EUR", rates=[("2020-01-01", 2.0)])
        order = self._create_order(quantity=2, price=500, currency_id=euro.id)
        entry = self._open_entry(order).create({})
        self.assertEqual((entry.currency_id, entry.expected_cost), (euro, 1000))
        entry.line_ids[0].cost_unit = 900
        entry.line_ids[1].cost_unit = 100
        self.assertEqual(entry.difference, 0)
        entry.action_apply()
        order.picking_ids.button_validate()
        pieces = order.picking_ids.move_line_ids.lot_id.sorted("id")
        self.assertEqual(pieces.mapped("standard_price"), [450, 50])

    def test_a_loose_stone_is_its_own_home(self):
        style = self._create_style(name="Round diamond", jewelry_kind="stone")
        order = self._create_order(quantity=1, style=style)
        entry = self._paste(
            order, "Number,Stone,Shape,Carat,Origin", "D-1,Diamond,Round,1.01,natural"
        )
        entry.action_apply()
        stone = order.picking_ids.move_line_ids.lot_id.stone_ids
        self.assertEqual((stone.number, stone.state, stone.origin), ("D-1", "loose", "natural"))

    def test_numbers_typed_on_the_delivery_make_pieces_of_the_vendor(self):
        order = self._create_order(quantity=1)
        line = order.picking_ids.move_line_ids
        line.write({"lot_name": "T-1", "cost_unit": 480})
        order.picking_ids.move_ids.picked = True
        order.picking_ids.button_validate()
        self.assertEqual((line.lot_id.name, line.lot_id.vendor_id), ("T-1", self.vendor))
        self.assertEqual(line.lot_id.standard_price, 480)

    # === STONES, METALS AND REPORTS === #

    RICH = (
        "Number;Cost;Gross;Alloy;Stone;Shape;Carat;Count;Colour;Clarity;Lab;Report;Origin;Hallmark",
        "V-1;900;3,42;18K Yellow Gold;Diamond;Round;1,00;1;D;VS1;GIA;2141438171;natural;750",
        "V-1;;;;Diamond;Round;0,20;20;;;;;lab_grown;",
        "V-2;100;2,10;;;;;;;;IGI;LG5550001;;",
    )

    def _apply(self, order, *lines):
        entry = self._paste(order, *lines)
        entry.action_apply()
        order.picking_ids.button_validate()
        return order.picking_ids.move_line_ids.lot_id.sorted("id")

    def test_a_list_brings_stones_metals_reports_and_costs_of_each_piece(self):
        ring, band = self._apply(self._create_order(quantity=2), *self.RICH)
        main, melee = ring.stone_ids.sorted("carat", reverse=True)
        self.assertEqual((main.carat, main.count, main.origin), (1.0, 1, "natural"))
        self.assertEqual((main.color_grade_id.name, main.clarity_grade_id.name), ("D", "VS1"))
        self.assertEqual((melee.carat, melee.count, melee.origin), (0.2, 20, "lab_grown"))
        self.assertEqual(ring.alloy_id, self.env.ref("jewelry_inventory.alloy_gold_750_yellow"))
        self.assertAlmostEqual(ring.metal_line_ids.weight, 3.42 - 1.2 * 0.2, 3)
        self.assertEqual(ring.hallmark, "750")
        self.assertEqual(main.report_ids.number, "2141438171")
        self.assertFalse(ring.report_ids, "the report is on the stone")
        self.assertEqual((band.report_ids.number, band.stone_ids.ids), ("LG5550001", []))
        self.assertEqual((ring + band).mapped("standard_price"), [900, 100])

    def test_a_further_line_may_bring_a_second_metal(self):
        (ring,) = self._apply(
            self._create_order(quantity=1),
            "Number,Cost,Gross,Alloy,Net",
            "V-1,500,5.0,18K Yellow Gold,4.0",
            "V-1,,,Platinum 950,1.0",
        )
        metals = {line.alloy_id.metal_id.code: line.weight for line in ring.metal_line_ids}
        self.assertEqual(metals, {"gold": 4.0, "platinum": 1.0})
        self.assertEqual(ring.standard_price, 500)

    def test_a_csv_file_is_read_as_the_pasted_list_is(self):
        order = self._create_order(quantity=2)
        content = base64.b64encode("\n".join(self.RICH).encode())
        entry = self._open_entry(order).create({"file": content, "filename": "vendor.csv"})
        entry.action_read_list()
        self.assertEqual(entry.line_ids.mapped("name"), ["V-1", "V-2"])
        self.assertEqual((entry.part_ids.name, entry.part_ids.count), ("V-1", 20))

    def test_a_file_that_is_none_is_refused_in_words(self):
        content = base64.b64encode(b"PK\x03\x04 not a workbook")
        entry = self._open_entry(self._create_order()).create(
            {"file": content, "filename": "vendor.xlsx"}
        )
        with self.assertRaisesRegex(UserError, "neither CSV nor XLSX"):
            entry.action_read_list()

    def test_reading_twice_adds_nothing_twice(self):
        entry = self._paste(self._create_order(quantity=2), *self.RICH)
        entry.action_read_list()
        self.assertEqual((len(entry.line_ids), len(entry.part_ids)), (2, 1))

    def test_a_further_stone_of_an_unknown_piece_is_refused_and_nothing_is_written(self):
        entry = self._paste(self._create_order(quantity=2), *self.RICH)
        entry.part_ids.name = "V-9"
        before = self.env["stock.lot"].search_count([])
        with (
            self.assertRaisesRegex(UserError, "V-9, which is not in the table"),
            self.env.cr.savepoint(),
        ):
            entry.action_apply()
        self.assertEqual(self.env["stock.lot"].search_count([]), before)

    def test_stones_heavier_than_the_piece_are_refused_and_nothing_is_written(self):
        entry = self._paste(
            self._create_order(quantity=1),
            "Number,Gross,Alloy,Net,Stone,Shape,Carat",
            "V-1,1.0,18K Yellow Gold,1.0,Diamond,Round,9",
        )
        before = self.env["stock.lot"].search_count([])
        with self.assertRaisesRegex(UserError, "Weigh it again"), self.env.cr.savepoint():
            entry.action_apply()
        self.assertEqual(self.env["stock.lot"].search_count([]), before)

    def test_a_report_number_that_is_taken_is_refused_and_nothing_is_written(self):
        self._apply(self._create_order(quantity=2), *self.RICH)
        entry = self._paste(
            self._create_order(quantity=1), "Number,Lab,Report", "V-7,GIA,2141438171"
        )
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            entry.action_apply()
            self.env.flush_all()
        self.assertFalse(self.env["stock.lot"].search([("name", "=", "V-7")]))

    def test_a_word_that_is_not_in_the_vocabulary_says_where(self):
        for header, cell in (("Alloy", "Unobtainium"), ("Lab", "Nobody"), ("Clarity", "Superb")):
            with (
                self.subTest(column=header),
                self.assertRaisesRegex(UserError, f"Line 2: “{cell}”"),
            ):
                self._paste(self._create_order(quantity=1), header, cell)

    def test_the_value_received_is_the_sum_of_the_list(self):
        order = self._create_order(quantity=3)
        pieces = self._apply(order, "Number,Cost", "V-1,0.01", "V-2,333.33", "V-3,99999.99")
        self.assertAlmostEqual(self._value(self.style), 100333.33, 2)
        self.assertEqual([self._value(piece) for piece in pieces], [0.01, 333.33, 99999.99])

    def test_a_vendor_list_decides_how_the_bill_is_shared(self):
        order = self._create_order(quantity=2, price=500)
        ring, band = self._apply(order, *self.RICH)
        self._bill(order, price=600)
        self.assertEqual(self._costs(ring + band), [1080, 120])

    def test_a_keeper_without_other_rights_enters_a_delivery(self):
        keeper = self._create_user("keeper")
        order = self._create_order(quantity=2)
        entry = self._open_entry(order).with_user(keeper).create({"pasted": "\n".join(self.RICH)})
        entry.action_read_list()
        entry.action_apply()
        order.picking_ids.with_user(keeper).button_validate()
        self.assertEqual(self._value(self.style), 1000)

    def test_associates_enter_no_deliveries(self):
        associate = new_test_user(
            self.env, "delivery_associate", groups="jewelry_inventory.group_associate"
        )
        with self.assertRaises(AccessError):
            self.env["jewelry.delivery.entry"].with_user(associate).create({})

    def _as_keeper_without_costs(self, order):
        groups = "jewelry_inventory.group_cost_hidden,base.group_allow_export"
        keeper = self._create_user("keeper", groups)
        self.env.invalidate_all()
        return self._open_entry(order).with_user(keeper)

    def test_costs_stay_hidden_from_a_keeper_who_must_not_see_them(self):
        order = self._create_order(quantity=2, price=250)
        entry = self._as_keeper_without_costs(order).create({})
        self.env.invalidate_all()
        costs = [(entry, name) for name in ("expected_cost", "entered_cost", "difference")]
        for records, name in [*costs, (entry.line_ids, "cost_unit")]:
            ways = {
                "read": lambda r=records, n=name: r.read([n]),
                "web_read": lambda r=records, n=name: r.web_read({n: {}}),
                "export": lambda r=records, n=name: r.export_data([n]),
                "attribute": lambda r=records, n=name: r[:1][n],
                "write": lambda r=records, n=name: r.write({n: 1}),
                "order": lambda r=records, n=name: r.search([], order=n),
            }
            for way, ask in ways.items():
                if way == "order" and not records._fields[name].store:
                    continue
                with self.subTest(field=name, way=way), self.assertRaises(AccessError):
                    ask()
            self.assertNotIn(name, records.fields_get())

    def test_nothing_is_proposed_at_a_cost_that_stays_hidden(self):
        entries = self._as_keeper_without_costs(self._create_order(quantity=1, price=4321))
        self.assertNotIn("4321", str(entries.default_get(["picking_id", "line_ids"])))
        fields = Form(entries)._view["fields"]
        self.assertNotIn("expected_cost", fields)
        self.assertNotIn("cost_unit", fields["line_ids"]["edition_view"]["fields"])

    def test_a_list_with_costs_is_refused_from_a_keeper_who_must_not_see_them(self):
        order = self._create_order(quantity=1)
        entry = self._as_keeper_without_costs(order).create({"pasted": "Number;Cost\nV-1;100"})
        with self.assertRaisesRegex(AccessError, "Costs are hidden from you"):
            entry.action_read_list()
