from odoo import models

from ..const import MONEY_PROGRAMS


class PosOrderLine(models.Model):
    """Rewards on an order with pieces: some are money, the others act on the prices."""

    _inherit = "pos.order.line"

    # === PRICE HOOKS === #

    def _prepare_price_rows(self):
        """Override of `jewelry_pos` to note what rewards give away, and what loads a card, which
        is money that is paid in advance.
        """
        # In sudo: whoever sells need not read programs.
        rewards = self.sudo().filtered(lambda line: line._is_granted_discount()).reward_id
        giving = rewards.filtered("program_id.gives_pieces")
        cards = self._get_card_products()
        rows = [
            row._replace(
                is_money=row.is_money or (row.amount > 0 and row.key.product_id in cards),
                may_give=row.key.sudo().reward_id in giving,
            )
            for row in super()._prepare_price_rows()
        ]
        goods = {
            row.key: (row.key.product_id.sudo(), row.unit_price)
            for row in rows
            if row.amount > 0 and not row.is_money
        }
        given = rewards._get_given(goods)
        return [row._replace(is_given=row.key in given) for row in rows]

    def _get_card_products(self):
        """Return those products of the lines that sell a gift card, or fill an eWallet."""
        domain = [
            ("program_id.program_type", "in", MONEY_PROGRAMS),
            ("program_id.active", "=", True),
            ("product_ids", "in", self.product_id.ids),
        ]
        # In sudo: whoever sells need not read programs.
        return self.env["loyalty.rule"].sudo().search(domain).product_ids

    def _is_money(self):
        """Override of `jewelry_pos`: a card that has the money pays; what it only says that it
        has is taken off the pieces.
        """
        return super()._is_money() or self._is_paid_by_card()

    def _is_paid_by_card(self):
        card = self.sudo().coupon_id
        if not self._is_reward_of(MONEY_PROGRAMS) or not self._is_card_of_program(card):
            return False
        lines = self.order_id.lines.filtered(lambda line: line.coupon_id == self.coupon_id)
        spent = -sum(line.price_unit * line.qty for line in lines)
        return self.order_id.currency_id.compare_amounts(spent, card.points) <= 0

    def _is_granted_discount(self):
        """Override of `jewelry_pos`: a program of the register gives it, not the cashier."""
        return super()._is_granted_discount() or (
            self.is_reward_line
            and not self._is_reward_of(MONEY_PROGRAMS)
            # In sudo: whoever sells need not read programs.
            and self.sudo().reward_id.program_id
            in self.order_id.config_id.sudo()._get_program_ids()
        )

    def _is_reward_of(self, kinds):
        # In sudo: whoever sells need not read programs.
        return self.is_reward_line and self.sudo().reward_id.program_id.program_type in kinds

    def _is_card_of_program(self, card):
        return bool(card) and card.program_id == self.sudo().reward_id.program_id
