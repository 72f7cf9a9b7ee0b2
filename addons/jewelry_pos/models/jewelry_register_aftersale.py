from odoo import api, fields, models
from odoo.tools import format_date


class JewelryRegisterAftersale(models.AbstractModel):
    """What a register asks about pieces that are sold: by which order, and what is on its paper."""

    _name = "jewelry.register.aftersale"
    _description = "Sold Pieces at a Register"

    # === PUBLIC METHODS, FOR THE REGISTER === #

    @api.readonly
    def read_conflicts(self, order_ids):
        """Return what a cashier must know of the pending conflicts of orders that were paid.

        :param list order_ids: ids of orders
        :return: `number` of the piece, and `advice` what happened and what to do
        :rtype: list
        """
        self.ensure_one()
        conflicts = self.env["jewelry.sale.conflict"].search(
            [("order_id", "in", order_ids), ("is_pending", "=", True)]
        )
        return [
            {
                "number": conflict.number or conflict.product_id.name,
                "advice": self._advise(conflict),
            }
            for conflict in conflicts
        ]

    def _advise(self, conflict):
        return self.env._(
            "%(problem)s. The payment of %(amount)s is kept for the customer. Do not hand the "
            "piece over: put it aside, ask the customer for a telephone number, and call a "
            "manager, who settles order %(order)s: another piece, an order of one, or the money "
            "back.",
            problem=conflict.problem,
            amount=conflict.currency_id.format(conflict.amount),
            order=conflict.order_id.name,
        )

    def read_receipt_facts(self, order_id):
        """Return what the receipt of a paid order says of its pieces; where the store wants it,
        each sold piece gets a link to its passport, for this receipt.

        :param int order_id: id of the order
        :return: {uuid of a line: as of `_prepare_receipt_facts`}
        :rtype: dict
        """
        self.ensure_one()
        order = self.env["pos.order"].browse(order_id)
        order.check_access("read")
        lines = order.lines.filtered(lambda line: line.piece_id and not line.conflict_ids)
        return {line.uuid: self._prepare_receipt_facts(line) for line in lines}

    # === RECEIPT === #

    def _prepare_receipt_facts(self, line):
        """Return what a receipt says of the piece of a line, never what it cost or costs.

        :return: `id`, `name`, `description`, `reports`, `care` and `passport`, an address or False
        :rtype: dict
        """
        # In sudo: what the customer is handed, whoever prints it.
        piece = line.piece_id.sudo()
        return {
            "id": piece.id,
            "name": piece.name,
            "passport": self._get_receipt_passport(line),
            **piece._get_told_facts(),
        }

    def _get_receipt_passport(self, line):
        """Return the address of the piece's passport, made for this receipt, or False."""
        piece, partner = line.piece_id, line.order_id.partner_id
        is_wanted = self.company_id.receipt_passport and line.qty > 0
        is_paid = line.order_id.state in ("paid", "done")
        if not (is_wanted and is_paid and piece.is_piece and piece._is_passport_tellable(partner)):
            return False
        links = self.env["jewelry.link"]
        _link, token = links._issue(
            piece, partner_id=partner.id, document_version=line.order_id.pos_reference
        )
        return piece._get_passport_url(token)

    # === BUSINESS METHODS === #

    def _get_piece_sale(self, piece):
        """Return by what order a sold piece left, or False for one that is not sold.

        :return: `line_uuid` and `order_id` of the register's sale, False where it was sold in
            another way; `date` and `customer`
        :rtype: dict
        """
        if piece.piece_status != "sold":
            return False
        # In sudo: whoever takes a piece back learns by what order it left.
        line = (
            self.env["pos.order.line"]
            .sudo()
            .search(self._get_sold_domain(piece), order="id desc", limit=1)
        )
        order = line.order_id
        return {
            "line_uuid": line.uuid or False,
            "order_id": order.id or False,
            "order": order.name or False,
            "date": order.date_order
            and format_date(self.env, fields.Datetime.context_timestamp(self, order.date_order)),
            "customer": order.partner_id.display_name or False,
        }

    def _get_sold_domain(self, piece):
        """Return the domain of the lines by which a piece was sold and not brought back."""
        return [
            ("piece_id", "=", piece.id),
            ("qty", ">", 0),
            ("conflict_ids", "=", False),
            ("order_id.state", "in", ("paid", "done")),
            ("company_id", "=", self.company_id.id),
            ("refund_orderline_ids", "not any", [("order_id.state", "!=", "cancel")]),
        ]
