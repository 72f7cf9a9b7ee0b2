from odoo import api, fields, models

ACTS = [
    ("received", "Received"),
    ("applied", "Applied to an Invoice"),
    ("refunded", "Paid Back"),
    ("forfeited", "Forfeited"),
    ("moved", "Moved to Another Deposit"),
    ("exchanged", "Exchange Difference"),
]
# What an act becomes when its entry is reversed; the others keep their name with the amount turned
# round.
REVERSED_ACTS = {"received": "refunded", "refunded": "received"}


class AccountMoveLine(models.Model):
    """Journal items that owe a customer the money of a deposit, or no longer do."""

    _inherit = "account.move.line"

    deposit_id = fields.Many2one(
        comodel_name="jewelry.deposit",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        copy=True,
    )
    deposit_act = fields.Selection(selection=ACTS, string="Act on the Deposit", copy=True)
    deposit_amount = fields.Monetary(
        string="Paid Ahead",
        compute="_compute_deposit_amount",
        store=True,
        currency_field="currency_id",
        help="What the customer has paid ahead by this item, tax included; less than nothing where "
        "it was used, paid back or kept.",
    )

    # === COMPUTE METHODS === #

    @api.depends("deposit_id", "price_total", "amount_currency", "move_id.move_type")
    def _compute_deposit_amount(self):
        self.deposit_amount = 0.0
        for line in self.filtered("deposit_id"):
            line.deposit_amount = line._get_deposit_amount()

    def _get_deposit_amount(self):
        """Hook: what the item adds to what the customer has paid ahead, tax included."""
        if self.move_id.is_invoice(include_receipts=True):
            return self.price_total if self.move_id.is_inbound() else -self.price_total
        return -self.amount_currency

    # === CRUD METHODS === #

    def copy_data(self, default=None):
        """Override of `account`: what reverses a receipt pays back, whoever makes it."""
        vals_list = super().copy_data(default)
        if "move_reverse_cancel" not in self.env.context:
            return vals_list
        return [
            vals | {"deposit_act": REVERSED_ACTS.get(vals.get("deposit_act"), line.deposit_act)}
            for line, vals in zip(self, vals_list, strict=True)
        ]

    # === BUSINESS METHODS === #

    def _prepare_exchange_difference_move_vals(
        self, amounts_list, company=None, exchange_date=None, **kwargs
    ):
        """Override of `account`: the difference of two rates is owed by the deposit that it is of,
        so that documents and ledger stay equal.
        """
        res = super()._prepare_exchange_difference_move_vals(
            amounts_list, company=company, exchange_date=exchange_date, **kwargs
        )
        for line, number in (res or {}).get("to_reconcile", ()):
            if line.deposit_id:
                deposit = {"deposit_id": line.deposit_id.id, "deposit_act": "exchanged"}
                res["move_values"]["line_ids"][number][2].update(deposit)
        return res
