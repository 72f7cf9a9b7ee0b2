from odoo import api, fields, models

from odoo.addons.jewelry_inventory.const import PIECE_KINDS


class PosConfig(models.Model):
    """A register with a pad beside it: what lies on it is on the order."""

    _inherit = "pos.config"

    rfid_pad_id = fields.Many2one(
        comodel_name="jewelry.rfid.zone",
        string="Pad",
        check_company=True,
        index="btree_not_null",
        ondelete="set null",
        domain="[('kind', '=', 'pad')]",
        help="Pieces that lie on it come onto the order, and leave it when they are taken away.",
    )

    _rfid_pad_unique = models.UniqueIndex(
        "(rfid_pad_id) WHERE rfid_pad_id IS NOT NULL", "This pad lies beside another register."
    )

    # === PUBLIC METHODS, FOR THE REGISTER === #

    @api.readonly
    def read_pad(self):
        """Return what lies on the register's pad now.

        :return: `piece_ids` in the order in which they came, `is_watched` whether a running reader
            looks at it, and `time` in milliseconds by which an older answer is known; False where
            the register has no pad
        """
        self.ensure_one()
        self.check_access("read")
        # In sudo: whoever sells here may know what lies here, readers and gateways included.
        return bool(self.rfid_pad_id) and self.sudo()._prepare_pad()

    # === LOADING === #

    @api.model
    def _load_pos_data_read(self, records, config):
        """Override of `point_of_sale` to tell the register whether it has a pad."""
        rows = super()._load_pos_data_read(records, config)
        for row in rows:
            row["_has_rfid_pad"] = bool(row.get("rfid_pad_id"))
        return rows

    # === BUSINESS METHODS === #

    def _prepare_pad(self):
        pad = self.rfid_pad_id
        tags = self.env["jewelry.rfid.tag"].search(
            [
                ("last_zone_id", "=", pad.id),
                ("is_present", "=", True),
                ("state", "=", "live"),
                ("company_id", "=", self.company_id.id),
                ("lot_id.jewelry_kind", "in", PIECE_KINDS),
            ],
            order="present_since, id",
        )
        return {
            "piece_ids": tags.lot_id.ids,
            "is_watched": pad.id in self.env["jewelry.rfid.wall"]._get_watched(pad),
            "time": self.env["jewelry.rfid.gateway"]._get_time(),
        }

    @api.model
    def _tell_pads(self, zones):
        """Tell open registers what lies on their pads now, where that has changed.

        :param zones: ids of the zones where it has
        """
        if not zones:
            return
        configs = self.search([("rfid_pad_id", "in", sorted(zones))])
        for config in configs.filtered("current_session_id"):
            config._notify("RFID_PAD", config._prepare_pad())
