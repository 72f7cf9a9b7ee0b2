from odoo import api, fields, models


class AccountMove(models.Model):
    """Invoices between businesses that warrant their natural diamonds.

    The statement of the System of Warranties is printed when each natural diamond of the invoice
    came with such a statement itself. What is printed stays as it was worded on the day.
    """

    _name = "account.move"
    _inherit = ["account.move", "jewelry.guard.mixin"]

    warranty_statement = fields.Text(
        readonly=True, copy=False, help="As printed: the System of Warranties of that day."
    )
    warranty_carat = fields.Float(
        string="Warranted Carats", digits=(16, 3), readonly=True, copy=False, aggregator="sum"
    )
    warranty_warning = fields.Char(compute="_compute_warranty_warning")

    # === COMPUTE METHODS === #

    @api.depends("move_type", "commercial_partner_id", "state", "invoice_line_ids.piece_ids")
    @api.depends_context("lang")
    def _compute_warranty_warning(self):
        for move in self:
            move.warranty_warning = move._is_warranty_due() and move._get_warranty_warning()

    # === ACTION METHODS === #

    def action_attach_sourcing(self):
        """Open the wizard that puts a paper on all that the bill is for."""
        self.ensure_one()
        pieces = self.invoice_line_ids.piece_ids
        values = {"lot_ids": pieces.ids, "received_on": self.invoice_date}
        return self.env["jewelry.sourcing.attach"]._open(values)

    def button_draft(self):
        """Override of `account`: what is not posted warrants nothing."""
        res = super().button_draft()
        self._withdraw_warranty()
        return res

    def button_cancel(self):
        """Override of `account`: what is cancelled warrants nothing."""
        res = super().button_cancel()
        self._withdraw_warranty()
        return res

    # === BUSINESS METHODS === #

    def _get_guarded_fields(self):
        """Override: what is warranted follows from the stones, nobody types it."""
        return super()._get_guarded_fields() | {"warranty_statement", "warranty_carat"}

    def _post(self, soft=True):
        """Override of `account` to warrant natural diamonds, and to take them back."""
        posted = super()._post(soft)
        for move in posted.filtered(lambda move: move._is_warranty_due()):
            move._state_warranty()
        return posted

    def _is_warranty_due(self):
        """Tell whether the document charges a business for natural diamonds, or credits it."""
        self.ensure_one()
        to_business = self.commercial_partner_id.is_company
        return (
            to_business
            and self.move_type in ("out_invoice", "out_refund")
            and bool(self._get_natural_diamonds())
        )

    def _get_natural_diamonds(self):
        """Return the stones on the document that the System of Warranties is about."""
        # In sudo: whoever invoices may not read the stock.
        stones = self.sudo().invoice_line_ids.piece_ids.stone_ids
        return stones.filtered_domain(stones._get_natural_diamond_domain())

    def _get_warranty_warning(self):
        """Return why nothing is warranted, or nothing."""
        if self.move_type == "out_refund":
            return False
        stones = self._get_natural_diamonds()
        if bare := stones.filtered(lambda stone: not stone.has_warranty).holder_id:
            return self.env._(
                "Natural diamonds without a warranty: %(pieces)s. The statement of the System of "
                "Warranties is not printed. Attach the suppliers' warranties, or invoice these "
                "apart.",
                pieces=", ".join(sorted(bare.mapped("name"))),
            )
        if not (self.warranty_statement or self._get_warranty_wording()):
            return self.env._(
                "No wording of the System of Warranties is in force: bring one into force under "
                "Legal Rules."
            )
        return False

    def _get_warranty_wording(self):
        """Return the statement in force on the day of the invoice."""
        self.ensure_one()
        # In sudo: whoever invoices need not read the rules.
        company = self.company_id.sudo()
        world = self.env.ref("jewelry_inventory.jurisdiction_world", raise_if_not_found=False)
        place = company.jewelry_jurisdiction_id or world
        rules = self.env["jewelry.rule"].sudo()
        rule = rules._get_rule("warranty_statement", place, self.invoice_date)
        return (rule.values or {}).get("statement", False)

    def _state_warranty(self):
        """Write down what the document warrants; a credit note takes it back."""
        covered = all(stone.has_warranty for stone in self._get_natural_diamonds())
        if not covered:
            return
        if self.move_type == "out_refund":
            if self.reversed_entry_id.warranty_statement:
                self.sudo().warranty_carat = -self._get_warranted_carat()
        elif wording := self._get_warranty_wording():
            carat = self._get_warranted_carat()
            self.sudo().write({"warranty_statement": wording, "warranty_carat": carat})

    def _withdraw_warranty(self):
        stated = self.sudo().filtered(lambda move: move.warranty_statement or move.warranty_carat)
        stated.write({"warranty_statement": False, "warranty_carat": 0.0})

    def _get_warranted_carat(self):
        """Return the carats of natural diamonds: of parcels, what the lines charge."""
        total, natural = 0.0, self._get_natural_diamonds()
        for line in self.sudo().invoice_line_ids.filtered("piece_ids"):
            stones = line.piece_ids.stone_ids & natural
            if line.piece_ids._filter_parcels():
                unit = line.product_id.uom_id
                quantity = line.product_uom_id._compute_quantity(line.quantity, unit)
                total += abs(quantity) if stones else 0.0
            else:
                total += sum(stones.mapped("carat"))
        return total
