from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

# Context key: {id of a piece: price to start from instead of today's}.
PRICED_AT = "priced_at_amounts"


class JewelryPosPricing(models.AbstractModel):
    """Which price of a piece a register may take, and what a manager must agree to."""

    _name = "jewelry.pos.pricing"
    _description = "Prices at the Register"

    # === BUSINESS METHODS === #

    @api.model
    def _get_problems(self, config, pricelist, offers, order_uuid):
        """Tell which offers nobody who may has agreed to.

        :param config: the register
        :param pricelist: the order's, as the register says
        :param offers: list of `tools.price.PriceOffer` in the register's currency
        :param str order_uuid: the order
        :return: {key of an offer: text in the user's language}; never how low it may be
        :rtype: dict
        """
        pieces = self.env["stock.lot"].union(*(offer.piece for offer in offers))
        floors = self._get_floors(config, pieces)
        agreed = self.env["jewelry.price.agreement"]._get_agreed_prices(order_uuid, pieces)
        due = self._get_due_prices(config, pricelist, offers)
        problems = {}
        for offer in offers:
            lowest = self._get_lowest_price(config, offer, floors[offer.piece])
            is_low = self._is_below(config, offer.net, lowest)
            is_changed = self._is_below(config, self._get_own_price(config, offer), due[offer.key])
            if (is_low or is_changed) and not self._is_agreed(config, offer, agreed):
                problems[offer.key] = self._get_problem_text(offer, is_low)
        return problems

    @api.model
    def _get_reduced(self, config, offers, order_uuid):
        """Return the offers below the own prices of their pieces that nobody has agreed to."""
        pieces = self.env["stock.lot"].union(*(offer.piece for offer in offers))
        prices = pieces._compute_base_price()
        agreed = self.env["jewelry.price.agreement"]._get_agreed_prices(order_uuid, pieces)
        return [
            offer
            for offer in offers
            if self._is_below(config, offer.net, config._convert_price(prices[offer.piece]))
            and not self._is_agreed(config, offer, agreed)
        ]

    @api.model
    def _get_problem_text(self, offer, is_low):
        if is_low:
            return self.env._(
                "%(piece)s is below its lowest price. A manager must agree.", piece=offer.piece.name
            )
        return self.env._(
            "%(piece)s is below its price. Only a manager changes prices at this register.",
            piece=offer.piece.name,
        )

    @api.model
    def _get_lowest_price(self, config, offer, floor):
        """Return the lowest price of an offer: what has a price is not given away, also where no
        floor was reckoned, unless a program may give it away.
        """
        if offer.is_gift or offer.piece.list_price <= 0:
            return floor
        return max(floor, config.currency_id.rounding)

    @api.model
    def _is_agreed(self, config, offer, agreed):
        """Tell whether somebody who may has agreed to the price of an offer, or to a lower one."""
        return offer.piece in agreed and not self._is_below(config, offer.net, agreed[offer.piece])

    @api.model
    def _is_below(self, config, price, bound):
        """Tell whether a price is below a bound, as exact as money is."""
        return config.currency_id.compare_amounts(price, bound) < 0

    @api.model
    def _get_own_price(self, config, offer):
        """Return the part of the price that is the cashier's doing."""
        return offer.typed if config._may_discount() else offer.own

    @api.model
    def _get_floors(self, config, pieces):
        """Return {piece: lowest price} of today in the register's currency."""
        # In sudo: it is compared, and told to nobody.
        floors = pieces.sudo()._get_price_floors()
        return {piece: config._convert_price(floors[piece.sudo()]) for piece in pieces}

    # === WHAT A PIECE COSTS === #

    @api.model
    def _get_due_prices(self, config, pricelist, offers):
        """Return {key of an offer: what the pricelist makes of the piece's price}: the lowest of
        those that the register may have known. Nothing, where cashiers may change prices.
        """
        if config._may_change_prices():
            return {offer.key: 0.0 for offer in offers}
        pricelist = self._get_valid_pricelist(config, pricelist)
        pieces = self.env["stock.lot"].union(*(offer.piece for offer in offers))
        earlier = self._get_earlier_prices(pieces)
        return {
            offer.key: min(self._get_known_prices(config, pricelist, offer, earlier))
            for offer in offers
        }

    @api.model
    def _get_valid_pricelist(self, config, pricelist):
        """Return the pricelist of an order if its register has it, else the register's own."""
        # In sudo: which pricelists a register has is no secret to whoever sells at it.
        known = config.sudo()._get_order_pricelists()
        return pricelist if pricelist in known.with_env(self.env) else config.pricelist_id

    @api.model
    def _get_known_prices(self, config, pricelist, offer, earlier):
        """Yield the prices of a piece that the register may have known."""
        product = offer.piece.product_id.with_context(priced_piece_id=offer.piece.id)
        for amounts in ({}, *({offer.piece.id: low} for low in earlier.get(offer.piece.id, ()))):
            for date in config._get_known_dates():
                yield pricelist._get_product_price(
                    product.with_context(**{PRICED_AT: amounts}),
                    offer.quantity,
                    currency=config.currency_id,
                    date=date,
                )

    @api.model
    def _get_earlier_prices(self, pieces):
        """Return {id of a piece: prices that it had within the hours that the company says}.

        A register that was cut off sold at a price which was true; what its clock says is no
        proof of when, so all of these are.
        """
        hours = max(pieces.company_id.mapped("register_price_hours"), default=0)
        self.env["jewelry.provenance.event"].flush_model()
        return dict(
            self.env.execute_query(
                SQL(
                    """SELECT lot_id, ARRAY_AGG(DISTINCT (payload::jsonb->>'old')::float)
                         FROM jewelry_provenance_event
                        WHERE kind = 'price' AND lot_id IN %s AND event_time >= %s
                          AND payload::jsonb->>'old' IS NOT NULL
                     GROUP BY lot_id""",
                    tuple(pieces.ids) or (0,),
                    fields.Datetime.now() - timedelta(hours=hours),
                )
            )
        )
