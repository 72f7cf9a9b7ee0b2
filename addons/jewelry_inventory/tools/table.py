"""Reading tables that people send: CSV and XLSX, row by row, without trusting them; writing some.

Pure functions. A file is read as a stream: beside its own bytes, its size decides nothing.
"""

import codecs
import csv
import io
import re
import zipfile
import zlib
from decimal import Decimal, InvalidOperation

import openpyxl

# A workbook of real data compresses about 10:1; far beyond is a bomb.
MAX_EXPANSION = 200
MAX_EXPANDED_BYTES = 500 * 1024 * 1024
DOCUMENT_TYPE = b"<!DOCTYPE"
ENCODINGS = ("utf-8-sig", "cp1252")
# How Excel saves what it calls Unicode text; only the mark at the beginning tells.
MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
CHUNK_BYTES = 1024 * 1024
DELIMITERS = ",;\t|"
SNIFF_BYTES = 64 * 1024
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
# Sizes of sieves begin like formulas, and hold nothing but numbers: +2 -6.5.
SIEVE = re.compile(r"[+-][\d.,/+\- ]+(mm)?")


class TableError(ValueError):
    """The file or cell cannot be used; `code` says why, `values` what to name."""

    def __init__(self, code, **values):
        super().__init__(code)
        self.code = code
        self.values = values


def read_rows(content, filename, max_bytes):
    """Return an iterator over the rows of a table, the header first.

    :param bytes content: the file
    :param str filename: its name; the ending decides nothing, a workbook is known by its content
    :param int max_bytes: refuse larger files
    :return: iterator of lists of str
    :raises TableError: `too_large`, `empty`, `bomb`, `unreadable`
    """
    if len(content) > max_bytes:
        raise TableError("too_large", size=len(content), limit=max_bytes)
    if not content.strip():
        raise TableError("empty")
    if content[:2] == b"PK":
        return _read_workbook(content)
    return _read_csv(content)


def _read_csv(content):
    encoding = _find_encoding(content)
    start = content[:SNIFF_BYTES].decode(encoding, "ignore")
    if "\0" in start:
        raise TableError("unreadable")
    lines = io.TextIOWrapper(io.BytesIO(content), encoding, newline="")
    return _guard(csv.reader(lines, delimiter=sniff_delimiter(start)), (csv.Error, UnicodeError))


def _find_encoding(content):
    """Return the first encoding that the whole content can be read in."""
    for encoding in [MARKS[content[:2]]] if content[:2] in MARKS else ENCODINGS:
        if _is_encoded(content, encoding):
            return encoding
    raise TableError("unreadable")


def _is_encoded(content, encoding):
    decoder = codecs.getincrementaldecoder(encoding)()
    view = memoryview(content)
    try:
        for start in range(0, len(view), CHUNK_BYTES):
            decoder.decode(view[start : start + CHUNK_BYTES])
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def sniff_delimiter(text):
    """Return the delimiter that splits the first line most often; a comma when none does."""
    header = text[:SNIFF_BYTES].split("\n", 1)[0]
    return max(DELIMITERS, key=lambda mark: (header.count(mark), mark == ","))


def _read_workbook(content):
    _refuse_bomb(content)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False)
    except Exception as error:  # openpyxl raises whatever its parsers do
        raise TableError("unreadable") from error
    rows = (
        [_to_text(cell) for cell in row] for row in book.worksheets[0].iter_rows(values_only=True)
    )
    return _guard(rows, Exception)


def _refuse_bomb(content):
    """Refuse a workbook that unpacks to too much, by its archive or by entities of its own."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        expanded = sum(info.file_size for info in archive.infolist())
        if expanded > MAX_EXPANDED_BYTES or expanded > len(content) * MAX_EXPANSION:
            raise TableError("bomb", size=expanded)
        if any(_declares_types(archive, name) for name in archive.namelist()):
            raise TableError("bomb", size=expanded)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise TableError("unreadable") from error


def _declares_types(archive, name):
    """Tell whether a part has a document type: no workbook does, but where entities explode."""
    rest = b""
    with archive.open(name) as part:
        while chunk := part.read(CHUNK_BYTES):
            # In whatever encoding of two bytes it is written.
            rest = rest[-len(DOCUMENT_TYPE) :] + chunk.replace(b"\0", b"")
            if DOCUMENT_TYPE in rest:
                return True
    return False


def _guard(rows, errors):
    try:
        yield from rows
    except errors as error:
        raise TableError("unreadable") from error


def _to_text(cell):
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def parse_text(cell):
    """Return a cell as text.

    :raises TableError: `formula` for what a spreadsheet would execute
    """
    text = cell.strip()
    if text.startswith(FORMULA_STARTS) and len(text) > 1:
        raise TableError("formula", cell=text[:40])
    return text


def parse_size(cell):
    """Return a size as text: ``1.1 to 1.3 mm``, or ``+2 -6.5`` for what falls between two sieves.

    :raises TableError: `formula` for what a spreadsheet would execute
    """
    text = cell.strip()
    return text if SIEVE.fullmatch(text) else parse_text(cell)


def parse_number(cell, unit=""):
    """Return a cell as a Decimal, or None where it is empty.

    Reads decimal commas, thousands separators and a unit behind the number.

    :param str cell: such as ``1,234.5``, ``1.234,5`` or ``0.52 ct``
    :param str unit: unit that may stand behind the number
    :raises TableError: `number` for anything else, `unit` for another unit
    """
    text = cell.strip().replace("\u00a0", " ")
    if not text:
        return None
    number, suffix = _split_unit(text)
    try:
        value = Decimal(_normalise(number))
    except InvalidOperation as error:
        raise TableError("number", cell=text[:40]) from error
    if suffix and suffix.casefold() != unit.casefold():
        raise TableError("unit", cell=text[:40], unit=unit)
    return value


def _split_unit(text):
    number = text.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ%$€£")
    return number.strip().replace(" ", ""), text[len(number) :]


def _normalise(number):
    """Turn ``1.234,5`` and ``1,234.5`` into ``1234.5``; the last mark is the decimal one."""
    comma, point = number.rfind(","), number.rfind(".")
    if comma < 0:
        return number
    if point > comma:
        return number.replace(",", "")
    if point >= 0 or number.count(",") == 1:
        return number.replace(".", "").replace(",", ".")
    return number.replace(",", "")


def write_csv(rows):
    """Return a table as CSV that spreadsheets open as it is, and of which they execute nothing.

    :param rows: iterable of rows of cells
    :rtype: bytes
    """
    file = io.StringIO(newline="")
    csv.writer(file).writerows([_to_safe(cell) for cell in row] for row in rows)
    return codecs.BOM_UTF8 + file.getvalue().encode()


def _to_safe(cell):
    text = _to_text(cell or "")
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
