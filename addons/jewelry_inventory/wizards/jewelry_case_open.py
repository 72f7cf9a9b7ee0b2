from odoo import api, fields, models

from ..models.jewelry_case_opening import OPENING_REASONS


class JewelryCaseOpen(models.TransientModel):
    """Open a case, and say why. One that holds more than the insurer covers takes a manager."""

    _name = "jewelry.case.open"
    _description = "Open a Case"

    place_id = fields.Many2one(
        comodel_name="stock.location",
        string="Case",
        required=True,
        domain="[('usage', '=', 'internal'), ('company_id', 'in', allowed_company_ids)]",
    )
    reason = fields.Selection(selection=OPENING_REASONS, required=True, default="show")
    note = fields.Char()
    summary = fields.Text(string="Limits", compute="_compute_summary")
    excess_reason = fields.Char(string="Why It Is Opened All the Same")

    # === COMPUTE METHODS === #

    @api.depends("place_id")
    def _compute_summary(self):
        excesses = self.env["jewelry.custody.excess"]
        for wizard in self:
            wizard.summary = excesses._describe(wizard._find_excess())

    # === ACTION METHODS === #

    def action_open(self):
        """Open the case and show the opening, where pieces are scanned out and back.

        :raises AccessError: for a case that holds too much, unless a manager opens it
        :raises UserError: when it is open already, or a reason is missing
        """
        self.ensure_one()
        excess = self._find_excess()
        opening = self.env["jewelry.case.opening"]._open(self.place_id, self.reason, self.note)
        excesses = self.env["jewelry.custody.excess"]
        excesses._confirm(excess, self.excess_reason, opening_id=opening.id)
        return opening.get_formview_action()

    # === BUSINESS METHODS === #

    def _find_excess(self):
        if not self.place_id:
            return {}
        return self.env["jewelry.custody.exposure"]._find_excess_at(self.place_id)
