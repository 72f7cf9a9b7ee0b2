import base64

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import JewelryCommon

HEADER = "carat,cut,color,clarity,depth,table,price,x,y,z\n"
ROWS = [
    '0.23,"Ideal","E","SI2",61.5,55,326,3.95,3.98,2.43\n',
    '0.21,"Premium","E","SI1",59.8,61,327,3.89,3.84,2.31\n',
    '1.00,"Good","G","VS2",59.1,59,3142,6.55,6.48,0\n',
]


@tagged("post_install", "-at_install")
class TestImport(JewelryCommon):
    def _create_import(self, content, kind="stone", **values):
        defaults = {
            "kind": kind,
            "file": base64.b64encode(content if isinstance(content, bytes) else content.encode()),
            "filename": "stones.csv",
            "place_id": self.stock_location.id,
            "category_id": self.category.id,
            "origin": "natural",
            "cut_scheme": "trade",
        }
        job = self.env["jewelry.import"].create(defaults | values)
        job.action_read()
        return job

    def _add_cost(self, job, factor=0.5):
        job.column_ids.filtered(lambda column: column.header == "price").action_duplicate()
        column = job.column_ids.filtered(lambda column: not column.target)
        column.write({"target": "cost", "factor": factor})

    def _work(self, job):
        """Let the scheduled action take the rows in, with commits of its own."""
        job.action_import()
        self._run_cron(job)

    def _run_cron(self, job):
        with self.enter_registry_test_mode():
            self.env.ref("jewelry_inventory.ir_cron_import").method_direct_trigger()
        self.env.invalidate_all()

    def _messages(self, job):
        return job.error_ids.mapped("message")

    def test_the_columns_of_the_diamonds_file_are_guessed(self):
        job = self._create_import(HEADER + ROWS[0])
        self.assertEqual(
            " ".join(job.column_ids.mapped("target")),
            "carat cut color clarity depth_percent table_percent list_price length width depth",
        )

    def test_stones_are_taken_in_valued_and_graded(self):
        job = self._create_import(HEADER + "".join(ROWS))
        self._add_cost(job)
        job.action_check()
        self.assertEqual((job.state, job.row_count, job.error_count), ("checked", 3, 0))
        self.assertEqual(job.cost_total, 163 + 163.5 + 1571)
        self._work(job)
        self.assertEqual((job.state, job.row_done, job.cost_done), ("done", 3, job.cost_total))
        stones = self.env["jewelry.stone"].search([], order="id desc", limit=3).sorted("carat")
        lots = stones.holder_id
        self.assertEqual(lots, stones.home_lot_id)
        self.assertEqual(lots.mapped("name"), stones.mapped("number"))
        self.assertEqual(lots.mapped("list_price"), [327, 326, 3142])
        self.assertEqual(set(lots.mapped("piece_status")), {"available"})
        self.assertEqual(lots[0].color_grade_id.name, "E")
        self.assertEqual(lots[0].cut_grade_id.name, "Premium")
        self.assertEqual(len(lots.product_id), 1, "one style for species, origin and shape")
        self.assertEqual(self._value(lots.product_id), job.cost_total)

    def test_a_stone_with_a_zero_dimension_is_reported_and_not_measured(self):
        job = self._create_import(HEADER + "".join(ROWS))
        job.action_check()
        self.assertEqual(job.warning_count, 1)
        self.assertEqual((job.error_ids.row, job.error_ids.severity), (4, "warning"))
        self._work(job)
        stone = self.env["jewelry.stone"].search([("carat", "=", 1.0)], limit=1)
        self.assertFalse(stone.is_measured)

    def test_every_problem_is_listed_by_line_and_nothing_is_written(self):
        bad = [
            "-0.5,Ideal,E,SI2,61.5,55,326,3.95,3.98,2.43\n",
            "0.5,Ideal,Purple,SI2,61.5,55,326,3.95,3.98,2.43\n",
            "0.5 g,Ideal,E,SI2,61.5,55,326,3.95,3.98,2.43\n",
            "0.5,=1+1,E,SI2,61.5,55,326,3.95,3.98,2.43\n",
            ",Ideal,E,SI2,61.5,55,326,3.95,3.98,2.43\n",
            "0.5,Ideal,E,SI2,161,55,326,3.95,3.98,2.43\n",
            "0.5,Ideal,E,SI2,61.5,55,lots,3.95,3.98,2.43\n",
        ]
        before = self.env["stock.lot"].search_count([])
        job = self._create_import(HEADER + "".join(bad))
        job.action_check()
        self.assertEqual(job.state, "mapped")
        self.assertEqual(job.error_ids.mapped("row"), [2, 3, 4, 5, 6, 7, 8])
        for message, part in zip(
            self._messages(job),
            (
                "not between",
                "not in the vocabulary",
                "another unit",
                "formula",
                "must not be empty",
                "not between",
                "not a number",
            ),
            strict=True,
        ):
            self.assertIn(part, message)
        self.assertEqual(self.env["stock.lot"].search_count([]), before)
        with self.assertRaisesRegex(UserError, "Check the file first"):
            job.action_import()

    def test_numbers_used_twice_or_taken_are_refused(self):
        self._create_piece(name="D-1")
        job = self._create_import("number,carat\nD-1,0.5\nD-2,0.5\nD-2,0.6\n")
        job.action_check()
        self.assertEqual(job.error_count, 2)
        self.assertCountEqual(
            self._messages(job),
            ["The store has a piece D-1 already.", "Number D-2 is on line 3 already."],
        )

    def test_a_file_without_weights_is_refused(self):
        job = self._create_import("color\nE\n")
        with self.assertRaisesRegex(UserError, "Carats"):
            job.action_check()

    def test_files_that_cannot_be_read_are_refused_clearly(self):
        for content, message in ((b"  ", "empty"), (b"PK\x03\x04", "neither CSV nor XLSX")):
            with self.assertRaisesRegex(UserError, message):
                self._create_import(content)
        self.env["ir.config_parameter"].set_param("jewelry_inventory.import_max_megabytes", "0")
        with self.assertRaisesRegex(UserError, "too large"):
            self._create_import(HEADER)

    def test_a_batch_that_fails_leaves_nothing_and_goes_on_after_the_cause_is_gone(self):
        job = self._create_import("number,carat\nD-1,0.5\nD-2,0.6\nD-3,0.7\n", batch_size=1)
        job.action_check()
        blocker = self._create_piece(name="D-2")
        with mute_logger("odoo.sql_db"):
            self._work(job)
        self.assertEqual((job.state, job.row_done), ("failed", 1))
        self.assertIn("Lines 3 to 3 are not imported: This piece number", self._messages(job)[0])
        self.assertFalse(self.env["jewelry.stone"].search([("number", "=", "D-2")]))
        blocker.name = "D-2 old"
        self._work(job)
        self.assertEqual((job.state, job.row_done), ("done", 3))
        self.assertEqual(
            self.env["jewelry.stone"].search_count([("number", "in", ("D-1", "D-2", "D-3"))]), 3
        )

    def test_an_import_killed_between_batches_goes_on_where_it_was(self):
        job = self._create_import("number,carat\nD-1,0.5\nD-2,0.6\nD-3,0.7\n", batch_size=2)
        job.action_check()
        job.action_import()
        batch = [next(job._read_values()), *list(job._read_values())[1:2]]
        job._import_batch(batch)
        self.assertEqual((job.state, job.row_done), ("running", 2))
        self._run_cron(job)
        self.assertEqual((job.state, job.row_done), ("done", 3))

    def test_finished_pieces_come_in_with_their_metal(self):
        job = self._create_import(
            "number,style,alloy,gross weight,cost,price,hallmark\n"
            "R-1,Band,18K yellow gold,3.2,410,1200,750\n",
            kind="piece",
        )
        alloy = self.env["jewelry.alloy"].search([("fineness", "=", 750)], limit=1)
        job.column_ids.filtered(lambda c: c.header == "alloy").target = False
        job.action_check()
        self.assertFalse(job.error_count, self._messages(job))
        self._work(job)
        piece = self.env["stock.lot"].search([("name", "=", "R-1")])
        self.assertEqual((piece.product_id.name, piece.gross_weight), ("Band", 3.2))
        self.assertEqual((piece.standard_price, piece.hallmark), (410, "750"))
        piece.metal_line_ids = [(0, 0, {"alloy_id": alloy.id, "weight": 3.2})]
        self.assertAlmostEqual(piece.fine_weight, 2.4, 3)

    def test_an_unknown_alloy_is_named(self):
        job = self._create_import("style,alloy,gross weight\nBand,Unobtainium,3.2\n", kind="piece")
        job.action_check()
        self.assertEqual(
            self._messages(job),
            ["“Unobtainium” is not in the vocabulary. Add it, or correct it."],
        )
