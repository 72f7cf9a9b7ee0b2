from odoo import models


class PosConfig(models.Model):
    """Registers that ask about orders with rewards."""

    _inherit = "pos.config"

    # === BUSINESS METHODS === #

    def _read_price_rows(self, order):
        """Override of `jewelry_pos`: each line may name a `reward_id`, and its `product_id`."""
        rows = super()._read_price_rows(order)
        rewards = self._read_rewards(order)
        products = self.env["product.product"].browse(
            line["product_id"] for line in order["lines"] if line.get("product_id")
        )
        goods = {
            line["uuid"]: (products.browse(line["product_id"]), line["price_unit"])
            for line in order["lines"]
            if line.get("product_id") and line["amount"] > 0 and not line.get("is_money")
        }
        given = rewards._get_given(goods)
        giving = rewards.filtered("program_id.gives_pieces").ids
        return [
            row._replace(is_given=row.key in given, may_give=line.get("reward_id") in giving)
            for row, line in zip(rows, order["lines"], strict=True)
        ]

    def _read_rewards(self, order):
        """Return the rewards that the register's programs give on an order, in sudo."""
        ids = [line["reward_id"] for line in order["lines"] if line.get("reward_id")]
        # In sudo: whoever sells need not read programs.
        return self.sudo()._get_program_ids().reward_ids.filtered(lambda reward: reward.id in ids)
