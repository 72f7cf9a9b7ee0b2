from odoo import fields, models

OUTCOMES = [
    ("clean", "As the Books Say"),
    ("differs", "Differences"),
    ("known", "Same Differences"),
    ("blind", "No Reader Looking"),
]


class JewelryRfidAutoCount(models.Model):
    """Figures of a count that a smart case made of itself. The count is kept only where it found
    something that nobody knew.
    """

    _name = "jewelry.rfid.auto.count"
    _description = "Automatic Count"
    _order = "id desc"
    _rec_name = "date"

    zone_id = fields.Many2one(
        comodel_name="jewelry.rfid.zone",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    date = fields.Datetime(required=True, readonly=True)
    outcome = fields.Selection(selection=OUTCOMES, required=True, readonly=True)
    expected = fields.Integer(readonly=True, help="Pieces with a tag, as the books have it.")
    found = fields.Integer(readonly=True)
    missing = fields.Integer(readonly=True)
    misplaced = fields.Integer(string="Wrong Place", readonly=True)
    unexpected = fields.Integer(readonly=True)
    unknown = fields.Integer(string="Unknown Tags", readonly=True)
    untagged = fields.Integer(
        string="Without a Tag", readonly=True, help="Pieces that no reader can see: not counted."
    )
    count_id = fields.Many2one(
        comodel_name="jewelry.count",
        readonly=True,
        ondelete="set null",
        help="Where the differences wait for somebody.",
    )
