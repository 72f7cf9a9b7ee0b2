from odoo import fields, models

from odoo.addons.jewelry_inventory.const import COST_GROUPS


class JewelryDeliveryEntryLine(models.TransientModel):
    """One piece of a vendor's delivery, with its main stone and metal."""

    _name = "jewelry.delivery.entry.line"
    _inherit = ["jewelry.delivery.material"]
    _description = "Piece of a Delivery"

    entry_id = fields.Many2one(
        comodel_name="jewelry.delivery.entry", required=True, ondelete="cascade", index=True
    )
    move_id = fields.Many2one(comodel_name="stock.move", required=True, ondelete="cascade")
    product_id = fields.Many2one(related="move_id.product_id")
    currency_id = fields.Many2one(related="entry_id.currency_id")
    name = fields.Char(help="Empty: the next number of the store.")
    vendor_ref = fields.Char(string="Vendor Number")
    cost_unit = fields.Monetary(string="Cost", groups=COST_GROUPS)
    company_currency_id = fields.Many2one(
        related="entry_id.company_currency_id", string="Company Currency"
    )
    list_price = fields.Monetary(string="Price", currency_field="company_currency_id")
    gross_weight = fields.Float(string="Gross (g)", digits=(16, 3))
    hallmark = fields.Char()
    inscription = fields.Char()

    def _get_line_for(self, style):
        """Return the first of these lines, or the first whose style a vendor's list names."""
        if not style:
            return self[:1]
        word = style.casefold()
        return self.filtered(
            lambda line: (
                word
                in (
                    (line.product_id.name or "").casefold(),
                    (line.product_id.default_code or "").casefold(),
                )
            )
        )[:1]

    def _prepare_lot_vals(self):
        self.ensure_one()
        vals = {
            "product_id": self.product_id.id,
            "company_id": self.entry_id.company_id.id,
            "vendor_id": self.entry_id.picking_id.partner_id.id,
            "vendor_ref": self.vendor_ref,
            "hallmark": self.hallmark,
            "inscription": self.inscription,
            "gross_weight": self.gross_weight,
            "list_price": self.list_price,
        }
        return vals | ({"name": self.name} if self.name else {})

    def _prepare_stone_vals(self, lot):
        """Override: a loose stone is at home under the number of its own piece."""
        vals = super()._prepare_stone_vals(lot)
        if lot.jewelry_kind == "stone":
            vals |= {"number": lot.name, "home_lot_id": lot.id, "product_id": lot.product_id.id}
        return vals

    def _prepare_move_line_vals(self, lot):
        move = self.move_id
        return {
            "product_id": self.product_id.id,
            "lot_id": lot.id,
            "quantity": 1,
            "cost_unit": self._get_company_cost(),
            "location_id": move.location_id.id,
            "location_dest_id": move.location_dest_id.id,
            "picking_id": move.picking_id.id,
        }

    def _get_company_cost(self):
        """Return the entered cost in company currency, at today's rate."""
        return self.currency_id._convert(
            self.cost_unit, self.company_currency_id, self.entry_id.company_id
        )
