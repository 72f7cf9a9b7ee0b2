from odoo import api, fields, models


class JewelryCustodyConfirm(models.TransientModel):
    """Transfers that bring more to a place than the insurer covers: a manager goes on, with a
    reason, or nobody does.
    """

    _name = "jewelry.custody.confirm"
    _description = "Exceed an Insured Limit"

    picking_ids = fields.Many2many(comodel_name="stock.picking", required=True, readonly=True)
    summary = fields.Text(string="Limits", compute="_compute_summary")
    reason = fields.Char()

    # === COMPUTE METHODS === #

    @api.depends("picking_ids")
    def _compute_summary(self):
        excesses = self.env["jewelry.custody.excess"]
        for wizard in self:
            # Of the transfers themselves, not of what the dialog has in mind.
            found = wizard.picking_ids._origin._find_custody_excess()
            lines = [excesses._describe(excess) for excess in found.values()]
            wizard.summary = "\n".join(lines)

    # === ACTION METHODS === #

    def action_confirm(self):
        """Write down why the limits are exceeded, and validate the transfers.

        :raises AccessError: unless a manager does it
        :raises UserError: without a reason
        """
        self.ensure_one()
        self.picking_ids.check_access("write")
        for picking, excess in self.picking_ids._find_custody_excess().items():
            excesses = self.env["jewelry.custody.excess"]
            excesses._confirm(excess, self.reason, picking_id=picking.id)
        asked = self.env.context.get("button_validate_picking_ids")
        pickings = self.env["stock.picking"].browse(asked) if asked else self.picking_ids
        return pickings.button_validate()
