import gc
import http.client
import io
import json
import re
import time
import tracemalloc
import zipfile
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import urlsplit

from odoo.exceptions import UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import ROLES
from .import_common import ImportCommon

MEGABYTE = 1024 * 1024


@tagged("post_install", "-at_install")
class TestImportFault(ImportCommon):
    """Files as people send them: each fault has a clear message, and nothing is half written."""

    def _assert_listed(self, content, *parts, kind="stone", **values):
        """Check a file and expect these messages, one for each problem, and no new piece."""
        before = self.env["stock.lot"].search_count([])
        job = self._check(content, kind, **values)
        messages = self._messages(job)
        self.assertEqual(len(messages), len(parts), messages)
        for message, part in zip(messages, parts, strict=True):
            self.assertIn(part, message)
        self.assertEqual(job.state, "mapped")
        with self.assertRaisesRegex(UserError, "Check the file first"):
            job.action_import()
        self.assertEqual(self.env["stock.lot"].search_count([]), before)

    def _assert_refused(self, content, message, **values):
        with self.assertRaisesRegex(UserError, message):
            self._check(content, **values)

    # === ROWS === #

    def test_weights_that_are_negative_or_impossible_are_listed(self):
        self._assert_listed(
            "carat\n-1\n0\n0.0004\n10001\n1e400\nNaN\n",
            *["not between 0.001 and 10000"] * 5,
            "not a number",
        )

    def test_a_piece_whose_parts_leave_no_metal_is_listed(self):
        self._assert_listed(
            "style,gross,other,net\nBand,3,3,\nBand,3,4,\nBand,3,1,2.5\nBand,-3,,\n",
            "nothing for the metal",
            "nothing for the metal",
            "The parts weigh 3.5 g and the whole piece 3 g",
            "not between 0",
            kind="piece",
        )

    def test_units_of_another_kind_are_listed_and_factors_convert(self):
        self._assert_listed("carat,x\n0.5 g,5\n0.5,5 in\n", "is not in ct", "is not in mm")
        job = self._create_import("number,carat\nF-1,52\n")
        job.column_ids[1].factor = 0.01
        job.action_check()
        self._work(job)
        self.assertEqual(self._get_lots("F-1").carat_weight, 0.52)

    def test_a_range_is_of_what_the_factor_makes(self):
        job = self._create_import("carat\n10000\n")
        job.column_ids.factor = 2
        job.action_check()
        self.assertIn("20000", self._messages(job)[0])

    def test_formulas_are_listed(self):
        self._assert_listed(
            "number,carat,inscription\n=1+1,0.5,\nA,=2*3,\nB,0.5,\"=cmd|' /C calc'!A0\"\n",
            "looks like a formula",
            "not a number",
            "looks like a formula",
        )

    def test_a_formula_in_a_workbook_is_listed(self):
        content = self._make_workbook(["number", "carat"], ["=1+1", 0.5], ["A", "=B2"])
        self._assert_listed(content, "looks like a formula", "not a number")

    def test_numbers_twice_in_the_file_or_in_the_store_are_listed(self):
        self._create_piece(name="F-1")
        self._assert_listed(
            "number,carat\nF-1,1\nF-2,1\nF-2,1\n",
            "The store has a piece F-1 already",
            "Number F-2 is on line 3 already",
        )

    def test_reports_twice_in_the_file_or_in_the_store_are_listed(self):
        laboratory = self.env["jewelry.laboratory"].search([("code", "=ilike", "gia")], limit=1)
        piece = self._create_piece()
        self.env["jewelry.grading.report"].create(
            {"number": "1", "laboratory_id": laboratory.id, "piece_id": piece.id}
        )
        self._assert_listed(
            "carat,report,lab\n1,1,GIA\n1,2,GIA\n1,2,GIA\n1,3,\n",
            "The store has a report 1 already",
            "Number 2 is on line 3 already",
            "Enter the laboratory that wrote report 3",
        )

    def test_words_outside_the_vocabulary_are_named(self):
        self._assert_listed(
            "style,alloy,gross\nBand,Unobtainium,3\n", "“Unobtainium” is not", kind="piece"
        )

    # === COLUMNS === #

    def test_columns_that_are_repeated_are_told(self):
        job = self._create_import("carat,color,carat\n1,E,2\n")
        self.assertEqual(job.column_ids.mapped("target"), ["carat", "color", False])
        job.column_ids[2].target = "carat"
        with self.assertRaisesRegex(UserError, "More than one column is Carats"):
            job.action_check()

    def test_a_meaning_that_the_content_has_not_is_told(self):
        job = self._create_import("carat,metal\n1,2\n")
        self.assertNotIn("alloy", job.column_ids[0].fitting_targets)
        job.column_ids[1].target = "alloy"
        with self.assertRaisesRegex(UserError, "has no Alloy"):
            job.action_check()

    # === FILES === #

    def test_empty_files_are_told(self):
        self._assert_refused("", "The file is empty")
        self._assert_refused(" \n", "The file is empty")
        self._assert_refused("carat,color\n", "has a header but no rows")
        self._assert_refused(self._make_workbook(["carat", "color"]), "has a header but no rows")

    def test_encodings_and_separators_of_other_countries_are_read(self):
        text = "number;carat;cost;inscription\nF-1;0,52;1.234,50;Schön\n"
        for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16"):
            job = self._check(text.encode(encoding))
            self.assertEqual((job.state, job.cost_total), ("checked", 1234.5), encoding)
            row = next(job._read_values())
            self.assertEqual(row.values["inscription"], "Schön")

    def test_what_is_no_table_is_told(self):
        for content in (b"\x89PNG\r\n\x1a\n" + bytes(50), b"PK\x03\x04", b"\xff\xfeabc"):
            self._assert_refused(content, "neither CSV nor XLSX")

    def test_a_zip_bomb_is_told(self):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bomb:
            bomb.writestr("xl/worksheets/sheet1.xml", b"0" * 10**7)
        self._assert_refused(file.getvalue(), "far larger inside")

    def test_a_workbook_whose_entities_explode_is_told(self):
        content = self._make_workbook(["carat"], ["x"])
        lol = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
        evil = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "lol">{lol}]>'
        file = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as book, zipfile.ZipFile(file, "w") as other:
            for name in book.namelist():
                data = book.read(name).decode()
                if name.endswith("sheet1.xml"):
                    data = evil + re.sub(r"^<\?xml.*?\?>", "", data).replace(
                        "</sheetData>",
                        '<row r="3"><c r="A3" t="inlineStr"><is><t>&a9;</t></is></c></row>'
                        "</sheetData>",
                    )
                other.writestr(name, data)
        tracemalloc.start()
        try:
            self._assert_refused(file.getvalue(), "far larger inside")
        finally:
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        self.assertLess(peak, 50 * MEGABYTE)

    def test_a_file_above_the_limit_is_refused_before_it_is_read(self):
        job = self._create_import("carat\n1\n")
        attachment = job._get_attachment()
        attachment.raw = b"carat\n" + b"1\n" * (30 * MEGABYTE)
        self.env.invalidate_all()
        tracemalloc.start()
        try:
            with self.assertRaisesRegex(UserError, "too large"):
                job.action_check()
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        self.assertLess(peak, MEGABYTE)

    def test_a_file_of_the_largest_size_is_read_within_little_more_than_its_own(self):
        job = self._create_import("carat\n1\n")
        job._get_attachment().raw = b"carat\n" + b"1.00\n" * (8 * MEGABYTE)
        self.env.invalidate_all()
        tracemalloc.start()
        try:
            count = sum(1 for _row in zip(job._read_file(), range(10_000), strict=False))
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        self.assertEqual(count, 10_000)
        self.assertLess(peak, 100 * MEGABYTE)


@tagged("post_install", "-at_install")
class TestHugeUpload(HttpCase):
    """A file beyond what a server takes is refused at its door."""

    def _read_memory(self):
        """Return what the process has in memory, in bytes."""
        status = Path("/proc/self/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024

    def _wait_for_memory(self, limit):
        """Wait until the thread that answered has ended and its garbage is collected: an error
        and the request that it came from refer to each other.
        """
        deadline = time.monotonic() + 10
        while self._read_memory() > limit and time.monotonic() < deadline:
            time.sleep(0.1)
            gc.collect()
        self.assertLess(self._read_memory(), limit)

    def _send(self, path, kind, body):
        """Send a body, an iterable of blocks, as it comes; return status and text."""
        with self.allow_requests():
            connection = self._begin(path, kind, sum(map(len, body)))
            # The server may answer and hang up, long before the end.
            with suppress(OSError):
                for block in body:
                    connection.send(block)
            response = connection.getresponse()
            with closing(connection):
                return response.status, response.read().decode()

    def _begin(self, path, kind, length):
        """Return a connection that has sent the head of a request."""
        address = urlsplit(self.base_url())
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=120)
        cookies = [f"{cookie.name}={cookie.value}" for cookie in self.opener.cookies]
        connection.putrequest("POST", path)
        connection.putheader("Content-Type", kind)
        connection.putheader("Content-Length", str(length))
        connection.putheader("Cookie", "; ".join(cookies))
        connection.endheaders()
        return connection

    def _log_in(self):
        new_test_user(self.env, login="huge_keeper", groups=ROLES["keeper"])
        self.authenticate("huge_keeper", "huge_keeper")

    def test_two_hundred_megabytes_in_a_form_are_refused_at_the_door(self):
        self._log_in()
        before = self._read_memory()
        head = (
            b'--x\r\nContent-Disposition: form-data; name="ufile"; filename="a.csv"\r\n'
            b"Content-Type: text/csv\r\n\r\n"
        )
        body = [head, *[b"0" * MEGABYTE] * 200, b"\r\n--x--\r\n"]
        status, text = self._send(
            "/web/binary/upload_attachment", "multipart/form-data; boundary=x", body
        )
        self.assertEqual(status, 413, text)
        self.assertLess(self._read_memory() - before, 50 * MEGABYTE)

    def test_a_saved_form_of_two_hundred_megabytes_is_refused_and_never_in_memory(self):
        self._log_in()
        before = self._read_memory()
        _status, text = self._send_saved(200)
        self.assertIn("413 Request Entity Too Large", text)
        self.assertLess(self._read_memory() - before, 50 * MEGABYTE)

    @mute_logger("odoo.http")
    def test_a_file_above_our_own_limit_says_so_stores_nothing_and_is_let_go(self):
        self._log_in()
        self._send_saved(1)
        before, jobs = self._read_memory(), self.env["jewelry.import"].search_count([])
        status, text = self._send_saved(80)
        self.assertEqual(status, 200)
        message = json.loads(text)["error"]["data"]["message"]
        self.assertIn("The file is too large. Split it into smaller files", message)
        self.assertEqual(self.env["jewelry.import"].search_count([]), jobs)
        self._wait_for_memory(before + 50 * MEGABYTE)

    def _send_saved(self, megabytes):
        """Save a new import with a file of this size, as the browser's form does."""
        vals = {"kind": "stone", "filename": "a.csv", "file": "FILE"}
        params = {"model": "jewelry.import", "method": "web_save", "args": [[], vals]}
        params["kwargs"] = {"specification": {"state": {}}}
        start, end = json.dumps({"params": params}).encode().split(b"FILE")
        body = [start, *[b"MDAw" * (MEGABYTE // 3)] * megabytes, end]
        return self._send("/web/dataset/call_kw/jewelry.import/web_save", "application/json", body)

    def test_the_browser_knows_the_limit_and_says_so_itself(self):
        self._log_in()
        self.env["ir.config_parameter"].set_param("web.max_file_upload_size", 60 * MEGABYTE)
        answer = self.url_open(
            "/web/session/get_session_info",
            data=json.dumps({"params": {}}),
            headers={"Content-Type": "application/json"},
        ).json()
        self.assertEqual(answer["result"]["max_file_upload_size"], 60 * MEGABYTE)
