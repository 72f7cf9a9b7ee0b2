from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import price
from ..tools.reprice import PriceRule, UsedRate, describe
from ..tools.weight import fine_weight, to_decimal

# What the form computes as an example, until somebody types other figures.
EXAMPLE_GRAMS = 5.0


class JewelryPricePolicy(models.Model):
    """How the pieces of a category are priced from metal, stones and labour."""

    _name = "jewelry.price.policy"
    _description = "Price Policy"
    _inherit = ["mail.thread"]
    _order = "sequence, name, id"
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company.root_id,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    categ_count = fields.Integer(string="Categories", compute="_compute_categ_count")

    # What a piece is made of
    rate_side = fields.Selection(
        selection=[("ask", "Ask: what buying it costs"), ("bid", "Bid: what selling it brings")],
        string="Metal Rate",
        required=True,
        default="ask",
        tracking=True,
    )
    loss = fields.Float(
        string="Metal Loss (%)",
        digits=(5, 2),
        tracking=True,
        help="Share of the metal's value that is added for what working it loses.",
    )
    labour_piece = fields.Monetary(
        string="Labour per Piece",
        tracking=True,
        help="For pieces that state no labour of their own.",
    )
    labour_gram = fields.Monetary(
        string="Labour per Gram",
        tracking=True,
        help="For pieces that state no labour of their own, by the weight of their alloys.",
    )
    stone_basis = fields.Selection(
        selection=[
            ("cost", "At cost, marked up like the rest"),
            ("price", "At their own price, added after the markup"),
        ],
        string="Stones",
        required=True,
        default="cost",
        tracking=True,
        help="What the stated stone value of a piece is. No metal rate ever changes it.",
    )

    # What is put on top
    tier_ids = fields.One2many(
        comodel_name="jewelry.price.tier",
        inverse_name="policy_id",
        string="Markup",
        copy=True,
    )
    rounding_step = fields.Monetary(
        string="Round to Steps of",
        tracking=True,
        help="10 with the ending 9 gives 19, 29, 39; 100 with 95 gives 95, 195, 295; 1 with 0.99 "
        "gives 0.99, 1.99. 0 leaves the price as it is.",
    )
    rounding_ending = fields.Monetary(string="Ending", tracking=True)
    rounding_direction = fields.Selection(
        selection=[("up", "Always up"), ("nearest", "To the nearest")],
        string="Direction",
        required=True,
        default="up",
        tracking=True,
    )
    floor_margin = fields.Float(
        string="Least Margin on Cost (%)",
        digits=(7, 2),
        tracking=True,
        help="No price is below the piece's cost plus this.",
    )
    floor_factor = fields.Float(
        string="Least Multiple",
        digits=(7, 3),
        default=1.0,
        tracking=True,
        help="No price is below this many times what metal, stones and labour come to today.",
    )

    # Example: figures that are tried and not kept
    example_alloy_id = fields.Many2one(
        comodel_name="jewelry.alloy",
        string="Alloy",
        store=False,
        default=lambda self: self._get_example_alloy(),
    )
    example_grams = fields.Float(string="Grams", digits=(16, 3), store=False, default=EXAMPLE_GRAMS)
    example_stones = fields.Monetary(string="Stone Value", store=False)
    example_cost = fields.Monetary(string="Cost", store=False)
    example_html = fields.Html(string="Example", compute="_compute_example_html", sanitize=False)

    _percentages_sane = models.Constraint(
        "CHECK (loss >= 0 AND loss < 100 AND floor_margin >= 0)",
        "Enter loss and margin as percentages of 0 or more. A loss must be below 100 %.",
    )
    _amounts_positive = models.Constraint(
        "CHECK (labour_piece >= 0 AND labour_gram >= 0 AND floor_factor >= 0)",
        "Labour and the least multiple cannot be negative. Enter 0 or more.",
    )
    _ending_below_step = models.Constraint(
        "CHECK (rounding_ending >= 0 AND rounding_step >= 0"
        " AND (rounding_ending < rounding_step OR rounding_ending = 0))",
        "The ending must be smaller than the step: prices in steps of 100 can end with 0 to 99.",
    )

    # === DEFAULT METHODS === #

    def _get_example_alloy(self):
        return self.env.ref("jewelry_inventory.alloy_gold_750_yellow", raise_if_not_found=False)

    # === COMPUTE METHODS === #

    def _compute_categ_count(self):
        categories = self.env["product.category"].search(
            [("jewelry_price_policy_id", "in", self.ids)]
        )
        groups = categories.grouped("jewelry_price_policy_id")
        for policy in self:
            policy.categ_count = len(groups.get(policy._origin, ()))

    @api.depends(
        "rate_side",
        "loss",
        "labour_piece",
        "labour_gram",
        "stone_basis",
        "tier_ids.start",
        "tier_ids.multiplier",
        "tier_ids.addition",
        "rounding_step",
        "rounding_ending",
        "rounding_direction",
        "floor_margin",
        "floor_factor",
        "example_alloy_id",
        "example_grams",
        "example_stones",
        "example_cost",
    )
    def _compute_example_html(self):
        """Price the example by the policy as it stands on the screen."""
        pricing = self.env["jewelry.piece.pricing"]
        for policy in self:
            breakdown = policy._get_example_breakdown()
            policy.example_html = pricing._render_breakdown(breakdown, policy.currency_id)

    # === CONSTRAINT METHODS === #

    @api.constrains("tier_ids")
    def _check_tiers(self):
        """Refuse two tiers that start at the same amount."""
        for policy in self:
            starts = policy.tier_ids.mapped("start")
            if len(starts) > len(set(starts)):
                raise ValidationError(
                    self.env._(
                        "%(policy)s: two tiers start at the same amount. Change or remove one "
                        "of them.",
                        policy=policy.name,
                    )
                )

    # === ACTION METHODS === #

    def action_view_categories(self):
        """Open the categories that name this policy."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Categories"),
            "res_model": "product.category",
            "view_mode": "list,form",
            "domain": [("jewelry_price_policy_id", "=", self.id)],
        }

    # === BUSINESS METHODS === #

    def _get_rule(self, rates=None):
        """Return the policy as `tools.reprice.PriceRule`.

        :param dict rates: {metal id: `jewelry.metal.rate`}; the newest of each metal by default
        """
        self.ensure_one()
        return PriceRule(self.id, self.name, self._get_terms(), self._get_used_rates(rates))

    def _get_terms(self):
        """Return the policy as `tools.price.PricePolicy`.

        A price that is not to end in a special way is rounded as the currency is.
        """
        return price.PricePolicy(
            loss=to_decimal(self.loss),
            labour_piece=to_decimal(self.labour_piece),
            labour_gram=to_decimal(self.labour_gram),
            mark_stones=self.stone_basis == "cost",
            tiers=tuple(sorted(tier._get_tier() for tier in self.tier_ids)),
            step=to_decimal(self.rounding_step or self.currency_id.rounding),
            ending=to_decimal(self.rounding_ending),
            nearest=self.rounding_direction == "nearest" or not self.rounding_step,
            margin=to_decimal(self.floor_margin),
            floor_factor=to_decimal(self.floor_factor),
            unit=price.ONE.scaleb(-self.currency_id.decimal_places),
        )

    def _get_used_rates(self, rates=None):
        """Return {metal id: `tools.reprice.UsedRate`}; steel and brass, without a rate, are free.

        :param dict rates: as in `_get_rule`
        """
        metals = self.env["jewelry.metal"]._get_all()
        if rates is None:
            rates = self.env["jewelry.metal.rate"]._get_rates(metals, self.company_id)
        used = {
            metal.id: UsedRate(metal.code, price.ZERO, "")
            for metal in metals
            if not metal.is_precious
        }
        for rate in rates.values():
            used[rate.metal_id.id] = UsedRate(
                rate.metal_id.code,
                to_decimal(rate[self.rate_side]),
                fields.Datetime.to_string(rate.time),
            )
        return used

    def _get_example_breakdown(self):
        """Return the example's price as `tools.reprice.describe` does; {} without a rate."""
        alloy = self.example_alloy_id
        rate = self._get_used_rates().get(alloy.metal_id.id)
        if alloy and not rate:
            return {}
        fine = fine_weight(self.example_grams, alloy.fineness)
        make_up = price.MakeUp(
            metals=(price.MetalPart(rate.metal, fine, rate.rate),) if alloy else (),
            grams=to_decimal(self.example_grams),
            stones=to_decimal(self.example_stones),
            cost=to_decimal(self.example_cost),
        )
        result = price.compute_price(make_up, self._get_terms())
        return describe(make_up, result, self.name or "", [rate.time] if alloy else [])
