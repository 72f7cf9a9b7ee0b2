from odoo import api, fields, models
from odoo.exceptions import UserError

ZONE_KINDS = [
    ("safe", "Safe"),
    ("case", "Case"),
    ("tray", "Tray"),
    ("bench", "Bench"),
    ("door", "Door"),
    ("pad", "Pad"),
]

# What names zones; those of chips and sightings the database itself does not look after.
MENTIONING = {
    "jewelry.rfid.antenna": "zone_id",
    "jewelry.rfid.tag": "last_zone_id",
    "jewelry.rfid.sighting": "zone_id",
    "jewelry.rfid.alarm": "zone_id",
    "jewelry.rfid.proposal": "zone_id",
}


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

    # === CRUD METHODS === #

    def write(self, vals):
        """Override: nobody tells what leaves a zone in the archive."""
        res = super().write(vals)
        if "active" in vals and not vals["active"]:
            self._find_present()._end_presence()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_on_record(self):
        """Refuse to delete a zone where something was seen, or that an antenna looks at, through
        which something may be seen at this moment.
        """
        for model, name in MENTIONING.items():
            # In sudo: they stay, whether or not one may read them.
            if found := self.env[model].sudo().search([(name, "in", self.ids)], limit=1):
                raise UserError(
                    self.env._(
                        "Antennas look at %(zone)s, or did, and what they saw stays on record. "
                        "Archive it instead.",
                        zone=found[name].name,
                    )
                )

    # === BUSINESS METHODS === #

    def _find_present(self):
        """Return the chips that are present in these zones, in sudo."""
        tags = self.env["jewelry.rfid.tag"].sudo()
        return tags.search([("last_zone_id", "in", self.ids), ("is_present", "=", True)])

    def _end_unseen_presence(self):
        """Let go of the chips that are present here, and that no antenna has read lately that still
        looks here.
        """
        present = self._find_present()
        if present:
            (present - present._filter_read_here())._end_presence()
