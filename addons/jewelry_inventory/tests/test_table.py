import io
import zipfile
from decimal import Decimal

import openpyxl
from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.table import (
    TableError,
    parse_number,
    parse_size,
    parse_text,
    read_rows,
    write_csv,
)

LIMIT = 10**6


@tagged("post_install", "-at_install")
class TestTable(BaseCase):
    def _assert_refused(self, code, content, limit=LIMIT):
        with self.assertRaises(TableError) as caught:
            list(read_rows(content, "stones.csv", limit))
        self.assertEqual(caught.exception.code, code)

    def _make_workbook(self, *rows):
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        file = io.BytesIO()
        book.save(file)
        return file.getvalue()

    def test_a_csv_is_read_whatever_its_delimiter_and_encoding(self):
        for content in (
            b"carat,cut\n0.23,Ideal\n",
            b"carat;cut\n0.23;Ideal\n",
            b"carat\tcut\r\n0.23\tIdeal\r\n",
            "\ufeffcarat,cut\n0.23,Ideal\n".encode(),
        ):
            rows = list(read_rows(content, "stones.csv", LIMIT))
            self.assertEqual(rows, [["carat", "cut"], ["0.23", "Ideal"]])
        self.assertEqual(
            list(read_rows("Schliff\nGröße\n".encode("cp1252"), "a.csv", LIMIT))[1], ["Größe"]
        )

    def test_a_workbook_is_read_like_a_csv(self):
        content = self._make_workbook(
            ["carat", "cut", "n"], [0.23, "Ideal", 3], [None, "Good", 4.0]
        )
        self.assertEqual(
            list(read_rows(content, "stones.xlsx", LIMIT)),
            [["carat", "cut", "n"], ["0.23", "Ideal", "3"], ["", "Good", "4"]],
        )

    def test_files_that_cannot_be_used_are_refused_with_a_code(self):
        self._assert_refused("too_large", b"a" * 11, limit=10)
        self._assert_refused("empty", b" \n ")
        self._assert_refused("unreadable", b"PK\x03\x04 not a zip")
        self._assert_refused("unreadable", b"a,b\n\x00\x01\x02")
        self._assert_refused("unreadable", b"PK" + bytes(100))

    def test_a_zip_bomb_is_refused_before_it_is_opened(self):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bomb:
            bomb.writestr("xl/workbook.xml", b"0" * 10**7)
        self._assert_refused("bomb", file.getvalue())

    def test_a_zip_that_is_no_workbook_is_refused(self):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("hello.txt", "hello")
        self._assert_refused("unreadable", file.getvalue())

    def test_formulas_are_refused_as_text(self):
        for cell in ("=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3"):
            with self.assertRaises(TableError) as caught:
                parse_text(cell)
            self.assertEqual(caught.exception.code, "formula")
        self.assertEqual(parse_text(" SI2 "), "SI2")
        self.assertEqual(parse_text("-"), "-")

    def test_sizes_of_sieves_are_no_formulas(self):
        for cell in ("+2 -6.5", "-0.5", "+000-2", "1.1 to 1.3 mm", "-6.5 mm"):
            self.assertEqual(parse_size(f" {cell} "), cell)
        for cell in ("+cmd|' /C calc'!A0", "=1+1", "-SUM(A1)", "@A1"):
            with self.assertRaises(TableError) as caught:
                parse_size(cell)
            self.assertEqual(caught.exception.code, "formula")

    def test_what_is_written_opens_as_it_is_and_executes_nothing(self):
        content = write_csv([["Größe", 1, 0.5, None], ["=1+1", "-x", "a,b", "+1"]])
        self.assertEqual(
            list(read_rows(content, "x.csv", LIMIT)),
            [["Größe", "1", "0.5", ""], ["'=1+1", "'-x", "a,b", "'+1"]],
        )

    def test_unicode_text_of_excel_is_read_and_half_a_character_is_not(self):
        content = "carat\tcut\n1\tGröße\n".encode("utf-16")
        self.assertEqual(list(read_rows(content, "x.txt", LIMIT))[1], ["1", "Größe"])
        self._assert_refused("unreadable", content[:-1])

    def test_numbers_are_read_as_people_write_them(self):
        for cell, value in (
            ("0.52", "0.52"),
            ("0,52", "0.52"),
            ("1,234.5", "1234.5"),
            ("1.234,5", "1234.5"),
            ("1,234,567", "1234567"),
            ("0.52 ct", "0.52"),
            ("0.52CT", "0.52"),
            ("-3", "-3"),
            ("1\u00a0200", "1200"),
        ):
            self.assertEqual(parse_number(cell, "ct"), Decimal(value), cell)
        self.assertIsNone(parse_number("  "))

    def test_what_is_no_number_says_so(self):
        for cell, code in (
            ("abc", "number"),
            ("1.2.3", "number"),
            ("NaN", "number"),
            ("Infinity", "number"),
            ("0.5 g", "unit"),
            ("=1", "number"),
        ):
            with self.assertRaises(TableError) as caught:
                parse_number(cell, "ct")
            self.assertEqual(caught.exception.code, code, cell)

    @given(st.decimals(min_value=-(10**9), max_value=10**9, places=3, allow_nan=False))
    def test_every_number_survives_both_ways_of_writing(self, number):
        english = f"{number:,.3f}"
        german = english.replace(",", " ").replace(".", ",").replace(" ", ".")
        self.assertEqual(parse_number(english), number)
        self.assertEqual(parse_number(german), number)

    @given(st.binary(max_size=300))
    def test_any_bytes_are_read_or_refused(self, content):
        try:
            list(read_rows(content, "x", LIMIT))
        except TableError as error:
            self.assertIn(error.code, ("too_large", "empty", "bomb", "unreadable"))
