from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const import SPECIFIC


class ProductCategory(models.Model):
    """Specific identification as a costing method of a category."""

    _inherit = "product.category"

    property_cost_method = fields.Selection(
        selection_add=[(SPECIFIC, "Specific identification")],
        ondelete={SPECIFIC: "set standard"},
        help="Standard Price: every unit at the cost written on the product.\n"
        "Average Cost (AVCO): every unit at the weighted average cost.\n"
        "First In First Out (FIFO): what came in first goes out first, at its cost.\n"
        "Specific identification: every serial number at its own cost (IAS 2.23); products without"
        " serial numbers in such a category are valued at average cost.",
    )
    jewelry_price_policy_id = fields.Many2one(
        comodel_name="jewelry.price.policy",
        string="Price Policy",
        company_dependent=True,
        check_company=True,
        groups="jewelry_inventory.group_keeper",
        help="How pieces of this category are priced. Empty: as those of the category above.",
    )

    @api.constrains("jewelry_price_policy_id")
    def _check_price_policy(self):
        """Refuse the policy of another company: it reckons in that company's money and rates."""
        for policy in self.jewelry_price_policy_id:
            if not policy.filtered_domain(policy._check_company_domain(self.env.company)):
                raise ValidationError(
                    self.env._(
                        "%(policy)s is a price policy of %(other)s. Choose one of %(company)s.",
                        policy=policy.name,
                        other=policy.company_id.name,
                        company=self.env.company.name,
                    )
                )

    def write(self, vals):
        """Override of `stock_account` to start the cost history of pieces that change to
        specific identification at the value they had before.
        """
        becoming = self.browse()
        if vals.get("property_cost_method") == SPECIFIC:
            becoming = self.filtered(lambda c: c.property_cost_method != SPECIFIC)
        values_before = becoming._get_serials()._get_book_values() if becoming else {}
        res = super().write(vals)
        if becoming:
            becoming._get_serial_styles().lot_valuated = True
            self.env["stock.lot"]._open_cost_history(values_before)
        return res

    def _get_serial_styles(self):
        """Return the templates of these categories that are tracked by serial number."""
        return self.env["product.template"].search(
            [("categ_id", "in", self.ids), ("tracking", "=", "serial")]
        )

    def _get_serials(self):
        """Return the serial numbers of the products in these categories."""
        return self.env["stock.lot"].search(
            [("product_id.product_tmpl_id", "in", self._get_serial_styles().ids)]
        )

    def _get_price_policy(self):
        """Return the policy of the nearest category upwards that names one, in the current
        company; empty if none does.
        """
        self.ensure_one()
        category = self
        while category and not category.jewelry_price_policy_id.active:
            category = category.parent_id
        return category.jewelry_price_policy_id
