from odoo import api, fields, models


class LoyaltyProgram(models.Model):
    """Programs that may, or may not, give pieces away."""

    _inherit = "loyalty.program"

    gives_pieces = fields.Boolean(
        string="Gives Pieces Away",
        help="Lets rewards of this program leave nothing to be paid for a piece of jewelry. "
        "Without it, a manager must agree each time. The lowest price of each piece holds all the "
        "same.",
    )

    # === CONSTRAINTS === #

    @api.constrains("gives_pieces")
    def _check_gives_pieces(self):
        self.reward_ids._check_pieces_kept()
