"""Where core branches on the cost method or gets pieces wrong: a test for each place."""

from lxml import etree

from odoo.tests import Form, tagged

from ..const import SPECIFIC
from .common import JewelryCommon

SELECTIONS = [
    ("product.template", "cost_method"),
    ("product.product", "cost_method"),
    ("product.category", "property_cost_method"),
    ("res.company", "cost_method"),
    ("stock.quant", "cost_method"),
]


@tagged("post_install", "-at_install")
class TestCoreMapSelections(JewelryCommon):
    """The method is a choice wherever core has one, or its screens do not open."""

    def test_every_selection_of_core_knows_the_method(self):
        for model, name in SELECTIONS:
            with self.subTest(model=model):
                selection = self.env[model].fields_get([name])[name]["selection"]
                self.assertIn(SPECIFIC, dict(selection))

    def test_the_stock_list_opens_with_pieces_in_it(self):
        piece = self._stock_piece(cost=100)
        rows = piece.quant_ids.web_read({"cost_method": {}, "value": {}})
        self.assertIn((SPECIFIC, 100.0), [(row["cost_method"], row["value"]) for row in rows])

    def test_a_company_may_have_the_method_for_all_its_categories(self):
        self.company.cost_method = SPECIFIC
        category = self.env["product.category"].create({"name": "Heirlooms"})
        watch = self._create_watch(category)
        self.assertEqual(watch.cost_method, SPECIFIC)
        low, high = self._create_piece(watch, 100), self._create_piece(watch, 900)
        self._move(low + high, self.supplier_location, self.stock_location)
        self.assertEqual(self._move(high, self.stock_location, self.customer_location).value, 900)
        self.assertEqual(self._value(watch), 100)

    def _create_watch(self, category):
        return self.env["product.product"].create(
            {
                "name": "Watch",
                "is_storable": True,
                "tracking": "serial",
                "lot_valuated": True,
                "categ_id": category.id,
            }
        )

    def test_the_category_form_offers_it(self):
        with Form(self.env["product.category"].create({"name": "Heirlooms"})) as form:
            form.property_cost_method = SPECIFIC
        self.assertEqual(form.record.property_cost_method, SPECIFIC)


@tagged("post_install", "-at_install")
class TestCoreMapProduct(JewelryCommon):
    """product.py and stock_lot.py: nothing is averaged and nothing is revalued in passing."""

    def test_product_change_standard_price_revalues_no_piece(self):
        piece = self._stock_piece(cost=100)
        self.style.standard_price = 777
        self.assertEqual((piece.standard_price, self._value(self.style)), (100, 100))
        self.assertFalse(self.env["product.value"].search([("product_id", "=", self.style.id)]))

    def test_product_update_standard_price_does_not_average(self):
        self.style.standard_price = 777
        self._stock_piece(cost=100)
        self._stock_piece(cost=900)
        self.style._update_standard_price()
        self.assertEqual(self.style.standard_price, 777)

    def test_product_avg_cost_is_the_mean_of_the_pieces_here(self):
        self._stock_piece(cost=100)
        high = self._stock_piece(cost=900)
        self.assertEqual(self.style.avg_cost, 500)
        self._move(high, self.stock_location, self.customer_location)
        self.style.invalidate_recordset()
        self.assertEqual(self.style.avg_cost, 100)

    def test_product_values_of_many_styles_take_one_query(self):
        styles = self.env["product.product"].concat(
            *(self._create_style(name=f"Style {number}") for number in range(6))
        )
        for style in styles:
            self._stock_piece(style, cost=50)
        counts = []
        for chosen in (styles[:2], styles):
            self.env.flush_all()
            self.env.invalidate_all()
            chosen.mapped("cost_method")
            start = self.env.cr.sql_log_count
            self.assertEqual(sum(chosen.mapped("total_value")), 50 * len(chosen))
            counts.append(self.env.cr.sql_log_count - start)
        self.assertLessEqual(counts[1], counts[0] + 1)

    def test_lot_avg_cost_follows_each_new_cost(self):
        piece = self._stock_piece(cost=100)
        self.assertEqual(piece.avg_cost, 100)
        piece._set_cost({piece: 130}, "correction")
        self.assertEqual(piece.avg_cost, 130)

    def test_lot_update_standard_price_does_not_average(self):
        piece = self._stock_piece(cost=100)
        piece._set_cost({piece: 130}, "correction")
        piece._update_standard_price()
        self.assertEqual(piece.standard_price, 130)

    def test_lot_value_counts_no_goods_of_others_nor_a_place_outside(self):
        memo = self._create_piece(cost=500)
        self._move(memo, self.supplier_location, self.stock_location, owner=self.vendor)
        gone = self._stock_piece(cost=700)
        self._move(gone, self.stock_location, self.customer_location)
        bench = self._stock_piece(cost=60, place=self.bench)
        self.assertEqual([self._value(lot) for lot in (memo, gone, bench)], [0, 0, 60])
        self.assertEqual(self._value(self.style), 60)

    def test_a_category_that_leaves_specific_keeps_the_value(self):
        category = self.env["product.category"].create(
            {"name": "Watches", "property_cost_method": SPECIFIC}
        )
        watch = TestCoreMapSelections._create_watch(self, category)
        pieces = self._create_piece(watch, 100) + self._create_piece(watch, 900)
        self._move(pieces, self.supplier_location, self.stock_location)
        pieces._set_cost({pieces[0]: 150}, "correction")
        category.property_cost_method = "standard"
        self.env.invalidate_all()
        self.assertEqual(self._value(watch), 1050)


@tagged("post_install", "-at_install")
class TestCoreMapMoves(JewelryCommon):
    """stock_move.py: each line is worth its own piece, whatever happens to the move."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.low, cls.high = cls._stock_piece(cost=100), cls._stock_piece(cost=900)
        cls.both = cls.low + cls.high

    def test_value_from_returns_is_of_the_very_piece_and_no_average(self):
        out = self._move(self.both, self.stock_location, self.customer_location)
        self.assertEqual(out.value, 1000)
        back = self._move(
            self.low,
            self.customer_location,
            self.stock_location,
            origin_returned_move_id=out.id,
        )
        self.assertEqual(back.value, 100)
        self.assertEqual(self._value(self.style), 100)

    def test_set_value_never_changes_a_done_move(self):
        move = self._move(self.high, self.stock_location, self.customer_location)
        self.high._set_cost({self.high: 950}, "bill")
        for correction in (None, 1, -1):
            move._set_value(correction)
            self.assertEqual(move.value, 900)

    def test_a_piece_taken_off_a_done_receipt_takes_its_own_value_with_it(self):
        pieces = self._create_piece(cost=40) + self._create_piece(cost=60)
        move = self._move(pieces, self.supplier_location, self.stock_location)
        move.move_line_ids.filtered(lambda line: line.lot_id == pieces[0]).quantity = 0
        self.assertEqual(move.value, 60)
        self.assertEqual(self._value(self.style), 1060)

    def test_remaining_value_is_what_the_pieces_still_here_cost_now(self):
        pieces = self._create_piece(cost=40) + self._create_piece(cost=60)
        move = self._move(pieces, self.supplier_location, self.stock_location)
        self._move(pieces[0], self.stock_location, self.customer_location)
        pieces._set_cost({pieces[1]: 75}, "correction")
        move.invalidate_recordset()
        self.assertEqual((move.remaining_qty, move.remaining_value), (1, 75))

    def test_price_unit_of_a_delivery_is_the_mean_of_its_pieces(self):
        move = self._move(self.both, self.stock_location, self.customer_location)
        self.assertEqual((move._get_price_unit(), move._get_cogs_price_unit()), (500, 500))

    def test_the_value_of_a_move_is_explained_piece_by_piece(self):
        move = self._move(self.both, self.stock_location, self.customer_location)
        text = move._get_value_data()["description"]
        for piece, amount in ((self.low, "100.00"), (self.high, "900.00")):
            self.assertRegex(text, f"{piece.name}: .*{amount}")

    def test_transfers_within_the_company_are_worth_nothing(self):
        move = self._move(self.both, self.stock_location, self.safe)
        self.assertEqual(move.move_line_ids.mapped("piece_value"), [0, 0])
        self.assertEqual(self._value(self.style), 1000)


@tagged("post_install", "-at_install")
class TestCoreMapInvoice(JewelryCommon):
    """account_move_line.py: an invoice expenses its own pieces, and only what is ours."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.style.categ_id = cls.category_auto

    def _invoice(self, piece):
        invoice = self._create_invoice(self.style, price_unit=2000, post=False)
        invoice.invoice_line_ids.piece_ids = piece
        invoice.action_post()
        return invoice

    def _take_memo(self):
        """Return a piece of the vendor's in our stock, whose cost we know."""
        memo = self._create_piece(cost=500)
        self._move(memo, self.supplier_location, self.stock_location, owner=self.vendor)
        return memo

    def test_goods_of_others_delivered_first_cost_us_nothing(self):
        memo = self._take_memo()
        self._move(memo, self.stock_location, self.customer_location, owner=self.vendor)
        self._invoice(memo)
        self.assertEqual(self._ledger(self.account_expense), 0)
        self.assertEqual(self._ledger(self.account_stock_valuation), 0)

    def test_goods_of_others_invoiced_first_cost_us_nothing(self):
        memo = self._take_memo()
        self._invoice(memo)
        self._move(memo, self.stock_location, self.customer_location, owner=self.vendor)
        self.assertEqual(self._ledger(self.account_expense), 0)
        self.assertEqual(self._ledger(self.account_stock_valuation), 0)

    def test_a_new_cost_of_goods_of_others_posts_nothing(self):
        memo = self._take_memo()
        self._move(memo, self.stock_location, self.customer_location, owner=self.vendor)
        self._invoice(memo)
        memo._set_cost({memo: 550}, "correction")
        self.assertEqual(self._ledger(self.account_expense), 0)

    def test_a_piece_that_we_own_by_name_is_ours(self):
        own = self._create_piece(cost=500)
        partner = self.company.partner_id
        self._move(own, self.supplier_location, self.stock_location, owner=partner)
        self._move(own, self.stock_location, self.customer_location, owner=partner)
        self._invoice(own)
        self.assertEqual(self._ledger(self.account_expense), 500)


@tagged("post_install", "-at_install")
class TestCoreMapScreens(JewelryCommon):
    """Core's screens of costs show what is true of pieces, or are not offered."""

    def _get_arch(self, model, view):
        view = self.env.ref(view)
        return etree.fromstring(self.env[model].get_view(view.id, "list")["arch"])

    def test_the_history_of_averages_is_not_offered_for_pieces(self):
        arch = self._get_arch("product.product", "stock.product_product_stock_tree")
        options = arch.xpath("//field[@name='avg_cost']")[0].get("options")
        self.assertIn(SPECIFIC, options)

    def test_the_list_of_receipts_shows_the_value_of_the_pieces(self):
        arch = self._get_arch("stock.move", "stock_account.stock_move_view_list_valuation")
        for name, shown in (("value", True), ("standard_price", False)):
            hides = arch.xpath(f"//field[@name='{name}']")[0].get("column_invisible")
            with self.subTest(field=name):
                self.assertEqual("not in" in hides, shown)
                self.assertIn(SPECIFIC, hides)


@tagged("post_install", "-at_install")
class TestCoreMapPartnerMerge(JewelryCommon):
    """Merging partners runs raw updates over every column that names one."""

    def test_pieces_owners_and_vendors_follow_the_merge(self):
        keep, gone = self.env["res.partner"].create([{"name": "Keep"}, {"name": "Gone"}])
        piece = self._create_piece(vendor_id=gone.id)
        memo = self._create_piece(vendor_id=gone.id)
        self._move(memo, self.supplier_location, self.stock_location, owner=gone)
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge((keep + gone).ids, keep, extra_checks=False)
        self.env.invalidate_all()
        self.assertFalse(gone.exists())
        self.assertEqual((piece + memo).vendor_id, keep)
        held = memo.quant_ids.filtered(lambda quant: quant.quantity > 0)
        self.assertEqual(held.owner_id, keep)
        self.assertEqual(self._value(memo), 0)


@tagged("post_install", "-at_install")
class TestCoreMapReservation(JewelryCommon):
    """A move for a piece looks its lot up, and does not gather all of its style."""

    def test_reserving_one_of_many_takes_no_more_queries_than_one_of_few(self):
        counts = []
        for number in (3, 3, 30):  # the first fills caches that no others need
            style = self._create_style(name=f"Style {number}")
            pieces = self.env["stock.lot"].concat(
                *(self._create_piece(style, cost=1) for _piece in range(number))
            )
            pieces._take_in(self.supplier_location, self.stock_location)
            move = self.env["stock.move"].create(
                {
                    "product_id": style.id,
                    "product_uom_qty": 1,
                    "location_id": self.stock_location.id,
                    "location_dest_id": self.customer_location.id,
                    "piece_id": pieces[-1].id,
                    "picking_type_id": self.picking_type_out.id,
                }
            )
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            move._action_confirm()
            counts.append(self.env.cr.sql_log_count - start)
            self.assertEqual(move.move_line_ids.lot_id, pieces[-1])
        self.assertLessEqual(counts[2], counts[1])

    def test_a_receipt_form_with_pieces_of_a_style_opens(self):
        piece = self._stock_piece(cost=100)
        move = piece.quant_ids.lot_id and self.env["stock.move"].search(
            [("product_id", "=", self.style.id)], limit=1
        )
        self.assertEqual(move.lot_ids, piece)
        self.assertEqual(move.read(["remaining_value"])[0]["remaining_value"], 100)
