from odoo import fields, models


class CrmTeam(models.Model):
    """Sales teams: their figures count goods, not the money that was paid ahead for them."""

    _inherit = "crm.team"

    def _compute_invoiced(self):
        """Override of `sale`, which adds up whole documents: receipts of deposits come off, and
        what an invoice took off for them comes back.
        """
        super()._compute_invoiced()
        today = fields.Date.today()
        # In sudo, as core's own query: a salesperson sees the figure, not the journal items.
        groups = (
            self.env["account.move.line"]
            .sudo()
            ._read_group(self._get_paid_ahead_domain(today), ["move_id"], ["balance:sum"])
        )
        for move, balance in groups:
            self.browse(move.team_id.id).invoiced += balance

    def _get_paid_ahead_domain(self, today):
        """Return the domain of the items of deposits in what core counts as invoiced."""
        return [
            ("deposit_act", "!=", False),
            ("parent_state", "=", "posted"),
            ("display_type", "=", "product"),
            ("move_id.team_id", "in", self.ids),
            ("move_id.move_type", "in", ("out_invoice", "out_refund", "out_receipt")),
            ("move_id.payment_state", "in", ("in_payment", "paid", "reversed")),
            ("date", ">=", today.replace(day=1)),
            ("date", "<=", today),
        ]
