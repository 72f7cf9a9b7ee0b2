from odoo import api, fields, models


class JewelryMetal(models.Model):
    """A pure metal, or one that the trade treats as such (steel, brass)."""

    _name = "jewelry.metal"
    _inherit = ["jewelry.vocabulary.mixin", "jewelry.approval.mixin"]
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

    def _get_approval_types(self):
        """Override to let a rate be typed that is out of line."""
        return super()._get_approval_types() | {"rate_override": {"bid": float, "ask": float}}

    def _describe_approval(self, kind, values):
        """Override to show the rate beside the one that holds."""
        return self.env["jewelry.metal.rate"]._describe_override(
            values, self.env["jewelry.metal.rate"]._get_rates(self, self.env.company), self
        )

    def _carry_out_approval(self, kind, values, reason):
        """Override to add the rate, as of now."""
        self.env["jewelry.metal.rate"].create(
            [row | {"metal_id": metal.id, "source": reason} for metal, row in values.items()]
        )

    def _get_approval_company(self):
        """Override: rates belong to main companies."""
        return self.env.company.root_id

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
