from odoo import api, fields, models
from odoo.exceptions import UserError

# In the order in which customers are told.
STAGES = [("1_before", "Before It Is Due"), ("2_due", "Due"), ("3_late", "Late")]


class JewelryDepositInstalment(models.Model):
    """Instalments that were signed, and of which customers are reminded."""

    _inherit = "jewelry.deposit.instalment"

    partner_id = fields.Many2one(related="deposit_id.partner_id", store=True, string="Customer")
    deposit_state = fields.Selection(related="deposit_id.state", store=True, string="Deposit is")
    kind_id = fields.Many2one(related="deposit_id.kind_id", store=True)
    reminded = fields.Selection(selection=STAGES, readonly=True, copy=False)
    reminded_on = fields.Date(readonly=True, copy=False)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Override to add nothing to a schedule that was signed."""
        instalments = super().create(vals_list)
        instalments._check_unsigned()
        return instalments

    def write(self, vals):
        """Override to keep a schedule that was signed."""
        if {"amount", "date", "deposit_id"} & vals.keys():
            self._check_unsigned()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        self._check_unsigned()

    # === CHECKS === #

    def _check_unsigned(self):
        """Refuse to change by hand what the customer signed.

        :raises UserError: saying what to do instead
        """
        if self.env.su:
            return
        bound = self.deposit_id.sudo().layaway_ids.filtered("document_hash")
        if bound:
            raise UserError(
                self.env._(
                    "The schedule of %(layaway)s is signed. It follows when a part is cancelled or "
                    "a piece is exchanged.",
                    layaway=bound[0].name,
                )
            )
