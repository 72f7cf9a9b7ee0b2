from odoo import models


class PosSession(models.Model):
    """Sessions that owe each customer what was paid ahead by items of their own."""

    _inherit = "pos.session"

    def _get_sale_key(self, base_line):
        """Override of `jewelry_pos`: what is paid ahead is not lumped with others' money."""
        key = super()._get_sale_key(base_line)
        line = base_line["record"]
        return key | {"deposit_line_id": line.id} if line.deposit_id else key

    def _get_sale_vals(self, key, sale_vals):
        """Override of `jewelry_pos` to say whom it is owed, and for what."""
        values = super()._get_sale_vals(key, sale_vals)
        line = self.env["pos.order.line"].browse(key.get("deposit_line_id") or [])
        if not line:
            return values
        deposit = line.deposit_id.sudo()
        return (
            values
            | line._prepare_deposit_item()
            | {
                "partner_id": deposit.partner_id.commercial_partner_id.id,
                "name": f"{deposit._get_line_name()}, {line.order_id.name}",
            }
        )

    def _create_non_reconciliable_move_lines(self, data):
        """Override of `point_of_sale` to note by which item each line is owed."""
        data = super()._create_non_reconciliable_move_lines(data)
        for key, amounts in data["sales"].items():
            if "deposit_line_id" in key:
                line = self.env["pos.order.line"].browse(key["deposit_line_id"])
                # In sudo: the program fills it in.
                line.sudo().deposit_item_id = amounts["move_line_id"]
        return data

    def _validate_session(
        self, balancing_account=False, amount_to_balance=0, bank_payment_method_diffs=None
    ):
        """Override of `point_of_sale`: what was paid too much and not refunded at the register is
        kept to the customers' credit, now that it is in the ledger.
        """
        res = super()._validate_session(
            balancing_account, amount_to_balance, bank_payment_method_diffs
        )
        if self.state == "closed":
            # In sudo: whoever closes a register need not have rights on deposits.
            deposits = self.order_ids.lines.deposit_id.sudo()
            for deposit in deposits.filtered(lambda deposit: deposit._get_surplus()):
                deposit._try_or_tell(
                    deposit._keep_surplus, self.env._("Paid too much, and not kept as credit")
                )
        return res
