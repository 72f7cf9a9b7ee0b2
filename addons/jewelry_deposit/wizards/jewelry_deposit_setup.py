from odoo import Command, api, fields, models

SUBJECTS = ("deposit_receipt", "deposit_forfeit")


class JewelryDepositSetup(models.TransientModel):
    """Set up the accounts of customers' deposits: as proposed for the chart and the law of the
    company, or as the accountant wants them. It may be run again whenever something changes.
    """

    _name = "jewelry.deposit.setup"
    _description = "Set Up Customer Deposits"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, default=lambda s: s.env.company
    )
    journal_id = fields.Many2one(
        comodel_name="account.journal",
        string="Journal of Receipts",
        check_company=True,
        domain=[("type", "=", "sale")],
        default=lambda self: self._get_kinds()._find_journal("sale", code="DEP"),
        help="Numbers the receipts of deposits apart from invoices. Empty: one is made.",
    )
    entry_journal_id = fields.Many2one(
        comodel_name="account.journal",
        string="Journal of Entries",
        required=True,
        check_company=True,
        domain=[("type", "=", "general")],
        default=lambda self: self._get_kinds()._find_journal("general"),
    )
    law = fields.Text(string="The Law", compute="_compute_law")
    line_ids = fields.One2many(
        comodel_name="jewelry.deposit.setup.line",
        inverse_name="setup_id",
        default=lambda self: self._get_default_lines(),
    )

    # === DEFAULTS === #

    @api.model
    def _get_kinds(self):
        return self.env["jewelry.deposit.kind"].with_context(active_test=False)

    @api.model
    def _get_default_lines(self):
        """Return a line for each kind that rooms use: as it is, or as it is proposed."""
        kinds = self._get_kinds().search([("company_id", "=", self.env.company.id)])
        known = {kind.code: kind for kind in kinds}
        codes = self._get_new_codes(len(kinds._get_kind_names().keys() - known.keys()))
        return [
            Command.create(self._prepare_line(code, names, known.get(code, kinds.browse()), codes))
            for code, names in kinds._get_kind_names().items()
        ]

    @api.model
    def _get_new_codes(self, number):
        """Return free codes for so many new accounts."""
        accounts, first = self.env["account.account"], self._get_kinds()._get_codes().deposits
        codes = []
        for _number in range(number):
            codes.append(accounts._search_new_account_code(first, set(codes)))
        return codes

    @api.model
    def _prepare_line(self, code, names, kind, codes):
        common = {"code": code, "name": names[0], "kind_id": kind.id}
        if kind:
            return common | {
                "name": kind.name,
                "account_id": kind.account_id.id,
                "forfeit_account_id": kind.forfeit_account_id.id,
                "tax_on_receipt": kind.tax_on_receipt,
                "tax_on_forfeit": kind.tax_on_forfeit,
            }
        return common | {
            "account_name": names[1],
            "account_code": codes.pop(0),
            "forfeit_account_id": kind._find_forfeit_account().id,
            "tax_on_receipt": kind._asks_for_tax("deposit_receipt"),
            "tax_on_forfeit": kind._asks_for_tax("deposit_forfeit"),
        }

    # === COMPUTE METHODS === #

    @api.depends("company_id")
    def _compute_law(self):
        for setup in self:
            rules = [setup._get_kinds()._get_tax_rule(subject) for subject in SUBJECTS]
            setup.law = "\n".join(
                f"{rule.display_name}: {rule._get_stated()}. {rule._cite()}"
                for rule in rules
                if rule
            ) or self.env._("No rule is stated for this country: receipts are not taxed.")

    # === ACTION METHODS === #

    def action_apply(self):
        """Make the kinds that are missing and change those that differ.

        :return: window action of the kinds
        :rtype: dict
        """
        self.ensure_one()
        journal = self.journal_id or self._get_kinds()._ensure_journal()
        for line in self.line_ids:
            line._apply({"journal_id": journal.id, "entry_journal_id": self.entry_journal_id.id})
        return self.env["ir.actions.act_window"]._for_xml_id(
            "jewelry_deposit.jewelry_deposit_kind_action"
        )
