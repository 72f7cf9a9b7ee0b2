from odoo import api, fields, models

from ..const import WEIGHT_DIGITS


class JewelryParcelIssue(models.TransientModel):
    """Hand stones of a parcel, or metal, to a bench or another place: counted and weighed."""

    _name = "jewelry.parcel.issue"
    _inherit = ["jewelry.parcel.act"]
    _description = "Hand Out"

    source_id = fields.Many2one(
        comodel_name="stock.location",
        string="Out Of",
        required=True,
        compute="_compute_source_id",
        store=True,
        precompute=True,
        readonly=False,
        domain="[('quant_ids.lot_id', '=', lot_id), ('usage', 'in', ('internal', 'transit'))]",
    )
    place_id = fields.Many2one(
        comodel_name="stock.location",
        string="To",
        required=True,
        domain="[('id', '!=', source_id), ('usage', 'in', ('internal', 'transit')),"
        " ('company_id', '=', company_id)]",
    )
    free_quantity = fields.Float(string="There", digits=WEIGHT_DIGITS, compute="_compute_there")
    free_count = fields.Integer(string="Stones There", compute="_compute_there")
    quantity = fields.Float(digits=WEIGHT_DIGITS)
    stone_count = fields.Integer(
        string="Stones",
        compute="_compute_stone_count",
        store=True,
        readonly=False,
        help="As counted. Proposed: what the carats make by the average stone.",
    )

    # === COMPUTE METHODS === #

    @api.depends("lot_id")
    def _compute_source_id(self):
        """Propose the place with most of it that is no bench."""
        for issue in self:
            quants = issue.lot_id._get_stock_quants()
            best = quants.sorted(lambda q: (q.location_id.jewelry_role == "bench", -q.quantity))
            issue.source_id = best[:1].location_id

    @api.depends("lot_id", "source_id")
    def _compute_there(self):
        for issue in self:
            lot, place = issue.lot_id, issue.source_id
            owner = issue._get_owner()
            issue.free_quantity = lot and lot._get_free_quantity(place, owner)
            issue.free_count = lot and lot._get_amount_in(place)[1]

    @api.depends("lot_id", "quantity")
    def _compute_stone_count(self):
        for issue in self:
            group = issue.lot_id.stone_ids[:1]
            issue.stone_count = group and issue.lot_id._estimate_count(issue.quantity)

    # === ACTION METHODS === #

    def action_issue(self):
        """Move it, counted and weighed.

        :raises UserError: when that much is not there
        """
        self.ensure_one()
        self.lot_id.with_company(self.company_id)._move_bulk(
            self.source_id, self.place_id, self.quantity, self.stone_count, self._get_owner()
        )
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS METHODS === #

    def _get_owner(self):
        """Return whose goods are handed out: ours first, else those of who has some there."""
        return self.lot_id._get_source_quants(self.source_id).owner_id
