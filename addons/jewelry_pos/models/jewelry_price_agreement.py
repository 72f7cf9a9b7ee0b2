from odoo import api, fields, models

AGREED_BY = [
    ("register", "At the Register"),
    ("pin", "At the Register, by PIN"),
    ("approval", "By Approval"),
]


class JewelryPriceAgreement(models.Model):
    """A manager's word that this order may have this piece for this price, or more."""

    _name = "jewelry.price.agreement"
    _inherit = "jewelry.pos.agreement.mixin"
    _description = "Agreed Price"
    _rec_name = "piece_id"

    piece_id = fields.Many2one(
        comodel_name="stock.lot", required=True, readonly=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency", required=True, readonly=True, ondelete="restrict"
    )
    price = fields.Monetary(
        required=True, readonly=True, help="Of one unit, after all discounts, before tax rules."
    )
    reason = fields.Char(required=True)
    agreed_by = fields.Selection(selection=AGREED_BY, string="How", required=True, readonly=True)
    approval_id = fields.Many2one(
        comodel_name="jewelry.approval", readonly=True, index="btree_not_null", ondelete="restrict"
    )

    _order_index = models.Index("(order_uuid, piece_id)")
    _reason_given = models.Constraint(
        "CHECK (TRIM(reason) <> '')", "Enter why the price is agreed to."
    )

    # === CRUD METHODS === #

    def _get_frozen_fields(self):
        """Override: what was agreed stays as it was said."""
        return super()._get_frozen_fields() | {
            "piece_id",
            "currency_id",
            "price",
            "agreed_by",
            "approval_id",
        }

    # === BUSINESS METHODS === #

    @api.model
    def _agree(self, config, order_uuid, prices, **values):
        """Note what a manager agreed to.

        :param config: the register
        :param str order_uuid: the order
        :param dict prices: {piece: price of a unit in the register's currency}
        :param values: who, how and why
        """
        common = {
            "config_id": config.id,
            "currency_id": config.currency_id.id,
            "order_uuid": order_uuid,
        }
        # In sudo: nobody makes an agreement by hand; who agrees was checked.
        return self.sudo().create(
            [
                common | {"piece_id": piece.id, "price": price} | values
                for piece, price in prices.items()
            ]
        )

    @api.model
    def _get_agreed_prices(self, order_uuid, pieces):
        """Return {piece: lowest price that was agreed to for this order}."""
        # In sudo: the order needs the agreement, not the right to read others'.
        groups = self.sudo()._read_group(
            [("order_uuid", "=", order_uuid), ("piece_id", "in", pieces.ids)],
            ["piece_id"],
            ["price:min"],
        )
        return {piece.with_env(pieces.env): price for piece, price in groups}
