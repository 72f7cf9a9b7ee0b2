from odoo import Command, api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """Where money goes that a register took for a piece it could not hand over."""

    _inherit = "res.company"

    sale_conflict_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Customer Deposits Account",
        check_company=True,
        domain=[("reconcile", "=", True)],
        help="A liability: what customers paid at a register for pieces that were sold already, "
        "until a manager hands over another piece or pays it back.",
    )

    receipt_warranty = fields.Text(
        string="Warranty on Receipts",
        translate=True,
        help="Printed below the pieces of a receipt, such as how long the store repairs for free.",
    )
    receipt_passport = fields.Boolean(
        string="Passport on Receipts",
        help="Each receipt gets a code that leads to the passport of the piece. Whoever holds the "
        "receipt can read it; no price, no customer.",
    )
    register_price_hours = fields.Integer(
        string="Earlier Prices Hold",
        default=24,
        help="Hours for which a register that was cut off may have sold a piece at a price that it "
        "had before.",
    )

    _register_price_hours_positive = models.Constraint(
        "CHECK (register_price_hours >= 0)", "An earlier price cannot hold for less than no time."
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("sale_conflict_account_id")
    def _check_sale_conflict_account(self):
        """Refuse an account whose items cannot be matched: what rates make of a deposit in another
        currency would stay in it.
        """
        if account := self.sale_conflict_account_id.filtered(lambda a: not a.reconcile)[:1]:
            raise ValidationError(
                self.env._(
                    "Allow reconciliation for %(account)s first: each deposit is matched with what "
                    "settles it.",
                    account=account.display_name,
                )
            )

    # === BUSINESS METHODS === #

    @api.model
    def _load_pos_data_fields(self, config):
        """Override of `point_of_sale` for codes of GS1 and what is printed on receipts."""
        return [*super()._load_pos_data_fields(config), "gs1_prefix", "receipt_warranty"]

    def _get_sale_conflict_account(self):
        """Return the account that parks the money of conflicts, made when first needed: an order
        that is paid is never refused for want of a setting.
        """
        self.ensure_one()
        if not self.sale_conflict_account_id:
            # In sudo: whoever syncs an order does not set up accounts.
            company = self.sudo()
            company.sale_conflict_account_id = company.env["account.account"].create(
                company._prepare_sale_conflict_account_vals()
            )
        return self.sale_conflict_account_id

    def _get_transit_place(self):
        """Return the place of what is under way between the shops of the company."""
        self.ensure_one()
        # In sudo: whoever asks for a piece does not set up places.
        place = self.sudo().internal_transit_location_id
        if not place.active or place.jewelry_role != "transit":
            place.write({"active": True, "jewelry_role": "transit"})
        return place

    def _prepare_sale_conflict_account_vals(self):
        accounts = self.env["account.account"].with_company(self)
        return {
            "name": self.env._("Customer deposits for pieces not handed over"),
            "code": accounts._search_new_account_code("250000"),
            "account_type": "liability_current",
            "reconcile": True,
            "company_ids": [Command.set(self.ids)],
        }
