from odoo import api, fields, models


class JewelryLayawaySign(models.TransientModel):
    """Let a customer sign the terms: on the screen, or on paper that is scanned."""

    _name = "jewelry.layaway.sign"
    _description = "Sign the Terms of a Layaway"

    layaway_id = fields.Many2one(comodel_name="jewelry.layaway", required=True)
    signed_by = fields.Char(
        required=True,
        compute="_compute_signed_by",
        store=True,
        readonly=False,
        precompute=True,
    )
    signature = fields.Image(max_width=1024, max_height=1024)
    paper = fields.Binary(string="Signed on Paper", attachment=False)
    terms = fields.Html(related="layaway_id.terms")

    # === COMPUTE METHODS === #

    @api.depends("layaway_id")
    def _compute_signed_by(self):
        for wizard in self:
            wizard.signed_by = wizard.layaway_id.partner_id.name

    # === ACTION METHODS === #

    def action_sign(self):
        """Freeze what is agreed."""
        self.ensure_one()
        self.layaway_id.check_access("write")
        wizard = self.with_context(bin_size=False)
        self.layaway_id._sign(self.signed_by, signature=wizard.signature, paper=wizard.paper)
        return {"type": "ir.actions.act_window_close"}
