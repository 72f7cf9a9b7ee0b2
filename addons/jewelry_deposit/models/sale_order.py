from odoo import api, fields, models


class SaleOrder(models.Model):
    """Orders that customers pay ahead for."""

    _name = "sale.order"
    _inherit = "sale.order"

    deposit_ids = fields.One2many(comodel_name="jewelry.deposit", inverse_name="order_id")
    deposit_count = fields.Integer(compute="_compute_deposit_count")

    # === COMPUTE METHODS === #

    @api.depends("deposit_ids")
    def _compute_deposit_count(self):
        for order in self:
            order.deposit_count = len(order.deposit_ids)

    # === ACTION METHODS === #

    def action_view_deposits(self):
        """Open what the customer paid ahead for the order.

        :return: window action
        :rtype: dict
        """
        self.ensure_one()
        return self.deposit_ids._get_records_action(name=self.env._("Deposits"))

    def action_take_deposit(self):
        """Open the dialog that takes money ahead for the order.

        :return: window action
        :rtype: dict
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jewelry_deposit.jewelry_deposit_receive_action"
        )
        return action | {"context": {"default_deposit_id": self._ensure_deposit().id}}

    # === BUSINESS METHODS === #

    def _ensure_deposit(self, code="deposit"):
        """Return the open deposit of the order, made where there is none.

        :param str code: the kind that a new one is of
        """
        self.ensure_one()
        deposit = self.deposit_ids.filtered(lambda deposit: deposit.state == "open")[:1]
        return deposit or deposit.create(self._prepare_deposit_vals(code))

    def _prepare_deposit_vals(self, code):
        """Hook: values of a new deposit for the order."""
        kind = self.env["jewelry.deposit.kind"]._get_kind(code, self.company_id)
        return {
            "order_id": self.id,
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "kind_id": kind.id,
        }

    def _create_invoices(self, grouped=False, final=False, date=None):
        """Override of `sale`: an invoice uses what was paid ahead for its orders."""
        moves = super()._create_invoices(grouped=grouped, final=final, date=date)
        for move in moves:
            move.line_ids.sale_line_ids.order_id.deposit_ids._apply_to(move)
        return moves

    def _action_cancel(self):
        """Override of `sale`: a deposit that holds nothing ends with its order."""
        res = super()._action_cancel()
        # In sudo: whoever cancels an order need not have rights on deposits.
        self.sudo().deposit_ids._follow_amounts()
        return res
