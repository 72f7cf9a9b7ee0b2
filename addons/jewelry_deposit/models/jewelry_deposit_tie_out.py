from odoo import api, fields, models
from odoo.tools import SQL

# A row is one account of one company: its id is made of both.
COMPANY_STEP = 10_000_000


class JewelryDepositTieOut(models.Model):
    """For each account that holds deposits, what open deposits add up to and what the general
    ledger has, on the day in the context (`deposit_date`; today if none). A read-only query.

    The difference is what was posted to the account without a deposit, or for a deposit on an
    account that holds none. Money that registers took since is not in the ledger yet: it is shown
    beside, and is on neither side of the difference.
    """

    _name = "jewelry.deposit.tie.out"
    _inherit = "jewelry.deposit.dated.mixin"
    _description = "Tie-Out of Deposits"
    _auto = False
    _order = "company_id, account_id"

    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    account_id = fields.Many2one(comodel_name="account.account", readonly=True)
    kind_names = fields.Char(string="Kinds", compute="_compute_kind_names")
    deposit_count = fields.Integer(
        string="Open Deposits", readonly=True, help="Deposits that the account owes money for."
    )
    amount_documents = fields.Monetary(string="Deposits", readonly=True)
    amount_ledger = fields.Monetary(
        string="General Ledger", readonly=True, help="The credit balance of the account."
    )
    difference = fields.Monetary(
        readonly=True, help="Deposits less general ledger. Open what has no deposit and assign it."
    )
    item_count = fields.Integer(
        string="Without Deposit", readonly=True, help="Journal items that name no deposit."
    )
    amount_left_over = fields.Monetary(
        string="Left Over",
        readonly=True,
        help="Owed by the account for deposits whose money is used up: it should be nothing.",
    )
    amount_pending = fields.Monetary(
        string="In Open Registers",
        compute="_compute_amount_pending",
        help="Taken at registers whose session is not closed: not in the ledger yet.",
    )

    # === QUERY === #

    @property
    def _table_query(self):
        return SQL(
            """
            WITH tied AS (%(tied)s), item AS (%(items)s),
            total AS (
                SELECT company_id, account_id,
                       COUNT(*) FILTER (WHERE deposit_id IS NOT NULL AND owed <> 0)
                           AS deposit_count,
                       SUM(owed) FILTER (WHERE deposit_id IS NOT NULL) AS documents,
                       SUM(owed) AS ledger,
                       SUM(number) FILTER (WHERE deposit_id IS NULL) AS item_count,
                       SUM(owed) FILTER (WHERE deposit_id IS NOT NULL AND held = 0) AS left_over
                  FROM item GROUP BY company_id, account_id
            )
            SELECT tie.*, amount_documents - amount_ledger AS difference
              FROM (
                SELECT company_id * %(step)s::bigint + account_id AS id, company_id, account_id,
                       COALESCE(deposit_count, 0)::integer AS deposit_count,
                       COALESCE(documents, 0) AS amount_documents,
                       -- An account of no kind holds no deposits, whatever else is posted there.
                       CASE WHEN tied.is_tied THEN COALESCE(ledger, 0) ELSE 0 END AS amount_ledger,
                       COALESCE(item_count, 0)::integer AS item_count,
                       COALESCE(left_over, 0) AS amount_left_over
                  FROM tied FULL JOIN total USING (company_id, account_id)
              ) AS tie
            """,
            tied=self._get_tied_query(),
            items=self._get_item_query(SQL("COUNT(*) AS number")),
            step=COMPANY_STEP,
        )

    # === COMPUTE METHODS === #

    @api.depends("account_id", "company_id")
    def _compute_kind_names(self):
        # In sudo: a name is told to whoever may see the balance.
        kinds = self.env["jewelry.deposit.kind"].sudo().with_context(active_test=False)
        known = kinds.search(
            ["|", ("account_id", "in", self.account_id.ids), ("former_account_ids", "!=", False)]
        )
        for row in self:
            own = known.filtered(
                lambda kind, row=row: (
                    kind.company_id == row.company_id
                    and row.account_id in kind.account_id | kind.former_account_ids
                )
            )
            row.kind_names = ", ".join(own.mapped("name"))

    @api.depends_context("deposit_date")
    @api.depends("account_id", "company_id")
    def _compute_amount_pending(self):
        pending = self._get_pending_by_account(self._get_date())
        for row in self:
            row.amount_pending = pending.get((row.company_id.id, row.account_id.id), 0.0)

    @api.model
    def _get_pending_by_account(self, date):
        """Hook: what registers took, or gave back, up to a day and have not posted yet.

        :return: {(company id, account id): amount in the company's currency, without tax}
        """
        return {}

    # === ACTION METHODS === #

    def action_view_deposits(self):
        """Open the deposits that the account owes money for on that day.

        :return: window action
        :rtype: dict
        """
        return self._open_rows("jewelry_deposit.jewelry_deposit_balance_action", [])

    def action_view_items(self):
        """Open the journal items of the account up to that day.

        :return: window action
        :rtype: dict
        """
        return self._open_items([])

    def action_view_unassigned(self):
        """Open the journal items of the account that name no deposit.

        :return: window action
        :rtype: dict
        """
        return self._open_items([("deposit_id", "=", False)])

    def _open_items(self, domain):
        domain = [("parent_state", "=", "posted"), ("date", "<=", self._get_date()), *domain]
        return self._open_rows("jewelry_deposit.account_move_line_action_deposit", domain)

    def _open_rows(self, name, domain):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(name)
        own = [("company_id", "=", self.company_id.id), ("account_id", "=", self.account_id.id)]
        return action | {
            "domain": own + domain,
            "context": {"deposit_date": fields.Date.to_string(self._get_date())},
            "display_name": self.env._(
                "%(account)s on %(date)s",
                account=self.account_id.display_name,
                date=self._format_date(),
            ),
        }
