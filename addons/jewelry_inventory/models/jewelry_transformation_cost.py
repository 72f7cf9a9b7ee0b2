from odoo import api, fields, models

from ..const import COST_GROUPS


class JewelryTransformationCost(models.Model):
    """What a transformation cost beside its material: labour, plating, a setter's invoice."""

    _name = "jewelry.transformation.cost"
    _description = "Transformation Cost"
    _order = "transformation_id, id"
    _check_company_auto = True

    transformation_id = fields.Many2one(
        comodel_name="jewelry.transformation", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="transformation_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    name = fields.Char(string="What For", required=True)
    amount = fields.Monetary(required=True, groups=COST_GROUPS)
    account_id = fields.Many2one(
        comodel_name="account.account",
        check_company=True,
        compute="_compute_account_id",
        store=True,
        readonly=False,
        groups=COST_GROUPS,
        help="Credited: where the expense was booked before it became part of the piece.",
    )

    # === COMPUTE METHODS === #

    @api.depends("transformation_id")
    def _compute_account_id(self):
        for cost in self:
            account = cost.transformation_id.company_id.transformation_cost_account_id
            cost.account_id = cost.account_id or account

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `base`: the costs of a done transformation are in the books."""
        costs = super().create(vals_list)
        costs.transformation_id._check_editable()
        return costs

    def write(self, vals):
        """Override of `base`: the costs of a done transformation are in the books."""
        self.transformation_id._check_editable()
        result = super().write(vals)
        self.transformation_id._check_editable()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        self.transformation_id._check_editable()
