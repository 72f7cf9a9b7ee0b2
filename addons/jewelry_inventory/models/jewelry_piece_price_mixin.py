from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..const import CHANGE_REASON


class JewelryPiecePriceMixin(models.AbstractModel):
    """What a piece is offered for, who may change that, and how low."""

    _name = "jewelry.piece.price.mixin"
    _description = "Price of a Piece"

    # === COMPUTE METHODS === #

    @api.depends("price_breakdown", "list_price")
    def _compute_price_breakdown_html(self):
        pricing = self.env["jewelry.piece.pricing"]
        for lot in self:
            lot.price_breakdown_html = pricing._render_breakdown(
                lot.price_breakdown, lot.currency_id, lot.list_price
            )

    @api.depends("list_price", "standard_price", "stone_price", "labour_amount", "fine_weight")
    def _compute_price_warning(self):
        """Tell when a piece is offered below its lowest price: a stone was set, a rate moved."""
        # In sudo: whoever may see costs is not always who may see price policies.
        floors = self.sudo()._get_price_floors()
        for lot in self:
            price, floor = lot.list_price, floors[lot]
            low = bool(price) and lot.currency_id.compare_amounts(price, floor) < 0
            lot.price_warning = low and self.env._(
                "The price is below the lowest price of today. Price the piece again."
            )

    # === ACTION METHODS === #

    def action_reprice(self):
        """Price these pieces by their policies, at the newest metal rates.

        :return: what to show: how many prices changed, and why others have none
        :raises UserError: when none of the pieces has a policy, a rate and something that costs
        """
        self.check_access("write")
        quotes = self._reprice()
        return self.env["jewelry.piece.pricing"]._get_summary_action(quotes)

    # === PRICE METHODS === #

    def _compute_base_price(self):
        """Return what each piece is offered for, before pricelist, loyalty and tax. Rooms extend
        it; counter, quotation and web ask it.

        :return: {piece: amount in the company's currency, taxed like the style's price}; a piece
            without a price of its own has its style's
        :rtype: dict
        """
        return {lot: lot.list_price or lot.product_id.lst_price for lot in self}

    def _compute_price(self, price_type, uom=None, currency=None, company=None, date=False):
        """Return the piece's price or cost as the pricelists want it.

        :param str price_type: list_price or standard_price
        :param currency: currency to return, the style's own by default
        :rtype: float
        """
        self.ensure_one()
        company = company or self.env.company
        # An associate never reads the cost, but a pricelist may start from it.
        lot = self.sudo().with_company(company)
        product = lot.product_id
        own = product.cost_currency_id if price_type == "standard_price" else lot.currency_id
        wanted = currency or (own if price_type == "standard_price" else product.currency_id)
        date = date or fields.Date.context_today(self)
        price = own._convert(lot._get_priced_amount(price_type), wanted, company, date, round=False)
        return product.uom_id._compute_price(price, uom) if uom else price

    def _get_priced_amount(self, price_type):
        """Hook: return the amount that pricelists start from, as `_compute_price` names it."""
        self.ensure_one()
        return self._compute_base_price()[self] if price_type == "list_price" else self[price_type]

    def _reprice(self, rates=None):
        """Price pieces by the policy of their category, in a constant number of queries.

        Locked, sold and gone pieces keep their price, as do those without policy, rate or value.

        :param dict rates: {metal id: `jewelry.metal.rate`}; the newest of each metal by default
        :return: list of `tools.reprice.PriceQuote`, what became of each piece
        """
        return self.env["jewelry.piece.pricing"]._reprice(self, rates)

    def _mirror_price(self):
        """Give unique styles the price of their piece, which is the truth."""
        for piece in self.filtered(lambda lot: lot._is_unique() and not lot.void_reason):
            style = piece.product_tmpl_id
            if style.list_price != piece.list_price:
                # Who may price a piece need not be allowed to change products.
                style.sudo().list_price = piece.list_price

    def _is_unique(self):
        """Tell whether the piece is the only one of its style by intention."""
        self.ensure_one()
        return self.is_piece and self.product_tmpl_id.style_kind == "unique"

    # === GUARDS === #

    def _check_price_vals(self, vals):
        """Refuse values that touch prices without the right to; return the pieces they reprice.

        :raises AccessError: for staff who do not set prices, or for a locked one
        :raises UserError: below the floor, unless a manager says why
        """
        if "price_locked" in vals and any(lot.price_locked != vals["price_locked"] for lot in self):
            self._check_price_manager()
        if "list_price" not in vals:
            return self.browse()
        amount = vals["list_price"]
        priced = self.filtered(
            lambda lot: lot.is_piece and lot.currency_id.compare_amounts(lot.list_price, amount)
        )
        priced._check_price_change(amount)
        return priced

    def _check_price_change(self, amount):
        """Refuse a price by hand that takes other rights, or a reason.

        :raises AccessError: for staff who do not set prices, or a locked price
        :raises UserError: below the floor, unless a manager says why
        """
        if self.env.su or not self:
            return
        if not self.env.user.has_group("jewelry_inventory.group_keeper"):
            raise AccessError(
                self.env._("Only inventory keepers and managers can set prices. Ask one of them.")
            )
        if any(lot.price_locked for lot in self):
            self._check_price_manager()
        self._check_price_floor(amount)

    def _get_price_floors(self):
        """Return {piece: lowest price}, as cost and metal rates are now; where nothing can be
        priced, as of the last pricing.
        """
        quotes = self.env["jewelry.piece.pricing"]._get_quotes(self)
        today = {quote.piece_id: float(quote.result.floor) for quote in quotes if quote.result}
        return {lot: today.get(lot.id, lot.price_floor) for lot in self}

    def _check_price_floor(self, amount):
        # In sudo: who may set a price learns that it is too low, even if the cost is hidden.
        floors = self.sudo()._get_price_floors()
        below = self.filtered(lambda lot: lot.currency_id.compare_amounts(floors[lot], amount) > 0)
        if not below:
            return
        reason = (self.env.context.get(CHANGE_REASON) or "").strip()
        manager = self.env.user.has_group("jewelry_inventory.group_manager")
        if not (manager and reason):
            raise UserError(
                self.env._(
                    "%(price)s is below the lowest price of %(pieces)s. A manager can set it with "
                    "“Set Price”, which asks for the reason.",
                    price=below[0].currency_id.format(amount),
                    pieces=", ".join(below[:5].mapped("name")),
                )
            )
        below.sudo()._track_set_log_message(reason)

    def _check_price_manager(self):
        """Refuse what only managers do with prices.

        :raises AccessError: for anybody else
        """
        if not (self.env.su or self.env.user.has_group("jewelry_inventory.group_manager")):
            raise AccessError(
                self.env._("Only managers can lock prices and change locked ones. Ask a manager.")
            )
