from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const import SPECIFIC
from ..tools import cipher
from ..tools.gs1 import PREFIX_PATTERN
from ..tools.web import WebError, check_address

# Places that are made when first needed, by the account that they post to.
PLACE_BY_ACCOUNT = {
    "piece_opening_account_id": "piece_opening_place_id",
    "transformation_wip_account_id": "transformation_place_id",
}


# What the limits of the insurer are compared with.
CUSTODY_BASES = [("price", "Retail prices"), ("cost", "Costs")]

# Where a write-down makes a new cost that nothing raises again (ASC 330-10-35-14).
FINAL_WRITE_DOWN_COUNTRIES = ("US",)


class ResCompany(models.Model):
    """The company's default cost method and the accounts of its pieces."""

    _inherit = "res.company"

    cost_method = fields.Selection(
        selection_add=[(SPECIFIC, "Specific identification")],
        ondelete={SPECIFIC: "set standard"},
    )
    piece_revaluation_account_id = fields.Many2one(
        comodel_name="account.account",
        check_company=True,
        help="Counterpart of a correction of a piece's cost. Empty: the stock closing posts it.",
    )
    piece_write_down_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Piece Write-Down Account",
        check_company=True,
        help="Counterpart of write-downs to net realisable value and of their reversals "
        "(IAS 2.28-33). Empty: the stock closing posts them.",
    )
    piece_reversal_allowed = fields.Boolean(
        string="Reversals of Write-Downs",
        compute="_compute_piece_reversal_allowed",
        store=True,
        readonly=False,
        help="IFRS asks to bring back what was written down once its reason is gone (IAS 2.33). "
        "US GAAP forbids it: the lowered amount is the new cost (ASC 330-10-35-14). The fiscal "
        "country of the company decides until you do.",
    )
    piece_opening_account_id = fields.Many2one(
        comodel_name="account.account",
        check_company=True,
        help="Counterpart of pieces that are taken into stock without a purchase: those at hand "
        "when the books begin, and finds. Empty: the stock closing posts them.",
    )
    piece_opening_place_id = fields.Many2one(
        comodel_name="stock.location",
        check_company=True,
        help="Where pieces come from that are taken into stock without a purchase.",
    )
    gia_url = fields.Char(
        string="GIA Address", copy=False, help="As GIA gave it with the key of the plan."
    )
    gia_key = fields.Char(
        string="GIA Key",
        copy=False,
        groups="base.group_system",
        help="Reports are looked up with it. Nobody but administrators can read it.",
    )
    jewelry_reprice = fields.Selection(
        selection=[
            ("off", "Do nothing"),
            ("ask", "Preview new prices and ask a manager"),
            ("auto", "Reprice at once"),
        ],
        string="When Metal Rates Change",
        required=True,
        default="ask",
    )

    gs1_prefix = fields.Char(
        string="GS1 Company Prefix",
        help="As GS1 gave it to you. Passports then name a piece by a number of GS1 (GIAI). "
        "Empty: by an address of your own.",
    )
    tells_stated_recycled = fields.Boolean(
        string="Tell Stated Metal as Recycled",
        help="Cards and passports add up what has evidence and what is only stated. Unless this is "
        "set, they tell both apart.",
    )
    jewelry_jurisdiction_id = fields.Many2one(
        comodel_name="jewelry.jurisdiction",
        string="Jurisdiction",
        compute="_compute_jewelry_jurisdiction_id",
        store=True,
        readonly=False,
        help="Whose legal rules hold for the store. The address of the company decides until you "
        "do.",
    )
    approval_days = fields.Integer(
        string="Approvals Expire After (Days)",
        default=7,
        required=True,
        help="What nobody decided by then, and approvals that nobody used, must be asked anew.",
    )
    approval_limit = fields.Monetary(
        string="Limit Without Approval",
        help="Up to this cost in all, one person alone writes goods off and changes what they "
        "cost. 0: it always takes a second person.",
    )
    approval_rate_percent = fields.Float(
        string="Metal Rates Out of Line (%)",
        digits=(5, 2),
        default=10.0,
        required=True,
        help="A metal rate that is further from the one before takes a second person.",
    )
    parcel_tolerance = fields.Float(
        string="Tolerated Change of the Average Stone (%)",
        digits=(5, 2),
        default=5.0,
        required=True,
        help="When stones come back from the bench, and their average weight has moved by more "
        "than this, somebody may have swapped them: it takes a reason and a second person.",
    )
    cost_cipher_word = fields.Char(
        groups="jewelry_inventory.group_manager",
        help="Ten different letters that stand for the digits 1 to 9 and 0: on labels staff reads "
        "in them what a piece cost, and clients cannot.",
    )
    cost_cipher_repeat = fields.Char(
        string="Letter for Repeats",
        groups="jewelry_inventory.group_manager",
        help="Stands for a digit that is the same as the one before it.",
    )

    custody_basis = fields.Selection(
        selection=CUSTODY_BASES,
        string="Insured Limits Count",
        required=True,
        default="price",
        help="As the policy of the insurer says: what it takes to replace the goods, which is the "
        "price on the label, or what they cost.",
    )
    custody_opening = fields.Float(
        string="Opens At", default=9.0, required=True, help="Insured limits may differ by hours."
    )
    custody_closing = fields.Float(string="Closes At", default=18.0, required=True)
    custody_calendar_id = fields.Many2one(
        comodel_name="resource.calendar",
        string="Opening Hours",
        check_company=True,
        help="The store is open while this calendar has hours: each weekday its own, days off left "
        "out. Empty: the same hours every day.",
    )
    custody_tz = fields.Char(
        string="Clock of the Store",
        compute="_compute_custody_tz",
        help="The time zone by which the store is open or closed: of the calendar, else of the "
        "address of the company, else of its warehouse. None: UTC.",
    )
    case_items_out = fields.Integer(
        string="Pieces Out at a Time",
        default=2,
        required=True,
        help="As many pieces one person may have out of cases at a time. 0: any number.",
    )

    transformation_place_id = fields.Many2one(
        comodel_name="stock.location",
        check_company=True,
        help="Where pieces and stones are while they are worked on.",
    )
    transformation_wip_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Work in Progress Account",
        check_company=True,
        help="What transformations take out of stock and bring back; it ends at 0 after each. "
        "Empty: added costs and losses are posted by the stock closing.",
    )
    transformation_cost_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Work Added Account",
        check_company=True,
        help="Credited when labour becomes part of a piece.",
    )
    transformation_loss_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Material Loss Account",
        check_company=True,
        help="What is broken or lost in a transformation.",
    )

    _parcel_tolerance_positive = models.Constraint(
        "CHECK (parcel_tolerance >= 0)", "A tolerance cannot be negative. Enter 0 or more."
    )

    _approval_days_positive = models.Constraint(
        "CHECK (approval_days > 0)", "Approvals must hold for at least one day."
    )
    _approval_limits_positive = models.Constraint(
        "CHECK (COALESCE(approval_limit, 0) >= 0 AND approval_rate_percent >= 0)",
        "A limit cannot be negative. Enter 0 to always ask a second person.",
    )

    _custody_hours_sane = models.Constraint(
        "CHECK (custody_opening >= 0 AND custody_opening < 24"
        " AND custody_closing >= 0 AND custody_closing <= 24)",
        "Enter the hours of the store as times of the day, from 0:00 to 24:00.",
    )
    _case_items_out_positive = models.Constraint(
        "CHECK (case_items_out >= 0)",
        "A number of pieces cannot be negative. Enter 0 for any number.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("cost_cipher_word", "cost_cipher_repeat")
    def _check_cost_cipher(self):
        """Refuse a cipher in which two digits would look the same."""
        for company in self.filtered("cost_cipher_word"):
            fault = cipher.find_fault(company.cost_cipher_word, company.cost_cipher_repeat or "")
            if fault == "word":
                raise ValidationError(
                    self.env._(
                        "The word of the cost cipher needs ten different capital letters from A "
                        "to Z, one for each digit, such as BLACKHORSE."
                    )
                )
            if fault == "repeat":
                raise ValidationError(
                    self.env._(
                        "Choose a capital letter for repeats that is not in the word of the cipher."
                    )
                )

    @api.constrains("gs1_prefix")
    def _check_gs1_prefix(self):
        """Refuse what GS1 gives to nobody."""
        for company in self:
            if company.gs1_prefix and not PREFIX_PATTERN.fullmatch(company.gs1_prefix):
                raise ValidationError(
                    self.env._("A company prefix of GS1 has 4 to 12 digits and nothing else.")
                )

    @api.constrains("gia_url")
    def _check_gia_url(self):
        """Refuse an address to which the key would travel readable."""
        for company in self.filtered("gia_url"):
            try:
                check_address(company.gia_url)
            except WebError as error:
                raise ValidationError(
                    self.env._("The address of GIA must begin with https://.")
                ) from error

    # === COMPUTE METHODS === #

    @api.depends("custody_calendar_id.tz", "partner_id.tz")
    def _compute_custody_tz(self):
        # In sudo: whose clock it is does not depend on who looks at it.
        warehouses = self.env["stock.warehouse"].sudo().search([("company_id", "in", self.ids)])
        for company in self:
            own = warehouses.filtered(lambda house, company=company: house.company_id == company)
            zones = [company.custody_calendar_id.sudo().tz, company.partner_id.tz]
            zones += own.partner_id.mapped("tz")
            company.custody_tz = next(filter(None, zones), False)

    @api.depends("account_fiscal_country_id.code")
    def _compute_piece_reversal_allowed(self):
        for company in self:
            country = company.account_fiscal_country_id.code
            company.piece_reversal_allowed = country not in FINAL_WRITE_DOWN_COUNTRIES

    @api.depends("country_id", "state_id")
    def _compute_jewelry_jurisdiction_id(self):
        jurisdictions = self.env["jewelry.jurisdiction"]
        for company in self:
            company.jewelry_jurisdiction_id = jurisdictions._find(
                company.country_id, company.state_id
            )

    # === CRUD METHODS === #

    def write(self, vals):
        """Override to post what passes through a place of ours to its account."""
        res = super().write(vals)
        for account_field, place_field in PLACE_BY_ACCOUNT.items():
            if account_field in vals:
                for company in self.filtered(place_field):
                    place = company[place_field].sudo()
                    place.valuation_account_id = company[account_field]
        return res

    # === BUSINESS METHODS === #

    @api.model
    def _set_missing_jurisdictions(self):
        """Give companies that were there before the jurisdictions the one of their address."""
        companies = self.with_context(active_test=False)
        missing = companies.search([("jewelry_jurisdiction_id", "=", False)])
        missing._compute_jewelry_jurisdiction_id()

    def _get_opening_place(self):
        """Return the place that opening stock comes from, made when first asked for.

        Opening stock never comes from the place of inventory losses: it is no gain.
        """
        return self._get_own_place(
            "piece_opening_account_id", self.env._("Opening stock"), "inventory"
        )

    def _get_stock_place(self):
        """Return the stock of the first warehouse: where goods are put unless somebody says."""
        domain = [("company_id", "=", self.id)]
        return self.env["stock.warehouse"].search(domain, limit=1).lot_stock_id

    def _get_transformation_place(self):
        """Return the place where pieces are worked on, made when first asked for.

        It is not the place of core's manufacturing, whose account is its own.
        """
        return self._get_own_place(
            "transformation_wip_account_id", self.env._("Jewelry work in progress"), "production"
        )

    def _get_own_place(self, account_field, name, usage):
        self.ensure_one()
        place_field = PLACE_BY_ACCOUNT[account_field]
        # An import or a setting is started by a keeper, who may not set up the company.
        company = self.sudo()
        if not company[place_field]:
            company[place_field] = company.env["stock.location"].create(
                {
                    "name": name,
                    "usage": usage,
                    "company_id": company.id,
                    "valuation_account_id": company[account_field].id,
                }
            )
        return self[place_field]
