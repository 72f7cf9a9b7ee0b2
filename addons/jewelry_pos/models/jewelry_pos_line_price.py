from odoo import models

from ..tools.price import PriceRow, get_offers


class JewelryPosLinePrice(models.AbstractModel):
    """What lines of an order ask for their pieces, against what they may."""

    _name = "jewelry.pos.line.price"
    _description = "Prices of Lines of the Register"

    # === BUSINESS METHODS === #

    def _get_price_obstacles(self):
        """Tell which lines of paid orders cost less than they may, or pay back more.

        What a line costs is reckoned here from its price, discount and taxes; nothing that the
        register says it comes to is believed.

        :return: {line: text}; lines without an obstacle are absent
        """
        obstacles = {}
        for order in self.order_id:
            rows = order.lines._prepare_price_rows()
            tolerance = order.config_id._get_price_tolerance(len(rows))
            offers = get_offers(rows, order.amount_total, tolerance)
            problems = self.env["jewelry.pos.pricing"]._get_problems(
                order.config_id, order.pricelist_id, offers, order.uuid
            )
            obstacles |= problems | order.lines._get_refund_obstacles()
        return {line: text for line, text in obstacles.items() if line in self}

    def _prepare_price_rows(self):
        """Return the lines of one order as `tools.price` reckons with them. Rooms extend it."""
        return [line._prepare_price_row() for line in self]

    def _prepare_price_row(self):
        """Return the line as `tools.price` reckons with it."""
        self.ensure_one()
        amount = self._compute_amount_line_all()["price_subtotal_incl"]
        is_return = self._is_return()
        return PriceRow(
            key=self,
            # In sudo: whoever sells the piece need not see every place it is in.
            piece=self.piece_id.sudo(False),
            unit_price=self.price_unit,
            discount=self.discount,
            quantity=self._get_priced_quantity(),
            amount=max(amount, -self._get_refundable_amount()) if is_return else amount,
            is_money=is_return or self._is_money(),
            is_granted=self._is_granted_discount(),
        )

    def _get_priced_quantity(self):
        """Return the quantity that pricelists go by: of a parcel, all that the order takes of it,
        as the register reckons.
        """
        if self._is_serial():
            return 1.0
        return sum(line.qty for line in self.order_id.lines if line.product_id == self.product_id)

    # === HOOKS === #

    def _is_money(self):
        """Hook: tell whether the line is no goods: it pays, as a gift card does, and takes nothing
        off a price, or is paid in advance.
        """
        return False

    def _is_granted_discount(self):
        """Hook: tell whether a program of the store gives what the line takes off."""
        return False

    # === RETURNS === #

    def _is_return(self):
        """Tell whether the line takes back what was sold."""
        return self.qty < 0 and bool(self.refunded_orderline_id or self.piece_id)

    def _get_refund_obstacles(self):
        """Return {line: text} for the lines that pay back more for a piece than was paid."""
        return {
            line: self.env._(
                "%(piece)s is taken back for more than was paid for it.", piece=line.piece_id.name
            )
            for line in self
            if line.piece_id and line._is_return() and line._is_refunded_too_high()
        }

    def _is_refunded_too_high(self):
        currency = self.order_id.currency_id
        amount = -self._compute_amount_line_all()["price_subtotal_incl"]
        return currency.compare_amounts(amount, self._get_refundable_amount()) > 0

    def _get_refundable_amount(self):
        """Return what may be paid back for what comes back, tax included: what was paid for it,
        or its price where no register sold it.
        """
        self.ensure_one()
        sold = self.refunded_orderline_id or self._get_last_sale()
        if not sold:
            price = self.piece_id.sudo()._compute_base_price().get(self.piece_id.sudo(), 0.0)
            price = self.order_id.config_id._convert_price(price)
            currency = self.order_id.currency_id
            return self._get_due_taxes().compute_all(
                price, currency, -self.qty, product=self.product_id
            )["total_included"]
        # A line that took back a bit less than it was asked for is not less exact for that.
        paid = sold._compute_amount_line_all()["price_subtotal_incl"]
        return paid * -self.qty / sold.qty if sold.qty else 0.0

    def _get_last_sale(self):
        """Return the line that sold the piece last, at any register of the company."""
        # In sudo: it was sold, whoever may see that order.
        return self.sudo().search(
            [
                ("piece_id", "=", self.piece_id.id),
                ("qty", ">", 0),
                ("order_id.state", "in", ("paid", "done")),
                ("order_id.company_id", "=", self.order_id.company_id.id),
                ("order_id", "!=", self.order_id.id),
            ],
            order="id desc",
            limit=1,
        )
