from odoo import api, fields, models
from odoo.exceptions import UserError


class JewelryCustodyConfirm(models.TransientModel):
    """Transfers, or goods that are moved without one, which bring more to a place than the
    insurer covers: a manager goes on, with a reason, or nobody does.
    """

    _name = "jewelry.custody.confirm"
    _description = "Exceed an Insured Limit"

    picking_ids = fields.Many2many(comodel_name="stock.picking", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company")
    # Lists of lot, source, destination and quantity: what is exceeded follows from the books.
    goods = fields.Json()
    summary = fields.Text(string="Limits", compute="_compute_summary")
    reason = fields.Char()

    # === COMPUTE METHODS === #

    @api.depends("picking_ids", "goods", "company_id")
    def _compute_summary(self):
        excesses = self.env["jewelry.custody.excess"]
        for wizard in self:
            # Of the transfers themselves, not of what the dialog has in mind.
            found = wizard.picking_ids._origin._find_custody_excess()
            lines = [excesses._describe(excess) for excess in found.values()]
            lines.append(excesses._describe(wizard._find_goods_excess()))
            wizard.summary = "\n".join(filter(None, lines))

    # === ACTION METHODS === #

    def action_confirm(self):
        """Write down why the limits are exceeded, and validate the transfers. Goods without a
        transfer are moved by doing again what asked.

        :raises AccessError: unless a manager does it
        :raises UserError: without a reason
        """
        self.ensure_one()
        if goods := self._read_goods():
            self.env["jewelry.custody.excess"]._confirm_goods(self.company_id, goods, self.reason)
            return self._tell_confirmed()
        self.picking_ids.check_access("write")
        for picking, excess in self.picking_ids._find_custody_excess().items():
            excesses = self.env["jewelry.custody.excess"]
            excesses._confirm(excess, self.reason, picking_id=picking.id)
        asked = self.env.context.get("button_validate_picking_ids")
        pickings = self.env["stock.picking"].browse(asked) if asked else self.picking_ids
        return pickings.button_validate()

    # === BUSINESS METHODS === #

    def _find_goods_excess(self):
        exposures = self.env["jewelry.custody.exposure"]
        goods = self._read_goods()
        return exposures._find_excess(self.company_id, exposures._get_changes(goods))

    def _read_goods(self):
        """Return the goods as records, those that the user may read.

        :raises UserError: for what no warning hands over
        """
        lots, places = self.env["stock.lot"], self.env["stock.location"]
        try:
            rows = [
                [
                    lots.browse(int(lot)),
                    places.browse(int(source)),
                    places.browse(int(dest)),
                    float(quantity),
                ]
                for lot, source, dest, quantity in self.goods or []
            ]
        except (TypeError, ValueError, OverflowError) as error:
            raise UserError(self.env._("Move the goods again: the warning asks anew.")) from error
        found = lots.union(*(row[0] for row in rows))
        found.check_access("read")
        if found.company_id - self.company_id:
            raise UserError(self.env._("Move the goods again: the warning asks anew."))
        return rows

    def _tell_confirmed(self):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("It is on record. Do it again now: it is let through."),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
