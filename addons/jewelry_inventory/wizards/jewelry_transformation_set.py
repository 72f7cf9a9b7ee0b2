from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..const import COST_GROUPS, WEIGHT_DIGITS
from ..tools import weight


class JewelryTransformationSet(models.TransientModel):
    """Set loose stones in a piece: scan or pick them, see what the piece will be, do it."""

    _name = "jewelry.transformation.set"
    _description = "Set Stones"

    piece_id = fields.Many2one(
        comodel_name="stock.lot",
        required=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    company_id = fields.Many2one(related="piece_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    scan = fields.Char(
        string="Scan a Stone", store=False, help="Its number, or that of its report."
    )
    stone_ids = fields.Many2many(
        comodel_name="jewelry.stone",
        string="Loose Stones",
        domain="[('state', '=', 'loose'), ('company_id', '=', company_id)]",
    )
    parcel_ids = fields.One2many(
        comodel_name="jewelry.transformation.set.parcel",
        inverse_name="wizard_id",
        string="Small Stones",
    )
    weighed = fields.Float(
        string="Weighed After (g)",
        digits=WEIGHT_DIGITS,
        help="Gross weight of the set piece. Empty: metal and stones are added up.",
    )
    work = fields.Monetary(
        string="Cost of the Work", groups=COST_GROUPS, help="Becomes part of the piece."
    )

    gross_after = fields.Float(
        string="Gross After (g)", digits=WEIGHT_DIGITS, compute="_compute_after"
    )
    carat_after = fields.Float(
        string="Carats After", digits=WEIGHT_DIGITS, compute="_compute_after"
    )
    cost_after = fields.Monetary(compute="_compute_cost_after", groups=COST_GROUPS)

    # === COMPUTE METHODS === #

    @api.depends("piece_id", "stone_ids", "parcel_ids.carat", "weighed")
    def _compute_after(self):
        for wizard in self:
            carats = sum([*wizard.stone_ids.mapped("carat"), *wizard.parcel_ids.mapped("carat")])
            gross = wizard.piece_id.gross_weight
            derived = gross and gross + float(weight.stone_grams(carats))
            wizard.gross_after = wizard.weighed or derived
            wizard.carat_after = wizard.piece_id.carat_weight + carats

    @api.depends("piece_id", "stone_ids", "parcel_ids.carat", "work")
    def _compute_cost_after(self):
        for wizard in self:
            lots = wizard.piece_id | wizard.stone_ids.home_lot_id
            cost = lots.with_company(wizard.company_id)._get_cost() + wizard.work
            wizard.cost_after = cost + sum(
                line.carat * line.lot_id.with_company(wizard.company_id)._get_cost()
                for line in wizard.parcel_ids
            )

    # === ONCHANGE METHODS === #

    @api.onchange("scan")
    def _onchange_scan(self):
        """Add the stone that was scanned."""
        code, self.scan = (self.scan or "").strip(), False
        if not code:
            return None
        if stone := self._get_stone_by_scan(code):
            self.stone_ids |= stone
            return None
        return {
            "warning": {
                "title": self.env._("Not found"),
                "message": self.env._(
                    "There is no loose stone with the number %(code)s.", code=code
                ),
            }
        }

    # === ACTION METHODS === #

    def action_set(self):
        """Set the stones and return to the piece."""
        self._create_transformation().action_done()
        return {"type": "ir.actions.act_window_close"}

    def action_prepare(self):
        """Open the transformation as a draft: to enter losses, or for somebody else to do."""
        return self._create_transformation()._get_records_action()

    # === BUSINESS METHODS === #

    def _get_stone_by_scan(self, code):
        """Return the loose stone that a code names: its serial number, its own or a report's."""
        stone = self.env["stock.lot"]._get_piece_by_scan(code).stone_ids
        found = stone or self.env["jewelry.stone"].search(
            ["|", ("number", "=", code), ("report_ids.number", "=", code)]
        )
        return found.filtered(lambda stone: stone.state == "loose")[:1]

    def _create_transformation(self):
        """Return the draft that the wizard describes.

        :raises UserError: when nothing is picked
        """
        self.ensure_one()
        if not self._prepare_inputs():
            raise UserError(self.env._("Pick the stones to set."))
        return self.env["jewelry.transformation"].create(
            {
                "kind": "set",
                "company_id": self.company_id.id,
                "line_ids": [
                    Command.create({"direction": "in", "lot_id": self.piece_id.id}),
                    *self._prepare_inputs(),
                    Command.create(
                        {
                            "direction": "out",
                            "lot_id": self.piece_id.id,
                            "gross_weight": self.weighed,
                        }
                    ),
                ],
                "cost_ids": self._prepare_costs(),
            }
        )

    def _prepare_inputs(self):
        """Return the lines of what is set."""
        return [
            *(
                Command.create({"direction": "in", "lot_id": stone.home_lot_id.id})
                for stone in self.stone_ids
            ),
            *(Command.create(line._prepare_line_vals()) for line in self.parcel_ids),
        ]

    def _prepare_costs(self):
        if not self.work:
            return []
        return [Command.create({"name": self.env._("Setting"), "amount": self.work})]
