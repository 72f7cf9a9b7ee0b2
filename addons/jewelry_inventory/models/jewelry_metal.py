from odoo import api, fields, models


class JewelryMetal(models.Model):
    """A pure metal, or one that the trade treats as such (steel, brass)."""

    _name = "jewelry.metal"
    _inherit = ["jewelry.vocabulary.mixin"]
    _description = "Metal"

    symbol = fields.Char(help="Chemical symbol, if it is an element.")
    is_precious = fields.Boolean(
        string="Precious",
        help="Precious metals are counted in fine grams and have rates.",
    )
    density = fields.Float(
        string="Density (g/cm³)",
        digits=(6, 2),
        help="Of the pure metal; 0 if not known.",
    )

    _density_not_negative = models.Constraint(
        "CHECK (density >= 0)", "A density cannot be negative. Leave it at 0 if you do not know it."
    )

    # === BUSINESS METHODS === #

    @api.model
    def _get_all(self):
        """Return every metal: an archived one may still be in a piece."""
        return self.search([("active", "in", (True, False))])

    # === ACTION METHODS === #

    def action_view_rates(self):
        """Open the rates of this metal, newest first."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jewelry_inventory.jewelry_metal_rate_action"
        )
        return action | {
            "domain": [("metal_id", "=", self.id)],
            "context": {"default_metal_id": self.id},
        }
