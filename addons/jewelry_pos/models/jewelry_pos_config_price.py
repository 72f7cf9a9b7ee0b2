from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.price import PriceRow, get_offers

MANAGER = "jewelry_inventory.group_manager"


class JewelryPosConfigPrice(models.AbstractModel):
    """What a register asks about prices before it takes the money."""

    _name = "jewelry.pos.config.price"
    _description = "Prices of a Register"

    # === PUBLIC METHODS, FOR THE REGISTER === #

    def check_prices(self, order):
        """Tell which pieces of an open order a manager must agree to, as they are priced now.

        :param dict order: `uuid`, `pricelist_id`, `total`, and `lines` with `uuid`, `piece_id`,
            `quantity`, `price_unit`, `discount`, `amount`, and whether each is `is_money`,
            `is_granted`
        :return: `problems`, a list of `uuid`, `piece_id`, `name`, `price` and `text`; whether
            the user may agree (`can_agree`), and whether somebody was asked already (`is_asked`)
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        offers = self._read_offers(order)
        problems = self._get_offer_problems(order, offers)
        return {
            "problems": [
                {
                    "uuid": offer.key,
                    "piece_id": offer.piece.id,
                    "name": offer.piece.name,
                    "price": offer.net,
                    "text": problems[offer.key],
                }
                for offer in offers
                if offer.key in problems
            ],
            "can_agree": self._may_agree_to_prices(),
            "is_asked": bool(self._get_asked(order["uuid"])),
        }

    def agree_prices(self, order, reason):
        """Agree to an order's prices, as the manager who is logged in.

        :param dict order: as of `check_prices`
        :param str reason: why
        :return: True
        :raises AccessError: for anybody but managers
        :raises UserError: without a reason
        """
        self.ensure_one()
        self.check_access("read")
        if not self._may_agree_to_prices():
            raise AccessError(self.env._("Only managers agree to prices. Ask one of them."))
        self._note_agreement(order, reason, agreed_by="register", manager_id=self.env.uid)
        return True

    def ask_prices(self, order, reason):
        """Ask a manager who is elsewhere to agree to an order's prices.

        :param dict order: as of `check_prices`
        :param str reason: why; whoever decides reads it
        :return: True
        :raises UserError: without a reason, or where nobody may decide
        """
        self.ensure_one()
        self.check_access("read")
        prices = self._get_prices_to_agree(order)
        # In sudo: what is asked is cancelled by a new question about the same order.
        self._get_asked(order["uuid"])._set_state("expired")
        if prices:
            pieces = self.env["stock.lot"].union(*prices)
            values = {
                piece.id: {
                    "order": order["uuid"],
                    "register": self.id,
                    "price": price,
                    "currency": self.currency_id.name,
                }
                for piece, price in prices.items()
            }
            self.env["jewelry.approval"]._ask("price_override", pieces, reason, values)
        return True

    # === BUSINESS METHODS === #

    def _may_agree_to_prices(self):
        """Hook: tell whether a manager stands at this register, as far as the login says who."""
        return self.env.user.has_group(MANAGER)

    def _note_agreement(self, order, reason, **values):
        """Note that a manager agrees to the prices of an order that somebody must agree to.

        :raises UserError: without a reason
        """
        if not (reason or "").strip():
            raise UserError(self.env._("Enter why the price is agreed to."))
        prices = self._get_prices_to_agree(order)
        self.env["jewelry.price.agreement"]._agree(
            self, order["uuid"], prices, reason=reason.strip(), **values
        )

    def _get_prices_to_agree(self, order):
        """Return {piece: price of a unit} of what somebody must agree to, rounded down."""
        offers = self._read_offers(order)
        problems = self._get_offer_problems(order, offers)
        return {
            offer.piece: self.currency_id.round(offer.net)
            for offer in offers
            if offer.key in problems
        }

    def _get_offer_problems(self, order, offers):
        """Return {key of an offer: text} of what somebody must agree to, and of what the user may
        not ask any more whether somebody must.
        """
        pricelist = self.env["product.pricelist"].browse(order.get("pricelist_id") or [])
        pricing = self.env["jewelry.pos.pricing"]
        problems = pricing._get_problems(self, pricelist, offers, order["uuid"])
        if self.env.user.has_group(MANAGER):
            return problems
        asked = pricing._get_reduced(self, offers, order["uuid"])
        return problems | self.env["jewelry.price.question"]._find_exceeded(self, asked)

    def _read_offers(self, order):
        """Return the offers of an order as the register describes it.

        Nothing is decided by what it says: the order is reckoned anew when it is paid.
        """
        rows = self._read_price_rows(order)
        self.env["stock.lot"].union(*(row.piece for row in rows)).check_access("read")
        return get_offers(rows, order["total"], self._get_price_tolerance(len(rows)))

    def _read_price_rows(self, order):
        """Return the lines of an order as `tools.price` reckons with them. Rooms extend it."""
        return [self._read_price_row(line) for line in order["lines"]]

    def _read_price_row(self, line):
        piece = self.env["stock.lot"].browse(line.get("piece_id") or [])
        return PriceRow(
            key=line["uuid"],
            piece=piece,
            unit_price=line["price_unit"],
            discount=line.get("discount") or 0.0,
            quantity=line.get("quantity") or 1.0,
            amount=line["amount"],
            is_money=bool(line.get("is_money")),
            is_granted=bool(line.get("is_granted")),
        )

    def _get_asked(self, order_uuid):
        """Return what managers were asked about an order and have not decided, in sudo."""
        # In sudo: whoever asks from the register need not read approvals.
        approvals = (
            self.env["jewelry.approval"]
            .sudo()
            .search(
                [
                    ("kind", "=", "price_override"),
                    ("state", "=", "asked"),
                    ("company_id", "=", self.company_id.id),
                    ("requested_by_id", "=", self.env.uid),
                ]
            )
        )
        return approvals.filtered(lambda approval: approval._get_order_uuid() == order_uuid)

    # === AUTHORITY === #

    def _may_change_prices(self):
        """Hook: tell whether the cashier may type another price, as core's settings say."""
        return not self.restrict_price_control or self.env.user.has_group(
            "point_of_sale.group_pos_manager"
        )

    def _may_discount(self):
        """Hook: tell whether the cashier may take something off a price."""
        return self.manual_discount or self.module_pos_discount

    def _get_order_pricelists(self):
        """Return the pricelists that an order of this register may have."""
        presets = self.available_preset_ids | self.default_preset_id if self.use_presets else []
        pricelists = self._get_available_pricelists()
        return pricelists.union(*(preset.pricelist_id for preset in presets))

    def _get_price_tolerance(self, count):
        """Return how far rounding may take the total of an order from that of its lines.

        :param int count: how many lines
        """
        cash = self.rounding_method.rounding if self.cash_rounding else 0.0
        return self.currency_id.rounding * (count + 1) + cash

    def _get_known_dates(self):
        """Return the days whose currency rates and rules the register may have gone by."""
        today = fields.Date.context_today(self)
        hours = self.company_id.register_price_hours
        return {today, today - timedelta(hours=hours)}
