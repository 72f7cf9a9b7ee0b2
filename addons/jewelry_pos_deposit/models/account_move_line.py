from odoo import api, fields, models


class AccountMoveLine(models.Model):
    """Journal items that bring what registers took for deposits into the ledger."""

    _inherit = "account.move.line"

    register_line_ids = fields.One2many(
        comodel_name="pos.order.line",
        inverse_name="deposit_item_id",
        string="Lines of Registers",
        copy=False,
    )

    # === COMPUTE METHODS === #

    @api.depends("register_line_ids.deposit_amount")
    def _compute_deposit_amount(self):
        """Override of `jewelry_deposit` to follow the lines of registers, too."""
        super()._compute_deposit_amount()

    def _get_deposit_amount(self):
        """Override of `jewelry_deposit`: the closing entry of a session has the tax apart; what the
        customer paid, tax included, is told by the line of the register.
        """
        if self._is_of_closing():
            return sum(self.register_line_ids.mapped("deposit_amount"))
        return super()._get_deposit_amount()

    def _is_of_closing(self):
        """Tell whether the item is of the closing of a session, for lines that are not invoiced."""
        return bool(self.register_line_ids) and not self.move_id.is_invoice(include_receipts=True)
