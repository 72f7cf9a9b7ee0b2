from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang

from ..const import SPECIFIC


class AccountMoveLine(models.Model):
    """Invoice lines of pieces: cost of goods sold is what those very pieces cost."""

    _name = "account.move.line"
    _inherit = ["account.move.line", "jewelry.cost.guard"]

    piece_ids = fields.Many2many(
        comodel_name="stock.lot",
        relation="account_move_line_piece_rel",
        column1="line_id",
        column2="piece_id",
        string="Pieces",
        copy=False,
        help="The pieces that this line invoices or credits.",
    )

    # === CRUD METHODS === #

    def write(self, vals):
        """Override of `account` to keep what a posted document says of its pieces.

        :raises UserError: naming the documents
        """
        self._check_posted_pieces(vals)
        return super().write(vals)

    # === BUSINESS METHODS === #

    @api.model
    def _get_posted_fields(self):
        """Hook: names of the fields that stay as they were posted. Rooms extend it."""
        return {"piece_ids"}

    def _check_posted_pieces(self, vals):
        """Refuse other pieces on posted documents: costs and stock rest on them.

        :raises UserError: naming the documents
        """
        names = self._get_posted_fields() & vals.keys()
        if self.env.su or not names:
            return
        changes = self.env["account.move"]._field_will_change
        changed = self.filtered(
            lambda line: (
                line.parent_state == "posted" and any(changes(line, vals, name) for name in names)
            )
        )
        if changed:
            raise UserError(
                self.env._(
                    "%(documents)s is posted: its pieces stay as they are. Reset it to draft to "
                    "change them.",
                    documents=", ".join(changed.move_id[:5].mapped("name")),
                )
            )

    def _copy_data_extend_business_fields(self, values):
        """Override of `account`: a credit note credits the same pieces, a copied invoice none."""
        res = super()._copy_data_extend_business_fields(values)
        values["piece_ids"] = [Command.set(self.piece_ids.ids)]
        return res

    def _takes_pieces_back(self):
        """Tell whether the line credits its pieces: on a credit note or refund, or by a negative
        quantity.
        """
        self.ensure_one()
        return (self.move_id.move_type in ("out_refund", "in_refund")) != (self.quantity < 0)

    def _get_piece_quantity(self):
        """Return how many pieces the line is for, whatever unit it counts in."""
        self.ensure_one()
        unit = self.product_id.uom_id
        return round(abs(self.product_uom_id._compute_quantity(self.quantity, unit)))

    def _check_piece_count(self):
        """Refuse lines that name more pieces than they charge.

        :raises UserError: naming the pieces
        """
        for line in self:
            if len(line.piece_ids) > line._get_piece_quantity():
                raise UserError(
                    self.env._(
                        "“%(line)s” charges %(quantity)s but names %(pieces)s. Take out the pieces "
                        "that are not meant.",
                        line=line.product_id.display_name,
                        quantity=formatLang(self.env, line._get_piece_quantity(), digits=0),
                        pieces=", ".join(line.piece_ids.mapped("name")),
                    )
                )

    def _check_charged_once(self):
        """Refuse to charge pieces twice: their cost would be taken twice, too.

        :raises UserError: naming the piece, and the invoice that charges it
        """
        charging = self.filtered(
            lambda line: line.move_id.is_sale_document(True) and not line._takes_pieces_back()
        )
        # In sudo: it is charged, whoever may read that invoice.
        former = charging.piece_ids.sudo()._get_invoice_lines()
        charged = {piece: line.move_id.name for line in former - self for piece in line.piece_ids}
        for line in charging:
            for piece in line.piece_ids:
                if piece in charged:
                    raise UserError(self._get_charged_message(piece, charged[piece]))
                charged[piece] = None

    def _get_charged_message(self, piece, invoice):
        """Return what to do about a piece that `invoice`, or another line (None), charges."""
        if not invoice:
            return self.env._(
                "%(piece)s is on two lines. Remove it from one of them.", piece=piece.name
            )
        return self.env._(
            "%(piece)s has already been invoiced on %(invoice)s. Credit it there first.",
            piece=piece.name,
            invoice=invoice,
        )

    # === COGS METHODS === #

    def _get_cogs_value(self):
        """Override of `stock_account`: the own cost of the line's pieces minus what the line has
        posted already; a credit note takes back what its invoice has posted for them.

        :return: cost per unit, company currency
        :rtype: float
        """
        self.ensure_one()
        if self.product_id.cost_method != SPECIFIC:
            return super(AccountMoveLine, self._with_costs())._get_cogs_value()
        return self._get_pieces_cogs_value()

    def _get_pieces_cogs_value(self):
        """Return the cost per unit of a line of pieces costed one by one."""
        pieces = self._get_cogs_pieces()
        if not pieces:
            return self.product_id.sudo().standard_price
        if self._takes_pieces_back() and (origins := self._get_credited_lines()):
            cost = sum(origin._get_posted_share(pieces) for origin in origins)
        else:
            cost = pieces._get_cost() - self._get_posted_cost()
        return cost / (abs(self.quantity) or 1)

    def _get_cogs_pieces(self):
        """Return the pieces that the line invoices. Rooms that know better extend it."""
        self.ensure_one()
        return self.piece_ids

    def _get_credited_lines(self):
        """Return the invoice lines that this credit line takes back."""
        lines = self._get_cogs_pieces()._get_invoice_lines()
        return (lines & self.move_id.reversed_entry_id.invoice_line_ids) or lines

    def _get_posted_share(self, pieces):
        """Return what the line has posted for those `pieces` of it, company currency."""
        posted, own = self._get_posted_cost(), self._get_cogs_pieces()
        if own <= pieces:
            return posted
        shares = own._spread_total(posted)
        return sum(shares[piece] for piece in own & pieces)

    def _get_posted_cost(self):
        """Return the cost of goods sold that these invoice lines have posted so far."""
        return sum(self._get_posted_costs().values())

    def _get_posted_costs(self):
        """Return {invoice line: cost of goods sold that it has posted so far}."""
        entries = self.env["account.move.line"].search(
            [("cogs_origin_id", "in", self.ids), ("parent_state", "=", "posted")]
        )
        expenses = entries.filtered(lambda line: line.account_id != line._get_stock_account())
        return {
            origin: sum(lines.mapped("balance"))
            for origin, lines in expenses.grouped("cogs_origin_id").items()
        }

    def _get_stock_account(self):
        return self.product_id._get_product_accounts()["stock_valuation"]

    def _post_cost_difference(self):
        """Post, in the open period, what invoiced pieces turned out to cost more or less."""
        entries = []
        for line in self.filtered(lambda line: line.product_id.valuation == "real_time"):
            difference = line._get_cogs_pieces()._get_cost() - line._get_posted_cost()
            if not line.company_currency_id.is_zero(difference):
                entries += line._prepare_cost_difference_lines(difference)
        return self.env["account.move"]._post_stock_entry(entries)

    def _reverse_cost_difference(self):
        """Take back, in the open period, the cost differences of lines that charge nothing now:
        their invoices were reset or cancelled.
        """
        for company, lines in self.grouped("company_id").items():
            entries = []
            for line, posted in lines.with_company(company)._get_posted_costs().items():
                if not line.company_currency_id.is_zero(posted):
                    entries += line._prepare_cost_difference_lines(-posted)
            self.env["account.move"].with_company(company)._post_stock_entry(entries)

    def _prepare_cost_difference_lines(self, difference):
        """Return debit of the expense and credit of the stock for `difference`."""
        accounts = self.product_id.product_tmpl_id.get_product_accounts(
            fiscal_pos=self.move_id.fiscal_position_id
        )
        vals = {
            "name": self.env._("Cost difference: %(line)s", line=self.name or ""),
            "partner_id": self.partner_id.id,
            "product_id": self.product_id.id,
            "cogs_origin_id": self.id,
        }
        return [
            vals | {"account_id": accounts["expense"].id, "balance": difference},
            vals | {"account_id": accounts["stock_valuation"].id, "balance": -difference},
        ]
