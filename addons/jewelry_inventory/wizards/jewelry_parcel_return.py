from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..const import WEIGHT_DIGITS
from ..tools import balance, weight


class JewelryParcelReturn(models.TransientModel):
    """Take back what is left at a bench, counted and weighed, and compare it with the books."""

    _name = "jewelry.parcel.return"
    _inherit = ["jewelry.parcel.act"]
    _description = "Take Back"

    source_id = fields.Many2one(
        comodel_name="stock.location",
        string="From",
        required=True,
        compute="_compute_source_id",
        store=True,
        precompute=True,
        readonly=False,
        domain="[('quant_ids.lot_id', '=', lot_id), ('usage', 'in', ('internal', 'transit'))]",
    )
    place_id = fields.Many2one(
        comodel_name="stock.location",
        string="Back To",
        required=True,
        compute="_compute_place_id",
        store=True,
        precompute=True,
        readonly=False,
        domain="[('id', '!=', source_id), ('usage', '=', 'internal'),"
        " ('company_id', '=', company_id)]",
    )
    book_quantity = fields.Float(
        string="In the Books There", digits=WEIGHT_DIGITS, compute="_compute_book"
    )
    book_count = fields.Integer(string="Stones in the Books", compute="_compute_book")
    quantity = fields.Float(string="Weighed", digits=WEIGHT_DIGITS)
    stone_count = fields.Integer(string="Counted")
    rest = fields.Selection(
        selection=[("stays", "stays there"), ("lost", "is missing")],
        string="What Is Not Back",
        required=True,
        default="stays",
        help="Missing: a loss. Above the norm it takes a reason and a second person.",
    )
    average_shift = fields.Float(
        string="Average Stone (%)", digits=(16, 1), compute="_compute_average_shift"
    )
    is_suspicious = fields.Boolean(compute="_compute_average_shift")
    reason = fields.Char(help="Why stones are missing, or weigh something else than before.")

    # === COMPUTE METHODS === #

    @api.depends("lot_id")
    def _compute_source_id(self):
        """Propose the bench that has most of it."""
        for taking in self:
            quants = taking.lot_id._get_stock_quants()
            best = quants.sorted(lambda q: (q.location_id.jewelry_role != "bench", -q.quantity))
            taking.source_id = best[:1].location_id

    @api.depends("lot_id", "source_id")
    def _compute_place_id(self):
        """Propose the place that has most of it otherwise, else the stock."""
        for taking in self:
            quants = taking.lot_id._get_stock_quants().sorted(lambda q: -q.quantity)
            stock = taking.company_id._get_stock_place()
            others = quants.location_id - taking.source_id
            taking.place_id = others.filtered(lambda p: p.jewelry_role != "bench")[:1] or stock

    @api.depends("lot_id", "source_id")
    def _compute_book(self):
        for taking in self:
            lot = taking.lot_id
            amount = lot._get_amount_in(taking.source_id) if lot else (0, 0)
            taking.book_quantity, taking.book_count = float(amount[0]), amount[1]

    @api.depends("book_quantity", "book_count", "quantity", "stone_count", "company_id")
    def _compute_average_shift(self):
        for taking in self:
            shift = balance.average_shift(
                (taking.book_quantity, taking.book_count), (taking.quantity, taking.stone_count)
            )
            taking.average_shift = float(shift)
            taking.is_suspicious = abs(shift) > taking.company_id.parcel_tolerance

    # === ACTION METHODS === #

    def action_return(self):
        """Take it back; what a second person must approve is left as a draft.

        :raises UserError: when nothing comes back
        """
        transformation = self._create_transformation()
        if transformation.needs_approval:
            return transformation._get_records_action()
        transformation.action_done()
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS METHODS === #

    def _create_transformation(self):
        """Return the draft that takes back what came, and declares what is missing."""
        self.ensure_one()
        if self.quantity <= 0:
            raise UserError(self.env._("Count and weigh what comes back."))
        missing, found = self._get_differences()
        return self.env["jewelry.transformation"].create(
            {
                "kind": "return",
                "company_id": self.company_id.id,
                "place_id": self.place_id.id,
                "loss_reason": self.reason,
                "line_ids": [
                    self._prepare_line("in", *self._get_taken(), place_id=self.source_id.id),
                    self._prepare_line("out", self.quantity, self.stone_count),
                    *([self._prepare_line("loss", *missing)] if any(missing) else []),
                    *([self._prepare_line("gain", *found)] if any(found) else []),
                ],
            }
        )

    def _get_taken(self):
        """Return the amount that leaves the bench in the books."""
        if self.rest == "stays":
            return self.quantity, self.stone_count
        return self.book_quantity, self.book_count

    def _get_differences(self):
        """Return the amounts that are missing of what is in the books, and that are too much."""
        quantity, count = self._get_taken()
        carats = float(weight.round_milli(quantity) - weight.round_milli(self.quantity))
        stones = count - self.stone_count
        return (max(carats, 0.0), max(stones, 0)), (max(-carats, 0.0), max(-stones, 0))

    def _prepare_line(self, direction, quantity, count, **values):
        """Return the line of an amount of the lot, in carats and stones or in grams."""
        if self.jewelry_kind == "parcel":
            amount = {"carat": quantity, "stone_count": count}
        else:
            amount = {"metal_weight": quantity, "alloy_id": self.lot_id.product_id.alloy_id.id}
        line = {"direction": direction, "lot_id": self.lot_id.id}
        return Command.create(line | amount | values)
