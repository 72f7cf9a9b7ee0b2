from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..const import COST_GROUPS, WEIGHT_DIGITS


class JewelryTransformationUnset(models.TransientModel):
    """Take stones out of a piece: say for each what becomes of it, and do it."""

    _name = "jewelry.transformation.unset"
    _description = "Unset Stones"

    piece_id = fields.Many2one(
        comodel_name="stock.lot",
        required=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    company_id = fields.Many2one(related="piece_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    line_ids = fields.One2many(
        comodel_name="jewelry.transformation.unset.line",
        inverse_name="wizard_id",
        string="Stones",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    weighed = fields.Float(
        string="Weighed After (g)",
        digits=WEIGHT_DIGITS,
        help="Gross weight of the piece without them. Empty: their weight is taken off.",
    )
    work = fields.Monetary(
        string="Cost of the Work", groups=COST_GROUPS, help="Becomes part of the piece."
    )

    # === COMPUTE METHODS === #

    @api.depends("piece_id")
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [Command.clear()] + [
                Command.create({"stone_id": stone.id}) for stone in wizard.piece_id.stone_ids
            ]

    # === ACTION METHODS === #

    def action_unset(self):
        """Unset the stones; what a second person must approve is left as a draft.

        :raises UserError: when no stone leaves
        """
        transformation = self._create_transformation()
        if transformation.needs_approval:
            return transformation._get_records_action()
        transformation.action_done()
        return {"type": "ir.actions.act_window_close"}

    def action_prepare(self):
        """Open the transformation as a draft."""
        return self._create_transformation()._get_records_action()

    # === BUSINESS METHODS === #

    def _create_transformation(self):
        self.ensure_one()
        leaving = self.line_ids.filtered(lambda line: line.outcome != "stay")
        if not leaving:
            raise UserError(self.env._("Choose for at least one stone what becomes of it."))
        out = {"direction": "out", "lot_id": self.piece_id.id, "gross_weight": self.weighed}
        return self.env["jewelry.transformation"].create(
            {
                "kind": "unset",
                "company_id": self.company_id.id,
                "loss_reason": "; ".join(filter(None, leaving.mapped("reason"))),
                "line_ids": [
                    Command.create({"direction": "in", "lot_id": self.piece_id.id}),
                    Command.create(out),
                    *(Command.create(line._prepare_line_vals()) for line in leaving),
                ],
                "cost_ids": self._prepare_costs(),
            }
        )

    def _prepare_costs(self):
        if not self.work:
            return []
        return [Command.create({"name": self.env._("Unsetting"), "amount": self.work})]
