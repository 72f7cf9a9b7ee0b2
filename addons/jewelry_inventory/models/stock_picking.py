from odoo import api, fields, models


class StockPicking(models.Model):
    """Deliveries that bring pieces."""

    _inherit = "stock.picking"

    has_pieces = fields.Boolean(compute="_compute_has_pieces")

    # === COMPUTE METHODS === #

    @api.depends("move_ids.move_line_ids.lot_id.jewelry_kind")
    def _compute_has_pieces(self):
        for picking in self:
            picking.has_pieces = any(picking.move_ids.move_line_ids.lot_id.mapped("jewelry_kind"))

    # === ACTION METHODS === #

    def action_print_piece_labels(self):
        """Print the labels of the pieces, stones and parcels that the delivery brought."""
        return self.move_ids.move_line_ids.lot_id.action_print_labels()

    def action_attach_sourcing(self):
        """Open the wizard that puts a paper on all that the delivery brought."""
        self.ensure_one()
        day = self.date_done and fields.Datetime.context_timestamp(self, self.date_done).date()
        values = {"lot_ids": self.move_ids.move_line_ids.lot_id.ids, "received_on": day}
        return self.env["jewelry.sourcing.attach"]._open(values)
