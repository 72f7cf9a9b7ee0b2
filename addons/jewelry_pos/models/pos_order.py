from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, format_date

from odoo.addons.jewelry_inventory.const import COST_GROUPS

from .jewelry_pos_pricing import PRICED_AT

# Fields of orders and their lines that only the program fills in.
RECKONED = {
    "conflict_ids",
    "is_total_cost_computed",
    "margin",
    "margin_percent",
    "piece_id",
    "total_cost",
}


class PosOrder(models.Model):
    """Orders of the register. One that is paid is always kept; what of it cannot be handed over
    becomes a conflict, and the rest is delivered.
    """

    _name = "pos.order"
    _inherit = [
        "jewelry.pos.order.sync",
        "jewelry.discretion.mixin",
        "pos.order",
        "jewelry.cost.guard",
    ]

    margin = fields.Monetary(groups=COST_GROUPS)
    margin_percent = fields.Float(groups=COST_GROUPS)
    conflict_ids = fields.One2many(
        comodel_name="jewelry.sale.conflict", inverse_name="order_id", string="Conflicts"
    )
    conflict_count = fields.Integer(
        string="Open Conflicts", compute="_compute_conflict_count", search="_search_conflict_count"
    )

    # === COMPUTE METHODS === #

    def _compute_conflict_count(self):
        groups = self.env["jewelry.sale.conflict"]._read_group(
            [("order_id", "in", self.ids), ("is_pending", "=", True)], ["order_id"], ["__count"]
        )
        counts = dict(groups)
        for order in self:
            order.conflict_count = counts.get(order, 0)

    def _search_conflict_count(self, operator, value):
        if operator not in (">", "=") or value != 0:
            return NotImplemented
        pending = [("conflict_ids", "any", [("is_pending", "=", True)])]
        return pending if operator == ">" else ["!", *pending]

    # === CRUD METHODS === #

    def unlink(self):
        """Override of `point_of_sale`: what a deleted order kept is free."""
        self._free_pieces()
        return super().unlink()

    # === ACTION METHODS === #

    def action_view_conflicts(self):
        """Open the conflicts of the order."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jewelry_pos.jewelry_sale_conflict_action"
        )
        return action | {"domain": [("order_id", "in", self.ids)], "context": {}}

    def action_pos_order_cancel(self):
        """Override of `point_of_sale`: what a cancelled order kept is free."""
        self._free_pieces()
        return super().action_pos_order_cancel()

    def action_send_receipt(self, email, ticket_image, basic_image):
        """Override of `point_of_sale`: a surprise is not sent to whom it is kept from.

        :raises UserError: naming the day from which it may be sent
        """
        self._check_receipt_address(email)
        return super().action_send_receipt(email, ticket_image, basic_image)

    def _check_receipt_address(self, email):
        # In sudo: the cashier need not see whom an address belongs to.
        people = (
            self.env["res.partner"]
            .sudo()
            .search([("email_normalized", "=", email_normalize(email) or "")])
        )
        if self.filtered(lambda order: order._is_kept_from(people, "mail")):
            raise UserError(
                self.env._(
                    "The order is a surprise until %(day)s, and this address is of somebody whom "
                    "it is kept from. Send the receipt to the buyer.",
                    day=format_date(self.env, self.discretion_until),
                )
            )

    # === BUSINESS METHODS === #

    @api.model
    def _process_order(self, order, existing_order):
        """Override of `point_of_sale`: what the program reckons is not taken from a browser, and
        is no reason to refuse an order that is paid.
        """
        reckoned = self._get_reckoned_fields()
        for values in [order, *(line[2] for line in order.get("lines", []) if len(line) == 3)]:
            for name in reckoned & values.keys() if isinstance(values, dict) else ():
                del values[name]
        return super()._process_order(order, existing_order)

    @api.model
    def _get_reckoned_fields(self):
        """Hook: names of the fields of orders and lines that only the program fills in."""
        return RECKONED

    def _free_pieces(self):
        """Give back what these orders kept, and ask other shops for nothing any more."""
        self.env["jewelry.pos.claim"]._release(self)
        self.env["stock.move"]._give_up_requests(self.mapped("uuid"))

    def _should_create_picking_real_time(self):
        """Override of `point_of_sale`: a piece leaves the stock at once, whatever the setting."""
        return super()._should_create_picking_real_time() or any(
            self.lines.product_id.mapped("jewelry_kind")
        )

    def _create_order_picking(self):
        """Override of `point_of_sale`: one order at a time gets a piece, and the first gets it."""
        self._find_conflicts()
        # In sudo: what is paid back is shipped no more, whoever planned it.
        self.lines.sudo()._cancel_shipping()
        res = super()._create_order_picking()
        self.env["jewelry.pos.claim"]._release(self)
        self._settle_refunded_conflicts()
        return res

    def _get_destination(self):
        """Return where the order's goods go, as core finds it."""
        self.ensure_one()
        place = self.partner_id.property_stock_customer
        place = place or self.config_id.picking_type_id.default_location_dest_id
        return place or self.env["stock.warehouse"]._get_partner_locations()[0]

    def _find_conflicts(self):
        """Take the order's pieces for this transaction, then note what cannot be handed over."""
        # In sudo: the cashier sells pieces, and may not move every one of them.
        pieces = self.lines.piece_id.sudo()
        pieces._wait_for_pieces()
        conflicts = self.env["jewelry.sale.conflict"]
        # What a browser puts into the context frees no piece, and makes none cheaper.
        lines = self.lines.with_context(
            pos_order_uuid=self.uuid, settled_conflict_id=0, **{PRICED_AT: {}}
        )
        obstacles = lines._get_obstacles()
        for line, (kind, text) in obstacles.items():
            conflicts._open(line, kind, text)
        others = lines.filtered(lambda line: line not in obstacles)
        prices = others._get_price_obstacles()
        for line, text in prices.items():
            conflicts._open(line, "price", text)
        for line, text in others._get_tax_obstacles().items():
            if line not in prices:
                conflicts._open(line, "tax", text)

    def _get_due_fiscal_position(self):
        """Return the fiscal position of the order if its register, or its customer, may have it;
        else the register's own.
        """
        self.ensure_one()
        # In sudo: whoever sells need not see every setting, and what a customer is taxed by.
        order = self.with_company(self.company_id).sudo()
        config, position = order.config_id, order.fiscal_position_id
        if not position:
            return position
        presets = config.available_preset_ids | config.default_preset_id
        known = config.fiscal_position_ids | config.default_fiscal_position_id
        known |= order.partner_id.fiscal_position_id | presets.fiscal_position_id
        return position if position in known else config.default_fiscal_position_id

    def _settle_refunded_conflicts(self):
        """Close the conflicts whose money this order has paid back."""
        # In sudo: whoever pays back at the register settles nothing else.
        conflicts = self.lines.refunded_orderline_id.conflict_ids.filtered("is_pending").sudo()
        conflicts.filtered(lambda conflict: conflict._is_paid_back())._set_refunded()

    def _may_take_back_without_receipt(self):
        """Hook: tell whether whoever sends the order may take back what no receipt proves."""
        return self.env.su or self.env.user.has_group("jewelry_inventory.group_manager")

    def _take_in_now(self, lines):
        """Take in what the customer of an order brought that is shipped later."""
        pickings = self.env["stock.picking"]._create_picking_from_pos_order_lines(
            self._get_destination().id, lines, self.config_id.picking_type_id, self.partner_id
        )
        pickings.write(
            {
                "pos_session_id": self.session_id.id,
                "pos_order_id": self.id,
                "origin": self.name,
            }
        )
        # They were done before it was known for which order.
        pickings.move_ids._expense_goods()

    def _generate_pos_order_invoice(self):
        """Override of `point_of_sale`: what was expensed without an invoice is expensed by it."""
        for order in self.filtered(lambda order: order._is_expensed_before_invoice()):
            order._get_invoiced_moves()._expense_goods(-1)
        invoice = super()._generate_pos_order_invoice()
        self._get_parking_conflicts()._reconcile_deposits()
        return invoice

    def _get_parking_conflicts(self):
        """Return the conflicts whose deposits these orders made, or paid back."""
        return (self.lines | self.lines.refunded_orderline_id).conflict_ids

    def _is_posted(self):
        """Tell whether what the order comes to is in the books: by its invoice or its session."""
        self.ensure_one()
        return bool(self.account_move) or self.session_id.state == "closed"

    def _get_deposits(self):
        """Return {line: what the closing of the session will post to income or deposits for it},
        without taxes: more than 0 for what was paid. What the browser sent of it is not believed.
        """
        self.ensure_one()
        taxes, company = self.env["account.tax"], self.company_id
        base_lines = self.with_context(linked_to_pos=True)._prepare_tax_base_line_values()
        taxes._add_tax_details_in_base_lines(base_lines, company)
        taxes._round_base_lines_tax_details(base_lines, company)
        taxes._add_accounting_data_in_base_lines_tax_details(base_lines, company)
        reckoned = taxes._prepare_tax_lines(base_lines, company)["base_lines_to_update"]
        return {base["record"]: -values["amount_currency"] for base, values in reckoned}

    def _is_expensed_before_invoice(self):
        """Tell whether costs of the order are in the ledger that no reversal takes out of it."""
        return bool(self.shipping_date) and self.session_id.state != "closed"

    def _get_invoiced_moves(self):
        """Return the moves whose cost an invoice of the order takes over, in sudo: not those of
        what a manager handed over, which is expensed with the income from the deposit.
        """
        # In sudo: whoever invoices need not see costs.
        handed = self.sudo().conflict_ids.handed_piece_id
        moves = self.sudo().picking_ids.move_ids
        return moves.filtered(lambda move: not move.piece_id & handed)

    def _prepare_aml_values_list_per_nature(self):
        """Override of `point_of_sale`, which takes the sign of what left for that of what came
        back, and knows perpetual valuation only where it is the company's own default.
        """
        values = super()._prepare_aml_values_list_per_nature()
        currency = {"currency_id": self.company_id.currency_id.id}
        values["stock"] = [
            line | currency | {"amount_currency": line["balance"]}
            for move in self._get_invoiced_moves()
            for line in move._prepare_expense_lines()
        ]
        return values

    def _prepare_product_aml_dict(self, base_line_vals, update_base_line_vals, rate, sign):
        """Override of `point_of_sale`: what is taken out of the closing, too, is a deposit."""
        values = super()._prepare_product_aml_dict(
            base_line_vals, update_base_line_vals, rate, sign
        )
        conflict = base_line_vals["record"]._get_parking_conflict()
        return values | {"sale_conflict_id": conflict.id}

    def _get_invoice_lines_values(self, line_values, pos_line, move_type):
        """Override of `point_of_sale` to name the piece whose cost the invoice line takes, and to
        park what is owed for a piece that was not handed over.
        """
        values = super()._get_invoice_lines_values(line_values, pos_line, move_type)
        if "product_id" not in values:  # the heading of a combo
            return values
        if conflict := pos_line._get_parking_conflict():
            account = line_values["account_id"]
            return values | {"account_id": account.id, "sale_conflict_id": conflict.id}
        if pos_line.piece_id:
            values["piece_ids"] = [Command.set(pos_line.piece_id.ids)]
        return values
