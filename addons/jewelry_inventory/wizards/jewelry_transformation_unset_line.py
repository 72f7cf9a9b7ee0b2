from odoo import Command, api, fields, models

from ..const import COST_GROUPS, WEIGHT_DIGITS


class JewelryTransformationUnsetLine(models.TransientModel):
    """What becomes of one stone, or of a part of a group."""

    _name = "jewelry.transformation.unset.line"
    _description = "Stone to Unset"

    wizard_id = fields.Many2one(
        comodel_name="jewelry.transformation.unset",
        required=True,
        index=True,
        ondelete="cascade",
    )
    stone_id = fields.Many2one(comodel_name="jewelry.stone", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="stone_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    outcome = fields.Selection(
        selection=[
            ("stay", "Stays"),
            ("loose", "Comes out loose"),
            ("parcel", "Goes into a parcel"),
            ("lost", "Is broken or lost"),
        ],
        string="What Becomes of It",
        required=True,
        default="stay",
    )
    carat = fields.Float(
        string="Carats",
        digits=WEIGHT_DIGITS,
        compute="_compute_carat",
        store=True,
        readonly=False,
    )
    stone_count = fields.Integer(
        string="Count", compute="_compute_stone_count", store=True, readonly=False
    )
    home_lot_id = fields.Many2one(related="stone_id.home_lot_id")
    product_id = fields.Many2one(
        comodel_name="product.product",
        string="New Style",
        compute="_compute_product_id",
        store=True,
        readonly=False,
        help="The style of the number that the stone gets: it was bought inside the piece.",
    )
    parcel_id = fields.Many2one(
        comodel_name="stock.lot",
        compute="_compute_parcel_id",
        store=True,
        readonly=False,
        domain="[('jewelry_kind', '=', 'parcel'), ('company_id', '=', company_id)]",
        help="Empty: a new parcel of the style.",
    )
    is_cost_known = fields.Boolean(compute="_compute_is_cost_known")
    stated_value = fields.Monetary(
        string="Its Cost", groups=COST_GROUPS, help="Its share of what the piece cost."
    )
    reason = fields.Char()

    # === COMPUTE METHODS === #

    @api.depends("stone_id")
    def _compute_stone_count(self):
        for line in self:
            line.stone_count = line.stone_id.count

    @api.depends("stone_id", "stone_count")
    def _compute_carat(self):
        """Propose what that many average stones of the group weigh."""
        for line in self:
            stone = line.stone_id
            average = stone.count and stone.carat / stone.count
            line.carat = round(average * line.stone_count, WEIGHT_DIGITS[1])

    @api.depends("stone_id")
    def _compute_parcel_id(self):
        """Propose the parcel that the stones were taken from."""
        settings = self.stone_id._get_setting_lines()
        for line in self:
            setting = settings.get(line.stone_id)
            line.parcel_id = setting and setting.lot_id._filter_parcels()

    @api.depends("stone_id")
    def _compute_product_id(self):
        for line in self:
            line.product_id = line.stone_id.home_lot_id.product_id or line.stone_id.product_id

    @api.depends("stone_id")
    def _compute_is_cost_known(self):
        known = self.stone_id._get_setting_lines()
        for line in self:
            line.is_cost_known = line.stone_id in known

    # === BUSINESS METHODS === #

    def _prepare_line_vals(self):
        """Return the values of the line of the transformation."""
        self.ensure_one()
        vals = {
            "stone_ids": [Command.set(self.stone_id.ids)],
            "carat": self.carat,
            "stone_count": self.stone_count,
        }
        if self.outcome == "lost":
            vals |= {"direction": "loss", "reason": self.reason}
        else:
            lot = self.home_lot_id if self.outcome == "loose" else self.parcel_id
            vals |= {"direction": "out", "lot_id": lot.id, "product_id": self._get_style(lot).id}
        if not self.is_cost_known and self.stated_value:
            vals |= {"cost_rule": "stated", "stated_value": self.stated_value}
        return vals

    def _get_style(self, lot):
        return lot.product_id or self.product_id
