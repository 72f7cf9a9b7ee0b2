import base64
import csv
import gzip
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.translate import code_translations

from ..models.jewelry_import_reading import MAX_PARAMETER
from ..models.jewelry_import_reading import __name__ as READING
from .import_common import ImportCommon

DIAMONDS = Path(__file__).parents[3] / "benchmarks/data/diamonds.csv.gz"

HEADER = "carat,cut,color,clarity,depth,table,price,x,y,z\n"
ROWS = [
    '0.23,"Ideal","E","SI2",61.5,55,326,3.95,3.98,2.43\n',
    '0.21,"Premium","E","SI1",59.8,61,327,3.89,3.84,2.31\n',
    '1.00,"Good","G","VS2",59.1,59,3142,6.55,6.48,0\n',
]


@tagged("post_install", "-at_install")
class TestImport(ImportCommon):
    def _add_cost(self, job, factor=0.5):
        job.column_ids.filtered(lambda column: column.header == "price").action_duplicate()
        column = job.column_ids.filtered(lambda column: not column.target)
        column.write({"target": "cost", "factor": factor})

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
                "is not in",
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

    def test_a_limit_that_is_no_number_counts_as_the_usual_one_and_is_logged(self):
        reading = self.env["jewelry.import"]
        usual = reading._get_max_bytes()
        for value in ("fifty", "50 MB", "-1", "1.5", "²"):
            self.env["ir.config_parameter"].set_param(MAX_PARAMETER, value)
            with self.subTest(value=value), self.assertLogs(READING, "WARNING") as logs:
                self.assertEqual(reading._get_max_bytes(), usual)
            self.assertIn(MAX_PARAMETER, logs.output[0])
        self.env["ir.config_parameter"].set_param(MAX_PARAMETER, "2")
        self.assertEqual(reading._get_max_bytes(), 2 * 1024 * 1024)

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
        self._run_cron()
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
            ["“Unobtainium” is not in the vocabulary. Add it there, or correct the file."],
        )

    def test_whose_words_the_cuts_are_is_guessed(self):
        for scheme, word, guessed in (
            ("gia", "Ideal", "trade"),
            ("trade", "Excellent", "gia"),
            ("trade", "Good", "trade"),
            ("gia", "Superb", "gia"),
            ("gia", "", "gia"),
        ):
            job = self._create_import(f"carat,cut\n1,{word}\n", cut_scheme=scheme)
            self.assertEqual(job.cut_scheme, guessed, word)

    # === EVERY ROW OF THE DIAMONDS FILE === #

    def test_the_diamonds_file_has_no_error_and_twenty_stones_that_are_not_measured(self):
        job = self._check(gzip.decompress(DIAMONDS.read_bytes()), cut_scheme="gia")
        self.assertEqual((job.state, job.row_count, job.error_count), ("checked", 53940, 0))
        self.assertEqual(job.warning_count, 20)
        self.assertEqual(len(job.error_ids), 20)

    # === WHAT WAS CHECKED IS WHAT COMES IN === #

    def test_whatever_the_check_rests_on_asks_for_another_check_when_it_changes(self):
        changes = {
            "file": self._prepare_file("number,carat\nD-1,9\n"),
            "place_id": self.safe.id,
            "category_id": self.category_auto.id,
            "species_id": self.env.ref("jewelry_inventory.species_corundum").id,
            "shape_id": self.env.ref("jewelry_inventory.shape_oval").id,
            "origin": "unknown",
            "cut_scheme": "gia",
        }
        for name, value in changes.items():
            job = self._check("number,carat\nD-1,0.5\n")
            self.assertEqual(job.state, "checked")
            job[name] = value
            self.assertEqual(job.state, "mapped", name)
            with self.assertRaisesRegex(UserError, "Check the file first"):
                job.action_import()

    def test_another_meaning_of_a_column_asks_for_another_check(self):
        for change in (
            lambda column: column.write({"factor": 2}),
            lambda column: column.unlink(),
            lambda column: column.action_duplicate(),
        ):
            job = self._check("number,carat,color\nD-1,0.5,E\n")
            change(job.column_ids[2])
            self.assertEqual(job.state, "mapped")

    def test_a_keeper_cannot_write_results(self):
        job = self._create_import("number,carat\nD-1,0.5\n")
        keeper = self._create_user("keeper")
        for vals in (
            {"state": "checked"},
            {"row_done": 1},
            {"cost_done": 5},
            {"user_id": keeper.id},
            {"checked_file": "x"},
        ):
            with self.assertRaisesRegex(AccessError, "not by hand"):
                job.with_user(keeper).write(vals)
        with self.assertRaisesRegex(AccessError, "not by hand"):
            self.env["jewelry.import"].with_user(keeper).create(
                {"file": job.file, "state": "checked"}
            )

    def test_a_keeper_makes_the_whole_journey(self):
        keeper = self._create_user("keeper")
        job = self._create_import("number,carat,cost\nD-1,0.5,100\n").with_user(keeper)
        job.action_read()
        job.action_check()
        self.assertEqual(job.state, "checked")
        self._work(job)
        self.assertEqual((job.state, job.cost_booked, job.is_tied_out), ("done", 100, True))

    def test_what_came_in_is_written_down_as_done_by_who_pressed_import(self):
        """Not by the user of the cron, nor by who uploaded the file; the moves, too."""
        keeper, uploader = self._create_user("keeper"), self._create_user("manager")
        for number, kind, row in (
            ("D-1", "stone", "0.5,100"),
            ("R-1", "piece", ",100"),
            ("M-1", "parcel", "0.5,100,20"),
        ):
            header = "number,carat,cost,count\n" if kind == "parcel" else "number,carat,cost\n"
            job = self._create_import(f"{header}{number},{row}\n", kind).with_user(uploader)
            job.action_check()
            self.assertEqual(job.state, "checked", self._messages(job))
            self._work(job.with_user(keeper))
            lot = self._get_lots(number)
            events = self.env["jewelry.provenance.event"].search(
                [("chain_uuid", "in", [lot.chain_uuid, *lot.stone_ids.mapped("chain_uuid")])]
            )
            with self.subTest(kind=kind):
                self.assertEqual((job.state, job.user_id), ("done", keeper), self._messages(job))
                self.assertIn("count_in", events.mapped("kind"))
                self.assertEqual(events.actor_id, keeper)
                self.assertEqual((lot + lot.stone_ids.holder_id).create_uid, keeper)
                self.assertEqual(job.move_ids.create_uid, keeper)

    def test_a_keeper_who_sees_no_costs_imports_too(self):
        keeper = self._create_user("keeper", "jewelry_inventory.group_cost_hidden")
        job = self._create_import("number,carat,cost\nD-1,0.5,100\n").with_user(keeper)
        job.action_check()
        self._work(job)
        self.assertTrue(job.is_tied_out)
        self.assertEqual((job.state, job.sudo().cost_booked), ("done", 100))
        with self.assertRaisesRegex(AccessError, "Costs are hidden from you"):
            job.read(["cost_booked"])

    def test_a_file_exchanged_behind_the_field_is_found_and_not_imported(self):
        job = self._check("number,carat\nD-1,0.5\n")
        job._get_attachment().raw = b"number,carat\nD-1,9.5\n"
        self._work(job)
        self.assertEqual((job.state, job.row_done), ("failed", 0))
        self.assertIn("has changed since it was checked", self._messages(job)[0])
        self.assertFalse(self._get_lots("D-1"))

    def test_a_running_or_finished_import_is_not_changed(self):
        job = self._check("number,carat\nD-1,0.5\n")
        job.action_import()
        for _step in ("running", "done"):
            for change in (
                lambda: job.write({"place_id": self.safe.id}),
                lambda: job.write({"file": self._prepare_file("number,carat\nD-1,9\n")}),
                lambda: job.column_ids[0].write({"target": False}),
                job.action_read,
                job.action_check,
            ):
                with self.assertRaisesRegex(UserError, "not at this step any more"):
                    change()
            self._run_cron()
        self.assertEqual((job.state, job.row_done), ("done", 1))

    def test_a_file_with_other_columns_has_its_columns_read_again(self):
        job = self._create_import("number,carat\nD-1,0.5\n")
        job.file = self._prepare_file("carat,number\n0.5,D-1\n")
        with self.assertRaisesRegex(UserError, "columns of this file are not those"):
            job.action_check()
        job.action_read()
        job.action_check()
        self.assertEqual(job.state, "checked")

    def test_a_word_that_left_the_vocabulary_since_the_check_stops_its_batch(self):
        shape = self.env["jewelry.shape"].create({"name": "Testcut", "code": "testcut"})
        job = self._check("number,carat,shape\nD-1,0.5,Round\nD-2,0.5,Testcut\n", batch_size=1)
        shape.unlink()
        self._work(job)
        self.assertEqual((job.state, job.row_done), ("failed", 1))
        self.assertIn("Shape in line 3: “Testcut” is not in the vocabulary", self._messages(job)[0])

    # === STOPPED, CORRECTED, GOING ON === #

    def _stop_at_second(self):
        """Return an import of which one row is in stock and the second one cannot be."""
        job = self._check("number,carat,cost\nD-1,0.5,10\nD-2,0.6,20\nD-3,0.7,30\n", batch_size=1)
        self._create_piece(name="D-2")
        with mute_logger("odoo.sql_db"):
            self._work(job)
        self.assertEqual((job.state, job.row_done), ("failed", 1))
        return job

    def test_a_stopped_import_goes_on_with_a_corrected_file(self):
        job = self._stop_at_second()
        job.file = self._prepare_file("number,carat,cost\nD-1,0.50,10.0\nD-2b,0.6,25\nD-3,0.7,30\n")
        self.assertEqual(job.state, "mapped")
        job.action_check()
        self.assertEqual((job.state, job.error_count, job.cost_total), ("checked", 0, 65))
        self._work(job)
        self.assertEqual((job.state, job.row_done, job.error_count), ("done", 3, 0))
        lots = self._get_lots("D-1", "D-2b", "D-3")
        self.assertEqual(lots.mapped("standard_price"), [10, 25, 30])
        self.assertEqual((job.cost_done, job.cost_booked, job.is_tied_out), (65, 65, True))

    def test_a_corrected_workbook_may_replace_the_csv(self):
        job = self._stop_at_second()
        job.file = base64.b64encode(
            self._make_workbook(
                ["number", "carat", "cost"], ["D-1", 0.5, 10], ["D-2b", 0.6, 20], ["D-3", 0.7, 30]
            )
        )
        job.action_check()
        self._work(job)
        self.assertEqual((job.state, job.row_done, job.is_tied_out), ("done", 3, True))

    def test_a_corrected_file_that_changes_what_is_in_stock_is_refused(self):
        job = self._stop_at_second()
        for rows in ("D-1,0.5,11\nD-2b,0.6,20\n", "D-2b,0.6,20\nD-1,0.5,10\n", ""):
            job.file = self._prepare_file(f"number,carat,cost\n{rows}")
            with self.assertRaisesRegex(UserError, "first 1 rows are in stock already"):
                job.action_check()
            self.assertEqual((job.state, job.row_done), ("mapped", 1))

    def test_how_the_rows_in_stock_were_read_stays(self):
        job = self._stop_at_second()
        for change in (
            lambda: job.write({"place_id": self.safe.id}),
            lambda: job.write({"origin": "unknown"}),
            lambda: job.column_ids[2].write({"factor": 2}),
        ):
            with self.assertRaisesRegex(UserError, "Rows of this file are already in stock"):
                change()

    def test_stopping_by_hand_ends_it_after_the_batch(self):
        job = self._check("number,carat\nD-1,0.5\nD-2,0.6\n", batch_size=1)
        job.action_import()
        keep = type(job)._keep_batch

        def stop(this, count):
            job.action_cancel()
            job.flush_recordset()
            return keep(this, count)

        self.patch(type(job), "_keep_batch", stop)
        self._run_cron()
        self.assertEqual((job.state, job.row_done), ("cancelled", 1))
        self.assertFalse(self._get_lots("D-2"))

    # === VALUE === #

    def test_file_stock_and_opening_account_tell_the_same_value(self):
        account = self._open_books()
        job = self._check(
            "number,carat,cost\nD-1,0.5,100.10\nD-2,0.6,200.20\nD-3,0.7,0.05\n",
            category_id=self.category_auto.id,
            shape_id=self.env.ref("jewelry_inventory.shape_oval").id,
            batch_size=2,
        )
        self._work(job)
        self.assertEqual(job.state, "done")
        self.assertEqual((job.cost_total, job.cost_done, job.cost_booked), (300.35,) * 3)
        self.assertAlmostEqual(job.cost_posted, 300.35, 2)
        self.assertAlmostEqual(self._ledger(account), -300.35, 2)
        self.assertTrue(job.is_tied_out)
        self.assertEqual(len(job.move_ids), 2, "one move for each batch of the style")

    def test_nobody_begins_with_a_checked_file_in_the_context(self):
        jobs = self.env["jewelry.import"].with_user(self._create_user("keeper"))
        values = {"file": self._prepare_file("number,carat\n"), "place_id": self.stock_location.id}
        job = jobs.with_context(default_state="checked", default_row_done=7).create(values)
        self.assertEqual((job.state, job.row_done), ("draft", 0))

    def test_costs_of_half_a_cent_tie_out(self):
        job = self._check("number,carat,cost\nH-1,1,10.125\nH-2,1,0.005\nH-3,1,7.004\n")
        self._work(job)
        self.assertEqual(job.state, "done", self._messages(job))
        self.assertEqual(job.cost_total, 17.14)
        self.assertEqual(sum(self._get_lots("H-1", "H-2", "H-3").mapped("standard_price")), 17.14)
        self.assertTrue(job.is_tied_out)

    def test_periodic_valuation_posts_at_the_closing_and_ties_out_all_the_same(self):
        self._open_books()
        job = self._check("number,carat,cost\nD-1,0.5,100\n")
        self._work(job)
        self.assertEqual((job.cost_booked, job.cost_posted, job.is_tied_out), (100, 0, True))

    def test_a_value_that_is_not_the_files_is_told(self):
        job = self._check("number,carat,cost\nD-1,0.5,100\n")
        self._work(job)
        job.move_ids.value = 99
        job.invalidate_recordset()
        self.assertFalse(job.is_tied_out)

    # === THE LIST OF ERRORS === #

    def test_the_list_of_errors_can_be_downloaded(self):
        job = self._check("number,carat,color\nD-1,-1,=1+1\nD-2,1,E\n")
        action = job.action_download_errors()
        self.assertIn(f"/web/content/jewelry.import/{job.id}/error_file/", action["url"])
        job.filename = "50% off? #2.csv"
        self.assertIn(
            "50%25%20off%3F%20%232.csv?download=true", job.action_download_errors()["url"]
        )
        text = base64.b64decode(job.error_file).decode("utf-8-sig")
        header, *rows = csv.reader(text.splitlines())
        self.assertEqual(header, ["Row", "Column", "Severity", "Message"])
        self.assertEqual(
            [row[:3] for row in rows], [["2", "Carats", "Error"], ["2", "Colour", "Error"]]
        )

    def test_a_file_full_of_errors_lists_the_first_thousand_and_counts_all(self):
        job = self._check("number,carat\n" + "".join(f"D-{n},-1\n" for n in range(1200)))
        self.assertEqual((job.error_count, len(job.error_ids)), (1200, 1000))

    def test_messages_are_in_the_language_of_who_checks(self):
        self.env["res.lang"]._activate_lang("de_DE")
        words = {
            "Carats": "Karat",
            "“%(cell)s” is not between %(low)s and %(high)s.": "„%(cell)s“ liegt daneben.",
        }
        with patch.dict(
            code_translations.python_translations, {("jewelry_inventory", "de_DE"): words}
        ):
            job = self._create_import("Nummer,Karat\nD-1,-1\n").with_context(lang="de_DE")
            job.action_read()
            self.assertEqual(job.column_ids.mapped("target"), [False, "carat"])
            job.action_check()
        self.assertEqual(job.error_ids.column, "Karat")
        self.assertEqual(job.error_ids.message, "„-1“ liegt daneben.")
