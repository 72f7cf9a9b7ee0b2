from collections import Counter

from odoo import Command, models

from odoo.addons.jewelry_inventory.const import SPECIFIC


class PurchaseOrderLine(models.Model):
    """A line may bring many pieces; each bill line names those that it is for."""

    _inherit = "purchase.order.line"

    # === BILL METHODS === #

    def _prepare_account_move_line(self, move=False):
        """Override of `purchase` to name the pieces that are billed, or taken back."""
        vals = super()._prepare_account_move_line(move)
        if pieces := self._get_pieces_to_bill():
            vals["piece_ids"] = [Command.set(pieces.ids)]
        return vals

    def _get_pieces_to_bill(self):
        """Return the pieces that the next bill is for, or that the next refund takes back: first
        come first.
        """
        self.ensure_one()
        if self.product_id.cost_method != SPECIFIC:
            return self.env["stock.lot"]
        unit = self.product_id.uom_id
        quantity = round(self.product_uom_id._compute_quantity(self.qty_to_invoice, unit))
        received, billed = self._get_received_lines().lot_id, self._get_billed_pieces()
        if quantity < 0:
            return (billed - received)[:-quantity]
        return (received - billed)[:quantity]

    def _get_billed_pieces(self):
        """Return the pieces that bills are for and no refund took back."""
        pieces = self.env["stock.lot"]
        lines = self.sudo().invoice_lines.filtered(lambda line: line.parent_state != "cancel")
        for line in lines.sorted("id"):
            if not line._takes_pieces_back():
                pieces |= line.piece_ids
            elif line.refund_kind == "goods":
                pieces -= line.piece_ids
        return pieces

    def _name_billed_pieces(self):
        """Tell posted bill lines which pieces they are for, where these came later, or where the
        vendor replaced one.
        """
        self.ensure_one()
        # In sudo: on a posted bill, nobody names pieces by hand.
        for line in self._get_posted_bill_lines().sudo():
            self._swap_replaced_pieces(line)
            missing = line._count_unnamed_pieces()
            if missing != 0:
                line.piece_ids |= self._get_nameable_pieces(line)[:missing]

    def _get_nameable_pieces(self, line):
        """Return the pieces that a bill line may be for and does not name, likeliest first."""
        received, billed = self._get_received_lines().lot_id, self._get_billed_pieces()
        if not line._takes_pieces_back():
            return received - billed
        gone = billed - received
        return (billed if line.refund_kind == "price" else gone | billed) - line.piece_ids

    def _swap_replaced_pieces(self, line):
        """Name, in place of pieces that were sent back, those that came instead of them."""
        if line._takes_pieces_back():
            return
        received, billed = self._get_received_lines().lot_id, self._get_billed_pieces()
        gone = line.piece_ids & (billed - received)
        new = (received - billed)[: len(gone)]
        line.piece_ids = (line.piece_ids - gone[: len(new)]) | new

    # === COST METHODS === #

    def _settle_piece_costs(self):
        """Bring the cost of the received pieces to what the bills say.

        Each bill line is spread over the pieces that it names by what each was received at; a
        piece that no bill is for goes back to that.
        """
        for line in self.filtered(lambda line: line.product_id.cost_method == SPECIFIC):
            line._name_billed_pieces()
            costs = line._get_settled_costs()
            bills = line._get_posted_bill_lines().move_id
            lots = self.env["stock.lot"].concat(*costs)
            lots._set_cost(costs, "bill", ", ".join(bills.mapped("name")) or None)

    def _get_settled_costs(self):
        """Return {lot: cost} of the received pieces, company currency."""
        billed = self._get_billed_costs()
        return {
            line.lot_id: line.lot_id.sudo().standard_price
            + billed.get(line.lot_id, abs(line.piece_value))
            - line._get_purchase_cost()
            for line in self._get_received_lines()
        }

    def _get_billed_costs(self):
        """Return {piece: what the posted bills and refunds say of it together}, company currency;
        pieces that no bill is for are absent.
        """
        weights = self._get_receipt_values()
        counts, costs = Counter(), Counter()
        for line in self._get_posted_bill_lines():
            if line.refund_kind != "price":
                sign = -1 if line._takes_pieces_back() else 1
                counts.update(dict.fromkeys(line.piece_ids, sign))
            costs.update(line._get_piece_shares(weights))
        return {piece: costs[piece] for piece, count in counts.items() if count > 0}

    def _get_posted_bill_lines(self):
        lines = self.invoice_lines.filtered(lambda line: line.parent_state == "posted")
        return lines.sorted(lambda line: (line.date, line.id))

    # === RECEIPT METHODS === #

    def _get_received_lines(self):
        """Return the done receipt lines of pieces that were not sent back, first come first."""
        last = self._get_last_lines()
        return last.filtered(lambda line: line.location_dest_id.usage != "supplier")

    def _get_sent_back_pieces(self):
        """Return the pieces that went back to the vendor."""
        return (self._get_last_lines() - self._get_received_lines()).lot_id

    def _get_last_lines(self):
        """Return the line by which each piece of the order was received or sent back last, first
        come first.
        """
        return self._get_lines(self._get_done_moves())

    def _get_receipt_values(self):
        """Return {piece: what it was received at last}, company currency."""
        lines = self._get_lines(self._get_done_moves().filtered("is_in"))
        return {line.lot_id: abs(line.piece_value) for line in lines}

    def _get_done_moves(self):
        # What was received tells what a bill is for, also to those who do not handle the stock.
        moves = self.sudo().move_ids.filtered(lambda move: move.state == "done")
        return moves.filtered("is_in") | moves.filtered("is_out")

    def _get_lines(self, moves):
        """Return the last line of each piece in `moves`, by date."""
        lines = moves.move_line_ids.sorted(lambda line: (line.date, line.id))
        last = {line.lot_id: line.id for line in lines if line.lot_id}
        return lines.filtered(lambda line: line.id == last.get(line.lot_id))
