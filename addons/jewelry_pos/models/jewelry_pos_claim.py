from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

# Minutes that an open order keeps a piece without a word from its register.
CLAIM_MINUTES = 60


class JewelryPosClaim(models.Model):
    """A piece in an open order of a register: others are told so, and do not sell it meanwhile.

    A courtesy between registers that can reach the server, no promise: what is paid first is sold.
    """

    _name = "jewelry.pos.claim"
    _description = "Piece in an Open Order"

    piece_id = fields.Many2one(
        comodel_name="stock.lot", required=True, readonly=True, ondelete="cascade"
    )
    config_id = fields.Many2one(
        comodel_name="pos.config",
        string="Register",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="config_id.company_id")
    order_uuid = fields.Char(string="Order", required=True, readonly=True, index=True)
    seen_date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)

    _piece_unique = models.UniqueIndex("(piece_id)", "Another register has just taken this piece.")

    # === BUSINESS METHODS === #

    @api.model
    def _claim(self, piece, config, order_uuid):
        """Keep a piece for an open order; what another order kept and forgot is taken over."""
        claims = self.sudo().search([("piece_id", "=", piece.id)])
        values = {
            "config_id": config.id,
            "order_uuid": order_uuid,
            "seen_date": fields.Datetime.now(),
        }
        if claims:
            claims.write(values)
        else:
            claims.create(values | {"piece_id": piece.id})
        self._tell(piece, config, order_uuid)

    @api.model
    def _renew(self, pieces, config, order_uuid):
        """Tell that an order is still open, and keep for it what nobody took meanwhile."""
        own = self.sudo().search([("order_uuid", "=", order_uuid), ("piece_id", "in", pieces.ids)])
        own.seen_date = fields.Datetime.now()
        for piece in pieces - own.piece_id:
            self._claim(piece, config, order_uuid)

    @api.model
    def _release(self, orders):
        """Give back what these orders kept."""
        self._give_back(Domain("order_uuid", "in", orders.mapped("uuid")))

    @api.model
    def _give_back(self, domain):
        """Remove the claims of a domain, and tell the registers."""
        # In sudo: claims are written through the methods of registers only.
        claims = self.sudo().search(domain)
        for config, given in claims.grouped("config_id").items():
            self._tell(given.piece_id, config, False)
        claims.unlink()

    @api.model
    def _tell(self, pieces, config, order_uuid):
        """Tell the registers that an order keeps pieces, or no order any more."""
        message = {
            "piece_ids": pieces.ids,
            "order_uuid": order_uuid,
            "register": config.name,
        }
        config._tell_registers(config.company_id, "PIECES_CLAIMED", message)

    @api.model
    def _get_claims(self, pieces, order_uuid=None):
        """Return the live claims on pieces by other orders than `order_uuid`."""
        domain = self._get_live_domain() & Domain("piece_id", "in", pieces.ids)
        if order_uuid:
            domain &= Domain("order_uuid", "!=", order_uuid)
        # In sudo: it is taken, whoever may see that register.
        return self.sudo().search(domain)

    @api.model
    def _get_company_claims(self, company):
        """Return the live claims of all registers of a company."""
        domain = self._get_live_domain() & Domain("config_id.company_id", "=", company.id)
        # In sudo: as in `_get_claims`.
        return self.sudo().search(domain)

    @api.model
    def _get_live_domain(self):
        """Return the domain of the claims whose register was heard of lately."""
        return Domain("seen_date", ">", fields.Datetime.now() - timedelta(minutes=CLAIM_MINUTES))

    @api.autovacuum
    def _gc_claims(self):
        self.search(~self._get_live_domain()).unlink()
