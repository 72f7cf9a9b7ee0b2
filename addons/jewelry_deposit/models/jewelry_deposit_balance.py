from odoo import fields, models
from odoo.tools import SQL


class JewelryDepositBalance(models.Model):
    """What each deposit was owed on each account on the day in the context; a read-only query."""

    _name = "jewelry.deposit.balance"
    _inherit = "jewelry.deposit.dated.mixin"
    _description = "Deposit on a Day"
    _auto = False
    _order = "date, id"
    _rec_name = "deposit_id"

    deposit_id = fields.Many2one(comodel_name="jewelry.deposit", readonly=True)
    kind_id = fields.Many2one(comodel_name="jewelry.deposit.kind", readonly=True)
    partner_id = fields.Many2one(comodel_name="res.partner", string="Customer", readonly=True)
    order_id = fields.Many2one(comodel_name="sale.order", readonly=True)
    account_id = fields.Many2one(comodel_name="account.account", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    date = fields.Date(string="Last Change", readonly=True)
    currency_id = fields.Many2one(
        comodel_name="res.currency", string="Currency of the Deposit", readonly=True
    )
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    amount_held = fields.Monetary(
        string="Held", readonly=True, help="With tax, in the currency of the deposit."
    )
    amount_owed = fields.Monetary(
        string="Owed by the Account",
        readonly=True,
        currency_field="company_currency_id",
        help="What the general ledger owes for it: without the tax that was paid on receipt.",
    )

    # === QUERY === #

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT item.id, item.deposit_id, deposit.kind_id, deposit.partner_id, deposit.order_id,
                   item.account_id, item.company_id, item.date, deposit.currency_id,
                   item.held AS amount_held, item.owed AS amount_owed
              FROM (%s) AS item
              JOIN jewelry_deposit deposit ON deposit.id = item.deposit_id
             WHERE item.owed <> 0
            """,
            self._get_item_query(SQL("MIN(line.id) AS id"), SQL("MAX(line.date) AS date")),
        )

    # === ACTION METHODS === #

    def action_open_deposit(self):
        """Open the deposit.

        :return: window action
        :rtype: dict
        """
        self.ensure_one()
        return self.deposit_id._get_records_action()
