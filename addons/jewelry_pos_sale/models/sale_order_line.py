from odoo import api, fields, models

from odoo.addons.jewelry_inventory.const import PIECE_KINDS

from ..const import PAID_STATES, SETTLING

MANAGER = "jewelry_inventory.group_manager"

# What makes the price of a line, when it is written.
PRICED = {"discount", "piece_id", "price_unit", "product_id"}


class SaleOrderLine(models.Model):
    """Order lines that a register settles: their piece is handed over there, and once."""

    _inherit = "sale.order.line"

    price_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Price Set By",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="Who wrote the line's price last: nobody but others grants a cashier a price below "
        "the lowest one.",
    )

    # === COMPUTE METHODS === #

    @api.depends("pos_order_line_ids.conflict_ids.is_pending")
    def _compute_qty_delivered(self):
        """Override of `pos_sale`: what a register could not hand over is delivered when it is."""
        super()._compute_qty_delivered()

    def _prepare_qty_delivered(self):
        """Override of `pos_sale`, which takes what is paid at a register for handed over."""
        quantities = super()._prepare_qty_delivered()
        for line in self.filtered("piece_id"):
            # In sudo: as core, whoever may see orders of registers.
            conflicts = line._get_paid_lines().conflict_ids.filtered("is_pending")
            if conflicts and quantities[line] > 0:
                quantities[line] -= len(conflicts)
        return quantities

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `sale` to note whose price it is."""
        return super().create([vals | {"price_by_id": self.env.uid} for vals in vals_list])

    def write(self, vals):
        """Override of `sale` to note whose price it is, which nobody says of themselves."""
        vals = {name: value for name, value in vals.items() if name != "price_by_id"}
        if PRICED & vals.keys():
            vals["price_by_id"] = self.env.uid
        return super().write(vals)

    # === SETTLEMENT === #

    def _get_paid_lines(self):
        """Return the lines of paid orders of registers that sold what these lines sell, in sudo."""
        # In sudo: it is paid, whoever may see that order.
        return self.sudo().pos_order_line_ids.filtered(
            lambda line: line.order_id.state in PAID_STATES and line.qty > 0
        )

    def _is_settled(self, besides=None):
        """Tell whether the line's piece was paid for or handed over.

        :param besides: lines of a register that do not count
        """
        self.ensure_one()
        paid = self._get_paid_lines()
        if besides:
            paid -= besides.sudo()
        gone = self._get_delivered_pieces() | self._get_invoiced_pieces()
        return bool(paid or self.piece_id in gone)

    def _filter_to_settle(self):
        """Return the lines whose piece a register may hand over."""
        return self.filtered(
            lambda line: line.piece_id and line.product_uom_qty > 0 and not line._is_settled()
        )

    def _get_unnamed_problem(self):
        """Tell which of these lines do not say which piece they sell, or return an empty text."""
        unnamed = self.filtered(
            lambda line: (
                line.product_id.jewelry_kind in PIECE_KINDS
                and not line.piece_id
                and line.product_uom_qty > max(line.qty_delivered, line.qty_invoiced)
            )
        )
        if not unnamed:
            return ""
        return self.env._(
            "%(order)s does not say which piece it sells: %(styles)s. Choose the piece on the "
            "order first.",
            order=unnamed.order_id[:1].name,
            styles=", ".join(unnamed.product_id.mapped("display_name")),
        )

    def _get_granted_price(self, config):
        """Return what the order grants for a unit, in the currency of the order and the register.

        Whoever wrote the price grants nobody but others one below the lowest: a cashier's
        own quotation is no way around the manager.
        """
        self.ensure_one()
        share = self.order_id._get_paid_share()
        price = self.price_unit * (1 - (self.discount or 0.0) / 100) * share
        if share < 1:
            # What is shared by all lines is as exact as the smallest coin.
            price -= config.currency_id.rounding
        if not (self | self.order_id._get_discount_lines())._is_own_offer():
            return price
        floors = self.env["jewelry.pos.pricing"]._get_floors(config, self.piece_id)
        return max(price, floors[self.piece_id])

    def _is_own_offer(self):
        """Tell whether the user, no manager, wrote one of these prices."""
        user = self.env.user
        writers = [line.price_by_id or line.create_uid for line in self]
        return user in writers and not user.has_group(MANAGER)

    # === DELIVERY METHODS === #

    def _action_launch_stock_rule(self, *, previous_product_uom_qty=False):
        """Override of `jewelry_sale`: what a register hands over is not promised once more."""
        handed = self.filtered(lambda line: line.piece_id and line._get_paid_lines())
        return super(SaleOrderLine, self - handed)._action_launch_stock_rule(
            previous_product_uom_qty=previous_product_uom_qty
        )

    def _give_up_deliveries(self):
        """Deliver the pieces of these lines no more: a register hands them over."""
        # In sudo: the cashier sells them, and may not cancel every transfer.
        moves = self.sudo().filtered("piece_id").move_ids
        moves |= moves.browse(moves._rollup_move_origs())
        moves = moves.filtered(lambda move: move.state not in ("done", "cancel"))
        moves._action_cancel()
        # As core does, which cancels a transfer once nothing of it is asked for.
        moves.with_context(**{SETTLING: False}).product_uom_qty = 0

    # === REGISTER DATA === #

    def read_converted(self):
        """Override of `pos_sale`: the line says which piece it sells, and nobody is asked."""
        rows = super().read_converted()
        named = self.filtered("piece_id").ids
        for row in rows:
            if row["id"] in named and "lot_names" in row:
                row |= {"lot_names": [], "lot_qty_by_name": {}}
        return rows

    # === DOWN PAYMENTS === #

    def _get_unspent_down_payment(self, besides):
        """Return what was paid in advance on these lines and not deducted since, tax included.

        :param besides: a `pos.order` that does not count
        """
        # In sudo: what was paid counts, whoever may see it.
        lines = self.sudo().filtered("is_downpayment")
        taken = lines.pos_order_line_ids.filtered(
            lambda line: line.order_id.state in PAID_STATES and line.order_id != besides.sudo()
        )
        returned = taken.refund_orderline_ids.filtered(
            lambda line: line.order_id.state in PAID_STATES
        )
        received = sum(line._get_received_amount() for line in taken | returned)
        return received + lines._get_invoiced_down_payment()

    def _get_invoiced_down_payment(self):
        """Return what posted invoices charge in advance on these lines, less what they deduct."""
        return sum(
            line.price_total * (-1 if line.move_id.move_type == "out_refund" else 1)
            for line in self.invoice_lines
            if line.parent_state == "posted"
        )
