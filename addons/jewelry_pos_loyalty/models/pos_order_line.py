from odoo import models

# Programs whose rewards pay, as cash does.
MONEY_PROGRAMS = ("gift_card", "ewallet")


class PosOrderLine(models.Model):
    """Rewards on an order with pieces: some are money, the others act on the prices."""

    _inherit = "pos.order.line"

    # === PRICE HOOKS === #

    def _is_money(self):
        """Override of `jewelry_pos`: a card that has the money pays; what it only says that it
        has is taken off the pieces.
        """
        card = self.sudo().coupon_id
        if not self._is_reward_of(MONEY_PROGRAMS) or not self._is_card_of_program(card):
            return super()._is_money()
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
