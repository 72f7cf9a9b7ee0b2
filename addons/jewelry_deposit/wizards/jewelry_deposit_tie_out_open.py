from base64 import b64encode

from odoo import api, fields, models
from odoo.tools import format_date, format_datetime

from odoo.addons.jewelry_inventory.tools.sheet import write_sheet

COLUMNS = (
    "account_id",
    "kind_names",
    "deposit_count",
    "amount_documents",
    "amount_ledger",
    "difference",
    "amount_pending",
    "amount_left_over",
    "item_count",
)


class JewelryDepositTieOutOpen(models.TransientModel):
    """Ask for the day on which deposits are tied out, and how it is to be shown."""

    _name = "jewelry.deposit.tie.out.open"
    _description = "Day of a Tie-Out of Deposits"

    date = fields.Date(required=True, default=fields.Date.context_today)
    file = fields.Binary(readonly=True, attachment=False)
    file_name = fields.Char(compute="_compute_file_name")

    # === COMPUTE METHODS === #

    @api.depends("date")
    def _compute_file_name(self):
        for wizard in self:
            wizard.file_name = f"deposits-{wizard.date}.xlsx"

    # === ACTION METHODS === #

    def action_open(self):
        """Open the tie-out on that day.

        :return: window action
        :rtype: dict
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jewelry_deposit.jewelry_deposit_tie_out_action"
        )
        return action | {
            "context": {"deposit_date": fields.Date.to_string(self.date)},
            "display_name": self._get_title(),
        }

    def action_print(self):
        """Print the tie-out, to be signed by whoever has looked at it.

        :return: report action
        :rtype: dict
        """
        self.ensure_one()
        return self.env.ref("jewelry_deposit.jewelry_deposit_tie_out_action_report").report_action(
            self
        )

    def action_download(self):
        """Download the tie-out as a spreadsheet.

        :return: the address of the file
        :rtype: dict
        """
        self.ensure_one()
        self.file = b64encode(self._make_sheet())
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/file?download=true"
            "&filename_field=file_name",
            "target": "self",
        }

    # === BUSINESS METHODS === #

    def _get_title(self):
        return self.env._("Deposits and Ledger on %(date)s", date=format_date(self.env, self.date))

    def _get_rows(self):
        """Return the rows of the tie-out on that day."""
        rows = self.env["jewelry.deposit.tie.out"].with_context(deposit_date=self.date)
        return rows.search([("company_id", "in", self.env.companies.ids)])

    def _get_note(self):
        """Return who has looked at it, and when."""
        return self.env._(
            "Looked at by %(user)s on %(time)s",
            user=self.env.user.name,
            time=format_datetime(self.env, fields.Datetime.now()),
        )

    def _make_sheet(self):
        rows = self._get_rows()
        labels = [rows._fields[name]._description_string(self.env) for name in COLUMNS]
        table = [[self._get_cell(row, name) for name in COLUMNS] for row in rows]
        totals = [
            sum(rows.mapped(name)) if rows._fields[name].type in ("integer", "monetary") else ""
            for name in COLUMNS
        ]
        return write_sheet(f"{self._get_title()}. {self._get_note()}", labels, table, totals)

    def _get_cell(self, row, name):
        value = row[name]
        return value.display_name if isinstance(value, models.BaseModel) else value
