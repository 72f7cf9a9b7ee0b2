from odoo import api, fields, models


class JewelryDeposit(models.Model):
    """Deposits that are paid at registers: what these took counts at once, and is in the ledger
    when their session is closed.
    """

    _inherit = "jewelry.deposit"

    register_line_ids = fields.One2many(
        comodel_name="pos.order.line", inverse_name="deposit_id", string="Lines of Registers"
    )
    amount_pending = fields.Monetary(
        string="In Open Registers",
        compute="_compute_amount_pending",
        store=True,
        help="Taken at registers, less what they gave back, and not in the ledger yet: it will be "
        "when their session is closed.",
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "register_line_ids.deposit_amount",
        "register_line_ids.order_id.state",
        "register_line_ids.deposit_item_id.parent_state",
    )
    def _compute_amount_pending(self):
        for deposit in self:
            lines = deposit.register_line_ids._filter_pending()
            deposit.amount_pending = sum(lines.mapped("deposit_amount"))

    @api.depends("amount_pending")
    def _compute_amounts(self):
        """Override of `jewelry_deposit` to follow what registers take."""
        super()._compute_amounts()

    def _get_sums(self):
        """Override of `jewelry_deposit` to add what registers took: the store owes it already."""
        sums = super()._get_sums()
        for deposit in self.filtered("amount_pending"):
            acts = sums.setdefault(deposit._origin.id, {})
            received = acts.get("received", 0.0) + deposit.amount_pending
            acts["received"] = deposit.currency_id.round(received)
        return sums

    # === CRUD METHODS === #

    def _get_guarded_fields(self):
        """Override of `jewelry_deposit`: nor what registers took."""
        return super()._get_guarded_fields() | {"amount_pending"}

    # === TAXES === #

    def _prepare_held_base_lines(self):
        """Override of `jewelry_deposit` to add what is in open registers."""
        # In sudo: the money is there, whoever may see that order.
        pending = self.sudo().register_line_ids._filter_pending()
        return super()._prepare_held_base_lines() + [
            line._prepare_deposit_base_line() for line in pending
        ]

    def _prepare_held_base_line(self, line):
        """Override of `jewelry_deposit`: the tax of a closing is that of the register's line."""
        if line._is_of_closing():
            return line.register_line_ids._prepare_deposit_base_line()
        return super()._prepare_held_base_line(line)

    # === WHAT THE CUSTOMER SEES === #

    def _get_receipts(self):
        """Override of `jewelry_deposit` to add what registers took, order by order, whether their
        session is closed or not.
        """
        lines = self.register_line_ids
        told = lines._filter_pending() | lines.filtered(
            lambda line: line.deposit_item_id._is_of_closing()
        )
        rows = [
            (
                self.env["account.move"],
                fields.Date.context_today(self, order.date_order),
                sum(lines.mapped("deposit_amount")),
            )
            for order, lines in told.sorted("id").grouped("order_id").items()
        ]
        return sorted(super()._get_receipts() + rows, key=lambda row: row[1])

    def _get_receipt_items(self):
        """Override of `jewelry_deposit`: a closing lumps what several orders took."""
        items = super()._get_receipt_items()
        return items.filtered(lambda line: not line._is_of_closing())

    # === FOR REGISTERS === #

    def _prepare_register_lines(self, amount):
        """Return values of the lines by which a register takes `amount`, tax included; it gives
        back what is less than nothing.
        """
        self.ensure_one()
        base_lines = self._get_order_base_lines() if amount > 0 else self._get_held_base_lines()
        act, sign = ("received", 1) if amount > 0 else ("refunded", -1)
        lines = self._prepare_document_lines(act, abs(amount), base_lines, sign)
        return [self._prepare_register_line(line) for line in lines]

    def _prepare_register_line(self, line):
        taxes = [tax_id for command in line["tax_ids"] for tax_id in (command[2] or ())]
        return {
            "product_id": line["product_id"],
            "full_product_name": line["name"],
            "qty": line["quantity"],
            "price_unit": line["price_unit"],
            "tax_ids": taxes,
            "extra_tax_data": line.get("extra_tax_data") or False,
            "deposit_number": self.name,
        }

    def _get_register_facts(self):
        """Hook: what a register shows of the deposit, and nothing that the customer must not see.

        :rtype: dict
        """
        self.ensure_one()
        return {
            "id": self.id,
            "number": self.name,
            "kind": self.kind_id.name,
            "partner_id": self.partner_id.id,
            "partner": self.partner_id.display_name,
            "subject": self.order_id.name or "",
            "pieces": self._get_register_pieces(),
            "total": self.amount_total,
            "paid": self.amount_paid,
            "held": self.amount_held,
            "due": self.amount_due,
            "refundable": self.amount_refundable,
            "next_amount": self._get_next_amount(),
            "date_due": fields.Date.to_string(self.date_due) or False,
            "is_late": bool(self.date_due) and self.date_due < fields.Date.context_today(self),
            "is_credit": not self.order_id,
            "can_hand_over": bool(self.order_id) and bool(self._get_open_lines()),
            "instalments": [
                {
                    "id": instalment.id,
                    "date": fields.Date.to_string(instalment.date),
                    "amount": instalment.amount,
                    "open": instalment.amount_open,
                    "state": instalment.state,
                }
                for instalment in self.instalment_ids.sorted(lambda line: (line.date, line.id))
            ],
            "notices": [],
        }

    def _get_register_pieces(self):
        """Return id, number and description of the pieces that the money is for."""
        lines = self.order_id.order_line.filtered(lambda line: not line.display_type)
        return [
            {
                "id": line.piece_id.id,
                "number": line.piece_id.name or "",
                "name": line.product_id.display_name,
            }
            for line in lines
        ]

    # === BUSINESS METHODS === #

    def _follow_register(self):
        """Do what follows from money that a register took or gave back; what cannot be done keeps
        the money, and a manager is told.
        """
        self._try_or_tell(self._follow_amounts, self.env._("Not followed up"))
