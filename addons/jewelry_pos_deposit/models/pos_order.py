from odoo import Command, api, models

from odoo.addons.jewelry_pos.models.jewelry_pos_line_return import PAID_STATES


class PosOrder(models.Model):
    """Orders that take money for deposits: it counts once they are paid."""

    _inherit = "pos.order"

    # === SYNC === #

    @api.model
    def _get_reckoned_fields(self):
        """Override of `jewelry_pos`: which deposit it is, and where its money is, is found here."""
        return super()._get_reckoned_fields() | {
            "deposit_id",
            "deposit_item_id",
            "deposit_amount",
        }

    def _process_saved_order(self, draft):
        """Override of `point_of_sale`: what is paid is confirmed before it is posted, and what
        follows from it is done.
        """
        lines = self.lines._filter_of_deposits()
        if not lines:
            return super()._process_saved_order(draft)
        if draft:
            lines._check_named()
        elif self.state != "cancel":
            self._confirm_deposits(lines)
        res = super()._process_saved_order(draft)
        if self.state in PAID_STATES:
            self._follow_deposits()
        return res

    def _confirm_deposits(self, lines):
        lines._confirm_deposits()
        if self.amount_total < 0 and all(line.qty < 0 for line in self.lines):
            # By this, core invoices what was given back with the right sign.
            self.is_refund = True

    def _follow_deposits(self):
        """Do what follows from deposits that the order paid, or gave back."""
        # In sudo: whoever takes money need not have rights on deposits.
        deposits = self.lines.deposit_id.sudo()
        for line in self.lines.filtered("deposit_id"):
            line.deposit_due = line.deposit_id.sudo().amount_due
        for deposit in deposits:
            deposit._follow_register()
        self._note_refunds()
        handed = self.lines.filtered("is_handed_over").deposit_id.sudo()
        for deposit in handed:
            deposit._deliver_or_tell()

    def _note_refunds(self):
        """Write down why money was given back."""
        for line in self.lines.filtered(lambda line: line.deposit_id and line.qty < 0):
            line.deposit_id.sudo().message_post(
                body=self.env._(
                    "%(amount)s given back at %(order)s. %(reason)s",
                    amount=self.currency_id.format(-line.deposit_amount),
                    order=self.name,
                    reason=line.customer_note or "",
                )
            )

    # === RULES === #

    def _may_give_back(self, deposit):
        """Hook: tell whether whoever sends the order may give money of a deposit back: managers
        may; and anybody may let a customer pay goods by his credit.
        """
        return self._is_paid_by_credit(deposit) or self._may_refund_deposits()

    def _is_paid_by_credit(self, deposit):
        """Tell whether a customer pays goods by his credit: then no money leaves."""
        return not deposit.order_id and self.amount_total >= 0

    def _may_refund_deposits(self):
        """Hook: tell whether whoever sends the order may pay customers' money back."""
        return self.env.su or self.env.user.has_group("jewelry_inventory.group_manager")

    def _is_underpaid(self):
        """Tell whether the payments are less than the lines come to, as the server reckons."""
        self.ensure_one()
        total = sum(
            line.deposit_amount
            if line.deposit_number or line.deposit_amount
            else line._compute_amount_line_all()["price_subtotal_incl"]
            for line in self.lines
        )
        paid = sum(self.payment_ids.mapped("amount"))
        return total - paid > self.config_id._get_price_tolerance(len(self.lines))

    # === INVOICE METHODS === #

    def _prepare_product_aml_dict(self, base_line_vals, update_base_line_vals, rate, sign):
        """Override of `jewelry_pos`: what an invoice takes out of the closing of a session was
        received there.
        """
        values = super()._prepare_product_aml_dict(
            base_line_vals, update_base_line_vals, rate, sign
        )
        line = base_line_vals["record"]
        return values | line._prepare_deposit_item() if line.deposit_id else values

    def _get_invoice_lines_values(self, line_values, pos_line, move_type):
        """Override of `jewelry_pos`: an invoice owes what was paid ahead to the customer."""
        values = super()._get_invoice_lines_values(line_values, pos_line, move_type)
        if not pos_line.deposit_id:
            return values
        links = {"register_line_ids": [Command.link(pos_line.id)]}
        return values | pos_line._prepare_deposit_item() | links
