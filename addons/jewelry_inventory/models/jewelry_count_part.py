from odoo import api, fields, models


class JewelryCountPart(models.Model):
    """One person's part in a count: when they joined, what they scanned, their initials."""

    _name = "jewelry.count.part"
    _inherit = "jewelry.guard.mixin"
    _description = "Part in a Count"
    _order = "id"

    count_id = fields.Many2one(
        comodel_name="jewelry.count",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    user_id = fields.Many2one(
        comodel_name="res.users", string="Person", required=True, readonly=True, ondelete="restrict"
    )
    initials = fields.Char(compute="_compute_initials", store=True)
    join_date = fields.Datetime(
        string="Joined On", required=True, readonly=True, default=fields.Datetime.now
    )
    scan_date = fields.Datetime(string="Last Scan On", readonly=True)
    scan_count = fields.Integer(string="Scans", readonly=True)
    close_date = fields.Datetime(string="Signed On", readonly=True)

    _user_unique = models.UniqueIndex(
        "(count_id, user_id)", "Two initials are those of two people."
    )

    # === COMPUTE METHODS === #

    @api.depends("user_id.name")
    def _compute_initials(self):
        for part in self:
            words = (part.user_id.name or "").split()
            part.initials = "".join(word[0].upper() for word in words[:3])

    # === CRUD METHODS === #

    def _get_guarded_fields(self):
        """Override: whoever counts writes their part by counting."""
        return super()._get_guarded_fields() | {
            "count_id",
            "user_id",
            "join_date",
            "scan_date",
            "scan_count",
            "close_date",
        }
