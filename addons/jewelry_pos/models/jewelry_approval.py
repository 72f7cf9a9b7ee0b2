from odoo import fields, models


class JewelryApproval(models.Model):
    """Approvals of prices that a register asks for: once approved, the register goes on."""

    _inherit = "jewelry.approval"

    kind = fields.Selection(
        selection_add=[("price_override", "Price at the Register")],
        ondelete={"price_override": "cascade"},
    )

    def _set_state(self, state, vals=None):
        """Override: what is approved of a register's price is agreed to from then on."""
        res = super()._set_state(state, vals)
        if state == "approved":
            for approval in self.filtered(lambda approval: approval.kind == "price_override"):
                approval._agree_to_prices()
        return res

    def _agree_to_prices(self):
        """Note the agreement that the register waits for, which uses up the approval."""
        # In sudo: who decides was checked, and what was asked is read as it was asked.
        approval = self.sudo()
        rows = {piece: approval.values[str(piece.id)] for piece in approval._get_subjects()}
        # A manager who decides elsewhere need not have the right to a register.
        config = approval.env["pos.config"].browse(next(iter(rows.values()))["register"])
        self.env["jewelry.price.agreement"]._agree(
            config,
            approval._get_order_uuid(),
            {piece: row["price"] for piece, row in rows.items()},
            reason=self.decision_note or self.reason,
            agreed_by="approval",
            manager_id=self.decided_by_id.id,
            asked_by_id=self.requested_by_id.id,
            approval_id=self.id,
        )
        self._set_state("used", {"used_by_id": self.env.uid, "used_date": fields.Datetime.now()})
        config._notify("PRICES_AGREED", {"order_uuid": approval._get_order_uuid()})

    def _get_order_uuid(self):
        """Return the register's order that it is about, in sudo."""
        self.ensure_one()
        return next(iter(self.values.values()))["order"]
