from odoo import api, fields, models
from odoo.tools import SQL, format_amount

from ..const import COST_GROUPS
from ..tools.provenance import MOVE_KINDS

TOPICS = [("price", "Price"), ("cost", "Cost"), ("weight", "Weight"), ("place", "Place")]
# Kinds of events that tell where something went, or that it is not there.
PLACE_KINDS = ("move", *dict.fromkeys(MOVE_KINDS.values()), "void")
# Keys of a change of description that are weights, counts or what the weight is of.
WEIGHT_KEYS = ["gross_weight", "other_weight", "metals", "carat", "count"]
# Kinds and causes that follow from trade: what comes, what is sold, what comes back.
TRADE = ("receive", "ship", "return", "send_back", "receipt", "new")


class JewelryAudit(models.Model):
    """Who changed which price, cost, weight or place, and why: a read-only query of provenance.

    There is nothing to edit here. The events behind it are sealed by their hashes, and the
    database refuses to change them.
    """

    _name = "jewelry.audit"
    _description = "Audit Trail"
    _auto = False
    _order = "id desc"
    _rec_name = "event_id"
    _depends = {
        "jewelry.provenance.event": [
            "actor",
            "chain_uuid",
            "event_time",
            "kind",
            "lot_id",
            "payload",
            "reason",
            "seq",
        ],
        "jewelry.stone": ["chain_uuid", "company_id", "home_lot_id"],
        "product.product": ["product_tmpl_id"],
        "product.template": ["categ_id"],
        "res.users": ["chain_uuid"],
        "stock.lot": ["company_id", "product_id"],
    }

    event_id = fields.Many2one(comodel_name="jewelry.provenance.event", readonly=True)
    date = fields.Datetime(readonly=True)
    user_id = fields.Many2one(comodel_name="res.users", string="Who", readonly=True)
    topic = fields.Selection(selection=TOPICS, string="What", readonly=True)
    kind = fields.Char(readonly=True)
    lot_id = fields.Many2one(comodel_name="stock.lot", string="Number", readonly=True)
    stone_id = fields.Many2one(comodel_name="jewelry.stone", readonly=True)
    product_id = fields.Many2one(comodel_name="product.product", string="Style", readonly=True)
    categ_id = fields.Many2one(
        comodel_name="product.category", string="Product Category", readonly=True
    )
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    old_amount = fields.Monetary(
        string="Amount Before", readonly=True, groups=COST_GROUPS, help="Price or cost."
    )
    new_amount = fields.Monetary(
        string="Amount After", readonly=True, groups=COST_GROUPS, help="Price or cost."
    )
    amount_change = fields.Monetary(string="Difference", readonly=True, groups=COST_GROUPS)
    old_text = fields.Char(string="Before", compute="_compute_texts")
    new_text = fields.Char(string="After", compute="_compute_texts")
    cause = fields.Char(readonly=True, help="Code of what made the price or the cost change.")
    document = fields.Char(readonly=True)
    reason = fields.Char(readonly=True)
    why = fields.Char(compute="_compute_why")
    by_trade = fields.Boolean(
        readonly=True, help="It came, was sold, or came back; nobody decided to change it."
    )

    # === COMPUTE METHODS === #

    @api.depends("event_id")
    @api.depends_context("uid", "lang")
    def _compute_texts(self):
        """Tell what it was and what it is: amounts in money, weights and places by their names."""
        money = self.filtered(lambda change: change.topic in ("price", "cost"))
        # In sudo: an accountant who may read this need not read provenance, or places.
        said = (self - money).sudo().event_id._get_before_and_after()
        for change in self - money:
            change.old_text, change.new_text = said[change.sudo().event_id]
        for change in money:
            change.old_text = change._format_amount(change.old_amount)
            change.new_text = change._format_amount(change.new_amount)

    @api.depends("cause", "document", "reason")
    @api.depends_context("uid", "lang")
    def _compute_why(self):
        """Put together what made it change, where it was entered and what was said of it."""
        causes = self.env["jewelry.provenance.event"]._get_reasons()
        origins = self._get_origins()
        for change in self:
            origin = origins.get((change.company_id, change.document))
            parts = [causes.get(change.cause, change.cause), change.document, origin, change.reason]
            change.why = ", ".join(filter(None, parts))

    # === ACTION METHODS === #

    def action_open_subject(self):
        """Open what was changed."""
        self.ensure_one()
        return (self.stone_id or self.lot_id).get_formview_action()

    # === BUSINESS METHODS === #

    def _format_amount(self, amount):
        return format_amount(self.env, amount, self.currency_id or self.env.company.currency_id)

    def _get_origins(self):
        """Return {(company, number of a transfer): what the transfer was made for}."""
        # In sudo: what a transfer was made for belongs to the reason.
        pickings = (
            self.env["stock.picking"]
            .sudo()
            .search(
                [("name", "in", self.mapped("document")), ("company_id", "in", self.company_id.ids)]
            )
        )
        return {
            (picking.company_id.with_env(self.env), picking.name): picking.origin
            for picking in pickings
        }

    # === QUERIES === #

    @property
    def _table_query(self):
        # The page is read by id, newest first: what is computed here is computed for its rows only.
        return SQL(
            """
            SELECT change.*, change.new_amount - change.old_amount AS amount_change,
                   change.kind IN %(trade)s OR COALESCE(change.cause IN %(trade)s, FALSE)
                   AS by_trade
              FROM (%(changes)s) change
            """,
            trade=TRADE,
            changes=self._get_change_query(),
        )

    @api.model
    def _get_change_query(self):
        """Return the query of the events that change a price, a cost, a weight or a place."""
        return SQL(
            """
            SELECT event.id, event.id AS event_id, event.event_time AS date, event.kind,
                   event.reason, person.id AS user_id, stone.id AS stone_id,
                   COALESCE(event.lot_id, stone.home_lot_id) AS lot_id,
                   COALESCE(lot.company_id, stone.company_id) AS company_id,
                   lot.product_id, template.categ_id,
                   CASE WHEN event.kind IN ('price', 'cost') THEN event.kind
                        WHEN event.kind = 'content' THEN 'weight' ELSE 'place' END AS topic,
                   CASE WHEN event.kind IN ('price', 'cost')
                        THEN event.payload::jsonb->>'why' END AS cause,
                   CASE WHEN event.kind IN %(places)s
                        THEN event.payload::jsonb->>'document' END AS document,
                   CASE event.kind
                        WHEN 'price' THEN (event.payload::jsonb->>'old')::numeric
                        WHEN 'cost' THEN (
                            SELECT (before.payload::jsonb->>'new')::numeric
                              FROM jewelry_provenance_event before
                             WHERE before.chain_uuid = event.chain_uuid
                               AND before.seq < event.seq AND before.kind = 'cost'
                             ORDER BY before.seq DESC LIMIT 1
                        ) END AS old_amount,
                   CASE WHEN event.kind IN ('price', 'cost')
                        THEN (event.payload::jsonb->>'new')::numeric END AS new_amount
              FROM jewelry_provenance_event event
              LEFT JOIN res_users person ON person.chain_uuid = event.actor
              LEFT JOIN jewelry_stone stone
                     ON event.lot_id IS NULL AND stone.chain_uuid = event.chain_uuid
              LEFT JOIN stock_lot lot ON lot.id = event.lot_id
              LEFT JOIN product_product product ON product.id = lot.product_id
              LEFT JOIN product_template template ON template.id = product.product_tmpl_id
             WHERE event.kind IN %(plain)s
                OR (event.kind = 'content' AND event.payload::jsonb ?| %(weights)s)
            """,
            places=PLACE_KINDS,
            plain=("price", "cost", *PLACE_KINDS),
            weights=WEIGHT_KEYS,
        )
