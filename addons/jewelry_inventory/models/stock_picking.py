from collections import defaultdict

from odoo import api, fields, models

from ..tools.custody import Exposure


class StockPicking(models.Model):
    """Deliveries that bring pieces, who carries them, and what the insurer has to say."""

    _inherit = "stock.picking"

    has_pieces = fields.Boolean(compute="_compute_has_pieces")
    shipper_id = fields.Many2one(
        comodel_name="res.partner",
        string="Carrier",
        copy=False,
        index="btree_not_null",
        help="Who carries the goods and answers for them on the way.",
    )
    shipment_ref = fields.Char(string="Tracking Number", copy=False)
    custody_excess_ids = fields.One2many(
        comodel_name="jewelry.custody.excess",
        inverse_name="picking_id",
        string="Exceeded Limits",
        readonly=True,
        groups="jewelry_inventory.group_keeper,jewelry_inventory.group_auditor",
    )

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

    # === CUSTODY === #

    def _pre_action_done_hook(self):
        """Override of `stock` to warn before a place holds more than the insurer covers."""
        res = super()._pre_action_done_hook()
        if res is True and self._find_custody_excess(hold=True):
            return self._ask_for_excess()
        return res

    def _find_custody_excess(self, hold=False):
        """Return {transfer: {limit: Exposure}}, what these transfers would exceed and nobody has
        confirmed yet.

        :param bool hold: as of `_find_excess`
        """
        exposures, excesses = (
            self.env["jewelry.custody.exposure"],
            self.env["jewelry.custody.excess"],
        )
        found, earlier = {}, defaultdict(lambda: defaultdict(Exposure))
        for picking in self:
            changes = earlier[picking.company_id]
            for place, exposure in picking._get_custody_changes().items():
                changes[place] += exposure
            excess = exposures._find_excess(picking.company_id, changes, hold) if changes else {}
            unconfirmed = {
                limit: exposure
                for limit, exposure in excess.items()
                if not excesses._is_confirmed_for(picking, limit, exposure)
            }
            if unconfirmed:
                found[picking] = unconfirmed
        return found

    def _get_custody_changes(self):
        """Return {place: Exposure} that the transfer brings, and takes where negative."""
        self.ensure_one()
        picked = self.move_ids.move_line_ids.filtered("picked")
        return self.env["jewelry.custody.exposure"]._get_changes(picked._get_custody_goods())

    def _ask_for_excess(self):
        """Return the dialog in which a manager confirms that limits are exceeded."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jewelry_inventory.jewelry_custody_confirm_action"
        )
        context = dict(self.env.context, default_picking_ids=self.ids)
        return action | {"context": context}

    def _get_shipper_name(self):
        """Hook: return the name of who carries the goods; rooms with carriers extend it."""
        self.ensure_one()
        return self.shipper_id.display_name or ""

    def _get_shipment_ref(self):
        """Hook: return the tracking number; rooms with carriers extend it."""
        self.ensure_one()
        return self.shipment_ref or ""
