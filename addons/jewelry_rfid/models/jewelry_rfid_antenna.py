from odoo import api, fields, models


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
        string="Power (dBm)", digits=(16, 1), help="0: as the reader is set by its gateway's file."
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
