from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# How many deposits a register shows at once.
SHOWN = 40


class PosConfig(models.Model):
    """Registers that take money for deposits and give it back."""

    _inherit = "pos.config"

    # === PUBLIC METHODS, FOR THE REGISTER === #

    @api.readonly
    def get_deposits(self, partner_id=False, query=""):
        """Return the deposits that the register may take money for: of a customer, or found by a
        number, that of the order, of a piece, or the customer's name.

        :param partner_id: id of the customer, or False
        :param str query: what was typed or scanned
        :return: `deposits`, as of `_get_register_facts`, and whether the user `can_refund`
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        deposits = self._search_deposits(partner_id, query)
        # At once, and no more of the pieces than is shown.
        pieces = deposits.order_id.order_line.piece_id
        pieces.fetch(["name"])
        rows = [deposit._get_register_facts() for deposit in deposits]
        self._note_photos(rows, pieces)
        return {"deposits": rows, "can_refund": self._may_refund_deposits()}

    @api.readonly
    def prepare_deposit_lines(self, deposit_id, amount):
        """Return the lines by which the register takes `amount` for a deposit, or gives back what
        is less than nothing.

        :return: `lines`, values of each; `partner_id`; and `due`, what is left to pay after them
        :rtype: dict
        :raises UserError: when that much cannot be taken, or given back, saying why
        """
        self.ensure_one()
        self.check_access("read")
        deposit = self._get_register_deposit(deposit_id)
        amount = self.currency_id.round(amount)
        self._check_deposit_amount(deposit, amount)
        return self._prepare_deposit_answer(deposit, amount)

    # === BUSINESS METHODS === #

    def _prepare_deposit_answer(self, deposit, amount):
        """Return what `prepare_deposit_lines` does for an amount that may be."""
        due = self.currency_id.round(max(deposit.amount_due - amount, 0.0))
        lines = deposit._prepare_register_lines(amount)
        return {
            "lines": [line | {"deposit_due": due} for line in lines],
            "partner_id": deposit.partner_id.id,
            "due": due,
        }

    def _search_deposits(self, partner_id, query):
        """Return the deposits that the register may show, in sudo."""
        own = self._get_deposit_domain()
        if partner_id:
            partner = self.env["res.partner"].browse(partner_id)
            partner.check_access("read")
            own &= Domain("partner_id", "child_of", partner.commercial_partner_id.id)
        if query:
            own &= Domain.OR(self._get_deposit_queries(query.strip()))
        if not partner_id and not query:
            own &= Domain("date_due", "!=", False)
        # In sudo: a register takes money for every deposit of its company.
        deposits = self.env["jewelry.deposit"].sudo().with_company(self.company_id)
        found = deposits.search(own, limit=SHOWN, order="date_due, id desc")
        return self._filter_told_deposits(found, partner_id)

    def _note_photos(self, rows, pieces):
        """Note of which pieces there is a picture."""
        photographed = self._get_photographed_ids(pieces)
        for row in rows:
            for piece in row["pieces"]:
                piece["photo"] = piece["id"] in photographed

    def _get_deposit_domain(self):
        return Domain(
            [
                ("company_id", "=", self.company_id.id),
                ("currency_id", "=", self.currency_id.id),
                ("state", "=", "open"),
            ]
        )

    def _get_deposit_queries(self, query):
        """Hook: return the domains of what a deposit is found by."""
        return [
            Domain("name", "ilike", query),
            Domain("order_id.name", "ilike", query),
            Domain("order_id.order_line.piece_id.name", "=ilike", query),
            Domain("partner_id.name", "ilike", query),
        ]

    def _filter_told_deposits(self, deposits, partner_id):
        """Return the deposits that a customer at the counter may learn of."""
        partner = self.env["res.partner"].browse(partner_id or [])
        if not partner:
            return deposits
        told = deposits.order_id._filter_tellable(partner, "counter")
        return deposits.filtered(lambda deposit: not deposit.order_id or deposit.order_id in told)

    def _get_register_deposit(self, deposit_id):
        """Return an open deposit that the register may take money for, in sudo.

        :raises UserError: where there is none
        """
        # In sudo: as `_search_deposits`.
        deposits = self.env["jewelry.deposit"].sudo().with_company(self.company_id)
        found = deposits.search(self._get_deposit_domain() & Domain("id", "=", deposit_id))
        if not found:
            raise UserError(
                self.env._("This deposit is closed, or not one of this register. Search it again.")
            )
        return found

    def _check_deposit_amount(self, deposit, amount):
        """Refuse to take more than is to pay, and to give back more than may be.

        :raises UserError: saying how much it may be
        """
        if self.currency_id.is_zero(amount):
            raise UserError(self.env._("Enter an amount."))
        if amount < 0:
            self._check_deposit_refund(deposit, -amount)
        elif deposit.order_id:
            deposit._check_within(amount, deposit.amount_due)

    def _check_deposit_refund(self, deposit, amount):
        if deposit.order_id and not self._may_refund_deposits():
            raise UserError(self.env._("Only a manager pays money of a deposit back."))
        deposit._check_within(amount, deposit.amount_refundable)

    def _may_refund_deposits(self):
        """Tell whether the user may pay customers' money back."""
        return self.env["pos.order"]._may_refund_deposits()

    # === LOADING === #

    def _get_special_products(self):
        """Override of `point_of_sale`: what deposits are called is no goods on the shelf."""
        # In sudo: whoever opens a register does not set up deposits.
        kinds = self.env["jewelry.deposit.kind"].sudo()
        products = kinds.search([("company_id", "!=", False)]).product_id
        return super()._get_special_products() | products.sudo(False)
