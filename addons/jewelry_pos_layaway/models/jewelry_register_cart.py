from odoo import Command, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.jewelry_layaway.const import KINDS
from odoo.addons.jewelry_pos.tools.price import PriceRow, get_offers

from ..tools.cart import CartError, read_id, read_lines

MANAGER = "jewelry_inventory.group_manager"


class JewelryRegisterCart(models.AbstractModel):
    """What a register sends of its cart, and the quotation that it makes.

    What a browser sends is read as from a stranger: pieces, customers and prices are looked up and
    reckoned here, by what any order of the register goes by.
    """

    _name = "jewelry.register.cart"
    _description = "Cart of a Register"

    # === THE ORDER === #

    def _in_register(self, records):
        """Return records in the company of the register, in sudo."""
        # In sudo: whoever stands at the register has neither the rights of Sales nor those of
        # layaways; what may be done is checked here.
        return records.sudo().with_company(self.company_id)

    def _get_register_orders(self):
        return self._in_register(self.env["sale.order"])

    def _prepare_layaway_order(self, cart, lines):
        """Return values of the quotation for a cart."""
        partner = self._read_customer(cart)
        return {
            "partner_id": partner.id,
            "company_id": self.company_id.id,
            "user_id": self.env.uid,
            "pricelist_id": self._find_pricelist(cart).id,
            "fiscal_position_id": self._find_fiscal_position(cart, partner).id,
            "warehouse_id": self.sudo().picking_type_id.warehouse_id.id,
            "origin": self.name,
            "order_line": [Command.create(self._prepare_layaway_line(line)) for line in lines],
        }

    def _prepare_layaway_line(self, line):
        """Return values of the order line for a line of a cart: what it costs stays."""
        piece = self.env["stock.lot"].browse(line.piece_id or [])
        product = piece.product_id or self.env["product.product"].browse(line.product_id)
        values = {
            "product_id": product.id,
            # What is made is like the piece, and not this one; nor is it another that is there.
            "piece_id": False if line.is_made else piece.id,
            "product_uom_qty": line.quantity,
            "price_unit": line.price_unit,
            "discount": line.discount,
        }
        if line.note:
            values["name"] = "\n".join([product.display_name, line.note])
        return values

    def _find_pricelist(self, cart):
        pricelist = self.env["product.pricelist"].browse(
            self._read(read_id, cart.get("pricelist_id") or 0) or []
        )
        return self.env["jewelry.pos.pricing"]._get_valid_pricelist(self, pricelist.exists())

    def _find_fiscal_position(self, cart, partner):
        """Return the fiscal position that an order of the register would have."""
        position = self._read(read_id, cart.get("fiscal_position_id") or 0)
        order = self._in_register(self.env["pos.order"]).new(
            {
                "session_id": self.current_session_id.id,
                "company_id": self.company_id.id,
                "partner_id": partner.id,
                "fiscal_position_id": position,
            }
        )
        return order._get_due_fiscal_position()

    def _get_kept_pieces(self, lines):
        """Return the pieces that are kept: not those that are samples only."""
        return self.env["stock.lot"].browse(
            line.piece_id for line in lines if line.piece_id and not line.is_made
        )

    # === CHECKS === #

    def _check_pieces(self, lines, order_uuid):
        """Refuse pieces that are not here, or that somebody else has.

        :raises UserError: naming each piece and why not
        """
        pieces = self._get_kept_pieces(lines)
        known = self._get_elsewhere_reasons(pieces) | pieces._get_register_reasons(order_uuid)
        if known:
            raise UserError(
                self.env._(
                    "These pieces cannot be put away now:\n%(pieces)s",
                    pieces="\n".join(f"{piece.name}: {why}" for piece, why in known.items()),
                )
            )

    def _check_currency(self, order):
        if order.currency_id != self.currency_id:
            raise UserError(
                self.env._(
                    "The register takes %(register)s, and the order is in %(order)s. Choose a "
                    "pricelist in the currency of the register.",
                    register=self.currency_id.name,
                    order=order.currency_id.name,
                )
            )

    def _check_layaway_prices(self, cart, lines, order):
        """Refuse prices that a manager must agree to, as for any order of the register.

        :raises UserError: naming each piece
        """
        rows = self._prepare_layaway_rows(lines, order)
        offers = get_offers(rows, order.amount_total, self._get_price_tolerance(len(rows)))
        pricing = self.env["jewelry.pos.pricing"]
        problems = pricing._get_problems(self, order.pricelist_id, offers, cart["uuid"])
        texts = [*problems.values(), *self._get_style_problems(lines, order)]
        if texts:
            raise UserError("\n".join(texts))

    def _prepare_layaway_rows(self, lines, order):
        """Return the lines as `jewelry_pos` reckons with them: what is made is priced as its
        sample is.
        """
        pieces = self.env["stock.lot"]
        return [
            PriceRow(
                key=order_line.id,
                piece=pieces.browse(line.piece_id or []),
                unit_price=order_line.price_unit,
                discount=order_line.discount,
                quantity=line.quantity,
                amount=order_line.price_total,
            )
            for line, order_line in zip(lines, order.order_line, strict=True)
        ]

    def _get_style_problems(self, lines, order):
        """Return what a manager must agree to of goods that are no piece: where cashiers do not
        change prices, these cost what the pricelist says.
        """
        if self.env.user.has_group(MANAGER):
            return []
        return [
            self.env._(
                "%(product)s is below its price. Only a manager changes prices at this register.",
                product=order_line.product_id.display_name,
            )
            for line, order_line in zip(lines, order.order_line, strict=True)
            if not line.piece_id and self._is_style_below(line, order_line)
        ]

    def _is_style_below(self, line, order_line):
        product = order_line.product_id
        due = order_line.order_id.pricelist_id._get_product_price(
            product, line.quantity, currency=self.currency_id
        )
        compare = self.currency_id.compare_amounts
        if due > 0 and compare(line.price_unit * (1 - line.discount / 100), 0) <= 0:
            return True
        typed = not self._may_change_prices() and compare(line.price_unit, due) < 0
        return typed or (line.discount > 0 and not self._may_discount())

    # === READING WHAT IS SENT === #

    def _read_lines(self, cart):
        """Return the lines of a cart, as of `tools.cart`.

        :raises UserError: when it is no cart, or names what is not sold here
        """
        self._read_uuid(cart)
        lines = self._read(read_lines, cart.get("lines"))
        if not lines:
            raise UserError(self.env._("Put on the order first what the customer wants."))
        self._check_goods(lines)
        return lines

    def _read_customer(self, cart):
        """Return the customer of a cart.

        :raises UserError: when there is none, or one of another company
        """
        partner = self.env["res.partner"].browse(self._read(read_id, cart.get("partner_id") or 0))
        if not partner.exists():
            raise UserError(self.env._("Choose the customer first."))
        partner.check_access("read")
        if partner.company_id and partner.company_id != self.company_id:
            raise UserError(self.env._("This customer is of another company."))
        return partner

    def _check_goods(self, lines):
        """Refuse what this register does not sell, and one piece twice.

        :raises UserError: when something is not sold here
        """
        ids = [line.piece_id for line in lines if line.piece_id]
        pieces = self.env["stock.lot"].search(self._get_catalog_domain() & Domain("id", "in", ids))
        kept = self._get_kept_pieces(lines)
        product_ids = {line.product_id for line in lines if not line.piece_id}
        products = self.env["product.product"].search(
            [
                ("id", "in", list(product_ids)),
                ("available_in_pos", "=", True),
                ("sale_ok", "=", True),
                ("company_id", "in", (False, self.company_id.id)),
            ]
        )
        if set(pieces.ids) != set(ids) or set(products.ids) != product_ids:
            raise UserError(self.env._("Something on the order is not sold at this register."))
        if len(kept) != len(set(kept.ids)):
            raise UserError(self.env._("The same piece is twice on the order."))

    def _read_uuid(self, cart):
        """Return what names a cart.

        :raises UserError: when it is no cart
        """
        uuid = isinstance(cart, dict) and cart.get("uuid")
        if not isinstance(uuid, str) or not uuid:
            raise UserError(self._get_unreadable_text())
        return uuid

    def _read_kind(self, kind):
        if kind not in dict(KINDS):
            raise UserError(self._get_unreadable_text())
        return kind

    def _read(self, reader, value):
        """Return what a reader makes of what was sent.

        :raises UserError: when it is not what it should be
        """
        try:
            return reader(value)
        except CartError as error:
            raise UserError(self._get_unreadable_text()) from error

    def _get_unreadable_text(self):
        return self.env._("The register sent an order that cannot be read. Load it anew.")
