from odoo import api, fields, models

from ..const import TRANSFORMATION_KINDS
from ..tools import balance

MATERIALS = [("metal", "Metal"), ("stone", "Stones")]


class JewelryLossNorm(models.Model):
    """How much of the material an act may lose before somebody must say why."""

    _name = "jewelry.loss.norm"
    _description = "Loss Norm"
    _order = "kind, material, company_id, id"
    _rec_name = "kind"

    kind = fields.Selection(selection=TRANSFORMATION_KINDS, required=True, index=True)
    material = fields.Selection(selection=MATERIALS, required=True, default="metal")
    permille = fields.Float(
        string="Norm (‰)",
        digits=(6, 2),
        required=True,
        aggregator=None,
        help="Grams, or carats, that may be lost of a thousand that went in.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", index="btree_not_null", help="Empty: every company."
    )

    _norm_unique = models.UniqueIndex(
        "(kind, material, COALESCE(company_id, 0))",
        "There is already a norm for this. Change that one.",
    )
    _permille_in_range = models.Constraint(
        "CHECK (permille >= 0 AND permille <= 1000)", "Enter a norm between 0 and 1000 ‰."
    )

    # === BUSINESS METHODS === #

    @api.model
    def _get_limits(self, kind, company):
        """Return how many thousandths of what went in may be lost.

        The company's own norm wins over the common one; without any, nothing may be lost.

        :rtype: dict
        :return: {dimension of `tools.balance`: per mille}
        """
        norms = self.search([("kind", "=", kind), ("company_id", "in", [False, company.id])])
        limits = dict.fromkeys(dict(MATERIALS), 0.0)
        for norm in norms.sorted(lambda norm: bool(norm.company_id)):
            limits[norm.material] = norm.permille
        return {balance.GRAMS: limits["metal"], balance.CARATS: limits["stone"]}
