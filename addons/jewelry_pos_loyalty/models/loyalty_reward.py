from odoo import api, models
from odoo.exceptions import ValidationError

from odoo.addons.jewelry_inventory.const import PIECE_KINDS


class LoyaltyReward(models.Model):
    """Rewards: no piece is given away because a program did not think of it."""

    _inherit = "loyalty.reward"

    # === CONSTRAINTS === #

    @api.constrains(
        "program_id",
        "reward_type",
        "reward_product_id",
        "reward_product_tag_id",
        "discount",
        "discount_mode",
        "discount_applicability",
        "discount_max_amount",
        "discount_product_ids",
    )
    def _check_pieces_kept(self):
        for reward in self.filtered(lambda reward: not reward.program_id.gives_pieces):
            products = reward._filter_given(reward._get_named_products())
            styles = products.filtered(lambda product: product.jewelry_kind in PIECE_KINDS)
            if styles:
                raise ValidationError(
                    self.env._(
                        "%(program)s would give away %(styles)s, of which each piece is one of a "
                        "kind and has its own price. Reward something else, or check “Gives Pieces "
                        "Away” on the program.",
                        program=reward.program_id.name,
                        styles=", ".join(styles.mapped("display_name")),
                    )
                )

    # === BUSINESS METHODS === #

    def _get_named_products(self):
        """Return the products that the reward itself names, not those that it finds."""
        self.ensure_one()
        if self.reward_type == "product":
            return self.reward_product_ids
        is_specific = self.discount_applicability == "specific"
        return self.discount_product_ids if is_specific else self.discount_product_ids.browse()

    def _filter_given(self, products):
        """Return those of the products that the reward leaves nothing to be paid for."""
        self.ensure_one()
        if self.reward_type == "product":
            return products & self.reward_product_ids
        if not self._is_whole_discount():
            return products.browse()
        return products.filtered_domain(self._get_discount_product_domain())

    def _is_whole_discount(self):
        """Tell whether the discount takes off all that something costs."""
        is_whole = self.discount_mode == "percent" and self.discount >= 100
        return is_whole and not self.discount_max_amount

    def _get_given(self, goods):
        """Return what these rewards give away, and may not.

        :param dict goods: {key: (product, price of a unit)} of the goods of an order
        :return: set of keys
        """
        given = set()
        products = self.env["product.product"].union(
            *(product for product, _price in goods.values())
        )
        for reward in self.filtered(lambda reward: not reward.program_id.gives_pieces):
            free = reward._filter_given(products)
            keys = [key for key, (product, _price) in goods.items() if product in free]
            if reward.reward_type == "discount" and reward.discount_applicability == "cheapest":
                keys = sorted(keys, key=lambda key: goods[key][1])[:1]
            given.update(keys)
        return given
