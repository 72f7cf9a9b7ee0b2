from odoo import models

from ..const import ASKING, SETTLED_LINES


class PosConfig(models.Model):
    """Registers that settle quotations and orders of pieces."""

    _inherit = "pos.config"

    # === PUBLIC METHODS, FOR THE REGISTER === #

    def get_settling_problem(self, sale_order_ids, partner_id=None):
        """Tell why the register may not take money for quotations or orders.

        :param list sale_order_ids: their ids
        :param partner_id: id of the customer who pays, False for nobody, None before it is known
        :return: a text, empty if nothing stands against it
        :rtype: str
        """
        self.ensure_one()
        self.check_access("read")
        orders = self.env["sale.order"].browse(sale_order_ids)
        orders.check_access("read")
        partner = None if partner_id is None else self.env["res.partner"].browse(partner_id or [])
        problems = [order._get_register_problem(self, partner) for order in orders]
        return next(filter(None, problems), "")

    def settle_pieces(self, sale_order_id, order_uuid):
        """Keep the pieces of a quotation or order for the register's order that settles it.

        :param int sale_order_id: id of the quotation or order
        :param str order_uuid: the register's order
        :return: `problem`, why it cannot be settled or an empty text; `pieces` {id of the order
            line: as of `read_piece`}; `settled`, ids of the lines whose piece is not to be paid
        :rtype: dict
        """
        self.ensure_one()
        self.env["pos.order"].check_access("create")
        problem = self.get_settling_problem([sale_order_id])
        lines = self.env["sale.order"].browse(sale_order_id).order_line
        open_lines = lines._filter_to_settle()
        problem = problem or lines._get_unnamed_problem()
        pieces = {} if problem else self._read_settled_pieces(open_lines, order_uuid)
        problem = problem or self._get_piece_problem(open_lines, pieces)
        if problem:
            return {"problem": problem, "pieces": {}, "settled": []}
        for line in open_lines:
            self.env["jewelry.pos.claim"]._claim_for(line, self, order_uuid)
        settled = lines.filtered("piece_id") - open_lines
        return {"problem": "", "pieces": pieces, "settled": settled.ids}

    # === BUSINESS METHODS === #

    def _read_settled_pieces(self, lines, order_uuid):
        """Return {id of an order line: its piece as of `read_piece`}, free for this order."""
        config = self.with_context(**{SETTLED_LINES: lines.ids})
        return {line.id: config.read_piece(line.piece_id.id, order_uuid) for line in lines}

    def _get_piece_problem(self, lines, pieces):
        """Tell which piece of an order cannot be handed over here, or return an empty text."""
        reasons = [
            f"{line.piece_id.name}: {pieces[line.id]['reason']}"
            for line in lines
            if pieces[line.id]["reason"]
        ]
        if not reasons:
            return ""
        return self.env._(
            "%(order)s cannot be settled here now.\n%(pieces)s\nChange the order in Sales, or wait "
            "until its pieces can be sold.",
            order=lines.order_id[:1].name,
            pieces="\n".join(reasons),
        )

    def _get_offer_problems(self, order, offers):
        """Override of `jewelry_pos`: an open order settles what it keeps."""
        config = self.with_context(**{ASKING: True})
        return super(PosConfig, config)._get_offer_problems(order, offers)
