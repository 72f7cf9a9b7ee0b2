from odoo import api, fields, models

# So many prices of one piece a user may ask about in a day. Each answer halves what its lowest
# price may be, so that a few more would tell it.
LIMIT = 3
KEPT_DAYS = 90


class JewelryPriceQuestion(models.Model):
    """A price below a piece's own that somebody asked about at a register.

    The answer is yes or no; whoever asks often enough learns the lowest price from that, and may
    guess the cost. Managers see who tries.
    """

    _name = "jewelry.price.question"
    _description = "Asked Price"
    _order = "id desc"
    _rec_name = "piece_id"

    piece_id = fields.Many2one(
        comodel_name="stock.lot", required=True, readonly=True, index=True, ondelete="cascade"
    )
    config_id = fields.Many2one(
        comodel_name="pos.config",
        string="Register",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="config_id.company_id", store=True)
    currency_id = fields.Many2one(
        comodel_name="res.currency", required=True, readonly=True, ondelete="restrict"
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Asked By",
        required=True,
        readonly=True,
        default=lambda self: self.env.uid,
        ondelete="cascade",
    )
    price = fields.Monetary(required=True, readonly=True)
    asked_on = fields.Date(required=True, readonly=True, default=fields.Date.today)
    number = fields.Integer(
        string="How Many", required=True, readonly=True, help="Of the piece, on that day."
    )

    # Of questions that are asked at once, one goes on.
    _number_unique = models.UniqueIndex(
        "(user_id, piece_id, asked_on, number)", "Ask about one price after the other."
    )

    # === CRUD METHODS === #

    @api.autovacuum
    def _gc_questions(self):
        since = fields.Date.subtract(fields.Date.today(), days=KEPT_DAYS)
        self.search([("asked_on", "<", since)]).unlink()

    # === BUSINESS METHODS === #

    @api.model
    def _find_exceeded(self, config, offers):
        """Note prices that are asked about, and return the offers that are one too many for their
        piece: whether these are too low is told to nobody.

        :param offers: list of `tools.price.PriceOffer` below the own prices of their pieces
        :return: {key of an offer: text in the user's language}
        :rtype: dict
        """
        asked, exceeded, new = self._get_asked(offers), {}, []
        for offer in offers:
            price = (config.currency_id.id, config.currency_id.round(offer.net))
            prices = asked.setdefault(offer.piece.id, [])
            if price in prices:
                continue
            if len(prices) >= LIMIT:
                exceeded[offer.key] = self._get_exceeded_text(offer)
                continue
            prices.append(price)
            new.append(self._prepare_question(config, offer, price, len(prices)))
        # In sudo: nobody writes these by hand.
        self.sudo().create(new)
        return exceeded

    @api.model
    def _get_exceeded_text(self, offer):
        return self.env._(
            "You asked for %(count)s prices of %(piece)s today. A manager must agree to another.",
            count=LIMIT,
            piece=offer.piece.name,
        )

    @api.model
    def _get_asked(self, offers):
        """Return {id of a piece: [(currency, price)] that the user asked about today}."""
        asked = {}
        # In sudo: whoever asks does not read what was asked.
        for question in self.sudo().search(
            [
                ("user_id", "=", self.env.uid),
                ("piece_id", "in", [offer.piece.id for offer in offers]),
                ("asked_on", "=", fields.Date.today()),
            ]
        ):
            price = (question.currency_id.id, question.price)
            asked.setdefault(question.piece_id.id, []).append(price)
        return asked

    @api.model
    def _prepare_question(self, config, offer, price, number):
        currency_id, amount = price
        return {
            "piece_id": offer.piece.id,
            "config_id": config.id,
            "currency_id": currency_id,
            "user_id": self.env.uid,
            "price": amount,
            "number": number,
        }
