from odoo import fields, models

ZONE_KINDS = [
    ("safe", "Safe"),
    ("case", "Case"),
    ("tray", "Tray"),
    ("bench", "Bench"),
    ("door", "Door"),
    ("pad", "Pad"),
]


class JewelryRfidZone(models.Model):
    """What one or more antennas look at: a place of the store, or a door or pad at which nothing
    is stored.
    """

    _name = "jewelry.rfid.zone"
    _description = "RFID Zone"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(selection=ZONE_KINDS, required=True, default="case")
    location_id = fields.Many2one(
        comodel_name="stock.location",
        string="Place",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('usage', '=', 'internal')]",
        help="Where what is seen here should be by the books. Empty: nothing is stored here, and "
        "nothing is proposed for what is seen.",
    )
    antenna_ids = fields.One2many(
        comodel_name="jewelry.rfid.antenna", inverse_name="zone_id", string="Antennas"
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )

    _name_unique = models.UniqueIndex(
        "(company_id, name)", "Another zone has this name. Gateways know zones by their names."
    )
