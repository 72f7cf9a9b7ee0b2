from odoo import models

from ..tools.custody import Exposure


class JewelryPieceCustody(models.AbstractModel):
    """What goods are worth to whoever insures them, and which were taken out of a case."""

    _name = "jewelry.piece.custody"
    _description = "Custody of a Piece"

    # === BUSINESS METHODS === #

    def _get_exposure(self, quantity=1):
        """Return what so much of a lot adds to what is at risk, as the page counts it."""
        self.ensure_one()
        # In sudo: it is compared with a limit, and shown only to those who may see costs.
        lot = self.sudo().with_company(self.company_id)
        price = lot.list_price or lot.product_tmpl_id.list_price
        return Exposure(1, price * quantity, lot.standard_price * quantity)
