from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.custody import Limit
from .stock_location import PLACE_ROLES

LIMIT_PERIODS = [
    ("always", "Always"),
    ("open", "While Open"),
    ("closed", "While Closed"),
]


class JewelryCustodyLimit(models.Model):
    """What the store's insurance covers at most: in a place, or in all places of a role.

    It is compared with retail prices or with costs, as the company's policy counts. A move into a
    place that would exceed it takes a manager and a reason.
    """

    _name = "jewelry.custody.limit"
    _description = "Insured Limit"
    _order = "role, place_id, amount, id"
    _check_company_auto = True

    name = fields.Char(required=True, help="Such as: window at night.")
    policy_ref = fields.Char(string="Policy Number")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    place_id = fields.Many2one(
        comodel_name="stock.location",
        check_company=True,
        domain="[('usage', 'in', ('view', 'internal', 'transit'))]",
        index="btree_not_null",
        ondelete="restrict",
        help="With all places inside it.",
    )
    role = fields.Selection(
        selection=[(role, label) for role, label in PLACE_ROLES if role != "gone"],
        help="All places of the role together, and those inside them that have no role.",
    )
    amount = fields.Monetary(required=True, help="0: nothing may be there at all.")
    period = fields.Selection(
        selection=LIMIT_PERIODS,
        required=True,
        default="always",
        help="While the store is open, or while it is closed, by the hours in the settings.",
    )

    # Written by whoever brings goods there: of two at once, one begins anew and sees the other's.
    checked_date = fields.Datetime(string="Last Checked On", readonly=True, copy=False)

    _place_or_role = models.Constraint(
        "CHECK ((place_id IS NULL) <> (role IS NULL))",
        "A limit is for a place or for a role. Choose one of them.",
    )
    _amount_positive = models.Constraint(
        "CHECK (amount >= 0)", "A limit cannot be negative. Enter what the policy says, or 0."
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("place_id")
    def _check_place(self):
        """Refuse a place where goods are not in our custody."""
        for limit in self.filtered("place_id"):
            if limit.place_id.usage not in ("view", "internal", "transit"):
                raise ValidationError(
                    self.env._(
                        "What is in %(place)s is not in your custody. Choose a place of the store.",
                        place=limit.place_id.display_name,
                    )
                )

    # === BUSINESS METHODS === #

    @api.model
    def _get_limits(self, company, period):
        """Return the limits of a company in force while it is open or closed.

        :param str period: open or closed
        """
        domain = [("company_id", "=", company.id), ("period", "in", ("always", period))]
        return self.search(domain)

    def _get_rule(self):
        """Return the limit as the rules of custody take it."""
        self.ensure_one()
        return Limit(self.id, self.place_id.id, self.role, self.amount)
