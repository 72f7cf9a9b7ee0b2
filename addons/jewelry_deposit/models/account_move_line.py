from odoo import api, fields, models

ACTS = [
    ("received", "Received"),
    ("applied", "Applied to an Invoice"),
    ("refunded", "Paid Back"),
    ("forfeited", "Forfeited"),
    ("moved", "Moved to Another Deposit"),
]


class AccountMoveLine(models.Model):
    """Journal items that owe a customer the money of a deposit, or no longer do."""

    _inherit = "account.move.line"

    deposit_id = fields.Many2one(
        comodel_name="jewelry.deposit",
        string="Deposit",
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
