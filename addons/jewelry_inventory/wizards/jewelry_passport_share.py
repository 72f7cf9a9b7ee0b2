from odoo import api, fields, models

A_YEAR = 365


class JewelryPassportShare(models.TransientModel):
    """Makes a link to the passport of a piece; the link is shown once."""

    _name = "jewelry.passport.share"
    _description = "Share Passport"

    piece_id = fields.Many2one(comodel_name="stock.lot", required=True, readonly=True)
    partner_id = fields.Many2one(comodel_name="res.partner", string="For")
    days = fields.Integer(
        string="Good For (days)", default=A_YEAR, required=True, help="0: until you revoke it."
    )
    # Only on the screen: the address is nowhere in the database.
    url = fields.Char(
        string="Link", store=False, readonly=True, default=lambda self: self._get_url()
    )

    _days_positive = models.Constraint("CHECK (days >= 0)", "A link cannot end in the past.")

    @api.model
    def _get_url(self):
        return self.env.context.get("passport_url")

    def action_create_link(self):
        """Make the link and show it.

        :raises UserError: when the piece is to be kept from whom it is for
        """
        self.ensure_one()
        piece = self.piece_id
        piece._check_passport()
        piece._check_tellable(self.partner_id)
        links = self.env["jewelry.link"]
        _link, token = links._issue(
            piece, partner_id=self.partner_id.id, expires_on=links._get_expiry(self.days)
        )
        view = self.env.ref("jewelry_inventory.jewelry_passport_share_view_link")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Passport of %s", piece.name),
            "res_model": self._name,
            "views": [(view.id, "form")],
            "target": "new",
            "context": {
                "passport_url": piece._get_passport_url(token),
                "default_piece_id": piece.id,
                "default_partner_id": self.partner_id.id,
                "default_days": self.days,
            },
        }
