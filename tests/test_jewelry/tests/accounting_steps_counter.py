"""What staff do at the register, step by step, by what the browser sends."""

from uuid import uuid4

from odoo import Command

from odoo.addons.jewelry_pos.tests.common import prepare_line, prepare_order

from .accounting_steps import Steps


class CounterSteps(Steps):
    """The steps of a register, on one book."""

    def _take_in_of_owner(self):
        """Return a piece that an owner left with us."""
        piece = self._create_piece(0)
        piece._take_in(self.book.vendors, self.book.shop, self.partner)
        return piece

    def _get_session(self):
        """Return the open session of the register, which is set up when first needed."""
        configs = self.env["pos.config"]
        config = configs.search([("company_id", "=", self.book.company.id)], limit=1)
        config = config or self._set_up_register()
        if not config.current_session_id:
            config.open_ui()
            config.current_session_id.set_opening_control(0, "")
        return config.current_session_id

    def _set_up_register(self):
        journals = self.env["account.journal"]
        domain = [("company_id", "=", self.book.company.id), ("type", "=", "bank")]
        method = self.env["pos.payment.method"].create(
            {"name": "Card", "journal_id": journals.search(domain, limit=1).id}
        )
        return self.env["pos.config"].create(
            {"name": "Counter", "payment_method_ids": [Command.set(method.ids)]}
        )

    def _ring_up(self, *rows, **values):
        """Return the paid order of these lines, synced."""
        session = self._get_session()
        order = prepare_order(session, session.payment_method_ids[:1], rows, **values)
        self.env["pos.order"].sync_from_ui([dict(order)])
        return self.env["pos.order"].search([("uuid", "=", order["uuid"])])

    def _close_register(self):
        self._get_session().action_pos_session_closing_control()

    # === WHAT LEAVES LATER === #

    def _hand_over(self, pickings):
        """Do transfers one after the other, as keepers do."""
        for picking in pickings.sorted("id"):
            picking.action_assign()
            picking.move_ids.picked = True
            picking._action_done()

    def _move_to_other_shop(self, piece):
        """Let a piece lie in another shop of the company."""
        company = self.book.company
        shop = self.env["stock.warehouse"].create(
            {"name": "Other shop", "code": "OTHER", "company_id": company.id}
        )
        way = {"location_id": self.book.shop.id, "location_dest_id": shop.lot_stock_id.id}
        line = way | {"product_id": piece.product_id.id, "lot_id": piece.id, "quantity": 1}
        self.env["stock.move"].create(
            way
            | {
                "product_id": piece.product_id.id,
                "product_uom_qty": 1,
                "company_id": company.id,
                "picked": True,
                "move_line_ids": [Command.create(line)],
            }
        )._action_done()

    def _bring_here(self, order):
        """Let another shop send what it was asked for, and this one receive it."""
        transfers = self.env["stock.picking"].search([("pos_request_uuid", "=", order.uuid)])
        sent = transfers.filtered(lambda picking: picking.location_dest_id.usage == "transit")
        self._hand_over(sent)
        self._hand_over(transfers - sent)

    # === GIFT CARDS === #

    def _get_gift_cards(self):
        """Return the program of gift cards, which is set up when first needed: its products have
        the gift cards account for an income account.
        """
        programs = self.env["loyalty.program"]
        domain = [("program_type", "=", "gift_card"), ("company_id", "=", self.book.company.id)]
        return programs.search(domain, limit=1) or programs.create(self._prepare_gift_cards())

    def _prepare_gift_cards(self):
        sold, paid = self.env["product.product"].create(
            [self._prepare_owed_product(name) for name in ("Gift card", "Paid with a gift card")]
        )
        rule = {"reward_point_amount": 1, "reward_point_mode": "money", "product_ids": sold.ids}
        reward = {
            "reward_type": "discount",
            "discount_mode": "per_point",
            "discount": 1,
            "discount_applicability": "order",
            "discount_line_product_id": paid.id,
        }
        return {
            "name": "Gift cards",
            "program_type": "gift_card",
            "company_id": self.book.company.id,
            "pos_ok": True,
            "mail_template_id": self.env.ref("loyalty.mail_template_gift_card").id,
            "pos_report_print_id": self.env.ref("loyalty.report_gift_card").id,
            "trigger_product_ids": sold.ids,
            "rule_ids": [Command.clear(), Command.create(rule)],
            "reward_ids": [Command.clear(), Command.create(reward)],
        }

    def _prepare_owed_product(self, name):
        """Return the values of a product that is owed to whoever paid for it."""
        return {
            "name": name,
            "type": "service",
            "taxes_id": [Command.clear()],
            "property_account_income_id": self.book.accounts["gift"].id,
        }

    def _prepare_service_line(self, product, amount, **values):
        """Return a line of no piece, as the browser sends it."""
        piece = self.rings[0]
        line = prepare_line(piece, price_unit=amount, pack_lot_ids=[], tax_ids=[])
        name = product.display_name
        return line | {"product_id": product.id, "full_product_name": name} | values

    def _sell_gift_card(self, amount):
        """Return the card that the register sold."""
        program = self._get_gift_cards()
        line = self._prepare_service_line(program.trigger_product_ids, amount)
        order = self._ring_up(line)
        data = {"points": amount, "program_id": program.id, "coupon_id": -1, "barcode": ""}
        order.confirm_coupon_programs({-1: data | {"partner_id": False}})
        return program.coupon_ids

    def _redeem(self, card, amount, *rows):
        """Pay a part of a ticket with a gift card."""
        reward = card.program_id.reward_ids
        paid = self._prepare_service_line(
            reward.discount_line_product_id,
            -amount,
            is_reward_line=True,
            reward_id=reward.id,
            coupon_id=card.id,
            points_cost=amount,
            reward_identifier_code="GIFT",
        )
        order = self._ring_up(*rows, paid)
        data = {"points": -amount, "program_id": card.program_id.id, "coupon_id": card.id}
        order.confirm_coupon_programs({card.id: data | {"barcode": "", "partner_id": False}})

    # === QUOTATIONS === #

    def _quote(self, piece, price):
        """Return a quotation of a piece, in the currency of the books and without tax."""
        line = {"piece_id": piece.id, "tax_ids": [Command.clear()]}
        values = {"partner_id": self.partner.id, "pricelist_id": False}
        order = self.env["sale.order"].create(values | {"order_line": [Command.create(line)]})
        order.order_line.price_unit = price
        return order

    def _prepare_down_payment(self, amount, quantity=1, **values):
        """Return the line that takes a down payment, or deducts it."""
        config = self._get_session().config_id
        config.down_payment_product_id = config.down_payment_product_id or self.env[
            "product.product"
        ].create(self._prepare_owed_product("Down payment"))
        total = {"qty": quantity, "price_unit": amount}
        total |= dict.fromkeys(("price_subtotal", "price_subtotal_incl"), amount * quantity)
        return self._prepare_service_line(config.down_payment_product_id, amount, **values | total)

    # === PRICES === #

    def _sell_below_floor(self, piece, floor, price, is_agreed):
        """Return the ticket that sells a piece priced 120 below its lowest price."""
        piece.list_price = 120
        piece.sudo().price_floor = floor
        uuid, line = str(uuid4()), prepare_line(piece, price_unit=price)
        if is_agreed:
            question = {"uuid": line["uuid"], "piece_id": piece.id, "price_unit": price}
            order = {"uuid": uuid, "total": price, "lines": [question | {"amount": price}]}
            self._get_session().config_id.agree_prices(order, "An old client")
        return self._ring_up(line, uuid=uuid)
