from decimal import Decimal

from odoo.exceptions import UserError
from odoo.tests import tagged

from .import_common import ImportCommon

HEADER = "number,stones,carats,shape,size,color,color to,clarity,clarity to,cost,price per carat\n"
ROWS = [
    "PC-A,100,5.250,Round,+2 -6.5,F,G,VS1,SI1,1000.01,400\n",
    "PC-B,41,3.000,Round,1.1 to 1.3 mm,E,F,VVS2,VS2,100,90\n",
    "PC-C,7,0.333,Princess,,,,,,0,\n",
]
FILE = HEADER + "".join(ROWS)


@tagged("post_install", "-at_install")
class TestImportParcel(ImportCommon):
    """Parcels of a file: carats and stones together, each at its exact cost."""

    def _take_in(self, content=FILE, **values):
        job = self._check(content, "parcel", **values)
        self.assertFalse(job.error_count, self._messages(job))
        self._work(job)
        self.assertEqual(job.state, "done", self._messages(job))
        return job

    def test_the_columns_of_a_list_of_parcels_are_guessed(self):
        job = self._create_import(HEADER + ROWS[0], "parcel")
        self.assertEqual(
            " ".join(job.column_ids.mapped("target")),
            "name count carat shape sieve color color_to clarity clarity_to cost price_carat",
        )

    def test_labels_of_the_parcels_of_a_file_are_printed(self):
        job = self._take_in()
        action = job.action_print_labels()
        printing = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(printing.lot_ids, self._get_lots("PC-A", "PC-B", "PC-C"))

    def test_parcels_come_in_with_carats_stones_and_what_they_are(self):
        self._take_in()
        first, second, third = self._get_lots("PC-A", "PC-B", "PC-C")
        self.assertEqual(set((first + second + third).mapped("jewelry_kind")), {"parcel"})
        group = first.stone_ids
        self.assertEqual((group.carat, group.count, group.sieve), (5.25, 100, "+2 -6.5"))
        self.assertEqual((group.state, group.origin), ("parcel", "natural"))
        self.assertEqual((group.color_grade_id.name, group.color_to_grade_id.name), ("F", "G"))
        self.assertEqual(group.clarity_to_grade_id.name, "SI1")
        self.assertEqual((first.product_qty, first.list_price), (5.25, 400))
        self.assertEqual(first._get_amount_in(self.stock_location), (5.25, 100))
        self.assertEqual(third._get_amount_in(self.stock_location), (Decimal("0.333"), 7))
        self.assertEqual(first.product_id, second.product_id)
        self.assertNotEqual(first.product_id, third.product_id)
        self.assertEqual(first.product_id.uom_id.name, "ct")

    def test_each_parcel_costs_what_the_file_says_to_the_cent(self):
        job = self._take_in()
        lots = self._get_lots("PC-A", "PC-B", "PC-C")
        self.assertEqual([self._value(lot) for lot in lots], [1000.01, 100, 0])
        self.assertEqual((job.cost_total, job.cost_booked), (1100.01, 1100.01))
        self.assertTrue(job.is_tied_out)

    def test_parcels_post_against_the_opening_account(self):
        account = self.env["account.account"].create(
            {"name": "Opening", "code": "399992", "account_type": "equity"}
        )
        self.company.piece_opening_account_id = account
        job = self._take_in(
            FILE,
            category_id=self.category_auto.id,
            species_id=self.env.ref("jewelry_inventory.species_corundum").id,
        )
        self.assertAlmostEqual(self._ledger(account), -1100.01, 2)
        self.assertAlmostEqual(job.cost_posted, 1100.01, 2)

    def test_a_cost_per_carat_makes_the_cost_of_all(self):
        job = self._take_in("stones,carats,cost per carat\n30,1.255,99.99\n")
        self.assertEqual(job.cost_total, 125.49)
        lot = job.move_ids.lot_ids
        self.assertEqual(self._value(lot), 125.49)
        self.assertRegex(lot.name, r"^PC-\d+$")

    def test_a_style_may_be_named(self):
        job = self._take_in("style,stones,carats\nPavé melee,30,1.2\n")
        style = job.move_ids.product_id
        self.assertEqual((style.name, style.jewelry_kind), ("Pavé melee", "parcel"))

    def test_a_report_on_a_parcel_is_its_own(self):
        job = self._take_in("stones,carats,report,lab\n30,1.2,P-77,GIA\n")
        report = self.env["jewelry.grading.report"].search([("number", "=", "P-77")])
        self.assertEqual(report.parcel_id, job.move_ids.lot_ids)

    def test_what_is_wrong_with_parcels_is_listed_by_line(self):
        rows = [
            ("PC-1,0,1,10,10", "not between 1"),
            ("PC-2,2.5,1,10,10", "not a whole number"),
            ("PC-3,,1,10,10", "must not be empty"),
            ("PC-4,10,0,10,", "not between 0.001"),
            ("PC-5,10,2,10,100", "carats times cost per carat is 200.00"),
            ("PC-6,10,1 g,10,10", "is not in"),
        ]
        job = self._check(
            "number,stones,carats,cost,cost per carat\n" + "".join(f"{row}\n" for row, _ in rows),
            "parcel",
        )
        self.assertEqual(job.error_ids.mapped("row"), [2, 3, 4, 5, 6, 7])
        for message, (_row, part) in zip(self._messages(job), rows, strict=True):
            self.assertIn(part, message)

    def test_a_number_of_any_parcel_or_piece_is_taken(self):
        self._create_piece(name="PC-A")
        job = self._check(HEADER + ROWS[0], "parcel")
        self.assertEqual(self._messages(job), ["The store has a piece PC-A already."])

    def test_a_number_that_came_into_use_since_the_check_stops_its_batch(self):
        job = self._check(FILE, "parcel", batch_size=1)
        self._create_piece(name="PC-B")
        self._work(job)
        self.assertEqual((job.state, job.row_done), ("failed", 1))
        self.assertIn("already", self._messages(job)[0])
        self.assertEqual(len(self._get_lots("PC-A", "PC-B", "PC-C")), 2)

    def test_parcels_without_a_count_are_refused(self):
        with self.assertRaisesRegex(UserError, "Choose which column is Stones"):
            self._check("carats\n1\n", "parcel")

    def test_an_imported_parcel_can_be_sold_in_parts_to_the_last_cent(self):
        self._take_in(HEADER + "PC-D,3,3,Round,,,,,,100,\n")
        lot = self._get_lots("PC-D")
        values = []
        for _part in range(3):
            move = self.env["stock.move"].create(
                {
                    "product_id": lot.product_id.id,
                    "product_uom_qty": 1,
                    "location_id": self.stock_location.id,
                    "location_dest_id": self.customer_location.id,
                    "move_line_ids": [
                        (0, 0, {"lot_id": lot.id, "quantity": 1, "product_id": lot.product_id.id})
                    ],
                    "picked": True,
                }
            )
            move._action_done()
            values.append(move.value)
        self.assertAlmostEqual(sum(values), 100, 2)
        self.assertEqual((lot.stone_ids.carat, lot.stone_ids.count), (0, 0))
