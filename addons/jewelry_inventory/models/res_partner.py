from odoo import models
from odoo.tools import formatLang


class ResPartner(models.Model):
    """The owners of pieces, and the customers at the counter."""

    _name = "res.partner"
    _inherit = ["res.partner", "jewelry.provenance.mixin"]

    # === BUSINESS METHODS === #

    def _get_counter_sections(self):
        """Hook: return what whoever serves this customer at the counter should know, most urgent
        first. Rooms add what they keep of the customer, and nothing that is a secret of others.

        :return: sections with `title`, `lines` of `label` and `value`, and `is_urgent` where the
            customer waits for something
        :rtype: list
        """
        self.ensure_one()
        return self._get_credit_sections()

    def _get_credit_sections(self):
        """Return the section of the money that the customer has with the store."""
        lines = self._get_credit_lines()
        title = self.env._("Store credit")
        return [{"title": title, "lines": lines, "is_urgent": True}] if lines else []

    def _get_credit_lines(self):
        """Hook: return `label` and `value` of each kind of money that the customer has with the
        store.
        """
        company = self.env.company
        credit = -self._get_open_credit(company)
        if company.currency_id.compare_amounts(credit, 0) <= 0:
            return []
        amount = formatLang(self.env, credit, currency_obj=company.currency_id)
        return [{"label": self.env._("Credit notes and payments in advance"), "value": amount}]

    def _get_open_credit(self, company):
        """Return the sum, negative, of what the customer paid or was credited and has not used."""
        domain = [
            ("partner_id", "child_of", self.commercial_partner_id.id),
            ("company_id", "=", company.id),
            ("account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"),
            ("reconciled", "=", False),
            ("amount_residual", "<", 0),
        ]
        # In sudo: a salesperson tells a customer their own credit, and may not read the ledger.
        items = self.env["account.move.line"].sudo()
        ((total,),) = items._read_group(domain, [], ["amount_residual:sum"])
        return total or 0.0
