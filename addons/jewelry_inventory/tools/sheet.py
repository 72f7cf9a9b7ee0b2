"""A workbook with one sheet: a heading, a row of labels, and rows of what they say."""

from io import BytesIO

import xlsxwriter

WIDTH = 18
MONEY = "#,##0.00"


def write_sheet(title, labels, rows, totals=()):
    """Return the XLSX of a table.

    Text stays text: what begins with = is no formula.

    :param str title: name of the sheet, and its first row
    :param labels: heading of each column
    :param rows: sequences of values; numbers are shown with two decimals, counts as they are
    :param totals: last row, in bold
    :rtype: bytes
    """
    output = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(output, options)
    bold = book.add_format({"bold": True})
    money, sums = (book.add_format({"num_format": MONEY, "bold": on}) for on in (False, True))
    sheet = book.add_worksheet(title[:31])
    sheet.set_column(0, max(len(labels) - 1, 0), WIDTH)
    sheet.write(0, 0, title, bold)
    sheet.write_row(2, 0, labels, bold)
    sheet.freeze_panes(3, 0)
    for index, row in enumerate(rows, 3):
        _write_row(sheet, index, row, None, money)
    _write_row(sheet, 3 + len(rows), totals, bold, sums)
    book.close()
    return output.getvalue()


def _write_row(sheet, index, row, text, money):
    for column, value in enumerate(row):
        sheet.write(index, column, value, money if isinstance(value, float) else text)
