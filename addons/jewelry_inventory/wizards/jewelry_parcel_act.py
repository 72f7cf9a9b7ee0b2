from odoo import fields, models

from ..const import BULK_KINDS


class JewelryParcelAct(models.AbstractModel):
    """What every act on a parcel or a lot of metal asks first: which one."""

    _name = "jewelry.parcel.act"
    _description = "Act on a Parcel or Metal"

    lot_id = fields.Many2one(
        comodel_name="stock.lot",
        string="Parcel or Metal",
        required=True,
        domain=[("jewelry_kind", "in", BULK_KINDS)],
        default=lambda self: self.env.context.get("active_id"),
    )
    jewelry_kind = fields.Selection(related="lot_id.jewelry_kind")
    unit_id = fields.Many2one(related="lot_id.product_uom_id")
    company_id = fields.Many2one(related="lot_id.company_id")
