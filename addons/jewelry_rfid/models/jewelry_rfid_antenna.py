from odoo import api, fields, models
from odoo.exceptions import UserError


class JewelryRfidAntenna(models.Model):
    """One antenna of a reader, and the zone that it looks at."""

    _name = "jewelry.rfid.antenna"
    _description = "RFID Antenna"
    _order = "reader_id, port"
    _rec_names_search = ["reader_id.code"]
    _check_company_auto = True

    reader_id = fields.Many2one(
        comodel_name="jewelry.rfid.reader", required=True, index=True, ondelete="cascade"
    )
    port = fields.Integer(required=True, help="The number of the socket on the reader.")
    zone_id = fields.Many2one(
        comodel_name="jewelry.rfid.zone",
        check_company=True,
        index="btree_not_null",
        ondelete="set null",
        help="Empty: what it sees is kept, and nothing follows from it.",
    )
    power = fields.Float(
        string="Power (dBm)",
        digits=(16, 1),
        help="0: as the gateway's file says, which is never exceeded.",
    )
    company_id = fields.Many2one(related="reader_id.company_id", store=True, index=True)

    _port_unique = models.Constraint(
        "UNIQUE (reader_id, port)", "The reader has an antenna with this number already."
    )
    _port_sane = models.Constraint(
        "CHECK (port >= 0 AND port <= 255)", "The number of an antenna is from 0 to 255."
    )
    _power_sane = models.Constraint(
        "CHECK (power >= 0 AND power <= 40)", "The power is from 0 to 40 dBm."
    )

    @api.depends("reader_id.code", "port")
    def _compute_display_name(self):
        for antenna in self:
            antenna.display_name = f"{antenna.reader_id.code or ''} / {antenna.port}"

    # === CRUD METHODS === #

    def write(self, vals):
        """Override: what an antenna saw in a zone that it no longer looks at is not there."""
        before = self.zone_id if "zone_id" in vals else self.env["jewelry.rfid.zone"]
        res = super().write(vals)
        before._end_unseen_presence()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_seen(self):
        if seen := self._find_seen():
            raise UserError(
                self.env._(
                    "What the antenna %(antenna)s has seen stays on record. Take its zone away, or "
                    "archive the reader.",
                    antenna=seen.display_name,
                )
            )

    # === BUSINESS METHODS === #

    def _find_seen(self):
        """Return one of the antennas that have seen something, or none: it stays on record."""
        # In sudo: it stays, whether or not one may read it.
        sightings = self.env["jewelry.rfid.sighting"].sudo()
        found = sightings.search([("antenna_id", "in", self.ids)], limit=1)
        return found.antenna_id.sudo(False)

    def _get_zone(self):
        """Return the zone that it looks at; one in the archive is none."""
        return self.zone_id.filtered("active")

    def _filter_used(self):
        """Return the antennas of which neither reader nor gateway is in the archive."""
        return self.filtered(
            lambda antenna: antenna.reader_id.active and antenna.reader_id.gateway_id.active
        )

    def _filter_running(self):
        """Return the antennas of running readers at running gateways."""
        return self._filter_used().filtered(
            lambda antenna: (
                antenna.reader_id.state == "up" and antenna.reader_id.gateway_id.state == "up"
            )
        )
