from odoo import fields, models


class JewelryDepositSetupLine(models.TransientModel):
    """A kind of deposit in the setup: as it is, or as it will be made."""

    _name = "jewelry.deposit.setup.line"
    _description = "Kind of Deposit to Set Up"
    _check_company_auto = True

    setup_id = fields.Many2one(
        comodel_name="jewelry.deposit.setup", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="setup_id.company_id")
    code = fields.Char(required=True, readonly=True)
    kind_id = fields.Many2one(
        comodel_name="jewelry.deposit.kind", string="Known Kind", readonly=True
    )
    name = fields.Char(string="Kind", required=True)
    account_id = fields.Many2one(
        comodel_name="account.account",
        string="Deposits Account",
        check_company=True,
        domain=[("account_type", "=", "liability_current"), ("reconcile", "=", True)],
        help="Empty: a new account is made, with the code and name beside.",
    )
    account_code = fields.Char(string="New Code")
    account_name = fields.Char(string="New Account")
    forfeit_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Forfeits Account",
        check_company=True,
        domain=[("account_type", "in", ("income", "income_other"))],
        help="Empty: one new account is made for all kinds.",
    )
    tax_on_receipt = fields.Boolean()
    tax_on_forfeit = fields.Boolean()

    # === BUSINESS METHODS === #

    def _apply(self, journals):
        """Make the kind of the line, or change what differs."""
        self.ensure_one()
        kinds = self.setup_id._get_kinds().with_company(self.company_id)
        # Made by a register or a link meanwhile, it is the same kind.
        kind = self.kind_id or kinds.search(
            [("code", "=", self.code), ("company_id", "=", self.company_id.id)]
        )
        vals = self._prepare_vals() | journals
        if not kind:
            account = {"name": self.account_name, "code": self.account_code}
            kinds._create_kind(self.code, account=account, **vals)
        elif changed := {
            name: vals[name] for name in vals if self._differs(kind[name], vals[name])
        }:
            kind.write(changed)

    def _prepare_vals(self):
        """Return what is chosen; an account that is left empty is no choice."""
        vals = {
            "name": self.name,
            "account_id": self.account_id.id,
            "forfeit_account_id": self.forfeit_account_id.id,
            "tax_on_receipt": self.tax_on_receipt,
            "tax_on_forfeit": self.tax_on_forfeit,
        }
        return {
            name: value
            for name, value in vals.items()
            if value or name not in ("account_id", "forfeit_account_id")
        }

    def _differs(self, held, chosen):
        return (held.id if isinstance(held, models.BaseModel) else held) != chosen
