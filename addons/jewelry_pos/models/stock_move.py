from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class StockMove(models.Model):
    """Moves of the register for one very piece."""

    _inherit = "stock.move"

    def _take_own_pieces(self):
        """Take the own piece of each move, as the register says it was, whoever owns it."""
        for move in self:
            if not move.move_line_ids:
                move.quantity = move.product_uom_qty
            quants = move.piece_id.quant_ids.filtered(lambda quant: quant.quantity > 0)
            lines = move.move_line_ids.filtered(
                lambda line, owner=quants[:1].owner_id: line.owner_id != owner
            )
            lines.owner_id = quants[:1].owner_id
        self.picked = True

    def _try_done(self):
        """Do the move; return why that cannot be, or an empty text."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self._action_done()
        except (UserError, ValidationError) as error:
            return str(error)
        return ""

    # === TRANSFER METHODS === #

    @api.model
    def _search_requests(self, domain):
        """Return the moves of a domain that are to be done to bring pieces to the shops that asked
        for them, in sudo.
        """
        asked = Domain("picking_id.pos_request_uuid", "!=", False)
        to_do = Domain("state", "not in", ("done", "cancel"))
        # In sudo: it is on its way, whoever may see that transfer.
        return self.sudo().search(domain & to_do & asked)

    @api.model
    def _give_up_requests(self, order_uuids, domain=Domain.TRUE):
        """Ask no more for what nobody has sent yet for orders, unless these are paid."""
        # In sudo: it is paid, whoever may see that order.
        orders = self.env["pos.order"].sudo()
        paid = orders.search([("uuid", "in", order_uuids), ("state", "in", ("paid", "done"))])
        unpaid = set(filter(None, order_uuids)) - set(paid.mapped("uuid"))
        own = Domain("picking_id.pos_request_uuid", "in", unpaid)
        unsent = self._search_requests(domain & own)._filter_unsent()
        (unsent | unsent.move_dest_ids)._action_cancel()

    def _filter_unsent(self):
        """Return those of the moves of requests by which another shop has yet to send a piece."""
        return self.filtered("move_dest_ids.picking_id.pos_request_uuid")

    def _get_request_text(self):
        """Return how far the request is that these moves are to do, and for which shop it is."""
        shop = (self - self._filter_unsent()).location_dest_id[:1]._get_shop_name()
        if self._filter_unsent():
            return self.env._("Asked for by %(shop)s", shop=shop)
        return self.env._("On its way to %(shop)s", shop=shop)

    def _describe_request(self):
        """Return what the register that asked is told of the request that these moves are to do:
        the `shop` that sends the piece, its `transfer`, and whether it `is_sent`; or False.
        """
        if not self:
            return False
        unsent = self._filter_unsent()
        sending = unsent or self.move_orig_ids
        return {
            "shop": sending.location_id[:1]._get_shop_name(),
            "transfer": sending.picking_id[:1].name,
            "is_sent": not unsent,
        }

    # === COST METHODS === #

    def _action_done(self, cancel_backorder=False):
        """Override of `stock` to expense what leaves later than its order was paid."""
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        shipped = moves.filtered(
            lambda move: (
                move.picking_id.pos_order_id.shipping_date
                and not move.picking_id.pos_order_id.is_invoiced
            )
        )
        shipped._expense_goods()
        return moves

    def _expense_goods(self, sign=1):
        """Post the cost of what left for customers and came back from them, where neither an
        invoice nor the closing of a session does.

        :param int sign: -1 to take it back
        """
        # In sudo: whoever moves goods need not see what they cost.
        for company, moves in self.sudo().grouped("company_id").items():
            lines = [line for move in moves for line in move._prepare_expense_lines(sign)]
            entries = self.env["account.move"].with_company(company)
            entries._post_stock_entry(lines, ", ".join(set(moves.picking_id.mapped("name"))))

    def _get_expense(self):
        """Return what the move expenses, company currency: less than 0 for what comes back."""
        return self.value * (-1 if self._is_in() else 1)

    def _prepare_expense_lines(self, sign=1):
        """Return the journal items of the cost of one move."""
        product = self.product_id.with_company(self.company_id)
        if self.state != "done" or not (self._is_in() or self._is_out()):
            return []
        amount = sign * self._get_expense()
        if product.valuation != "real_time" or self.company_currency_id.is_zero(amount):
            return []
        accounts = product._get_product_accounts()
        common = {"name": self.env._("Cost of %(goods)s", goods=self.reference)}
        return [
            common | {"account_id": accounts["expense"].id, "balance": amount},
            common | {"account_id": accounts["stock_valuation"].id, "balance": -amount},
        ]

    # === RESERVATION METHODS === #

    def _add_mls_related_to_order(self, related_order_lines, are_qties_done=True):
        """Override of `point_of_sale`: a move that is for one piece has reserved it already."""
        own = self.filtered("piece_id")
        own._action_assign()
        others = related_order_lines.filtered(lambda line: not line.piece_id)
        return super(StockMove, self - own)._add_mls_related_to_order(others, are_qties_done)
