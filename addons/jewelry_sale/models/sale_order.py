from odoo import Command, api, fields, models


class SaleOrder(models.Model):
    """A quotation or order whose lines may be for pieces."""

    _name = "sale.order"
    _inherit = ["jewelry.discretion.mixin", "sale.order", "barcodes.barcode_events_mixin"]

    piece_warning = fields.Text(compute="_compute_piece_warning")

    # === COMPUTE METHODS === #

    @api.depends("state", "order_line.piece_id")
    def _compute_piece_warning(self):
        for order in self:
            lines = (
                order.order_line if order.state in ("draft", "sent") else order.order_line.browse()
            )
            notes = lines.piece_id._get_offer_notes(order._origin)
            parted = order._get_parted_pieces() if lines else {}
            for piece, reason in parted.items():
                notes[piece].append(reason)
            order.piece_warning = "\n".join(
                f"{piece.name}: {', '.join(texts)}" for piece, texts in notes.items()
            )

    # === ACTION METHODS === #

    def action_add_pieces(self):
        """Open the pieces for sale, to choose several for the order.

        :return: window action
        :rtype: dict
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("jewelry_sale.stock_lot_action_add")
        return action | {
            "domain": [("is_piece", "=", True), ("company_id", "=", self.company_id.id)],
            "context": {"sale_order_id": self.id, "search_default_available": True},
        }

    # === BUSINESS METHODS === #

    def _prepare_invoice(self):
        """Override of `sale`: the invoice of a surprise is one as well."""
        return super()._prepare_invoice() | self._prepare_discretion_vals()

    def on_barcode_scanned(self, barcode):
        """Override of `barcodes` to add the scanned piece to the open order.

        :param str barcode: what the scanner read
        :return: a warning for the user where no piece can be added
        """
        piece = self.env["stock.lot"]._get_piece_by_scan(barcode)
        if not piece:
            return self._warn_scan(piece._describe_unknown_scan(barcode))
        if not piece.is_piece:
            return self._warn_scan(
                self.env._("There is no piece with the number “%(code)s”.", code=barcode)
            )
        if piece in self.order_line.piece_id:
            return self._warn_scan(
                self.env._("%(piece)s is on this order already.", piece=piece.name)
            )
        self.order_line = [Command.create(self._prepare_piece_line(piece))]
        return None

    def _get_parted_pieces(self):
        """Return {piece: why} of the stones that these orders sell without their mates."""
        parted = {}
        for order in self:
            sold = order.order_line.filtered(lambda line: line.product_uom_qty > 0)
            # In sudo: a pair is a pair, whoever sells it.
            parted |= sold.piece_id._origin.sudo()._get_parted()
        return parted

    def _warn_scan(self, message):
        return {"warning": {"title": self.env._("Nothing added"), "message": message}}

    def _add_pieces(self, pieces):
        """Add a line for each of `pieces` that the order does not have yet."""
        self.ensure_one()
        new = pieces - self.order_line.piece_id
        self.write(
            {"order_line": [Command.create(self._prepare_piece_line(piece)) for piece in new]}
        )

    @api.model
    def _prepare_piece_line(self, piece):
        """Hook: values of the order line that sells `piece`."""
        return {"piece_id": piece.id, "product_id": piece.product_id.id, "product_uom_qty": 1}
