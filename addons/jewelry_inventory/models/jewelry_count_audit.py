import io

import xlsxwriter

from odoo import fields, models
from odoo.tools import format_datetime

WIDTHS = 18
# What is in each sheet, as far as the user may read it.
COUNT_FIELDS = (
    "name",
    "kind",
    "state",
    "company_id",
    "place_ids",
    "start_date",
    "close_date",
    "done_date",
    "done_by_id",
    "expected_quantity",
    "found_quantity",
    "difference_count",
    "missing_value",
    "missing_cost",
)
PART_FIELDS = ("user_id", "initials", "join_date", "scan_date", "scan_count", "close_date")
SCAN_FIELDS = (
    "scan_date",
    "create_date",
    "user_id",
    "place_id",
    "code",
    "lot_id",
    "quantity",
    "stone_count",
    "undo_date",
    "is_late",
    "is_undo_late",
    "is_foreign",
    "uuid",
)
LINE_FIELDS = (
    "kind",
    "lot_id",
    "product_id",
    "place_id",
    "found_place_id",
    "user_id",
    "expected_quantity",
    "found_quantity",
    "retail_value",
    "cost_value",
    "reason",
    "note",
    "is_applied",
)


class JewelryCountAudit(models.AbstractModel):
    """The file of a count for whoever audits it: who, when, each scan, each line."""

    _name = "jewelry.count.audit"
    _description = "Audit File of a Count"

    # === ACTION METHODS === #

    def action_download_audit(self):
        """Download the audit file."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/jewelry/count/{self.id}/audit",
            "target": "self",
        }

    # === BUSINESS METHODS === #

    def _get_audit_file(self):
        """Return the audit file, XLSX, with what the user may see.

        :rtype: bytes
        """
        self.check_access("read")
        file = io.BytesIO()
        with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
            for name, rows in self._get_audit_sheets().items():
                self._write_sheet(book, name, rows)
        return file.getvalue()

    def _write_sheet(self, book, name, rows):
        sheet, bold = book.add_worksheet(name[:31]), book.add_format({"bold": True})
        sheet.set_column(0, max(map(len, rows)) - 1, WIDTHS)
        for place, row in enumerate(rows):
            for column, value in enumerate(row):
                # As text, whatever it looks like: a code is not a formula.
                write = sheet.write_string if isinstance(value, str) else sheet.write
                write(place, column, value, None if place else bold)

    def _get_audit_sheets(self):
        """Hook: return the sheets of the file, each a list of rows, the first with the titles."""
        scans = self.scan_ids.sorted("id")
        return {
            self.env._("Count"): self._get_audit_facts(),
            self.env._("People"): self._get_audit_rows(self.part_ids, PART_FIELDS),
            self.env._("Scans"): self._get_audit_rows(scans, SCAN_FIELDS),
            self.env._("Lines"): self._get_audit_rows(self.line_ids, LINE_FIELDS),
        }

    def _get_audit_facts(self):
        titles, values = self._get_audit_rows(self, COUNT_FIELDS)
        return [[title, value] for title, value in zip(titles, values, strict=True)]

    def _get_audit_rows(self, records, names):
        """Return titles and values of the fields that the user may read, as text or number."""
        model = records.browse()
        readable = [name for name in names if model._has_field_access(model._fields[name], "read")]
        titles = [model._fields[name]._description_string(self.env) for name in readable]
        return [titles] + [
            [self._get_audit_value(record, name) for name in readable] for record in records
        ]

    def _get_audit_value(self, record, name):
        field, value = record._fields[name], record[name]
        if field.type in ("integer", "float", "monetary"):
            return value
        if field.type == "boolean":
            return self.env._("yes") if value else ""
        if field.type == "datetime":
            return (
                format_datetime(self.env, value, dt_format="yyyy-MM-dd HH:mm:ss") if value else ""
            )
        if field.relational:
            return ", ".join(value.mapped("display_name"))
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, "")
        return value or ""

    def _get_audit_name(self):
        return f"{self.name} {fields.Date.to_string(self.start_date or self.create_date)}.xlsx"
